# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _lambda
from ansible_collections.uex.payments.plugins.modules.lambda_function import Function
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

ROOT = Path(__file__).resolve().parents[4]
NAMES = ("uex-payments-test-rotation", "uex-payments-test-other")
SERVICE = {"principal": "secretsmanager.amazonaws.com", "source_account": "123456789012"}
OTHER = {"principal": "events.amazonaws.com", "source_account": "123456789012"}
GIVEN = ("description", "ca_file", "subnet_ids", "security_group_ids", "environment", "callers", "tags")


def item(name: str, role: str, **given: Any) -> dict[str, Any]:
    defaults = {"runtime": "python3.12", "architecture": "arm64", "memory_size": 256, "timeout": 60}
    source = {"source": str(ROOT / "functions" / "rotation"), "handler": "f.handler", "role": role}
    return {**dict.fromkeys(GIVEN), **defaults, **source, "name": name, **given}


def sample(connect: Connect) -> dict[str, Any]:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    role = connect("iam").create_role(RoleName="rotation", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    vpc = connect("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = connect("ec2").create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    group = connect("ec2").create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    network = {"subnet_ids": [subnet], "security_group_ids": [group]}
    full = {"description": "Rotates", "environment": {"CLUSTER": "c"}, "callers": [SERVICE], **network}
    return {"functions": [item(NAMES[0], role, **full), item(NAMES[1], role)]}


CONTRACT = Contract(Function, sample, change={"timeout": 900})


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    return subject


def changed(subject: Subject, **change: Any) -> Any:
    first, second = subject.items
    outcome = subject.run(functions=[{**first, **change}, second])
    assert outcome.failed == []
    return outcome


def test_callers_follow_what_is_declared(made: Subject) -> None:
    (plan,) = changed(made, callers=[OTHER]).done
    assert plan.options == {"callers"}
    policy = json.loads(made.account.connect("lambda").get_policy(FunctionName=NAMES[0])["Policy"])
    assert [each["Principal"]["Service"] for each in policy["Statement"]] == [OTHER["principal"]]


def test_other_authorities_are_other_code(made: Subject, tmp_path: Path) -> None:
    (tmp_path / "own.pem").write_text("certificate")
    (plan,) = changed(made, ca_file=str(tmp_path / "own.pem")).done
    assert plan.options == {"code_sha256"}


def test_the_environment_is_replaced(made: Subject) -> None:
    changed(made, environment={"OTHER": 1})
    found = made.account.connect("lambda").get_function_configuration(FunctionName=NAMES[0])
    assert found["Environment"]["Variables"] == {"OTHER": "1"}


@pytest.mark.parametrize(
    "given, problem",
    [
        ({"name": "a b"}, "name: at most 64"),
        ({"timeout": 901}, "timeout: must be 1 to 900 seconds"),
        ({"memory_size": 64}, "memory_size: must be 128 to 10240 MB"),
        ({"subnet_ids": ["subnet-1"]}, "subnet_ids: go with security_group_ids"),
        ({}, ""),
    ],
)
def test_unfit_input_is_refused(given: dict[str, Any], problem: str) -> None:
    resource = Function(lambda _service: None, {})
    assert "; ".join(resource.validate({**item("name", "role"), **given})).startswith(problem)
    assert bool(problem) == bool(list(resource.validate({**item("name", "role"), **given})))


@pytest.mark.parametrize(
    "entry, ready",
    [
        ({"State": "Active", "LastUpdateStatus": "Successful"}, True),
        ({"State": "Active"}, True),
        ({"State": "Inactive"}, True),
        ({"State": "Pending"}, False),
        ({"State": "Active", "LastUpdateStatus": "InProgress"}, False),
    ],
)
def test_a_function_is_ready(entry: dict[str, Any], ready: bool) -> None:
    assert _lambda.is_ready(entry) is ready


@pytest.mark.parametrize("status", [{"State": "Failed"}, {"State": "Active", "LastUpdateStatus": "Failed"}])
def test_a_function_that_failed_says_why(status: dict[str, str]) -> None:
    with pytest.raises(_lambda.FunctionFailed, match="rotation: no free address"):
        _lambda.is_ready({"FunctionName": "rotation", "StateReason": "no free address", **status})


@pytest.mark.parametrize(
    "code, message, unseen",
    [
        ("InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda.", True),
        ("InvalidParameterValueException", "The provided execution role does not have permissions to call X", True),
        ("InvalidParameterValueException", "Unzipped size must be smaller", False),
        ("AccessDeniedException", "cannot be assumed by Lambda", False),
    ],
)
def test_a_role_is_not_seen_yet(code: str, message: str, unseen: bool) -> None:
    class Error(Exception):
        response = {"Error": {"Code": code}}

    assert _lambda.role_not_seen_yet(Error(message)) is unseen


def test_callers_of_a_policy() -> None:
    other = {"Principal": "*"}
    service = {
        "Principal": {"Service": SERVICE["principal"]},
        "Condition": {"StringEquals": {"AWS:SourceAccount": SERVICE["source_account"]}},
    }
    assert _lambda.callers(json.dumps({"Statement": [other, service]})) == [SERVICE]
    assert _lambda.callers(None) == []
