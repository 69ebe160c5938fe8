# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Prices and what they are multiplied by; pure.

A price that the table doesn't have is None, and so is every amount that it goes into: nobody guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

#: What is assumed where nobody says otherwise; roles/stack/meta/argument_specs.yml describes each. None is not known.
USAGE: Mapping[str, float | None] = {
    "hours": 730,
    "nat_gb": 20,
    "endpoint_gb": 0,
    "lcus": 0.1,
    "waf_million_requests": 0,
    "logs_gb": 10,
    "logs_stored_gb": 10,
    "ecr_gb": 10,
    "s3_gb": 100,
    "backup_gb": 0,
    "transfer_gb": None,
    "insights": None,
    "requests": None,
    "spot_discount": 0.5,
    "working_hours": 50,
    "rds_commitment": 0,
    "cache_commitment": 0,
    "fargate_commitment": 0,
}


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


def usage(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is assumed, with what an environment says; as much is stored of logs as is taken in, unless it says so."""
    stored = {"logs_stored_gb": given["logs_gb"]} if "logs_gb" in given else {}
    return {**USAGE, **stored, **given}
