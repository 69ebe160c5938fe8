# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ElastiCache: replication groups and their nodes.

Groups are available at once; what is to take time later belongs into `settle`, which every new or changed group passes.
"""

from __future__ import annotations

import hashlib
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.elasticache.exceptions import (
    CacheClusterNotFound,
    InvalidParameterCombinationException,
    InvalidParameterValueException,
    ReplicationGroupAlreadyExists,
    ReplicationGroupNotFound,
    SnapshotNotFound,
)
from moto.elasticache.models import ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse
from moto.logs.models import logs_backends

from . import _elasticache_rules as rules
from ._elasticache_group import Group, Shard
from ._operations import add
from ._patch import after
from .elasticache_groups import listing, subnet_group, user_group_ids
from .elasticache_parameters import cache_parameter_group
from .elasticache_tags import drop_tags, put_tags

# Answered as given.
KEPT = (
    "AutoMinorVersionUpgrade",
    "CacheNodeType",
    "CacheSubnetGroupName",
    "IpDiscovery",
    "KmsKeyId",
    "NetworkType",
    "Port",
    "PreferredMaintenanceWindow",
    "SecurityGroupIds",
    "SnapshotRetentionLimit",
    "SnapshotWindow",
)


def group_of(backend: ElastiCacheBackend, name: str) -> Group:
    """The replication group of this name. Raises ReplicationGroupNotFoundFault."""
    group = backend.replication_groups.get(name.lower())
    if group is None:
        raise ReplicationGroupNotFound(name)
    return group  # type: ignore[return-value]


def answer(group: Group) -> ActionResult:
    return ActionResult({"ReplicationGroup": group})


def _switch(on: Any) -> str:
    return "enabled" if on else "disabled"


def tell(backend: ElastiCacheBackend, source: str, message: str) -> None:
    """Add to the events of the last days, which DescribeEvents lists."""
    event = {"SourceIdentifier": source, "SourceType": "replication-group", "Message": message, "Date": utcnow()}
    backend.__dict__.setdefault("cache_events", []).append(event)


def create_replication_group(self: ElastiCacheResponse) -> ActionResult:
    """Make a replication group, refusing what AWS refuses."""
    backend, given = self.elasticache_backend, self.params
    name = given["ReplicationGroupId"].lower()
    rules.check_id(name)
    if name in backend.replication_groups:
        raise ReplicationGroupAlreadyExists(name)
    group = _new(backend, name, given)
    backend.replication_groups[name] = group  # type: ignore[assignment]
    put_tags(backend, group, given.get("Tags") or [])
    if given.get("SnapshotName"):
        tell(backend, name, f"Restore from {given['SnapshotName']} succeeded for {name}")
    tell(backend, name, f"Replication group {name} created")
    return answer(settle(group))


def _new(backend: ElastiCacheBackend, name: str, given: dict[str, Any]) -> Group:
    rules.check_node_type(given.get("CacheNodeType"))
    if given.get("SnapshotName") and given["SnapshotName"] not in backend.snapshots:
        raise SnapshotNotFound(given["SnapshotName"])
    version = rules.version(given.get("Engine") or "redis", given.get("EngineVersion"))
    parameters, cluster = _parameters(backend, given, version.family)
    shards = _shards(given, zones_of(backend, given.get("CacheSubnetGroupName")))
    group = Group(name, backend.region_name, backend.account_id, cluster, shards)
    group.keep({"Engine": version.engine, "EngineVersion": version.patch, "family": version.family})
    group.keep({"CacheParameterGroupName": parameters, "ReplicationGroupCreateTime": utcnow()})
    group.keep({"Description": given["ReplicationGroupDescription"], **{name: given.get(name) for name in KEPT}})
    _keep_encryption(group, given)
    _keep_access(backend, group, given)
    keep_failover(group, bool(given.get("AutomaticFailoverEnabled")), bool(given.get("MultiAZEnabled")))
    return group


def _keep_encryption(group: Group, given: dict[str, Any]) -> None:
    """Valkey is encrypted at rest unless told otherwise, Redis if told to."""
    at_rest, tls = given.get("AtRestEncryptionEnabled", group.engine == "valkey"), given.get("TransitEncryptionEnabled")
    rules.check_encryption(at_rest, given.get("KmsKeyId"))
    rules.check_token(given.get("AuthToken"), bool(tls), given.get("UserGroupIds"))
    group.keep({"AtRestEncryptionEnabled": at_rest, "TransitEncryptionEnabled": tls})
    group.keep({"TransitEncryptionMode": (given.get("TransitEncryptionMode") or "required") if tls else None})


def _keep_access(backend: ElastiCacheBackend, group: Group, given: dict[str, Any]) -> None:
    """What a change takes in the same way: logs, notifications, the first token and user groups."""
    keep_logs(backend, group, given.get("LogDeliveryConfigurations") or [])
    keep_topic(group, given)
    group.user_group_ids = user_group_ids(backend, given.get("UserGroupIds") or [])
    if given.get("AuthToken"):
        keep_token(group, given["AuthToken"], "SET")


def _parameters(backend: ElastiCacheBackend, given: dict[str, Any], family: str) -> tuple[str, bool]:
    """The parameter group's name, and whether the group is in cluster mode, which the parameter group decides."""
    many = (given.get("NumNodeGroups") or 1) > 1 or given.get("ClusterMode") == "enabled"
    name = given.get("CacheParameterGroupName") or f"default.{family}{'.cluster.on' if many else ''}"
    parameters = cache_parameter_group(backend, name)
    if parameters.family != family:
        message = f"Expected a parameter group of family {family} but found one of family {parameters.family}"
        raise InvalidParameterCombinationException(message)
    if many and not parameters.cluster:
        message = f"Cluster mode needs a parameter group with cluster-enabled; {name} has it off."
        raise InvalidParameterCombinationException(message)
    return name, parameters.cluster


def zones_of(backend: ElastiCacheBackend, name: str | None) -> list[str]:
    """The zones in which nodes can be. Raises CacheSubnetGroupNotFoundFault."""
    if name in (None, "default"):
        return [f"{backend.region_name}{letter}" for letter in "abc"]
    subnets = subnet_group(backend, str(name)).subnets
    return sorted({subnet["subnet_availability_zone"]["Name"] for subnet in subnets})


def _shards(given: dict[str, Any], zones: list[str]) -> list[Shard]:
    """The nodes that are asked for. Raises InvalidParameterCombination or InvalidParameterValue for impossible ones."""
    nodes, wanted = given.get("NumCacheClusters"), given.get("PreferredCacheClusterAZs") or []
    if nodes and given.get("NumNodeGroups"):
        raise InvalidParameterCombinationException("Specify either NumCacheClusters or NumNodeGroups.")
    count = int(given.get("NumNodeGroups") or 1)
    replicas = int(nodes) - 1 if nodes else int(given.get("ReplicasPerNodeGroup") or 0)
    rules.check_replicas(replicas)
    if not 1 <= count <= rules.MOST_SHARDS or (wanted and len(wanted) != replicas + 1):
        message = "The number of node groups or of preferred availability zones does not fit the number of nodes."
        raise InvalidParameterValueException(message)
    configured = {each.get("NodeGroupId", f"{n:04}"): each for n, each in enumerate(_configured(given), 1)}
    return [_shard(n, replicas, zones, wanted, configured.get(f"{n:04}", {})) for n in range(1, count + 1)]


def _configured(given: dict[str, Any]) -> list[dict[str, Any]]:
    return given.get("NodeGroupConfiguration") or []


def _shard(number: int, replicas: int, zones: list[str], wanted: list[str], configured: dict[str, Any]) -> Shard:
    primary = configured.get("PrimaryAvailabilityZone")
    chosen = [primary, *(configured.get("ReplicaAvailabilityZones") or [])] if primary else wanted
    shard = Shard(number)
    shard.grow(int(configured.get("ReplicaCount", replicas)), zones, chosen)
    return shard


def settle(group: Group) -> Group:
    group.status = "available"
    return group


def keep_failover(group: Group, failover: bool, multi_az: bool) -> None:
    replicas = min(len(shard.nodes) for shard in group.shards) - 1
    rules.check_failover(failover, multi_az, replicas, group.cluster_enabled)
    group.keep({"AutomaticFailover": _switch(failover), "MultiAZ": _switch(multi_az)})


def keep_logs(backend: ElastiCacheBackend, group: Group, requests: list[dict[str, Any]]) -> None:
    """Each request sets or, with Enabled off, removes the delivery of one type of log."""
    rules.check_logs(requests)
    kept = {each["LogType"]: each for each in group.log_delivery_configurations}
    for request in requests:
        kept.pop(request["LogType"], None)
        if request.get("Enabled", True):
            kept[request["LogType"]] = _delivery(backend, request)
    group.log_delivery_configurations = list(kept.values())


def _delivery(backend: ElastiCacheBackend, request: dict[str, Any]) -> dict[str, Any]:
    """Delivery to a log group that isn't there is accepted and then fails."""
    kept = {name: value for name, value in request.items() if name != "Enabled"}
    details = (request.get("DestinationDetails") or {}).get("CloudWatchLogsDetails") or {}
    groups = logs_backends[backend.account_id][backend.region_name].groups
    if "LogGroup" in details and details["LogGroup"] not in groups:
        return {**kept, "Status": "error", "Message": f"The log group {details['LogGroup']} does not exist."}
    return {**kept, "Status": "active"}


def keep_topic(group: Group, given: dict[str, Any]) -> None:
    if given.get("NotificationTopicArn"):
        status = given.get("NotificationTopicStatus") or "active"
        group.keep({"NotificationConfiguration": {"TopicArn": given["NotificationTopicArn"], "TopicStatus": status}})


def keep_token(group: Group, token: str, strategy: str | None) -> None:
    """ROTATE adds a second token, SET leaves only one; only digests are kept. Raises InvalidParameterCombination."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    if strategy not in ("SET", "ROTATE"):
        raise InvalidParameterCombinationException("AuthTokenUpdateStrategy must be SET or ROTATE with an AUTH token.")
    if strategy == "SET" and group.tokens and digest not in group.tokens:
        raise InvalidParameterCombinationException("SET follows a ROTATE with the same AUTH token.")
    old = [each for each in group.tokens if each != digest]
    group.tokens = [*old[-1:], digest] if strategy == "ROTATE" else [digest]
    group.auth_token_last_modified_date = utcnow()


def delete_replication_group(self: ElastiCacheResponse) -> ActionResult:
    """Delete a group, after a last snapshot if one is named; from now on it is not found. Raises as AWS does."""
    backend = self.elasticache_backend
    group = group_of(backend, self.params["ReplicationGroupId"])
    name = group.replication_group_id
    if self.params.get("FinalSnapshotIdentifier"):
        backend.create_snapshot(self.params["FinalSnapshotIdentifier"], name, None, group.kms_key_id, None)
    del backend.replication_groups[name]
    drop_tags(backend, [group.arn, *(group.arn_of("cluster", member) for member in group.member_clusters)])
    tell(backend, name, f"Replication group {name} deleted")
    group.status = "deleting"
    return answer(group)


def describe_replication_groups(self: ElastiCacheResponse) -> ActionResult:
    """A page of the groups, or one of them. Raises ReplicationGroupNotFoundFault."""
    backend, name = self.elasticache_backend, self.params.get("ReplicationGroupId")
    found: list[Any] = [group_of(backend, name)] if name else list(backend.replication_groups.values())
    return listing(self, "ReplicationGroups", found)


def describe_cache_clusters(self: ElastiCacheResponse) -> ActionResult:
    """A page of the nodes of replication groups and of single clusters, or one. Raises CacheClusterNotFound."""
    backend, name = self.elasticache_backend, self.params.get("CacheClusterId")
    with_nodes = bool(self.params.get("ShowCacheNodeInfo"))
    groups: list[Any] = list(backend.replication_groups.values())
    members = [each for group in groups for each in group.clusters(with_nodes)]
    if self.params.get("ShowCacheClustersNotInReplicationGroups"):
        members = []
    single = {each.cache_cluster_id: each for each in backend.cache_clusters.values()}
    found = {**{each["CacheClusterId"]: each for each in members}, **single}
    if name and name.lower() not in found:
        raise CacheClusterNotFound(name)
    return listing(self, "CacheClusters", [found[name.lower()]] if name else list(found.values()))


def describe_events(self: ElastiCacheResponse) -> ActionResult:
    """A page of what happened, optionally to one source or to sources of one type."""
    wanted = {"SourceIdentifier": self.params.get("SourceIdentifier"), "SourceType": self.params.get("SourceType")}
    events = self.elasticache_backend.__dict__.get("cache_events", [])
    found = [each for each in events if all(value in (None, each[name]) for name, value in wanted.items())]
    return listing(self, "Events", found)


def _gone(backend: ElastiCacheBackend, cluster: Any, cache_cluster_id: str) -> Any:
    """A single cluster that is deleted is not found from now on."""
    backend.cache_clusters.pop(cache_cluster_id, None)
    return cluster


def install() -> None:
    """Install into moto's ElastiCache."""
    after(ElastiCacheBackend, "delete_cache_cluster", _gone)
    add(
        ElastiCacheResponse,
        create_replication_group,
        delete_replication_group,
        describe_replication_groups,
        describe_cache_clusters,
        describe_events,
    )
