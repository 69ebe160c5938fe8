# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Metric data that set an alarm off, and data that don't, worked out from what it watches; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.uex.payments.tests.support import alarm_evaluator as evaluator

Alarm = Mapping[str, Any]
#: What a metric publishes: a value a minute, or the first one and how it changes a minute; None is silence.
Feed = float | tuple[float, float] | None
Feeds = dict[evaluator.Metric, Feed]

NOW = 1_800_000_000 - 1_800_000_000 % 86400
GIB = 1024**3
BUSY = 300.0  #: requests a minute


def publish(feeds: Mapping[evaluator.Metric, Feed], seconds: int, now: int = NOW) -> dict[evaluator.Metric, Any]:
    """Data of so many seconds before C(now)."""
    moments = range(now - seconds, now, evaluator.MINUTE)
    return {each: _values(feed, moments) for each, feed in feeds.items() if feed is not None}


def _values(feed: float | tuple[float, float], moments: range) -> dict[int, list[float]]:
    first, step = feed if isinstance(feed, tuple) else (feed, 0.0)
    return {moment: [first + step * number] for number, moment in enumerate(moments)}


def seconds(alarm: Alarm) -> int:
    """How far back an alarm looks, and a period more for what compares with the one before."""
    return evaluator.period_of(alarm) * (int(alarm["evaluation_periods"]) + 1)


def feeds(alarm: Alarm, bad: bool) -> Feeds:
    """What its metrics publish when something is wrong, or when all is well."""
    if "metrics" not in alarm:
        found = evaluator.metric(alarm["namespace"], alarm["metric_name"], alarm["dimensions"])
        return {found: _single(alarm, bad)}
    sources = {each["id"]: each for each in alarm["metrics"] if "metric_name" in each}
    values = _values_of(alarm, frozenset(sources), bad)
    return {
        evaluator.metric(each["namespace"], each["metric_name"], each["dimensions"]): values[name]
        for name, each in sources.items()
    }


def _single(alarm: Alarm, bad: bool) -> Feed:
    """On the wrong or the right side of the threshold; what counts samples is silent or not."""
    if alarm.get("statistic") == "SampleCount":
        return None if bad else 1.0
    above = alarm["comparison_operator"].startswith("GreaterThan") is bad
    value = _beyond(alarm["threshold"], above)
    return value / (alarm["period"] / evaluator.MINUTE) if alarm.get("statistic") == "Sum" else value


def _beyond(threshold: float, above: bool) -> float:
    return threshold * 1.5 + 1 if above else threshold * 0.5


def _values_of(alarm: Alarm, sources: frozenset[str], bad: bool) -> dict[str, Feed]:
    """By the names that expressions give their metrics. KeyError for an expression that nobody wrote data for."""
    limit = float(alarm["threshold"])
    known: dict[frozenset[str], dict[str, Feed]] = {
        frozenset({"desired", "running"}): {"desired": 3.0, "running": 1.0 if bad else 3.0},
        frozenset({"blue", "green"}): {"blue": None, "green": _beyond(limit, bad)},
        frozenset({"free"}): {"free": (40.0 * GIB, -GIB / 60) if bad else 400.0 * GIB},
        frozenset({"requests", "balancer", "target"}): {
            "requests": BUSY,
            "balancer": None,
            "target": BUSY * limit / 100 * 1.2 if bad else None,
        },
    }
    return known[sources]
