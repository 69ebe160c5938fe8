# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The one clock loop of the collection; what is waited for is a predicate of the caller's."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class TimedOut(Exception):
    """The deadline passed; the message says what was waited for and how long."""


def until(
    check: Callable[[], T],
    done: Callable[[T], bool],
    what: str,
    deadline: float,
    pause: float = 5.0,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """Call C(check) until C(done) of its value, which is returned; C(deadline) and C(pause) in seconds. Or TimedOut."""
    start = clock()
    while True:
        value = check()
        if done(value):
            return value
        if clock() - start >= deadline:
            raise TimedOut(f"{what} was not reached within {deadline:g} s")
        sleep(pause)
