# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An estimate as a document for programs, as a table on screen and as Markdown; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from . import _cost_estimate, _cost_kinds, _cost_levers
from ._cost_estimate import Estate, Item
from ._cost_prices import Part, Rates

Document = dict[str, Any]

WARN, ENFORCE = "warn", "enforce"
#: The resources that cost most, of which the table shows so many.
SHOWN = 12


class About(NamedTuple):
    """Whose estimate it is: names, the table of prices, and the figures to compare with, 0 for none."""

    environment: str
    name: str
    profile: str
    region: str
    table: Mapping[str, Any]
    budget: float
    stated: float
    gate: str


def document(about: About, estate: Estate, rates: Rates) -> Document:
    """C(build/<environment>/cost.json)."""
    items = _cost_estimate.items(estate, rates)
    total = _cost_estimate.sum_of(items)
    missing = _cost_estimate.unknowns(items)
    return {
        **{name: getattr(about, name) for name in ("environment", "name", "profile", "region")},
        "currency": "USD",
        "prices": {name: about.table[name] for name in ("date", "source")},
        "monthly_total": _money(total),
        "monthly_total_of_resources": _money(_cost_estimate.of_resources(items)),
        "monthly_total_at_max_count": _money(_cost_estimate.monthly(estate, rates, at_most=True)),
        "budget": budget(about, total),
        "by_layer": _rounded(_cost_estimate.by_layer(items)),
        "by_service": _rounded(_cost_estimate.by_service(items)),
        "unknown_count": len(missing),
        "unknowns": missing,
        "levers": _cost_levers.savings(estate, rates),
        "assumptions": dict(rates.usage),
        "items": [_item(each) for each in items],
        "free": _cost_kinds.free(),
    }


def budget(about: About, total: float) -> dict[str, Any]:
    """What the environment shall cost; C(above) is null where there is no budget, and below 0 where it is kept."""
    above = _money(total - about.budget) if about.budget else None
    return {"monthly": about.budget or None, "stated": about.stated or None, "gate": about.gate, "above": above}


def warning(about: About, total: float) -> str:
    """One sentence about an environment that costs more than it shall; empty for one that doesn't."""
    above = budget(about, total)["above"]
    if above is None or above <= 0:
        return ""
    return (
        f"{about.name} costs about {total:,.2f} USD a month, {above:,.2f} above stack_budget_monthly of "
        f"{about.budget:,.2f}; playbooks/cost.yml says where it goes and what would save some"
    )


def _item(item: Item) -> dict[str, Any]:
    kept = {name: getattr(item, name) for name in ("layer", "kind", "name", "service")}
    return {**kept, "by_use": item.used, "monthly": _money(item.amount), "parts": [_part(each) for each in item.parts]}


def _part(part: Part) -> dict[str, Any]:
    return {
        "what": part.what,
        "quantity": None if part.quantity is None else round(part.quantity, 4),
        "unit": part.unit,
        "price": None if part.price is None else round(part.price, 8),
        "monthly": _money(part.amount),
    }


def _money(amount: float | None) -> float | None:
    return None if amount is None else round(amount, 2)


def _rounded(sums: Mapping[str, float]) -> dict[str, float]:
    return {name: round(amount, 2) for name, amount in sums.items()}


# For a person


class Section(NamedTuple):
    """A table with a title; the first column of a row is words, the others are numbers."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


def sections(found: Document) -> list[Section]:
    """The tables, without those that would be empty."""
    largest = sorted((each for each in found["items"] if each["monthly"]), key=lambda each: -each["monthly"])[:SHOWN]
    tables = [
        Section("By layer", ("layer", "USD a month"), _pairs(found["by_layer"])),
        Section("By service", ("service", "USD a month"), _pairs(found["by_service"])),
        Section("What costs most", ("resource or use", "USD a month"), [_largest(each) for each in largest]),
        Section("What would save", ("lever", "USD a month"), [_lever(each) for each in found["levers"]]),
        Section("Not known", ("what", "missing"), [_unknown(each) for each in found["unknowns"]]),
        Section("Assumed", ("usage", "amount"), [(name, _amount(each)) for name, each in found["assumptions"].items()]),
        Section("In all", ("", "USD a month"), list(_totals(found))),
    ]
    return [each for each in tables if each.rows]


def _pairs(sums: Mapping[str, float]) -> list[tuple[str, str]]:
    return [(name, f"{amount:,.2f}") for name, amount in sums.items() if amount]


def _largest(item: Mapping[str, Any]) -> tuple[str, str]:
    return f"{item['service']}: {item['name']}", f"{item['monthly']:,.2f}"


def _lever(lever: Mapping[str, Any]) -> tuple[str, str]:
    least, most = lever["saves_least"], lever["saves_most"]
    if least is None or most is None:
        return lever["what"], "not known"
    return lever["what"], f"{least:,.2f}" if least == most else f"{least:,.2f} to {most:,.2f}"


def _unknown(unknown: Mapping[str, Any]) -> tuple[str, str]:
    name = unknown["what"] if unknown["name"] == unknown["what"] else f"{unknown['name']}: {unknown['what']}"
    return name, unknown["missing"]


def _amount(value: Any) -> str:
    return "not known" if value is None else f"{value:,g}"


def _totals(found: Document) -> Iterable[tuple[str, str]]:
    """The total last but for what it is compared with."""
    resources, total = found["monthly_total_of_resources"], found["monthly_total"]
    yield "resources, by being there", f"{resources:,.2f}"
    yield "use, as assumed", f"{total - resources:,.2f}"
    yield f"total, {found['unknown_count']} not known", f"{total:,.2f}"
    yield "with every service at max_count", f"{found['monthly_total_at_max_count']:,.2f}"
    figures = found["budget"]
    for what, figure in (("stated in the plan", figures["stated"]), ("stack_budget_monthly", figures["monthly"])):
        if figure:
            yield what, f"{figure:,.2f}"
    if figures["above"] is not None:
        yield "above the budget" if figures["above"] > 0 else "below the budget", f"{abs(figures['above']):,.2f}"


def title(found: Document) -> str:
    about = f"{found['region']}, profile {found['profile']}, prices on demand of {found['prices']['date']}"
    return f"{found['name']}: {about}"


def lines(found: Document) -> list[str]:
    """The tables on screen."""
    shown = [title(found)]
    for section in sections(found):
        width = max(len(row[0]) for row in section.rows)
        shown += ["", section.title, *(f"  {row[0]:<{width}}  {row[1]:>18}" for row in section.rows)]
    return shown


def markdown(found: Document) -> str:
    """The same for a page."""
    shown = [f"# What {title(found)} costs"]
    for section in sections(found):
        shown += ["", f"## {section.title}", "", _row(section.header), "|---|---:|", *map(_row, section.rows)]
    return "\n".join(shown) + "\n"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
