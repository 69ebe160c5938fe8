# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _elasticache, _plan

MODEL = botocore.session.get_session().get_service_model("elasticache")
SLOW = {"log_type": "slow-log", "log_group": "slow", "log_format": "json"}
ENGINE = {"log_type": "engine-log", "log_group": "engine", "log_format": "json"}
ITEM = {"name": "redis", "num_cache_clusters": 2, "automatic_failover_enabled": True, "multi_az_enabled": True}


def test_every_option_is_a_member_of_the_requests() -> None:
    created = MODEL.operation_model("CreateReplicationGroup").input_shape.members
    changed = MODEL.operation_model("ModifyReplicationGroup").input_shape.members
    assert set(_elasticache.MEMBERS.values()) <= set(created)
    for option, member in _elasticache.MEMBERS.items():
        assert (member in changed) or option in (*_elasticache.FROZEN, *_elasticache.SIZES)


def calls(before: dict[str, Any], after: dict[str, Any], asked: bool = False) -> list[tuple[str, dict[str, Any]]]:
    plan = _plan.plan("redis", after, before)
    return [tuple(call) for call in _elasticache.calls("redis", plan, asked)]


def modify(now: bool = True, **settings: Any) -> tuple[str, dict[str, Any]]:
    return "modify_replication_group", {"ReplicationGroupId": "redis", "ApplyImmediately": now, **settings}


def resize(operation: str, **settings: Any) -> tuple[str, dict[str, Any]]:
    return operation, {"ReplicationGroupId": "redis", "ApplyImmediately": True, **settings}


SINGLE = {"num_cache_clusters": 1, "automatic_failover_enabled": False}
PAIR = {"num_cache_clusters": 2, "automatic_failover_enabled": True}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            SINGLE,
            PAIR,
            [resize("increase_replica_count", NewReplicaCount=1), modify(AutomaticFailoverEnabled=True)],
        ),
        (
            PAIR,
            SINGLE,
            [modify(AutomaticFailoverEnabled=False), resize("decrease_replica_count", NewReplicaCount=0)],
        ),
        (
            {"num_node_groups": 3},
            {"num_node_groups": 1},
            [
                resize(
                    "modify_replication_group_shard_configuration",
                    NodeGroupCount=1,
                    NodeGroupsToRemove=["0002", "0003"],
                )
            ],
        ),
        (
            {"num_node_groups": 1},
            {"num_node_groups": 2},
            [resize("modify_replication_group_shard_configuration", NodeGroupCount=2)],
        ),
        (
            {"replicas_per_node_group": 2},
            {"replicas_per_node_group": 1},
            [resize("decrease_replica_count", NewReplicaCount=1)],
        ),
        ({"tags": {}}, {"tags": {"Owner": "payments"}}, []),
    ],
)
def test_a_change_is_calls_in_an_order_that_aws_takes(
    before: dict[str, Any], after: dict[str, Any], expected: list[tuple[str, dict[str, Any]]]
) -> None:
    assert calls(before, after) == expected


@pytest.mark.parametrize(
    ("option", "waiting", "asked", "now"),
    [
        ("snapshot_window", [], False, True),
        ("cache_node_type", [], False, False),
        ("cache_node_type", [], True, True),
        ("snapshot_window", ["engine_version"], False, False),
    ],
)
def test_only_what_interrupts_waits(option: str, waiting: list[str], asked: bool, now: bool) -> None:
    ((_operation, arguments),) = calls({"pending_changes": waiting}, {option: "new"}, asked)
    assert arguments["ApplyImmediately"] is now


def test_logs_that_are_declared_no_more_are_switched_off() -> None:
    on, off = _elasticache.log_requests([SLOW], [SLOW, ENGINE])
    assert (on["LogType"], on["Enabled"], on["DestinationDetails"]) == (
        "slow-log",
        True,
        {"CloudWatchLogsDetails": {"LogGroup": "slow"}},
    )
    assert off == {"LogType": "engine-log", "Enabled": False}


def test_a_change_that_aws_has_accepted_counts_as_made() -> None:
    node = {
        "CacheNodeType": "cache.t3.small",
        "EngineVersion": "7.0.7",
        "PendingModifiedValues": {"CacheNodeType": "cache.r6g.large", "EngineVersion": "7.1"},
    }
    delivery = {"CloudWatchLogsDetails": {"LogGroup": "slow"}}
    log = {"LogType": "slow-log", "LogFormat": "json", "DestinationDetails": delivery}
    group = {"PendingModifiedValues": {"AutomaticFailoverStatus": "enabled", "LogDeliveryConfigurations": [log]}}
    observed = _elasticache.observed(group, [node])
    assert (observed["cache_node_type"], observed["engine_version"]) == ("cache.r6g.large", "7.1")
    assert observed["pending_changes"] == ["cache_node_type", "engine_version"]
    assert observed["automatic_failover_enabled"] is True
    assert observed["log_delivery_configurations"] == [SLOW]


def test_a_group_that_has_no_nodes_yet_has_no_endpoints() -> None:
    observed = _elasticache.observed({}, [])
    assert observed["primary_endpoint_address"] == _plan.UNKNOWN
    assert (observed["configuration_endpoint_address"], observed["port"]) == (None, None)


@pytest.mark.parametrize(
    ("changed", "option"),
    [
        ({"name": "Redis"}, "name"),
        ({"name": "r" * 41}, "name"),
        ({"num_cache_clusters": None}, "num_cache_clusters"),
        ({"num_node_groups": 2}, "num_cache_clusters"),
        ({"num_cache_clusters": 1, "multi_az_enabled": False}, "automatic_failover_enabled"),
        ({"automatic_failover_enabled": False}, "multi_az_enabled"),
        ({"auth_token_secret": {"secret_id": "redis"}}, "transit_encryption_enabled"),
        (
            {
                "num_cache_clusters": None,
                "num_node_groups": 2,
                "automatic_failover_enabled": False,
                "multi_az_enabled": False,
            },
            "num_node_groups",
        ),
    ],
)
def test_what_aws_would_refuse_is_refused_by_name(changed: dict[str, Any], option: str) -> None:
    assert [problem.partition(":")[0] for problem in _elasticache.problems({**ITEM, **changed})] == [option]


def test_a_sound_item_has_no_problems() -> None:
    assert list(_elasticache.problems(ITEM)) == []


def test_new_nodes_are_named_by_shard_and_number() -> None:
    assert _elasticache.members("redis", 2, 0, 0) == ["redis-001", "redis-002"]
    assert _elasticache.members("redis", 0, 2, 1) == [
        "redis-0001-001",
        "redis-0001-002",
        "redis-0002-001",
        "redis-0002-002",
    ]
