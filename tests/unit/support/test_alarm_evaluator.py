# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The evaluator of alarms against what AWS documents of them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.tests.support import alarm_evaluator as evaluator

NOW = 1_800_000_000 - 1_800_000_000 % 60
CPU = evaluator.metric("N", "CPU", {"Id": "one"})
ALARM: dict[str, Any] = {
    "namespace": "N",
    "metric_name": "CPU",
    "dimensions": {"Id": "one"},
    "statistic": "Average",
    "period": 60,
    "evaluation_periods": 3,
    "datapoints_to_alarm": 2,
    "threshold": 80.0,
    "comparison_operator": "GreaterThanThreshold",
    "treat_missing_data": "missing",
}


def minutes(*values: float | None) -> dict[int, list[float]]:
    """One value a minute, the last in the minute before now; None is nothing published."""
    first = NOW - 60 * len(values)
    return {first + 60 * number: [value] for number, value in enumerate(values) if value is not None}


@pytest.mark.parametrize(
    ("values", "changed", "expected"),
    [
        ((90, 10, 90), {}, "ALARM"),
        ((10, 10, 90), {}, "OK"),
        ((90, 90, 10), {"datapoints_to_alarm": 3}, "OK"),
        ((90, 90, 90), {"datapoints_to_alarm": None}, "ALARM"),
        ((80, 80, 80), {}, "OK"),
        ((80, 80, 80), {"comparison_operator": "GreaterThanOrEqualToThreshold"}, "ALARM"),
        ((70, 70, 90), {"comparison_operator": "LessThanThreshold"}, "ALARM"),
        ((90, 90, 90, 10, 10, 10), {}, "OK"),
        ((), {}, "INSUFFICIENT_DATA"),
        ((), {"treat_missing_data": "breaching"}, "ALARM"),
        ((), {"treat_missing_data": "notBreaching"}, "OK"),
        ((), {"treat_missing_data": "ignore"}, "before"),
        ((None, None, 90), {"treat_missing_data": "breaching"}, "ALARM"),
        ((90, None, None), {"treat_missing_data": "notBreaching"}, "OK"),
        ((10, None, None), {}, "OK"),
    ],
)
def test_data_points_decide(values: tuple[float | None, ...], changed: dict[str, Any], expected: str) -> None:
    assert evaluator.state({**ALARM, **changed}, {CPU: minutes(*values)}, NOW, "before") == expected


@pytest.mark.parametrize(
    ("statistic", "threshold", "expected"),
    [
        ("Sum", 5.5, "ALARM"),
        ("Sum", 6.0, "OK"),
        ("Average", 1.9, "ALARM"),
        ("Average", 2.0, "OK"),
        ("Maximum", 2.9, "ALARM"),
        ("Minimum", 1.0, "OK"),
        ("SampleCount", 2.9, "ALARM"),
        ("SampleCount", 3.0, "OK"),
    ],
)
def test_a_period_has_a_statistic(statistic: str, threshold: float, expected: str) -> None:
    once = {"period": 180, "evaluation_periods": 1, "datapoints_to_alarm": 1}
    alarm = {**ALARM, **once, "statistic": statistic, "threshold": threshold}
    assert evaluator.state(alarm, {CPU: minutes(100, 1, 2, 3)}, NOW) == expected


def test_a_percentile_leaves_the_rest_out() -> None:
    values = {NOW - 60: [1.0] * 90 + [9.0] * 10}
    once = {"evaluation_periods": 1, "datapoints_to_alarm": 1, "statistic": None}
    for percentile, expected in (("p95", "ALARM"), ("p85", "OK")):
        alarm = {**ALARM, **once, "extended_statistic": percentile, "threshold": 5.0}
        assert evaluator.state(alarm, {CPU: values}, NOW) == expected


def math(expression: str, threshold: float = 0.0, **others: str) -> dict[str, Any]:
    sources = [
        {"id": name, "namespace": "N", "metric_name": name, "dimensions": {}, "stat": "Sum", "period": 60, **shown}
        for name in ("a", "b")
        for shown in ({"return_data": False},)
    ]
    parts = [{"id": name, "expression": text, "return_data": False} for name, text in others.items()]
    shown = {"id": "shown", "expression": expression, "return_data": True}
    once = {"evaluation_periods": 1, "datapoints_to_alarm": 1, "threshold": threshold}
    return {
        **{key: ALARM[key] for key in ("comparison_operator", "treat_missing_data")},
        **once,
        "metrics": [shown, *parts, *sources],
    }


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a - b", 3),
        ("FILL(a, 0) + FILL(b, 0)", 7),
        ("MAX([a, b])", 5),
        ("MIN([a, b])", 2),
        ("RATE(a)", 1 / 60),
        ("a / b", 2.5),
        ("IF(a > 4, 100 * b / a, 0)", 40),
        ("IF(a > 5, b, 7)", 7),
        ("part * 2", 6),
    ],
)
def test_metric_math_is_worked_out(expression: str, expected: float) -> None:
    data = {evaluator.metric("N", "a", {}): minutes(4, 5), evaluator.metric("N", "b", {}): minutes(2, 2)}
    alarm = math(expression, part="a - b")
    for threshold, state in ((expected - 0.001, "ALARM"), (expected + 0.001, "OK")):
        assert evaluator.state({**alarm, "threshold": threshold}, data, NOW) == state


def test_what_is_missing_or_divided_by_nothing_is_missing() -> None:
    data = {evaluator.metric("N", "a", {}): minutes(4, 5), evaluator.metric("N", "b", {}): minutes(0, 0)}
    assert evaluator.state(math("a / b"), data, NOW) == "INSUFFICIENT_DATA"
    assert evaluator.state(math("a + b"), {evaluator.metric("N", "a", {}): minutes(4, 5)}, NOW) == "INSUFFICIENT_DATA"
    assert evaluator.state(math("FILL(a, 0) + FILL(b, 1)"), {}, NOW) == "ALARM"


def test_a_band_follows_the_past() -> None:
    band = {"id": "band", "expression": "ANOMALY_DETECTION_BAND(a, 2)", "return_data": True}
    alarm = {
        **math("a"),
        "threshold_metric_id": "band",
        "comparison_operator": "LessThanLowerOrGreaterThanUpperThreshold",
    }
    alarm["metrics"] = [*alarm["metrics"], band]
    past = [10.0, 12.0] * 200
    for value, expected in ((11.0, "OK"), (30.0, "ALARM"), (1.0, "ALARM")):
        data = {evaluator.metric("N", "a", {}): minutes(*past, value)}
        assert evaluator.state(alarm, data, NOW) == expected
    upper = {**alarm, "comparison_operator": "GreaterThanUpperThreshold"}
    assert evaluator.state(upper, {evaluator.metric("N", "a", {}): minutes(*past, 1.0)}, NOW) == "OK"


def test_what_it_does_not_know_is_an_error() -> None:
    with pytest.raises((KeyError, ValueError)):
        evaluator.state(math("SEARCH(a)"), {}, NOW)


def test_composites_follow_their_rule_and_tell_nobody_while_suppressed() -> None:
    alarm = {"alarm_rule": 'ALARM("a") AND NOT ALARM("b")', "actions_suppressor": "m", "alarm_actions": ["topic"]}
    for states, expected in (({"a": "ALARM"}, "ALARM"), ({"a": "ALARM", "b": "ALARM"}, "OK"), ({"a": "OK"}, "OK")):
        assert evaluator.composite_state(alarm, states) == expected
    assert evaluator.told(alarm, {"m": "OK"}) == ["topic"]
    assert evaluator.told(alarm, {"m": "ALARM"}) == []
    assert evaluator.told({**alarm, "actions_enabled": False}, {}) == []
