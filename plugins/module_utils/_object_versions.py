# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which version of each object was the current one at a moment, and what brings it back; pure."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

COPY, UNDELETE, DELETE, NEWER = "copy", "undelete", "delete", "newer"
#: So many objects are named; all are counted.
SHOWN = 20


class Version(NamedTuple):
    """One version of an object, or one mark that says it is deleted."""

    key: str
    id: str
    moment: datetime.datetime
    marker: bool
    size: int = 0


class Action(NamedTuple):
    """What brings one object back: a copy of a version, or marks that go. C(newer) leaves what came later."""

    what: str
    key: str
    version: str = ""
    markers: tuple[str, ...] = ()
    size: int = 0


def versions(page: Mapping[str, Any]) -> Iterable[Version]:
    """The entries of a page of ListObjectVersions."""
    for entry in page.get("Versions") or ():
        yield Version(entry["Key"], entry["VersionId"], entry["LastModified"], False, entry.get("Size", 0))
    for entry in page.get("DeleteMarkers") or ():
        yield Version(entry["Key"], entry["VersionId"], entry["LastModified"], True)


def actions(
    found: Iterable[Version], as_of: datetime.datetime, remove_markers: bool, delete_newer: bool
) -> list[Action]:
    """What brings every object to how it was at the moment, by key; nothing for those that are so."""
    by_key: dict[str, list[Version]] = defaultdict(list)
    for each in found:
        by_key[each.key].append(each)
    decided = (_action(sorted(by_key[key], key=_age), as_of, remove_markers, delete_newer) for key in sorted(by_key))
    return [each for each in decided if each]


def _age(version: Version) -> datetime.datetime:
    return version.moment


def _action(
    history: list[Version], as_of: datetime.datetime, remove_markers: bool, delete_newer: bool
) -> Action | None:
    """For one object; C(history) is from old to new, and its last is the current one."""
    old, later = [each for each in history if each.moment <= as_of], [each for each in history if each.moment > as_of]
    was, current = old[-1] if old else None, history[-1]
    if was is None or was.marker:
        there = not current.marker
        return Action(DELETE if delete_newer else NEWER, current.key, size=current.size) if there else None
    if not later:
        return None
    if remove_markers and all(each.marker for each in later):
        return Action(UNDELETE, was.key, was.id, tuple(each.id for each in reversed(later)), was.size)
    return Action(COPY, was.key, was.id, size=was.size)


def table(found: Iterable[Action], failed: Mapping[str, str], done: bool) -> list[str]:
    """What was done, or would be, for a person."""
    every = list(found)
    words = {COPY: "copied", UNDELETE: "undeleted", DELETE: "deleted, as they came later"}
    lines = [f"{each.what:9} {each.key}  {each.size} bytes" for each in every if each.what != NEWER][:SHOWN]
    for what, word in words.items():
        these = [each for each in every if each.what == what and each.key not in failed]
        if these:
            how = word if done else f"would be {word}"
            lines.append(f"{how}: {len(these)} objects, {sum(each.size for each in these)} bytes")
    newer = sum(each.what == NEWER for each in every)
    lines += [f"{newer} objects came later and stay: -e delete_newer=true deletes them"] if newer else []
    lines += [f"{key}: {why}" for key, why in sorted(failed.items())[:SHOWN]]
    return lines or ["All objects are as they were then"]
