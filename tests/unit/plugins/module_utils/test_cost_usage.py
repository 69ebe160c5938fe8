# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _cost_kinds, _cost_prices, _cost_usage
from ansible_collections.uex.payments.tests.support import costs

GIVEN = {
    "nat_gb": 500,
    "lcus": 5,
    "logs_gb": 40,
    "ecr_gb": 40,
    "s3_gb": 1024,
    "waf_million_requests": 10,
    "backup_gb": 2,
}
RATES = costs.rates(**GIVEN, logs_stored_gb=40, endpoint_gb=100)
ALL = {row.kind for row in _cost_usage.ROWS}


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ("nat_gb", 500 * 0.045),
        ("endpoint_gb", 100 * 0.01),
        ("lcus", 5 * 5.84),
        ("waf_million_requests", 10 * 0.60),
        ("logs_gb", 40 * 0.50),
        ("logs_stored_gb", 40 * 0.03),
        ("ecr_gb", 40 * 0.10),
        ("s3_gb", 1024 * 0.023),
        ("backup_gb", 2 * 0.095),
        ("transfer_gb", None),
        ("requests", None),
    ],
)
def test_what_is_used_costs_by_its_amount(usage: str, expected: float | None) -> None:
    row = next(row for row in _cost_usage.rows(ALL) if row.usage == usage)
    assert _cost_usage.part(row, RATES).amount == (None if expected is None else pytest.approx(expected))


def test_logs_are_archived_at_a_price_that_nobody_knows_yet() -> None:
    (row,) = (row for row in _cost_usage.rows(ALL) if row.service == "Firehose")
    assert _cost_usage.part(row, RATES)._asdict() == {
        **{"what": "logs archived", "quantity": 40.0, "unit": "GB", "price": None, "service": ""},
    }
    assert "Firehose" not in {row.service for row in _cost_usage.rows([])}


def test_what_is_not_there_is_not_used() -> None:
    assert {row.usage for row in _cost_usage.rows(["AWS::EC2::NatGateway"])} == {
        *("nat_gb", "s3_gb", "ecr_gb", "logs_gb", "logs_stored_gb", "transfer_gb", "requests")
    }


def test_every_row_names_a_kind_and_an_assumption_that_there_are() -> None:
    assert ALL - {""} <= _cost_kinds.KINDS.keys()
    assert {row.usage for row in _cost_usage.ROWS} <= set(_cost_prices.USAGE)
