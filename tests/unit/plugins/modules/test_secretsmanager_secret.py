# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import functools
import json
from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _package
from ansible_collections.uex.payments.plugins.module_utils._plan import UNKNOWN
from ansible_collections.uex.payments.plugins.module_utils._resource import Outcome
from ansible_collections.uex.payments.plugins.modules import secretsmanager_secret
from ansible_collections.uex.payments.plugins.modules.secretsmanager_secret import Secret
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject
from ansible_collections.uex.payments.tests.support.fake import Refused

STATEMENT = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "secretsmanager:GetSecretValue",
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:PrincipalAccount": "123456789012"}},
}
POLICY = {"Version": "2012-10-17", "Statement": [STATEMENT]}
PASSWORD = {"key": "password", "length": 40, "punctuation": "", "encoding": "text"}
OPTIONS = "description kms_key_id resource_policy value fixed generate rotation replica_regions tags"
EMPTY = dict.fromkeys(OPTIONS.split())


def sample(connect: Connect) -> dict[str, Any]:
    key = connect("kms").create_key()["KeyMetadata"]["Arn"]
    database = {"description": "login", "kms_key_id": key, "fixed": {"username": "uex"}, "generate": [PASSWORD]}
    return {
        "recovery_window_in_days": 7,
        "secrets": [
            {**EMPTY, **database, "name": "uex-payments-test/database", "resource_policy": POLICY},
            {**EMPTY, "name": "uex-payments-test/uex-api", "description": "API", "value": {"key": "given"}},
        ],
    }


CONTRACT = Contract(Secret, sample, change={"description": "other"}, unset=("description", "resource_policy"))
NAME = "uex-payments-test/database"


@pytest.fixture
def subject(aws: None) -> Subject:
    return Subject(CONTRACT, Account())


@pytest.fixture
def made(subject: Subject) -> Subject:
    assert subject.run().failed == []
    return subject


def value(subject: Subject, name: str = NAME) -> dict[str, Any]:
    """What is in a secret now."""
    client = subject.account.connect("secretsmanager")
    return json.loads(client.get_secret_value(SecretId=name)["SecretString"])


def only(subject: Subject, **changed: Any) -> dict[str, Any]:
    """The database's secret alone, with something changed."""
    return subject.with_items([{**subject.items[0], **changed}])


def codes(outcome: Outcome) -> set[str]:
    return {failure.code for failure in outcome.failed}


def test_a_value_is_made_of_what_is_fixed_given_and_generated(made: Subject) -> None:
    assert value(made, "uex-payments-test/uex-api") == {"key": "given"}
    assert value(made)["username"] == "uex"
    assert len(value(made)["password"]) == 40


def test_a_value_is_never_written_again(made: Subject) -> None:
    before = value(made)
    changed = only(made, description="other", fixed={"username": "admin"}, generate=[{**PASSWORD, "length": 50}])
    assert made.run(**changed).failed == []
    assert value(made) == before


def test_no_result_holds_a_value(subject: Subject) -> None:
    outcome = subject.run()
    assert value(subject)["password"] not in str(outcome)
    assert "value" in Secret.sensitive


def test_a_secret_that_has_lost_its_value_gets_one(subject: Subject) -> None:
    tags = [{"Key": key, "Value": text} for key, text in subject.options["tags"].items()]
    subject.account.connect("secretsmanager").create_secret(Name=NAME, Tags=tags)
    outcome = subject.run(**only(subject))
    assert outcome.failed == []
    assert "has_value" in outcome.plans[0].options
    assert value(subject)["username"] == "uex"


def test_a_deleted_secret_is_restored_with_its_value(made: Subject) -> None:
    before = value(made)
    made.account.connect("secretsmanager").delete_secret(SecretId=NAME, RecoveryWindowInDays=7)
    outcome = made.run(**only(made, description="again"))
    assert [plan.verb for plan in outcome.done] == ["create"]
    assert outcome.resources[NAME]["description"] == "again"
    assert value(made) == before


def test_a_plan_knows_the_arn_of_a_secret_that_will_be_restored(made: Subject) -> None:
    arn = made.run(**only(made)).resources[NAME]["arn"]
    made.account.connect("secretsmanager").delete_secret(SecretId=NAME, RecoveryWindowInDays=7)
    planned = made.run(check_mode=True, **only(made)).resources[NAME]
    assert (planned["arn"], planned["version_ids"]) == (arn, UNKNOWN)


def test_a_deleted_secret_that_is_not_ours_is_restored_only_when_adopted(made: Subject) -> None:
    made.account.connect("secretsmanager").delete_secret(SecretId=NAME, RecoveryWindowInDays=7)
    stranger = {**made.options["tags"], "Project": "other"}
    assert codes(made.run(tags=stranger, **only(made))) == {"NotOurs"}
    assert made.run(tags=stranger, adopt=True, **only(made)).failed == []


def test_a_name_that_aws_still_keeps_is_waited_for(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    client = subject.account.connect("secretsmanager")
    create, tries = client.create_secret, []

    def kept(**arguments: Any) -> Any:
        tries.append(arguments["Name"])
        if tries.count(NAME) == 1 and tries[-1] == NAME:
            message = "You can't create this secret because a secret with this name is already scheduled for deletion."
            raise Refused("InvalidRequestException", message)
        return create(**arguments)

    monkeypatch.setattr(client, "create_secret", kept)
    until = functools.partial(secretsmanager_secret._wait.until, sleep=lambda _seconds: None)
    monkeypatch.setattr(secretsmanager_secret._wait, "until", until)
    assert subject.run().failed == []
    assert tries.count(NAME) == 2


def test_the_recovery_window_is_the_declared_one(made: Subject) -> None:
    made.resource().delete(NAME, {})
    made.resource(recovery_window_in_days=0).delete("uex-payments-test/uex-api", {})
    client = made.account.connect("secretsmanager")
    found = client.list_secrets(IncludePlannedDeletion=True)["SecretList"]
    assert [entry["Name"] for entry in found] == [NAME]
    assert client.describe_secret(SecretId=NAME)["DeletedDate"]


def test_an_empty_policy_is_removed(made: Subject) -> None:
    assert made.run(**only(made, resource_policy={})).failed == []
    assert "ResourcePolicy" not in made.account.connect("secretsmanager").get_resource_policy(SecretId=NAME)


@pytest.mark.parametrize(
    ("changed", "days", "option"),
    [
        ({"name": "uex-payments-test/api-abc123"}, 7, "name"),
        ({"name": "uex payments"}, 7, "name"),
        ({}, 3, "recovery_window_in_days"),
        ({"generate": [{"key": "password", "length": 4}]}, 7, "generate"),
    ],
)
def test_what_aws_would_refuse_is_refused_by_name(changed: dict[str, Any], days: int, option: str) -> None:
    resource = Secret(lambda service: None, {"recovery_window_in_days": days})
    problems = list(resource.validate({**EMPTY, "name": NAME, **changed}))
    assert [problem.partition(":")[0] for problem in problems] == [option]


# Rotation

SCHEDULE = {"schedule_expression": "cron(0 3 1 * ? *)", "duration": "2h"}


def rotation_function(subject: Subject) -> str:
    """A function that Secrets Manager may call."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam, functions = subject.account.connect("iam"), subject.account.connect("lambda")
    role = iam.create_role(RoleName="rotation", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    settings = {
        "Runtime": "python3.12",
        "Role": role,
        "Handler": "f.handler",
        "Code": {"ZipFile": _package.archive({})},
    }
    arn: str = functions.create_function(FunctionName="rotation", **settings)["FunctionArn"]
    principal = "secretsmanager.amazonaws.com"
    functions.add_permission(FunctionName=arn, StatementId="s", Action="lambda:InvokeFunction", Principal=principal)
    return arn


def test_a_rotation_is_set_changed_and_ended_and_rotates_nothing(made: Subject) -> None:
    rotation = {"lambda_arn": rotation_function(made), **SCHEDULE}
    before = value(made)
    for declared in (rotation, {**rotation, "schedule_expression": "cron(0 4 1 * ? *)"}, {}):
        (plan,) = made.run(**only(made, rotation=declared)).done
        assert plan.options == {"rotation"}
        assert made.run(**only(made, rotation=declared)).done == []
    assert value(made) == before
    assert made.account.connect("secretsmanager").describe_secret(SecretId=NAME)["RotationEnabled"] is False


def test_a_rotation_that_nobody_declares_stays(made: Subject) -> None:
    made.run(**only(made, rotation={"lambda_arn": rotation_function(made), **SCHEDULE}))
    assert made.run(**only(made)).done == []


def test_half_a_rotation_is_refused(subject: Subject) -> None:
    problems = subject.resource().validate({**subject.items[0], "rotation": SCHEDULE})
    assert list(problems) == ["rotation: needs lambda_arn and schedule_expression"]


# Copies in other regions


EUROPE, ASIA = "eu-west-1", "ap-south-1"


def abroad() -> Any:
    return boto3.client("secretsmanager", region_name=EUROPE)


def copied(subject: Subject, *regions: Any) -> dict[str, Any]:
    return only(subject, replica_regions=[r if isinstance(r, dict) else {"region": r} for r in regions])


def copies(subject: Subject) -> dict[str, str]:
    """The key of each copy, by region."""
    entry = subject.account.connect("secretsmanager").describe_secret(SecretId=NAME)
    return {each["Region"]: each["KmsKeyId"] for each in entry.get("ReplicationStatus", [])}


def test_a_secret_is_made_with_its_copies(subject: Subject) -> None:
    assert subject.run(**copied(subject, EUROPE)).failed == []
    assert copies(subject) == {EUROPE: "alias/aws/secretsmanager"}
    assert subject.run(**copied(subject, EUROPE)).done == []


def test_copies_come_and_go_as_they_are_declared(made: Subject) -> None:
    for regions in ((EUROPE,), (ASIA, EUROPE), (ASIA,), ()):
        outcome = made.run(**copied(made, *regions))
        assert (outcome.failed, [plan.verb for plan in outcome.done]) == ([], ["update"])
        assert copies(made).keys() == set(regions)


def test_copies_that_nobody_declares_stay(made: Subject) -> None:
    made.run(**copied(made, EUROPE))
    assert made.run(**only(made)).done == []
    assert copies(made).keys() == {EUROPE}


def test_a_copy_with_another_key_is_made_anew(made: Subject) -> None:
    made.run(**copied(made, EUROPE))
    key = f"arn:aws:kms:{EUROPE}:123456789012:key/1d1903b5-3a82-46c5-bf28-aaec8bc8b50a"
    assert made.run(**copied(made, {"region": EUROPE, "kms_key_id": key})).failed == []
    assert copies(made) == {EUROPE: key}


def test_a_copy_that_another_region_cannot_take_is_an_error_with_its_reason(made: Subject) -> None:
    abroad().create_secret(Name=NAME, SecretString="theirs")
    (failed,) = made.run(**copied(made, EUROPE)).failed
    assert f"not copied to {EUROPE}: " in failed.message
    assert "already exists" in failed.message


def test_a_secret_goes_with_its_copies(made: Subject) -> None:
    made.run(**copied(made, EUROPE))
    assert made.run(secrets=[], prune=True).failed == []
    assert abroad().list_secrets()["SecretList"] == []
