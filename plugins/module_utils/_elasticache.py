# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Replication groups: our words and AWS's, and what AWS would refuse; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import _data_limits, _databases, _plan

READY = "available"
STUCK = ("create-failed", "deleting")

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
    "transit_encryption_mode": "TransitEncryptionMode",
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
)
#: Nodes of a group in cluster mode, with the quota at its highest.
MOST_NODES = 500
#: From and to.
RANGES = {
    "num_cache_clusters": (1, 6),
    "num_node_groups": (1, MOST_NODES),
    "port": (1, 65535),
    "replicas_per_node_group": (0, 5),
    "snapshot_retention_limit": (0, 35),
}
#: How long a window lasts at least.
WINDOW_MINUTES = 60
FIRST_VALKEY = [7, 2]
#: How clients get in: with TLS alone, or without it too.
REQUIRED, PREFERRED = "required", "preferred"


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
        "auth_token_enabled": _token_wanted(item),
    }


def _token_wanted(item: Mapping[str, Any]) -> bool | None:
    """Clients that may come without TLS may come without the token; who declares none does not say."""
    return True if item.get("auth_token_secret") and item.get("transit_encryption_mode") != PREFERRED else None


def observed(group: Mapping[str, Any], members: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A group of DescribeReplicationGroups with its cache clusters, in the words of C(desired)."""
    node = members[0] if members else {}
    return {
        **_of_group(group),
        **_sizes(group),
        **endpoints(group),
        "engine": _engine(group, node),
        "engine_version": _newest(node, "EngineVersion"),
        "cache_node_type": _newest(node, "CacheNodeType") or group.get("CacheNodeType"),
        "cache_subnet_group_name": node.get("CacheSubnetGroupName"),
        "cache_parameter_group_name": (node.get("CacheParameterGroup") or {}).get("CacheParameterGroupName"),
        "security_group_ids": sorted(each["SecurityGroupId"] for each in node.get("SecurityGroups") or ()),
        "preferred_maintenance_window": node.get("PreferredMaintenanceWindow"),
        "pending_changes": _pending(node),
    }


def as_declared(item: Mapping[str, Any], shown: Mapping[str, Any]) -> dict[str, Any]:
    """The observed properties without what AWS does by itself, and with what it will do with a pending upgrade."""
    version = _databases.version_as_declared(item.get("engine_version"), shown["engine_version"])
    upgrading = "engine_version" in shown["pending_changes"]
    group = item.get("cache_parameter_group_name") if upgrading else None
    return {
        **shown,
        "engine_version": version,
        "cache_parameter_group_name": group or shown["cache_parameter_group_name"],
    }


def _engine(group: Mapping[str, Any], node: Mapping[str, Any]) -> str | None:
    """The engine that was asked for: AWS shows a pending version and not its engine, and Redis ends with 7.1."""
    waiting = (node.get("PendingModifiedValues") or {}).get("EngineVersion")
    if waiting and _databases.numbers(waiting) >= FIRST_VALKEY:
        return "valkey"
    return group.get("Engine") or node.get("Engine")


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
        **_access(group),
        "at_rest_encryption_enabled": bool(group.get("AtRestEncryptionEnabled")),
        "log_delivery_configurations": _logs(group),
    }


def _access(group: Mapping[str, Any]) -> dict[str, Any]:
    """How clients get in, as it will be. Versions that know no mode demand TLS where it is on."""
    shown = {**group, **(group.get("PendingModifiedValues") or {})}
    tls = bool(shown.get("TransitEncryptionEnabled"))
    return {
        "transit_encryption_enabled": tls,
        "transit_encryption_mode": (shown.get("TransitEncryptionMode") or REQUIRED) if tls else None,
        "auth_token_enabled": bool(shown.get("AuthTokenEnabled") or shown.get("AuthTokenStatus")),
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
    """The arguments of CreateReplicationGroup but for auth token and tags; TLS is demanded where no mode is given."""
    options = [option for option in MEMBERS if declared.get(option) not in (None, REQUIRED)]
    logs = declared.get("log_delivery_configurations")
    return {
        "ReplicationGroupId": name,
        **{MEMBERS[option]: declared[option] for option in options},
        **({"LogDeliveryConfigurations": log_requests(logs)} if logs else {}),
    }


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
    yield from _size_problems(item)
    yield from _failover_problems(item)
    yield from _encryption_problems(item)
    yield from _window_problems(item)


def _window_problems(item: Mapping[str, Any]) -> Iterable[str]:
    windows = {"snapshot_window": (_data_limits.daily, "hh:mm-hh:mm")}
    windows |= {"preferred_maintenance_window": (_data_limits.weekly, "ddd:hh:mm-ddd:hh:mm")}
    spans = {option: read(item[option]) for option, (read, _form) in windows.items() if item.get(option)}
    found = {o: _data_limits.window_problem(span, windows[o][1], WINDOW_MINUTES) for o, span in spans.items()}
    yield from (f"{option}: {problem}" for option, problem in found.items() if problem)
    daily, weekly = (spans.get(option) for option in windows)
    if daily and weekly and not any(found.values()) and _data_limits.overlap(daily, weekly):
        yield f"preferred_maintenance_window: overlaps the snapshot window {item['snapshot_window']}"


def _size_problems(item: Mapping[str, Any]) -> Iterable[str]:
    if (item.get("num_cache_clusters") is None) == (item.get("num_node_groups") is None):
        yield "num_cache_clusters: give it, or num_node_groups for cluster mode"
    for option, limits in RANGES.items():
        problem = _data_limits.range_problem(item[option], limits) if item.get(option) is not None else ""
        if problem:
            yield f"{option}: {problem}"
    nodes = (item.get("num_node_groups") or 0) * (1 + (item.get("replicas_per_node_group") or 0))
    if nodes > MOST_NODES:
        yield f"num_node_groups: {nodes} nodes with their replicas are more than {MOST_NODES}"


def _failover_problems(item: Mapping[str, Any]) -> Iterable[str]:
    nodes = item.get("num_cache_clusters")
    single = nodes is not None and nodes < 2
    alone = nodes is None and bool(item.get("num_node_groups")) and not item.get("replicas_per_node_group")
    if item.get("automatic_failover_enabled") and single:
        yield f"automatic_failover_enabled: needs two nodes or more, num_cache_clusters is {nodes}"
    if item.get("multi_az_enabled") and (single or not item.get("automatic_failover_enabled")):
        yield "multi_az_enabled: needs automatic_failover_enabled and two nodes or more"
    elif item.get("multi_az_enabled") and alone:
        yield "multi_az_enabled: needs a replica in each shard, replicas_per_node_group is 0"
    if item.get("num_node_groups") is not None and not item.get("automatic_failover_enabled"):
        yield "num_node_groups: cluster mode needs automatic_failover_enabled"


def _encryption_problems(item: Mapping[str, Any]) -> Iterable[str]:
    if item.get("auth_token_secret") and not item.get("transit_encryption_enabled"):
        yield "transit_encryption_enabled: an auth token needs encryption in transit"
    if item.get("transit_encryption_mode") and not item.get("transit_encryption_enabled"):
        yield "transit_encryption_mode: needs transit_encryption_enabled"
    if item.get("kms_key_id") and not item.get("at_rest_encryption_enabled"):
        yield "kms_key_id: needs at_rest_encryption_enabled"
    if item.get("transit_encryption_mode") == PREFERRED and not has_modes(
        item.get("engine"), item.get("engine_version")
    ):
        yield "transit_encryption_mode: Redis has it from 7.0"


def has_modes(engine: str | None, version: str | None) -> bool:
    """Whether TLS can be switched on and off with clients connected."""
    return engine != "redis" or not version or _databases.numbers(version) >= [7]
