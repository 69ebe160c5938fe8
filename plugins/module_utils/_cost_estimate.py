# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an environment costs a month, from what its inventory defines; pure.

The estate is a list of entries with a C(layer), a C(kind) and its C(resources): their properties with a C(name), or
bare names where a kind always costs the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from . import _cost_fargate, _cost_kinds, _cost_usage
from ._cost_prices import Part, Rates, known, total

Entry = Mapping[str, Any]
Estate = Sequence[Entry]

SERVICE = "AWS::ECS::Service"


class Item(NamedTuple):
    """What one resource costs by being there, or what is used of a kind all together."""

    layer: str
    kind: str
    name: str
    service: str
    used: bool
    parts: Sequence[Part]

    @property
    def amount(self) -> float | None:
        return total(part.amount for part in self.parts)


def resources(entry: Entry) -> list[tuple[str, Mapping[str, Any]]]:
    """The entry's resources with their names, of services the full ones."""
    found = [{"name": each} if isinstance(each, str) else each for each in entry["resources"]]
    return [(str(each.get("full_name") or each["name"]), each) for each in found]


def items(estate: Estate, rates: Rates, at_most: bool = False) -> list[Item]:
    """Everything that costs something: resources first, what is used after them."""
    standing = [
        Item(entry["layer"], entry["kind"], name, _cost_kinds.KINDS[entry["kind"]].service, False, parts)
        for entry in estate
        for name, resource in resources(entry)
        if (parts := _parts(entry["kind"], resource, rates, at_most))
    ]
    kinds = {entry["kind"] for entry in estate if list(entry["resources"])}
    used = [
        Item(row.layer, row.kind, row.what, row.service, True, [_cost_usage.part(row, rates)])
        for row in _cost_usage.rows(kinds)
    ]
    return [*standing, *used]


def _parts(kind: str, resource: Mapping[str, Any], rates: Rates, at_most: bool) -> list[Part]:
    if kind == SERVICE:
        return _cost_fargate.parts(resource, rates, at_most)
    return _cost_kinds.parts(kind, resource, rates)


def monthly(estate: Estate, rates: Rates, at_most: bool = False) -> float:
    """All that is known, in USD a month; C(at_most) with as many tasks as autoscaling may start."""
    return sum_of(items(estate, rates, at_most))


def sum_of(found: Iterable[Item]) -> float:
    """All that is known of the items, each to the cent."""
    return sum(round(known(part.amount for part in item.parts), 2) for item in found)


def of_resources(found: Iterable[Item]) -> float:
    """What is known of the resources' own cost: to the cent what a plan that makes all of them says."""
    return known(None if item.used or item.amount is None else round(item.amount, 2) for item in found)


def by_layer(found: Iterable[Item]) -> dict[str, float]:
    return _sums((item.layer, part) for item in found for part in item.parts)


def by_service(found: Iterable[Item]) -> dict[str, float]:
    return _sums((part.service or item.service, part) for item in found for part in item.parts)


def _sums(pairs: Iterable[tuple[str, Part]]) -> dict[str, float]:
    """The known amounts by name, largest first; a name of which nothing is known is not there."""
    sums: dict[str, float] = {}
    for name, part in pairs:
        if part.amount is not None:
            sums[name] = sums.get(name, 0.0) + part.amount
    return dict(sorted(sums.items(), key=lambda pair: -pair[1]))


def unknowns(found: Iterable[Item]) -> list[dict[str, Any]]:
    """What nobody knows the price or the amount of, each with where it is."""
    return [
        {"layer": item.layer, "kind": item.kind, "name": item.name, "what": part.what, "missing": _missing(part)}
        for item in found
        for part in item.parts
        if part.amount is None
    ]


def _missing(part: Part) -> str:
    missing = {"price": part.price, "amount": part.quantity}
    return " and ".join(word for word, value in missing.items() if value is None)
