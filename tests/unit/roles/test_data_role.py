# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the data role's variables come to: databases, caches and their groups, and in which order its tasks run."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.uex.payments.plugins.module_utils import _data_rules, _elasticache, _rds
from ansible_collections.uex.payments.plugins.modules import elasticache_replication_group, rds_db_instance
from ansible_collections.uex.payments.tests.support import role_vars

NAME = "uex-payments-test"
KEY = "arn:aws:kms:us-east-1:123456789012:key/data"
COMMON = {
    "stack_name": NAME,
    "stack_environment": "test",
    "stack_region": "us-east-1",
    "stack_account": "123456789012",
    "stack_partition": "aws",
    "stack_tags": {},
    "stack_kms_keys": {"data": KEY, "logs": KEY},
    "stack_security_groups": {f"{NAME}-{kind}": {"group_id": f"sg-{kind}"} for kind in ("rds", "redis")},
    "stack_deletion_protection": True,
}
ENGINES = [("redis", "7.0", "redis7"), ("redis", "7.1", "redis7"), ("valkey", "7.2", "valkey7")]
ENGINES += [("valkey", "8.0", "valkey8"), ("valkey", "8.1", "valkey8")]
CASES = {
    "default": COMMON,
    "large": {
        **COMMON,
        "data_db_replica_count": 2,
        "data_db_multi_az": True,
        "data_db_allocated_storage": 500,
        "data_db_max_allocated_storage": 1000,
        "data_db_iops": 20000,
        "data_db_storage_throughput": 600,
        "data_redis_node_count": 3,
    },
    "shards": {**COMMON, "data_redis_shard_count": 2},
    "preferred": {**COMMON, "data_redis_transit_encryption_mode": "preferred"},
    "17": {**COMMON, "data_db_engine_version": "17.2"},
    **{
        f"{engine} {version}": {**COMMON, "data_redis_engine": engine, "data_redis_engine_version": version}
        for engine, version, _family in ENGINES
    },
}
NAMES = [
    "__data_db_instances",
    "__data_db_replicas",
    "__data_db_parameter_groups",
    "__data_option_groups",
    "__data_replication_groups",
    "__data_cache_parameter_groups",
    "__data_log_groups",
]


@pytest.fixture(scope="module")
def variables() -> dict[str, Any]:
    return role_vars.evaluate("data", NAMES, CASES)


def instances(case: dict[str, Any]) -> list[dict[str, Any]]:
    return [*case["__data_db_instances"], *case["__data_db_replicas"]]


def group(case: dict[str, Any]) -> dict[str, Any]:
    (found,) = case["__data_replication_groups"]
    return dict(found)


@pytest.mark.parametrize("case", CASES)
def test_what_the_role_declares_is_what_aws_takes(variables: dict[str, Any], case: str) -> None:
    for item in instances(variables[case]):
        assert list(_rds.problems(item)) == []
    assert list(_elasticache.problems(group(variables[case]))) == []


@pytest.mark.parametrize("case", ["default", "large"])
def test_no_instance_buys_extended_support_or_an_authority_that_ends(variables: dict[str, Any], case: str) -> None:
    lifecycles = {item["engine_lifecycle_support"] for item in instances(variables[case])}
    assert lifecycles == {"open-source-rds-extended-support-disabled"}
    assert {item["ca_certificate_identifier"] for item in instances(variables[case])} == {"rds-ca-rsa2048-g1"}


def test_storage_grows_by_itself_only_where_that_is_declared(variables: dict[str, Any]) -> None:
    assert {item["max_allocated_storage"] for item in instances(variables["default"])} == {None}
    assert {item["max_allocated_storage"] for item in instances(variables["large"])} == {1000}
    sent = _rds.creation("db", _rds.desired(variables["large"]["__data_db_instances"][0]))
    assert (sent["MaxAllocatedStorage"], sent["Iops"], sent["StorageThroughput"]) == (1000, 20000, 600)


@pytest.mark.parametrize("case", ["default", "large"])
def test_every_log_has_a_group_of_ours(variables: dict[str, Any], case: str) -> None:
    names = {each["name"] for each in variables[case]["__data_log_groups"]}
    logs = [
        (item["name"], log) for item in instances(variables[case]) for log in item["enable_cloudwatch_logs_exports"]
    ]
    assert {f"/aws/rds/instance/{instance}/{log}" for instance, log in logs} < names
    deliveries = group(variables[case])["log_delivery_configurations"]
    assert {each["log_type"] for each in deliveries} == {"slow-log", "engine-log"}
    assert {each["log_group"] for each in deliveries} < names


def test_log_groups_come_before_what_writes_to_them() -> None:
    text = (role_vars.ROLES / "data" / "tasks" / "main.yml").read_text(encoding="utf-8")
    files = [task["ansible.builtin.import_tasks"] for task in yaml.safe_load(text)]
    assert files.index("log_groups.yml") < files.index("groups.yml") < files.index("instances.yml")


@pytest.mark.parametrize(("case", "major"), [("default", "16"), ("17", "17")])
def test_groups_carry_the_major_version_and_the_option_group_is_empty(
    variables: dict[str, Any], case: str, major: str
) -> None:
    (parameters,), (options,) = (variables[case][f"__data_{kind}"] for kind in ("db_parameter_groups", "option_groups"))
    assert (parameters["name"], parameters["family"]) == (f"{NAME}-db-postgres{major}", f"postgres{major}")
    assert options.keys() == {"name", "engine_name", "major_engine_version", "description"}
    assert options["major_engine_version"] == major
    (instance,) = variables[case]["__data_db_instances"]
    assert (instance["db_parameter_group_name"], instance["option_group_name"]) == (parameters["name"], options["name"])


@pytest.mark.parametrize(("engine", "version", "family"), ENGINES)
def test_the_cache_s_parameters_are_of_its_engine_s_family(
    variables: dict[str, Any], engine: str, version: str, family: str
) -> None:
    case = variables[f"{engine} {version}"]
    (parameters,) = case["__data_cache_parameter_groups"]
    assert (parameters["family"], _data_rules.family(engine, version)) == (family, family)
    declared = group(case)
    assert (declared["engine"], declared["engine_version"]) == (engine, version)
    assert declared["cache_parameter_group_name"] == parameters["name"] == f"{NAME}-redis-{family}"


def test_cluster_mode_is_shards_failover_and_parameters_of_its_own(variables: dict[str, Any]) -> None:
    (parameters,) = variables["shards"]["__data_cache_parameter_groups"]
    assert parameters["parameters"]["cluster-enabled"] == "yes"
    assert parameters["name"].endswith("-cluster")
    declared = group(variables["shards"])
    assert (declared["num_node_groups"], declared["replicas_per_node_group"]) == (2, 1)
    assert declared["automatic_failover_enabled"] is declared["multi_az_enabled"] is True
    (plain,) = variables["default"]["__data_cache_parameter_groups"]
    assert "cluster-enabled" not in plain["parameters"]


@pytest.mark.parametrize(("case", "failover"), [("default", False), ("large", True)])
def test_failover_is_on_where_there_are_two_nodes(variables: dict[str, Any], case: str, failover: bool) -> None:
    declared = group(variables[case])
    assert declared["automatic_failover_enabled"] is declared["multi_az_enabled"] is failover


@pytest.mark.parametrize(("case", "mode"), [("default", "required"), ("preferred", "preferred")])
def test_clients_need_tls_and_the_token_unless_told_otherwise(variables: dict[str, Any], case: str, mode: str) -> None:
    declared = group(variables[case])
    assert (declared["transit_encryption_enabled"], declared["transit_encryption_mode"]) == (True, mode)
    assert declared["auth_token_secret"]["secret_id"] == f"{NAME}/redis"


def test_the_cache_is_backed_up_and_maintained_in_windows(variables: dict[str, Any]) -> None:
    declared = {**group(variables["default"]), "log_delivery_configurations": None}
    sent = _elasticache.creation("redis", _elasticache.desired(declared))
    assert (sent["SnapshotWindow"], sent["SnapshotRetentionLimit"]) == ("01:00-02:00", 1)
    assert sent["PreferredMaintenanceWindow"] == "sun:04:30-sun:05:30"


def test_replicas_are_spread_over_the_environment_s_zones() -> None:
    (task,) = yaml.safe_load((role_vars.ROLES / "data" / "tasks" / "replicas.yml").read_text(encoding="utf-8"))
    assert task["uex.payments.rds_db_instance"]["availability_zones"] == "{{ network_availability_zones }}"


@pytest.mark.parametrize(
    ("file", "module", "variable"),
    [
        ("instances.yml", "rds_db_instance", "data_db_replacement_confirmed"),
        ("instances.yml", "elasticache_replication_group", "data_redis_replacement_confirmed"),
    ],
)
def test_what_confirms_a_replacement_is_what_the_refusal_names(file: str, module: str, variable: str) -> None:
    tasks = yaml.safe_load((role_vars.ROLES / "data" / "tasks" / file).read_text(encoding="utf-8"))
    (options,) = (task[f"uex.payments.{module}"] for task in tasks if f"uex.payments.{module}" in task)
    assert options["replacement_confirmed"] == f"{{{{ {variable} }}}}"
    kinds = (rds_db_instance.DBInstance, elasticache_replication_group.ReplicationGroup)
    assert variable in {kind.confirmed_by for kind in kinds}
