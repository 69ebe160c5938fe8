# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Failures at a chosen place of a rotation, before or after the effect of what is done there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
CANARY = "canary-7Gh2"  #: stands for a value that somebody else's error quotes


class Broken(Exception):
    """The failure."""

    def __init__(self) -> None:
        super().__init__(f"password={CANARY}")


class Counter:
    """Counts calls of several functions, and breaks the one with the number C(at), before or after its effect."""

    def __init__(self, at: int | None = None, after: bool = False) -> None:
        self.at, self.after, self.calls = at, after, 0

    def wrap(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **given: Any) -> Any:
            self.calls += 1
            hit = self.calls - 1 == self.at
            if hit and not self.after:
                raise Broken
            result = function(*args, **given)
            if hit:
                raise Broken
            return result

        return wrapped


@contextmanager
def counted(counter: Counter, *places: tuple[Any, str]) -> Iterator[Counter]:
    """Let C(counter) stand before the functions with these names of these objects."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in places:
            patch.setattr(owner, name, counter.wrap(getattr(owner, name)))
        yield counter


def at_step(step: str, after: bool) -> Callable[[str, Callable[[], None]], None]:
    """For C(Account.fail): the step breaks."""

    def fail(called: str, do: Callable[[], None]) -> None:
        if called == step and not after:
            raise Broken
        do()
        if called == step:
            raise Broken

    return fail
