# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ElastiCache: changes to a replication group, at once or put off to its maintenance window."""

from __future__ import annotations

from typing import Any

from botocore import xform_name
from moto.core.responses import ActionResult
from moto.elasticache.exceptions import (
    CacheClusterNotFound,
    InvalidParameterCombinationException,
)
from moto.elasticache.models import ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse

from . import _elasticache_rules as rules
from ._elasticache_group import Group
from ._operations import add
from .elasticache import answer, group_of, keep_failover, keep_logs, keep_token, keep_topic, settle
from .elasticache_groups import user_group_ids
from .elasticache_parameters import cache_parameter_group

# What a change to a group takes and keeps at once.
CHANGED = (
    "AutoMinorVersionUpgrade",
    "IpDiscovery",
    "PreferredMaintenanceWindow",
    "SecurityGroupIds",
    "SnapshotRetentionLimit",
    "SnapshotWindow",
)


def modify_replication_group(self: ElastiCacheResponse) -> ActionResult:
    """Change a group; node type and engine version wait for the maintenance window unless applied immediately."""
    backend, given = self.elasticache_backend, self.params
    group = group_of(backend, given["ReplicationGroupId"])
    rules.check_tls_change(given, group.transit_encryption_enabled, group.transit_encryption_mode)
    _change_failover(group, given)
    _change_nodes(backend, group, given)
    _change_access(backend, group, given)
    group.keep({name: given.get(name) for name in CHANGED})
    group.keep({"Description": given.get("ReplicationGroupDescription")})
    return answer(settle(group))


def _change_failover(group: Group, given: dict[str, Any]) -> None:
    failover = given.get("AutomaticFailoverEnabled", group.automatic_failover == "enabled")
    multi_az = given.get("MultiAZEnabled", group.multi_az == "enabled" and failover)
    keep_failover(group, failover, multi_az)
    if given.get("PrimaryClusterId"):
        _promote(group, given["PrimaryClusterId"])


def _promote(group: Group, name: str) -> None:
    """Let a named node become the primary. Raises CacheClusterNotFound, InvalidParameterCombination."""
    if group.automatic_failover == "enabled":
        raise InvalidParameterCombinationException("Disable automatic failover before you promote a replica.")
    nodes = group.shards[0].nodes
    chosen = next((node for node in nodes if group.node_name(group.shards[0], node) == name), None)
    if chosen is None:
        raise CacheClusterNotFound(name)
    nodes.remove(chosen)
    nodes.insert(0, chosen)


def _change_nodes(backend: ElastiCacheBackend, group: Group, given: dict[str, Any]) -> None:
    """At once or at the window; asked for what they have, the nodes forget what was put off."""
    wanted: dict[str, Any] = {}
    if given.get("CacheNodeType"):
        rules.check_node_type(given["CacheNodeType"])
        wanted["CacheNodeType"] = given["CacheNodeType"]
    if given.get("EngineVersion") or given.get("Engine"):
        wanted.update(_upgrade(backend, group, given))
    changed = {name: value for name, value in wanted.items() if value != getattr(group, xform_name(name))}
    pending = {name: value for name, value in group.node_pending.items() if name not in wanted} | changed
    if given.get("ApplyImmediately"):
        group.keep(pending)
    group.node_pending = {} if given.get("ApplyImmediately") else pending
    if given.get("CacheParameterGroupName"):
        _change_parameters(backend, group, given["CacheParameterGroupName"])


def _upgrade(backend: ElastiCacheBackend, group: Group, given: dict[str, Any]) -> dict[str, Any]:
    """Upwards, and from Redis to Valkey, only. A new family needs a parameter group of its own or takes its default."""
    version = rules.version(given.get("Engine") or group.engine, given.get("EngineVersion"))
    if version.engine == group.engine and _parts(version.patch) < _parts(group.engine_version):
        message = f"Cannot downgrade {group.engine} from {group.engine_version} to {version.version}"
        raise InvalidParameterCombinationException(message)
    if group.engine == "valkey" and version.engine == "redis":
        raise InvalidParameterCombinationException("Cannot change the engine from valkey to redis")
    wanted = {"Engine": version.engine, "EngineVersion": version.patch, "family": version.family}
    if version.family != group.family:
        suffix = ".cluster.on" if group.cluster_enabled else ""
        name = given.pop("CacheParameterGroupName", None) or f"default.{version.family}{suffix}"
        wanted["CacheParameterGroupName"] = cache_parameter_group(backend, name).name
    return wanted


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def _change_parameters(backend: ElastiCacheBackend, group: Group, name: str) -> None:
    parameters = cache_parameter_group(backend, name)
    if (parameters.family, parameters.cluster) != (group.family, group.cluster_enabled):
        message = f"The parameter group {name} does not fit family {group.family} and cluster mode {group.cluster_mode}"
        raise InvalidParameterCombinationException(message)
    group.cache_parameter_group_name = name


def _change_access(backend: ElastiCacheBackend, group: Group, given: dict[str, Any]) -> None:
    group.keep({name: given.get(name) for name in ("TransitEncryptionEnabled", "TransitEncryptionMode")})
    if not group.transit_encryption_enabled:
        group.transit_encryption_mode = None
    keep_logs(backend, group, given.get("LogDeliveryConfigurations") or [])
    keep_topic(group, given)
    if given.get("AuthToken"):
        rules.check_token(given["AuthToken"], group.transit_encryption_enabled, group.user_group_ids)
        keep_token(group, given["AuthToken"], given.get("AuthTokenUpdateStrategy"))
    elif given.get("AuthTokenUpdateStrategy") == "DELETE":
        group.tokens = []
    _change_users(backend, group, given)


def _change_users(backend: ElastiCacheBackend, group: Group, given: dict[str, Any]) -> None:
    added = user_group_ids(backend, given.get("UserGroupIdsToAdd") or [])
    removed = given.get("UserGroupIdsToRemove") or []
    kept = [] if given.get("RemoveUserGroups") else [each for each in group.user_group_ids if each not in removed]
    group.user_group_ids = [*kept, *(each for each in added if each not in kept)]
    if group.user_group_ids and given.get("UserGroupIdsToAdd"):
        group.tokens = []


def install() -> None:
    """Install into moto's ElastiCache."""
    add(ElastiCacheResponse, modify_replication_group)
