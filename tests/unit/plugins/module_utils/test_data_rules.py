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
    "stack_name": "uex-payments-prod",
    "data_db_engine_version": "16",
    "data_db_name": "uex",
    "data_db_master_username": "uex",
    "data_db_storage_type": "gp3",
    "data_db_iops": 0,
    "data_db_storage_throughput": 0,
    "data_db_parameters": {},
    "data_db_replacement_confirmed": "",
    "data_db_backup_window": "02:00-03:00",
    "data_db_maintenance_window": "sun:03:30-sun:04:30",
    "data_redis_engine": "redis",
    "data_redis_engine_version": "7.1",
    "data_redis_node_count": 3,
    "data_redis_shard_count": 0,
    "data_redis_replicas_per_shard": 1,
    "data_redis_node_type": "cache.r5.large",
    "data_redis_parameters": {},
    "data_redis_replacement_confirmed": "",
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
        {"data_db_name": "postgres"},
        {"data_db_storage_type": "io2", "data_db_iops": 5000},
        {"data_db_iops": 20000, "data_db_storage_throughput": 5000 // 2},
        {"data_db_parameters": {"rds.force_ssl": 1, "work_mem": "4MB", "autovacuum": True, "random_page_cost": 1.1}},
        {"data_redis_parameters": {"maxmemory-policy": "allkeys-lru"}},
        {"data_redis_shard_count": 250},
        {"data_redis_node_type": "cache.t4g.micro"},
        {"data_db_replacement_confirmed": "uex-payments-prod-db"},
        {"data_redis_replacement_confirmed": "uex-payments-prod-redis"},
        {"data_db_maintenance_window": "SUN:23:45-mon:00:15"},
        {"data_db_backup_window": "23:00-00:30"},
    ],
)
def test_sound_inventories_have_no_problems(changed: dict[str, Any]) -> None:
    assert problems(**changed) == []


@pytest.mark.parametrize(
    ("changed", "variable"),
    [
        ({"data_uex_api_key": ""}, "data_uex_api_key"),
        ({"data_db_backup_window": "2-3"}, "data_db_backup_window"),
        ({"data_db_backup_window": "02:00-02:20"}, "data_db_backup_window"),
        ({"data_db_maintenance_window": "03:30-04:30"}, "data_db_maintenance_window"),
        ({"data_db_maintenance_window": "sun:03:30-mon:04:30"}, "data_db_maintenance_window"),
        ({"data_db_maintenance_window": "sunday:03:30-sunday:04:30"}, "data_db_maintenance_window"),
        ({"data_redis_maintenance_window": "sun:04:30-sun:05:00"}, "data_redis_maintenance_window"),
        ({"data_redis_snapshot_window": "01:00-01:30"}, "data_redis_snapshot_window"),
        ({"data_db_name": "user"}, "data_db_name"),
        ({"data_db_name": "uex-payments"}, "data_db_name"),
        ({"data_db_name": "rdsadmin"}, "data_db_name"),
        ({"data_db_master_username": "admin"}, "data_db_master_username"),
        ({"data_db_master_username": "pg_root"}, "data_db_master_username"),
        ({"data_db_master_username": "u" * 17}, "data_db_master_username"),
        ({"data_db_storage_type": "io1"}, "data_db_iops"),
        ({"data_db_storage_type": "gp2", "data_db_iops": 3000}, "data_db_iops"),
        ({"data_db_iops": 3000}, "data_db_iops"),
        ({"data_db_storage_throughput": 5000}, "data_db_storage_throughput"),
        ({"data_db_allocated_storage": 10}, "data_db_allocated_storage"),
        ({"data_db_max_allocated_storage": 70000}, "data_db_max_allocated_storage"),
        ({"data_db_parameters": {"Work Mem": 4}}, "data_db_parameters.Work Mem"),
        ({"data_db_parameters": {"work_mem": None}}, "data_db_parameters.work_mem"),
        ({"data_db_parameters": {"work_mem": [4]}}, "data_db_parameters.work_mem"),
        ({"data_redis_parameters": {"maxmemory_policy": "x"}}, "data_redis_parameters.maxmemory_policy"),
        ({"data_redis_parameters": {"cluster-enabled": "yes"}}, "data_redis_parameters.cluster-enabled"),
        ({"data_redis_node_count": 7}, "data_redis_node_count"),
        ({"data_redis_replicas_per_shard": 6}, "data_redis_replicas_per_shard"),
        ({"data_redis_shard_count": 2, "data_redis_replicas_per_shard": 0}, "data_redis_replicas_per_shard"),
        ({"data_redis_shard_count": 251}, "data_redis_shard_count"),
        ({"data_redis_node_type": "db.t3.micro"}, "data_redis_node_type"),
        ({"data_redis_node_type": "cache.t1.micro"}, "data_redis_node_type"),
        ({"data_redis_node_type": "cache.r6gd.xlarge"}, "data_redis_node_type"),
        ({"data_db_replacement_confirmed": "uex-payments-dev-db"}, "data_db_replacement_confirmed"),
        ({"data_redis_replacement_confirmed": "yes"}, "data_redis_replacement_confirmed"),
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
