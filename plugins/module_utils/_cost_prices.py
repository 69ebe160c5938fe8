# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Prices and what they are multiplied by; pure.

A price that the table doesn't have is None, and so is every amount that it goes into: nobody guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

#: What an estimate assumes; each is the variable stack_cost_<name>, and None what is not known.
USAGE = (
    *("hours", "nat_gb", "endpoint_gb", "transfer_gb", "lcus", "waf_million_requests", "requests"),
    *("logs_gb", "logs_stored_gb", "insights", "ecr_gb", "s3_gb", "backup_gb"),
    *("working_hours", "spot_discount", "rds_commitment", "cache_commitment", "fargate_commitment"),
)
#: The shares of a price among them, that something takes off.
SHARES = ("spot_discount", "rds_commitment", "cache_commitment", "fargate_commitment")


class Rates(NamedTuple):
    """The prices of a region by key, in USD, and the usage that is assumed."""

    prices: Mapping[str, float]
    usage: Mapping[str, Any]

    def price(self, key: str) -> float | None:
        return self.prices.get(key)

    @property
    def hours(self) -> float:
        """Hours of a month."""
        return float(self.usage["hours"])


class Part(NamedTuple):
    """One factor of a cost: how much of what, at which price; C(service) where it is another's than its resource's."""

    what: str
    quantity: float | None
    unit: str
    price: float | None
    service: str = ""

    @property
    def amount(self) -> float | None:
        """USD a month; nothing of something costs nothing, whatever its price."""
        if self.quantity == 0:
            return 0.0
        return None if self.quantity is None or self.price is None else self.quantity * self.price


def hourly(rates: Rates, what: str, key: str, count: float = 1, service: str = "") -> Part:
    """What costs by the hour, all month."""
    return Part(what, count * rates.hours, "h", rates.price(key), service)


def committed(part: Part, rates: Rates, commitment: str) -> Part:
    """The same where somebody has bought a commitment, which takes a share of the price off."""
    return part._replace(price=None if part.price is None else part.price * (1 - float(rates.usage[commitment])))


def total(amounts: Iterable[float | None]) -> float | None:
    """The sum; None where one of them is not known."""
    found = list(amounts)
    return None if None in found else sum(each or 0.0 for each in found)


def known(amounts: Iterable[float | None]) -> float:
    """The sum of those that are known."""
    return sum(each for each in amounts if each is not None)


def usage(values: Mapping[str, Any]) -> dict[str, Any]:
    """What an inventory's variables assume, by name."""
    return {name: values[variable(name)] for name in USAGE}


def variable(name: str) -> str:
    """The variable of an assumption."""
    return f"stack_cost_{name}"
