# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _barrier, _snapshots
from ansible_collections.uex.payments.plugins.module_utils._snapshots import CACHE, DATABASE, Snapshot, Wanted

NOW = datetime.datetime(2026, 11, 27, 10, 15, tzinfo=datetime.UTC)
EARLIER = NOW - datetime.timedelta(minutes=4)


def test_a_cache_s_snapshot_holds_what_its_first_shard_held_and_is_as_large_as_all() -> None:
    shards = [
        {"SnapshotCreateTime": NOW, "CacheSize": "512 MB"},
        {"SnapshotCreateTime": EARLIER, "CacheSize": "1.5 GB"},
    ]
    entry = {"SnapshotName": "s", "SnapshotStatus": "available", "ReplicationGroupId": "g", "NodeSnapshots": shards}
    found = _snapshots.of_cache(entry)
    assert (found.made, found.gigabytes, found.source) == (EARLIER, 2.0, "g")


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        (["1 GB", "512 MB"], 1.5),
        (["5 MB"], 0.005),
        (["1 GB", None], None),
        (["1 GB", "unknown size"], None),
        (["1 TB", "1 GB"], 1025.0),
        ([], None),
    ],
)
def test_sizes_as_elasticache_writes_them(sizes: list[str | None], expected: float | None) -> None:
    assert _snapshots.gigabytes(sizes) == expected


NAMES = [
    "db-a-20261127-100000",
    "db-a-20261127-110000",
    "db-a-b-20261127-090000",
    "db-a-final",
    "xdb-a-20261127-080000",
]


@pytest.mark.parametrize(("keep", "expected"), [(0, []), (1, NAMES[:1]), (2, []), (9, [])])
def test_only_a_label_s_own_snapshots_are_too_many(keep: int, expected: list[str]) -> None:
    assert _snapshots.surplus(NAMES, "db", "a", keep) == expected


def snapshot(**changed: Any) -> Snapshot:
    return Snapshot(DATABASE, "s", "db", "available", NOW, 50, 100, "arn")._replace(**changed)


@pytest.mark.parametrize(
    ("found", "status", "state"),
    [
        (None, "not begun", _barrier.PENDING),
        (snapshot(status="creating", percent=7), "creating, 7 %", _barrier.PENDING),
        (snapshot(), "available", _barrier.READY),
        (snapshot(status="failed", percent=None), "failed", _barrier.FAILED),
    ],
)
def test_how_far_one_is(found: Snapshot | None, status: str, state: str) -> None:
    shown = _snapshots.state(Wanted(DATABASE, "db", "s"), found)
    assert (shown["status"], shown["state"]) == (status, state)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (
            {"BackupRetentionPeriod": 7, "LatestRestorableTime": EARLIER},
            {"latest": EARLIER.isoformat(), "behind": 240.0, "days": 7},
        ),
        ({"BackupRetentionPeriod": 0, "LatestRestorableTime": EARLIER}, {"latest": None, "behind": None, "days": 0}),
        ({"BackupRetentionPeriod": 7}, {"latest": None, "behind": None, "days": 7}),
    ],
)
def test_how_fresh_the_backups_are(entry: dict[str, Any], expected: dict[str, Any]) -> None:
    assert _snapshots.restorable(entry, NOW) == expected


def test_the_table_says_how_to_restore_and_how_much_would_be_lost() -> None:
    copy = snapshot(region="eu-west-1")
    rows = [_snapshots.shown(each) for each in (snapshot(), snapshot(what=CACHE, name="c", gigabytes=None), copy)]
    fresh = {"latest": EARLIER.isoformat(), "behind": 240.0, "days": 7}
    lines = _snapshots.table({"snapshots": rows, "removed": ["old"], "restorable": fresh}, {"s": 61.4}, "restore")
    text = "\n".join(lines)
    assert "s               db  50 GB  61       2026-11-27T10:15:00" in text
    assert "up to 2026-11-27T10:11:00 UTC, 240 s ago (RPO)" in text
    assert "deleted, as more were there than are kept: old" in text
    assert lines[-2:] == ["  restore -e what=database -e from=s", "  restore -e what=cache -e from=c"]


def test_a_database_without_backups_of_its_own_is_told() -> None:
    result = {"snapshots": [], "removed": [], "restorable": {"latest": None, "behind": None, "days": 0}}
    assert any("no automated backups" in line for line in _snapshots.table(result, {}, "restore"))
