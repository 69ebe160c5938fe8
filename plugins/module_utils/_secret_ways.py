# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How each secret of an environment gets a new value, and which of them a run rotates; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

Item = Mapping[str, Any]

#: How a secret gets its next value; the last is no way.
FUNCTION, GENERATED, GIVEN, NONE = "function", "generated", "given", "none"


class Way(NamedTuple):
    """How a secret gets its next value, or why it gets none."""

    how: str
    reason: str = ""


def way(item: Item, described: Mapping[str, Any], served: Collection[str]) -> Way:
    """How the secret gets its next value, by the inventory's item and what DescribeSecret says (empty: it is absent).

    C(served) are short names of secrets that a server keeps a copy of.
    """
    if not described or described.get("DeletedDate"):
        return Way(NONE, "it is not there: site.yml --tags data makes it")
    if described.get("RotationEnabled"):
        return Way(FUNCTION)
    if short(item["name"]) in served:
        switch = "data_rotation_enabled: true, then the site"
        return Way(NONE, f"a server keeps a copy, which only the function changes: {switch}")
    if item["generate"]:
        return Way(GENERATED)
    return Way(GIVEN) if given(item) else Way(NONE, "the inventory gives no value for it")


def given(item: Item) -> dict[str, Any]:
    """What the inventory gives, without what it leaves empty."""
    value = item["value"] if isinstance(item["value"], Mapping) else {}
    return {key: each for key, each in value.items() if each not in (None, "")}


class Wish(NamedTuple):
    """What a run was asked for, in short names: the secrets, those confirmed, and why others keep their values."""

    named: Collection[str]
    confirmed: Collection[str]
    kept: Mapping[str, str]


def problems(ways: Mapping[str, Way], wish: Wish) -> list[str]:
    """Why secrets that were asked for by name can't be rotated, as sentences; C(ways) are by whole name."""
    known = {short(name): way_of for name, way_of in ways.items()}
    unknown = [f"secret: {name} is none of {', '.join(sorted(known))}" for name in sorted({*wish.named} - known.keys())]
    reasons = {name: of.reason or _unconfirmed(name, wish) for name, of in known.items() if name in wish.named}
    return unknown + [f"secret: {name}: {reason}" for name, reason in reasons.items() if reason]


def _unconfirmed(name: str, wish: Wish) -> str:
    kept = name in wish.kept and name not in wish.confirmed
    return f"{wish.kept[name]}. To rotate it all the same: -e confirm={name}" if kept else ""


def left(ways: Mapping[str, Way], wish: Wish) -> dict[str, str]:
    """Why a run does not rotate a secret, by whole name; one that names secrets leaves the others without a word."""
    reasons = {name: way_of.reason or _kept(short(name), wish) for name, way_of in ways.items() if not wish.named}
    return {name: reason for name, reason in reasons.items() if reason}


def _kept(name: str, wish: Wish) -> str:
    return f"{wish.kept[name]}; by itself: -e secret={name} -e confirm={name}" if name in wish.kept else ""


def chosen(items: Iterable[Item], spared: Collection[str], wish: Wish) -> list[Item]:
    """What a run rotates: what was named, or all that it does not leave."""
    named = wish.named
    return [each for each in items if (short(each["name"]) in named if named else each["name"] not in spared)]


def short(name: str) -> str:
    """The name within the environment."""
    return name.rpartition("/")[2]
