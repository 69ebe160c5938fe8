# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ElastiCache of the embedded AWS: parameter, subnet and user groups, engine versions."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

TAGS = [{"Key": "Layer", "Value": "data"}]


@pytest.fixture
def cache(aws: None) -> Any:
    return boto3.client("elasticache")


@pytest.fixture
def subnets(aws: None) -> list[str]:
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = enumerate("ab")
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")
        for n, zone in zones
    ]
    return [each["Subnet"]["SubnetId"] for each in made]


@pytest.fixture
def group(cache: Any) -> str:
    made = cache.create_cache_parameter_group(
        CacheParameterGroupName="P", CacheParameterGroupFamily="redis7", Description="d", Tags=TAGS
    )
    arn: str = made["CacheParameterGroup"]["ARN"]
    return arn


def set_parameter(cache: Any, name: str, value: str, group: str = "p") -> None:
    change = [{"ParameterName": name, "ParameterValue": value}]
    cache.modify_cache_parameter_group(CacheParameterGroupName=group, ParameterNameValues=change)


def listed(cache: Any, group: str = "p", **options: Any) -> dict[str, dict[str, Any]]:
    pages = cache.get_paginator("describe_cache_parameters").paginate(CacheParameterGroupName=group, **options)
    return {each["ParameterName"]: each for page in pages for each in page["Parameters"]}


def replicate(cache: Any, **options: Any) -> None:
    cache.create_replication_group(
        ReplicationGroupId="red", ReplicationGroupDescription="d", CacheNodeType="cache.t3.micro", **options
    )


def test_a_parameter_group_reads_back(cache: Any, group: str) -> None:
    found = cache.describe_cache_parameter_groups(CacheParameterGroupName="p")["CacheParameterGroups"][0]
    assert found == {
        "CacheParameterGroupName": "p",
        "CacheParameterGroupFamily": "redis7",
        "Description": "d",
        "IsGlobal": False,
        "ARN": group,
    }
    assert cache.list_tags_for_resource(ResourceName=group)["TagList"] == TAGS
    with pytest.raises(ClientError, match="CacheParameterGroupAlreadyExists"):
        cache.create_cache_parameter_group(
            CacheParameterGroupName="p", CacheParameterGroupFamily="redis7", Description="d"
        )


def test_a_parameter_group_that_is_not_there(cache: Any) -> None:
    for describe in (cache.describe_cache_parameter_groups, cache.describe_cache_parameters):
        with pytest.raises(ClientError) as caught:
            describe(CacheParameterGroupName="missing")
        assert caught.value.response["Error"]["Code"] == "CacheParameterGroupNotFound"
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        cache.create_cache_parameter_group(CacheParameterGroupName="p", CacheParameterGroupFamily="no", Description="d")


def test_default_groups_are_there(cache: Any) -> None:
    found = cache.describe_cache_parameter_groups()["CacheParameterGroups"]
    names = {each["CacheParameterGroupName"] for each in found}
    assert {"default.redis7", "default.redis7.cluster.on", "default.valkey7", "default.valkey8"} <= names
    assert listed(cache, "default.redis7.cluster.on")["cluster-enabled"]["ParameterValue"] == "yes"
    assert listed(cache, "default.redis7", Source="user") == {}


def test_changed_parameters_are_the_users(cache: Any, group: str) -> None:
    set_parameter(cache, "maxmemory-policy", "allkeys-lru")
    set_parameter(cache, "notify-keyspace-events", "Ex")
    found = listed(cache, Source="user")
    values = {name: each["ParameterValue"] for name, each in found.items()}
    assert values == {"maxmemory-policy": "allkeys-lru", "notify-keyspace-events": "Ex"}
    system = listed(cache, Source="system")
    assert (system["timeout"]["ParameterValue"], system["cluster-enabled"]["ChangeType"]) == ("0", "requires-reboot")
    assert len(listed(cache)) == len(system) + 2


def test_parameters_come_in_pages(cache: Any, group: str) -> None:
    first = cache.describe_cache_parameters(CacheParameterGroupName="p", MaxRecords=20)
    assert (len(first["Parameters"]), bool(first["Marker"])) == (20, True)
    pages = cache.get_paginator("describe_engine_default_parameters").paginate(CacheParameterGroupFamily="valkey8")
    assert "maxmemory-policy" in {
        each["ParameterName"] for page in pages for each in page["EngineDefaults"]["Parameters"]
    }


@pytest.mark.parametrize(
    "name, value", [("no-such", "1"), ("maxclients", "1"), ("maxmemory-policy", "nonsense"), ("timeout", "soon")]
)
def test_changes_that_aws_refuses(cache: Any, group: str, name: str, value: str) -> None:
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        set_parameter(cache, name, value)
    assert listed(cache, Source="user") == {}


def test_parameters_reset(cache: Any, group: str) -> None:
    set_parameter(cache, "timeout", "300")
    set_parameter(cache, "databases", "4")
    one = [{"ParameterName": "timeout"}]
    cache.reset_cache_parameter_group(CacheParameterGroupName="p", ParameterNameValues=one)
    assert set(listed(cache, Source="user")) == {"databases"}
    cache.reset_cache_parameter_group(CacheParameterGroupName="p", ResetAllParameters=True)
    assert listed(cache, Source="user") == {}
    with pytest.raises(ClientError, match="InvalidParameterCombination"):
        cache.reset_cache_parameter_group(CacheParameterGroupName="p")


def test_a_parameter_group_decides_on_cluster_mode(cache: Any, group: str) -> None:
    set_parameter(cache, "cluster-enabled", "yes")
    replicate(cache, CacheParameterGroupName="p", NumNodeGroups=2, AutomaticFailoverEnabled=True)
    assert cache.describe_replication_groups()["ReplicationGroups"][0]["ClusterEnabled"] is True


def test_groups_in_use_are_not_deleted(cache: Any, group: str, subnets: list[str]) -> None:
    cache.create_cache_subnet_group(CacheSubnetGroupName="s", CacheSubnetGroupDescription="d", SubnetIds=subnets)
    replicate(cache, CacheParameterGroupName="p", CacheSubnetGroupName="s")
    with pytest.raises(ClientError, match="InvalidCacheParameterGroupState"):
        cache.delete_cache_parameter_group(CacheParameterGroupName="p")
    with pytest.raises(ClientError, match="CacheSubnetGroupInUse"):
        cache.delete_cache_subnet_group(CacheSubnetGroupName="s")
    cache.delete_replication_group(ReplicationGroupId="red")
    cache.delete_cache_parameter_group(CacheParameterGroupName="p")
    cache.delete_cache_subnet_group(CacheSubnetGroupName="s")
    with pytest.raises(ClientError, match="CacheParameterGroupNotFound"):
        cache.delete_cache_parameter_group(CacheParameterGroupName="p")
    with pytest.raises(ClientError, match="CacheSubnetGroupNotFoundFault"):
        cache.delete_cache_subnet_group(CacheSubnetGroupName="s")


def test_default_groups_are_not_touched(cache: Any) -> None:
    with pytest.raises(ClientError, match="InvalidCacheParameterGroupState"):
        set_parameter(cache, "timeout", "300", "default.redis7")
    with pytest.raises(ClientError, match="InvalidCacheParameterGroupState"):
        cache.delete_cache_parameter_group(CacheParameterGroupName="default.redis7")


def test_a_subnet_group_reads_back_and_changes(cache: Any, subnets: list[str]) -> None:
    made = cache.create_cache_subnet_group(
        CacheSubnetGroupName="Data", CacheSubnetGroupDescription="d", SubnetIds=subnets[:1], Tags=TAGS
    )["CacheSubnetGroup"]
    assert made["CacheSubnetGroupName"] == "data"
    cache.modify_cache_subnet_group(CacheSubnetGroupName="data", CacheSubnetGroupDescription="e", SubnetIds=subnets)
    found = cache.describe_cache_subnet_groups(CacheSubnetGroupName="Data")["CacheSubnetGroups"][0]
    assert [each["SubnetIdentifier"] for each in found["Subnets"]] == subnets
    assert [each["SubnetAvailabilityZone"]["Name"] for each in found["Subnets"]] == ["us-east-1a", "us-east-1b"]
    assert found["CacheSubnetGroupDescription"] == "e"
    assert cache.list_tags_for_resource(ResourceName=found["ARN"])["TagList"] == TAGS


def test_nodes_go_where_the_subnets_are(cache: Any, subnets: list[str]) -> None:
    cache.create_cache_subnet_group(CacheSubnetGroupName="s", CacheSubnetGroupDescription="d", SubnetIds=subnets)
    replicate(cache, CacheSubnetGroupName="s", NumCacheClusters=3)
    found = cache.describe_cache_clusters()["CacheClusters"]
    assert [each["PreferredAvailabilityZone"] for each in found] == ["us-east-1a", "us-east-1b", "us-east-1a"]
    assert {each["CacheSubnetGroupName"] for each in found} == {"s"}


def test_subnet_groups_that_aws_refuses(cache: Any, subnets: list[str]) -> None:
    with pytest.raises(ClientError, match="InvalidSubnet"):
        cache.create_cache_subnet_group(
            CacheSubnetGroupName="s", CacheSubnetGroupDescription="d", SubnetIds=["subnet-0"]
        )
    with pytest.raises(ClientError, match="CacheSubnetGroupNotFoundFault"):
        cache.modify_cache_subnet_group(CacheSubnetGroupName="s", SubnetIds=subnets)


def test_a_user_group_reads_back_and_goes(cache: Any) -> None:
    cache.create_user(
        UserId="u", UserName="app", Engine="redis", AccessString="on ~* +@all", Passwords=["long-enough-password"]
    )
    with pytest.raises(ClientError, match="DefaultUserRequired"):
        cache.create_user_group(UserGroupId="g", Engine="redis", UserIds=["u"])
    arn = cache.create_user_group(UserGroupId="g", Engine="redis", UserIds=["default", "u"], Tags=TAGS)["ARN"]
    found = cache.describe_user_groups(UserGroupId="g")["UserGroups"][0]
    assert (found["Status"], found["UserIds"]) == ("active", ["default", "u"])
    assert cache.list_tags_for_resource(ResourceName=arn)["TagList"] == TAGS
    replicate(cache, TransitEncryptionEnabled=True, UserGroupIds=["g"])
    with pytest.raises(ClientError, match="InvalidUserGroupState"):
        cache.delete_user_group(UserGroupId="g")
    cache.modify_replication_group(ReplicationGroupId="red", RemoveUserGroups=True)
    cache.delete_user_group(UserGroupId="g")
    with pytest.raises(ClientError, match="UserGroupNotFound"):
        cache.describe_user_groups(UserGroupId="g")


@pytest.mark.parametrize(
    "options, expected",
    [
        ({"Engine": "redis", "CacheParameterGroupFamily": "redis7"}, ["7.0", "7.1"]),
        ({"CacheParameterGroupFamily": "valkey7"}, ["7.2"]),
        ({"CacheParameterGroupFamily": "valkey8"}, ["8.0", "8.1"]),
        ({"Engine": "redis", "DefaultOnly": True}, ["7.1"]),
        ({"EngineVersion": "9.9"}, []),
    ],
)
def test_engine_versions(cache: Any, options: dict[str, Any], expected: list[str]) -> None:
    found = cache.describe_cache_engine_versions(**options)["CacheEngineVersions"]
    assert [each["EngineVersion"] for each in found] == expected
