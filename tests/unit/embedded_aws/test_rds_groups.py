# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""RDS of the embedded AWS: subnet, parameter and option groups."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

TAGS = [{"Key": "Layer", "Value": "data"}]


@pytest.fixture
def rds(aws: None) -> Any:
    return boto3.client("rds")


@pytest.fixture
def subnets(aws: None) -> list[str]:
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = enumerate("abc")
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")
        for n, zone in zones
    ]
    return [each["Subnet"]["SubnetId"] for each in made]


@pytest.fixture
def parameters(rds: Any) -> str:
    made = rds.create_db_parameter_group(
        DBParameterGroupName="p", DBParameterGroupFamily="postgres16", Description="d", Tags=TAGS
    )
    arn: str = made["DBParameterGroup"]["DBParameterGroupArn"]
    return arn


def instance(rds: Any, **options: Any) -> None:
    rds.create_db_instance(
        DBInstanceIdentifier="db",
        DBInstanceClass="db.t3.medium",
        Engine="postgres",
        EngineVersion="16.4",
        AllocatedStorage=20,
        MasterUsername="uex",
        MasterUserPassword="long-enough",
        **options,
    )


def set_parameter(rds: Any, name: str, value: str = "1", method: str = "pending-reboot") -> None:
    change = {"ParameterName": name, "ParameterValue": value, "ApplyMethod": method}
    rds.modify_db_parameter_group(DBParameterGroupName="p", Parameters=[change])


def listed(rds: Any, **options: Any) -> dict[str, dict[str, Any]]:
    pages = rds.get_paginator("describe_db_parameters").paginate(DBParameterGroupName="p", **options)
    return {each["ParameterName"]: each for page in pages for each in page["Parameters"]}


def status(rds: Any) -> str:
    found = rds.describe_db_instances()["DBInstances"][0]["DBParameterGroups"][0]
    value: str = found["ParameterApplyStatus"]
    return value


def test_a_subnet_group_can_be_modified_and_stays(rds: Any, subnets: list[str]) -> None:
    rds.create_db_subnet_group(DBSubnetGroupName="s", DBSubnetGroupDescription="d", SubnetIds=subnets[:2], Tags=TAGS)
    rds.modify_db_subnet_group(DBSubnetGroupName="s", DBSubnetGroupDescription="e", SubnetIds=subnets)
    found = rds.describe_db_subnet_groups(DBSubnetGroupName="s")["DBSubnetGroups"][0]
    assert [each["SubnetIdentifier"] for each in found["Subnets"]] == subnets
    assert (found["DBSubnetGroupDescription"], found["SubnetGroupStatus"]) == ("e", "Complete")
    assert rds.list_tags_for_resource(ResourceName=found["DBSubnetGroupArn"])["TagList"] == TAGS


def test_a_subnet_group_covers_two_zones(rds: Any, subnets: list[str]) -> None:
    with pytest.raises(ClientError, match="DBSubnetGroupDoesNotCoverEnoughAZs"):
        rds.create_db_subnet_group(DBSubnetGroupName="s", DBSubnetGroupDescription="d", SubnetIds=subnets[:1])
    rds.create_db_subnet_group(DBSubnetGroupName="s", DBSubnetGroupDescription="d", SubnetIds=subnets)
    with pytest.raises(ClientError, match="DBSubnetGroupDoesNotCoverEnoughAZs"):
        rds.modify_db_subnet_group(DBSubnetGroupName="s", SubnetIds=subnets[:1])
    assert len(rds.describe_db_subnet_groups()["DBSubnetGroups"][0]["Subnets"]) == 3


def test_subnet_groups_that_aws_refuses(rds: Any, subnets: list[str]) -> None:
    with pytest.raises(ClientError, match="InvalidSubnet"):
        rds.create_db_subnet_group(
            DBSubnetGroupName="s", DBSubnetGroupDescription="d", SubnetIds=["subnet-0", "subnet-1"]
        )
    with pytest.raises(ClientError, match="DBSubnetGroupNotFoundFault"):
        rds.modify_db_subnet_group(DBSubnetGroupName="s", SubnetIds=subnets)
    rds.create_db_subnet_group(DBSubnetGroupName="s", DBSubnetGroupDescription="d", SubnetIds=subnets)
    with pytest.raises(ClientError, match="DBSubnetGroupAlreadyExists"):
        rds.create_db_subnet_group(DBSubnetGroupName="s", DBSubnetGroupDescription="d", SubnetIds=subnets)


def test_groups_in_use_are_not_deleted(rds: Any, subnets: list[str], parameters: str) -> None:
    rds.create_db_subnet_group(DBSubnetGroupName="s", DBSubnetGroupDescription="d", SubnetIds=subnets)
    rds.create_option_group(
        OptionGroupName="o", EngineName="postgres", MajorEngineVersion="16", OptionGroupDescription="d"
    )
    instance(rds, DBSubnetGroupName="s", DBParameterGroupName="p", OptionGroupName="o")
    deletions = (
        (rds.delete_db_subnet_group, {"DBSubnetGroupName": "s"}, "InvalidDBSubnetGroupStateFault"),
        (rds.delete_db_parameter_group, {"DBParameterGroupName": "p"}, "InvalidDBParameterGroupState"),
        (rds.delete_option_group, {"OptionGroupName": "o"}, "InvalidOptionGroupStateFault"),
    )
    for delete, name, code in deletions:
        with pytest.raises(ClientError, match=code):
            delete(**name)
    rds.delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True)
    for delete, name, _refusal in deletions:
        delete(**name)
    assert rds.describe_db_subnet_groups()["DBSubnetGroups"] == []


def test_a_parameter_group_that_is_not_there(rds: Any) -> None:
    for describe in (rds.describe_db_parameter_groups, rds.describe_db_parameters):
        with pytest.raises(ClientError) as caught:
            describe(DBParameterGroupName="missing")
        assert caught.value.response["Error"]["Code"] == "DBParameterGroupNotFound"
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        rds.create_db_parameter_group(DBParameterGroupName="p", DBParameterGroupFamily="postgres99", Description="d")


def test_a_fresh_group_lists_the_defaults(rds: Any, parameters: str) -> None:
    found = listed(rds)
    assert found["rds.force_ssl"] == {
        "ParameterName": "rds.force_ssl",
        "ParameterValue": "1",
        "Source": "system",
        "ApplyType": "static",
        "DataType": "boolean",
        "IsModifiable": True,
        "ApplyMethod": "pending-reboot",
    }
    assert "ParameterValue" not in found["log_min_duration_statement"]
    assert found["log_min_duration_statement"]["Source"] == "engine-default"
    assert listed(rds, Source="user") == {}
    assert rds.list_tags_for_resource(ResourceName=parameters)["TagList"] == TAGS


def test_defaults_follow_the_family(rds: Any) -> None:
    pages = rds.get_paginator("describe_engine_default_parameters").paginate(DBParameterGroupFamily="postgres14")
    found = {each["ParameterName"]: each for page in pages for each in page["EngineDefaults"]["Parameters"]}
    assert found["rds.force_ssl"]["ParameterValue"] == "0"


def test_changed_parameters_are_the_users(rds: Any, parameters: str) -> None:
    set_parameter(rds, "log_min_duration_statement", "500", "immediate")
    set_parameter(rds, "shared_preload_libraries", "pg_stat_statements,pgaudit")
    found = listed(rds, Source="user")
    assert {name: each["ParameterValue"] for name, each in found.items()} == {
        "log_min_duration_statement": "500",
        "shared_preload_libraries": "pg_stat_statements,pgaudit",
    }
    assert found["log_min_duration_statement"]["ApplyMethod"] == "immediate"
    assert (found["shared_preload_libraries"]["ApplyType"], found["shared_preload_libraries"]["DataType"]) == (
        "static",
        "list",
    )
    assert len(listed(rds)) > 100


def test_parameters_come_in_pages(rds: Any, parameters: str) -> None:
    first = rds.describe_db_parameters(DBParameterGroupName="p", MaxRecords=20)
    assert (len(first["Parameters"]), bool(first["Marker"])) == (20, True)
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        rds.describe_db_parameters(DBParameterGroupName="p", MaxRecords=19)


@pytest.mark.parametrize(
    "name, method, code",
    [
        ("rds.force_ssl", "immediate", "InvalidParameterCombination"),
        ("no_such_parameter", "immediate", "InvalidParameterValue"),
        ("wal_level", "pending-reboot", "InvalidParameterValue"),
    ],
)
def test_changes_that_aws_refuses(rds: Any, parameters: str, name: str, method: str, code: str) -> None:
    with pytest.raises(ClientError, match=code):
        set_parameter(rds, name, method=method)
    assert listed(rds, Source="user") == {}


def test_twenty_parameters_at_once(rds: Any, parameters: str) -> None:
    change = {"ParameterName": "log_connections", "ParameterValue": "1", "ApplyMethod": "immediate"}
    rds.modify_db_parameter_group(DBParameterGroupName="p", Parameters=[change] * 20)
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        rds.modify_db_parameter_group(DBParameterGroupName="p", Parameters=[change] * 21)


def test_what_waits_for_a_reboot(rds: Any, parameters: str) -> None:
    instance(rds, DBParameterGroupName="p")
    set_parameter(rds, "log_connections", method="immediate")
    assert status(rds) == "in-sync"
    set_parameter(rds, "max_connections", "200")
    assert status(rds) == "pending-reboot"
    rds.reboot_db_instance(DBInstanceIdentifier="db")
    assert status(rds) == "in-sync"


def test_parameters_reset(rds: Any, parameters: str) -> None:
    for name in ("log_connections", "log_disconnections", "log_duration"):
        set_parameter(rds, name)
    one = [{"ParameterName": "log_connections", "ApplyMethod": "immediate"}]
    rds.reset_db_parameter_group(DBParameterGroupName="p", Parameters=one, ResetAllParameters=False)
    assert set(listed(rds, Source="user")) == {"log_disconnections", "log_duration"}
    rds.reset_db_parameter_group(DBParameterGroupName="p", ResetAllParameters=True)
    assert listed(rds, Source="user") == {}
    with pytest.raises(ClientError, match="InvalidParameterCombination"):
        rds.reset_db_parameter_group(DBParameterGroupName="p", Parameters=one, ResetAllParameters=True)


def test_default_groups_are_not_touched(rds: Any) -> None:
    instance(rds)
    names = [each["DBParameterGroupName"] for each in rds.describe_db_parameter_groups()["DBParameterGroups"]]
    assert names == ["default.postgres16"]
    change = [{"ParameterName": "log_connections", "ParameterValue": "1", "ApplyMethod": "immediate"}]
    with pytest.raises(ClientError, match="InvalidDBParameterGroupState"):
        rds.modify_db_parameter_group(DBParameterGroupName="default.postgres16", Parameters=change)
    with pytest.raises(ClientError, match="InvalidDBParameterGroupState"):
        rds.delete_db_parameter_group(DBParameterGroupName="default.postgres16")
    with pytest.raises(ClientError, match="InvalidOptionGroupStateFault"):
        rds.delete_option_group(OptionGroupName="default:postgres-16")


@pytest.mark.parametrize("version", ["14", "15", "16", "17"])
def test_an_option_group_reads_back(rds: Any, version: str) -> None:
    rds.create_option_group(
        OptionGroupName="o", EngineName="postgres", MajorEngineVersion=version, OptionGroupDescription="d", Tags=TAGS
    )
    found = rds.describe_option_groups(OptionGroupName="o")["OptionGroupsList"][0]
    assert (found["MajorEngineVersion"], found["Options"], found["OptionGroupDescription"]) == (version, [], "d")
    assert rds.list_tags_for_resource(ResourceName=found["OptionGroupArn"])["TagList"] == TAGS
    assert rds.describe_option_groups(EngineName="postgres", MajorEngineVersion="13")["OptionGroupsList"] == []
    rds.delete_option_group(OptionGroupName="o")
    with pytest.raises(ClientError, match="OptionGroupNotFoundFault"):
        rds.describe_option_groups(OptionGroupName="o")


@pytest.mark.parametrize(
    "options, code",
    [
        ({"MajorEngineVersion": "99"}, "InvalidParameterCombination"),
        ({"EngineName": "nonsense"}, "InvalidParameterValue"),
        ({"OptionGroupDescription": ""}, "InvalidParameterValue"),
    ],
)
def test_option_groups_that_aws_refuses(rds: Any, options: dict[str, str], code: str) -> None:
    given = {
        "OptionGroupName": "o",
        "EngineName": "postgres",
        "MajorEngineVersion": "16",
        "OptionGroupDescription": "d",
    }
    with pytest.raises(ClientError, match=code):
        rds.create_option_group(**{**given, **options})


def test_postgres_has_no_options(rds: Any) -> None:
    instance(rds)
    name = {"OptionGroupName": "default:postgres-16"}
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        rds.modify_option_group(**name, OptionsToInclude=[{"OptionName": "MEMCACHED"}])
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        rds.modify_option_group(**name)
    with pytest.raises(ClientError, match="OptionGroupNotFoundFault"):
        rds.modify_option_group(OptionGroupName="missing", OptionsToRemove=["MEMCACHED"])


def test_an_option_group_stays_while_a_snapshot_refers_to_it(rds: Any) -> None:
    rds.create_option_group(
        OptionGroupName="o", EngineName="postgres", MajorEngineVersion="16", OptionGroupDescription="d"
    )
    shared = {"Engine": "postgres", "EngineVersion": "16", "DBInstanceClass": "db.t3.medium", "AllocatedStorage": 20}
    login = {"MasterUsername": "uex", "MasterUserPassword": "long-enough"}
    rds.create_db_instance(DBInstanceIdentifier="db", OptionGroupName="o", **shared, **login)
    rds.delete_db_instance(DBInstanceIdentifier="db", FinalDBSnapshotIdentifier="last")
    assert rds.describe_db_snapshots(DBSnapshotIdentifier="last")["DBSnapshots"][0]["OptionGroupName"] == "o"
    with pytest.raises(ClientError, match="InvalidOptionGroupStateFault"):
        rds.delete_option_group(OptionGroupName="o")
    rds.delete_db_snapshot(DBSnapshotIdentifier="last")
    rds.delete_option_group(OptionGroupName="o")


def test_automated_backups_that_outlive_their_instance_are_retained(rds: Any) -> None:
    shared = {"Engine": "postgres", "DBInstanceClass": "db.t3.medium", "AllocatedStorage": 20}
    login = {"MasterUsername": "uex", "MasterUserPassword": "long-enough", "BackupRetentionPeriod": 7}
    rds.create_db_instance(DBInstanceIdentifier="db", **shared, **login)
    rds.delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True, DeleteAutomatedBackups=False)
    found = rds.describe_db_instance_automated_backups()["DBInstanceAutomatedBackups"]
    assert [(e["Status"], e["AllocatedStorage"], e["BackupRetentionPeriod"]) for e in found] == [("retained", 20, 7)]
