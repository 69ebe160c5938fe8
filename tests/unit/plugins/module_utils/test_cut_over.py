# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _cut_over, _restore
from ansible_collections.uex.payments.plugins.module_utils._cut_over import Login, Names, Seen
from ansible_collections.uex.payments.plugins.module_utils._restore import Refused

R, B = "db-restored-20261127-120000", "db-before-20261127-120000"
NAMES = Names("db", R)
AT = "2026-11-27T12:30:00Z"
MARKED = {"db": {_restore.CUT_OVER_AT: AT, _restore.MOMENT: "2026-11-27T12:00:00Z"}, B: {_restore.REPLACED_AT: AT}}


def moment(minute: int) -> datetime.datetime:
    return datetime.datetime(2026, 11, 27, 12, minute, tzinfo=datetime.UTC)


def instance(status: str = "available", replicas: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"DBInstanceStatus": status, "ReadReplicaDBInstanceIdentifiers": list(replicas)}


def seen(instances: dict[str, Any], tags: Any = None, services: Any = (), login: Login = Login()) -> Seen:  # noqa: B008
    return Seen(instances, {**{name: {} for name in instances}, **(tags or {})}, services, login)


def service(name: str, minute: int, desired: int = 2) -> dict[str, Any]:
    return {"serviceName": name, "desiredCount": desired, "deployments": [{"createdAt": moment(minute)}]}


OVER = {"db": instance(), B: instance()}


@pytest.mark.parametrize(
    ("state", "what", "names"),
    [
        (seen({"db": instance(), R: instance("creating")}), _cut_over.WAIT, (R,)),
        (seen({"db": instance("backing-up"), R: instance()}), _cut_over.WAIT, ("db",)),
        (seen({"db": instance(), R: instance()}), _cut_over.RENAME_AWAY, ("db", B)),
        (seen({"db": instance("failed"), R: instance()}), _cut_over.RENAME_AWAY, ("db", B)),
        (seen({R: instance(), B: instance("renaming")}), _cut_over.WAIT, (B,)),
        (seen({R: instance(), B: instance()}), _cut_over.RENAME, (R, "db")),
        (seen({R: instance()}), _cut_over.RENAME, (R, "db")),
        (seen({B: instance()}), _cut_over.WAIT, ("db",)),
        (seen(OVER), _cut_over.MARK, ("db", B)),
        (seen({"db": instance()}), _cut_over.MARK, ("db",)),
        (
            seen({"db": instance(), B: instance("available", ("r1", "gone")), "r1": instance()}, MARKED),
            _cut_over.END_REPLICAS,
            ("r1",),
        ),
        (
            seen({"db": instance(), B: instance("available", ("r1",)), "r1": instance("deleting")}, MARKED),
            _cut_over.WAIT,
            ("r1",),
        ),
        (seen(OVER, MARKED, login=Login(moment(10), True)), _cut_over.ROTATE, ()),
        (seen(OVER, MARKED, login=Login(moment(10), False)), _cut_over.DONE, ()),
        (seen(OVER, MARKED, login=Login(moment(40), True)), _cut_over.DONE, ()),
        (seen(OVER, MARKED, [service("a", 10), service("b", 40), service("c", 10, 0)]), _cut_over.REDEPLOY, ("a",)),
        (seen(OVER, MARKED, [service("a", 40)]), _cut_over.DONE, ()),
    ],
)
def test_every_state_has_its_next_step(state: Seen, what: str, names: tuple[str, ...]) -> None:
    step = _cut_over.step(NAMES, state)
    assert (step.what, step.names) == (what, names)
    assert step.words


def test_three_of_one_moment_are_refused() -> None:
    with pytest.raises(Refused, match="rename or delete the last one"):
        _cut_over.step(NAMES, seen({"db": instance(), R: instance(), B: instance()}))


def applied(tags: dict[str, dict[str, str]], names: Names, now: str) -> dict[str, dict[str, str]]:
    """The tags after a cut-over has been marked."""
    live, aside, lost = _cut_over.tagged(names, seen(dict.fromkeys(tags, instance()), tags), now)
    added = {names.live: live, names.aside: aside}
    return {name: {**{k: v for k, v in tags[name].items() if k != lost[name]}, **added[name]} for name in tags}


def test_a_way_there_back_and_there_again_is_marked_each_time() -> None:
    tags: dict[str, dict[str, str]] = {"db": {_restore.MOMENT: "m"}, B: {}}
    there = applied(tags, NAMES, "1")
    assert _cut_over.marks(seen(OVER, there), NAMES)
    back = {"db": there[B], R: there["db"]}
    assert not _cut_over.marks(seen({"db": instance(), R: instance()}, back), Names("db", B))
    back = applied(back, Names("db", B), "2")
    assert back["db"] == {_restore.CUT_OVER_AT: "2", _restore.LOGINS_OF: "1"}
    again = {"db": back[R], B: back["db"]}
    assert not _cut_over.marks(seen(OVER, again), NAMES)
    assert applied(again, NAMES, "3")["db"][_restore.LOGINS_OF] == "2"


@pytest.mark.parametrize(
    ("state", "lines"),
    [
        (seen({"db": instance(replicas=("r1",)), R: instance()}, services=[service("a", 1)]), 4),
        (seen({"db": instance()}), 2),
        (seen({R: instance()}), 1),
        (seen(OVER, MARKED), 0),
        (seen(OVER, MARKED, [service("a", 1)]), 1),
    ],
    ids=["all", "still to be restored", "nothing in use", "done", "services left"],
)
def test_what_would_be_done_is_said(state: Seen, lines: int) -> None:
    assert len(_cut_over.foreseen(NAMES, state)) == lines


def test_the_table_says_how_long_the_database_was_away() -> None:
    steps = [
        {"at": "2026-11-27T12:30:00+00:00", "what": _cut_over.RENAME_AWAY, "words": "a"},
        {"at": "2026-11-27T12:34:00+00:00", "what": _cut_over.MARK, "words": "b"},
    ]
    assert _cut_over.table({"steps": steps})[-1].startswith("The database was away for 240 s")
    assert _cut_over.table({"steps": []}) == ["Cut-over", "  was done before"]
