# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _cost_fargate
from ansible_collections.uex.payments.plugins.module_utils._cost_prices import Rates, total
from ansible_collections.uex.payments.tests.support import costs

PRICES = {
    "fargate.x86.vcpu_hour": 0.04048,
    "fargate.x86.gb_hour": 0.004445,
    "fargate.arm.vcpu_hour": 0.03238,
    "fargate.arm.gb_hour": 0.00356,
}
RATES = Rates(PRICES, costs.usage())
SERVICE: dict[str, Any] = {
    "cpu": 512,
    "memory": 1024,
    "architecture": "X86_64",
    "ephemeral_storage": 20,
    "capacity": {"fargate_base": 1, "fargate_weight": 1, "spot_weight": 0},
    "desired_count": 2,
    "min_count": 2,
    "max_count": 4,
    "schedules": [],
}
SPOT = {"fargate_base": 0, "fargate_weight": 0, "spot_weight": 1}
HALF = {"fargate_base": 1, "fargate_weight": 0, "spot_weight": 1}
WORKING = [
    {"name": "begin", "schedule": "cron(0 8 ? * MON-FRI *)", "min_count": 2, "max_count": 4},
    {"name": "end", "schedule": "cron(0 18 ? * MON-FRI *)", "min_count": 0, "max_count": 0},
]
#: An hour of a task of half a vCPU and 1 GB, on x86 and on ARM.
HOUR = 0.5 * 0.04048 + 1 * 0.004445
ARM_HOUR = 0.5 * 0.03238 + 1 * 0.00356


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, 2 * 730 * HOUR),
        ({"desired_count": 0, "min_count": 0}, 0.0),
        ({"cpu": 1024, "memory": 2048}, 2 * 730 * 2 * HOUR),
        ({"architecture": "ARM64"}, 2 * 730 * ARM_HOUR),
        ({"capacity": SPOT}, 2 * 730 * HOUR / 2),
        ({"capacity": HALF}, 730 * HOUR + 730 * HOUR / 2),
        ({"schedules": WORKING}, 2 * 730 * HOUR * 50 / 168),
        ({"schedules": WORKING, "capacity": HALF}, 1.5 * 730 * HOUR * 50 / 168),
        ({"ephemeral_storage": 21}, None),
        ({"architecture": "RISC"}, None),
        ({"schedules": [{"name": "x", "schedule": "rate(1 day)", "min_count": 1}]}, None),
    ],
)
def test_tasks_cost_by_their_size_and_hours(changed: dict[str, Any], expected: float | None) -> None:
    found = total(part.amount for part in _cost_fargate.parts({**SERVICE, **changed}, RATES))
    assert found == (None if expected is None else pytest.approx(expected))


def test_at_most_every_task_that_autoscaling_may_start_runs() -> None:
    found = total(part.amount for part in _cost_fargate.parts(SERVICE, RATES, at_most=True))
    assert found == pytest.approx(4 * 730 * HOUR)


def test_a_savings_plan_is_for_tasks_on_demand_alone() -> None:
    rates = RATES._replace(usage={**RATES.usage, "fargate_commitment": 0.2})
    found = total(part.amount for part in _cost_fargate.parts({**SERVICE, "capacity": HALF}, rates))
    assert found == pytest.approx(730 * HOUR * 0.8 + 730 * HOUR * 0.5)
