# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""RDS of the embedded AWS: instances, replicas, restores, deletion."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::123456789012:role/monitoring"
TAGS = [{"Key": "Layer", "Value": "data"}]
MINIMUM = {
    "DBInstanceIdentifier": "db",
    "DBInstanceClass": "db.t3.medium",
    "Engine": "postgres",
    "EngineVersion": "16.4",
    "AllocatedStorage": 50,
    "MasterUsername": "uex",
    "MasterUserPassword": "long-enough",
    "BackupRetentionPeriod": 7,
}


@pytest.fixture
def rds(aws: None) -> Any:
    return boto3.client("rds")


@pytest.fixture
def group(aws: None, rds: Any) -> str:
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"][
            "SubnetId"
        ]
        for n, zone in enumerate("abc")
    ]
    rds.create_db_subnet_group(DBSubnetGroupName="data", DBSubnetGroupDescription="d", SubnetIds=subnets)
    return "data"


def create(rds: Any, **options: Any) -> dict[str, Any]:
    made: dict[str, Any] = rds.create_db_instance(**{**MINIMUM, **options})["DBInstance"]
    return made


def show(rds: Any, name: str = "db") -> dict[str, Any]:
    found: dict[str, Any] = rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
    return found


def change(rds: Any, apply: bool = True, **options: Any) -> dict[str, Any]:
    rds.modify_db_instance(DBInstanceIdentifier="db", ApplyImmediately=apply, **options)
    return show(rds)


def replicate(rds: Any, name: str = "db-r1", **options: Any) -> dict[str, Any]:
    rds.create_db_instance_read_replica(DBInstanceIdentifier=name, SourceDBInstanceIdentifier="db", **options)
    return show(rds, name)


def test_what_is_given_reads_back(rds: Any, group: str) -> None:
    key = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
    rds.create_db_parameter_group(DBParameterGroupName="p", DBParameterGroupFamily="postgres16", Description="d")
    rds.create_option_group(
        OptionGroupName="o", EngineName="postgres", MajorEngineVersion="16", OptionGroupDescription="d"
    )
    given = {
        "CopyTagsToSnapshot": True,
        "DatabaseInsightsMode": "advanced",
        "DeletionProtection": True,
        "EngineLifecycleSupport": "open-source-rds-extended-support-disabled",
        "CACertificateIdentifier": "rds-ca-ecc384-g1",
        "MaxAllocatedStorage": 200,
        "MonitoringInterval": 60,
        "MonitoringRoleArn": ROLE,
        "MultiAZ": True,
        "PerformanceInsightsKMSKeyId": key,
        "PerformanceInsightsRetentionPeriod": 731,
        "PreferredBackupWindow": "02:00-03:00",
        "PreferredMaintenanceWindow": "sun:04:00-sun:05:00",
        "PubliclyAccessible": False,
        "StorageEncrypted": True,
        "KmsKeyId": key,
        "StorageType": "gp3",
    }
    create(
        rds,
        **given,
        EnablePerformanceInsights=True,
        EnableIAMDatabaseAuthentication=True,
        EnableCloudwatchLogsExports=["postgresql", "upgrade"],
        DBParameterGroupName="p",
        OptionGroupName="o",
        DBSubnetGroupName=group,
        Tags=TAGS,
    )
    found = show(rds)
    assert {name: found.get(name) for name in given} == given
    assert found["PerformanceInsightsEnabled"] is True
    assert found["IAMDatabaseAuthenticationEnabled"] is True
    assert found["EnabledCloudwatchLogsExports"] == ["postgresql", "upgrade"]
    assert found["DBParameterGroups"] == [{"DBParameterGroupName": "p", "ParameterApplyStatus": "in-sync"}]
    assert found["OptionGroupMemberships"] == [{"OptionGroupName": "o", "Status": "in-sync"}]
    assert (found["AvailabilityZone"], found["SecondaryAvailabilityZone"]) == ("us-east-1a", "us-east-1b")
    assert found["DBSubnetGroup"]["DBSubnetGroupName"] == group
    assert found["TagList"] == TAGS
    assert found["EnhancedMonitoringResourceArn"].startswith("arn:aws:logs:")


def test_defaults(rds: Any) -> None:
    create(rds, EngineVersion="16")
    found = show(rds)
    assert found["DBInstanceStatus"] == "available"
    assert found["EngineVersion"] == "16.10"
    assert (found["StorageType"], found["Iops"], found["StorageThroughput"]) == ("gp3", 3000, 125)
    assert found["EngineLifecycleSupport"] == "open-source-rds-extended-support"
    assert found["DBParameterGroups"][0]["DBParameterGroupName"] == "default.postgres16"
    assert found["OptionGroupMemberships"][0]["OptionGroupName"] == "default:postgres-16"
    assert found["DatabaseInsightsMode"] == "standard"
    assert found["PerformanceInsightsEnabled"] is False
    assert found["LicenseModel"] == "postgresql-license"
    assert found["Endpoint"]["Port"] == 5432
    absent = {"SecondaryAvailabilityZone", "EnhancedMonitoringResourceArn", "PerformanceInsightsKMSKeyId"}
    assert absent & set(found) == set()
    assert not found.get("PendingModifiedValues")


@pytest.mark.parametrize(
    "options, code",
    [
        ({"DBInstanceClass": "db.huge"}, "InvalidParameterValue"),
        ({"MasterUserPassword": "short"}, "InvalidParameterValue"),
        ({"MasterUserPassword": "x" * 129}, "InvalidParameterValue"),
        *[({"MasterUserPassword": f"long{bad}enough"}, "InvalidParameterValue") for bad in '/"@ '],
        ({"MasterUsername": "rdsadmin"}, "InvalidParameterValue"),
        ({"EngineVersion": "16.99"}, "InvalidParameterCombination"),
        ({"Iops": 4000, "StorageType": "gp3"}, "InvalidParameterCombination"),
        ({"StorageThroughput": 250, "StorageType": "gp3"}, "InvalidParameterCombination"),
        ({"PerformanceInsightsRetentionPeriod": 94}, "InvalidParameterValue"),
        ({"DatabaseInsightsMode": "advanced"}, "InvalidParameterCombination"),
        ({"EnableCloudwatchLogsExports": ["slowquery"]}, "InvalidParameterCombination"),
        ({"MonitoringInterval": 60}, "InvalidParameterCombination"),
        ({"MultiAZ": True, "AvailabilityZone": "us-east-1a"}, "InvalidParameterCombination"),
        ({"DBParameterGroupName": "missing"}, "DBParameterGroupNotFound"),
        ({"OptionGroupName": "missing"}, "OptionGroupNotFoundFault"),
        ({"DBSubnetGroupName": "missing"}, "DBSubnetGroupNotFoundFault"),
        ({"StorageEncrypted": True, "KmsKeyId": "missing"}, "KMSKeyNotAccessibleFault"),
    ],
)
def test_instances_that_aws_refuses(rds: Any, options: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as caught:
        create(rds, **options)
    assert caught.value.response["Error"]["Code"] == code
    assert rds.describe_db_instances()["DBInstances"] == []


def test_a_parameter_group_of_another_family_is_refused(rds: Any) -> None:
    rds.create_db_parameter_group(DBParameterGroupName="p", DBParameterGroupFamily="postgres15", Description="d")
    with pytest.raises(ClientError, match="Please use a Parameter Group"):
        create(rds, DBParameterGroupName="p")


def test_large_gp3_storage_has_more_and_takes_more(rds: Any) -> None:
    create(rds, AllocatedStorage=400)
    found = show(rds)
    assert (found["Iops"], found["StorageThroughput"]) == (12000, 500)
    found = change(rds, Iops=13000, StorageThroughput=600)
    assert (found["Iops"], found["StorageThroughput"]) == (13000, 600)


def test_growing_storage(rds: Any) -> None:
    create(rds)
    assert (change(rds, AllocatedStorage=100)["Iops"], show(rds)["AllocatedStorage"]) == (3000, 100)
    assert change(rds, AllocatedStorage=500)["Iops"] == 12000
    with pytest.raises(ClientError, match="InvalidParameterCombination"):
        change(rds, AllocatedStorage=100)


def test_a_change_at_once(rds: Any) -> None:
    create(rds)
    found = change(
        rds,
        DBInstanceClass="db.r5.xlarge",
        EnablePerformanceInsights=True,
        PerformanceInsightsRetentionPeriod=31,
        MonitoringInterval=30,
        MonitoringRoleArn=ROLE,
        MultiAZ=True,
        DeletionProtection=True,
        BackupRetentionPeriod=14,
        MaxAllocatedStorage=300,
    )
    assert found["DBInstanceClass"] == "db.r5.xlarge"
    assert (found["PerformanceInsightsEnabled"], found["PerformanceInsightsRetentionPeriod"]) == (True, 31)
    assert found["PerformanceInsightsKMSKeyId"].startswith("arn:aws:kms:")
    assert (found["MonitoringInterval"], found["MonitoringRoleArn"]) == (30, ROLE)
    assert (found["MultiAZ"], found["SecondaryAvailabilityZone"]) == (True, "us-east-1b")
    assert (found["DeletionProtection"], found["BackupRetentionPeriod"]) == (True, 14)
    assert found["MaxAllocatedStorage"] == 300
    assert not found.get("PendingModifiedValues")
    off = change(rds, EnablePerformanceInsights=False, MonitoringInterval=0)
    assert "MonitoringRoleArn" not in off
    assert (off["PerformanceInsightsEnabled"], "PerformanceInsightsRetentionPeriod" in off) == (False, False)


def test_a_change_for_the_maintenance_window(rds: Any) -> None:
    create(rds)
    found = change(rds, False, DBInstanceClass="db.t3.large", DeletionProtection=True)
    assert (found["DBInstanceClass"], found["DeletionProtection"]) == ("db.t3.medium", True)
    assert found["PendingModifiedValues"] == {"DBInstanceClass": "db.t3.large"}
    found = change(rds, MultiAZ=True)
    assert (found["DBInstanceClass"], found["MultiAZ"]) == ("db.t3.large", True)
    assert not found.get("PendingModifiedValues")


def test_nothing_waits_when_nothing_changes(rds: Any) -> None:
    create(rds)
    assert not change(rds, False, DBInstanceClass="db.t3.medium").get("PendingModifiedValues")


def test_what_waits_is_forgotten_when_what_is_there_is_asked_for(rds: Any) -> None:
    create(rds)
    change(rds, False, DBInstanceClass="db.t3.large", MultiAZ=True)
    found = change(rds, False, DBInstanceClass="db.t3.medium")
    assert (found["DBInstanceClass"], found["PendingModifiedValues"]) == ("db.t3.medium", {"MultiAZ": True})


def test_log_exports_change_at_once(rds: Any) -> None:
    create(rds, EnableCloudwatchLogsExports=["postgresql"])
    both = {"EnableLogTypes": ["upgrade", "postgresql"]}
    found = change(rds, False, CloudwatchLogsExportConfiguration=both)
    assert found["EnabledCloudwatchLogsExports"] == ["postgresql", "upgrade"]
    found = change(rds, CloudwatchLogsExportConfiguration={"DisableLogTypes": ["postgresql", "iam-db-auth-error"]})
    assert found["EnabledCloudwatchLogsExports"] == ["upgrade"]


def test_upgrades(rds: Any) -> None:
    create(rds)
    with pytest.raises(ClientError, match="Cannot upgrade"):
        change(rds, EngineVersion="16.3")
    with pytest.raises(ClientError, match="AllowMajorVersionUpgrade"):
        change(rds, EngineVersion="17.2")
    assert change(rds, EngineVersion="16.8")["EngineVersion"] == "16.8"
    assert change(rds, EngineVersion="17", AllowMajorVersionUpgrade=True)["EngineVersion"] == "17.6"


def test_replicas_go_first_to_a_minor_version_and_along_to_a_major_one(rds: Any) -> None:
    create(rds, EngineVersion="16.4")
    rds.create_db_instance_read_replica(DBInstanceIdentifier="replica", SourceDBInstanceIdentifier="db")
    with pytest.raises(ClientError, match="read replicas need to be upgraded: replica"):
        change(rds, EngineVersion="16.9")
    rds.modify_db_instance(DBInstanceIdentifier="replica", EngineVersion="16.9", ApplyImmediately=True)
    assert change(rds, EngineVersion="16.9")["EngineVersion"] == "16.9"
    change(rds, EngineVersion="17.6", AllowMajorVersionUpgrade=True)
    replica = show(rds, "replica")
    groups = (replica["DBParameterGroups"][0]["DBParameterGroupName"], replica["OptionGroupMemberships"][0])
    assert (replica["EngineVersion"], groups[0]) == ("17.6", "default.postgres17")
    assert groups[1]["OptionGroupName"] == "default:postgres-17"


def test_another_parameter_group_waits_for_a_reboot(rds: Any) -> None:
    create(rds)
    rds.create_db_parameter_group(DBParameterGroupName="p", DBParameterGroupFamily="postgres16", Description="d")
    waiting = [{"DBParameterGroupName": "p", "ParameterApplyStatus": "pending-reboot"}]
    assert change(rds, DBParameterGroupName="p")["DBParameterGroups"] == waiting
    rds.reboot_db_instance(DBInstanceIdentifier="db")
    assert show(rds)["DBParameterGroups"][0]["ParameterApplyStatus"] == "in-sync"


def test_failover_swaps_the_zones(rds: Any) -> None:
    create(rds, MultiAZ=True)
    rds.reboot_db_instance(DBInstanceIdentifier="db", ForceFailover=True)
    found = show(rds)
    assert (found["AvailabilityZone"], found["SecondaryAvailabilityZone"]) == ("us-east-1b", "us-east-1a")


def test_failover_needs_a_standby(rds: Any) -> None:
    create(rds)
    with pytest.raises(ClientError, match="InvalidParameterCombination"):
        rds.reboot_db_instance(DBInstanceIdentifier="db", ForceFailover=True)


def test_a_replica_is_an_instance_of_its_own(rds: Any, group: str) -> None:
    create(rds, DeletionProtection=True, DBSubnetGroupName=group, Tags=TAGS, MultiAZ=True)
    first = replicate(rds, Tags=[{"Key": "Layer", "Value": "replica"}])
    second = replicate(rds, "db-r2", DBInstanceClass="db.t3.large", EnablePerformanceInsights=True)
    assert show(rds)["ReadReplicaDBInstanceIdentifiers"] == ["db-r1", "db-r2"]
    assert first["ReadReplicaSourceDBInstanceIdentifier"] == "db"
    assert first["StatusInfos"][0]["Status"] == "replicating"
    assert (first["DeletionProtection"], first["BackupRetentionPeriod"], first["MultiAZ"]) == (False, 0, False)
    assert (first["DBInstanceClass"], second["DBInstanceClass"]) == ("db.t3.medium", "db.t3.large")
    assert first["TagList"] == [{"Key": "Layer", "Value": "replica"}]
    assert first["DBSubnetGroup"]["DBSubnetGroupName"] == group
    zones = [each["AvailabilityZone"] for each in (show(rds), first, second)]
    assert zones == ["us-east-1a", "us-east-1b", "us-east-1c"]
    assert (first["PerformanceInsightsEnabled"], second["PerformanceInsightsEnabled"]) == (False, True)
    assert first["DbiResourceId"] != second["DbiResourceId"]


def test_a_replica_takes_over_the_lifecycle_of_its_source(rds: Any) -> None:
    create(rds, EngineLifecycleSupport="open-source-rds-extended-support-disabled")
    assert replicate(rds)["EngineLifecycleSupport"] == "open-source-rds-extended-support-disabled"


def test_a_replica_needs_backups(rds: Any) -> None:
    create(rds, BackupRetentionPeriod=0)
    with pytest.raises(ClientError, match="Automated backups are not enabled"):
        replicate(rds)


def test_deleting_a_replica_unlinks_it(rds: Any) -> None:
    create(rds)
    replicate(rds)
    with pytest.raises(ClientError, match="InvalidParameterCombination"):
        rds.delete_db_instance(DBInstanceIdentifier="db-r1", FinalDBSnapshotIdentifier="last")
    rds.delete_db_instance(DBInstanceIdentifier="db-r1", SkipFinalSnapshot=True)
    rds.get_waiter("db_instance_deleted").wait(
        DBInstanceIdentifier="db-r1", WaiterConfig={"Delay": 0, "MaxAttempts": 1}
    )
    assert show(rds)["ReadReplicaDBInstanceIdentifiers"] == []


def test_deleting_the_source_promotes_its_replicas(rds: Any) -> None:
    create(rds)
    replicate(rds)
    rds.delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True)
    assert "ReadReplicaSourceDBInstanceIdentifier" not in show(rds, "db-r1")
    rds.delete_db_instance(DBInstanceIdentifier="db-r1", SkipFinalSnapshot=True)
    assert rds.describe_db_instances()["DBInstances"] == []


def test_a_promoted_replica_stands_alone(rds: Any) -> None:
    create(rds)
    replicate(rds)
    rds.promote_read_replica(DBInstanceIdentifier="db-r1", BackupRetentionPeriod=3)
    found = show(rds, "db-r1")
    assert ("ReadReplicaSourceDBInstanceIdentifier" in found, found["BackupRetentionPeriod"]) == (False, 3)
    assert show(rds)["ReadReplicaDBInstanceIdentifiers"] == []
    with pytest.raises(ClientError, match="InvalidDBInstanceState"):
        rds.promote_read_replica(DBInstanceIdentifier="db-r1")


def test_a_replica_in_another_region(rds: Any) -> None:
    arn = create(rds)["DBInstanceArn"]
    other = boto3.client("rds", region_name="eu-west-1")
    other.create_db_instance_read_replica(DBInstanceIdentifier="far", SourceDBInstanceIdentifier=arn)
    assert show(other, "far")["ReadReplicaSourceDBInstanceIdentifier"] == arn
    assert show(rds)["ReadReplicaDBInstanceIdentifiers"] == [show(other, "far")["DBInstanceArn"]]


def test_backups_stay_on_while_there_are_replicas(rds: Any) -> None:
    create(rds)
    replicate(rds)
    with pytest.raises(ClientError, match="InvalidParameterCombination"):
        change(rds, BackupRetentionPeriod=0)


@pytest.mark.parametrize("options", [{}, {"SkipFinalSnapshot": True, "FinalDBSnapshotIdentifier": "last"}])
def test_deletion_says_what_becomes_of_the_data(rds: Any, options: dict[str, Any]) -> None:
    create(rds)
    with pytest.raises(ClientError, match="InvalidParameterCombination"):
        rds.delete_db_instance(DBInstanceIdentifier="db", **options)
    assert show(rds)["DBInstanceStatus"] == "available"


def test_a_protected_instance_is_not_deleted(rds: Any) -> None:
    create(rds, DeletionProtection=True)
    with pytest.raises(ClientError, match="deletion protection"):
        rds.delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True)


def test_the_final_snapshot_outlives_the_instance_and_restores(rds: Any, group: str) -> None:
    create(rds, DBSubnetGroupName=group, Tags=TAGS, StorageEncrypted=True, MultiAZ=True)
    rds.delete_db_instance(DBInstanceIdentifier="db", FinalDBSnapshotIdentifier="last")
    assert rds.describe_db_snapshots(DBSnapshotIdentifier="last")["DBSnapshots"][0]["Status"] == "available"
    rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="again", DBSnapshotIdentifier="last")
    found = show(rds, "again")
    assert (found["EngineVersion"], found["AllocatedStorage"], found["TagList"]) == ("16.4", 50, TAGS)
    assert (found["StorageEncrypted"], found["MultiAZ"]) == (True, True)


def test_a_name_can_be_used_again_while_its_backups_are_kept(rds: Any) -> None:
    create(rds)
    last = {"SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": "last", "DeleteAutomatedBackups": False}
    rds.delete_db_instance(DBInstanceIdentifier="db", **last)
    rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="db", DBSnapshotIdentifier="last")
    assert show(rds)["DBInstanceStatus"] == "available"


@pytest.mark.parametrize("protected", [None, True])
def test_restores_inherit_no_protection(rds: Any, protected: bool | None) -> None:
    rds.create_db_parameter_group(DBParameterGroupName="p", DBParameterGroupFamily="postgres16", Description="d")
    create(rds, DeletionProtection=True, DBParameterGroupName="p", Tags=TAGS)
    replicate(rds)
    options = {} if protected is None else {"DeletionProtection": protected}
    rds.create_db_snapshot(DBInstanceIdentifier="db", DBSnapshotIdentifier="s")
    rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="a", DBSnapshotIdentifier="s", **options)
    rds.restore_db_instance_to_point_in_time(
        SourceDBInstanceIdentifier="db", TargetDBInstanceIdentifier="b", UseLatestRestorableTime=True, **options
    )
    for name in "ab":
        found = show(rds, name)
        assert found["DeletionProtection"] is bool(protected)
        assert found["DBParameterGroups"][0]["DBParameterGroupName"] == "default.postgres16"
        assert found["ReadReplicaDBInstanceIdentifiers"] == []
    assert show(rds, "b")["TagList"] == []


def test_only_a_time_with_backups_can_be_restored(rds: Any) -> None:
    create(rds)
    names = {"SourceDBInstanceIdentifier": "db", "TargetDBInstanceIdentifier": "b"}
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        rds.restore_db_instance_to_point_in_time(**names, RestoreTime=datetime.now(UTC) - timedelta(days=30))
    change(rds, BackupRetentionPeriod=0)
    with pytest.raises(ClientError, match="PointInTimeRestoreNotEnabled"):
        rds.restore_db_instance_to_point_in_time(**names, UseLatestRestorableTime=True)


def test_a_new_password_is_checked(rds: Any) -> None:
    create(rds)
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        change(rds, MasterUserPassword="with space")
    assert change(rds, MasterUserPassword="good-enough-now")["DBInstanceStatus"] == "available"


def test_another_name(rds: Any) -> None:
    create(rds)
    rds.modify_db_instance(DBInstanceIdentifier="db", NewDBInstanceIdentifier="other", ApplyImmediately=True)
    assert show(rds, "other")["DBInstanceStatus"] == "available"
    assert [each["DBInstanceIdentifier"] for each in rds.describe_db_instances()["DBInstances"]] == ["other"]
