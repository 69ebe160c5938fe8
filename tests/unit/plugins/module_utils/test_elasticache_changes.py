# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _elasticache_changes, _plan

MODEL = botocore.session.get_session().get_service_model("elasticache")
LIVE = {
    "engine": "redis",
    "engine_version": "7.1",
    "transit_encryption_enabled": True,
    "transit_encryption_mode": "required",
    "cluster_enabled": False,
    "at_rest_encryption_enabled": True,
    "ready": True,
}


def calls(before: dict[str, Any], after: dict[str, Any], asked: bool = False) -> list[tuple[str, dict[str, Any]]]:
    plan = _plan.plan("redis", after, before)
    return [tuple(call) for call in _elasticache_changes.calls("redis", plan, asked)]


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
        (
            {"engine": "redis", "engine_version": "7.1", "cache_parameter_group_name": "redis7"},
            {"engine": "valkey", "engine_version": "8.0", "cache_parameter_group_name": "valkey8"},
            [modify(now=False, Engine="valkey", EngineVersion="8.0", CacheParameterGroupName="valkey8")],
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


CLEAR = {"transit_encryption_enabled": False, "transit_encryption_mode": None, "auth_token_enabled": False}
ON = {"transit_encryption_enabled": True}


def tls(mode: str) -> tuple[str, dict[str, Any]]:
    return modify(TransitEncryptionEnabled=True, TransitEncryptionMode=mode)


ROTATE, SET = modify(AuthTokenUpdateStrategy="ROTATE"), modify(AuthTokenUpdateStrategy="SET")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (CLEAR, {**ON, "transit_encryption_mode": "preferred"}, [tls("preferred")]),
        (CLEAR, {**ON, "transit_encryption_mode": "required"}, [tls("preferred"), tls("required")]),
        (CLEAR, ON, [tls("preferred"), tls("required")]),
        (
            CLEAR,
            {**ON, "transit_encryption_mode": "required", "auth_token_enabled": True},
            [tls("preferred"), tls("required"), ROTATE, SET],
        ),
        ({**ON, "transit_encryption_mode": "preferred"}, {"transit_encryption_mode": "required"}, [tls("required")]),
        ({**ON, "transit_encryption_mode": "required"}, {"transit_encryption_mode": "preferred"}, [tls("preferred")]),
        ({**ON, "auth_token_enabled": False}, {"auth_token_enabled": True}, [ROTATE, SET]),
        (
            {**CLEAR, "snapshot_window": "old", "num_cache_clusters": 1},
            {**ON, "snapshot_window": "new", "num_cache_clusters": 2},
            [
                resize("increase_replica_count", NewReplicaCount=1),
                modify(SnapshotWindow="new"),
                tls("preferred"),
                tls("required"),
            ],
        ),
    ],
)
def test_tls_goes_on_by_way_of_preferred_and_the_token_after_it(before: Any, after: Any, expected: Any) -> None:
    made = calls(before, after)
    assert made == expected
    members = MODEL.operation_model("ModifyReplicationGroup").input_shape.members
    assert all(set(arguments) <= set(members) for operation, arguments in made if operation.startswith("modify"))


def test_even_what_waits_for_the_window_does_not_put_off_tls() -> None:
    made = calls({**CLEAR, "pending_changes": ["engine_version"]}, ON)
    assert all(arguments["ApplyImmediately"] for _operation, arguments in made)


@pytest.mark.parametrize(
    ("pending", "taking"),
    [
        ({}, False),
        ({"LogDeliveryConfigurations": []}, False),
        ({"TransitEncryptionMode": "required"}, True),
        ({"AuthTokenStatus": "ROTATING"}, True),
    ],
)
def test_a_step_is_over_when_nothing_of_it_is_pending(pending: dict[str, Any], taking: bool) -> None:
    assert _elasticache_changes.is_taking({"PendingModifiedValues": pending}) is taking
    assert not _elasticache_changes.is_taking({})


def plan(changed: Any, live: Any = None, replaceable: tuple[str, ...] = ()) -> _plan.Plan:
    return _plan.plan("redis", changed, {**LIVE, **(live or {})}, replaceable=replaceable)


WITHOUT_TLS, WITHOUT_TOKEN = "ends connections without TLS", "ends connections without the token"


@pytest.mark.parametrize(
    ("changed", "live", "effects"),
    [
        ({"cache_node_type": "cache.r6g.large"}, {}, ["interrupts"]),
        ({"engine": "valkey", "engine_version": "8.0"}, {}, ["interrupts"]),
        ({"snapshot_window": "01:00-02:00"}, {}, []),
        ({**ON, "transit_encryption_mode": "required"}, CLEAR, [WITHOUT_TLS]),
        (ON, CLEAR, [WITHOUT_TLS]),
        ({**ON, "transit_encryption_mode": "preferred"}, CLEAR, []),
        ({"transit_encryption_mode": "preferred"}, {}, []),
        ({"transit_encryption_mode": "required"}, {"transit_encryption_mode": "preferred"}, [WITHOUT_TLS]),
        ({"auth_token_enabled": True}, {"auth_token_enabled": False}, [WITHOUT_TOKEN]),
    ],
)
def test_what_a_change_of_a_group_brings_about(changed: Any, live: Any, effects: list[str]) -> None:
    assert _elasticache_changes.effects(plan(changed, live)) == effects


def test_a_group_that_is_made_anew_says_of_what() -> None:
    assert _elasticache_changes.effects(plan({"port": 7000}, replaceable=("port",))) == ["interrupts", "keeps its data"]
    new = _plan.plan("redis", {"port": 7000}, None)
    assert _elasticache_changes.effects(new, "s") == ["made of the snapshot s"]
    assert _elasticache_changes.effects(new) == []


@pytest.mark.parametrize(
    ("changed", "live", "words"),
    [
        ({"transit_encryption_enabled": False}, {}, "takes the mode preferred and then switches it off by hand"),
        (ON, {**CLEAR, "engine_version": "6.2"}, "upgrade the engine to 7.0"),
        ({"engine": "redis"}, {"engine": "valkey"}, "not back"),
        ({"engine_version": "7.0"}, {"engine_version": "8.0", "engine": "valkey"}, "from 8.0 to 7.0"),
        ({"cluster_enabled": False}, {"cluster_enabled": True}, "without them"),
        ({"at_rest_encryption_enabled": False}, {}, "in the clear"),
    ],
)
def test_what_is_refused_says_why_and_what_to_do(changed: Any, live: Any, words: str) -> None:
    objection = _elasticache_changes.objection(plan(changed, live, _elasticache_changes.CONFIRMABLE))
    assert objection
    assert words in " ".join(objection)


@pytest.mark.parametrize(
    ("changed", "live"),
    [
        (ON, CLEAR),
        (ON, {**CLEAR, "engine": "valkey", "engine_version": "7.2"}),
        ({"engine": "valkey", "engine_version": "7.2"}, {}),
        ({"engine": "valkey", "engine_version": "8.0"}, {}),
        ({"engine_version": "7.1"}, {"engine_version": "7.0"}),
        ({"cluster_enabled": True}, {}),
        ({"at_rest_encryption_enabled": True, "kms_key_id": "new"}, {"at_rest_encryption_enabled": False}),
        ({"cache_node_type": "cache.r6g.large"}, {}),
        ({"snapshot_window": "01:00-02:00"}, {"engine_version": "6.2", "transit_encryption_enabled": False}),
        (None, {}),
    ],
)
def test_what_can_be_done_is_not_refused(changed: Any, live: Any) -> None:
    assert _elasticache_changes.objection(plan(changed, live, _elasticache_changes.CONFIRMABLE)) is None


def test_what_is_made_is_not_refused() -> None:
    new = _plan.plan("redis", {"transit_encryption_enabled": False, "engine": "redis"}, None)
    assert _elasticache_changes.objection(new) is None
