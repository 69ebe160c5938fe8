# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Step scaling: its adjustments in one form, and what AWS would refuse of them or of an inventory's steps; pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

Adjustment = dict[str, Any]

MOST = 20  #: adjustments of a policy
LOWER, UPPER, BY = "metric_interval_lower_bound", "metric_interval_upper_bound", "scaling_adjustment"
MEMBERS = {LOWER: "MetricIntervalLowerBound", UPPER: "MetricIntervalUpperBound", BY: "ScalingAdjustment"}
TYPES = ("ChangeInCapacity", "PercentChangeInCapacity", "ExactCapacity")
METRICS = ("cpu", "memory", "requests")
COMPARISONS = (
    *("GreaterThanOrEqualToThreshold", "GreaterThanThreshold"),
    *("LessThanOrEqualToThreshold", "LessThanThreshold"),
)
#: What an inventory may say of a step policy; null is needed.
FIELDS: dict[str, Any] = {
    "name": None,
    "metric": None,
    "threshold": None,
    "step_adjustments": None,
    "comparison_operator": COMPARISONS[0],
    "adjustment_type": TYPES[0],
    "min_adjustment_magnitude": 0,
    "cooldown": 60,
    "period": 60,
    "evaluation_periods": 3,
}


def normal(adjustments: Iterable[Mapping[str, Any]]) -> list[Adjustment]:
    """By their lower bounds, each with all three members; null is no bound."""
    found = [{LOWER: _bound(each, LOWER), UPPER: _bound(each, UPPER), BY: each.get(BY)} for each in adjustments]
    return sorted(found, key=_begin)


def _bound(adjustment: Mapping[str, Any], name: str) -> float | None:
    value = adjustment.get(name)
    return None if value is None else float(value)


def _begin(adjustment: Adjustment) -> float:
    return float("-inf") if adjustment[LOWER] is None else float(adjustment[LOWER])


def described(adjustments: Iterable[Mapping[str, Any]]) -> list[Adjustment]:
    """AWS's adjustments in the same form."""
    return normal({name: each.get(member) for name, member in MEMBERS.items()} for each in adjustments)


def request(adjustments: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Adjustments for PutScalingPolicy, which knows no null."""
    return [{MEMBERS[name]: value for name, value in each.items() if value is not None} for each in adjustments]


def problems(adjustments: Iterable[Mapping[str, Any]], adjustment_type: str) -> Iterable[str]:
    """What AWS would refuse in a policy's adjustments, as sentences that begin with the option's name."""
    steps = normal(adjustments)
    if not 1 <= len(steps) <= MOST:
        yield f"step_adjustments: must be 1 to {MOST}, are {len(steps)}"
        return
    yield from _each(steps, adjustment_type)
    for before, after in itertools.pairwise(steps):
        if before[UPPER] is None or after[LOWER] is None or before[UPPER] > after[LOWER]:
            yield f"step_adjustments: {_span(before)} and {_span(after)} overlap"
        elif before[UPPER] < after[LOWER]:
            yield f"step_adjustments: there is a gap between {_span(before)} and {_span(after)}"
    yield from _ends(steps)


def _each(steps: Iterable[Adjustment], adjustment_type: str) -> Iterable[str]:
    for step in steps:
        if step[LOWER] is None and step[UPPER] is None:
            yield "step_adjustments: one has neither bound"
        elif None not in (step[LOWER], step[UPPER]) and step[LOWER] >= step[UPPER]:
            yield f"step_adjustments: {_span(step)} ends before it begins"
        if not isinstance(step[BY], int):
            yield f"step_adjustments: {_span(step)} needs {BY}, a whole number"
        elif adjustment_type == "ExactCapacity" and step[BY] < 0:
            yield f"step_adjustments: {step[BY]} is no capacity"


def _ends(steps: list[Adjustment]) -> Iterable[str]:
    """What begins below the threshold goes on for ever downwards, and what ends above it upwards."""
    first, last = steps[0], steps[-1]
    if first[LOWER] is not None and first[LOWER] < 0:
        yield f"step_adjustments: below {first[LOWER]:g} there is none; the lowest has no {LOWER}"
    if last[UPPER] is not None and last[UPPER] > 0:
        yield f"step_adjustments: above {last[UPPER]:g} there is none; the highest has no {UPPER}"


def _span(step: Adjustment) -> str:
    low, high = ("..." if step[name] is None else f"{step[name]:g}" for name in (LOWER, UPPER))
    return f"{low} to {high}"


def completed(step: Mapping[str, Any]) -> dict[str, Any]:
    """A step policy of an inventory with all its fields."""
    return {**FIELDS, **{name: value for name, value in step.items() if value is not None}}


def step_problems(step: Any) -> Iterable[str]:
    """What is wrong with a step policy of an inventory, beginning with its field."""
    if not isinstance(step, Mapping):
        yield f"must be a dictionary, is {step!r}"
        return
    yield from (f"{name}: no such field; there are {', '.join(FIELDS)}" for name in step if name not in FIELDS)
    missing = [name for name, value in completed(step).items() if value is None]
    if missing:
        yield f"{missing[0]}: is needed"
        return
    yield from _values(completed(step))


def _values(step: Mapping[str, Any]) -> Iterable[str]:
    for field, known in (("metric", METRICS), ("comparison_operator", COMPARISONS), ("adjustment_type", TYPES)):
        if step[field] not in known:
            yield f"{field}: {step[field]!r} is none of {', '.join(known)}"
    yield from _numbers(step)
    if step["min_adjustment_magnitude"] and step["adjustment_type"] != "PercentChangeInCapacity":
        yield "min_adjustment_magnitude: only with PercentChangeInCapacity"
    adjustments = step["step_adjustments"]
    if isinstance(adjustments, list) and all(map(_is_adjustment, adjustments)):
        yield from problems(adjustments, step["adjustment_type"])
        yield from _direction(step, normal(adjustments))
    else:
        yield f"step_adjustments: must be a list of {BY}, with {LOWER} and {UPPER}"


def _numbers(step: Mapping[str, Any]) -> Iterable[str]:
    for field, least in (("cooldown", 0), ("evaluation_periods", 1), ("min_adjustment_magnitude", 0)):
        if not isinstance(step[field], int) or step[field] < least:
            yield f"{field}: must be a whole number from {least}, is {step[field]!r}"
    if not isinstance(step["period"], int) or step["period"] < 60 or step["period"] % 60:
        yield f"period: must be a multiple of 60 seconds, is {step['period']!r}"
    if not isinstance(step["threshold"], (int, float)):
        yield f"threshold: must be a number, is {step['threshold']!r}"


def _is_adjustment(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and set(value) <= set(MEMBERS)
        and all(isinstance(number, (int, float, type(None))) for number in value.values())
    )


def _direction(step: Mapping[str, Any], steps: list[Adjustment]) -> Iterable[str]:
    """An alarm goes off on one side of its threshold, so its adjustments lie there."""
    if not steps:
        return
    upwards = str(step["comparison_operator"]).startswith("Greater")
    near, name = (steps[0][LOWER], LOWER) if upwards else (steps[-1][UPPER], UPPER)
    if near != 0:
        side = "above" if upwards else "below"
        yield f"step_adjustments: the alarm goes off {side} the threshold, so the nearest has {name} 0"
