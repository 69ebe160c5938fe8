# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of prices that comes with the collection, and what a run says beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils._cost_changes import Pricing
from ansible_collections.uex.payments.plugins.module_utils._cost_prices import Rates

FILE = Path(__file__).resolve().parents[2] / "roles" / "stack" / "files" / "prices.json"


@cache
def table() -> dict[str, Any]:
    """The whole table, with its C(date), its C(source) and the prices of each of C(regions) by key."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def rates(region: str, given: Mapping[str, float], usage: Mapping[str, Any]) -> Rates:
    """The prices of a region, none of one that the table doesn't have, laid over by C(given)."""
    return Rates({**table()["regions"].get(region, {}), **given}, usage)


def pricing(about: Mapping[str, Any] | None) -> Pricing | None:
    """What the first task of a run says of costs, as the plan's prices want it; None of a run that says nothing."""
    if not about:
        return None
    return Pricing(rates(about["region"], about["prices"], about["usage"]), about["services"])
