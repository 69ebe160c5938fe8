# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ElastiCache: copies of snapshots, and what a snapshot holds of each shard."""

from __future__ import annotations

import copy
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.elasticache.exceptions import SnapshotAlreadyExists, SnapshotNotFound
from moto.elasticache.models import ElastiCacheBackend, Snapshot
from moto.elasticache.responses import ElastiCacheResponse

from . import _elasticache_group as groups
from ._operations import add
from ._patch import after


def _with_shards(backend: ElastiCacheBackend, snapshot: Snapshot, *_: Any, **__: Any) -> Snapshot:
    """A snapshot says of each shard when it was taken and how large it is; a small cache has some MB."""
    group: Any = backend.replication_groups.get(str(snapshot.replication_group_id))
    shards = [shard.id for shard in group.shards] if isinstance(group, groups.Group) else ["0001"]
    moment = {"SnapshotCreateTime": utcnow(), "CacheSize": "7 MB"}
    snapshot.node_snapshots = [{"NodeGroupId": each, **moment} for each in shards]  # type: ignore[attr-defined]
    return snapshot


def copy_snapshot(self: ElastiCacheResponse) -> ActionResult:
    """A manual snapshot of the same data. Raises SnapshotNotFoundFault, SnapshotAlreadyExistsFault."""
    backend, given = self.elasticache_backend, self.params
    source, target = given["SourceSnapshotName"], given["TargetSnapshotName"]
    if source not in backend.snapshots:
        raise SnapshotNotFound(source)
    if target in backend.snapshots:
        raise SnapshotAlreadyExists(target)
    made: Any = copy.copy(backend.snapshots[source])
    made.snapshot_name, made.snapshot_source = target, "manual"
    made.arn = f"{made.arn.rpartition(':')[0]}:{target}"
    backend.snapshots[target] = made
    backend.tagging_service.tag_resource(made.arn, given.get("Tags") or [])
    return ActionResult({"Snapshot": made})


def install() -> None:
    """Install into moto's ElastiCache."""
    after(ElastiCacheBackend, "create_snapshot", _with_shards)
    add(ElastiCacheResponse, copy_snapshot)
