#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: elasticache_replication_group
short_description: Manage replication groups of Redis and Valkey as one set
description:
  - Creates, changes and prunes replication groups. Creations are started and not waited for.
  - Changes that interrupt nobody are made at once. Others wait for the maintenance window unless O(apply_immediately),
    and count as made when AWS has accepted them. Nodes and shards are added and removed at once.
  - A group without TLS gets it while clients are connected. It is told C(preferred) first and then, in the same run,
    C(required), which ends connections without TLS; O(replication_groups[].transit_encryption_mode) stops in between.
version_added: "0.1.0"
options:
  replacement_confirmed:
    description:
      - Name of a group that may be replaced, for a change of O(replication_groups[].at_rest_encryption_enabled),
        O(replication_groups[].kms_key_id), O(replication_groups[].cache_subnet_group_name),
        O(replication_groups[].port), or to cluster mode.
      - It is deleted with a last snapshot and made anew of that. The module waits for it.
      - After an interruption the next run finds the snapshot C(<name>-replacement) and goes on, confirmed or not.
      - The snapshot goes when the new group is available.
    type: str
    default: ""
  apply_immediately:
    description: Whether changes that interrupt are made at once.
    type: bool
    default: false
  skip_final_snapshot:
    description: Whether a group is deleted without a last snapshot.
    type: bool
    default: false
  final_snapshot_suffix:
    description:
      - End of the last snapshot's name, C(<name>-final-<suffix>). The time of deletion in UTC when empty.
    type: str
    default: ""
  replication_groups:
    description: The replication groups.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Id of the group, in lower case, at most 40 characters.
        type: str
        required: true
      description:
        description: What the group is for.
        type: str
        required: true
      engine:
        description: The engine. Redis can be upgraded to Valkey, not back.
        type: str
        choices: [redis, valkey]
      engine_version:
        description: Version, such as V(7.1). A newer minor than declared is no difference.
        type: str
      cache_node_type:
        description: The node type, such as V(cache.t3.micro). A change interrupts.
        type: str
        required: true
      num_cache_clusters:
        description: Nodes, one primary and the rest replicas. Not in cluster mode.
        type: int
      num_node_groups:
        description:
          - Shards. Declares cluster mode. Only O(replacement_confirmed) brings a group to it, and nothing from it.
        type: int
      replicas_per_node_group:
        description: Replicas of each shard in cluster mode, 0 to 5.
        type: int
      automatic_failover_enabled:
        description: Whether a replica takes over by itself. Needs two nodes or more.
        type: bool
      multi_az_enabled:
        description: Whether the nodes are in different zones. Needs O(replication_groups[].automatic_failover_enabled).
        type: bool
      cache_subnet_group_name:
        description: The subnet group. Cannot change but by O(replacement_confirmed).
        type: str
      cache_parameter_group_name:
        description: The parameter group. Cluster mode needs one with C(cluster-enabled).
        type: str
      security_group_ids:
        description: Ids of the security groups.
        type: list
        elements: str
      port:
        description: Port of every node. Cannot change but by O(replacement_confirmed).
        type: int
      transit_encryption_enabled:
        description:
          - Whether there is TLS. It is switched on for an existing group from Redis 7.0, and never off.
        type: bool
      transit_encryption_mode:
        description:
          - V(required) refuses clients without TLS, V(preferred) takes both. AWS's own for a new group is V(required).
          - While it is V(preferred), a group that has no auth token yet gets none.
        type: str
        choices: [preferred, required]
      at_rest_encryption_enabled:
        description:
          - Whether data on disk and in snapshots is encrypted. Only O(replacement_confirmed) changes it, never to
            V(false).
        type: bool
      kms_key_id:
        description: ARN of the key that encrypts data at rest. Cannot change but by O(replacement_confirmed).
        type: str
      auth_token_secret:
        description:
          - Where the auth token is. Read inside the module, and only when the group is made or has none yet.
          - An existing group takes it beside connections without one first, and then alone.
          - It needs O(replication_groups[].transit_encryption_enabled).
        type: dict
        suboptions:
          secret_id:
            description: The secret's name or ARN.
            type: str
            required: true
          json_key:
            description: The key in the secret's JSON object.
            type: str
            required: true
      snapshot_retention_limit:
        description: Days for which automatic snapshots are kept. V(0) turns them off.
        type: int
      snapshot_window:
        description: Daily window in UTC, such as V(03:00-04:00).
        type: str
      preferred_maintenance_window:
        description: Weekly window in UTC, such as V(sun:04:30-sun:05:30).
        type: str
      auto_minor_version_upgrade:
        description: Whether AWS upgrades to newer minor versions.
        type: bool
      log_delivery_configurations:
        description: Logs that go to log groups of CloudWatch Logs. An empty list delivers none.
        type: list
        elements: dict
        suboptions:
          log_type:
            description: The log.
            type: str
            required: true
            choices: [slow-log, engine-log]
          log_group:
            description: Name of the log group.
            type: str
            required: true
          log_format:
            description: The format.
            type: str
            choices: [json, text]
            default: json
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Redis on one node
  uex.payments.elasticache_replication_group:
    replication_groups:
      - name: uex-payments-dev-redis
        description: UEX Payments
        engine: redis
        engine_version: "7.1"
        cache_node_type: cache.t3.micro
        num_cache_clusters: 1
        cache_subnet_group_name: uex-payments-dev-redis
        transit_encryption_enabled: true
        at_rest_encryption_enabled: true
        auth_token_secret: {secret_id: uex-payments-dev/redis, json_key: auth_token}
    tags: {Project: uex-payments, Environment: dev, Layer: data, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
replication_groups:
  description:
    - The groups by name, with C(arn), C(primary_endpoint_address), C(primary_endpoint_port),
      C(reader_endpoint_address), C(configuration_endpoint_address), C(member_clusters), C(status), C(ready),
      C(pending_changes) and their properties.
    - In cluster mode all addresses are the configuration endpoint's; outside of it that one is null.
    - Endpoints are C((known after apply)) while AWS is making the group.
  returned: success
  type: dict
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from ansible_collections.uex.payments.plugins.module_utils import (
    _aws,
    _databases,
    _elasticache,
    _elasticache_changes,
    _replacement,
    _secrets,
    _tags,
    _wait,
)
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Objection, Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item


class ReplicationGroup(_replacement.RestorableResource):
    kind = "AWS::ElastiCache::ReplicationGroup"
    service = "elasticache"
    plural = "replication_groups"
    frozen = _elasticache.FROZEN
    confirmable = _elasticache_changes.CONFIRMABLE
    confirmed_by = "data_redis_replacement_confirmed"
    initial = ("auth_token_secret",)
    computed = (
        "arn",
        "primary_endpoint_address",
        "primary_endpoint_port",
        "reader_endpoint_address",
        "member_clusters",
    )
    no_log: ClassVar[dict[str, bool]] = {
        "auth_token_secret": False,
        "secret_id": False,
        "json_key": False,
        "kms_key_id": False,
    }
    listing = ("describe_replication_groups", "ReplicationGroups")
    name_field = "ReplicationGroupId"
    status_field = "Status"
    ready_states = (_elasticache.READY,)
    stuck_states = _elasticache.STUCK
    absent_code = "ReplicationGroupNotFoundFault"
    snapshot_listing = ("describe_snapshots", "Snapshots")
    snapshot_field = "SnapshotName"
    snapshot_status = "SnapshotStatus"
    snapshot_absent = "SnapshotNotFoundFault"

    def validate(self, item: Item) -> Iterable[str]:
        return _elasticache.problems(item)

    def desired(self, item: Item) -> Item:
        return _elasticache.desired(item)

    def effects(self, plan: Plan) -> Iterable[str]:
        return _elasticache_changes.effects(plan, self.carried(plan.name))

    def objection(self, plan: Plan) -> Objection | None:
        left = self.left.get(plan.name, ())
        return _elasticache_changes.objection(plan) or _replacement.objection(plan, left)

    def tags_of(self, entry: Mapping[str, Any]) -> dict[str, str]:
        """AWS shows tags of available groups only; a declared one counts as ours meanwhile, any other doesn't."""
        if entry["Status"] == _elasticache.READY:
            return super().tags_of(entry)
        return (self.wanted().get(entry["ReplicationGroupId"]) or {}).get("tags") or {}

    def observe(self) -> dict[str, Item]:
        self.nodes = _aws.pages(self.client, "describe_cache_clusters", "CacheClusters")
        return super().observe()

    def entry(self, entry: Mapping[str, Any]) -> Item:
        name = entry["ReplicationGroupId"]
        observed = _elasticache.observed(entry, [node for node in self.nodes if node.get("ReplicationGroupId") == name])
        return {"arn": entry["ARN"], **_elasticache.as_declared(self.declared().get(name) or {}, observed)}

    def make(self, name: str, desired: Item) -> None:
        self._create(name, desired)

    def make_of(self, name: str, desired: Item, snapshot: str) -> None:
        self._create(name, desired, SnapshotName=snapshot)

    def _create(self, name: str, desired: Item, **source: str) -> None:
        arguments = {**_elasticache.creation(name, desired), **source}
        if desired["auth_token_secret"]:
            arguments["AuthToken"] = self._token(desired)
        self.client.create_replication_group(**arguments, Tags=_tags.to_list(desired["tags"]))

    def _token(self, desired: Mapping[str, Any]) -> str:
        return _secrets.read(self.connect("secretsmanager"), desired["auth_token_secret"])

    def update(self, name: str, plan: Plan) -> None:
        for call in _elasticache_changes.calls(name, plan, self.options["apply_immediately"]):
            self.wait_until_ready(name)
            token = {"AuthToken": self._token(plan.after or {})} if self._needs_token(call) else {}
            getattr(self.client, call.operation)(**call.arguments, **token)
        if "tags" in plan.options:
            self.wait_until_ready(name)
            self.update_tags((plan.before or {})["arn"], plan)

    @staticmethod
    def _needs_token(call: _elasticache_changes.Call) -> bool:
        return _elasticache_changes.TOKEN_STRATEGY in call.arguments

    def wait_until_ready(self, name: str) -> None:
        """Also until AWS has taken how clients get in, as the next step of that builds on it."""
        super().wait_until_ready(name)
        _wait.until(lambda: self._taking(name), lambda some: not some, f"{name}: TLS and token", self.ready_seconds, 10)

    def _taking(self, name: str) -> bool:
        groups = self.client.describe_replication_groups(ReplicationGroupId=name)["ReplicationGroups"]
        return any(map(_elasticache_changes.is_taking, groups))

    def delete(self, name: str, observed: Item) -> None:
        if not self.is_gone(name):
            self._delete(name, self._final_snapshot(name))

    def retire(self, name: str, snapshot: str) -> None:
        self._delete(name, {"FinalSnapshotIdentifier": snapshot})

    def _delete(self, name: str, last: Mapping[str, str]) -> None:
        group = {"ReplicationGroupId": name, "RetainPrimaryCluster": False, **last}
        _aws.absent_as(None, lambda: self.client.delete_replication_group(**group), self.absent_code)

    def discard(self, snapshot: str) -> None:
        self.client.delete_snapshot(SnapshotName=snapshot)

    def _final_snapshot(self, name: str) -> dict[str, str]:
        if self.options["skip_final_snapshot"]:
            return {}
        return {"FinalSnapshotIdentifier": _databases.final_snapshot(name, self.options["final_snapshot_suffix"])}


def main() -> None:
    run(ReplicationGroup, DOCUMENTATION)


if __name__ == "__main__":
    main()
