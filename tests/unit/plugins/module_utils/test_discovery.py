# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _before, _discovery, _plan, _tags
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account

OWNER = {key: TAGS[key] for key in _tags.OWNER_TAGS}
SCOPE = _discovery.Scope("uex-payments-test", OWNER)
EXPECTED = {"subnets": ["uex-payments-test-app-a"], "kms_keys": ["data"]}


def ec2_tags(kind: str, name: str, **changed: str) -> list[dict[str, object]]:
    return [{"ResourceType": kind, "Tags": _tags.to_list({**TAGS, **changed, "Name": name})}]


def test_an_empty_account_gives_placeholders_for_what_is_expected(aws: None) -> None:
    account = Account()
    found = _discovery.completed(_discovery.find(account.connect, SCOPE), EXPECTED, planning=True)
    assert found["subnets"]["uex-payments-test-app-a"]["subnet_id"] == _plan.UNKNOWN
    assert found["kms_keys"]["data"] == {"key_arn": _plan.UNKNOWN}
    assert found["security_groups"] == {}
    assert account.written() == []


def test_outside_a_plan_placeholders_say_what_is_missing_and_who_makes_it(aws: None) -> None:
    found = _discovery.completed(_discovery.find(Account().connect, SCOPE), EXPECTED, planning=False)
    subnet = found["subnets"]["uex-payments-test-app-a"]["subnet_id"]
    assert subnet == "(missing: subnet uex-payments-test-app-a, made by --tags network)"


def test_finds_what_is_ours_and_not_the_neighbours(aws: None) -> None:
    account = Account()
    ec2 = account.connect("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=ec2_tags("vpc", "uex-payments-test-vpc"))["Vpc"]
    for number, environment in enumerate(("test", "other")):
        ec2.create_subnet(
            VpcId=vpc["VpcId"],
            CidrBlock=f"10.0.{number}.0/24",
            TagSpecifications=ec2_tags("subnet", f"uex-payments-{environment}-app-a", Environment=environment),
        )
    found = _discovery.find(account.connect, SCOPE)
    assert found["vpcs"] == {"uex-payments-test-vpc": {"vpc_id": vpc["VpcId"]}}
    assert set(found["subnets"]) == {"uex-payments-test-app-a"}
    assert found["subnets"]["uex-payments-test-app-a"]["cidr_block"] == "10.0.0.0/24"


def test_the_view_of_before_speaks_the_tasks_words(aws: None) -> None:
    account = Account()
    ec2, kms = account.connect("ec2"), account.connect("kms")
    ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=ec2_tags("vpc", "uex-payments-test-vpc"))
    key = kms.create_key(Description="data")["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/uex-payments-test-data", TargetKeyId=key)
    account.written()
    found = _before.before(account.connect, SCOPE)
    assert found["AWS::EC2::VPC"]["uex-payments-test-vpc"]["cidr_block"] == ["10.0.0.0/16"]
    assert found["AWS::KMS::Key"]["alias/uex-payments-test-data"]["description"] == "data"
    assert found["AWS::KMS::Key"]["alias/uex-payments-test-data"]["enable_key_rotation"] is False
    assert account.written() == []


@pytest.mark.parametrize(
    ("existing", "verb", "fields"),
    [
        (None, "create", {"cidr_block", "tags"}),
        (
            {"cidr_block": ["10.0.0.0/16"], "dns_support": False, "tags": {"Layer": "network"}},
            "update",
            {"dns_support"},
        ),
        ({"cidr_block": ["10.0.0.0/16"], "dns_support": True, "tags": {"Layer": "data"}}, "update", {"tags.Layer"}),
    ],
)
def test_an_amazon_aws_task_is_accounted_for(existing: dict[str, object] | None, verb: str, fields: set[str]) -> None:
    arguments = {"cidr_block": ["10.0.0.0/16"], "dns_support": True, "tags": {"Layer": "network"}, "state": "present"}
    action = _before.action("AWS::EC2::VPC", "uex-payments-test-vpc", arguments, existing)
    assert (action["kind"], action["name"], action["verb"]) == ("AWS::EC2::VPC", "uex-payments-test-vpc", verb)
    assert {change["field"] for change in action["changes"]} == fields


NOTHING = {plural: {} for plural in _discovery.KINDS}


@pytest.mark.parametrize(
    ("layers", "makers"),
    [
        (["network"], ["foundation"]),
        (["compute"], ["foundation", "network"]),
        (["foundation", "network"], []),
        (list(_discovery.BUILDS_ON), []),
        ([], []),
    ],
)
def test_a_layer_without_what_it_builds_on_is_refused_with_who_makes_it(layers: list[str], makers: list[str]) -> None:
    problems = _discovery.unmet(layers, NOTHING, EXPECTED)
    assert [problem.rpartition(" ")[2] for problem in problems] == makers


def test_what_exists_is_not_asked_for() -> None:
    found = {**NOTHING, "subnets": {"uex-payments-test-app-a": {}}, "kms_keys": {"data": {}}}
    assert _discovery.unmet(["compute"], found, EXPECTED) == []
