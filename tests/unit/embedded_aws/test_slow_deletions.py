# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Deletions that take a while: what goes is listed as deleting, holds what it uses, and is gone at last."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from embedded_aws.extensions import slow_deletions


class Later:
    """A timer that runs when the test says so."""

    started: list[Later] = []
    daemon = False

    def __init__(self, wait: float, call: Callable[..., Any], args: Any, kwargs: Any) -> None:
        self.wait, self.call = wait, functools.partial(call, *args, **kwargs)

    def start(self) -> None:
        self.started.append(self)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch, aws: None) -> list[Later]:
    monkeypatch.setenv(slow_deletions.SETTING, "3")
    monkeypatch.setattr(threading, "Timer", Later)
    Later.started.clear()
    return Later.started


def test_a_nat_gateway_holds_its_address_until_it_is_gone(later: list[Later]) -> None:
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]

    def state() -> Any:
        return ec2.describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"][0]["State"]

    ec2.delete_nat_gateway(NatGatewayId=gateway)
    assert (state(), [each.wait for each in later]) == ("deleting", [3.0])
    with pytest.raises(ClientError, match=r"InvalidIPAddress\.InUse"):
        ec2.release_address(AllocationId=address)
    later[0].call()
    assert state() == "deleted"
    ec2.release_address(AllocationId=address)


def test_a_database_is_listed_until_it_is_gone_and_its_last_snapshot_is_taken(later: list[Later]) -> None:
    rds = boto3.client("rds")
    shared = {"Engine": "postgres", "DBInstanceClass": "db.t3.medium", "AllocatedStorage": 20}
    login = {"MasterUsername": "uex", "MasterUserPassword": "long-enough"}
    rds.create_db_instance(DBInstanceIdentifier="db", **shared, **login)
    rds.delete_db_instance(DBInstanceIdentifier="db", FinalDBSnapshotIdentifier="last")
    assert rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"] == "deleting"
    later[0].call()
    assert rds.describe_db_instances()["DBInstances"] == []
    assert [
        each["DBSnapshotIdentifier"] for each in rds.describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    ] == ["last"]


def test_a_protected_database_stays(later: list[Later]) -> None:
    rds = boto3.client("rds")
    shared = {"Engine": "postgres", "DBInstanceClass": "db.t3.medium", "AllocatedStorage": 20}
    login = {"MasterUsername": "uex", "MasterUserPassword": "long-enough", "DeletionProtection": True}
    rds.create_db_instance(DBInstanceIdentifier="db", **shared, **login)
    with pytest.raises(ClientError, match="protected"):
        rds.delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True)
    assert later == []


def test_a_replication_group_is_listed_until_it_is_gone(later: list[Later]) -> None:
    cache = boto3.client("elasticache")
    cache.create_replication_group(
        ReplicationGroupId="redis", ReplicationGroupDescription="d", CacheNodeType="cache.t3.micro", Engine="redis"
    )
    cache.delete_replication_group(ReplicationGroupId="redis")
    assert cache.describe_replication_groups()["ReplicationGroups"][0]["Status"] == "deleting"
    later[0].call()
    assert cache.describe_replication_groups()["ReplicationGroups"] == []


def test_without_the_setting_they_go_at_once(monkeypatch: pytest.MonkeyPatch, aws: None) -> None:
    monkeypatch.delenv(slow_deletions.SETTING, raising=False)
    assert slow_deletions.seconds() == 0
