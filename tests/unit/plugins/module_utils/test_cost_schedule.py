# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _cost_schedule
from ansible_collections.uex.payments.plugins.module_utils._cost_schedule import DAY, Bounds

BEGIN = {"schedule": "cron(0 8 ? * MON-FRI *)", "min_count": 2, "max_count": 4}
END = {"schedule": "cron(0 18 ? * MON-FRI *)", "min_count": 0, "max_count": 0}


@pytest.mark.parametrize(
    ("expression", "minutes"),
    [
        ("cron(0 8 ? * MON *)", [480]),
        ("cron(30 8 ? * 2 *)", [510]),
        ("cron(0 0 ? * 1,TUE *)", [DAY, 6 * DAY]),
        ("cron(0 8 ? * SAT-MON *)", [480, 5 * DAY + 480, 6 * DAY + 480]),
        ("cron(0,30 1 * * SUN *)", [6 * DAY + 60, 6 * DAY + 90]),
        ("at(2026-12-24T18:00:00)", []),
        ("cron(0 8 1 * ? *)", None),
        ("cron(0 8 ? 12 MON *)", None),
        ("cron(0 8 ? * MON 2027)", None),
        ("cron(0/15 8 ? * MON *)", None),
        ("cron(0 8 ? * MON#1 *)", None),
        ("cron(0 8 ? * FRIDAY *)", None),
        ("rate(1 day)", None),
    ],
)
def test_the_minutes_of_a_week_at_which_a_schedule_acts(expression: str, minutes: list[int] | None) -> None:
    assert _cost_schedule.minutes(expression) == minutes


def test_every_day_of_the_week_is_meant_where_none_is_named() -> None:
    assert _cost_schedule.minutes("cron(0 8 * * ? *)") == [day * DAY + 480 for day in range(7)]


def test_without_schedules_what_is_desired_runs_all_week() -> None:
    assert _cost_schedule.shares(Bounds(2, 2, 4), []) == {2: 1.0}
    assert _cost_schedule.shares(Bounds(2, 2, 4), [], at_most=True) == {4: 1.0}


def test_working_hours_are_50_of_168() -> None:
    assert _cost_schedule.shares(Bounds(2, 2, 4), [BEGIN, END]) == pytest.approx({2: 50 / 168, 0: 118 / 168})
    most = _cost_schedule.shares(Bounds(2, 2, 4), [BEGIN, END], at_most=True)
    assert most == pytest.approx({4: 50 / 168, 0: 118 / 168})


@pytest.mark.parametrize(
    ("schedules", "expected"),
    [
        ([{**END, "min_count": 1, "max_count": None}, BEGIN], {3: 1.0}),
        ([{**END, "min_count": 5, "max_count": 9}], {5: 1.0}),
        ([{"schedule": "at(2026-12-24T18:00:00)", "min_count": 9}], {3: 1.0}),
        ([{"schedule": "rate(1 day)", "min_count": 9}], None),
    ],
)
def test_a_count_goes_into_its_bounds(schedules: list[dict[str, Any]], expected: dict[int, float] | None) -> None:
    found = _cost_schedule.shares(Bounds(3, 2, 4), schedules)
    assert found == (None if expected is None else pytest.approx(expected))
