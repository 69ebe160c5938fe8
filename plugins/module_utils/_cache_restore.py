# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A cache is made anew of a snapshot: which step is next, decided from what AWS shows; pure.

A replication group cannot be renamed, so it is deleted, with a last snapshot, and made again under its name of the
snapshot that a replacement would leave. The data layer finds that one and does the rest.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from . import _barrier, _elasticache, _replacement, _restore, _snapshots
from ._restore import Refused
from ._snapshots import Snapshot

COPY, RETIRE, DISCARD, WAIT, DONE = "copy", "retire", "discard", "wait", "done"
#: How long AWS takes, and when to give up, in seconds since the status last changed.
SLOW: Mapping[str, _barrier.Slow] = {"cache_restore": _barrier.Slow("the restore of", "5-20", 7200)}


class Seen(NamedTuple):
    """What AWS shows: the group's status and when it was made, the carrying snapshot, and what that is a copy of."""

    status: str | None
    created: datetime.datetime | None
    carrier: Snapshot | None
    origin: str
    began: datetime.datetime | None


class Step(NamedTuple):
    """What to do next, and in which words it is told."""

    what: str
    words: str


def chosen(word: str, group: str, found: Sequence[Snapshot]) -> str:
    """The snapshot that is meant: C(latest) or a name. Raises Refused."""
    own = (*_replacement.names(group), "")
    usable = [each for each in found if each.status == _snapshots.AVAILABLE and each.name not in own]
    if word == _restore.LATEST and usable:
        return usable[-1].name
    if word in {each.name for each in usable}:
        return word
    names = ", ".join(each.name for each in reversed(usable[-5:])) or "none"
    raise Refused(f"from: {word!r} is no snapshot of {group} that is available; there is {names}")


def step(group: str, snapshot: str, seen: Seen) -> Step:
    """The next step. Raises Refused."""
    carrier = _replacement.snapshot_name(group)
    if seen.carrier is None:
        return _without_carrier(group, snapshot, carrier, seen)
    if seen.origin != snapshot:
        left = f"{carrier} is there, a copy of {seen.origin or 'a replacement'}"
        raise Refused(f"from: {left}: restore that one, or delete it when nothing in it is needed any more")
    if seen.carrier.status != _snapshots.AVAILABLE:
        return Step(WAIT, f"{carrier} is {seen.carrier.status}")
    if seen.status in (None, "deleting"):
        return Step(DONE, f"{group} is made of {snapshot}")
    if seen.created and seen.began and seen.created > seen.began:
        return Step(DISCARD, f"{group} is made of {snapshot}: {carrier} goes")
    if seen.status != _elasticache.READY:
        return Step(WAIT, f"{group} is {seen.status}")
    return Step(RETIRE, f"{group} goes, with a last snapshot")


def _without_carrier(group: str, snapshot: str, carrier: str, seen: Seen) -> Step:
    if seen.status not in (None, _elasticache.READY):
        return Step(WAIT, f"{group} is {seen.status}")
    return Step(COPY, f"{snapshot} is copied to {carrier}")


def before(group: str, now: datetime.datetime) -> str:
    """The last snapshot of the group that goes."""
    return f"{group}-{_restore.BEFORE}-{now:{_snapshots.STAMP}}"
