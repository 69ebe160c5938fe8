# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Databases and caches that are replaced and keep their data: the last snapshot of the old one is the start of the new.

The snapshot's name follows from the resource's, so that a run finds what an interrupted one has left: the resource is
gone, its snapshot is there, and is what the resource is made of. It goes when the new one has all its settings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from . import _aws, _databases, _plan, _wait
from ._plan import Objection, Plan
from ._resource import Item

Entry = Mapping[str, Any]

AVAILABLE = "available"


class NotRestored(Exception):
    """What was made of a snapshot did not become available; the snapshot stays."""


def snapshot_name(name: str) -> str:
    """The snapshot that carries the data of a replacement."""
    return f"{name}-replacement"


def copy_name(name: str) -> str:
    """Its copy, where the new one has another key."""
    return f"{snapshot_name(name)}-copy"


def names(name: str) -> tuple[str, str]:
    """All snapshots of a replacement; the one that everything can be made of again last."""
    return copy_name(name), snapshot_name(name)


def objection(plan: Plan, left: Iterable[str]) -> Objection | None:
    """What stands in the way of a replacement, whatever is replaced; C(left) are snapshots of an earlier one."""
    if plan.verb != _plan.REPLACE:
        return None
    before, found = plan.before or {}, sorted(left)
    if not before["ready"]:
        return Objection(f"it is {before['status']}, and only what is available can be replaced", "run again then")
    if found:
        message = f"{', '.join(found)} of an earlier replacement is there, and may be the only copy of something"
        return Objection(message, "delete it when nothing in it is needed any more, then run again")
    return None


class RestorableResource(_databases.SlowResource):
    """A slow kind whose replacement keeps the data."""

    snapshot_listing: ClassVar[tuple[str, str]]  #: the operation and the key of its answer
    snapshot_field: ClassVar[str]
    snapshot_status: ClassVar[str]
    snapshot_absent: ClassVar[str]
    left: Mapping[str, Mapping[str, Entry]] = MappingProxyType({})  #: snapshots of replacements, by resource

    def observe(self) -> dict[str, Item]:
        found = super().observe()
        names_of = [name for name in self.declared() if self._may_have_left(name, found)]
        self.left = dict(zip(names_of, _aws.concurrently(self._snapshots, names_of), strict=True))
        return found

    def _may_have_left(self, name: str, found: Mapping[str, Item]) -> bool:
        return not self.options.get("only_prune") and (name not in found or bool(self.confirmed(name)))

    def _snapshots(self, name: str) -> dict[str, Entry]:
        found = {each: self.snapshot(each) for each in names(name)}
        return {each: entry for each, entry in found.items() if entry}

    def snapshot(self, snapshot: str) -> Entry | None:
        """AWS's entry of a snapshot; None if it isn't there."""
        operation, key = self.snapshot_listing
        named = {self.snapshot_field: snapshot}
        empty: list[Entry] = []
        entries = _aws.absent_as(empty, lambda: getattr(self.client, operation)(**named)[key], self.snapshot_absent)
        return entries[0] if entries else None

    def carried(self, name: str) -> str | None:
        """The snapshot of which this resource is made, as an interrupted replacement has left it."""
        return snapshot_name(name) if snapshot_name(name) in self.left.get(name, {}) else None

    def create(self, name: str, desired: Item) -> None:
        if self.carried(name):
            self._restore(name, desired)
        else:
            self.make(name, desired)

    def replace(self, name: str, plan: Plan) -> None:
        self.retire(name, snapshot_name(name))
        self._restore(name, dict(plan.after or {}))

    def _restore(self, name: str, desired: Item) -> None:
        _wait.until(lambda: self.status(name), lambda status: status is None, f"{name}: gone", self.ready_seconds, 10)
        self.make_of(name, desired, self.readable(name, desired, self.await_snapshot(snapshot_name(name))))
        self.wait_until_ready(name)
        status = self.status(name)
        if status not in self.ready_states:
            raise NotRestored(f"it is {status}; its data are in the snapshot {snapshot_name(name)}")
        self.complete(name, desired)
        for each in self._snapshots(name):
            self.discard(each)

    def await_snapshot(self, snapshot: str) -> Entry:
        """The snapshot once it can be read."""
        entry = _wait.until(
            lambda: self.snapshot(snapshot), self._is_made, f"{snapshot}: available", self.ready_seconds, 10
        )
        if entry is None or entry[self.snapshot_status] != AVAILABLE:
            raise NotRestored(f"the snapshot {snapshot} is {entry[self.snapshot_status] if entry else 'gone'}")
        return entry

    def _is_made(self, entry: Entry | None) -> bool:
        return entry is None or entry[self.snapshot_status] in (AVAILABLE, "failed")

    def make(self, name: str, desired: Item) -> None:
        """Start making a new one, without data."""
        raise NotImplementedError

    def retire(self, name: str, snapshot: str) -> None:
        """Start deleting it; the last thing that AWS does with it is this snapshot."""
        raise NotImplementedError

    def readable(self, name: str, desired: Item, snapshot: Entry) -> str:
        """The name of the snapshot that the declared one can be made of."""
        return str(snapshot[self.snapshot_field])

    def make_of(self, name: str, desired: Item, snapshot: str) -> None:
        """Start making it of a snapshot."""
        raise NotImplementedError

    def complete(self, name: str, desired: Item) -> None:
        """Give it what can only be given to one that is there."""

    def discard(self, snapshot: str) -> None:
        """Delete a snapshot."""
        raise NotImplementedError
