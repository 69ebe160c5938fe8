# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The objective that requests are answered, watched by how fast its budget of errors burns; pure.

A burn rate of 1 spends the budget of a month in a month. Each rate has a long window, which says that it matters, and a
short one, which says that it still goes on; both together tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ._alarm_rules import Alarm, Estate, Rule, expression, over, query

Window = Mapping[str, Any]
NAMESPACE, FAMILY = "AWS/ApplicationELB", "error-budget"
ENDS = ("long", "short")


def burn(window: Window) -> str:
    """The composite alarm of a pair of windows, after the environment's name."""
    return f"slo-{window['name']}-burn"


def slo_alarms(estate: Estate) -> Iterable[Alarm]:
    """The two windows of every burn rate."""
    return [_window(estate, window, end) for window in estate["slo"]["windows"] for end in ENDS]


def limit(estate: Estate, window: Window) -> float:
    """Percent of requests that may fail at a burn rate."""
    return round(float(window["burn_rate"]) * (100 - float(estate["slo"]["availability"])), 6)


def _window(estate: Estate, window: Window, end: str) -> Alarm:
    """Few requests at night make no objective: a short window counts whatever there is, a long one from a number on."""
    seconds, percent = int(window[f"{end}_seconds"]), limit(estate, window)
    text = f"objective: more than {percent:g} % of requests failed in {seconds // 60} minutes"
    other = {"evaluation_periods": 1, "datapoints_to_alarm": 1, "treat_missing_data": "notBreaching"}
    rule = Rule(f"slo-{window['name']}-{end}", window["severity"], "", percent, text, other, burn(window), FAMILY)
    least = int(estate["slo"]["least_requests"]) if end == "long" else 0
    return over(estate, rule, {"metrics": list(failed(estate["load_balancer"], seconds, least))})


def failed(load_balancer: str, period: int, least: int = 0) -> Iterable[Alarm]:
    """The queries for the percentage of requests that failed, 0 where there are no more than C(least).

    The balancer doesn't count a request that it found no target for, but does count its own answer to it.
    """
    yield expression("failed", f"IF(total > {least}, 100 * errors / total, 0)", "Failed requests in %")
    yield expression("errors", "FILL(balancer, 0) + FILL(target, 0)")
    yield expression("total", "FILL(requests, 0) + FILL(balancer, 0)")
    for name, metric in (
        ("requests", "RequestCount"),
        ("balancer", "HTTPCode_ELB_5XX_Count"),
        ("target", "HTTPCode_Target_5XX_Count"),
    ):
        yield query(name, NAMESPACE, metric, {"LoadBalancer": load_balancer}, "Sum", period)
