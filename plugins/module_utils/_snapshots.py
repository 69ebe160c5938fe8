# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Snapshots of a database or a cache on demand: how they are made, looked at, copied, and which are too many."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from . import _aws, _barrier, _rds, _status, _tags
from ._discovery import Connect

DATABASE, CACHE = "database", "cache"
STAMP = "%Y%m%d-%H%M%S"
AVAILABLE, FAILED = "available", "failed"
LABEL = re.compile(r"[a-z](-?[a-z0-9]){0,29}")
#: What is kept of the moment in a snapshot's name.
_MOMENT = r"\d{8}-\d{6}"
_GIGABYTE = 1024**3
#: Gigabytes of each unit of sizes.
_UNITS = {"B": 1 / _GIGABYTE, "KB": 1 / 1024**2, "MB": 1 / 1024, "GB": 1.0, "TB": 1024.0}


class Words(NamedTuple):
    """What a service calls its snapshots: members, operations, and the code of one that is not there."""

    service: str
    end: str
    listing: tuple[str, str]
    source: str
    name: str
    status: str
    create: str
    delete: str
    absent: str


WORDS: Mapping[str, Words] = MappingProxyType(
    {
        DATABASE: Words(
            "rds",
            "db",
            ("describe_db_snapshots", "DBSnapshots"),
            "DBInstanceIdentifier",
            "DBSnapshotIdentifier",
            "Status",
            "create_db_snapshot",
            "delete_db_snapshot",
            "DBSnapshotNotFound",
        ),
        CACHE: Words(
            "elasticache",
            "redis",
            ("describe_snapshots", "Snapshots"),
            "ReplicationGroupId",
            "SnapshotName",
            "SnapshotStatus",
            "create_snapshot",
            "delete_snapshot",
            "SnapshotNotFoundFault",
        ),
    }
)


class Snapshot(NamedTuple):
    """One snapshot; C(made) is the moment that it holds, None while AWS is making it; C(gigabytes) where AWS says."""

    what: str
    name: str
    source: str
    status: str
    made: datetime.datetime | None
    gigabytes: float | None
    percent: int | None
    arn: str
    key: str | None = None
    region: str = ""


class Wanted(NamedTuple):
    """One that is to be there: of what, of which instance or group, under which name, in which region if another."""

    what: str
    source: str
    name: str
    region: str = ""


def source(name: str, what: str) -> str:
    """The instance or group of an environment, whose names begin with C(name); pure."""
    return f"{name}-{WORDS[what].end}"


def label_problem(label: str) -> str:
    """Why a label can't be in a snapshot's name, as an end of a sentence; empty if it can; pure."""
    if LABEL.fullmatch(label):
        return ""
    return f"lower-case letters, digits and single hyphens, beginning with a letter, at most 30, not {label!r}"


def named(source: str, label: str, stamp: str) -> str:
    """The name of a snapshot on demand; pure."""
    return f"{source}-{label}-{stamp}"


def surplus(names: Iterable[str], source: str, label: str, keep: int) -> list[str]:
    """Of the snapshots of one label all but the C(keep) newest, oldest first; 0 keeps all; pure."""
    ours = sorted(each for each in names if re.fullmatch(rf"{re.escape(source)}-{re.escape(label)}-{_MOMENT}", each))
    return ours[:-keep] if keep else []


# What AWS has


def of_database(entry: Mapping[str, Any], region: str = "") -> Snapshot:
    """An entry of DescribeDBSnapshots; a copy keeps the moment of its original; pure."""
    return Snapshot(
        DATABASE,
        entry["DBSnapshotIdentifier"],
        entry["DBInstanceIdentifier"],
        entry["Status"],
        entry.get("OriginalSnapshotCreateTime") or entry.get("SnapshotCreateTime"),
        entry.get("AllocatedStorage"),
        entry.get("PercentProgress"),
        entry.get("DBSnapshotArn", ""),
        entry.get("KmsKeyId") if entry.get("Encrypted") else None,
        region,
    )


def of_cache(entry: Mapping[str, Any], region: str = "") -> Snapshot:
    """An entry of DescribeSnapshots, whose shards each have a moment and a size of their own; pure."""
    nodes = entry.get("NodeSnapshots") or []
    moments = [node["SnapshotCreateTime"] for node in nodes if node.get("SnapshotCreateTime")]
    return Snapshot(
        CACHE,
        entry["SnapshotName"],
        entry.get("ReplicationGroupId") or entry.get("CacheClusterId") or "",
        entry["SnapshotStatus"],
        min(moments, default=None),
        gigabytes(node.get("CacheSize") for node in nodes),
        None,
        entry.get("ARN", ""),
        entry.get("KmsKeyId"),
        region,
    )


def gigabytes(sizes: Iterable[str | None]) -> float | None:
    """The sum of ElastiCache's sizes, such as C(5 MB); None where there is none, or one is not known; pure."""
    parts = [str(size).split() for size in sizes]
    if not parts or not all(map(_is_size, parts)):
        return None
    return round(sum(float(number) * _UNITS[unit] for number, unit in parts), 3)


def _is_size(parts: list[str]) -> bool:
    return len(parts) == len(("number", "unit")) and parts[1] in _UNITS


#: How long AWS takes for each, in minutes, and when to give up, in seconds since its status last changed.
SLOW: Mapping[str, _barrier.Slow] = {
    DATABASE: _barrier.Slow("DB snapshot", "2-20", 7200),
    CACHE: _barrier.Slow("snapshot of the cache", "2-15", 7200),
}
_READ = {DATABASE: of_database, CACHE: of_cache}


def listed(connect: Connect, what: str, source: str) -> list[Snapshot]:
    """All snapshots of an instance or group, automatic ones too, by the moment that they hold; unfinished ones last."""
    words = WORDS[what]
    found = [_READ[what](entry) for entry in _aws.pages(connect(words.service), *words.listing)]
    end = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    ours = [each for each in found if each.source == source]
    return sorted(ours, key=lambda each: (each.made or end, each.name))


def find(connect: Any, what: str, name: str, region: str = "") -> Snapshot | None:
    """The snapshot of that name; None if it isn't there."""
    words = WORDS[what]
    client = _client(connect, words.service, region)
    operation, key = words.listing
    empty: list[Mapping[str, Any]] = []
    entries = _aws.absent_as(empty, lambda: getattr(client, operation)(**{words.name: name})[key], words.absent)
    return _READ[what](entries[0], region) if entries else None


def start(connect: Any, wanted: Wanted, tags: Mapping[str, str]) -> None:
    """Begin to make it."""
    words = WORDS[wanted.what]
    named = {words.source: wanted.source, words.name: wanted.name}
    getattr(connect(words.service), words.create)(**named, Tags=_tags.to_list(tags))


def start_copy(connect: Any, original: Snapshot, region: str, key: str, tags: Mapping[str, str]) -> None:
    """Begin to copy a database's snapshot into another region; C(key) is one of that region, else RDS's own."""
    encrypted = {"KmsKeyId": key or _rds.OWN_KEY} if original.key else {}
    source_region = original.arn.split(":")[3]
    _client(connect, "rds", region).copy_db_snapshot(
        SourceDBSnapshotIdentifier=original.arn,
        TargetDBSnapshotIdentifier=original.name,
        SourceRegion=source_region,
        Tags=_tags.to_list(tags),
        **encrypted,
    )


def remove(connect: Connect, what: str, name: str) -> None:
    """Delete it; already gone is success."""
    words = WORDS[what]
    delete = getattr(connect(words.service), words.delete)
    _aws.absent_as(None, lambda: delete(**{words.name: name}), words.absent)


def _client(connect: Any, service: str, region: str) -> Any:
    return connect(service, region) if region else connect(service)


# How far they are; pure


def state(wanted: Wanted, found: Snapshot | None) -> dict[str, Any]:
    """One that is wanted, in the words of what is waited for."""
    status = found.status if found else "not begun"
    percent = f", {found.percent} %" if found and found.percent is not None and status != AVAILABLE else ""
    return {
        "kind": wanted.what,
        "name": f"{wanted.name} in {wanted.region}" if wanted.region else wanted.name,
        "status": f"{status}{percent}",
        "state": _barrier.outcome(status, (AVAILABLE,), (FAILED,)),
        "allowance": 0,
        "hint": "",
    }


def restorable(entry: Mapping[str, Any], now: datetime.datetime) -> dict[str, Any]:
    """The latest moment that an instance of DescribeDBInstances can be restored to, and how far back; null without."""
    days = entry.get("BackupRetentionPeriod") or 0
    latest = entry.get("LatestRestorableTime") if days else None
    behind = round((now - latest).total_seconds(), 1) if latest else None
    return {"latest": latest.isoformat() if latest else None, "behind": behind, "days": days}


def shown(found: Snapshot) -> dict[str, Any]:
    """One for a module's result."""
    return {**found._asdict(), "made": found.made.isoformat() if found.made else None}


def intentions(names: Iterable[str], regions: Iterable[str], going: Iterable[str]) -> list[str]:
    """What a run would do, for a person."""
    lines = [f"would be taken: {name}" for name in names]
    lines += [f"would be copied to {region}: the database's" for region in sorted(regions)]
    return [*lines, *(f"would be deleted: {name}" for name in going)]


def table(result: Mapping[str, Any], seconds: Mapping[str, float], command: str) -> list[str]:
    """What a run did for a person: name, size, seconds that it took, and how to restore it."""
    lines = [("snapshot", "of", "size", "seconds", "holds")]
    for each in result["snapshots"]:
        name = f"{each['name']} in {each['region']}" if each["region"] else each["name"]
        size = "-" if each["gigabytes"] is None else f"{each['gigabytes']:.3g} GB"
        took = f"{seconds[name]:.0f}" if name in seconds else "-"
        lines.append((name, each["source"], size, took, (each["made"] or "-")[:19]))
    own = [each for each in result["snapshots"] if not each["region"]]
    restores = [f"  {command} -e what={each['what']} -e from={each['name']}" for each in own]
    removed = [f"  deleted, as more were there than are kept: {name}" for name in result["removed"]]
    fresh = _fresh(result["restorable"])
    return ["Snapshots", *_status.columns(lines), *removed, *fresh, "", "To restore", *restores]


def _fresh(moments: Mapping[str, Any]) -> list[str]:
    """How much would be lost if the database went now, by its own backups."""
    if moments["days"] is None:
        return []
    if moments["latest"] is None:
        return ["", "The database has no automated backups: what is newer than its last snapshot would be lost"]
    back = f"can be restored to any moment of the last {moments['days']} days"
    return ["", f"The database {back}, up to {moments['latest'][:19]} UTC, {moments['behind']:.0f} s ago (RPO)"]
