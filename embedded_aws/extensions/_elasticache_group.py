# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A replication group: its shards and nodes, and how AWS names and describes them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botocore import xform_name

from embedded_aws.stores import PLACES

from . import _elasticache_rules as rules


@dataclass
class Node:
    """One node: the number in its name, and the zone it is in."""

    number: int
    zone: str


@dataclass
class Shard:
    """One shard: its number and its nodes, the primary first."""

    number: int
    nodes: list[Node] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The shard's id, four digits."""
        return f"{self.number:04}"

    def grow(self, replicas: int, zones: list[str], wanted: list[str] | None = None) -> None:
        """Add nodes until there are so many replicas, in the zones wanted, else in those with the fewest nodes."""
        chosen = list(wanted or [])
        while len(self.nodes) < replicas + 1:
            used = [node.zone for node in self.nodes]
            zone = chosen.pop(0) if chosen else min(zones, key=used.count)
            taken = {node.number for node in self.nodes}
            number = next(n for n in range(1, len(taken) + 2) if n not in taken)
            self.nodes.append(Node(number, zone))

    def promote(self) -> None:
        """Let the first replica become the primary."""
        self.nodes[:2] = self.nodes[1::-1]


class Group:
    """Answers the attributes that AWS describes, under snake-case names; what is given is kept as attributes."""

    at_rest_encryption_enabled: bool = False
    auth_token_last_modified_date: datetime | None = None
    auto_minor_version_upgrade: bool = True
    automatic_failover: str = "disabled"
    cache_node_type: str = ""
    cache_parameter_group_name: str = ""
    cache_subnet_group_name: str = "default"
    description: str = ""
    engine: str = ""
    engine_version: str = ""
    family: str = ""
    kms_key_id: str | None = None
    multi_az: str = "disabled"
    notification_configuration: dict[str, str] | None = None
    pending_modified_values: dict[str, Any] | None = None
    port: int = 6379
    preferred_maintenance_window: str = "sun:05:00-sun:06:00"
    replication_group_create_time: datetime
    snapshot_retention_limit: int = 0
    snapshot_window: str = "03:00-04:00"
    transit_encryption_enabled: bool = False
    transit_encryption_mode: str | None = None
    network_type: str = "ipv4"
    ip_discovery: str = "ipv4"
    data_tiering: str = "disabled"

    def __init__(
        self, name: str, region: str, account: str, cluster: bool, shards: list[Shard], **settings: Any
    ) -> None:
        self.replication_group_id = name
        self.region, self.account = region, account
        self.cluster_enabled, self.shards = cluster, shards
        self.cluster_mode = "enabled" if cluster else "disabled"
        self.status = "available"
        self.arn = self.arn_of("replicationgroup", name)
        self.tokens: list[str] = []
        self.user_group_ids: list[str] = []
        self.security_group_ids: list[str] = []
        self.log_delivery_configurations: list[dict[str, Any]] = []
        self.node_pending: dict[str, Any] = {}
        self.keep(settings)

    def keep(self, settings: dict[str, Any]) -> None:
        """Keep settings that are given under AWS's names; null is not given."""
        vars(self).update({xform_name(name): value for name, value in settings.items() if value is not None})

    def arn_of(self, kind: str, name: str) -> str:
        """The ARN of something of this group's account and region."""
        return f"arn:aws:elasticache:{self.region}:{self.account}:{kind}:{name}"

    @property
    def _domain(self) -> str:
        digest = hashlib.sha256(self.replication_group_id.encode()).hexdigest()[:6]
        area, side, number = self.region.split("-")
        return f"{digest}.{area}{side[0]}{number}.cache.amazonaws.com"

    def _endpoint(self, name: str) -> dict[str, Any]:
        placed = PLACES.get(self.replication_group_id)
        return {"Address": placed or f"{name}.{self.replication_group_id}.{self._domain}", "Port": self.port}

    def node_name(self, shard: Shard, node: Node) -> str:
        """`<id>-001`, in cluster mode `<id>-0001-001`."""
        middle = f"-{shard.id}" if self.cluster_enabled else ""
        return f"{self.replication_group_id}{middle}-{node.number:03}"

    @property
    def node_groups(self) -> list[dict[str, Any]]:
        """The shards, as AWS describes them."""
        ranges = rules.slots(len(self.shards))
        return [self._node_group(shard, part) for shard, part in zip(self.shards, ranges, strict=True)]

    def _node_group(self, shard: Shard, part: str) -> dict[str, Any]:
        members = [self._member(shard, node) for node in sorted(shard.nodes, key=lambda node: node.number)]
        common = {"NodeGroupId": shard.id, "Status": "available", "NodeGroupMembers": members}
        if self.cluster_enabled:
            return {**common, "Slots": part}
        endpoints = {"PrimaryEndpoint": self._endpoint("master"), "ReaderEndpoint": self._endpoint("replica")}
        return {**common, **endpoints}

    def _member(self, shard: Shard, node: Node) -> dict[str, Any]:
        name = self.node_name(shard, node)
        common = {"CacheClusterId": name, "CacheNodeId": "0001", "PreferredAvailabilityZone": node.zone}
        if self.cluster_enabled:
            return common
        role = "primary" if node is shard.nodes[0] else "replica"
        return {**common, "CurrentRole": role, "ReadEndpoint": self._endpoint(name)}

    @property
    def member_clusters(self) -> list[str]:
        """The names of all nodes."""
        return sorted(self.node_name(shard, node) for shard in self.shards for node in shard.nodes)

    @property
    def configuration_endpoint(self) -> dict[str, Any] | None:
        """Where clients of a group in cluster mode start."""
        return self._endpoint("clustercfg") if self.cluster_enabled else None

    @property
    def snapshotting_cluster_id(self) -> str | None:
        """Backups are taken of a replica where there is one."""
        if not self.snapshot_retention_limit or self.cluster_enabled:
            return None
        return self.node_name(self.shards[0], self.shards[0].nodes[-1])

    @property
    def auth_token_enabled(self) -> bool:
        """Whether clients need a token."""
        return bool(self.tokens)

    def clusters(self, with_nodes: bool) -> list[dict[str, Any]]:
        """Each node as the cache cluster that it also is, ordered by name."""
        found = [self._cluster(shard, node, with_nodes) for shard in self.shards for node in shard.nodes]
        return sorted(found, key=lambda cluster: str(cluster["CacheClusterId"]))

    def _cluster(self, shard: Shard, node: Node, with_nodes: bool) -> dict[str, Any]:
        name = self.node_name(shard, node)
        shared = {answer: getattr(self, xform_name(answer)) for answer in _SHARED}
        return {
            **shared,
            **self._memberships(),
            "CacheClusterId": name,
            "ARN": self.arn_of("cluster", name),
            "CacheClusterStatus": self.status,
            "CacheClusterCreateTime": self.replication_group_create_time,
            "NumCacheNodes": 1,
            "PreferredAvailabilityZone": node.zone,
            "PendingModifiedValues": self.node_pending,
            **({"CacheNodes": [self._node(node, name)]} if with_nodes else {}),
        }

    def _memberships(self) -> dict[str, Any]:
        parameters = {"CacheParameterGroupName": self.cache_parameter_group_name, "ParameterApplyStatus": "in-sync"}
        return {
            "CacheSecurityGroups": [],
            "CacheParameterGroup": {**parameters, "CacheNodeIdsToReboot": []},
            "SecurityGroups": [{"SecurityGroupId": each, "Status": "active"} for each in self.security_group_ids],
            "ReplicationGroupLogDeliveryEnabled": bool(self.log_delivery_configurations),
        }

    def _node(self, node: Node, name: str) -> dict[str, Any]:
        return {
            "CacheNodeId": "0001",
            "CacheNodeStatus": self.status,
            "CacheNodeCreateTime": self.replication_group_create_time,
            "Endpoint": self._endpoint(name),
            "ParameterGroupStatus": "in-sync",
            "CustomerAvailabilityZone": node.zone,
        }


_SHARED = (
    "AtRestEncryptionEnabled",
    "AuthTokenEnabled",
    "AuthTokenLastModifiedDate",
    "AutoMinorVersionUpgrade",
    "CacheNodeType",
    "CacheSubnetGroupName",
    "Engine",
    "EngineVersion",
    "IpDiscovery",
    "LogDeliveryConfigurations",
    "NetworkType",
    "NotificationConfiguration",
    "PreferredMaintenanceWindow",
    "ReplicationGroupId",
    "SnapshotRetentionLimit",
    "SnapshotWindow",
    "TransitEncryptionEnabled",
    "TransitEncryptionMode",
)
