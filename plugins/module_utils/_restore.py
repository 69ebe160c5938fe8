# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a database is restored from, what may not be, and how what is restored is called; pure."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from . import _databases, _snapshots
from ._snapshots import Snapshot

LATEST = "latest"
RESTORED, BEFORE = "restored", "before"
_NAME = re.compile(rf"(.+)-({RESTORED}|{BEFORE})-(\d{{8}}-\d{{6}})")
#: Tags of an instance that was restored, and of one that another has taken the place of; no prune takes either.
RESTORED_FROM, MOMENT, BEGAN = "RestoredFrom", "RestoredMoment", "RestoreBegan"
REPLACED_AT, CUT_OVER_AT = "ReplacedAt", "CutOverAt"
#: When the logins of an instance that comes back were last those of the secret.
LOGINS_OF = "LoginsOf"
SET_ASIDE = (RESTORED_FROM, REPLACED_AT)
#: So many snapshots are named where one isn't there.
_NAMED = 5


class Refused(Exception):
    """What was asked for cannot be restored; the message says why and what can."""


class Point(NamedTuple):
    """What to restore: a snapshot, or an instance at a moment. C(latest) asks for all that there is."""

    moment: datetime.datetime
    snapshot: str = ""
    source: str = ""
    latest: bool = False

    @property
    def words(self) -> str:
        """For a tag and for a person."""
        return self.snapshot or f"{self.source} at {text(self.moment)}"


def text(moment: datetime.datetime) -> str:
    """Such as C(2026-11-27T10:15:00Z)."""
    return f"{moment.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"


def moment(word: str) -> datetime.datetime | None:
    """The moment that a word means, in UTC unless it says otherwise; None if it is none."""
    try:
        found = datetime.datetime.fromisoformat(word.replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def name(database: str, held: datetime.datetime) -> str:
    """What a restored instance is called: after the moment that it holds."""
    return f"{database}-{RESTORED}-{held.astimezone(datetime.UTC):{_snapshots.STAMP}}"


def counterpart(instance: str) -> str:
    """Of a restored instance the name that the replaced one gets, and the other way round. Raises Refused."""
    found = _NAME.fullmatch(instance)
    if not found:
        raise Refused(f"{instance} is neither a restored database nor one that was replaced")
    return f"{found[1]}-{BEFORE if found[2] == RESTORED else RESTORED}-{found[3]}"


def spare(database: str, names: Iterable[str]) -> list[str]:
    """Of instances' names those of restored and of replaced ones of a database."""
    matches = [(each, _NAME.fullmatch(each)) for each in names]
    return sorted(each for each, found in matches if found and found[1] == database)


# What is restored


def point(word: str, source: str, live: Mapping[str, Any] | None, found: Sequence[Snapshot], now: Any) -> Point:
    """What a word means: C(latest), a moment, or a snapshot's name; C(live) describes the source.

    Without automated backups, and where the source is gone, the latest is the newest snapshot. Raises Refused.
    """
    asked = moment(word)
    if word == LATEST:
        return _latest(source, live, found)
    if asked:
        return _at(asked, source, live, now)
    return _of_snapshot(word, found)


def _latest(source: str, live: Mapping[str, Any] | None, found: Sequence[Snapshot]) -> Point:
    newest = restorable(live)
    if newest:
        return Point(newest, source=source, latest=True)
    ready = [each for each in found if each.status == _snapshots.AVAILABLE and each.made]
    if not ready:
        raise Refused(f"there is no snapshot of {source}, and no automated backup: nothing can be restored")
    return _of(ready[-1])


def _at(asked: datetime.datetime, source: str, live: Mapping[str, Any] | None, now: Any) -> Point:
    newest = restorable(live)
    if live is None or newest is None:
        why = "is not there" if live is None else "has no automated backups"
        raise Refused(f"from: {source} {why}, so only a snapshot can be restored; -e source=... names another instance")
    days = datetime.timedelta(days=live["BackupRetentionPeriod"])
    earliest = max(live["InstanceCreateTime"], now - days)
    if not earliest <= asked <= newest:
        advice = "an instance that was replaced can be the source: -e source=..."
        between = f"{text(earliest)} and {text(newest)}"
        raise Refused(f"from: {source} can be restored to moments between {between}, not to {text(asked)}; {advice}")
    return Point(asked, source=source)


def restorable(live: Mapping[str, Any] | None) -> datetime.datetime | None:
    """The latest moment that an instance can be restored to; None if there is none."""
    found: datetime.datetime | None = (live or {}).get("LatestRestorableTime")
    return found if (live or {}).get("BackupRetentionPeriod") else None


def _of_snapshot(word: str, found: Sequence[Snapshot]) -> Point:
    chosen = next((each for each in found if each.name == word), None)
    if chosen is None:
        newest = ", ".join(each.name for each in reversed(found[-_NAMED:])) or "none"
        raise Refused(
            f"from: {word!r} is neither latest, a moment such as 2026-11-27T10:15:00Z nor a snapshot: {newest}"
        )
    if chosen.status != _snapshots.AVAILABLE or chosen.made is None:
        raise Refused(f"from: the snapshot {word} is {chosen.status}, not available")
    return _of(chosen)


def _of(chosen: Snapshot) -> Point:
    if chosen.made is None:
        raise Refused(f"from: the snapshot {chosen.name} does not say when it was taken")
    return Point(chosen.made, snapshot=chosen.name)


def version_problem(declared: str, actual: str | None) -> str:
    """Why an instance of this version cannot be made as declared; empty if it can."""
    if not actual or _databases.numbers(declared)[:1] == _databases.numbers(actual)[:1]:
        return ""
    major = _databases.numbers(actual)[0]
    return (
        f"it is PostgreSQL {actual} and the inventory says {declared}: restore with -e data_db_engine_version={major} "
        f"after a run of --tags data with that has made the groups of {major}, and upgrade afterwards"
    )


# Which one is the database from now on


def chosen(database: str, asked: str, names: Sequence[str], tags: Mapping[str, str]) -> str:
    """The instance to cut over to: the one asked for, else the only restored one. Raises Refused.

    C(tags) are those of the live one; where it was cut over to already and the rest is still to be done, that one.
    """
    if asked:
        counterpart(asked)
        if asked not in names and counterpart(asked) not in names:
            raise Refused(f"instance: {asked} is not there; there is {', '.join(spare(database, names)) or 'none'}")
        return asked
    found = [each for each in spare(database, names) if f"-{RESTORED}-" in each]
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(f"instance: {', '.join(found)} are there: -e instance=... says which")
    return _begun(database, names, tags)


def _begun(database: str, names: Sequence[str], tags: Mapping[str, str]) -> str:
    held = moment(tags.get(MOMENT, ""))
    if held and counterpart(name(database, held)) in names:
        return name(database, held)
    left = ", ".join(spare(database, names))
    back = f"; {left} was replaced, -e instance=... goes back to it" if left else ""
    raise Refused(f"instance: nothing was restored: -e from=latest restores{back}")
