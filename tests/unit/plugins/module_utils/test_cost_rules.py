# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _cost_rules
from ansible_collections.uex.payments.tests.support import costs

SOUND: dict[str, Any] = {
    **costs.values(),
    "stack_budget_monthly": 0,
    "stack_budget_stated": 0,
}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, []),
        (
            {
                "stack_cost_nat_gb": 0,
                "stack_cost_lcus": "2.5",
                "stack_cost_s3_gb": None,
                "stack_cost_spot_discount": 0.6,
            },
            [],
        ),
        ({"stack_cost_nat_gb": -1}, ["stack_cost_nat_gb: -1"]),
        ({"stack_cost_nat_gb": "much"}, ["stack_cost_nat_gb: 'much'"]),
        ({"stack_cost_nat_gb": True}, ["stack_cost_nat_gb: True"]),
        ({"stack_cost_spot_discount": 60}, ["stack_cost_spot_discount: 60 is no share"]),
        ({"stack_cost_rds_commitment": None}, ["stack_cost_rds_commitment: None is no share"]),
        ({"stack_cost_hours": None}, ["stack_cost_hours: None is no number of hours"]),
        ({"stack_cost_hours": 0}, ["stack_cost_hours: 0 is no number of hours"]),
        ({"stack_cost_prices": {"nat.hour": 0.048}}, []),
        ({"stack_cost_prices": {"nat.hour": "dear"}}, ["stack_cost_prices.nat.hour: 'dear'"]),
        ({"stack_budget_monthly": 190, "stack_cost_gate": "enforce"}, []),
        ({"stack_cost_gate": "enforce"}, ["stack_cost_gate: enforce needs a budget"]),
        ({"stack_budget_monthly": -1}, ["stack_budget_monthly: -1"]),
    ],
)
def test_what_an_estimate_is_made_with(changed: dict[str, Any], words: list[str]) -> None:
    found = [problem for rule in _cost_rules.RULES for problem in rule({**SOUND, **changed})]
    assert len(found) == len(words)
    assert all(problem.startswith(word) for problem, word in zip(found, words, strict=True))


def test_a_profile_is_a_group_of_the_inventory() -> None:
    assert _cost_rules.profile("lean", ["all", "profile_lean"]) == []
    assert _cost_rules.profile("lean", ["all", "profile_plan"])[0].startswith("stack_profile: profile_lean")
