# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A failover on purpose: whether it can be, whether it is over, and how long nobody was served; pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from . import _barrier, _status

Entry = Mapping[str, Any]

DATABASE, CACHE = "database", "cache"
AVAILABLE = "available"
#: Shards whose failover ElastiCache lets an account test in 24 hours.
TESTS_A_DAY = 15
#: What events say of a database's failover.
STARTED, COMPLETED = "failover started", "failover completed"
#: How long it takes AWS, and when to give up, in seconds since the status last changed.
SLOW: Mapping[str, _barrier.Slow] = {
    DATABASE: _barrier.Slow("failover of", "1-2", 900),
    CACHE: _barrier.Slow("failover of", "1-5", 1200),
}


class Refused(Exception):
    """A failover that cannot be; the message says why."""


class Probe(NamedTuple):
    """One try to be served: seconds of a clock that only goes forward, and whether it was."""

    at: float
    served: bool


# Whether it can be


def database_problem(entry: Entry | None, name: str) -> str:
    """Why a database cannot fail over; empty if it can."""
    if entry is None:
        return f"{name} is not there"
    if not entry.get("MultiAZ"):
        return f"{name} has no standby: data_db_multi_az=true and --tags data make one, as prod has"
    if entry["DBInstanceStatus"] != AVAILABLE:
        return f"{name} is {entry['DBInstanceStatus']}, not available: wait, then run again"
    return ""


def cache_problem(group: Entry | None, name: str, shard: str) -> str:
    """Why a shard of a replication group cannot fail over; empty if it can."""
    if group is None:
        return f"{name} is not there"
    if group.get("AutomaticFailover") != "enabled":
        return f"{name} has no automatic failover: data_redis_node_count of 2 or more and --tags data give it one"
    shards = {each["NodeGroupId"]: each for each in group.get("NodeGroups") or ()}
    if shard not in shards:
        return f"{name} has no node group {shard}: there is {', '.join(shards)}"
    if len(shards[shard].get("NodeGroupMembers") or ()) < 2:
        return f"{name}: node group {shard} has no replica to take over"
    if group["Status"] != AVAILABLE:
        return f"{name} is {group['Status']}, not available: wait, then run again"
    return ""


# What there was and is


def place(entry: Entry) -> str:
    """Where a database is: its zone; a failover changes it."""
    return str(entry.get("AvailabilityZone") or "")


def primary(group: Entry, shard: str) -> str:
    """Which node of a shard is the primary. Cluster mode shows no roles: empty then."""
    members = [
        member
        for each in group.get("NodeGroups") or ()
        if each["NodeGroupId"] == shard
        for member in each.get("NodeGroupMembers") or ()
    ]
    return next((str(each["CacheClusterId"]) for each in members if each.get("CurrentRole") == "primary"), "")


def database_over(entry: Entry, before: str, events: Sequence[Entry]) -> bool:
    """Whether the standby serves: available again, in the other zone or by AWS's word."""
    told = any(COMPLETED in each["Message"].lower() for each in events)
    return bool(entry["DBInstanceStatus"] == AVAILABLE and (told or place(entry) != before))


def cache_over(group: Entry, shard: str, before: str, events: Sequence[Entry]) -> bool:
    """Whether a replica is the primary and the group is whole again."""
    told = any("failover" in each["Message"].lower() and "completed" in each["Message"] for each in events)
    moved = bool(before) and primary(group, shard) not in ("", before)
    return bool(group["Status"] == AVAILABLE and (moved or told))


# What was measured


def outage(probes: Iterable[Probe]) -> float | None:
    """Seconds from the first try that failed to the next that did not; None where none failed or none came back.

    Of several outages from the first failure to the last return: clients see all of it as one.
    """
    tries = list(probes)
    failed = [each.at for each in tries if not each.served]
    if not failed:
        return 0.0 if tries else None
    back = [each.at for each in tries if each.served and each.at > failed[-1]]
    return round(back[0] - failed[0], 1) if back else None


def told(events: Iterable[Entry]) -> float | None:
    """Seconds between AWS's own events of the beginning and the end; None where it told less."""
    found = list(events)
    begun = [each["Date"] for each in found if STARTED in each["Message"].lower()]
    over = [each["Date"] for each in found if COMPLETED in each["Message"].lower()]
    return round((max(over) - min(begun)).total_seconds(), 1) if begun and over else None


def measured(what: str, name: str, result: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a drill."""
    kept = ("was", "became", "reachable", "probes", "outage_seconds", "aws_seconds", "total_seconds")
    return {"what": what, "name": name, **{key: result.get(key) for key in kept}}


def table(what: str, name: str, result: Mapping[str, Any]) -> list[str]:
    """A drill for a person."""
    word = "zone" if what == DATABASE else "primary"
    rows = [
        (word, f"{result['was'] or '?'} -> {result['became'] or '?'}"),
        ("from call to whole", f"{result['total_seconds']:.1f} s"),
        ("outage by AWS's events", _seconds(result["aws_seconds"])),
        ("outage by probe", _probed(result)),
    ]
    events = [(_clock(each["at"]), each["message"]) for each in result["events"]]
    return [
        f"Failover of {name}",
        *_status.columns(rows),
        *(["", "Events", *_status.columns(events)] if events else []),
    ]


def _seconds(seconds: float | None) -> str:
    return "not told" if seconds is None else f"{seconds:.1f} s"


def _probed(result: Mapping[str, Any]) -> str:
    if not result["reachable"]:
        return "not measured: it cannot be reached from here"
    if result["outage_seconds"] is None:
        return f"not over after {result['probes']} tries"
    return f"{result['outage_seconds']:.1f} s, of {result['probes']} tries every half second"


def _clock(moment: str) -> str:
    return datetime.datetime.fromisoformat(moment).strftime("%H:%M:%S")
