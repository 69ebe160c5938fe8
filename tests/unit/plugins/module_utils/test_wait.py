# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _wait


class Clock:
    """Time that passes only while somebody sleeps; the check's value is the time."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def until(self, reached: float, deadline: float, pause: float = 5.0) -> float:
        return _wait.until(
            self.time, lambda now: now >= reached, "the hour", deadline, pause, clock=self.time, sleep=self.sleep
        )


def test_what_is_so_already_is_not_waited_for() -> None:
    clock = Clock()
    assert clock.until(reached=0, deadline=0) == 0
    assert clock.slept == []


def test_it_looks_again_after_each_pause_and_returns_the_value() -> None:
    clock = Clock()
    assert clock.until(reached=12, deadline=60) == 15
    assert clock.slept == [5.0, 5.0, 5.0]


def test_a_deadline_that_passes_names_what_was_awaited_and_how_long() -> None:
    clock = Clock()
    with pytest.raises(_wait.TimedOut, match=r"^the hour was not reached within 10 s$"):
        clock.until(reached=11, deadline=10)
    assert clock.slept == [5.0, 5.0]


def test_it_looks_once_more_when_the_deadline_has_come() -> None:
    assert Clock().until(reached=10, deadline=10) == 10


def test_an_error_of_the_check_passes() -> None:
    with pytest.raises(ZeroDivisionError):
        _wait.until(lambda: 1 / 0, bool, "infinity", 1)
