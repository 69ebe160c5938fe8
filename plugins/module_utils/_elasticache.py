# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Replication groups: our words and AWS's, and the calls that a change takes, in order; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from . import _databases, _plan

READY = "available"
STUCK = ("create-failed", "deleting")

#: Changes that replace nodes or restart them; the others disturb nobody and are made at once.
INTERRUPTING = ("cache_node_type", "engine", "engine_version")
#: Options in which the size of a group is declared, and which have operations of their own.
SIZES = ("num_cache_clusters", "num_node_groups", "replicas_per_node_group")

#: Our word to the member of CreateReplicationGroup; ModifyReplicationGroup has the same for what it can change.
MEMBERS = {
    "description": "ReplicationGroupDescription",
    "engine": "Engine",
    "engine_version": "EngineVersion",
    "cache_node_type": "CacheNodeType",
    "num_cache_clusters": "NumCacheClusters",
    "num_node_groups": "NumNodeGroups",
    "replicas_per_node_group": "ReplicasPerNodeGroup",
    "automatic_failover_enabled": "AutomaticFailoverEnabled",
    "multi_az_enabled": "MultiAZEnabled",
    "cache_subnet_group_name": "CacheSubnetGroupName",
    "cache_parameter_group_name": "CacheParameterGroupName",
    "security_group_ids": "SecurityGroupIds",
    "port": "Port",
    "transit_encryption_enabled": "TransitEncryptionEnabled",
    "at_rest_encryption_enabled": "AtRestEncryptionEnabled",
    "kms_key_id": "KmsKeyId",
    "snapshot_retention_limit": "SnapshotRetentionLimit",
    "snapshot_window": "SnapshotWindow",
    "preferred_maintenance_window": "PreferredMaintenanceWindow",
    "auto_minor_version_upgrade": "AutoMinorVersionUpgrade",
}
#: What a description of the group names as the requests do.
_SHOWN_ALIKE = ("auto_minor_version_upgrade", "kms_key_id", "snapshot_retention_limit", "snapshot_window")
#: AWS cannot change them; cluster_enabled follows from how the size is declared.
FROZEN = (
    "at_rest_encryption_enabled",
    "cache_subnet_group_name",
    "cluster_enabled",
    "kms_key_id",
    "port",
    "transit_encryption_enabled",
)


class Call(NamedTuple):
    """One operation of a change; the group must be available before each."""

    operation: str
    arguments: dict[str, Any]


def desired(item: Mapping[str, Any]) -> dict[str, Any]:
    """The declared properties; sets sorted, windows in lower case, the kind of group from how its size is declared."""
    declared: dict[str, Any] = {option: item.get(option) for option in (*MEMBERS, "auth_token_secret")}
    for option in ("snapshot_window", "preferred_maintenance_window"):
        declared[option] = declared[option] and declared[option].lower()
    groups, logs = declared["security_group_ids"], item.get("log_delivery_configurations")
    return {
        **declared,
        "security_group_ids": None if groups is None else sorted(groups),
        "log_delivery_configurations": None
        if logs is None
        else sorted(map(dict, logs), key=lambda log: log["log_type"]),
        "cluster_enabled": item.get("num_node_groups") is not None,
    }


def observed(group: Mapping[str, Any], members: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A group of DescribeReplicationGroups with its cache clusters, in the words of C(desired)."""
    node = members[0] if members else {}
    return {
        **_of_group(group),
        **_sizes(group),
        **endpoints(group),
        "engine": group.get("Engine") or node.get("Engine"),
        "engine_version": _newest(node, "EngineVersion"),
        "cache_node_type": _newest(node, "CacheNodeType") or group.get("CacheNodeType"),
        "cache_subnet_group_name": node.get("CacheSubnetGroupName"),
        "cache_parameter_group_name": (node.get("CacheParameterGroup") or {}).get("CacheParameterGroupName"),
        "security_group_ids": sorted(each["SecurityGroupId"] for each in node.get("SecurityGroups") or ()),
        "preferred_maintenance_window": node.get("PreferredMaintenanceWindow"),
        "pending_changes": _pending(node),
    }


def _newest(node: Mapping[str, Any], member: str) -> Any:
    """The value that was asked for, even if AWS has put it off to the maintenance window."""
    return (node.get("PendingModifiedValues") or {}).get(member) or node.get(member)


def _pending(node: Mapping[str, Any]) -> list[str]:
    options = {member: option for option, member in MEMBERS.items()}
    return sorted(options[name] for name in node.get("PendingModifiedValues") or {} if name in options)


def _of_group(group: Mapping[str, Any]) -> dict[str, Any]:
    waiting = group.get("PendingModifiedValues") or {}
    failover = waiting.get("AutomaticFailoverStatus") or group.get("AutomaticFailover")
    return {
        **{option: group.get(MEMBERS[option]) for option in _SHOWN_ALIKE},
        "description": group.get("Description"),
        "automatic_failover_enabled": failover in ("enabled", "enabling"),
        "multi_az_enabled": group.get("MultiAZ") == "enabled",
        "transit_encryption_enabled": bool(group.get("TransitEncryptionEnabled")),
        "at_rest_encryption_enabled": bool(group.get("AtRestEncryptionEnabled")),
        "log_delivery_configurations": _logs(group),
    }


def _sizes(group: Mapping[str, Any]) -> dict[str, Any]:
    members, shards = group.get("MemberClusters") or [], group.get("NodeGroups") or []
    clustered = bool(group.get("ClusterEnabled"))
    replicas = max((len(shard.get("NodeGroupMembers") or ()) for shard in shards), default=1) - 1
    return {
        "cluster_enabled": clustered,
        "member_clusters": sorted(members),
        "num_cache_clusters": None if clustered else len(members),
        "num_node_groups": len(shards) if clustered else None,
        "replicas_per_node_group": replicas if clustered else None,
    }


def endpoints(group: Mapping[str, Any]) -> dict[str, Any]:
    """Where clients connect; in cluster mode everything goes through the configuration endpoint."""
    configuration = group.get("ConfigurationEndpoint") or {}
    nodes = (group.get("NodeGroups") or [{}])[0]
    primary = configuration or nodes.get("PrimaryEndpoint") or {}
    reader = configuration or nodes.get("ReaderEndpoint") or {}
    return {
        "primary_endpoint_address": primary.get("Address") or _plan.UNKNOWN,
        "primary_endpoint_port": primary.get("Port") or _plan.UNKNOWN,
        "reader_endpoint_address": reader.get("Address") or _plan.UNKNOWN,
        "configuration_endpoint_address": configuration.get("Address"),
        "port": primary.get("Port"),
    }


def _logs(group: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The log deliveries, those being switched on too."""
    entries = {entry["LogType"]: entry for entry in group.get("LogDeliveryConfigurations") or ()}
    entries |= {
        e["LogType"]: e for e in (group.get("PendingModifiedValues") or {}).get("LogDeliveryConfigurations") or ()
    }
    return [
        {
            "log_type": kind,
            "log_group": entry["DestinationDetails"].get("CloudWatchLogsDetails", {}).get("LogGroup"),
            "log_format": entry["LogFormat"],
        }
        for kind, entry in sorted(entries.items())
        if entry.get("Status") != "disabling"
    ]


def log_requests(
    wanted: Iterable[Mapping[str, Any]], current: Iterable[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """The LogDeliveryConfigurations of a request: the wanted ones, and the current others switched off."""
    requests = [
        {
            "LogType": log["log_type"],
            "DestinationType": "cloudwatch-logs",
            "DestinationDetails": {"CloudWatchLogsDetails": {"LogGroup": log["log_group"]}},
            "LogFormat": log["log_format"],
            "Enabled": True,
        }
        for log in wanted
    ]
    kept = {request["LogType"] for request in requests}
    return requests + [{"LogType": log["log_type"], "Enabled": False} for log in current if log["log_type"] not in kept]


def creation(name: str, declared: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of CreateReplicationGroup but for auth token and tags."""
    options = [option for option in MEMBERS if declared.get(option) is not None]
    logs = declared.get("log_delivery_configurations")
    return {
        "ReplicationGroupId": name,
        **{MEMBERS[option]: declared[option] for option in options},
        **({"LogDeliveryConfigurations": log_requests(logs)} if logs else {}),
    }


def calls(name: str, plan: _plan.Plan, asked: bool) -> list[Call]:
    """What brings a group to its plan. Nodes are added before failover needs them, and removed after it's given up."""
    before, after, changed = plan.before or {}, plan.after or {}, plan.options - {"tags"}
    sizes = [_size_call(name, option, before, after) for option in SIZES if option in changed]
    settings = _settings_call(name, changed - set(SIZES), before, after, asked)
    growing = all(after[option] >= (before.get(option) or 0) for option in SIZES if option in changed)
    return [*sizes, *settings] if growing else [*settings, *sizes]


def _settings_call(
    name: str, changed: set[str], before: Mapping[str, Any], after: Mapping[str, Any], asked: bool
) -> list[Call]:
    if not changed:
        return []
    arguments = {MEMBERS[option]: after[option] for option in sorted(changed & set(MEMBERS))}
    if "log_delivery_configurations" in changed:
        current = before.get("log_delivery_configurations") or ()
        arguments["LogDeliveryConfigurations"] = log_requests(after["log_delivery_configurations"], current)
    interrupts = {*changed, *before.get("pending_changes", ())} & set(INTERRUPTING)
    now = {"ReplicationGroupId": name, "ApplyImmediately": asked or not interrupts}
    return [Call("modify_replication_group", {**now, **arguments})]


def _size_call(name: str, option: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Call:
    """AWS has an operation for each direction, and wants to be told which shards go."""
    group = {"ReplicationGroupId": name, "ApplyImmediately": True}
    wanted, current = after[option], before.get(option) or 0
    if option == "num_node_groups":
        removed = [f"{number:04d}" for number in range(wanted + 1, current + 1)]
        going = {"NodeGroupsToRemove": removed} if removed else {}
        return Call("modify_replication_group_shard_configuration", {**group, "NodeGroupCount": wanted, **going})
    replicas = wanted - 1 if option == "num_cache_clusters" else wanted
    verb = "increase" if wanted > current else "decrease"
    return Call(f"{verb}_replica_count", {**group, "NewReplicaCount": replicas})


def members(name: str, nodes: int, shards: int, replicas: int) -> list[str]:
    """The ids that AWS gives the nodes of a new group; C(shards) 0 is one without cluster mode."""
    if not shards:
        return [f"{name}-{node:03d}" for node in range(1, nodes + 1)]
    return [f"{name}-{shard:04d}-{node:03d}" for shard in range(1, shards + 1) for node in range(1, replicas + 2)]


def problems(item: Mapping[str, Any]) -> Iterable[str]:
    """Rules of one group, as sentences that begin with the option's name."""
    name = _databases.name_problem(item["name"], 40)
    if name:
        yield f"name: {name}"
    if (item.get("num_cache_clusters") is None) == (item.get("num_node_groups") is None):
        yield "num_cache_clusters: give it, or num_node_groups for cluster mode"
    yield from _failover_problems(item)
    if item.get("auth_token_secret") and not item.get("transit_encryption_enabled"):
        yield "transit_encryption_enabled: an auth token needs encryption in transit"


def _failover_problems(item: Mapping[str, Any]) -> Iterable[str]:
    nodes = item.get("num_cache_clusters")
    single = nodes is not None and nodes < 2
    if item.get("automatic_failover_enabled") and single:
        yield f"automatic_failover_enabled: needs two nodes or more, num_cache_clusters is {nodes}"
    if item.get("multi_az_enabled") and (single or not item.get("automatic_failover_enabled")):
        yield "multi_az_enabled: needs automatic_failover_enabled and two nodes or more"
    if item.get("num_node_groups") is not None and not item.get("automatic_failover_enabled"):
        yield "num_node_groups: cluster mode needs automatic_failover_enabled"
