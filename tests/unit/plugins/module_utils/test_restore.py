# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _restore
from ansible_collections.uex.payments.plugins.module_utils._restore import Point, Refused
from ansible_collections.uex.payments.plugins.module_utils._snapshots import DATABASE, Snapshot

NOW = datetime.datetime(2026, 11, 27, 12, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
LATEST = NOW - datetime.timedelta(minutes=5)
LIVE = {
    "BackupRetentionPeriod": 1,
    "LatestRestorableTime": LATEST,
    "InstanceCreateTime": NOW - datetime.timedelta(days=30),
}
MADE = Snapshot(DATABASE, "db-snap", "db", "available", NOW - HOUR, 50, 100, "arn")
OLD = MADE._replace(name="db-old", made=NOW - 2 * HOUR)
BUSY = MADE._replace(name="db-busy", status="creating", made=None)


@pytest.mark.parametrize(
    ("word", "live", "expected"),
    [
        ("latest", LIVE, Point(LATEST, source="db", latest=True)),
        ("latest", None, Point(NOW - HOUR, snapshot="db-snap")),
        ("latest", {**LIVE, "BackupRetentionPeriod": 0}, Point(NOW - HOUR, snapshot="db-snap")),
        ("2026-11-27T10:00:00Z", LIVE, Point(NOW - 2 * HOUR, source="db")),
        ("2026-11-27T10:00", LIVE, Point(NOW - 2 * HOUR, source="db")),
        ("2026-11-27T11:00:00+01:00", LIVE, Point(NOW - 2 * HOUR, source="db")),
        ("db-old", None, Point(NOW - 2 * HOUR, snapshot="db-old")),
    ],
)
def test_what_a_word_means(word: str, live: Any, expected: Point) -> None:
    assert _restore.point(word, "db", live, [OLD, MADE, BUSY], NOW) == expected


@pytest.mark.parametrize(
    ("word", "live", "found", "said"),
    [
        ("latest", None, [BUSY], "nothing can be restored"),
        ("2026-11-26T10:00:00Z", LIVE, [], "between 2026-11-26T12:00:00Z and 2026-11-27T11:55:00Z"),
        ("2026-11-27T11:58:00Z", LIVE, [], "not to 2026-11-27T11:58:00Z"),
        ("2026-11-27T10:00:00Z", None, [], "db is not there"),
        ("2026-11-27T10:00:00Z", {**LIVE, "BackupRetentionPeriod": 0}, [], "has no automated backups"),
        ("db-busy", LIVE, [BUSY], "is creating, not available"),
        ("yesterday", LIVE, [OLD, MADE], "nor a snapshot: db-snap, db-old"),
        ("yesterday", LIVE, [], "nor a snapshot: none"),
    ],
)
def test_what_cannot_be_restored_is_refused(word: str, live: Any, found: list[Snapshot], said: str) -> None:
    with pytest.raises(Refused, match=said):
        _restore.point(word, "db", live, found, NOW)


def test_names_say_the_moment_and_change_places() -> None:
    name = _restore.name("uex-payments-dev-db", NOW)
    assert name == "uex-payments-dev-db-restored-20261127-120000"
    other = _restore.counterpart(name)
    assert other == "uex-payments-dev-db-before-20261127-120000"
    assert _restore.counterpart(other) == name
    with pytest.raises(Refused, match="neither a restored"):
        _restore.counterpart("uex-payments-dev-db")


R, B, S = "db-restored-20261127-120000", "db-before-20261127-120000", "db-restored-20261127-110000"


@pytest.mark.parametrize(
    ("asked", "names", "tags", "expected"),
    [
        ("", ["db", R], {}, R),
        (B, ["db", B], {}, B),
        (B, ["db", R], {}, B),
        ("", ["db", B], {_restore.MOMENT: "2026-11-27T12:00:00Z"}, R),
    ],
    ids=["the only one", "back", "back, interrupted", "interrupted after the renaming"],
)
def test_which_one_is_cut_over_to(asked: str, names: list[str], tags: dict[str, str], expected: str) -> None:
    assert _restore.chosen("db", asked, names, tags) == expected


@pytest.mark.parametrize(
    ("asked", "names", "said"),
    [
        ("", ["db", R, S], "are there: -e instance=... says which"),
        ("", ["db"], "nothing was restored: -e from=latest restores$"),
        ("", ["db", B], f"{B} was replaced, -e instance=... goes back"),
        (S, ["db", R], f"is not there; there is {R}"),
        ("db", ["db"], "neither a restored"),
    ],
)
def test_what_nobody_can_cut_over_to_is_refused(asked: str, names: list[str], said: str) -> None:
    with pytest.raises(Refused, match=said):
        _restore.chosen("db", asked, names, {})


@pytest.mark.parametrize(
    ("declared", "actual", "fine"),
    [("16", "16.4", True), ("16.10", "16.4", True), ("16", "15.3", False), ("16", None, True)],
)
def test_another_major_version_is_said(declared: str, actual: str | None, fine: bool) -> None:
    assert (_restore.version_problem(declared, actual) == "") is fine
