# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _cost_prices
from ansible_collections.uex.payments.plugins.module_utils._cost_prices import Part, Rates


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


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"hours": 730, "logs_gb": 10, "logs_stored_gb": 10, "transfer_gb": None}),
        ({"logs_gb": 40}, {"logs_gb": 40, "logs_stored_gb": 40}),
        ({"logs_gb": 40, "logs_stored_gb": 480}, {"logs_gb": 40, "logs_stored_gb": 480}),
        ({"nat_gb": None}, {"nat_gb": None}),
    ],
)
def test_usage_is_assumed_where_nobody_says_it(given: dict[str, float], expected: dict[str, float]) -> None:
    usage = _cost_prices.usage(given)
    assert {name: usage[name] for name in expected} == expected
    assert usage.keys() == _cost_prices.USAGE.keys()
