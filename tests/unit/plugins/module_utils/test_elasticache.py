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
PREFERRED = {"transit_encryption_mode": "preferred"}
ITEM = {"name": "redis", "num_cache_clusters": 2, "automatic_failover_enabled": True, "multi_az_enabled": True}


def test_every_option_is_a_member_of_the_requests() -> None:
    created = MODEL.operation_model("CreateReplicationGroup").input_shape.members
    changed = MODEL.operation_model("ModifyReplicationGroup").input_shape.members
    assert set(_elasticache.MEMBERS.values()) <= set(created)
    for option, member in _elasticache.MEMBERS.items():
        assert (member in changed) or option in (*_elasticache.FROZEN, *_elasticache.SIZES)


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


@pytest.mark.parametrize(
    ("pending", "engine", "group"),
    [
        ({}, "redis", "redis7"),
        ({"EngineVersion": "7.1"}, "redis", "declared"),
        ({"EngineVersion": "7.2"}, "valkey", "declared"),
        ({"EngineVersion": "8.0"}, "valkey", "declared"),
        ({"CacheNodeType": "cache.r6g.large"}, "redis", "redis7"),
    ],
)
def test_engine_and_parameters_come_with_an_upgrade_that_waits(pending: Any, engine: str, group: str) -> None:
    parameters = {"CacheParameterGroup": {"CacheParameterGroupName": "redis7"}}
    shown = _elasticache.observed({"Engine": "redis"}, [{**parameters, "PendingModifiedValues": pending}])
    observed = _elasticache.as_declared({"cache_parameter_group_name": "declared"}, shown)
    assert (observed["engine"], observed["cache_parameter_group_name"]) == (engine, group)


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
        ({"transit_encryption_mode": "preferred"}, "transit_encryption_mode"),
        (
            {
                "engine": "redis",
                "engine_version": "6.2",
                "transit_encryption_enabled": True,
                "transit_encryption_mode": "preferred",
            },
            "transit_encryption_mode",
        ),
        ({"kms_key_id": "key"}, "kms_key_id"),
        ({"num_cache_clusters": 7}, "num_cache_clusters"),
        ({"port": 0}, "port"),
        ({"snapshot_window": "1-2"}, "snapshot_window"),
        ({"snapshot_window": "01:00-01:59"}, "snapshot_window"),
        ({"preferred_maintenance_window": "01:00-02:00"}, "preferred_maintenance_window"),
        (
            {"snapshot_window": "01:00-02:00", "preferred_maintenance_window": "sun:01:30-sun:02:30"},
            "preferred_maintenance_window",
        ),
        ({"snapshot_retention_limit": 36}, "snapshot_retention_limit"),
        ({"num_cache_clusters": None, "num_node_groups": 2}, "multi_az_enabled"),
        ({"num_cache_clusters": None, "num_node_groups": 2, "replicas_per_node_group": 6}, "replicas_per_node_group"),
        ({"num_cache_clusters": None, "num_node_groups": 251, "replicas_per_node_group": 1}, "num_node_groups"),
        ({"num_cache_clusters": None, "num_node_groups": 0, "replicas_per_node_group": 1}, "num_node_groups"),
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


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"snapshot_window": "01:00-02:00", "preferred_maintenance_window": "Sun:02:00-Sun:03:00"},
        {"num_cache_clusters": 6, "port": 65535, "snapshot_retention_limit": 35},
        {"num_cache_clusters": None, "num_node_groups": 250, "replicas_per_node_group": 1},
        {"engine": "valkey", "engine_version": "7.2", "transit_encryption_enabled": True} | PREFERRED,
        {"engine": "redis", "engine_version": "7.0", "transit_encryption_enabled": True} | PREFERRED,
        {"at_rest_encryption_enabled": True, "kms_key_id": "key"},
    ],
)
def test_a_sound_item_has_no_problems(changed: dict[str, Any]) -> None:
    assert list(_elasticache.problems({**ITEM, **changed})) == []


@pytest.mark.parametrize(
    ("group", "access"),
    [
        ({}, (False, None, False)),
        ({"TransitEncryptionEnabled": True}, (True, "required", False)),
        ({"TransitEncryptionEnabled": True, "TransitEncryptionMode": "preferred"}, (True, "preferred", False)),
        (
            {
                "TransitEncryptionEnabled": True,
                "TransitEncryptionMode": "preferred",
                "PendingModifiedValues": {"TransitEncryptionMode": "required"},
            },
            (True, "required", False),
        ),
        ({"PendingModifiedValues": {"AuthTokenStatus": "SETTING"}}, (False, None, True)),
        ({"AuthTokenEnabled": True}, (False, None, True)),
    ],
)
def test_how_clients_get_in_is_seen_as_it_will_be(group: dict[str, Any], access: tuple[Any, ...]) -> None:
    observed = _elasticache.observed(group, [])
    options = ("transit_encryption_enabled", "transit_encryption_mode", "auth_token_enabled")
    assert tuple(observed[option] for option in options) == access


@pytest.mark.parametrize(
    ("item", "wanted"),
    [({}, None), ({"auth_token_secret": {"secret_id": "redis"}}, True), ({"auth_token_secret": {}} | PREFERRED, None)],
)
def test_a_token_is_not_demanded_of_clients_that_may_come_without_tls(item: Any, wanted: bool | None) -> None:
    assert _elasticache.desired(item)["auth_token_enabled"] is wanted


@pytest.mark.parametrize(("mode", "sent"), [("required", None), ("preferred", "preferred"), (None, None)])
def test_a_new_group_demands_tls_without_being_told_the_mode(mode: str | None, sent: str | None) -> None:
    arguments = _elasticache.creation("redis", {"transit_encryption_enabled": True, "transit_encryption_mode": mode})
    assert (arguments["TransitEncryptionEnabled"], arguments.get("TransitEncryptionMode")) == (True, sent)


def test_new_nodes_are_named_by_shard_and_number() -> None:
    assert _elasticache.members("redis", 2, 0, 0) == ["redis-001", "redis-002"]
    assert _elasticache.members("redis", 0, 2, 1) == [
        "redis-0001-001",
        "redis-0001-002",
        "redis-0002-001",
        "redis-0002-002",
    ]
