# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ElastiCache: the number of replicas and shards of a replication group, and failover between its nodes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moto.core.responses import ActionResult
from moto.elasticache.exceptions import (
    ElastiCacheException,
    InvalidParameterCombinationException,
    InvalidParameterValueException,
)
from moto.elasticache.models import ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse

from . import _elasticache_rules as rules
from ._elasticache_group import Group, Shard
from ._operations import add
from .elasticache import answer, group_of, settle, tell, zones_of
from .elasticache_tags import drop_tags, put_tags


def increase_replica_count(self: ElastiCacheResponse) -> ActionResult:
    """Add replicas to every shard, or to those configured. Raises NoOperationFault, InvalidParameterValue."""
    group = group_of(self.elasticache_backend, self.params["ReplicationGroupId"])
    return _resize(self, group, _counts(group, self.params), growing=True)


def decrease_replica_count(self: ElastiCacheResponse) -> ActionResult:
    """Remove replicas from every shard, or from those configured, or by name.

    Raises NoOperationFault, InvalidParameterValue, InvalidParameterCombination.
    """
    group, params = group_of(self.elasticache_backend, self.params["ReplicationGroupId"]), self.params
    named = params.get("ReplicasToRemove")
    counts = _without(group, named) if named else _counts(group, params)
    for _shard, replicas, _zones in counts:
        failover, multi_az = group.automatic_failover == "enabled", group.multi_az == "enabled"
        rules.check_failover(failover, multi_az, replicas, group.cluster_enabled)
    return _resize(self, group, counts, growing=False)


Counts = list[tuple[Shard, int, list[str]]]


def _counts(group: Group, params: dict[str, Any]) -> Counts:
    """Of each shard that changes: its new number of replicas and the zones wanted for its nodes."""
    configured = {each["NodeGroupId"]: each for each in params.get("ReplicaConfiguration") or []}
    if not configured:
        if params.get("NewReplicaCount") is None:
            raise InvalidParameterCombinationException("Specify either NewReplicaCount or ReplicaConfiguration.")
        return [(shard, int(params["NewReplicaCount"]), []) for shard in group.shards]
    chosen = [(shard, configured[shard.id]) for shard in group.shards if shard.id in configured]
    return [
        (shard, int(each["NewReplicaCount"]), each.get("PreferredAvailabilityZones") or []) for shard, each in chosen
    ]


def _without(group: Group, names: Iterable[str]) -> Counts:
    """The counts without the replicas named, which are moved to the end so that they go first."""
    counts: Counts = []
    for shard in group.shards:
        going = [node for node in shard.nodes[1:] if group.node_name(shard, node) in set(names)]
        if going:
            shard.nodes = [node for node in shard.nodes if node not in going] + going
            counts.append((shard, len(shard.nodes) - 1 - len(going), []))
    return counts


def _resize(response: ElastiCacheResponse, group: Group, counts: Counts, growing: bool) -> ActionResult:
    backend = response.elasticache_backend
    rules.check_at_once(response.params.get("ApplyImmediately"))
    for shard, replicas, _zones in counts:
        rules.check_count(replicas, len(shard.nodes) - 1, growing)
    before = set(group.member_clusters)
    for shard, replicas, wanted in counts:
        del shard.nodes[replicas + 1 :]
        shard.grow(replicas, zones_of(backend, group.cache_subnet_group_name), _new_zones(shard, wanted))
    _retag(backend, group, before)
    return answer(settle(group))


def _new_zones(shard: Shard, wanted: list[str]) -> list[str]:
    """The zones wanted name those of all nodes; what is left after the nodes that are there is for new ones."""
    left = list(wanted)
    for node in shard.nodes:
        if node.zone in left:
            left.remove(node.zone)
    return left


def _retag(backend: ElastiCacheBackend, group: Group, before: set[str]) -> None:
    """New nodes get the group's tags; those of nodes that are gone are forgotten."""
    put_tags(backend, group, backend.tagging_service.list_tags_for_resource(group.arn)["Tags"])
    drop_tags(backend, [group.arn_of("cluster", name) for name in before - set(group.member_clusters)])


def modify_replication_group_shard_configuration(self: ElastiCacheResponse) -> ActionResult:
    """Add or remove shards of a group in cluster mode.

    Raises InvalidReplicationGroupState for another group, InvalidParameterValue, InvalidParameterCombination.
    """
    group, params = group_of(self.elasticache_backend, self.params["ReplicationGroupId"]), self.params
    rules.check_at_once(params.get("ApplyImmediately"))
    if not group.cluster_enabled:
        raise ElastiCacheException("InvalidReplicationGroupState", "The replication group is not in cluster mode.")
    count, before = int(params["NodeGroupCount"]), set(group.member_clusters)
    if not 1 <= count <= rules.MOST_SHARDS:
        raise InvalidParameterValueException(f"NodeGroupCount must be between 1 and {rules.MOST_SHARDS}.")
    _add_shards(self.elasticache_backend, group, count)
    _remove_shards(group, count, params)
    _retag(self.elasticache_backend, group, before)
    return answer(settle(group))


def _add_shards(backend: ElastiCacheBackend, group: Group, count: int) -> None:
    zones, replicas = zones_of(backend, group.cache_subnet_group_name), len(group.shards[0].nodes) - 1
    while len(group.shards) < count:
        shard = Shard(max(each.number for each in group.shards) + 1)
        shard.grow(replicas, zones)
        group.shards.append(shard)


def _remove_shards(group: Group, count: int, params: dict[str, Any]) -> None:
    if len(group.shards) == count:
        return
    gone, kept = params.get("NodeGroupsToRemove"), params.get("NodeGroupsToRetain")
    left = [each for each in group.shards if (each.id in kept if kept else each.id not in (gone or []))]
    if bool(gone) == bool(kept) or len(left) != count:
        message = "NodeGroupsToRemove or NodeGroupsToRetain must name the node groups that are removed or stay."
        raise InvalidParameterCombinationException(message)
    group.shards = left


def test_failover(self: ElastiCacheResponse) -> ActionResult:
    """Let the first replica of a shard take over.

    Raises NodeGroupNotFoundFault, and InvalidReplicationGroupState without automatic failover or replicas.
    """
    backend = self.elasticache_backend
    group = group_of(backend, self.params["ReplicationGroupId"])
    shard = next((each for each in group.shards if each.id == self.params["NodeGroupId"]), None)
    if shard is None:
        raise ElastiCacheException("NodeGroupNotFoundFault", f"Node group {self.params['NodeGroupId']} not found.")
    if group.automatic_failover != "enabled" or len(shard.nodes) < 2:
        message = "Automatic failover must be enabled, and the node group must have a replica."
        raise ElastiCacheException("InvalidReplicationGroupState", message)
    shard.promote()
    name = group.replication_group_id
    tell(backend, name, f"Test Failover API called for node group {shard.id}")
    tell(backend, name, f"Failover to replica node {group.node_name(shard, shard.nodes[0])} completed")
    return answer(settle(group))


def install() -> None:
    """Install into moto's ElastiCache."""
    add(
        ElastiCacheResponse,
        increase_replica_count,
        decrease_replica_count,
        modify_replication_group_shard_configuration,
        test_failover,
    )
