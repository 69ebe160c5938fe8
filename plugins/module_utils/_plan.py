# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What has to happen to one resource, decided without AWS, Ansible or a clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

UNKNOWN = "(known after apply)"
SENSITIVE = "(sensitive)"

KEEP = "keep"
CREATE = "create"
UPDATE = "update"
REPLACE = "replace"
DELETE = "delete"
REFUSE = "refuse"


class Change(NamedTuple):
    """One field that differs; C(field) is a dotted path into the resource."""

    field: str
    before: Any
    after: Any

    @property
    def option(self) -> str:
        """The top-level property the field belongs to."""
        return self.field.partition(".")[0]


class Objection(NamedTuple):
    """Why something is not done although it was asked for, and what to do instead."""

    message: str
    advice: str


@dataclass(frozen=True)
class Plan:
    """What one resource needs: C(before) is None for a creation, C(after) None for a deletion."""

    name: str
    verb: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    changes: list[Change] = field(default_factory=list)
    objection: Objection | None = None  #: of a refusal that has a reason of its own
    note: str = ""  #: why what exists is kept as it is, for a person

    @property
    def options(self) -> set[str]:
        """The top-level properties that change."""
        return {change.option for change in self.changes}


def differences(desired: Mapping[str, Any], observed: Mapping[str, Any], path: str = "") -> list[Change]:
    """Fields declared in C(desired) that C(observed) does not have so; null is undeclared, empty is declared empty."""
    changes: list[Change] = []
    for key, value in sorted(desired.items()):
        changes += _difference(f"{path}{key}", value, observed.get(key))
    return changes


def _difference(name: str, value: Any, current: Any) -> list[Change]:
    if value is None or _same(value, current):
        return []
    if isinstance(value, Mapping) and value and isinstance(current, Mapping):
        return differences(value, current, f"{name}.")
    return [Change(name, current, value)]


def _same(value: Any, current: Any) -> bool:
    """Equal, or both empty: an absent list, mapping or text is an empty one."""
    return bool(value == current) or (value in ([], {}, "") and current in (None, [], {}, ""))


def plan(
    name: str,
    desired: Mapping[str, Any] | None,
    observed: Mapping[str, Any] | None,
    frozen: Collection[str] = (),
    replaceable: Collection[str] = (),
    initial: Collection[str] = (),
) -> Plan:
    """Decide for one resource.

    A change of a C(frozen) property is refused, of a C(replaceable) one replaces the resource;
    C(initial) properties count at creation only.
    """
    if observed is None:
        changes = differences(desired or {}, {})
        return Plan(name, CREATE if desired is not None else KEEP, None, desired, changes)
    if desired is None:
        return Plan(name, DELETE, observed, None)
    declared = {key: value for key, value in desired.items() if key not in initial}
    changes = differences(declared, observed)
    return Plan(name, _verb({change.option for change in changes}, frozen, replaceable), observed, desired, changes)


def _verb(changed: set[str], frozen: Collection[str], replaceable: Collection[str]) -> str:
    if changed & set(frozen):
        return REFUSE
    if changed & set(replaceable):
        return REPLACE
    return UPDATE if changed else KEEP
