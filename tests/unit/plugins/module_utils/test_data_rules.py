# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _data_rules

SOUND: dict[str, Any] = {
    "stack_environment": "prod",
    "stack_endpoint_url": "",
    **dict.fromkeys(_data_rules.CREDENTIALS, "given"),
    "data_db_replica_count": 2,
    "data_db_backup_retention_period": 35,
    "data_db_allocated_storage": 500,
    "data_db_max_allocated_storage": 1000,
    "data_db_engine_version": "16",
    "data_db_backup_window": "02:00-03:00",
    "data_db_maintenance_window": "sun:03:30-sun:04:30",
    "data_redis_engine": "redis",
    "data_redis_engine_version": "7.1",
    "data_redis_node_count": 3,
    "data_redis_shard_count": 0,
    "data_redis_automatic_failover": True,
    "data_redis_snapshot_window": "01:00-02:00",
    "data_redis_maintenance_window": "sun:04:30-sun:05:30",
}
SINGLE = {"data_redis_node_count": 1, "data_redis_automatic_failover": False}


def problems(**changed: Any) -> list[str]:
    """The variables that the rules complain of."""
    values = {**SOUND, **changed}
    return [problem.partition(":")[0] for rule in _data_rules.RULES for problem in rule(values)]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        SINGLE,
        {"data_uex_api_key": "", "stack_endpoint_url": "http://127.0.0.1:5566"},
        {"data_uex_api_key": "", "stack_environment": "dev"},
        {"data_db_max_allocated_storage": 0},
        {"data_db_replica_count": 0, "data_db_backup_retention_period": 0},
        {"data_redis_engine": "valkey", "data_redis_engine_version": "8.0"},
    ],
)
def test_sound_inventories_have_no_problems(changed: dict[str, Any]) -> None:
    assert problems(**changed) == []


@pytest.mark.parametrize(
    ("changed", "variable"),
    [
        ({"data_uex_api_key": ""}, "data_uex_api_key"),
        ({"data_db_backup_window": "2-3"}, "data_db_maintenance_window"),
        ({"data_redis_maintenance_window": "sunday"}, "data_redis_maintenance_window"),
        ({"stack_environment": "staging", "data_uex_api_referral_code": ""}, "data_uex_api_referral_code"),
        ({"data_db_backup_retention_period": 0}, "data_db_backup_retention_period"),
        ({"data_db_max_allocated_storage": 549}, "data_db_max_allocated_storage"),
        ({"data_db_engine_version": "latest"}, "data_db_engine_version"),
        ({"data_redis_node_count": 1}, "data_redis_automatic_failover"),
        ({"data_redis_shard_count": 2, "data_redis_automatic_failover": False}, "data_redis_automatic_failover"),
        ({"data_redis_engine_version": "6.2"}, "data_redis_engine_version"),
        ({"data_redis_engine": "valkey"}, "data_redis_engine_version"),
        ({"data_db_backup_window": "04:00-05:00"}, "data_db_maintenance_window"),
        ({"data_redis_snapshot_window": "23:30-05:00"}, "data_redis_maintenance_window"),
    ],
)
def test_what_aws_would_refuse_is_refused_by_name(changed: dict[str, Any], variable: str) -> None:
    assert problems(**changed) == [variable]


@pytest.mark.parametrize(
    ("engine", "version", "family"),
    [
        ("redis", "7.0", "redis7"),
        ("redis", "7.1", "redis7"),
        ("valkey", "7.2", "valkey7"),
        ("valkey", "8.1", "valkey8"),
    ],
)
def test_the_family_follows_from_the_version(engine: str, version: str, family: str) -> None:
    assert _data_rules.family(engine, version) == family
