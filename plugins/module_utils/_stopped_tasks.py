# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a task that runs once ended, or why it was not started: a sentence with the likely cause and the remedy; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import _stop_causes
from ._stop_causes import LOGS, TASK, Cause

KILLED, TERMINATED = 137, 143
_EXITS: Mapping[int, Cause] = {
    **_stop_causes.EXITS,
    KILLED: Cause(
        "killed", "the container was killed: out of memory, or not ended when told to", "give it more memory", LOGS
    ),
    TERMINATED: Cause("terminated", "the container was told to end", "see who stopped it, then run it again", TASK),
}
_OWN = Cause("exit", "the command failed", "see what it logged", LOGS)
_UNKNOWN = Cause("unknown", "AWS gives no known reason", "see the stopped task in the console of ECS", TASK)


def reason(task: Mapping[str, Any], container: Mapping[str, Any]) -> str:
    """What DescribeTasks says of a task's end and of one of its containers; empty while it goes on."""
    said = [task.get("stoppedReason"), container.get("reason")]
    return "; ".join(dict.fromkeys(text for text in said if text))


def why(stopped_reason: str, exit_code: int | None) -> Cause:
    """The likely cause of a task's end that was none as wished, and what to do."""
    found = _stop_causes.SPOT if "Spot" in stopped_reason else _stop_causes.by_reason(stopped_reason)
    if found:
        return found
    return _UNKNOWN if exit_code is None else _EXITS.get(exit_code, _OWN)


def problem(stopped_reason: str, exit_code: int | None) -> str:
    """One sentence about a task that ended otherwise than with 0; empty for one that did."""
    if exit_code == 0:
        return ""
    ended = "never ran" if exit_code is None else f"exited with {exit_code}"
    cause = why(stopped_reason, exit_code)
    return f"the container {ended}: {stopped_reason or 'no reason given'}; {cause.words} ({cause.remedy})"


def refusal(definition: str, failures: Iterable[Mapping[str, Any]]) -> str:
    """One sentence about what RunTask started nothing for."""
    said = "; ".join(" ".join(filter(None, (each.get("reason"), each.get("detail")))) for each in failures)
    cause = why(said, None)
    return f"{definition} was not started: {said or 'no reason given'}; {cause.words} ({cause.remedy})"
