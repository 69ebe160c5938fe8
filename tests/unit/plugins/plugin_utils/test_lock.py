# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a run takes, keeps, loses and releases its lock, with a DynamoDB and a clock that the test holds."""

from __future__ import annotations

import os
import subprocess
import sys
from email.utils import formatdate
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _lock
from ansible_collections.uex.payments.plugins.plugin_utils import lock
from ansible_collections.uex.payments.plugins.plugin_utils.session import Session
from ansible_collections.uex.payments.tests.support.fake import Refused

PLACE = _lock.Place("locks", "uex-payments/dev")
ARGUMENTS = {"table": PLACE.table, "name": PLACE.name, "expiry": 120}
#: DynamoDB's time, far from this machine's.
SERVICE = 4_000_000_000
EXPIRY = 120
#: What the task that took the lock says.
OUTCOME = {"fence": 1, "now": SERVICE, "account_id": "123456789012", "state_bucket": "state"}


def item(owner: str, fence: int = 7) -> dict[str, Any]:
    texts = {"owner": owner, "user": "bob@desk", "what": "x"}
    numbers = {"pid": 9, "since": SERVICE, "expires": SERVICE + EXPIRY, "fence": fence}
    return {name: {"S": text} for name, text in texts.items()} | {name: {"N": str(n)} for name, n in numbers.items()}


class Table:
    """Answers with C(held) or raises C(error), and notes what it was asked."""

    def __init__(self) -> None:
        self.time = SERVICE
        self.held: dict[str, Any] | None = None
        self.error: Exception | None = None
        self.updates: list[dict[str, Any]] = []

    def _answer(self, **content: Any) -> dict[str, Any]:
        date = formatdate(self.time, usegmt=True)
        return {"ResponseMetadata": {"HTTPHeaders": {"date": date}}, **content}

    def get_item(self, **request: Any) -> dict[str, Any]:
        return self._answer(**({"Item": self.held} if self.held else {}))

    def update_item(self, **request: Any) -> dict[str, Any]:
        self.updates.append(request)
        if self.error is not None:
            raise self.error
        return self._answer(Attributes=self.held or item(request["ExpressionAttributeValues"][":id"]["S"]))

    def values(self) -> dict[str, str]:
        """What the last update was given."""
        given = self.updates[-1]["ExpressionAttributeValues"]
        return {name: next(iter(value.values())) for name, value in given.items()}


def not_met(held: dict[str, Any] | None) -> Refused:
    error = Refused(_lock.REFUSED)
    error.response |= {"Item": held} if held else {}
    return error


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Kept:
    """A keeper that has its lock, beside everything that it works on; its threads wait for C(EXPIRY) in vain."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.table, self.clock = Table(), Clock()
        self.clients = 0
        self.stopped: list[str] = []
        monkeypatch.setattr(Session, "client", self._client)
        self.keeper = lock.Keeper(Session({}, {}), PLACE, EXPIRY, self.stopped.append, self.clock)
        self.keeper.took({**OUTCOME, "begun": self.clock(), "fence": 7})

    def _client(self, *_: Any, **__: Any) -> Table:
        self.clients += 1
        return self.table


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Any:
    found = Kept(monkeypatch)
    yield found
    found.keeper.release()


def test_the_farewell_comes_while_the_lock_is_held_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, seen = Kept(monkeypatch), []
    kept.keeper._farewell = lambda keeper: seen.append((keeper.fence, keeper.bucket, len(kept.table.updates)))
    kept.keeper.release()
    kept.keeper.release()
    assert seen == [(7, "state", 0)]
    assert len(kept.table.updates) == 1


def test_a_lock_is_taken_by_dynamodb_s_time_and_not_by_this_machine_s() -> None:
    table, me = Table(), lock.myself()
    taken, before = lock.acquire(table, PLACE, me, EXPIRY)
    assert (taken.owner, before) == (me.id, None)
    assert table.values()[":now"] == str(SERVICE)
    assert table.values()[":expires"] == str(SERVICE + EXPIRY)


def test_a_lock_that_is_held_raises_its_holder() -> None:
    table = Table()
    table.held, table.error = item("other"), not_met(item("other"))
    with pytest.raises(lock.Locked) as caught:
        lock.acquire(table, PLACE, lock.myself(), EXPIRY)
    assert (caught.value.holder.user, caught.value.now) == ("bob@desk", SERVICE)


def test_a_request_that_was_sent_twice_has_taken_the_lock() -> None:
    table, me = Table(), lock.myself()
    table.error = not_met(item(me.id))
    taken, _before = lock.acquire(table, PLACE, me, EXPIRY)
    assert taken.fence == 7


def test_any_other_error_is_an_error() -> None:
    table = Table()
    table.error = Refused("AccessDeniedException")
    with pytest.raises(Refused):
        lock.acquire(table, PLACE, lock.myself(), EXPIRY)


def test_a_lock_taken_over_says_from_whom() -> None:
    table, me = Table(), lock.myself()
    table.get_item = lambda **request: table._answer(Item=item("gone"))  # type: ignore[method-assign]
    _taken, before = lock.acquire(table, PLACE, me, EXPIRY)
    assert before and before.owner == "gone"


def test_a_beat_extends_the_lock_by_dynamodb_s_time(kept: Kept) -> None:
    kept.clock.seconds += 30
    kept.table.time = SERVICE + 33  # this machine's clock is slow
    kept.keeper.beat()
    assert kept.table.values()[":expires"] == str(SERVICE + 30 + EXPIRY)
    kept.clock.seconds += 30
    kept.keeper.beat()
    assert kept.table.values()[":expires"] == str(SERVICE + 63 + EXPIRY)
    assert kept.stopped == []
    assert kept.clients == 1


@pytest.mark.parametrize("held", [None, item("other")])
def test_a_lost_lock_stops_the_run_once(kept: Kept, held: Any) -> None:
    kept.table.error = not_met(held)
    kept.keeper.beat()
    kept.keeper.beat()
    assert len(kept.stopped) == 1
    assert ("bob@desk" in kept.stopped[0]) is bool(held)


def test_a_lost_lock_is_not_released(kept: Kept) -> None:
    kept.table.error = not_met(None)
    kept.keeper.beat()
    asked = len(kept.table.updates)
    kept.keeper.release()
    assert len(kept.table.updates) == asked


def test_a_failed_beat_is_tried_again_with_a_new_client(kept: Kept) -> None:
    kept.table.error = Refused("ExpiredTokenException")
    kept.keeper.beat()
    kept.table.error = None
    kept.keeper.beat()
    assert kept.stopped == []
    assert kept.clients == 2


@pytest.mark.parametrize(("waited", "stops"), [(0, False), (89, False), (90, True), (500, True)])
def test_a_run_is_stopped_before_its_unrenewed_lock_expires(kept: Kept, waited: float, stops: bool) -> None:
    kept.clock.seconds += waited
    kept.keeper.watch()
    assert bool(kept.stopped) is stops


def test_a_lock_s_life_begins_with_its_request_and_not_with_its_keeper(kept: Kept) -> None:
    keeper = lock.Keeper(Session({}, {}), PLACE, EXPIRY, kept.stopped.append, kept.clock)
    kept.clock.seconds += 300
    keeper.took({**OUTCOME, "begun": kept.clock() - 60})
    kept.clock.seconds += 29
    keeper.watch()
    assert kept.stopped == []
    kept.clock.seconds += 1
    keeper.watch()
    assert len(kept.stopped) == 1


def test_a_renewal_counts_from_its_request(kept: Kept) -> None:
    kept.clock.seconds += 60
    kept.keeper.beat()
    kept.clock.seconds += 89
    kept.keeper.watch()
    assert kept.stopped == []


def test_a_lock_is_released_once_by_owner_and_fence(kept: Kept) -> None:
    kept.keeper.release()
    kept.keeper.release()
    (request,) = kept.table.updates
    assert request["UpdateExpression"].startswith("REMOVE")
    assert kept.table.values() == {":id": kept.keeper.owner.id, ":fence": "7"}


def test_a_beat_that_comes_after_the_release_stops_nothing(kept: Kept) -> None:
    kept.keeper.release()
    kept.table.error = not_met(None)
    kept.keeper.beat()
    assert kept.stopped == []


def test_a_task_s_process_releases_nothing(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getpid", lambda: kept.keeper.owner.pid + 1)
    kept.keeper.release()
    assert kept.table.updates == []
    monkeypatch.undo()


def test_a_release_that_fails_says_when_the_lock_expires(kept: Kept, capsys: Any) -> None:
    kept.table.error = Refused("AccessDeniedException")
    kept.keeper.release()
    said = " ".join(capsys.readouterr().err.split())
    assert "AccessDeniedException" in said
    assert "expires by itself within 120 s" in said


def test_a_run_that_never_had_the_lock_says_nothing_of_a_release(monkeypatch: Any, capsys: Any) -> None:
    table = Table()
    table.error = Refused(_lock.NO_TABLE)
    monkeypatch.setattr(Session, "client", lambda *_, **__: table)
    lock.Keeper(Session({}, {}), PLACE, EXPIRY).release()
    assert capsys.readouterr().err == ""


def test_a_lock_that_the_task_did_not_tell_of_is_released_by_its_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table()
    monkeypatch.setattr(Session, "client", lambda *_, **__: table)
    lock.Keeper(Session({}, {}), PLACE, EXPIRY).release()
    assert ":fence" not in table.values()


# What the callback calls


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Table:
    """No keeper yet; the exit of the tests' own process stays as it is."""
    table = Table()
    monkeypatch.setattr(lock, "_keepers", [])
    monkeypatch.setattr(lock.atexit, "register", lambda function: None)  # type: ignore[attr-defined]
    monkeypatch.setattr(Session, "client", lambda *_, **__: table)
    return table


def test_one_keeper_is_prepared_for_all_plays_of_a_run(alone: Table) -> None:
    assert lock.keeper() is None
    lock.prepare(Session({}, {}), ARGUMENTS)
    first = lock.keeper()
    lock.prepare(Session({}, {}), ARGUMENTS)
    assert first and lock.keeper() is first
    lock.took({**OUTCOME, "begun": lock.seconds(), "fence": 3})
    lock.took({**OUTCOME, "begun": lock.seconds(), "fence": 4})
    assert first.fence == 3
    lock.release()
    assert len(alone.updates) == 1


def test_a_playbook_that_follows_takes_a_lock_of_its_own(alone: Table) -> None:
    lock.prepare(Session({}, {}), ARGUMENTS)
    first = lock.keeper()
    lock.release()
    lock.prepare(Session({}, {}), ARGUMENTS)
    assert lock.keeper() is not first
    lock.release()


def test_a_lock_without_a_life_of_its_own_has_the_usual_one(alone: Table) -> None:
    lock.prepare(Session({}, {}), {name: ARGUMENTS[name] for name in ("table", "name")})
    found = lock.keeper()
    assert found and found.expiry == _lock.EXPIRY
    lock.release()


def test_a_lock_whose_task_was_left_out_is_not_released(alone: Table) -> None:
    lock.prepare(Session({}, {}), ARGUMENTS)
    lock.forget()
    lock.release()
    assert alone.updates == []


def test_a_lock_that_is_held_is_not_forgotten(alone: Table) -> None:
    lock.prepare(Session({}, {}), ARGUMENTS)
    lock.took({**OUTCOME, "begun": lock.seconds(), "fence": 2})
    lock.forget()
    lock.release()
    assert len(alone.updates) == 1


def test_without_a_keeper_there_is_nothing_to_release(alone: Table) -> None:
    lock.release()
    lock.took({**OUTCOME, "begun": lock.seconds(), "fence": 1})
    assert alone.updates == []


# How a run ends


STOPPED = """
import multiprocessing, os, signal, sys, threading, time
from ansible_collections.uex.payments.plugins.plugin_utils import lock
signal.signal(signal.SIGINT, signal.default_int_handler)  # where tests run in the background it is ignored
lock.GRACE = 1 if sys.argv[1] == "deaf" else 4  # what listens has as long again to end
def work():
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    time.sleep(60)
worker = multiprocessing.get_context("fork").Process(target=work)
worker.start()
if sys.argv[1] == "deaf":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
try:
    threading.Thread(target=lock.stop_run, args=("lost",), daemon=True).start()
    time.sleep(60)
except KeyboardInterrupt:
    lock.end_workers()
    os._exit(99)
"""


@pytest.mark.parametrize(("how", "status"), [("listens", 99), ("deaf", 1)])
def test_a_stopped_run_ends_with_its_workers(how: str, status: int) -> None:
    command = [sys.executable, "-c", STOPPED, how]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, "lost" in done.stderr) == (status, True)


@pytest.mark.parametrize(("path", "shown"), [("inventories/dev", "inventories/dev"), ("/elsewhere/x", "/elsewhere/x")])
def test_a_path_is_short_where_it_can_be(path: str, shown: str) -> None:
    assert lock.near(os.path.abspath(path)) == shown
