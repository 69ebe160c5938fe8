# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ElastiCache: subnet groups and user groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models import ec2_backends
from moto.elasticache.exceptions import (
    CacheSubnetGroupNotFound,
    ElastiCacheException,
    InvalidParameterValueException,
    InvalidSubnet,
)
from moto.elasticache.models import CacheSubnetGroup, ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse

from ._operations import add, listed
from ._patch import after, before
from .elasticache_tags import drop_tags


def listing(response: ElastiCacheResponse, name: str, items: Iterable[Any]) -> ActionResult:
    """A page of `items` under `name`. Raises InvalidParameterValue for a wrong page size or marker."""
    return listed(response.params, name, items, InvalidParameterValueException)


def arn_in(backend: ElastiCacheBackend, kind: str, name: str) -> str:
    """The ARN of something of this kind and name."""
    return f"arn:aws:elasticache:{backend.region_name}:{backend.account_id}:{kind}:{name}"


def is_used(backend: ElastiCacheBackend, attribute: str, name: str) -> bool:
    """Whether a replication group or cluster names this in one of its attributes."""
    users = [*backend.replication_groups.values(), *backend.cache_clusters.values()]
    return any((getattr(each, attribute, None) or "").lower() == name for each in users)


# Subnet groups


def subnet_group(backend: ElastiCacheBackend, name: str) -> CacheSubnetGroup:
    """The subnet group of this name. Raises CacheSubnetGroupNotFoundFault."""
    if name.lower() not in backend.cache_subnet_groups:
        raise CacheSubnetGroupNotFound(name)
    return backend.cache_subnet_groups[name.lower()]


def _store_lower(response: ElastiCacheResponse) -> None:
    """Names of subnet groups are stored and found in lower case."""
    name = response.params.get("CacheSubnetGroupName")
    if name:
        response.params["CacheSubnetGroupName"] = name.lower()


def _check_subnets(backend: ElastiCacheBackend, *_: Any, subnet_ids: list[str], **__: Any) -> None:
    """Raises InvalidSubnet for a subnet that isn't there."""
    known = {each.id for each in ec2_backends[backend.account_id][backend.region_name].describe_subnets()}
    for name in subnet_ids:
        if name not in known:
            raise InvalidSubnet(name)


def _name_zones(group: CacheSubnetGroup, _result: None, *_: Any, **__: Any) -> None:
    """A subnet's zone is answered as a structure with its name."""
    for subnet in group.subnets:
        zone = subnet.get("subnet_availability_zone")
        subnet["subnet_availability_zone"] = zone if isinstance(zone, dict) else {"Name": zone}


def modify_cache_subnet_group(self: ElastiCacheResponse) -> ActionResult:
    """Give a group another description or other subnets. Raises CacheSubnetGroupNotFoundFault, InvalidSubnet."""
    backend = self.elasticache_backend
    old = subnet_group(backend, self.params["CacheSubnetGroupName"])
    ids = self.params.get("SubnetIds") or old.subnet_ids
    _check_subnets(backend, subnet_ids=ids)
    text = self.params.get("CacheSubnetGroupDescription") or old.cache_subnet_group_description
    new = CacheSubnetGroup(backend.account_id, backend.region_name, old.cache_subnet_group_name, text, ids, old.tags)
    backend.cache_subnet_groups[old.cache_subnet_group_name] = new
    return ActionResult({"CacheSubnetGroup": new})


def delete_cache_subnet_group(self: ElastiCacheResponse) -> ActionResult:
    """Delete an unused group. Raises CacheSubnetGroupInUse, CacheSubnetGroupNotFoundFault."""
    backend = self.elasticache_backend
    group = subnet_group(backend, self.params["CacheSubnetGroupName"])
    name = group.cache_subnet_group_name
    if is_used(backend, "cache_subnet_group_name", name):
        raise ElastiCacheException("CacheSubnetGroupInUse", f"Cache subnet group {name} is currently in use.")
    del backend.cache_subnet_groups[name]
    drop_tags(backend, [group.arn])
    return EmptyResult()


# User groups


@dataclass
class UserGroup:
    """Users that may log in to the replication groups that use the group."""

    user_group_id: str
    engine: str
    user_ids: list[str]
    arn: str
    status: str = "active"
    minimum_engine_version: str = "6.0"


def _user_groups(backend: ElastiCacheBackend) -> dict[str, UserGroup]:
    groups: dict[str, UserGroup] = backend.__dict__.setdefault("user_groups", {})
    return groups


def _user_group(backend: ElastiCacheBackend, name: str) -> UserGroup:
    if name not in _user_groups(backend):
        raise ElastiCacheException("UserGroupNotFound", f"User group {name} not found.")
    return _user_groups(backend)[name]


def user_group_ids(backend: ElastiCacheBackend, names: list[str]) -> list[str]:
    """The names of user groups that are all there. Raises UserGroupNotFound."""
    return [_user_group(backend, name).user_group_id for name in names]


def create_user_group(self: ElastiCacheResponse) -> ActionResult:
    """Make a user group. Raises UserGroupAlreadyExists, UserNotFound, and DefaultUserRequired for one of Redis."""
    backend, name, ids = self.elasticache_backend, self.params["UserGroupId"], self.params.get("UserIds") or []
    if name in _user_groups(backend):
        raise ElastiCacheException("UserGroupAlreadyExists", f"User group {name} already exists.")
    users = [backend.describe_users(each)[0] for each in ids]
    if self.params["Engine"] == "redis" and "default" not in {user.name for user in users}:
        raise ElastiCacheException("DefaultUserRequired", "A user named default must be in the user group.")
    group = UserGroup(name, self.params["Engine"], ids, arn_in(backend, "usergroup", name))
    _user_groups(backend)[name] = group
    backend.tagging_service.tag_resource(group.arn, self.params.get("Tags") or [])
    return ActionResult(group)


def describe_user_groups(self: ElastiCacheResponse) -> ActionResult:
    """A page of the user groups, or one. Raises UserGroupNotFound."""
    backend, name = self.elasticache_backend, self.params.get("UserGroupId")
    return listing(self, "UserGroups", [_user_group(backend, name)] if name else _user_groups(backend).values())


def delete_user_group(self: ElastiCacheResponse) -> ActionResult:
    """Delete an unused user group. Raises InvalidUserGroupState, UserGroupNotFound."""
    backend = self.elasticache_backend
    group = _user_group(backend, self.params["UserGroupId"])
    if any(group.user_group_id in each.user_group_ids for each in backend.replication_groups.values()):
        raise ElastiCacheException("InvalidUserGroupState", f"User group {group.user_group_id} is in use.")
    del _user_groups(backend)[group.user_group_id]
    drop_tags(backend, [group.arn])
    group.status = "deleting"
    return ActionResult(group)


def install() -> None:
    """Install into moto's ElastiCache."""
    for name in ("create_cache_subnet_group", "describe_cache_subnet_groups"):
        before(ElastiCacheResponse, name, _store_lower)
    before(ElastiCacheBackend, "create_cache_subnet_group", _check_subnets)
    after(CacheSubnetGroup, "__init__", _name_zones)
    add(
        ElastiCacheResponse,
        modify_cache_subnet_group,
        delete_cache_subnet_group,
        create_user_group,
        describe_user_groups,
        delete_user_group,
    )
