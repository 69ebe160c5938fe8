# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How long the barrier looks, what it shows meanwhile and how it ends."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.action import stack_wait
from ansible_collections.uex.payments.plugins.module_utils import _barrier, _wait
from ansible_collections.uex.payments.tests.support import plugins

Barrier = Callable[..., tuple[dict[str, Any], Any]]


def state(name: str, status: str, state: str, kind: str = "nat_gateways") -> dict[str, str]:
    return {"kind": kind, "name": name, "status": status, "state": state}


def looks(*entries: dict[str, str]) -> dict[str, Any]:
    return {"changed": False, "states": list(entries)}


READY = looks(state("nat-a", "available", _barrier.READY))
PENDING = looks(state("nat-a", "pending", _barrier.PENDING))
BOTH = looks(state("nat-a", "pending", _barrier.PENDING), state("db", "creating", _barrier.PENDING, "db_instances"))
FAILED = looks(state("nat-a", "failed", _barrier.FAILED), state("db", "creating", _barrier.PENDING, "db_instances"))


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def barrier(monkeypatch: pytest.MonkeyPatch) -> Barrier:
    """Run the action with what the module finds, look by look; the last of them repeats."""
    clock = Clock()
    monkeypatch.setattr(stack_wait, "time", SimpleNamespace(monotonic=clock))
    until = functools.partial(_wait.until, clock=clock, sleep=clock.sleep)
    monkeypatch.setattr(stack_wait, "_wait", SimpleNamespace(until=until))

    def run(*found: dict[str, Any], check_mode: bool = False) -> tuple[dict[str, Any], Any]:
        rest = list(found)
        monkeypatch.setattr(stack_wait, "run_module", lambda action, task_vars: rest.pop(0) if rest[1:] else rest[0])
        action = plugins.action(stack_wait.ActionModule, {}, check_mode)
        return action.run(task_vars={}), action

    return run


def test_what_is_ready_is_not_waited_for(barrier: Barrier) -> None:
    result, action = barrier(READY)
    assert (result["states"], result["seconds"], action.shown) == (READY["states"], 0.0, [])
    assert not result.get("failed")


def test_it_looks_again_until_nothing_is_pending(barrier: Barrier) -> None:
    result, action = barrier(PENDING, PENDING, READY)
    assert (result["states"], result["seconds"]) == (READY["states"], 2 * stack_wait.PAUSE)
    assert [line.split(maxsplit=3)[3] for line in action.shown] == ["NAT gateway nat-a: pending (usually 1-3 min)"]


def test_what_is_awaited_is_shown_when_it_changes_and_once_a_minute(barrier: Barrier) -> None:
    _result, action = barrier(BOTH, *[PENDING] * 13, READY)
    shown = [line.split(maxsplit=3)[1:] for line in action.shown]
    assert [(int(seconds), text.split(":")[0]) for seconds, _unit, text in shown] == [
        (0, "NAT gateway nat-a"),
        (0, "DB instance db"),
        (10, "NAT gateway nat-a"),
        (70, "NAT gateway nat-a"),
        (130, "NAT gateway nat-a"),
    ]


def test_what_failed_ends_the_wait_at_once(barrier: Barrier) -> None:
    result, _action = barrier(BOTH, FAILED)
    assert (result["failed"], result["seconds"]) == (True, stack_wait.PAUSE)
    assert result["msg"].startswith("nat-a: failed (")


def test_what_is_overdue_ends_the_wait_with_its_kind_s_deadline(barrier: Barrier) -> None:
    result, _action = barrier(BOTH)
    deadline = _barrier.SLOW["nat_gateways"].deadline
    assert (result["failed"], result["seconds"]) == (True, deadline + stack_wait.PAUSE)
    assert result["msg"].startswith("NAT gateway nat-a is pending after 610 s (")


def test_a_module_s_own_error_is_passed_on(barrier: Barrier) -> None:
    result, _action = barrier({"failed": True, "msg": "AccessDenied"})
    assert (result["failed"], result["msg"], result["seconds"]) == (True, "AccessDenied", 0.0)


@pytest.mark.parametrize("found", [PENDING, FAILED])
def test_a_check_looks_once(found: dict[str, Any], barrier: Barrier) -> None:
    result, action = barrier(found, check_mode=True)
    assert (result["states"], result["seconds"], action.shown) == (found["states"], 0.0, [])
    assert not result.get("failed")
