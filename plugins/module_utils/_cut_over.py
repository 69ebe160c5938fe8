# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One restored instance becomes the database: which step is next, decided from what AWS shows; pure.

The names change places: the database is renamed away, which ends its connections and its address, and the other one
gets its name. So inventory, alarms and addresses stay as they are, and nothing writes to the old one meanwhile. Each
step is seen in what AWS shows afterwards, so that an interrupted cut-over goes on where it stopped.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from . import _barrier, _rds, _restore
from ._restore import Refused

Entry = Mapping[str, Any]

#: Steps that are calls, in order.
RENAME_AWAY, RENAME, MARK, END_REPLICAS, ROTATE, REDEPLOY = (
    "rename away",
    "rename",
    "mark",
    "end replicas",
    "rotate",
    "redeploy",
)
WAIT, DONE = "wait", "done"
#: How long AWS takes to rename an instance, and when to give up, in seconds since its status last changed.
SLOW: Mapping[str, _barrier.Slow] = {"cut_over": _barrier.Slow("the cut-over of", "2-20", 3600)}


class Login(NamedTuple):
    """The database's secret: when its current version was made, and whether it can be rotated at once."""

    made: datetime.datetime | None = None
    rotates: bool = False


class Seen(NamedTuple):
    """What AWS shows: instances and their tags by name, services as DescribeServices has them, the secret."""

    instances: Mapping[str, Entry]
    tags: Mapping[str, Mapping[str, str]]
    services: Sequence[Entry] = ()
    login: Login = Login()


class Names(NamedTuple):
    """The database's name, the one of the instance that is to be it, and the one that the present one gets."""

    live: str
    chosen: str

    @property
    def aside(self) -> str:
        return _restore.counterpart(self.chosen)


class Step(NamedTuple):
    """What to do next, to whom, and in which words it is told."""

    what: str
    names: tuple[str, ...] = ()
    words: str = ""


def step(names: Names, seen: Seen) -> Step:
    """The next step. Raises Refused where there is nothing to cut over to."""
    checks: tuple[Callable[[Names, Seen], Step | None], ...] = (
        _settling,
        _swapping,
        _marking,
        _ending_replicas,
        _rotating,
        _redeploying,
    )
    found = (check(names, seen) for check in checks)
    return next((each for each in found if each), Step(DONE, words=f"{names.live} is what {names.chosen} was"))


def _settling(names: Names, seen: Seen) -> Step | None:
    """AWS takes no change of an instance that is being changed."""
    for name in (names.chosen, names.live, names.aside):
        status = seen.instances[name]["DBInstanceStatus"] if name in seen.instances else ""
        if status and status not in (*_rds.READY, *_rds.STUCK):
            return Step(WAIT, (name,), f"{name} is {status}")
    return None


def _swapping(names: Names, seen: Seen) -> Step | None:
    chosen, live, aside = (name in seen.instances for name in (names.chosen, names.live, names.aside))
    if chosen and live and aside:
        raise Refused(f"{names.live}, {names.chosen} and {names.aside} are there; rename or delete the last one first")
    if chosen and live:
        return Step(RENAME_AWAY, (names.live, names.aside), f"{names.live} becomes {names.aside}")
    if chosen:
        return Step(RENAME, (names.chosen, names.live), f"{names.chosen} becomes {names.live}")
    if not live:
        return Step(WAIT, (names.live,), f"{names.live} is being renamed")
    return None


def moment(names: Names, seen: Seen) -> datetime.datetime | None:
    """When the names changed places, as the tag says."""
    return _restore.moment(seen.tags[names.live].get(_restore.CUT_OVER_AT, ""))


def marks(seen: Seen, names: Names) -> bool:
    """Whether this cut-over is marked: the other instance, if there is one, is marked with the same moment."""
    live, aside = seen.tags[names.live], seen.tags.get(names.aside)
    at = live.get(_restore.CUT_OVER_AT)
    return bool(at) and (aside is None or aside.get(_restore.REPLACED_AT) == at)


def tagged(names: Names, seen: Seen, now: str) -> tuple[Mapping[str, str], Mapping[str, str], Mapping[str, str]]:
    """The tags that mark a cut-over: those that the database gets, that the other one gets, and that each loses.

    One that was replaced itself once has the logins of that time.
    """
    replaced = seen.tags[names.live].get(_restore.REPLACED_AT)
    live = {_restore.CUT_OVER_AT: now, **({_restore.LOGINS_OF: replaced} if replaced else {})}
    return live, {_restore.REPLACED_AT: now}, {names.live: _restore.REPLACED_AT, names.aside: _restore.CUT_OVER_AT}


def _marking(names: Names, seen: Seen) -> Step | None:
    present = tuple(name for name in (names.live, names.aside) if name in seen.instances)
    return None if marks(seen, names) else Step(MARK, present, "the moment is kept as a tag of both")


def _ending_replicas(names: Names, seen: Seen) -> Step | None:
    """Replicas of the old one hold nothing of their own, and their names are those of the new one's."""
    replicas = tuple((seen.instances.get(names.aside) or {}).get("ReadReplicaDBInstanceIdentifiers") or ())
    there = [name for name in replicas if name in seen.instances]
    going = [name for name in there if seen.instances[name]["DBInstanceStatus"] == "deleting"]
    if going and going == there:
        return Step(WAIT, tuple(going), f"{', '.join(going)} of {names.aside} is deleting")
    left = tuple(name for name in there if name not in going)
    return Step(END_REPLICAS, left, f"replicas of {names.aside} go: {', '.join(left)}") if left else None


def _rotating(names: Names, seen: Seen) -> Step | None:
    """A login that is younger than the data is not in it, and the rotation makes it anew."""
    tags, at, made = seen.tags[names.live], moment(names, seen), seen.login.made
    held = _restore.moment(tags.get(_restore.LOGINS_OF) or tags.get(_restore.MOMENT, ""))
    if not (seen.login.rotates and held and made and at) or not held < made < at:
        return None
    return Step(ROTATE, words=f"the login of {_restore.text(made)} is younger than the data: it is rotated")


def _redeploying(names: Names, seen: Seen) -> Step | None:
    at = moment(names, seen)
    behind = tuple(each["serviceName"] for each in seen.services if at and deployed(each) < at)
    return Step(REDEPLOY, behind, f"new tasks for {', '.join(behind)}") if behind else None


def deployed(service: Entry) -> datetime.datetime:
    """When the newest deployment of a service began; one without tasks has nothing to renew."""
    moments = [each["createdAt"] for each in service.get("deployments") or () if "createdAt" in each]
    none = not service.get("desiredCount") or not moments
    return datetime.datetime.max.replace(tzinfo=datetime.UTC) if none else max(moments)


def foreseen(names: Names, seen: Seen) -> list[str]:
    """What a cut-over would do from here on, for a person; an instance that is to be restored counts as there."""
    over = names.chosen not in seen.instances and names.aside in seen.instances
    away = [f"{names.live} becomes {names.aside}, and is kept"] if names.live in seen.instances else []
    lines = [] if over else [*away, f"{names.chosen} becomes {names.live}"]
    old = seen.instances.get(names.aside if over else names.live) or {}
    replicas = old.get("ReadReplicaDBInstanceIdentifiers") or []
    lines += [f"replicas go and are made anew: {', '.join(replicas)}"] if replicas else []
    if over and marks(seen, names):
        services = list((_redeploying(names, seen) or Step(DONE)).names)
    else:
        services = [each["serviceName"] for each in seen.services if each.get("desiredCount")]
    return [*lines, *([f"new tasks, one after the other: {', '.join(services)}"] if services else [])]


def table(result: Mapping[str, Any]) -> list[str]:
    """What was done and when, and how long nobody could write, for a person."""
    rows = [f"  {each['at'][11:19]}  {each['words']}" for each in result["steps"]]
    moments = {each["what"]: datetime.datetime.fromisoformat(each["at"]) for each in result["steps"]}
    down = moments.keys() >= {RENAME_AWAY, MARK}
    seconds = (moments[MARK] - moments[RENAME_AWAY]).total_seconds() if down else 0
    lines = [f"The database was away for {seconds:.0f} s, from its renaming until the other one was available"] * down
    return ["Cut-over", *(rows or ["  was done before"]), *lines]
