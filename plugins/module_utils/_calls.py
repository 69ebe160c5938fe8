# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Calls that need patience, or that report failures inside a success."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from . import _wait
from ._errors import code_of

T = TypeVar("T")


class Refused(Exception):
    """What a batch operation could not do to one resource; carries AWS's code as botocore's errors do."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(str(error.get("Message", "")))
        self.response = {"Error": dict(error)}


def demand_success(response: Mapping[str, Any], *ignored: str) -> None:
    """Raise Refused for the first entry of C(Unsuccessful) whose code isn't one of C(ignored)."""
    for entry in response.get("Unsuccessful") or []:
        if entry["Error"].get("Code") not in ignored:
            raise Refused(entry["Error"])


def patiently(call: Callable[[], T], excuse: Callable[[Exception], bool], deadline: float, pause: float = 5.0) -> T:
    """The call's value, tried again while its error is excused; C(deadline) and C(pause) in seconds. Then the error."""
    errors: list[Exception] = []

    def attempt() -> list[T]:
        try:
            return [call()]
        except Exception as error:
            errors.append(error)
            if excuse(error):
                return []
            raise

    try:
        return _wait.until(attempt, bool, "success", deadline, pause)[0]
    except _wait.TimedOut:
        raise errors[-1] from None


def has_code(*codes: str) -> Callable[[Exception], bool]:
    """An excuse: AWS's error code is one of these."""
    return lambda error: code_of(error) in codes
