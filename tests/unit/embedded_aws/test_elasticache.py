# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ElastiCache of the embedded AWS: replication groups and their nodes."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

TOKEN = "abcdefghijklmnop!&#$^<>-"
TAGS = [{"Key": "Layer", "Value": "data"}]
SECURE = {"TransitEncryptionEnabled": True, "AtRestEncryptionEnabled": True}
LOG = {
    "LogType": "slow-log",
    "DestinationType": "cloudwatch-logs",
    "DestinationDetails": {"CloudWatchLogsDetails": {"LogGroup": "/redis"}},
    "LogFormat": "json",
}


@pytest.fixture
def cache(aws: None) -> Any:
    return boto3.client("elasticache")


def create(cache: Any, name: str = "red", **options: Any) -> dict[str, Any]:
    given = {"ReplicationGroupDescription": "d", "CacheNodeType": "cache.t3.micro", "Engine": "redis"}
    cache.create_replication_group(ReplicationGroupId=name, **{**given, **options})
    return show(cache, name)


def show(cache: Any, name: str = "red") -> dict[str, Any]:
    found: dict[str, Any] = cache.describe_replication_groups(ReplicationGroupId=name)["ReplicationGroups"][0]
    return found


def clusters(cache: Any, **options: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cache.describe_cache_clusters(**options)["CacheClusters"]
    return found


def change(cache: Any, apply: bool = True, **options: Any) -> dict[str, Any]:
    cache.modify_replication_group(ReplicationGroupId="red", ApplyImmediately=apply, **options)
    return show(cache)


def clustered(cache: Any, shards: int = 2, replicas: int = 1, **options: Any) -> dict[str, Any]:
    parameters = {"CacheParameterGroupName": "default.redis7.cluster.on", "AutomaticFailoverEnabled": True}
    return create(cache, NumNodeGroups=shards, ReplicasPerNodeGroup=replicas, **parameters, **options)


def zones(shard: dict[str, Any]) -> list[str]:
    return [member["PreferredAvailabilityZone"] for member in shard["NodeGroupMembers"]]


def test_a_single_node(cache: Any) -> None:
    found = create(cache)
    assert (found["Status"], found["MemberClusters"], found["ClusterEnabled"]) == ("available", ["red-001"], False)
    assert (found["AutomaticFailover"], found["MultiAZ"], found["AuthTokenEnabled"]) == ("disabled", "disabled", False)
    assert (found["SnapshotRetentionLimit"], "SnapshottingClusterId" in found) == (0, False)
    cache.get_waiter("replication_group_available").wait(ReplicationGroupId="red")


def test_three_nodes(cache: Any) -> None:
    found = create(cache, NumCacheClusters=3, AutomaticFailoverEnabled=True, MultiAZEnabled=True)
    (shard,) = found["NodeGroups"]
    members = [(each["CacheClusterId"], each["CurrentRole"]) for each in shard["NodeGroupMembers"]]
    assert members == [("red-001", "primary"), ("red-002", "replica"), ("red-003", "replica")]
    assert zones(shard) == ["us-east-1a", "us-east-1b", "us-east-1c"]
    assert shard["PrimaryEndpoint"]["Address"].startswith("master.red.")
    assert shard["ReaderEndpoint"]["Port"] == 6379
    assert found["MemberClusters"] == ["red-001", "red-002", "red-003"]
    assert (found["AutomaticFailover"], found["MultiAZ"]) == ("enabled", "enabled")
    assert "ConfigurationEndpoint" not in found


def test_preferred_zones(cache: Any) -> None:
    wanted = ["us-east-1c", "us-east-1a"]
    assert zones(create(cache, NumCacheClusters=2, PreferredCacheClusterAZs=wanted)["NodeGroups"][0]) == wanted


def test_cluster_mode(cache: Any) -> None:
    found = clustered(cache, 3)
    assert (found["ClusterEnabled"], len(found["NodeGroups"])) == (True, 3)
    assert found["MemberClusters"][:3] == ["red-0001-001", "red-0001-002", "red-0002-001"]
    assert found["ConfigurationEndpoint"]["Address"].startswith("clustercfg.red.")
    assert [each["Slots"] for each in found["NodeGroups"]] == ["0-5460", "5461-10922", "10923-16383"]
    assert "PrimaryEndpoint" not in found["NodeGroups"][0]


def test_shards_can_be_configured(cache: Any) -> None:
    configured = [{"PrimaryAvailabilityZone": "us-east-1c", "ReplicaAvailabilityZones": ["us-east-1a"]}]
    found = clustered(cache, 2, NodeGroupConfiguration=configured)
    assert [zones(shard) for shard in found["NodeGroups"]] == [
        ["us-east-1c", "us-east-1a"],
        ["us-east-1a", "us-east-1b"],
    ]


def test_what_is_given_reads_back(cache: Any) -> None:
    given = {
        **SECURE,
        "AutoMinorVersionUpgrade": False,
        "CacheNodeType": "cache.r5.large",
        "KmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/k",
        "SnapshotRetentionLimit": 7,
        "SnapshotWindow": "01:00-02:00",
        "NetworkType": "ipv4",
        "TransitEncryptionMode": "preferred",
    }
    boto3.client("logs").create_log_group(logGroupName="/redis")
    found = create(cache, **given, NumCacheClusters=2, AuthToken=TOKEN, LogDeliveryConfigurations=[LOG], Tags=TAGS)
    assert {name: found[name] for name in given} == given
    assert (found["AuthTokenEnabled"], "AuthTokenLastModifiedDate" in found) == (True, True)
    assert found["LogDeliveryConfigurations"] == [{**LOG, "Status": "active"}]
    assert (found["SnapshottingClusterId"], found["Engine"]) == ("red-002", "redis")
    assert TOKEN not in str(found)


def test_members_are_clusters(cache: Any) -> None:
    given = {
        "NumCacheClusters": 2,
        "EngineVersion": "7.0",
        "PreferredMaintenanceWindow": "mon:01:00-mon:02:00",
        "SecurityGroupIds": ["sg-1"],
        "NotificationTopicArn": "arn:aws:sns:us-east-1:123456789012:t",
    }
    create(cache, **given)
    assert [each["CacheClusterId"] for each in clusters(cache)] == ["red-001", "red-002"]
    (found,) = clusters(cache, CacheClusterId="red-002", ShowCacheNodeInfo=True)
    assert found["SecurityGroups"] == [{"SecurityGroupId": "sg-1", "Status": "active"}]
    assert found["CacheParameterGroup"]["CacheParameterGroupName"] == "default.redis7"
    assert (found["EngineVersion"], found["ReplicationGroupId"]) == ("7.0.7", "red")
    assert found["PreferredMaintenanceWindow"] == "mon:01:00-mon:02:00"
    assert found["NotificationConfiguration"]["TopicStatus"] == "active"
    assert found["CacheNodes"][0]["CustomerAvailabilityZone"] == "us-east-1b"
    assert found["CacheNodes"][0]["Endpoint"]["Port"] == 6379
    assert "CacheNodes" not in clusters(cache)[0]
    assert clusters(cache, ShowCacheClustersNotInReplicationGroups=True) == []
    with pytest.raises(ClientError, match="CacheClusterNotFound"):
        clusters(cache, CacheClusterId="red-003")


@pytest.mark.parametrize(
    "options, code",
    [
        ({"AutomaticFailoverEnabled": True}, "InvalidParameterCombination"),
        ({"MultiAZEnabled": True}, "InvalidParameterCombination"),
        ({"NumCacheClusters": 2, "MultiAZEnabled": True}, "InvalidParameterCombination"),
        ({"AuthToken": TOKEN}, "InvalidParameterCombination"),
        ({"AuthToken": "short", **SECURE}, "InvalidParameterValue"),
        ({"AuthToken": "x" * 129, **SECURE}, "InvalidParameterValue"),
        ({"AuthToken": "sixteen-or-more@", **SECURE}, "InvalidParameterValue"),
        ({"KmsKeyId": "k"}, "InvalidParameterCombination"),
        ({"NumNodeGroups": 2}, "InvalidParameterCombination"),
        ({"NumNodeGroups": 2, "CacheParameterGroupName": "default.redis7"}, "InvalidParameterCombination"),
        ({"NumNodeGroups": 2, "NumCacheClusters": 2}, "InvalidParameterCombination"),
        ({"NumCacheClusters": 7}, "InvalidParameterValue"),
        ({"CacheNodeType": "t3.micro"}, "InvalidParameterValue"),
        ({"EngineVersion": "9.9"}, "InvalidParameterCombination"),
        ({"Engine": "memcached"}, "InvalidParameterValue"),
        ({"CacheParameterGroupName": "default.valkey8"}, "InvalidParameterCombination"),
        ({"CacheParameterGroupName": "missing"}, "CacheParameterGroupNotFound"),
        ({"CacheSubnetGroupName": "missing"}, "CacheSubnetGroupNotFoundFault"),
        ({"LogDeliveryConfigurations": [LOG, LOG]}, "InvalidParameterCombination"),
        ({"UserGroupIds": ["missing"]}, "UserGroupNotFound"),
    ],
)
def test_groups_that_aws_refuses(cache: Any, options: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as caught:
        create(cache, **options)
    assert caught.value.response["Error"]["Code"] == code
    assert cache.describe_replication_groups()["ReplicationGroups"] == []


@pytest.mark.parametrize("name", ["x" * 41, "1red", "red-", "r--d"])
def test_ids_that_aws_refuses(cache: Any, name: str) -> None:
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        create(cache, name)


def test_ids_are_stored_in_lower_case_and_once(cache: Any) -> None:
    assert create(cache, "UEX-Red")["ReplicationGroupId"] == "uex-red"
    with pytest.raises(ClientError, match="ReplicationGroupAlreadyExists"):
        create(cache, "uex-red")


def test_valkey(cache: Any) -> None:
    assert create(cache, Engine="valkey", EngineVersion="7.2")["AtRestEncryptionEnabled"] is True
    (found,) = clusters(cache)
    assert (found["Engine"], found["CacheParameterGroup"]["CacheParameterGroupName"]) == ("valkey", "default.valkey7")


def test_deletion_ends(cache: Any) -> None:
    create(cache, Tags=TAGS)
    answer = cache.delete_replication_group(ReplicationGroupId="red", FinalSnapshotIdentifier="last")
    assert answer["ReplicationGroup"]["Status"] == "deleting"
    with pytest.raises(ClientError, match="ReplicationGroupNotFoundFault"):
        show(cache)
    cache.get_waiter("replication_group_deleted").wait(
        ReplicationGroupId="red", WaiterConfig={"Delay": 0, "MaxAttempts": 1}
    )
    assert clusters(cache) == []
    snapshot = cache.describe_snapshots(SnapshotName="last")["Snapshots"][0]
    assert (snapshot["ReplicationGroupId"], snapshot["CacheNodeType"]) == ("red", "cache.t3.micro")


def test_changes(cache: Any) -> None:
    create(cache, NumCacheClusters=2)
    found = change(
        cache,
        ReplicationGroupDescription="e",
        AutomaticFailoverEnabled=True,
        MultiAZEnabled=True,
        SnapshotRetentionLimit=5,
        SnapshotWindow="04:00-05:00",
        CacheNodeType="cache.t3.small",
        AutoMinorVersionUpgrade=False,
    )
    assert (found["Description"], found["AutomaticFailover"], found["MultiAZ"]) == ("e", "enabled", "enabled")
    assert (found["SnapshotRetentionLimit"], found["SnapshotWindow"]) == (5, "04:00-05:00")
    assert (found["CacheNodeType"], found["AutoMinorVersionUpgrade"]) == ("cache.t3.small", False)
    cache.modify_replication_group(
        ReplicationGroupId="red", SecurityGroupIds=["sg-2"], PreferredMaintenanceWindow="tue:01:00-tue:02:00"
    )
    member = clusters(cache)[0]
    assert member["SecurityGroups"][0]["SecurityGroupId"] == "sg-2"
    assert member["PreferredMaintenanceWindow"] == "tue:01:00-tue:02:00"


def test_some_changes_wait(cache: Any) -> None:
    create(cache, EngineVersion="7.0")
    assert change(cache, False, CacheNodeType="cache.t3.small")["CacheNodeType"] == "cache.t3.micro"
    assert clusters(cache)[0]["PendingModifiedValues"] == {"CacheNodeType": "cache.t3.small"}
    assert change(cache, EngineVersion="7.1")["CacheNodeType"] == "cache.t3.small"
    assert (clusters(cache)[0]["EngineVersion"], clusters(cache)[0]["PendingModifiedValues"]) == ("7.1.0", {})


@pytest.mark.parametrize("at_once", [False, True])
def test_what_waits_is_forgotten_when_what_is_there_is_asked_for(cache: Any, at_once: bool) -> None:
    create(cache)
    there = clusters(cache)[0]["CacheNodeType"]
    change(cache, False, CacheNodeType="cache.t3.small")
    change(cache, at_once, CacheNodeType=there)
    assert (clusters(cache)[0]["CacheNodeType"], clusters(cache)[0]["PendingModifiedValues"]) == (there, {})


def test_upgrades(cache: Any) -> None:
    create(cache, EngineVersion="7.1")
    with pytest.raises(ClientError, match="Cannot downgrade"):
        change(cache, EngineVersion="7.0")
    change(cache, Engine="valkey", EngineVersion="8.0")
    assert clusters(cache)[0]["CacheParameterGroup"]["CacheParameterGroupName"] == "default.valkey8"
    with pytest.raises(ClientError, match="Cannot change the engine"):
        change(cache, Engine="redis", EngineVersion="7.1")


def test_changes_that_aws_refuses(cache: Any) -> None:
    create(cache)
    for options in (
        {"AutomaticFailoverEnabled": True},
        {"AuthToken": TOKEN, "AuthTokenUpdateStrategy": "SET"},
        {"TransitEncryptionEnabled": True},
        {"CacheParameterGroupName": "default.redis7.cluster.on"},
    ):
        with pytest.raises(ClientError, match="InvalidParameterCombination"):
            change(cache, **options)
    with pytest.raises(ClientError, match="ReplicationGroupNotFoundFault"):
        cache.modify_replication_group(ReplicationGroupId="missing")


def test_encryption_in_transit_passes_through_preferred(cache: Any) -> None:
    create(cache)
    found = change(cache, TransitEncryptionEnabled=True, TransitEncryptionMode="preferred")
    assert (found["TransitEncryptionEnabled"], found["TransitEncryptionMode"]) == (True, "preferred")
    assert change(cache, TransitEncryptionMode="required")["TransitEncryptionMode"] == "required"
    with pytest.raises(ClientError, match="InvalidParameterCombination"):
        change(cache, TransitEncryptionEnabled=False)


def test_a_token_is_rotated_then_set(cache: Any) -> None:
    create(cache, **SECURE, AuthToken=TOKEN)
    other = TOKEN + "-2"
    with pytest.raises(ClientError, match="InvalidParameterCombination"):
        change(cache, AuthToken=other, AuthTokenUpdateStrategy="SET")
    for strategy in ("ROTATE", "SET"):
        assert change(cache, AuthToken=other, AuthTokenUpdateStrategy=strategy)["AuthTokenEnabled"] is True
    with pytest.raises(ClientError, match="AuthTokenUpdateStrategy"):
        change(cache, AuthToken=other)


def test_log_delivery_comes_and_goes(cache: Any) -> None:
    create(cache)
    (missing,) = change(cache, LogDeliveryConfigurations=[LOG])["LogDeliveryConfigurations"]
    assert missing["Status"] == "error"
    boto3.client("logs").create_log_group(logGroupName="/redis")
    engine = {**LOG, "LogType": "engine-log"}
    found = change(cache, LogDeliveryConfigurations=[LOG, engine])["LogDeliveryConfigurations"]
    assert [(each["LogType"], each["Status"]) for each in found] == [("slow-log", "active"), ("engine-log", "active")]
    off = [{"LogType": "slow-log", "Enabled": False}]
    found = change(cache, LogDeliveryConfigurations=off)["LogDeliveryConfigurations"]
    assert [each["LogType"] for each in found] == ["engine-log"]


def test_more_and_fewer_replicas(cache: Any) -> None:
    create(cache, NumCacheClusters=2, AutomaticFailoverEnabled=True, Tags=TAGS)
    name = {"ReplicationGroupId": "red", "ApplyImmediately": True}
    cache.increase_replica_count(**name, NewReplicaCount=3)
    assert show(cache)["MemberClusters"] == ["red-001", "red-002", "red-003", "red-004"]
    assert zones(show(cache)["NodeGroups"][0])[:3] == ["us-east-1a", "us-east-1b", "us-east-1c"]
    added = clusters(cache, CacheClusterId="red-004")[0]["ARN"]
    assert cache.list_tags_for_resource(ResourceName=added)["TagList"] == TAGS
    cache.decrease_replica_count(**name, ReplicasToRemove=["red-002"])
    assert show(cache)["MemberClusters"] == ["red-001", "red-003", "red-004"]
    cache.decrease_replica_count(**name, NewReplicaCount=1)
    assert len(show(cache)["MemberClusters"]) == 2


def test_counts_that_aws_refuses(cache: Any) -> None:
    create(cache, NumCacheClusters=2, AutomaticFailoverEnabled=True)
    name = {"ReplicationGroupId": "red", "ApplyImmediately": True}
    for count, code in ((1, "NoOperationFault"), (0, "InvalidParameterValue"), (6, "InvalidParameterValue")):
        with pytest.raises(ClientError, match=code):
            cache.increase_replica_count(**name, NewReplicaCount=count)
    with pytest.raises(ClientError, match="InvalidParameterCombination"):
        cache.decrease_replica_count(**name, NewReplicaCount=0)
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        cache.increase_replica_count(ReplicationGroupId="red", ApplyImmediately=False, NewReplicaCount=2)
    assert len(show(cache)["MemberClusters"]) == 2


def test_shards_come_and_go(cache: Any) -> None:
    clustered(cache)
    name = {"ReplicationGroupId": "red", "ApplyImmediately": True}
    cache.modify_replication_group_shard_configuration(**name, NodeGroupCount=3)
    assert [len(each["NodeGroupMembers"]) for each in show(cache)["NodeGroups"]] == [2, 2, 2]
    with pytest.raises(ClientError, match="InvalidParameterCombination"):
        cache.modify_replication_group_shard_configuration(**name, NodeGroupCount=2)
    cache.modify_replication_group_shard_configuration(**name, NodeGroupCount=2, NodeGroupsToRemove=["0002"])
    assert [each["NodeGroupId"] for each in show(cache)["NodeGroups"]] == ["0001", "0003"]


def test_shards_need_cluster_mode(cache: Any) -> None:
    create(cache)
    with pytest.raises(ClientError, match="InvalidReplicationGroupState"):
        cache.modify_replication_group_shard_configuration(
            ReplicationGroupId="red", ApplyImmediately=True, NodeGroupCount=2
        )


def test_failover_swaps_the_roles(cache: Any) -> None:
    create(cache, NumCacheClusters=2, AutomaticFailoverEnabled=True)
    cache.test_failover(ReplicationGroupId="red", NodeGroupId="0001")
    members = show(cache)["NodeGroups"][0]["NodeGroupMembers"]
    assert [(each["CacheClusterId"], each["CurrentRole"]) for each in members] == [
        ("red-001", "replica"),
        ("red-002", "primary"),
    ]
    events = cache.describe_events(SourceIdentifier="red", SourceType="replication-group")["Events"]
    assert events[-1]["Message"] == "Failover to replica node red-002 completed"


def test_failover_needs_a_replica(cache: Any) -> None:
    create(cache)
    with pytest.raises(ClientError, match="InvalidReplicationGroupState"):
        cache.test_failover(ReplicationGroupId="red", NodeGroupId="0001")
    with pytest.raises(ClientError, match="NodeGroupNotFoundFault"):
        cache.test_failover(ReplicationGroupId="red", NodeGroupId="0009")


def test_a_replica_can_be_promoted_by_name(cache: Any) -> None:
    create(cache, NumCacheClusters=2)
    members = change(cache, PrimaryClusterId="red-002")["NodeGroups"][0]["NodeGroupMembers"]
    assert [each["CurrentRole"] for each in members] == ["replica", "primary"]


def test_tags_are_the_nodes_too(cache: Any) -> None:
    arn = create(cache, NumCacheClusters=2, Tags=TAGS)["ARN"]
    more = {"Key": "Project", "Value": "p"}
    assert cache.add_tags_to_resource(ResourceName=arn, Tags=[more])["TagList"] == [*TAGS, more]
    node = clusters(cache)[0]["ARN"]
    assert cache.list_tags_for_resource(ResourceName=node)["TagList"] == [*TAGS, more]
    assert cache.remove_tags_from_resource(ResourceName=arn, TagKeys=["Layer"])["TagList"] == [more]
    assert cache.list_tags_for_resource(ResourceName=node)["TagList"] == [more]
    with pytest.raises(ClientError, match="ReplicationGroupNotFoundFault"):
        cache.list_tags_for_resource(ResourceName=arn + "x")
    with pytest.raises(ClientError, match="InvalidARN"):
        cache.list_tags_for_resource(ResourceName="nonsense")


def test_a_single_cluster_is_described_and_goes(cache: Any) -> None:
    cache.create_cache_cluster(CacheClusterId="one", Engine="redis", CacheNodeType="cache.t3.micro", NumCacheNodes=1)
    create(cache)
    assert [each["CacheClusterId"] for each in clusters(cache, ShowCacheClustersNotInReplicationGroups=True)] == ["one"]
    cache.delete_cache_cluster(CacheClusterId="one")
    assert [each["CacheClusterId"] for each in clusters(cache)] == ["red-001"]
