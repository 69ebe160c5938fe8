# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Why a task of ECS ended or never started, in words: what AWS says of it, the likely cause and the remedy; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

KILLED, TERMINATED = 137, 143
#: Of a shell: the command cannot be executed, or is not there.
NOT_EXECUTABLE, NOT_FOUND = 126, 127


class Why(NamedTuple):
    """The likely cause, and what to do."""

    cause: str
    remedy: str


_ROUTE = Why(
    "the task's subnets have no way to that service of AWS",
    "check the NAT gateway's route, or the interface endpoint and its security group: site.yml --tags network",
)
_RIGHTS = Why("the execution role may not do that", "make the roles as they were: site.yml --tags foundation")
_NO_SECRET = Why(
    "a secret of the task definition is not there, or has no such key",
    "make the secrets and then the task definition: site.yml --tags data, then --tags compute",
)
_MEMORY = Why("the container used up its memory", "give it more memory, or let it do less at once")
_NO_COMMAND = Why("the image has no such command", "mend the command, or the image's entry point")
#: By words that must all be in AWS's reason; the first that fits holds. What timed out may name any service.
_REASONS: tuple[tuple[tuple[str, ...], Why], ...] = (
    (("OutOfMemory",), _MEMORY),
    (("CannotPull", "not found"), Why("the image is not in the registry", "push the image with its tag")),
    (("CannotPull", "toomanyrequests"), Why("the registry limits pulls", "pull it through ECR's cache")),
    (("CannotPull", "403"), _RIGHTS),
    (("CannotPull", "denied"), _RIGHTS),
    (("CannotPull",), _ROUTE),
    (("AccessDenied",), _RIGHTS),
    (("not authorized",), _RIGHTS),
    (("ResourceNotFoundException", "log"), Why("the log group is not there", "make it: site.yml --tags compute")),
    (("log group does not exist",), Why("the log group is not there", "make it: site.yml --tags compute")),
    (("ResourceNotFoundException",), _NO_SECRET),
    (("did not contain json key",), _NO_SECRET),
    (("ResourceInitializationError",), _ROUTE),
    (
        ("exec format error",),
        Why("the image is of another processor", "build it for the task definition's architecture"),
    ),
    (("executable file not found",), _NO_COMMAND),
    (("no such file or directory",), _NO_COMMAND),
    (("Spot",), Why("Fargate took its Spot capacity back", "run it again")),
    (("Timeout waiting for",), Why("Fargate could not make the task's network interface", "run it again")),
    (("Capacity is unavailable",), Why("Fargate has no capacity in these zones", "run it again in some minutes")),
    (("RESOURCE:",), Why("Fargate has no capacity in these zones", "run it again in some minutes")),
    (
        ("limit on the number of",),
        Why("the account's quota of Fargate vCPUs is used up", "ask for a higher one: preflight shows it"),
    ),
)
_CODES = {
    KILLED: Why("the container was killed: out of memory, or not ended when told to", _MEMORY.remedy),
    TERMINATED: Why("the container was told to end", "see who stopped it, then run it again"),
    NOT_EXECUTABLE: _NO_COMMAND,
    NOT_FOUND: _NO_COMMAND,
}
_OWN = Why("the command failed", "see what it logged")
_UNKNOWN = Why("AWS gives no known reason", "see the stopped task in the console of ECS")


def reason(task: Mapping[str, Any], container: Mapping[str, Any]) -> str:
    """What DescribeTasks says of a task's end and of one of its containers; empty while it goes on."""
    said = [task.get("stoppedReason"), container.get("reason")]
    return "; ".join(dict.fromkeys(text for text in said if text))


def why(stopped_reason: str, exit_code: int | None) -> Why:
    """The likely cause of a task's end that was none as wished, and what to do."""
    for words, found in _REASONS:
        if all(word in stopped_reason for word in words):
            return found
    if exit_code is None:
        return _UNKNOWN
    return _CODES.get(exit_code, _OWN)


def problem(stopped_reason: str, exit_code: int | None) -> str:
    """One sentence about a task that ended otherwise than with 0; empty for one that did."""
    if exit_code == 0:
        return ""
    ended = "never ran" if exit_code is None else f"exited with {exit_code}"
    cause, remedy = why(stopped_reason, exit_code)
    return f"the container {ended}: {stopped_reason or 'no reason given'}; {cause} ({remedy})"


def refusal(definition: str, failures: Iterable[Mapping[str, Any]]) -> str:
    """One sentence about what RunTask started nothing for."""
    said = "; ".join(" ".join(filter(None, (each.get("reason"), each.get("detail")))) for each in failures)
    cause, remedy = why(said, None)
    return f"{definition} was not started: {said or 'no reason given'}; {cause} ({remedy})"
