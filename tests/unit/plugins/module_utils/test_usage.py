# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _usage
from ansible_collections.uex.payments.plugins.module_utils._quotas import QUOTAS, Usage
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account

OPTIONS: dict[str, Any] = {
    "name": "uex-payments-test",
    "tags": TAGS,
    "region": "us-east-1",
    "availability_zones": ["us-east-1a", "us-east-1b"],
    "estate": {"services": [{"target_group": "uex-payments-test-one", "alternate_target_group": "green"}]},
}
OURS = [{"Key": key, "Value": value} for key, value in TAGS.items()]


@pytest.fixture
def connect(aws: None) -> Any:
    account = Account()
    return lambda service, region=None: account.connect(service)


def test_every_shared_quota_can_be_counted() -> None:
    assert _usage.COUNTS.keys() == {quota.key for quota in QUOTAS if quota.shared}


@pytest.mark.parametrize("key", sorted(_usage.COUNTS))
def test_an_empty_account_has_nothing_of_ours(key: str, connect: Any) -> None:
    assert _usage.COUNTS[key](connect, OPTIONS).ours == 0


def test_addresses_and_gateways_of_others_count_too(connect: Any) -> None:
    ec2 = connect("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    for zone, tags in (("us-east-1a", OURS), ("us-east-1b", OURS), ("us-east-1b", [])):
        block = f"10.0.{len(ec2.describe_subnets()['Subnets'])}.0/24"
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=zone)["Subnet"]["SubnetId"]
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        gateway = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
        if tags:
            ec2.create_tags(Resources=[gateway, address], Tags=tags)
    assert _usage.COUNTS["addresses"](connect, OPTIONS) == Usage(3, 2)
    assert _usage.COUNTS["nat_gateways"](connect, OPTIONS) == Usage(2, 1), "the zone with least room"


def test_databases_count_with_their_storage(connect: Any) -> None:
    for name in ("uex-payments-test-db", "shop"):
        connect("rds").create_db_instance(
            DBInstanceIdentifier=name,
            DBInstanceClass="db.t3.medium",
            Engine="postgres",
            AllocatedStorage=20,
            MasterUsername="uex",
            MasterUserPassword="none-of-yours",
        )
    assert _usage.COUNTS["db_instances"](connect, OPTIONS) == Usage(2, 1)
    assert _usage.COUNTS["db_storage"](connect, OPTIONS) == Usage(40, 20)


class Tasks:
    """ECS with two clusters that run tasks."""

    TASKS = {
        "uex-payments-test": [
            {"launchType": "FARGATE", "cpu": "512"},
            {"capacityProviderName": "FARGATE_SPOT", "cpu": "1024"},
        ],
        "shop": [{"launchType": "FARGATE", "cpu": "2048"}, {"launchType": "EC2", "cpu": "4096"}],
    }

    def can_paginate(self, operation: str) -> bool:
        return False

    def list_clusters(self) -> dict[str, Any]:
        return {"clusterArns": [f"arn:aws:ecs:us-east-1:123456789012:cluster/{name}" for name in self.TASKS]}

    def list_tasks(self, cluster: str) -> dict[str, Any]:
        return {"taskArns": [cluster.rpartition("/")[2]] * len(self.TASKS[cluster.rpartition("/")[2]])}

    def describe_tasks(self, cluster: str, tasks: list[str]) -> dict[str, Any]:
        return {"tasks": self.TASKS[cluster.rpartition("/")[2]]}


def test_running_tasks_count_by_how_they_are_paid() -> None:
    ecs = Tasks()
    assert _usage.COUNTS["fargate_vcpus"](lambda service: ecs, OPTIONS) == Usage(2.5, 0.5)
    assert _usage.COUNTS["fargate_spot_vcpus"](lambda service: ecs, OPTIONS) == Usage(1, 1)


def test_log_groups_of_ours_bear_our_name_somewhere(connect: Any) -> None:
    names = ("uex-payments-test-flow-logs", "/aws/rds/instance/uex-payments-test-db/postgresql", "uex-payments-testing")
    for name in (*names, "/aws/ecs/containerinsights/uex-payments-test/performance"):
        connect("logs").create_log_group(logGroupName=name)
    assert _usage.COUNTS["log_groups"](connect, OPTIONS) == Usage(4, 3)


def test_a_quota_nobody_has_raised_has_aws_s_default(connect: Any) -> None:
    class Unraised:
        """GetServiceQuota knows only what was applied to the account."""

        def get_service_quota(self, **codes: str) -> Any:
            return connect("service-quotas").get_service_quota(ServiceCode="vpc", QuotaCode="L-00000000")

        def get_aws_default_service_quota(self, **codes: str) -> Any:
            return {"Quota": {"Value": 5.0}}

    assert _usage.value(lambda service, region=None: Unraised(), QUOTAS[0], "us-east-1") == 5


@pytest.mark.parametrize("quota", QUOTAS, ids=lambda quota: quota.key)
def test_the_emulator_knows_every_quota(quota: Any, connect: Any) -> None:
    assert _usage.value(connect, quota, "us-east-1") > 0


def test_a_global_quota_is_asked_where_it_is_kept(connect: Any) -> None:
    asked = []

    def note(service: str, region: str | None = None) -> Any:
        asked.append(region)
        return connect(service)

    for quota in QUOTAS:
        _usage.value(note, quota, "eu-west-1")
    assert asked.count("us-east-1") == sum(quota.is_global for quota in QUOTAS)


def test_what_is_not_needed_is_not_checked() -> None:
    needs = {quota.key: float(quota.key == "vpcs") for quota in QUOTAS}
    assert [check.name for check in _usage.checks(needs)] == ["Quota: VPCs"]
