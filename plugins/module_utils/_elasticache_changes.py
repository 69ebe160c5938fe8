# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Replication groups: the calls that a change takes, in order, what it brings about, and which are refused; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from . import _databases, _elasticache, _plan
from ._elasticache import PREFERRED, REQUIRED
from ._plan import Change, Objection, Plan

#: Changes that replace nodes or restart them; the others disturb nobody and are made at once.
INTERRUPTING = ("cache_node_type", "engine", "engine_version")
#: What another group can be made with of a snapshot of this one.
CONFIRMABLE = _elasticache.FROZEN
TLS = ("transit_encryption_enabled", "transit_encryption_mode")
#: How clients get in; each change is a call of its own, and the group has to have taken the one before.
ACCESS = (*TLS, "auth_token_enabled")
#: A request with it needs the token too, which is not known here.
TOKEN_STRATEGY = "AuthTokenUpdateStrategy"
#: What AWS shows as pending while it is at such a change.
_TAKING = ("AuthTokenStatus", "TransitEncryptionEnabled", "TransitEncryptionMode")
_BACK = "put the old value back"


class Call(NamedTuple):
    """One operation of a change; the group must be available before each."""

    operation: str
    arguments: dict[str, Any]


def is_taking(group: Mapping[str, Any]) -> bool:
    """Whether AWS is still at a change of how clients get in."""
    return bool({*(group.get("PendingModifiedValues") or {})} & {*_TAKING})


def effects(plan: Plan, snapshot: str | None = None) -> list[str]:
    """What a plan brings about besides; C(snapshot) is what an interrupted replacement has left."""
    if plan.verb == _plan.CREATE and snapshot:
        return [f"made of the snapshot {snapshot}"]
    if plan.verb == _plan.REPLACE:
        return ["interrupts", "keeps its data"]
    if plan.verb != _plan.UPDATE:
        return []
    demanded = _modes(plan.before or {}, plan.after or {})[-1:] == [REQUIRED] and bool(plan.options & {*TLS})
    return (
        ["interrupts"] * bool(plan.options & {*INTERRUPTING})
        + ["ends connections without TLS"] * demanded
        + ["ends connections without the token"] * ("auth_token_enabled" in plan.options)
    )


def objection(plan: Plan) -> Objection | None:
    """Why a plan is not carried out."""
    changes = {change.option: change for change in plan.changes} if plan.before is not None else {}
    return next((found for check in _CHECKS if (found := check(plan, changes))), None)


Changes = Mapping[str, Change]


def _tls_off(_plan: Plan, changes: Changes) -> Objection | None:
    change = changes.get("transit_encryption_enabled")
    if not change or change.after:
        return None
    advice = f"{_BACK}; whoever must, takes the mode {PREFERRED} and then switches it off by hand"
    return Objection("transit_encryption_enabled: TLS is not taken off a group that has it", advice)


def _tls_too_early(plan: Plan, changes: Changes) -> Objection | None:
    before = plan.before or {}
    if not changes.keys() & {*TLS} or _elasticache.has_modes(before.get("engine"), before.get("engine_version")):
        return None
    message = f"transit_encryption_enabled: Redis {before['engine_version']} takes TLS only when it is made"
    return Objection(message, "upgrade the engine to 7.0 or later first, then run again")


def _engine_back(_plan: Plan, changes: Changes) -> Objection | None:
    change = changes.get("engine")
    if not change or (change.before, change.after) != ("valkey", "redis"):
        return None
    return Objection("engine: AWS takes Redis to Valkey, and not back", _BACK)


def _version_back(_plan: Plan, changes: Changes) -> Objection | None:
    change = changes.get("engine_version")
    if not change or not change.before or "engine" in changes:
        return None
    if _databases.numbers(change.after) >= _databases.numbers(change.before):
        return None
    return Objection(f"AWS cannot go back with engine_version from {change.before} to {change.after}", _BACK)


def _unmade(plan: Plan, changes: Changes) -> Objection | None:
    """What a snapshot cannot be restored into."""
    if plan.verb != _plan.REPLACE:
        return None
    mode, at_rest = changes.get("cluster_enabled"), changes.get("at_rest_encryption_enabled")
    if mode and not mode.after:
        return Objection("num_node_groups: a snapshot of shards cannot be restored into a group without them", _BACK)
    if at_rest and not at_rest.after:
        return Objection("at_rest_encryption_enabled: what is encrypted is not restored in the clear", _BACK)
    return None


_CHECKS: tuple[Callable[[Plan, Changes], Objection | None], ...] = (
    _tls_off,
    _tls_too_early,
    _engine_back,
    _version_back,
    _unmade,
)


def calls(name: str, plan: Plan, asked: bool) -> list[Call]:
    """What brings a group to its plan. Nodes are added before failover needs them, and removed after it's given up."""
    before, after, changed = plan.before or {}, plan.after or {}, plan.options - {"tags"}
    sizes = [_size_call(name, option, before, after) for option in _elasticache.SIZES if option in changed]
    settings = _settings_call(name, changed - {*_elasticache.SIZES, *ACCESS}, before, after, asked)
    growing = all(after[option] >= (before.get(option) or 0) for option in _elasticache.SIZES if option in changed)
    ordered = [*sizes, *settings] if growing else [*settings, *sizes]
    return [*ordered, *_access_calls(name, changed, before, after)]


def _access_calls(name: str, changed: set[str], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Call]:
    """TLS goes on by way of its mode preferred; only then there can be a token, first beside none and then alone."""
    group = {"ReplicationGroupId": name, "ApplyImmediately": True}
    modes = _modes(before, after) if changed & {*TLS} else []
    requests = [{"TransitEncryptionEnabled": True, "TransitEncryptionMode": mode} for mode in modes]
    if "auth_token_enabled" in changed:
        requests += [{TOKEN_STRATEGY: "ROTATE"}, {TOKEN_STRATEGY: "SET"}]
    return [Call("modify_replication_group", {**group, **request}) for request in requests]


def _modes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    wanted = after.get("transit_encryption_mode") or REQUIRED
    way = [wanted] if before.get("transit_encryption_enabled") else [PREFERRED, wanted]
    return list(dict.fromkeys(way))


def _settings_call(
    name: str, changed: set[str], before: Mapping[str, Any], after: Mapping[str, Any], asked: bool
) -> list[Call]:
    if not changed:
        return []
    arguments = {_elasticache.MEMBERS[option]: after[option] for option in sorted(changed & set(_elasticache.MEMBERS))}
    if "log_delivery_configurations" in changed:
        current = before.get("log_delivery_configurations") or ()
        arguments["LogDeliveryConfigurations"] = _elasticache.log_requests(
            after["log_delivery_configurations"], current
        )
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
