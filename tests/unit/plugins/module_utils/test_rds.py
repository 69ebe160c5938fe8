# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _rds
from ansible_collections.uex.payments.tests.support.fake import Refused

MODEL = botocore.session.get_session().get_service_model("rds")
COMPARED = (*_rds.SWITCHES, *_rds.VALUES, *_rds.NESTED)
PRIMARY = {
    "name": "db",
    "engine": "postgres",
    "engine_version": "16",
    "db_instance_class": "db.t3.medium",
    "allocated_storage": 50,
    "master_username": "uex",
    "master_user_secret": {},
}
WINDOWS = {"preferred_backup_window": "03:00-04:00", "preferred_maintenance_window": "Sun:04:30-Sun:05:30"}
REPLICA = {"name": "db-replica-1", "source_db_instance_identifier": "db"}


def members(operation: str) -> set[str]:
    return set(MODEL.operation_model(operation).input_shape.members)


def test_every_option_is_a_member_of_the_requests() -> None:
    sent = {option: _rds.member(option) for option in (*COMPARED, "availability_zone")}
    assert {name for name in sent.values() if name not in members("CreateDBInstance")} == {"SourceDBInstanceIdentifier"}
    source = {"source_db_instance_identifier": "db"}
    replicated = dict.fromkeys(set(sent) - set(_rds.INHERITED), 1) | source
    assert set(_rds.creation("replica", replicated)) <= members("CreateDBInstanceReadReplica")
    assert set(_rds.creation("db", dict.fromkeys(set(sent) - set(source), 1))) <= members("CreateDBInstance")


def test_what_a_replica_inherits_cannot_be_sent_for_it() -> None:
    inherited = {_rds.member(option) for option in _rds.INHERITED if option not in ("kms_key_id", "master_user_secret")}
    assert not inherited & members("CreateDBInstanceReadReplica")


def test_a_restore_is_told_all_that_it_takes() -> None:
    declared = dict.fromkeys((*COMPARED, "availability_zone"), 1)
    told = set(_rds.restoration("db", declared))
    assert told <= members("RestoreDBInstanceFromDBSnapshot")
    could = {_rds.member(option) for option in declared} & members("RestoreDBInstanceFromDBSnapshot")
    late = {"BackupRetentionPeriod", "PreferredBackupWindow"}  # members that not every botocore has
    assert could - told == {"DBName", "Engine"} | (late & could)


@pytest.mark.parametrize(
    ("declared", "snapshot", "key"),
    [
        ({"storage_encrypted": True, "kms_key_id": "new"}, {"Encrypted": True, "KmsKeyId": "old"}, "new"),
        ({"storage_encrypted": True, "kms_key_id": "new"}, {"Encrypted": False}, "new"),
        ({"storage_encrypted": True, "kms_key_id": "old"}, {"Encrypted": True, "KmsKeyId": "old"}, None),
        ({"storage_encrypted": True, "kms_key_id": None}, {"Encrypted": True, "KmsKeyId": "old"}, None),
        ({"storage_encrypted": True, "kms_key_id": None}, {"Encrypted": False}, "alias/aws/rds"),
        ({"storage_encrypted": False, "kms_key_id": None}, {"Encrypted": False}, None),
    ],
)
def test_a_snapshot_is_copied_only_for_another_key(declared: Any, snapshot: Any, key: str | None) -> None:
    assert _rds.copied_key(declared, snapshot) == key


@pytest.mark.parametrize(
    ("code", "message", "excused"),
    [
        ("InvalidParameterValue", "IAM role ARN value is invalid or does not include the required permissions", True),
        ("InvalidParameterValue", "Invalid DB Instance class", False),
        ("AccessDenied", "IAM role ARN value is invalid", False),
    ],
)
def test_only_a_role_that_is_not_seen_yet_is_waited_for(code: str, message: str, excused: bool) -> None:
    assert _rds.role_not_seen_yet(Refused(code, message)) is excused


def test_every_compared_option_is_shown() -> None:
    shown = {_rds.shown_member(option) for option in (*_rds.SWITCHES, *_rds.VALUES)}
    assert shown <= set(MODEL.shape_for("DBInstance").members)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"DBInstanceClass": "db.t3.large"}, {"db_instance_class": "db.t3.large"}),
        ({"MultiAZ": True, "Port": 5433}, {"multi_az": True, "port": 5433}),
        ({"IAMDatabaseAuthenticationEnabled": False}, {"enable_iam_database_authentication": False}),
        ({"MasterUserPassword": "****"}, {}),
        (
            {"PendingCloudwatchLogsExports": {"LogTypesToEnable": ["upgrade"], "LogTypesToDisable": ["postgresql"]}},
            {"enable_cloudwatch_logs_exports": ["upgrade"]},
        ),
    ],
)
def test_an_accepted_change_counts_as_made(values: dict[str, Any], expected: dict[str, Any]) -> None:
    entry = {"PendingModifiedValues": values, "EnabledCloudwatchLogsExports": ["postgresql"]}
    assert _rds.pending(entry) == expected
    observed = _rds.observed(entry)
    assert {option: observed[option] for option in expected} == expected
    assert observed["pending_changes"] == sorted(expected)


@pytest.mark.parametrize(
    ("declared", "largest", "actual", "expected"),
    [(50, 100, 60, 50), (50, None, 60, 60), (80, 100, 60, 60), (None, 100, 60, 60)],
)
def test_grown_storage_is_no_drift(declared: int, largest: int, actual: int, expected: int) -> None:
    item = {"allocated_storage": declared, "max_allocated_storage": largest}
    shown = _rds.as_declared(item, {"allocated_storage": actual, "engine_version": "16.4"})
    assert shown["allocated_storage"] == expected


@pytest.mark.parametrize(("pending", "group"), [([], "old"), (["engine_version"], "new"), (["multi_az"], "old")])
def test_groups_come_with_an_upgrade_that_waits(pending: list[str], group: str) -> None:
    item = {"db_parameter_group_name": "new", "option_group_name": "new"}
    shown = {**dict.fromkeys(item, "old"), "engine_version": "17", "allocated_storage": 50, "pending_changes": pending}
    observed = _rds.as_declared(item, shown)
    assert [observed[name] for name in item] == [group] * 2


def test_exports_change_by_difference() -> None:
    before = {"enable_cloudwatch_logs_exports": ["postgresql"]}
    after = {"enable_cloudwatch_logs_exports": ["upgrade"]}
    change = _rds.modification(["enable_cloudwatch_logs_exports"], before, after)
    exports = {"EnableLogTypes": ["upgrade"], "DisableLogTypes": ["postgresql"]}
    assert change == {"CloudwatchLogsExportConfiguration": exports}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ("port", {"DBPortNumber": 5433}),
        ("multi_az", {"MultiAZ": True}),
        ("iops", {"Iops": 12000, "StorageType": "gp3", "AllocatedStorage": 500}),
        ("monitoring_interval", {"MonitoringInterval": 60, "MonitoringRoleArn": "arn"}),
    ],
)
def test_what_aws_judges_together_is_sent_together(changed: str, expected: dict[str, Any]) -> None:
    after = {"port": 5433, "multi_az": True, "iops": 12000, "storage_type": "gp3", "allocated_storage": 500}
    after |= {"monitoring_interval": 60, "monitoring_role_arn": "arn", "storage_throughput": None}
    arguments = _rds.modification([changed], {}, after)
    assert arguments == expected
    assert set(arguments) <= members("ModifyDBInstance")


@pytest.mark.parametrize(
    ("item", "option"),
    [
        ({**PRIMARY, "name": "DB"}, "name"),
        ({**PRIMARY, "engine": None}, "engine"),
        ({**PRIMARY, "master_user_secret": None}, "master_user_secret"),
        ({**REPLICA, "backup_retention_period": 7}, "backup_retention_period"),
        ({**PRIMARY, "max_allocated_storage": 54}, "max_allocated_storage"),
        ({**PRIMARY, "storage_type": "gp3", "iops": 4000}, "iops"),
        ({**PRIMARY, "storage_type": "io1", "allocated_storage": 100}, "iops"),
        ({**PRIMARY, "storage_type": "gp2", "allocated_storage": 10}, "allocated_storage"),
        ({**PRIMARY, "storage_type": "gp2", "storage_throughput": 500}, "storage_throughput"),
        ({**PRIMARY, "db_name": "select"}, "db_name"),
        ({**PRIMARY, "master_username": "rdsadmin"}, "master_username"),
        ({**PRIMARY, "port": 1149}, "port"),
        ({**PRIMARY, "port": 65536}, "port"),
        ({**PRIMARY, "backup_retention_period": 36}, "backup_retention_period"),
        ({**PRIMARY, "preferred_backup_window": "3-4"}, "preferred_backup_window"),
        ({**PRIMARY, "preferred_maintenance_window": "03:00-04:00"}, "preferred_maintenance_window"),
        ({**PRIMARY, **WINDOWS, "preferred_backup_window": "04:00-05:00"}, "preferred_maintenance_window"),
        ({**PRIMARY, "multi_az": True, "availability_zone": "us-east-1a"}, "availability_zone"),
        ({**PRIMARY, "database_insights_mode": "advanced"}, "database_insights_mode"),
        ({**PRIMARY, "performance_insights_retention_period": 30}, "performance_insights_retention_period"),
        ({**PRIMARY, "performance_insights_retention_period": 744}, "performance_insights_retention_period"),
        ({**PRIMARY, "monitoring_interval": 60}, "monitoring_role_arn"),
    ],
)
def test_what_aws_would_refuse_is_refused_by_name(item: dict[str, Any], option: str) -> None:
    assert [problem.partition(":")[0] for problem in _rds.problems(item)] == [option]


@pytest.mark.parametrize(
    "item",
    [PRIMARY, REPLICA, {**PRIMARY, "storage_type": "gp3", "allocated_storage": 400, "iops": 12000}]
    + [{**PRIMARY, **WINDOWS, "port": port, "backup_retention_period": 35} for port in (1150, 65535)]
    + [{**PRIMARY, "performance_insights_retention_period": days} for days in (7, 31, 713, 731)],
)
def test_sound_items_have_no_problems(item: dict[str, Any]) -> None:
    assert list(_rds.problems(item)) == []
