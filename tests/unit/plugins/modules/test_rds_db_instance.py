# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import functools
import json
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _rds, _resource
from ansible_collections.uex.payments.plugins.module_utils._calls import patiently
from ansible_collections.uex.payments.plugins.modules import rds_db_instance
from ansible_collections.uex.payments.plugins.modules.rds_db_instance import DBInstance
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject
from ansible_collections.uex.payments.tests.support.fake import Refused
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
    "availability_zones": [],
    "spare_promoted": True,
    "restore_from": {},
    "replacement_confirmed": "",
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
    assert [failure.code for failure in outcome.failed] == ["Refused"]
    assert "master_username from 'uex' to 'admin'" in outcome.failed[0].message


@pytest.mark.parametrize("options", ({}, {"replacement_confirmed": "uex-payments-test-other"}), ids=["no", "another"])
def test_what_only_a_replacement_changes_is_refused_and_says_how_to_confirm(made: Subject, options: Any) -> None:
    outcome = made.run(check_mode=True, **options, **only(made, db_subnet_group_name="other"))
    assert [failure.code for failure in outcome.failed] == ["Frozen"]
    assert f"data_db_replacement_confirmed={NAME}" in outcome.failed[0].hint


def key(subject: Subject) -> str:
    return subject.account.connect("kms").create_key()["KeyMetadata"]["Arn"]


def confirmed(subject: Subject, **changed: Any) -> dict[str, Any]:
    """The first instance alone, changed and confirmed."""
    return {"replacement_confirmed": NAME, **only(subject, **changed)}


def snapshots(subject: Subject) -> list[str]:
    entries = subject.account.connect("rds").describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    return sorted(entry["DBSnapshotIdentifier"] for entry in entries)


def rds_calls(subject: Subject) -> list[str]:
    """What RDS was told to do since the last time this was asked."""
    return [operation for service, operation in subject.account.written() if service == "rds"]


def test_a_confirmed_replacement_is_planned_as_one_and_done_through_a_snapshot(made: Subject) -> None:
    changed = confirmed(made, kms_key_id=key(made), backup_retention_period=14, monitoring_interval=0)
    made.account.written()
    (plan,) = made.run(check_mode=True, **changed).plans
    assert (plan.verb, plan.options) == ("replace", {"kms_key_id", "backup_retention_period"})
    assert list(made.resource().effects(plan)) == ["interrupts", "keeps its data"]
    before = live(made)["DbiResourceId"]
    assert rds_calls(made) == []
    outcome = made.run(**changed)
    assert outcome.failed == []
    after = live(made)
    assert after["DbiResourceId"] != before
    assert (after["KmsKeyId"], after["BackupRetentionPeriod"]) == (changed["db_instances"][0]["kms_key_id"], 14)
    assert snapshots(made) == []
    calls = rds_calls(made)
    assert calls[:3] == ["DeleteDBInstance", "CopyDBSnapshot", "RestoreDBInstanceFromDBSnapshot"]
    assert "CreateDBInstance" not in calls
    assert calls[-2:] == ["DeleteDBSnapshot"] * 2
    assert made.run(**changed).done == []


def test_a_replacement_with_the_same_key_copies_nothing(made: Subject) -> None:
    client = made.account.connect("rds")
    group = {"DBSubnetGroupName": "other", "DBSubnetGroupDescription": "other"}
    ids = [each["SubnetIdentifier"] for each in live(made)["DBSubnetGroup"]["Subnets"]]
    client.create_db_subnet_group(**group, SubnetIds=ids)
    made.account.written()
    assert made.run(**confirmed(made, db_subnet_group_name="other")).failed == []
    assert "CopyDBSnapshot" not in rds_calls(made)
    assert live(made)["DBSubnetGroup"]["DBSubnetGroupName"] == "other"


@pytest.mark.parametrize("operation", ["copy_db_snapshot", "restore_db_instance_from_db_snapshot"])
def test_an_interrupted_replacement_goes_on_and_never_makes_an_empty_database(
    made: Subject, operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = confirmed(made, kms_key_id=key(made))
    client = made.account.connect("rds")
    with monkeypatch.context() as broken:
        broken.setattr(client, operation, _fail)
        assert [failure.code for failure in made.run(**changed).failed] == ["Interrupted"]
    assert f"{NAME}-replacement" in snapshots(made)
    again = {**changed, "replacement_confirmed": ""}
    made.account.written()
    resource = made.resource(**again)
    (plan,) = _resource.decide(resource, resource.wanted(), resource.observe())
    assert (plan.verb, list(resource.effects(plan))) == ("create", [f"made of the snapshot {NAME}-replacement"])
    assert made.run(**again).failed == []
    calls = rds_calls(made)
    assert "CreateDBInstance" not in calls
    assert calls.count("CopyDBSnapshot") == (operation == "copy_db_snapshot")
    assert (live(made)["KmsKeyId"], snapshots(made)) == (changed["db_instances"][0]["kms_key_id"], [])


class Interrupted(Exception):
    """A run that ends in the middle."""


def _fail(**_arguments: Any) -> None:
    raise Interrupted("in the middle")


def test_a_restore_that_does_not_become_available_keeps_its_snapshot(
    made: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = iter([None, "restore-error", "restore-error"])
    monkeypatch.setattr(DBInstance, "status", lambda _self, _name: next(states))
    outcome = made.run(**confirmed(made, kms_key_id=key(made)))
    assert [failure.code for failure in outcome.failed] == ["NotRestored"]
    assert f"{NAME}-replacement" in snapshots(made)


def test_nothing_is_restored_before_the_old_one_is_gone(made: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    client, seen = made.account.connect("rds"), []
    restore, status = client.restore_db_instance_from_db_snapshot, DBInstance.status
    late = iter(["deleting", "deleting"])

    def slow_status(self: Any, name: str) -> Any:
        seen.append(next(late, "as it is"))
        return status(self, name) if seen[-1] == "as it is" else seen[-1]

    def noted_restore(**arguments: Any) -> Any:
        seen.append("restore")
        return restore(**arguments)

    monkeypatch.setattr(DBInstance, "status", slow_status)
    monkeypatch.setattr(client, "restore_db_instance_from_db_snapshot", noted_restore)
    until = functools.partial(rds_db_instance._wait.until, sleep=lambda _seconds: None)
    monkeypatch.setattr(rds_db_instance._wait, "until", until)
    assert made.run(**confirmed(made, kms_key_id=key(made))).failed == []
    assert seen[:4] == ["deleting", "deleting", "as it is", "restore"]


def test_a_replacement_keeps_the_automated_backups_of_the_old_one(
    made: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, asked = made.account.connect("rds"), {}
    monkeypatch.setattr(client, "delete_db_instance", lambda **arguments: asked.update(arguments))
    made.resource().retire(NAME, "last")
    assert asked == {
        "DBInstanceIdentifier": NAME,
        "SkipFinalSnapshot": False,
        "FinalDBSnapshotIdentifier": "last",
        "DeleteAutomatedBackups": False,
    }


def test_a_copy_of_something_else_is_not_restored(made: Subject) -> None:
    client, changed = made.account.connect("rds"), confirmed(made, kms_key_id=key(made))
    client.create_db_snapshot(DBInstanceIdentifier=NAME, DBSnapshotIdentifier=f"{NAME}-replacement-copy")
    last = {"SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": f"{NAME}-replacement"}
    client.delete_db_instance(DBInstanceIdentifier=NAME, **last)
    assert [failure.code for failure in made.run(**changed).failed] == ["NotRestored"]
    assert len(snapshots(made)) == 2


@pytest.mark.parametrize("snapshot", [f"{NAME}-replacement", f"{NAME}-replacement-copy"])
def test_what_an_earlier_replacement_left_is_in_the_way_of_the_next(made: Subject, snapshot: str) -> None:
    made.account.connect("rds").create_db_snapshot(DBInstanceIdentifier=NAME, DBSnapshotIdentifier=snapshot)
    made.account.written()
    outcome = made.run(**confirmed(made, kms_key_id=key(made)))
    assert [failure.code for failure in outcome.failed] == ["Refused"]
    assert snapshot in outcome.failed[0].message
    assert rds_calls(made) == []


def test_a_replacement_needs_replicas_and_protection_gone(made: Subject) -> None:
    assert made.run(**only(made, deletion_protection=True)).failed == []
    changed = confirmed(made, kms_key_id=key(made))
    assert "deletion protection" in made.run(check_mode=True, **changed).failed[0].message
    assert made.run(**replica()).failed == []
    assert REPLICA in made.run(check_mode=True, **changed).failed[0].message


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


def spread(subject: Subject, *names: str, **options: Any) -> dict[str, str]:
    """The zones of new replicas; the zones are not in the order in which AWS itself would take them."""
    items = [{**replica()["db_instances"][0], "name": name, **options} for name in names]
    zones = {"availability_zones": ["us-east-1c", "us-east-1b", "us-east-1a"]}
    assert subject.run(**{**replica(), **zones, **subject.with_items(items)}).failed == []
    return {name: live(subject, name)["AvailabilityZone"] for name in names}


def test_replicas_of_one_task_go_into_zones_of_their_own(made: Subject) -> None:
    assert live(made)["AvailabilityZone"] == "us-east-1a"
    names = ("replica-1", "replica-2")
    zones = spread(made, *names)
    assert zones == {"replica-1": "us-east-1c", "replica-2": "us-east-1b"}
    assert spread(made, *names, "replica-3") == {**zones, "replica-3": "us-east-1c"}  # nothing is moved for it


def test_no_zone_is_in_a_plan(made: Subject) -> None:
    (plan,) = made.run(check_mode=True, **{**replica(), "availability_zones": ["us-east-1c"]}).plans
    assert "us-east-1c" not in str(plan)


def test_a_declared_zone_goes_before(made: Subject) -> None:
    assert spread(made, "replica-1", availability_zone="us-east-1a") == {"replica-1": "us-east-1a"}


@pytest.fixture
def promoted(made: Subject) -> Subject:
    """A replica that somebody promoted."""
    assert made.run(**replica()).failed == []
    made.account.connect("rds").promote_read_replica(DBInstanceIdentifier=REPLICA)
    made.account.written()
    return made


@pytest.mark.parametrize(
    "options",
    [
        replica(),
        {"prune": True},
        {"prune": True, "only_prune": True},
        {"db_instances": [{**EMPTY, "name": REPLICA, "db_instance_class": "db.t3.medium"}]},
    ],
    ids=["declared", "prune", "only prune", "declared as a primary"],
)
@pytest.mark.parametrize("check_mode", [True, False])
def test_a_promoted_replica_is_refused_by_name_and_left_alone(
    promoted: Subject, options: Any, check_mode: bool
) -> None:
    outcome = promoted.run(check_mode=check_mode, **options)
    (failure,) = outcome.failed
    assert (failure.name, failure.code) == (REPLICA, "Refused")
    assert f"read replica of {NAME}" in failure.message
    assert "delete it yourself" in failure.hint
    assert rds_calls(promoted) == []


def test_a_promoted_replica_goes_with_its_environment(promoted: Subject) -> None:
    outcome = promoted.run(prune=True, spare_promoted=False, db_instances=[], skip_final_snapshot=False)
    assert outcome.failed == []
    assert any(name.startswith(f"{REPLICA}-final-") for name in snapshots(promoted))


def test_a_replica_whose_source_is_gone_is_refused(made: Subject) -> None:
    assert made.run(**replica()).failed == []
    made.account.connect("rds").delete_db_instance(DBInstanceIdentifier=NAME, SkipFinalSnapshot=True)
    assert [failure.name for failure in made.run(**replica()).failed] == [REPLICA]


def test_a_replica_is_no_primary(made: Subject) -> None:
    assert made.run(**replica()).failed == []
    (failure,) = made.run(db_instances=[{**EMPTY, "name": REPLICA}]).failed
    assert f"read replica of {NAME}" in failure.message


def test_a_minor_upgrade_takes_the_replicas_first(made: Subject) -> None:
    assert made.run(**only(made, name="source", engine_version="16.3")).failed == []
    assert made.run(**replica(source_db_instance_identifier="source")).failed == []
    newer = only(made, name="source", engine_version="16.9")
    made.account.written()
    assert "cannot wait for the window" in made.run(**newer).failed[0].message
    assert rds_calls(made) == []
    assert made.run(**newer, apply_immediately=True).failed == []
    assert [live(made, name)["EngineVersion"] for name in ("source", REPLICA)] == ["16.9", "16.9"]


@pytest.mark.parametrize(("at_once", "version"), [(True, "17."), (False, "16.")])
def test_a_major_upgrade_has_to_be_allowed_and_takes_groups_of_its_own(
    made: Subject, at_once: bool, version: str
) -> None:
    group = {"DBParameterGroupName": "new", "DBParameterGroupFamily": "postgres17", "Description": "new"}
    made.account.connect("rds").create_db_parameter_group(**group)
    changed = {**only(made, engine_version="17", db_parameter_group_name="new"), "apply_immediately": at_once}
    (failure,) = made.run(check_mode=True, **changed).failed
    assert "another major version" in failure.message
    made.account.written()
    assert made.run(**changed, allow_major_version_upgrade=True).failed == []
    assert rds_calls(made) == ["ModifyDBInstance"]
    assert live(made)["EngineVersion"].startswith(version)
    assert made.run(**changed, allow_major_version_upgrade=True).done == []


def test_an_older_minor_than_the_live_one_is_no_drift_and_a_newer_one_an_upgrade(made: Subject) -> None:
    assert made.run(**only(made, name="other", engine_version="16.4")).failed == []
    older, newer = (only(made, name="other", engine_version=version) for version in ("16.3", "16.9"))
    assert made.run(**older).done == []
    assert [change.field for change in made.run(check_mode=True, **newer).plans[0].changes] == ["engine_version"]


def test_a_replica_takes_groups_of_a_new_version_when_it_has_it(made: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    client = made.account.connect("rds")
    assert made.run(**replica()).failed == []
    group = {"DBParameterGroupName": "new", "DBParameterGroupFamily": "postgres17", "Description": "new"}
    client.create_db_parameter_group(**group)
    upgrade = {"EngineVersion": "17", "AllowMajorVersionUpgrade": True, "ApplyImmediately": True}
    client.modify_db_instance(DBInstanceIdentifier=NAME, **upgrade)
    asked: list[tuple[str, str]] = []
    answers = iter([False, True])
    until = functools.partial(rds_db_instance._wait.until, sleep=lambda _seconds: None)
    monkeypatch.setattr(rds_db_instance._wait, "until", until)

    def has_version(_self: Any, name: str, version: str) -> bool:
        asked.append((name, version))
        return next(answers)

    monkeypatch.setattr(DBInstance, "_has_version", has_version)
    assert made.run(**replica(db_parameter_group_name="new")).failed == []
    assert asked == [(REPLICA, "17")] * 2


def test_a_role_that_rds_does_not_see_yet_is_waited_for(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    subject = Subject(CONTRACT, Account())
    client = subject.account.connect("rds")
    create, tries = client.create_db_instance, []

    def late(**arguments: Any) -> Any:
        tries.append(arguments["DBInstanceIdentifier"])
        if tries.count(tries[-1]) == 1:
            message = (
                "IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING"
            )
            raise Refused("InvalidParameterValue", message)
        return create(**arguments)

    monkeypatch.setattr(client, "create_db_instance", late)
    monkeypatch.setattr(rds_db_instance, "patiently", functools.partial(patiently, pause=0))
    assert subject.run().failed == []
    assert sorted(tries) == sorted(subject.names() * 2)


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


# Restores beside the database


def restored_options(subject: Subject, **source: str) -> dict[str, Any]:
    """One more instance, that is made of something; its groups are as it was declared."""
    item = {**subject.items[0], "name": f"{NAME}-restored-20261127-100000", "tags": {"RestoredFrom": "x"}}
    return {**subject.with_items([item]), "restore_from": source}


def test_an_instance_is_made_of_a_snapshot_and_gets_the_settings_that_a_restore_is_not_told(made: Subject) -> None:
    client = made.account.connect("rds")
    client.create_db_snapshot(DBInstanceIdentifier=NAME, DBSnapshotIdentifier="snap")
    options = restored_options(made, snapshot="snap")
    (plan,) = made.run(check_mode=True, **options).plans
    assert list(made.resource(**options).effects(plan)) == ["made of the snapshot snap"]
    assert made.run(**options).failed == []
    assert made.run(**options).done == []
    name = options["db_instances"][0]["name"]
    assert live(made, name)["BackupRetentionPeriod"] == 7
    assert live(made, name)["PerformanceInsightsEnabled"]


def test_an_instance_is_made_of_another_one_s_moment(made: Subject) -> None:
    options = restored_options(made, db_instance=NAME, time="latest")
    rds_calls(made)
    assert made.run(**options).failed == []
    assert rds_calls(made)[0] == "RestoreDBInstanceToPointInTime"
    assert made.run(**options).done == []


def test_a_prune_spares_what_a_restore_has_set_aside_and_a_teardown_does_not(made: Subject) -> None:
    options = restored_options(made, db_instance=NAME, time="latest")
    assert made.run(**options).failed == []
    outcome = made.run(prune=True, **made.with_items(made.items))
    assert [plan.verb for plan in outcome.done] == []
    outcome = made.run(prune=True, spare_promoted=False, **made.with_items(made.items))
    assert [(plan.verb, plan.name) for plan in outcome.done] == [("delete", options["db_instances"][0]["name"])]
