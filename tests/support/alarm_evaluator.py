# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What CloudWatch would say of an alarm, given data: statistics, metric math, missing data, composite rules; pure.

It knows what this collection's alarms use, as AWS documents it. In one thing it is simpler: where some data points are
missing, CloudWatch looks a little further back than the alarm says; this looks at just those that the alarm says.
"""

from __future__ import annotations

import ast
import itertools
import operator
import statistics
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from embedded_aws.extensions import _alarm_rule

OK, ALARM, INSUFFICIENT = "OK", "ALARM", "INSUFFICIENT_DATA"
MINUTE, DAY = 60, 86400

Alarm = Mapping[str, Any]
#: A metric: namespace, name, dimensions.
Metric = tuple[str, str, frozenset[tuple[str, str]]]
#: What was published of each metric: value by value, by the second.
Data = Mapping[Metric, Mapping[int, list[float]]]
Series = dict[int, float]
Band = dict[int, tuple[float, float]]
Value = Any  #: a series, a number, or a list of series

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
BANDS: dict[str, Callable[[float, float, float], bool]] = {
    "GreaterThanUpperThreshold": lambda value, _low, high: value > high,
    "LessThanLowerThreshold": lambda value, low, _high: value < low,
    "LessThanLowerOrGreaterThanUpperThreshold": lambda value, low, high: not low <= value <= high,
}


def metric(namespace: str, name: str, dimensions: Mapping[str, str]) -> Metric:
    """The key of a metric in the data."""
    return namespace, name, frozenset(dimensions.items())


def state(alarm: Alarm, data: Data, now: int, before: str = INSUFFICIENT) -> str:
    """The state of a metric alarm after its data up to C(now); C(before) is the one that it had."""
    moments = _moments(now, period_of(alarm), int(alarm["evaluation_periods"]))
    breaches = _breaches(alarm, data, now)
    found = [breaches.get(moment) for moment in moments]
    return _judge(found, int(alarm.get("datapoints_to_alarm") or len(found)), alarm["treat_missing_data"], before)


def _judge(found: list[bool | None], needed: int, treatment: str, before: str) -> str:
    """Of data points that breach, don't, or are missing."""
    if treatment in ("breaching", "notBreaching"):
        found = [treatment == "breaching" if each is None else each for each in found]
    if sum(each is True for each in found) >= needed:
        return ALARM
    missing = sum(each is None for each in found)
    if missing and treatment == "ignore":
        return before
    return INSUFFICIENT if missing == len(found) else OK


def _moments(now: int, period: int, number: int) -> list[int]:
    """The starts of the last periods before C(now), oldest first."""
    end = now - now % MINUTE
    return [end - period * back for back in range(number, 0, -1)]


def period_of(alarm: Alarm) -> int:
    """Seconds of one data point."""
    return int(alarm.get("period") or max(query.get("period") or 0 for query in alarm["metrics"]))


def _breaches(alarm: Alarm, data: Data, now: int) -> dict[int, bool]:
    watched, band = _watched(alarm, data, now)
    if band is not None:
        beyond = BANDS[alarm["comparison_operator"]]
        return {moment: beyond(value, *band[moment]) for moment, value in watched.items() if moment in band}
    compare = COMPARISONS[alarm["comparison_operator"]]
    return {moment: compare(value, alarm["threshold"]) for moment, value in watched.items()}


def _watched(alarm: Alarm, data: Data, now: int) -> tuple[Series, Band | None]:
    """The series that is compared, and the band that it is compared with, if any."""
    period, number = period_of(alarm), int(alarm["evaluation_periods"])
    if "metrics" not in alarm:
        found = metric(alarm["namespace"], alarm["metric_name"], alarm["dimensions"])
        statistic = alarm.get("statistic") or alarm["extended_statistic"]
        return _points(data.get(found, {}), statistic, _moments(now, period, number), period), None
    band_id = alarm.get("threshold_metric_id")
    moments = _moments(now, period, number + (DAY // period if band_id else 1))
    values = Queries(alarm["metrics"], data, moments, period)
    (shown,) = (each["id"] for each in alarm["metrics"] if each["return_data"] and each["id"] != band_id)
    return values[shown], values[band_id] if band_id else None


def _points(values: Mapping[int, list[float]], statistic: str, moments: list[int], period: int) -> Series:
    """The statistic of each period in which anything was published."""
    gathered: dict[int, list[float]] = {}
    for second, each in values.items():
        if second >= moments[0]:
            gathered.setdefault(second - (second - moments[0]) % period, []).extend(each)
    return {moment: _statistic(gathered[moment], statistic) for moment in moments if moment in gathered}


def _statistic(values: list[float], statistic: str) -> float:
    plain: dict[str, Callable[[list[float]], float]] = {
        "Sum": sum,
        "Average": statistics.fmean,
        "Minimum": min,
        "Maximum": max,
        "SampleCount": lambda each: float(len(each)),
    }
    if statistic in plain:
        return plain[statistic](values)
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * float(statistic.removeprefix("p")) / 100))]


class Queries:
    """The values of an alarm's queries by id; each is worked out when it is asked for."""

    def __init__(self, queries: Iterable[Mapping[str, Any]], data: Data, moments: list[int], period: int) -> None:
        self.queries = {query["id"]: query for query in queries}
        self.data, self.moments, self.period = data, moments, period

    def __getitem__(self, name: str) -> Value:
        query = self.queries[name]
        if "expression" in query:
            return self._value(ast.parse(query["expression"], mode="eval").body)
        found = metric(query["namespace"], query["metric_name"], query["dimensions"])
        return _points(self.data.get(found, {}), query["stat"], self.moments, self.period)

    def _value(self, node: ast.AST) -> Value:
        """A node of an expression; metric math is written as Python's arithmetic is."""
        if isinstance(node, ast.Constant):
            return float(node.value)
        if isinstance(node, ast.Name):
            return self[node.id]
        if isinstance(node, ast.List):
            return [self._value(each) for each in node.elts]
        if isinstance(node, ast.BinOp):
            return combined(ARITHMETIC[type(node.op)], self._value(node.left), self._value(node.right))
        if isinstance(node, ast.Compare):
            return combined(ORDER[type(node.ops[0])], self._value(node.left), self._value(node.comparators[0]))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return FUNCTIONS[node.func.id](self.moments, *map(self._value, node.args))
        raise ValueError(f"not a part of metric math that this knows: {ast.unparse(node)}")


def _divided(left: float, right: float) -> float | None:
    return left / right if right else None


ARITHMETIC: dict[type, Callable[[float, float], float | None]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _divided,
}
ORDER: dict[type, Callable[[float, float], float]] = {
    ast.Gt: lambda left, right: float(left > right),
    ast.Lt: lambda left, right: float(left < right),
    ast.GtE: lambda left, right: float(left >= right),
    ast.LtE: lambda left, right: float(left <= right),
}


def combined(function: Callable[..., float | None], *values: Value) -> Value:
    """The function point by point; a point that a series lacks, or that a division by zero gives, is missing."""
    series = [each for each in values if isinstance(each, dict)]
    if not series:
        return function(*values)
    moments = set(series[0]).intersection(*series[1:])
    points = {
        moment: function(*(each[moment] if isinstance(each, dict) else each for each in values)) for moment in moments
    }
    return {moment: value for moment, value in points.items() if value is not None}


def _fill(moments: list[int], series: Series, value: float) -> Series:
    return {moment: series.get(moment, value) for moment in moments}


def _rate(_moments: list[int], series: Series) -> Series:
    """Change a second since the data point before; the first has none."""
    ordered = sorted(series.items())
    return {
        moment: (value - earlier) / (moment - past) for (past, earlier), (moment, value) in itertools.pairwise(ordered)
    }


def _most(_moments: list[int], series: list[Series]) -> Value:
    return combined(max, *series)


def _total(_moments: list[int], series: list[Series]) -> Value:
    return combined(lambda *values: sum(values), *series)


def _least(_moments: list[int], series: list[Series]) -> Value:
    return combined(min, *series)


def _if(_moments: list[int], condition: Value, yes: Value, no: Value) -> Value:
    """Point by point; only the chosen side needs a point there."""
    points = {}
    for moment, holds in condition.items():
        side = yes if holds else no
        value = side.get(moment) if isinstance(side, dict) else side
        if value is not None:
            points[moment] = value
    return points


def _band(moments: list[int], series: Series, width: float) -> Band:
    """Around the mean of all that is known but for the last hour; AWS's model knows the time of the day too."""
    past = [value for moment, value in series.items() if moment < moments[-1] - 3600]
    middle, spread = statistics.fmean(past), statistics.pstdev(past)
    return {moment: (middle - width * spread, middle + width * spread) for moment in moments}


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "FILL": _fill,
    "RATE": _rate,
    "MAX": _most,
    "MIN": _least,
    "SUM": _total,
    "IF": _if,
    "ANOMALY_DETECTION_BAND": _band,
}


def composite_state(alarm: Alarm, states: Mapping[str, str]) -> str:
    """The state of a composite alarm while others are in these."""
    return ALARM if _alarm_rule.holds(alarm["alarm_rule"], states) else OK


def told(alarm: Alarm, states: Mapping[str, str]) -> list[str]:
    """Whom an alarm of either kind tells when it goes into alarm while others are in these states."""
    if not alarm.get("actions_enabled", True) or states.get(alarm.get("actions_suppressor") or "") == ALARM:
        return []
    return list(alarm.get("alarm_actions") or [])
