# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _data_limits


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("uex", True),
        ("Uex_1", True),
        ("u" * 63, True),
        ("u" * 64, False),
        ("1uex", False),
        ("_uex", False),
        ("uex-1", False),
        ("", False),
        ("ünal", False),
        ("Table", False),
        ("template1", False),
    ],
)
def test_names_of_databases(name: str, taken: bool) -> None:
    assert (_data_limits.database_name_problem(name) == "") is taken


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("uex", True),
        ("postgres", True),
        ("u" * 16, True),
        ("u" * 17, False),
        ("Admin", False),
        ("rds_superuser", False),
        ("pg_monitor", False),
        ("user", False),
        ("uex.app", False),
    ],
)
def test_names_of_first_users(name: str, taken: bool) -> None:
    assert (_data_limits.user_name_problem(name) == "") is taken


@pytest.mark.parametrize(
    ("kind", "size", "largest", "iops", "throughput", "wrong"),
    [
        ("gp3", 20, None, None, None, []),
        ("gp3", 19, None, None, None, ["allocated_storage"]),
        ("gp2", 65537, None, None, None, ["allocated_storage"]),
        ("io1", 99, None, 1000, None, ["allocated_storage"]),
        ("io1", 100, None, 5000, None, []),
        ("io1", 100, None, 5001, None, ["iops"]),
        ("io1", 100, None, 999, None, ["iops"]),
        ("io1", 100, None, None, None, ["iops"]),
        ("io2", 100, None, 100000, None, []),
        ("io2", 100, None, 100001, None, ["iops"]),
        ("io1", 100, None, 1000, 500, ["storage_throughput"]),
        ("gp2", 100, None, 300, None, ["iops"]),
        ("gp2", 100, None, None, 125, ["storage_throughput"]),
        ("gp3", 399, None, 12000, 500, ["iops", "storage_throughput"]),
        ("gp3", 400, None, 12000, 500, []),
        ("gp3", 400, None, 11999, None, ["iops"]),
        ("gp3", 400, None, 64000, 4000, []),
        ("gp3", 400, None, 64001, None, ["iops"]),
        ("gp3", 400, None, None, 499, ["storage_throughput"]),
        ("gp3", 400, None, None, 3000, []),
        ("gp3", 400, None, None, 3001, ["storage_throughput"]),
        ("gp3", 400, None, 12000, 3001, ["storage_throughput"]),
        ("gp3", 100, 110, None, None, []),
        ("gp3", 100, 109, None, None, ["max_allocated_storage"]),
        ("gp3", 100, 65537, None, None, ["max_allocated_storage"]),
        (None, 100, None, 5, 5, []),
        ("io1", 0, None, 1000, None, []),
    ],
)
def test_storage(
    kind: str | None, size: int, largest: int | None, iops: int | None, throughput: int | None, wrong: list[str]
) -> None:
    found = _data_limits.storage_problems(kind, size, largest, iops, throughput)
    assert [option for option, _problem in found] == wrong


@pytest.mark.parametrize(
    ("window", "span"),
    [
        ("02:00-03:00", (120, 180)),
        ("23:30-00:30", (1410, 1470)),
        ("00:00-00:00", (0, 1440)),
        ("24:00-25:00", None),
        ("2:00-3:00", None),
        ("sun:02:00-sun:03:00", None),
    ],
)
def test_daily_windows(window: str, span: Any) -> None:
    assert _data_limits.daily(window) == span


@pytest.mark.parametrize(
    ("window", "span"),
    [
        ("mon:02:00-mon:03:00", (120, 180)),
        ("SUN:23:30-Mon:00:30", (10050, 10110)),
        ("mon:23:30-tue:00:30", (1410, 1470)),
        ("sunday:02:00-sunday:03:00", None),
        ("02:00-03:00", None),
    ],
)
def test_weekly_windows(window: str, span: Any) -> None:
    assert _data_limits.weekly(window) == span


@pytest.mark.parametrize(
    ("daily", "weekly", "meet"),
    [
        ("02:00-03:00", "sun:03:00-sun:04:00", False),
        ("02:00-03:01", "sun:03:00-sun:04:00", True),
        ("23:30-00:30", "mon:00:00-mon:01:00", True),
        ("23:30-00:30", "mon:23:00-mon:23:45", True),
        ("00:10-00:40", "sun:23:45-mon:00:15", True),
        ("00:15-00:45", "sun:23:45-mon:00:15", False),
        ("12:00-13:00", "wed:12:30-wed:13:30", True),
        ("04:00-12:00", "sun:22:00-mon:03:30", False),
    ],
)
def test_a_window_of_every_day_meets_one_of_a_week(daily: str, weekly: str, meet: bool) -> None:
    one, other = _data_limits.daily(daily), _data_limits.weekly(weekly)
    assert one
    assert other
    assert _data_limits.overlap(one, other) is meet


@pytest.mark.parametrize(
    ("span", "least", "taken"),
    [((0, 30), 30, True), ((0, 29), 30, False), ((0, 1439), 30, True), ((0, 1440), 30, False), (None, 30, False)],
)
def test_how_long_windows_last(span: Any, least: int, taken: bool) -> None:
    assert (_data_limits.window_problem(span, "form", least) == "") is taken
