# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""DB instances: which changes bring about more than they say, and which are refused and why; pure."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from . import _databases, _plan
from ._plan import Change, Objection, Plan

Options = Mapping[str, Any]

#: Tag of a read replica with its source's name: it stays when AWS forgets the source, as after a promotion.
REPLICATES = "Replicates"
#: Changes during which the instance doesn't answer; the others are made at once, as they disturb nobody.
INTERRUPTING = ("db_instance_class", "engine_version", "port", "ca_certificate_identifier")
#: What another instance can be made with of a snapshot of this one.
CONFIRMABLE = ("db_subnet_group_name", "kms_key_id", "storage_encrypted")
#: What it cannot, and why.
_NEVER = {
    "engine": "a snapshot is restored by the engine that wrote it",
    "master_username": "a snapshot is restored with the first user that it holds",
    "db_name": "a snapshot is restored with the databases that it holds",
}
#: What to do about a change that a replica cannot take.
REMAKE = "put the old value back, or delete the replica: the next run makes it anew"
_KEPT = (
    "it may hold what nothing else does: take our tags off to keep it out of the estate, or only the tag "
    f"{REPLICATES} where it takes its source's place and name, or delete it yourself"
)
_MOVE = "put the old value back, or load a dump into a new database of another name"


def effects(plan: Plan, snapshot: str | None = None, restored: Options = MappingProxyType({})) -> list[str]:
    """What a plan brings about besides.

    C(snapshot) is what an interrupted replacement has left, C(restored) says what is restored.
    """
    if plan.verb == _plan.CREATE and (snapshot or restored.get("snapshot")):
        return [f"made of the snapshot {snapshot or restored['snapshot']}"]
    if plan.verb == _plan.CREATE and restored.get("db_instance"):
        return [f"made of {restored['db_instance']} as it was at {restored['time']}"]
    if plan.verb == _plan.REPLACE:
        return ["interrupts", "keeps its data"]
    if plan.verb != _plan.UPDATE:
        return []
    reboots = "db_parameter_group_name" in plan.options
    interrupts = bool(plan.options & set(INTERRUPTING))
    return (
        ["needs reboot"] * reboots + ["interrupts"] * interrupts + ["upgrades its replicas"] * _upgrades_replicas(plan)
    )


def at_once(changed: Iterable[str], waiting: Iterable[str], asked: bool) -> bool:
    """Whether a change is made at once: asked for, or neither it nor what AWS would make along with it interrupts."""
    return asked or not {*changed, *waiting} & set(INTERRUPTING)


def is_major(before: str, after: str) -> bool:
    """Whether an upgrade is one to another major version."""
    return _databases.numbers(before)[:1] != _databases.numbers(after)[:1]


def _upgrades_replicas(plan: Plan) -> bool:
    return "engine_version" in plan.options and bool((plan.before or {}).get("read_replicas"))


def objection(plan: Plan, options: Options) -> Objection | None:
    """Why this plan is not carried out, in the order of how much is at stake; C(options) are the module's."""
    return next((found for check in _CHECKS if (found := check(plan, options))), None)


def _promoted(plan: Plan, options: Options) -> Objection | None:
    """A replica that stands alone may hold what no other instance does."""
    before, after = plan.before or {}, plan.after
    source = (before.get("tags") or {}).get(REPLICATES)
    wanted = (after or {}).get("source_db_instance_identifier")
    alone = plan.before is not None and not before.get("source_db_instance_identifier")
    undeclared = after is None and not options["spare_promoted"]
    if not alone or not (wanted or source) or undeclared or after == {}:
        return None
    return Objection(
        f"it was a read replica of {wanted or source} and is one no more: promoted, or its source is gone", _KEPT
    )


def _replica_as_primary(plan: Plan, options: Options) -> Objection | None:
    source = (plan.before or {}).get("source_db_instance_identifier")
    if plan.after is None or not source or options["replicas"]:
        return None
    return Objection(
        f"it is a read replica of {source}, not a database of its own", "promote it, or delete it, yourself"
    )


def _another_source(plan: Plan, _options: Options) -> Objection | None:
    change = _change(plan, "source_db_instance_identifier")
    if not change or not change.before:
        return None
    return Objection(
        f"it replicates {change.before}, not {change.after}", "delete it: the next run makes it of its source"
    )


def _kept_by_snapshots(plan: Plan, options: Options) -> Objection | None:
    found = [] if options["replicas"] or plan.before is None else [c for c in plan.changes if c.option in _NEVER]
    if not found:
        return None
    said = [f"{c.field} from {c.before!r} to {c.after!r}: {_NEVER[c.option]}" for c in found]
    return Objection(f"AWS cannot change {'; '.join(said)}", _MOVE)


def _decrypted(plan: Plan, _options: Options) -> Objection | None:
    change = _change(plan, "storage_encrypted")
    if not change or change.after:
        return None
    return Objection("storage_encrypted: what is encrypted cannot be restored in the clear", _MOVE)


def _shrunk(plan: Plan, _options: Options) -> Objection | None:
    change = _change(plan, "allocated_storage")
    if not change or change.after >= (change.before or 0):
        return None
    return Objection(f"allocated_storage: {change.before} GiB can only grow, not to {change.after}", _MOVE)


def _version(plan: Plan, options: Options) -> Objection | None:
    change = _change(plan, "engine_version")
    if not change or not change.before:
        return None
    upgrade = f"engine_version from {change.before} to {change.after}"
    if _databases.numbers(change.after) < _databases.numbers(change.before):
        return Objection(
            f"AWS cannot go back with {upgrade}",
            "declare the newer one, or restore a snapshot of before under another name",
        )
    major = is_major(change.before, change.after)
    if major and not options["allow_major_version_upgrade"]:
        advice = "try it on a restored copy first, then data_db_allow_major_version_upgrade=true"
        return Objection(f"{upgrade} is another major version", advice)
    replicas = (plan.before or {}).get("read_replicas")
    if replicas and not options["apply_immediately"]:
        order = "along with it" if major else "before it"
        message = f"{upgrade} cannot wait for the window: AWS upgrades {', '.join(replicas)} {order}"
        return Objection(message, "choose a quiet hour and run with data_db_apply_immediately=true")
    return None


def _replaced(plan: Plan, _options: Options) -> Objection | None:
    before = plan.before or {}
    if plan.verb != _plan.REPLACE:
        return None
    if before.get("read_replicas"):
        message = f"{', '.join(before['read_replicas'])} replicate it, and would become databases of their own"
        return Objection(message, "take the replicas away first: data_db_replica_count=0, then playbooks/prune.yml")
    if before.get("deletion_protection"):
        advice = "take it off first: data_db_deletion_protection=false, then run the layer without the change"
        return Objection("it is under deletion protection, so it cannot be replaced", advice)
    return None


_CHECKS: tuple[Callable[[Plan, Options], Objection | None], ...] = (
    _promoted,
    _replica_as_primary,
    _another_source,
    _kept_by_snapshots,
    _decrypted,
    _shrunk,
    _version,
    _replaced,
)


def _change(plan: Plan, option: str) -> Change | None:
    """The change of an option that an existing instance has."""
    changes = plan.changes if plan.before is not None else ()
    return next((change for change in changes if change.option == option), None)


def zones(missing: Mapping[str, str], live: Iterable[Mapping[str, Any]], available: Collection[str]) -> dict[str, str]:
    """A zone for each missing replica, whose sources C(missing) gives; C(live) is what DescribeDBInstances shows.

    Each goes where the fewest of its source, the standby and its other replicas are; of equals, rather not to its
    source, and then into the first. They are dealt out one after the other, as AWS makes them at the same time. A
    source that isn't there yet is in no zone.
    """
    there = [entry for entry in live if entry["DBInstanceStatus"] != "deleting"]
    homes = {entry["DBInstanceIdentifier"]: entry.get("AvailabilityZone") for entry in there}
    taken: dict[str, list[str]] = {source: _around(source, there) for source in missing.values()}
    dealt: dict[str, str] = {}
    for name, source in sorted(missing.items()) if available else ():
        crowd, home = taken[source], homes.get(source)
        dealt[name] = min(available, key=functools.partial(_crowd, crowd, home))
        crowd.append(dealt[name])
    return dealt


def _crowd(zones: Sequence[str], home: str | None, zone: str) -> tuple[int, bool]:
    return zones.count(zone), zone == home


def _around(source: str, live: Iterable[Mapping[str, Any]]) -> list[str]:
    """The zones of an instance, its standby and its replicas, as often as they are used."""
    own = ("DBInstanceIdentifier", "ReadReplicaSourceDBInstanceIdentifier")
    entries = [entry for entry in live if source in (entry.get(key) for key in own)]
    zones = [entry.get(key) for entry in entries for key in ("AvailabilityZone", "SecondaryAvailabilityZone")]
    return [zone for zone in zones if zone]
