# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _plan
from ansible_collections.uex.payments.plugins.modules import stack_info
from ansible_collections.uex.payments.tests.support import plugins
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account

OPTIONS: dict[str, Any] = {
    "name": "uex-payments-test",
    "tags": TAGS,
    "account_id": "123456789012",
    "availability_zones": ["us-east-1a"],
    "vpc_cidr_block": "10.0.0.0/16",
    "managed": {"AWS::EC2::VPC": ["uex-payments-test-vpc"], "AWS::KMS::Key": ["alias/uex-payments-test-data"]},
    "expected": {"subnets": ["uex-payments-test-app-a"]},
}


def test_a_check_on_an_empty_account_has_placeholders(aws: None) -> None:
    result = plugins.run_module(stack_info, OPTIONS, check_mode=True)
    assert (result["changed"], result["account_id"], result["partition"]) == (False, "123456789012", "aws")
    assert result["subnets"]["uex-payments-test-app-a"]["subnet_id"] == _plan.UNKNOWN
    assert result["before"]["AWS::EC2::VPC"] == {}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"account_id": "210987654321"}, "account_id: the credentials are of account 123456789012"),
        ({"availability_zones": ["us-east-1a", "us-east-1z"]}, "availability_zones: us-east-1z not available"),
        ({"layers": ["compute"]}, "--tags network"),
    ],
)
def test_what_can_t_go_on_is_refused(changed: dict[str, Any], words: str, aws: None) -> None:
    result = plugins.run_module(stack_info, {**OPTIONS, **changed})
    assert result["failed"]
    assert words in result["msg"]


def test_another_account_than_the_inventorys_is_refused() -> None:
    assert stack_info.account_problems("", "123456789012") == []
    assert stack_info.account_problems("123456789012", "123456789012") == []
    assert "account_id" in stack_info.account_problems("210987654321", "123456789012")[0]


def test_zones_that_the_region_does_not_have_are_refused() -> None:
    assert stack_info.zone_problems(["a", "b"], ["a", "b", "c"]) == []
    assert "d not available" in stack_info.zone_problems(["a", "d"], ["a", "b"])[0]


def test_another_range_than_the_vpc_has_is_refused() -> None:
    existing = {"uex-payments-test-vpc": {"cidr_block": ["10.0.0.0/16"]}}
    assert stack_info.range_problems("10.0.0.0/16", "uex-payments-test", existing) == []
    assert stack_info.range_problems("10.0.0.0/16", "uex-payments-other", existing) == []
    assert "cannot change" in stack_info.range_problems("10.1.0.0/16", "uex-payments-test", existing)[0]


@pytest.fixture
def foreign() -> str:
    """A VPC of our name that is somebody else's."""
    tags = [{"Key": "Name", "Value": "uex-payments-test-vpc"}, {"Key": "ManagedBy", "Value": "terraform"}]
    specification = [{"ResourceType": "vpc", "Tags": tags}]
    vpc = Account().connect("ec2").create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=specification)
    return str(vpc["Vpc"]["VpcId"])


@pytest.mark.parametrize("check_mode", [False, True])
def test_what_bears_our_name_and_is_not_ours_is_refused_before_any_change(
    aws: None, foreign: str, check_mode: bool
) -> None:
    kms = Account().connect("kms")
    kms.create_alias(AliasName="alias/uex-payments-test-data", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    result = plugins.run_module(stack_info, OPTIONS, check_mode=check_mode)
    assert result["failed"]
    assert f"AWS::EC2::VPC uex-payments-test-vpc ({foreign}, tags ManagedBy=terraform)" in result["msg"]
    assert "AWS::KMS::Key alias/uex-payments-test-data (" in result["msg"]
    assert "-e adopt=true" in result["msg"]


def test_what_is_not_ours_may_be_reported(aws: None, foreign: str) -> None:
    result = plugins.run_module(stack_info, {**OPTIONS, "report_refusals": True}, check_mode=True)
    assert not result.get("failed")
    assert result["strangers"]["AWS::EC2::VPC"] == ["uex-payments-test-vpc"]


def test_what_is_to_be_adopted_is_found_as_if_it_were_ours(aws: None, foreign: str) -> None:
    result = plugins.run_module(stack_info, {**OPTIONS, "adopt": True}, check_mode=True)
    assert result["vpcs"] == {"uex-payments-test-vpc": {"vpc_id": foreign}}
    assert result["before"]["AWS::EC2::VPC"]["uex-payments-test-vpc"]["tags"]["ManagedBy"] == "terraform"
