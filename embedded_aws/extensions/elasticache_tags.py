# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ElastiCache: tags of everything that has an ARN; those of a replication group are its nodes' too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.elasticache.exceptions import ElastiCacheException, InvalidARNFault
from moto.elasticache.models import ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse

from ._elasticache_group import Group
from ._operations import add

Tags = list[dict[str, str]]

MISSING = {
    "cluster": "CacheClusterNotFound",
    "parametergroup": "CacheParameterGroupNotFound",
    "replicationgroup": "ReplicationGroupNotFoundFault",
    "snapshot": "SnapshotNotFoundFault",
    "subnetgroup": "CacheSubnetGroupNotFoundFault",
    "user": "UserNotFound",
    "usergroup": "UserGroupNotFound",
}


def arns_of(group: Group) -> list[str]:
    """The ARNs that share a replication group's tags: its own and its nodes'."""
    return [group.arn, *(group.arn_of("cluster", name) for name in group.member_clusters)]


def put_tags(backend: ElastiCacheBackend, group: Group, tags: Tags) -> None:
    """Add tags to a replication group and to its nodes."""
    for arn in arns_of(group) if tags else []:
        backend.tagging_service.tag_resource(arn, tags)


def drop_tags(backend: ElastiCacheBackend, arns: Iterable[str]) -> None:
    """Forget the tags of what is deleted."""
    for arn in arns:
        backend.tagging_service.delete_all_tags_for_resource(arn)


def _owned(backend: ElastiCacheBackend) -> Iterator[str]:
    """The ARN of everything that can have tags."""
    for group in backend.replication_groups.values():
        yield from arns_of(group)  # type: ignore[arg-type]
    own: tuple[Any, ...] = (backend.cache_clusters, backend.cache_subnet_groups, backend.snapshots, backend.users)
    later = (backend.__dict__.get(name, {}) for name in ("cache_parameter_groups", "user_groups"))
    for kind in (*own, *later):
        yield from (each.arn for each in kind.values())


def _known(response: ElastiCacheResponse) -> str:
    """The ARN that is meant. Raises InvalidARN, or that there is no such resource."""
    arn: str = response.params["ResourceName"]
    kind, _colon, name = (arn.split(":", 5)[-1]).partition(":")
    if not arn.startswith("arn:aws:elasticache:") or kind not in MISSING:
        raise InvalidARNFault(arn)
    if arn not in set(_owned(response.elasticache_backend)):
        raise ElastiCacheException(MISSING[kind], f"{name} not found.")
    return arn


def _together(backend: ElastiCacheBackend, arn: str) -> list[str]:
    """What is tagged along with an ARN."""
    groups: list[Any] = list(backend.replication_groups.values())
    return next((arns_of(group) for group in groups if group.arn == arn), [arn])


def _answer(backend: ElastiCacheBackend, arn: str) -> ActionResult:
    return ActionResult({"TagList": backend.tagging_service.list_tags_for_resource(arn)["Tags"]})


def list_tags_for_resource(self: ElastiCacheResponse) -> ActionResult:
    """The tags of a resource. Raises InvalidARN or that it isn't there."""
    return _answer(self.elasticache_backend, _known(self))


def add_tags_to_resource(self: ElastiCacheResponse) -> ActionResult:
    """Add tags, and answer all. Raises as list_tags_for_resource."""
    arn = _known(self)
    for each in _together(self.elasticache_backend, arn):
        self.elasticache_backend.tagging_service.tag_resource(each, self.params["Tags"])
    return _answer(self.elasticache_backend, arn)


def remove_tags_from_resource(self: ElastiCacheResponse) -> ActionResult:
    """Remove tags, and answer what is left. Raises as list_tags_for_resource."""
    arn = _known(self)
    for each in _together(self.elasticache_backend, arn):
        self.elasticache_backend.tagging_service.untag_resource_using_names(each, self.params["TagKeys"])
    return _answer(self.elasticache_backend, arn)


def install() -> None:
    """Install into moto's ElastiCache."""
    add(ElastiCacheResponse, list_tags_for_resource, add_tags_to_resource, remove_tags_from_resource)
