# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules on what an estimate of costs is made with; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import _cost_prices

Values = Mapping[str, Any]


def usage(values: Values) -> Iterable[str]:
    """Amounts are numbers from 0 or not known, shares below 1."""
    for name, amount in _cost_prices.usage(values).items():
        place = _cost_prices.variable(name)
        if name == "hours" and not (_is_amount(amount) and float(amount)):
            yield f"{place}: {amount!r} is no number of hours"
        elif amount is not None and not _is_amount(amount):
            yield f"{place}: {amount!r} is not a number from 0"
        elif name in _cost_prices.SHARES and not (amount is not None and float(amount) < 1):
            yield f"{place}: {amount} is no share, from 0 to below 1"


def prices(values: Values) -> Iterable[str]:
    for key, price in values["stack_cost_prices"].items():
        if not _is_amount(price):
            yield f"stack_cost_prices.{key}: {price!r} is not a number from 0, in USD"


def budget(values: Values) -> Iterable[str]:
    """A gate needs something to keep."""
    for name in ("stack_budget_monthly", "stack_budget_stated"):
        if float(values[name]) < 0:
            yield f"{name}: {values[name]} is below 0"
    if values["stack_cost_gate"] == "enforce" and not float(values["stack_budget_monthly"]):
        yield "stack_cost_gate: enforce needs a budget; give stack_budget_monthly"


def _is_amount(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    try:
        return float(value) >= 0
    except (TypeError, ValueError):
        return False


def profile(chosen: str, groups: Iterable[str]) -> list[str]:
    """A profile that the inventory knows is a group of its hosts."""
    if f"profile_{chosen}" in groups:
        return []
    said = "the inventory puts its hosts into no group of that name; its profile.yml does so"
    return [f"stack_profile: profile_{chosen}: {said}"]


RULES: tuple[Callable[[Values], Iterable[str]], ...] = (usage, prices, budget)
