# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _cost_prices
from ansible_collections.uex.payments.plugins.module_utils._cost_prices import Part, Rates
from ansible_collections.uex.payments.tests.support import costs


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [(2, 0.5, 1.0), (0, None, 0.0), (0, 3.0, 0.0), (None, 3.0, None), (2, None, None), (None, None, None)],
)
def test_an_amount_is_known_only_if_quantity_and_price_are(
    quantity: float | None, price: float | None, amount: float | None
) -> None:
    assert Part("x", quantity, "h", price).amount == amount


def test_a_sum_with_something_unknown_is_unknown_but_for_what_is_known() -> None:
    assert _cost_prices.total([1.0, 2.0]) == 3.0
    assert _cost_prices.total([1.0, None]) is None
    assert _cost_prices.known([1.0, None, 2.0]) == 3.0


def test_what_costs_by_the_hour_costs_so_all_month() -> None:
    rates = Rates({"nat.hour": 0.045}, {"hours": 730})
    assert _cost_prices.hourly(rates, "gateway", "nat.hour").amount == pytest.approx(32.85)
    assert _cost_prices.hourly(rates, "gateways", "nat.hour", 3).amount == pytest.approx(98.55)
    assert _cost_prices.hourly(rates, "gateway", "nat.other").amount is None


def test_a_commitment_takes_its_share_off() -> None:
    rates = Rates({}, {"rds_commitment": 0.25})
    assert _cost_prices.committed(Part("x", 4, "h", 1.0), rates, "rds_commitment").amount == 3.0
    assert _cost_prices.committed(Part("x", 4, "h", None), rates, "rds_commitment").amount is None


def test_every_assumption_is_a_variable_of_the_role() -> None:
    values = costs.values()
    assert _cost_prices.usage(values).keys() == set(_cost_prices.USAGE)
    others = {"stack_cost_gate", "stack_cost_prices"}
    assert {_cost_prices.variable(name) for name in _cost_prices.USAGE} == values.keys() - others
    assert set(_cost_prices.SHARES) < set(_cost_prices.USAGE)
