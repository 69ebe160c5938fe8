# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How many tasks of a service run, over a week, where schedules move their bounds; pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

DAY = 24 * 60  #: minutes
WEEK = 7 * DAY
_DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_ANY = ("*", "?")

#: How much of the week how many tasks run.
Shares = dict[int, float]


class Bounds(NamedTuple):
    """Between which counts autoscaling keeps a service, and where it begins."""

    desired: int
    least: int
    most: int


def shares(bounds: Bounds, schedules: Iterable[Mapping[str, Any]], at_most: bool = False) -> Shares | None:
    """The share of the week of each count: what is desired, within the bounds of each time; None if that can't be said.

    C(at_most) counts what the bounds allow instead. A schedule of one time moves nothing for long.
    """
    events: list[tuple[int, Mapping[str, Any]]] = []
    for schedule in schedules:
        times = minutes(str(schedule["schedule"]))
        if times is None:
            return None
        events += [(minute, schedule) for minute in times]
    return _run(bounds, sorted(events, key=lambda event: event[0]), at_most)


def _run(bounds: Bounds, events: list[tuple[int, Mapping[str, Any]]], at_most: bool) -> Shares:
    """Two weeks: in the first one finds out with which bounds a week begins, the second counts."""
    found: dict[int, float] = defaultdict(float)
    for counting in (False, True):
        since = 0
        for minute, schedule in [*events, (WEEK, {})]:
            if counting and minute > since:
                found[_count(bounds, at_most)] += (minute - since) / WEEK
            since, bounds = minute, _moved(bounds, schedule)
    return dict(found)


def _count(bounds: Bounds, at_most: bool) -> int:
    return bounds.most if at_most else bounds.desired


def _moved(bounds: Bounds, schedule: Mapping[str, Any]) -> Bounds:
    """A schedule gives new bounds, and the count goes into them."""
    least, most = (schedule.get(name) for name in ("min_count", "max_count"))
    least, most = (old if new is None else int(new) for new, old in ((least, bounds.least), (most, bounds.most)))
    return Bounds(min(max(bounds.desired, least), most), least, most)


def minutes(expression: str) -> list[int] | None:
    """The minutes of a week at which a schedule acts, Monday first; None for one that no week is like."""
    if expression.startswith("at("):
        return []
    found = re.fullmatch(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)", expression)
    if not found or found[3] not in _ANY or found[4] != "*" or found[6] != "*":
        return None
    at, hours, days = _numbers(found[1], 59), _numbers(found[2], 23), _days(found[5])
    if at is None or hours is None or days is None:
        return None
    return sorted(day * DAY + hour * 60 + minute for day in days for hour in hours for minute in at)


def _numbers(field: str, highest: int) -> list[int] | None:
    if field == "*":
        return list(range(highest + 1))
    values = field.split(",")
    return [int(value) for value in values] if all(value.isdigit() for value in values) else None


def _days(field: str) -> list[int] | None:
    """AWS counts 1 for Sunday to 7 for Saturday, or names them; a range may go over the week's end."""
    if field in _ANY:
        return list(range(7))
    found: set[int] = set()
    for part in field.upper().split(","):
        first, _to, last = part.partition("-")
        begin, end = _day(first), _day(last or first)
        if begin is None or end is None:
            return None
        found |= {(begin + offset) % 7 for offset in range((end - begin) % 7 + 1)}
    return sorted(found)


def _day(word: str) -> int | None:
    if word in _DAYS:
        return _DAYS.index(word)
    return (int(word) + 5) % 7 if word.isdigit() and 1 <= int(word) <= 7 else None
