# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How ECS deployments pass in the embedded AWS: how long stages last, where one is held, what hooks answer, what ends.

At once, unless the environment or C(POST /embedded-aws/deployments) says otherwise, for all services or for one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from .extensions._ecs_rollout import FAILED, PLACES, SUCCEEDED
from .steering import Steering, ask

PATH = "/embedded-aws/deployments"
EVERY = "*"
#: Variables of the environment with the numbers of seconds, and what holds without them.
SECONDS = {
    "stage_seconds": ("EMBEDDED_AWS_STAGE_SECONDS", 0.0),
    "bake_minute_seconds": ("EMBEDDED_AWS_BAKE_MINUTE_SECONDS", 0.0),
    "hook_minute_seconds": ("EMBEDDED_AWS_HOOK_MINUTE_SECONDS", 60.0),
}
ANSWERS = (SUCCEEDED, FAILED, "IN_PROGRESS")
#: What was asked for, by the name of the service.
STEERED: dict[str, dict[str, Any]] = {}
#: Seconds since 1970; tests put their own in its place.
clock = time.time


class Pace(NamedTuple):
    """How a service's deployments pass."""

    stage_seconds: float = 0.0
    bake_minute_seconds: float = 0.0
    hook_minute_seconds: float = 60.0
    hold: tuple[str, ...] = ()
    hooks: Mapping[str, str] = {}
    exit_code: int | None = None


def pace(service: str) -> Pace:
    """How that service's deployments pass now."""
    given = {name: float(os.environ.get(variable) or default) for name, (variable, default) in SECONDS.items()}
    steered = {**STEERED.get(EVERY, {}), **STEERED.get(service, {})}
    return Pace(**{**given, **steered, "hold": tuple(steered.get("hold", ()))})


def problem(name: str, value: Any) -> str | None:
    """What is wrong with a setting, or None; null takes a setting back."""
    if name not in Pace._fields:
        return f"{name} is none of service, {', '.join(Pace._fields)}"
    if value is None:
        return None
    if name == "hold":
        wrong = [place for place in value if str(place).partition("@")[0] not in PLACES]
        return f"hold: {', '.join(map(str, wrong))} is none of {', '.join(PLACES)}" if wrong else None
    if name == "hooks":
        wrong = [answer for answer in value.values() if answer not in ANSWERS]
        return f"hooks: {', '.join(map(str, wrong))} is none of {', '.join(ANSWERS)}" if wrong else None
    if name == "exit_code":
        return None if value in range(256) else "exit_code is no number from 0 to 255"
    known = isinstance(value, int | float) and value >= 0
    return None if known else f"{name} is no number of seconds"


def remember(service: str, settings: Mapping[str, Any]) -> None:
    """Steer the deployments of a service, or of every one. Raises ValueError for a setting that is none."""
    problems = [found for name, value in settings.items() if (found := problem(name, value))]
    if problems:
        raise ValueError("; ".join(problems))
    kept = {**STEERED.get(service, {}), **settings}
    STEERED[service] = {name: value for name, value in kept.items() if value is not None}


def steer(port: int, service: str = EVERY, **settings: Any) -> None:
    """Ask the emulator on C(port) for these settings. Raises urllib.error.HTTPError for one that is none."""
    ask(port, PATH, "POST", {"service": service, **settings})


def reset(port: int) -> None:
    """Let all deployments of the emulator on C(port) pass at once again."""
    ask(port, PATH, "DELETE")


class Deployments(Steering):
    """The path at which deployments are steered: GET shows, POST changes, DELETE forgets."""

    path = PATH

    def answer(self, method: str, given: Callable[[], Any]) -> tuple[str, Any]:
        """Do what the request asks; status and what holds afterwards, or what is wrong."""
        try:
            return super().answer(method, given)
        except (ValueError, TypeError, AttributeError) as error:
            return "400 Bad Request", {"message": str(error)}

    def forget(self) -> None:
        STEERED.clear()

    def take(self, given: Any) -> None:
        remember(given.pop("service", EVERY), given)

    def show(self) -> Any:
        return STEERED
