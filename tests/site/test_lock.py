# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One run at a time: who holds the lock, how long, how it is given back, taken over and taken away.

Each story has an environment of its own, so that all of them happen at once.
"""

from __future__ import annotations

import functools
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _lock, _wait
from ansible_collections.uex.payments.tests.site.conftest import SAMPLED
from ansible_collections.uex.payments.tests.site.holding import DEADLINE, Holding, fence_of, lock_of
from ansible_collections.uex.payments.tests.site.playbook import CHECK, FORCE_UNLOCK, Site, side_by_side

#: Short, and long enough for four beats of a run on a machine that is busy.
EXPIRY = 12
#: Over before the next run has started, and far longer than the tests.
SHORT, LONG = 4, 600
LONGEST_REFUSAL_SECONDS = 5.0
FAILED, INTERRUPTED = 2, 99
#: How runs end, and with which status.
ENDS: dict[str, tuple[Callable[[Holding], Any], int]] = {
    "well": (lambda run: run.done(), 0),
    "interrupted": (lambda run: run.process.send_signal(signal.SIGINT), INTERRUPTED),
    "terminated": (lambda run: run.process.send_signal(signal.SIGTERM), INTERRUPTED),
    "failing": (lambda run: None, FAILED),
}

Start = Callable[..., Holding]


@pytest.fixture(scope="module")
def start(bootstrapped: Site) -> Iterator[Start]:
    """Start a run that holds the lock of an environment."""
    runs: list[Holding] = []

    def begin(environment: str, *arguments: str, **variables: Any) -> Holding:
        runs.append(Holding(bootstrapped, environment, *arguments, **variables))
        return runs[-1]

    yield begin
    for run in runs:
        run.end()


def story_of_an_end(site: Site, start: Start, how: str) -> dict[str, Any]:
    """A run that ends so, with the lock that it held and its status."""
    run = start(how, hold_seconds=1 if how == "failing" else LONG)
    held = run.locked()
    ENDS[how][0](run)
    return {"run": run, "held": held, "status": run.status()}


def story_of_two(site: Site, start: Start) -> dict[str, Any]:
    """A run, and what happens meanwhile: a second one, a check, a wrong id, then the right one."""
    first = start("shared", stack_lock_expiry=EXPIRY)
    held = first.locked()
    second = start("shared")
    refused = second.status()
    check = start("shared", CHECK)
    story = {"held": held, "second": second, "refused": refused, "checked": check.status()}
    story["wrong"] = site.play(FORCE_UNLOCK, SAMPLED, stack_environment="shared", force_unlock="nobody")
    _wait.until(time.time, lambda now: now > held.expires + 1, "expiry", DEADLINE, 0.2)
    story["later"] = lock_of(site, "shared")
    story["right"] = site.play(FORCE_UNLOCK, SAMPLED, stack_environment="shared", force_unlock=held.owner)
    return {**story, "stopped": first.status(), "first": first, "left": lock_of(site, "shared")}


def story_of_a_killed_run(site: Site, start: Start, environment: str, expiry: int) -> dict[str, Any]:
    """A run that is killed, and the lock that it leaves."""
    run = start(environment, stack_lock_expiry=expiry)
    held = run.locked()
    run.process.kill()
    run.process.wait()
    return {"held": held, "left": lock_of(site, environment)}


def story_of_one_too_soon(site: Site, start: Start) -> dict[str, Any]:
    story = story_of_a_killed_run(site, start, "fresh", LONG)
    soon = start("fresh")
    return {**story, "soon": soon, "status": soon.status()}


def story_of_one_late_enough(site: Site, start: Start) -> dict[str, Any]:
    story = story_of_a_killed_run(site, start, "stale", SHORT)
    _wait.until(time.time, lambda now: now > story["left"].expires + 1, "expiry", DEADLINE, 0.2)
    late = start("stale").done()
    return {**story, "late": late, "status": late.status()}


def story_of_a_silent_run(site: Site, start: Start) -> dict[str, Any]:
    run = start("silent", callbacks="oneline")
    return {"run": run, "status": run.status()}


@pytest.fixture(scope="module")
def stories(bootstrapped: Site, start: Start) -> dict[str, dict[str, Any]]:
    """All of them, the longest first."""
    tell: dict[str, Callable[[Site, Start], dict[str, Any]]] = {
        "two": story_of_two,
        "late enough": story_of_one_late_enough,
        "too soon": story_of_one_too_soon,
        **{how: functools.partial(story_of_an_end, how=how) for how in ENDS},
        "silent": story_of_a_silent_run,
    }
    return side_by_side(lambda name: tell[name](bootstrapped, start), tell)


@pytest.mark.parametrize("how", ENDS)
def test_the_lock_is_released_however_a_run_ends(
    bootstrapped: Site, stories: dict[str, dict[str, Any]], how: str
) -> None:
    run, held, status = (stories[how][part] for part in ("run", "held", "status"))
    assert status == ENDS[how][1], run.output
    assert held.what == "ansible-playbook tests/site/hold.yml -i inventories/dev -i inventories/embedded"
    assert lock_of(bootstrapped, run.environment) is None
    assert fence_of(bootstrapped, run.environment) == held.fence == 1


# While one holds it


@pytest.fixture
def two(stories: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return stories["two"]


def acquisitions(site: Site, environment: str) -> list[dict[str, Any]]:
    """The calls that asked for the lock of an environment."""
    asked = [each for each in site.calls() if "ADD #fence" in str(each["request"].get("UpdateExpression"))]
    return [each for each in asked if each["request"]["Key"]["id"]["S"] == f"uex-payments/{environment}"]


def test_a_second_run_stops_at_once_and_names_the_holder(bootstrapped: Site, two: dict[str, Any]) -> None:
    held, second = two["held"], two["second"]
    assert two["refused"] == FAILED
    assert second.ended - acquisitions(bootstrapped, "shared")[1]["time"] < LONGEST_REFUSAL_SECONDS
    unlock = "ansible-playbook playbooks/force_unlock.yml -i inventories/dev -i inventories/embedded"
    for words in (
        f"uex-payments/shared is locked by {held.user} (process {held.pid})",
        held.what,
        _lock.clock(held.since),
        "expires",
        f"{unlock} -e force_unlock={held.owner}",
    ):
        assert words in second.said


def test_a_check_neither_waits_for_a_lock_nor_takes_it(bootstrapped: Site, two: dict[str, Any]) -> None:
    assert two["checked"] == 0
    assert [each["status"] for each in acquisitions(bootstrapped, "shared")] == [200, 400]


def test_a_run_keeps_its_lock_beyond_the_expiry(two: dict[str, Any]) -> None:
    held, later = two["held"], two["later"]
    assert (later.owner, later.fence, later.since) == (held.owner, held.fence, held.since)
    assert later.expires > held.expires


def test_a_wrong_id_releases_nothing_and_says_who_holds_the_lock(two: dict[str, Any]) -> None:
    wrong = two["wrong"]
    assert wrong.code == FAILED
    for words in ("'nobody' does not hold the lock", two["held"].user, two["held"].owner):
        assert words in wrong.output


def test_the_right_id_releases_the_lock_and_stops_its_run(two: dict[str, Any]) -> None:
    right = two["right"].succeeded()
    assert f"released: uex-payments/shared is locked by {two['held'].user}" in right.output
    assert two["stopped"] == INTERRUPTED
    assert "The lock of uex-payments/shared was released by force: this run is stopped" in two["first"].said
    assert two["left"] is None


# When its holder is gone


def test_a_killed_run_s_lock_is_not_taken_before_it_expires(stories: dict[str, dict[str, Any]]) -> None:
    story = stories["too soon"]
    assert story["left"] == story["held"]
    assert story["status"] == FAILED
    assert f"process {story['held'].pid}" in story["soon"].said


def test_a_killed_run_s_lock_is_taken_over_once_it_has_expired(
    bootstrapped: Site, stories: dict[str, dict[str, Any]]
) -> None:
    story = stories["late enough"]
    assert story["status"] == 0, story["late"].output
    assert f"taken over from {story['held'].user} (process {story['held'].pid})" in story["late"].said
    assert fence_of(bootstrapped, "stale") == story["held"].fence + 1


def test_a_run_without_the_callback_is_refused(bootstrapped: Site, stories: dict[str, dict[str, Any]]) -> None:
    run = stories["silent"]["run"]
    assert stories["silent"]["status"] == FAILED
    assert "callbacks_enabled = uex.payments.lifecycle" in run.said
    assert lock_of(bootstrapped, "silent") is None
