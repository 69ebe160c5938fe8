# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _step_scaling as steps


def adjustment(low: float | None, high: float | None, by: Any = 1) -> dict[str, Any]:
    return {steps.LOWER: low, steps.UPPER: high, steps.BY: by}


UP = adjustment(0, None)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([UP], []),
        ([adjustment(0, 10), adjustment(10, None)], []),
        ([adjustment(10, None), adjustment(0, 10)], []),
        ([adjustment(None, 0, -1)], []),
        ([adjustment(None, -10), adjustment(-10, 0)], []),
        ([adjustment(None, 0), adjustment(0, None)], []),
        ([], ["1 to 20"]),
        ([adjustment(i, i + 1) for i in range(20)] + [adjustment(20, None)], ["1 to 20"]),
        ([adjustment(None, None)], ["neither bound"]),
        ([adjustment(0, 10), adjustment(5, None)], ["overlap"]),
        ([adjustment(0, None), adjustment(10, None)], ["overlap"]),
        ([adjustment(None, 0), adjustment(None, 10)], ["overlap", "above 10 there is none"]),
        ([adjustment(0, 10), adjustment(20, None)], ["gap"]),
        ([adjustment(0, 10)], ["above 10 there is none"]),
        ([adjustment(-10, 0)], ["below -10 there is none"]),
        ([adjustment(10, 0), adjustment(0, None)], ["ends before it begins", "overlap"]),
        ([adjustment(0, None, None)], [steps.BY]),
        ([adjustment(0, None, 1.5)], [steps.BY]),
    ],
)
def test_what_aws_refuses_of_adjustments(given: list[dict[str, Any]], words: list[str]) -> None:
    found = list(steps.problems(given, "ChangeInCapacity"))
    assert len(found) == len(words)
    assert all(problem.startswith("step_adjustments: ") for problem in found)
    assert [word for word in words if not any(word in problem for problem in found)] == []


@pytest.mark.parametrize(("by", "count"), [(0, 0), (5, 0), (-1, 1)])
def test_an_exact_capacity_is_not_negative(by: int, count: int) -> None:
    assert len(list(steps.problems([adjustment(0, None, by)], "ExactCapacity"))) == count


def test_adjustments_go_to_aws_and_come_back() -> None:
    given = [adjustment(10.0, None, 4), adjustment(0.0, 10.0, 2)]
    sent = steps.request(steps.normal(given))
    assert sent == [
        {"MetricIntervalLowerBound": 0.0, "MetricIntervalUpperBound": 10.0, "ScalingAdjustment": 2},
        {"MetricIntervalLowerBound": 10.0, "ScalingAdjustment": 4},
    ]
    assert steps.described(sent) == steps.normal(given)


STEP: dict[str, Any] = {"name": "burst", "metric": "cpu", "threshold": 80, "step_adjustments": [UP]}
DOWN: dict[str, Any] = {
    **STEP,
    "comparison_operator": "LessThanThreshold",
    "step_adjustments": [adjustment(None, 0, -1)],
}


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        (STEP, []),
        (DOWN, []),
        ({**STEP, "cooldown": None}, []),
        ("burst", ["must be a dictionary, is 'burst'"]),
        ({**STEP, "name": None}, ["name"]),
        ({**STEP, "steps": []}, ["steps"]),
        ({**STEP, "metric": "disk"}, ["metric"]),
        ({**STEP, "comparison_operator": ">"}, ["comparison_operator", "step_adjustments"]),
        ({**STEP, "adjustment_type": "Plus"}, ["adjustment_type"]),
        ({**STEP, "cooldown": -1}, ["cooldown"]),
        ({**STEP, "period": 90}, ["period"]),
        ({**STEP, "evaluation_periods": 0}, ["evaluation_periods"]),
        ({**STEP, "threshold": "80"}, ["threshold"]),
        ({**STEP, "min_adjustment_magnitude": 2}, ["min_adjustment_magnitude"]),
        ({**STEP, "min_adjustment_magnitude": 2, "adjustment_type": "PercentChangeInCapacity"}, []),
        ({**STEP, "step_adjustments": {}}, ["step_adjustments"]),
        ({**STEP, "step_adjustments": [{"from": 0}]}, ["step_adjustments"]),
        ({**STEP, "step_adjustments": [{steps.LOWER: "0", steps.BY: 1}]}, ["step_adjustments"]),
        ({**STEP, "step_adjustments": [adjustment(None, 0)]}, ["step_adjustments"]),
        ({**STEP, "step_adjustments": [adjustment(5, None)]}, ["step_adjustments"]),
        ({**DOWN, "step_adjustments": [UP]}, ["step_adjustments"]),
        ({**STEP, "step_adjustments": []}, ["step_adjustments"]),
    ],
)
def test_what_is_wrong_with_an_inventory_s_steps(step: Any, fields: list[str]) -> None:
    assert [problem.partition(": ")[0] for problem in steps.step_problems(step)] == fields
