# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _rds
from ansible_collections.uex.payments.plugins.modules.rds_db_instance import DBInstance
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject
from ansible_collections.uex.payments.tests.unit.plugins.modules.test_elasticache_subnet_group import subnets

OPTIONS = ("name", *_rds.SWITCHES, *_rds.VALUES, *_rds.NESTED, *_rds.INITIAL, "tags")
EMPTY: dict[str, Any] = dict.fromkeys(OPTIONS)
NAME = "uex-payments-test-db"
REPLICA = "uex-payments-test-db-replica-1"


def prepare(connect: Connect) -> None:
    """What an instance refers to: a secret with its password and a subnet group."""
    connect("secretsmanager").create_secret(Name="database", SecretString=json.dumps({"password": "correct-horse"}))
    group = {"DBSubnetGroupName": "data", "DBSubnetGroupDescription": "data"}
    connect("rds").create_db_subnet_group(**group, SubnetIds=subnets(connect))


def sample(connect: Connect) -> dict[str, Any]:
    prepare(connect)
    shared = {
        "engine": "postgres",
        "engine_version": "16",
        "engine_lifecycle_support": "open-source-rds-extended-support-disabled",
        "db_instance_class": "db.t3.medium",
        "allocated_storage": 50,
        "max_allocated_storage": 100,
        "storage_type": "gp3",
        "storage_encrypted": True,
        "master_username": "uex",
        "master_user_secret": {"secret_id": "database", "json_key": "password"},
        "db_subnet_group_name": "data",
        "multi_az": False,
        "backup_retention_period": 7,
        "preferred_backup_window": "03:00-04:00",
        "preferred_maintenance_window": "Sun:04:30-Sun:05:30",
        "enable_performance_insights": True,
        "performance_insights_retention_period": 7,
        "enable_cloudwatch_logs_exports": ["upgrade", "postgresql"],
        "deletion_protection": False,
        "copy_tags_to_snapshot": True,
        "publicly_accessible": False,
    }
    names = (NAME, "uex-payments-test-other")
    return {**BEHAVIOUR, "db_instances": [{**EMPTY, **shared, "name": name} for name in names]}


BEHAVIOUR = {
    "replicas": False,
    "apply_immediately": False,
    "allow_major_version_upgrade": False,
    "skip_final_snapshot": True,
    "final_snapshot_suffix": "",
    "delete_automated_backups": True,
}
CONTRACT = Contract(
    DBInstance,
    sample,
    change={"backup_retention_period": 14},
    unset=(
        "engine_lifecycle_support",
        "max_allocated_storage",
        "storage_type",
        "preferred_backup_window",
        "preferred_maintenance_window",
        "enable_performance_insights",
        "performance_insights_retention_period",
        "enable_cloudwatch_logs_exports",
        "copy_tags_to_snapshot",
    ),
)


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    return subject


def replica(**changed: Any) -> dict[str, Any]:
    """Options for the set of replicas, with one of them."""
    item = {**EMPTY, "name": REPLICA, "source_db_instance_identifier": NAME, "db_instance_class": "db.t3.medium"}
    return {"replicas": True, "db_instances": [{**item, **changed}]}


def live(subject: Subject, name: str = NAME) -> dict[str, Any]:
    """AWS's own view of an instance."""
    return subject.account.connect("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def only(subject: Subject, **changed: Any) -> dict[str, Any]:
    """The first instance alone, with something changed."""
    return subject.with_items([{**subject.items[0], **changed}])


def test_a_major_version_stands_for_its_newest_minor(made: Subject) -> None:
    client = made.account.connect("rds")
    versions = client.describe_db_engine_versions(Engine="postgres", DBParameterGroupFamily="postgres16")
    newest = max(int(entry["EngineVersion"].partition(".")[2]) for entry in versions["DBEngineVersions"])
    assert live(made)["EngineVersion"] == f"16.{newest}"


def test_the_password_comes_from_the_secret_and_is_never_returned(made: Subject) -> None:
    assert "correct-horse" not in str(made.run())
    with pytest.raises(LookupError, match="no JSON object with the key login"):
        made.resource().create("new", made.resource().desired({**made.items[0], **_with_key("login")}) | {"tags": {}})


def _with_key(key: str) -> dict[str, Any]:
    return {"master_user_secret": {"secret_id": "database", "json_key": key}}


def test_a_change_that_interrupts_waits_for_the_window_and_is_no_drift(made: Subject) -> None:
    changed = only(made, db_instance_class="db.t3.large")
    outcome = made.run(**changed)
    assert outcome.failed == []
    assert live(made)["DBInstanceClass"] == "db.t3.medium"
    assert outcome.resources[NAME]["pending_changes"] == ["db_instance_class"]
    assert made.run(**changed).done == []


def test_a_change_that_interrupts_is_made_at_once_when_asked(made: Subject) -> None:
    assert made.run(apply_immediately=True, **only(made, db_instance_class="db.t3.large")).failed == []
    assert live(made)["DBInstanceClass"] == "db.t3.large"


def test_exports_are_switched_on_and_off(made: Subject) -> None:
    assert made.run(**only(made, enable_cloudwatch_logs_exports=["upgrade"])).failed == []
    assert live(made)["EnabledCloudwatchLogsExports"] == ["upgrade"]


def test_what_cannot_change_is_refused(made: Subject) -> None:
    outcome = made.run(check_mode=True, **only(made, master_username="admin"))
    assert {failure.code for failure in outcome.failed} == {"Frozen"}


def test_a_replica_is_made_of_its_source_and_then_kept(made: Subject) -> None:
    assert made.run(**replica()).failed == []
    assert live(made, REPLICA)["ReadReplicaSourceDBInstanceIdentifier"] == NAME
    assert live(made)["ReadReplicaDBInstanceIdentifiers"] == [REPLICA]
    assert made.run(**replica()).done == []


def test_pruning_one_set_spares_the_other(made: Subject) -> None:
    assert made.run(**replica()).failed == []
    assert made.run(prune=True).done == []
    outcome = made.run(prune=True, replicas=True, db_instances=[])
    assert [plan.name for plan in outcome.done] == [REPLICA]


def test_a_source_with_replicas_is_not_deleted(made: Subject) -> None:
    assert made.run(**replica()).failed == []
    outcome = made.run(prune=True, **made.with_items(made.items[1:]))
    assert {failure.code for failure in outcome.failed} == {"HasReplicas"}


def test_deletion_leaves_a_last_snapshot(made: Subject) -> None:
    settings = {"skip_final_snapshot": False, "final_snapshot_suffix": "end"}
    outcome = made.run(prune=True, **settings, **made.with_items(made.items[1:]))
    assert outcome.failed == []
    snapshots = made.account.connect("rds").describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    assert [entry["DBSnapshotIdentifier"] for entry in snapshots] == [f"{NAME}-final-end"]


def test_an_instance_being_made_is_neither_compared_nor_created_again(made: Subject) -> None:
    resource = made.resource(**only(made, multi_az=True))
    making = {**live(made), "DBInstanceStatus": "creating"}
    del making["Endpoint"]
    observed = resource.observed(making)
    assert (observed["ready"], observed["endpoint_address"]) == (False, "(known after apply)")
    assert "multi_az" not in observed


@pytest.mark.parametrize(("replicas", "source"), [(True, None), (False, NAME)])
def test_primaries_and_replicas_are_not_mixed(replicas: bool, source: str | None) -> None:
    resource = DBInstance(lambda service: None, {"replicas": replicas})
    problems = resource.validate({**EMPTY, "name": NAME, "source_db_instance_identifier": source})
    assert next(iter(problems)).startswith("source_db_instance_identifier:")
