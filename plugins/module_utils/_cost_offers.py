# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The prices of AWS's offer files under the keys of the table; pure.

AWS publishes a file a service and region, as JSON and as CSV. Both become entries: the product's attributes in lower
case without spaces, with its unit and its price on demand.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

Entry = dict[str, str]
Prices = dict[str, float]


class OtherRegion(ValueError):
    """A file holds the prices of other regions alone."""


class Match(NamedTuple):
    """Which products have the price of a key: their attributes, and how their usage type ends, as a pattern.

    Of C({...}) in the key the attribute's value takes the place.
    """

    key: str
    usage: str
    attributes: Mapping[str, str] = {}


_POSTGRES = {"databaseengine": "PostgreSQL", "deploymentoption": "Single-AZ", "productfamily": "Database Instance"}
MATCHES = (
    Match("rds.postgres.{instancetype}", r"InstanceUsage:db\..+", _POSTGRES),
    Match("rds.gp3_gb_month", r"RDS:GP3-Storage", {"deploymentoption": "Single-AZ", "databaseengine": "PostgreSQL"}),
    Match("rds.backup_gb_month", r"RDS:ChargedBackupUsage", {"databaseengine": "PostgreSQL"}),
    Match("cache.redis.{instancetype}", r"NodeUsage:cache\..+", {"cacheengine": "Redis"}),
    Match("cache.valkey.{instancetype}", r"NodeUsage:cache\..+", {"cacheengine": "Valkey"}),
    Match("fargate.x86.vcpu_hour", r"Fargate-vCPU-Hours:perCPU"),
    Match("fargate.x86.gb_hour", r"Fargate-GB-Hours"),
    Match("fargate.arm.vcpu_hour", r"Fargate-ARM-vCPU-Hours:perCPU"),
    Match("fargate.arm.gb_hour", r"Fargate-ARM-GB-Hours"),
    Match("fargate.storage_gb_hour", r"Fargate-EphemeralStorage-GB-Hours"),
    Match("nat.hour", r"NatGateway-Hours", {"productfamily": "NAT Gateway"}),
    Match("nat.gb", r"NatGateway-Bytes", {"productfamily": "NAT Gateway"}),
    Match("alb.hour", r"LoadBalancerUsage", {"productfamily": "Load Balancer-Application"}),
    Match("alb.lcu_hour", r"LCUUsage", {"productfamily": "Load Balancer-Application"}),
    Match("endpoint.hour", r"VpcEndpoint-Hours"),
    Match("endpoint.gb", r"VpcEndpoint-Bytes"),
    Match("metric.month", r"CW:MetricMonitorUsage"),
    Match("ipv4.hour", r"PublicIPv4:InUseAddress"),
)


def _plain(name: str) -> str:
    return name.replace(" ", "").lower()


def of_json(offer: Mapping[str, Any]) -> Iterator[Entry]:
    """The entries of an offer file in JSON."""
    terms = offer.get("terms", {}).get("OnDemand", {})
    for sku, product in offer.get("products", {}).items():
        attributes = {_plain(name): str(value) for name, value in product.get("attributes", {}).items()}
        attributes["productfamily"] = str(product.get("productFamily", ""))
        for term in terms.get(sku, {}).values():
            for price in term["priceDimensions"].values():
                begin, usd = str(price.get("beginRange", "0")), str(price["pricePerUnit"].get("USD", ""))
                yield {**attributes, "startingrange": begin, "priceperunit": usd}


def of_csv(lines: Iterable[str]) -> Iterator[Entry]:
    """The entries of an offer file in CSV, one line after the other; what stands before the header is skipped."""
    reader = csv.reader(lines)
    header: list[str] = []
    for row in reader:
        if header:
            entry = dict(zip(header, row, strict=False))
            if entry.get("termtype") == "OnDemand" and entry.get("currency") == "USD":
                yield entry
        elif row and row[0] == "SKU":
            header = [_plain(name) for name in row]


def prices(entries: Iterable[Entry], region: str) -> Prices:
    """The prices of the region by key: of the first tier, without what is free. OtherRegion if there is none of it."""
    found: Prices = {}
    regions: set[str] = set()
    for entry in entries:
        where = entry.get("regioncode", "")
        regions.add(where)
        if where == region:
            found.update(_prices(entry))
    if region not in regions:
        there = ", ".join(sorted(regions - {""})) or "none"
        raise OtherRegion(f"it has no prices of {region}; its regions: {there}")
    return found


def _prices(entry: Entry) -> Prices:
    price = float(entry.get("priceperunit") or 0)
    if not price or float(entry.get("startingrange") or 0):
        return {}
    return {match.key.format(**entry): price for match in MATCHES if _fits(match, entry)}


def _fits(match: Match, entry: Entry) -> bool:
    """A usage type begins with the region's short name, but in us-east-1."""
    usage = re.fullmatch(rf"([A-Z0-9]+-)?{match.usage}", entry.get("usagetype", ""))
    return bool(usage) and all(entry.get(name) == value for name, value in match.attributes.items())


class Difference(NamedTuple):
    """A price that is another now, or that the table didn't have."""

    key: str
    old: float | None
    new: float


def differences(table: Mapping[str, float], found: Prices, new_too: bool) -> list[Difference]:
    """What the files say otherwise than the table's region; C(new_too) with what it doesn't have."""
    pairs = [Difference(key, table.get(key), price) for key, price in sorted(found.items())]
    return [each for each in pairs if each.old != each.new and (new_too or each.old is not None)]


def line(difference: Difference) -> str:
    old = "new" if difference.old is None else f"{difference.old:g}"
    return f"{difference.key}: {old} -> {difference.new:g}"
