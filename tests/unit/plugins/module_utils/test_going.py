# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a teardown sees of what AWS is still deleting."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _going
from ansible_collections.uex.payments.plugins.module_utils._discovery import Scope
from ansible_collections.uex.payments.tests.support.contract import TAGS

NAME = "uex-payments-test"
OWNER = {key: value for key, value in TAGS.items() if key != "Layer"}
PAIRS = [{"Key": key, "Value": value} for key, value in OWNER.items()]
STATISTICS = [
    {"name": "drainingFargateServiceCount", "value": "2"},
    {"name": "activeFargateServiceCount", "value": "0"},
]
CLUSTER = {"clusterName": NAME, "status": "ACTIVE", "runningTasksCount": 3, "pendingTasksCount": 1}


class Client:
    """Answers every operation with the same."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer

    def can_paginate(self, operation: str) -> bool:
        return False

    def __getattr__(self, operation: str) -> Any:
        return lambda **unused: self.answer


def look(kind: str, **answer: Any) -> list[tuple[str, str]]:
    states = _going.states(lambda service: Client(answer), Scope(NAME, OWNER), [kind])
    assert {each["state"] for each in states} <= {_going.PENDING}
    assert {each["kind"] for each in states} <= {kind}
    return [(each["name"], each["status"]) for each in states]


def database(name: str, status: str, source: str = "") -> dict[str, str]:
    replica = {"ReadReplicaSourceDBInstanceIdentifier": source} if source else {}
    return {"DBInstanceIdentifier": name, "DBInstanceStatus": status, **replica}


DATABASES = [
    database(f"{NAME}-db", "deleting"),
    database(f"{NAME}-db-replica-1", "deleting", f"{NAME}-db"),
    database(f"{NAME}-other", "available"),
    database("uex-payments-more-db", "deleting"),
]


@pytest.mark.parametrize(
    ("cluster", "expected"),
    [
        ({**CLUSTER, "statistics": STATISTICS}, [(NAME, "2 services drain, 4 tasks run")]),
        ({**CLUSTER, "runningTasksCount": 0, "pendingTasksCount": 0, "statistics": STATISTICS[1:]}, []),
        ({**CLUSTER, "status": "INACTIVE"}, []),
    ],
)
def test_services_that_drain_are_known_by_their_cluster_s_counts(
    cluster: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert look("services", clusters=[cluster]) == expected


def test_only_our_databases_that_are_going_are_awaited() -> None:
    names = [f"{NAME}-db", f"{NAME}-db-replica-1"]
    assert look("db_instances", DBInstances=DATABASES) == [(name, "deleting") for name in names]
    assert look("replicas", DBInstances=DATABASES) == [(names[1], "deleting")]


def test_a_database_that_is_being_made_is_busy() -> None:
    found = [database(f"{NAME}-db", "creating"), database(f"{NAME}-x", "available"), database(f"{NAME}-y", "failed")]
    assert look("busy_db_instances", DBInstances=found) == [(f"{NAME}-db", "creating")]


def test_a_cache_is_awaited_while_its_last_snapshot_is_taken() -> None:
    statuses = {"redis": "snapshotting", "x": "deleting", "y": "available"}
    groups = [{"ReplicationGroupId": f"{NAME}-{name}", "Status": status} for name, status in statuses.items()]
    expected = [(f"{NAME}-redis", "snapshotting"), (f"{NAME}-x", "deleting")]
    assert look("replication_groups", ReplicationGroups=groups) == expected


@pytest.mark.parametrize(("state", "awaited"), [("deleting", True), ("deleted", False), ("available", False)])
def test_gateways_and_endpoints_are_awaited_while_they_are_deleted(state: str, awaited: bool) -> None:
    tags = [*PAIRS, {"Key": "Name", "Value": "a"}]
    expected = [("a", state)] if awaited else []
    assert look("nat_gateways", NatGateways=[{"NatGatewayId": "nat-1", "State": state, "Tags": tags}]) == expected
    assert look("vpc_endpoints", VpcEndpoints=[{"VpcEndpointId": "v", "State": state, "Tags": tags}]) == expected


def test_interfaces_of_our_vpc_are_awaited_those_of_the_load_balancer_for_themselves() -> None:
    vpc = {"VpcId": "vpc-1", "Tags": [*PAIRS, {"Key": "Name", "Value": f"{NAME}-vpc"}]}
    words = {"eni-1": f"ELB app/{NAME}-alb/1", "eni-2": "AWS Lambda VPC ENI-x"}
    cards = [{"NetworkInterfaceId": i, "Status": "in-use", "Description": text} for i, text in words.items()]
    answer = {"Vpcs": [vpc], "NetworkInterfaces": cards}
    assert look("network_interfaces", **answer) == [(name, f"in-use, {text}") for name, text in words.items()]
    assert look("load_balancer_interfaces", **answer) == [("eni-1", f"in-use, {words['eni-1']}")]


def test_a_vpc_that_is_not_ours_is_not_looked_into() -> None:
    vpc = {"VpcId": "vpc-1", "Tags": [{"Key": "Name", "Value": f"{NAME}-vpc"}]}
    card = {"NetworkInterfaceId": "eni-1", "Status": "in-use"}
    assert look("network_interfaces", Vpcs=[vpc], NetworkInterfaces=[card]) == []
