# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules on how services scale; each problem begins with the service's field; pure."""

from __future__ import annotations

import re
import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import _scaling, _step_scaling

Values = Mapping[str, Any]

SCHEDULE_FIELDS = ("name", "schedule", "timezone", "min_count", "max_count")
#: The least and the most that a target can be.
_TARGETS = {"cpu": (1, 100), "memory": (1, 100), "requests": (1, 10**9)}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def targets(values: Values) -> Iterable[str]:
    """What target tracking aims at, and how long it rests."""
    for place, scaling in _each(values, "scaling"):
        for metric, (least, most) in _TARGETS.items():
            if scaling[metric] is not None and not least <= scaling[metric] <= most:
                yield f"{place}.{metric}: {scaling[metric]} is not between {least} and {most}"
        for field in ("scale_in_cooldown", "scale_out_cooldown"):
            if not 0 <= scaling[field] <= 3600:
                yield f"{place}.{field}: {scaling[field]} is not between 0 and 3600 seconds"


def steps(values: Values) -> Iterable[str]:
    """Steps that AWS takes, under names of their own."""
    for place, scaling in _each(values, "scaling"):
        found = scaling["steps"]
        yield from _names(f"{place}.steps", found)
        for index, step in enumerate(found):
            yield from _placed(f"{place}.steps[{index}]", _step_scaling.step_problems(step))


def schedules(values: Values) -> Iterable[str]:
    """Schedules that AWS takes, under names of their own."""
    for place, found in _each(values, "schedules"):
        yield from _names(place, found)
        for index, schedule in enumerate(found):
            yield from _placed(f"{place}[{index}]", _schedule_problems(schedule))


def _each(values: Values, field: str) -> Iterable[tuple[str, Any]]:
    for service in values["stack_service_list"]:
        yield f"stack_services.{service['name']}.{field}", service[field]


def _placed(place: str, problems: Iterable[str]) -> Iterable[str]:
    """Each under its place; a problem of the whole has no field."""
    for problem in problems:
        yield f"{place}.{problem}" if re.match(r"\w+: ", problem) else f"{place}: {problem}"


def _names(place: str, entries: Iterable[Any]) -> Iterable[str]:
    names = [str(each.get("name")) for each in entries if isinstance(each, Mapping)]
    yield from (f"{place}: two are called {name}" for name, number in Counter(names).items() if number > 1)
    yield from (
        f"{place}: {name!r} must be letters, digits, hyphens and underscores, 64 at most"
        for name in names
        if not _NAME.fullmatch(name)
    )


def _schedule_problems(schedule: Any) -> Iterable[str]:
    if not isinstance(schedule, Mapping):
        yield f"must be a dictionary, is {schedule!r}"
        return
    known = ", ".join(SCHEDULE_FIELDS)
    yield from (f"{name}: no such field; there are {known}" for name in schedule if name not in SCHEDULE_FIELDS)
    yield from (f"{name}: is needed" for name in ("name", "schedule") if not schedule.get(name))
    problem = _scaling.schedule_problem(str(schedule.get("schedule") or ""))
    if schedule.get("schedule") and problem:
        yield f"schedule: {problem}"
    zone, known_zones = schedule.get("timezone"), zoneinfo.available_timezones()
    if zone and known_zones and zone not in known_zones:
        yield f"timezone: {zone!r} is no time zone, such as Europe/Berlin"
    yield from _count_problems(schedule.get("min_count"), schedule.get("max_count"))


def _count_problems(least: Any, most: Any) -> Iterable[str]:
    if least is None and most is None:
        yield "min_count: it or max_count is needed"
    for field, count in (("min_count", least), ("max_count", most)):
        if count is not None and (not isinstance(count, int) or count < 0):
            yield f"{field}: must be a whole number from 0, is {count!r}"
            return
    if least is not None and most is not None and least > most:
        yield f"min_count: {least} is more than max_count, {most}"


RULES: tuple[Callable[[Values], Iterable[str]], ...] = (targets, steps, schedules)
