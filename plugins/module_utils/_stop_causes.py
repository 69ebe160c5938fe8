# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Why tasks end or never start: what the reasons of ECS and exit codes mean, and what to do about each; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class Cause(NamedTuple):
    """A cause by its name for programs: the words for it, the remedy, and which command comes next (see COMMANDS)."""

    name: str
    words: str
    remedy: str
    command: str


#: Commands by what they show; filled in with cluster, service, task, log group.
LOGS, TASK, IMAGES, ROLE, OUTSIDE, BALANCER, EVENTS = "logs", "task", "images", "role", "outside", "balancer", "events"

MEMORY = Cause(
    "out-of-memory",
    "the container used more memory than the task has (exit code 137)",
    "raise the service's memory in stack_services, or mend the leak; its memory alarm shows how fast it grew",
    LOGS,
)
#: By reason; the first that fits counts.
REASONS: tuple[tuple[str, Cause], ...] = (
    (r"OutOfMemory", MEMORY),
    (
        r"did not contain json key|does not contain key|retrieved secret .* key",
        Cause(
            "secret-key",
            "a secret has no key of the name that the task definition gives",
            "put the key into the secret, or mend `secrets` of the service in stack_services",
            ROLE,
        ),
    ),
    (
        r"(marked|scheduled) for deletion|can't find the specified secret|ResourceNotFoundException.*secret",
        Cause("secret-missing", "a secret that the task definition names is gone", "restore it", ROLE),
    ),
    (
        r"(secret|ssm|asm|registry auth).*(AccessDenied|not authorized)",
        Cause("secret-denied", "the execution role may not read a secret", "give it back its rights", ROLE),
    ),
    (
        r"(log ?group|log driver|logger).*(does not exist|ResourceNotFound|failed to validate)",
        Cause("log-group", "the log group is gone, or the role may not write to it", "run the compute layer", ROLE),
    ),
    (
        r"(CannotPull|ResourceInitialization).*(timeout|dial tcp|deadline|canceled|connection|send request)",
        Cause(
            "no-way-out",
            "the task reached neither the registry nor Secrets Manager: there is no way there from its subnet",
            "mend NAT, routes, endpoints or their groups",
            OUTSIDE,
        ),
    ),
    (
        r"CannotPull.*(403|denied|no basic auth|AccessDenied|not authorized|unauthorized)",
        Cause(
            "pull-denied",
            "the execution role may not pull the image",
            "give role and repository their rights back",
            IMAGES,
        ),
    ),
    (
        r"CannotPull.*(toomanyrequests|rate limit)",
        Cause("pull-limit", "another registry's limit of pulls is reached", "use a pull-through cache of ECR", IMAGES),
    ),
    (
        r"CannotPull.*no space left",
        Cause(
            "storage", "the image doesn't fit into the task's storage", "raise ephemeral_storage of the service", TASK
        ),
    ),
    (
        r"exec format error|descriptor matching platform|image Manifest does not contain",
        Cause(
            "architecture",
            "the image is of another architecture than the task",
            "build it for the architecture of the service, or mend `architecture` in stack_services",
            IMAGES,
        ),
    ),
    (
        r"executable file not found|exec: .*no such file",
        Cause("command", "the image has no such command", "mend the command, or the entry point of the image", TASK),
    ),
    (
        r"Timeout waiting for network interface",
        Cause("interface", "AWS did not make the task's network interface in time", "run it again", EVENTS),
    ),
    (
        r"CannotPull",
        Cause("image-missing", "the image isn't in the registry", "push it, or deploy a tag that is there", IMAGES),
    ),
    (
        r"failed ELB health checks|unhealthy in \(?target-group",
        Cause(
            "balancer-check",
            "the load balancer's health check failed, and ECS replaced the task",
            "see why the targets are unhealthy; a service that starts slowly needs a longer grace_period",
            BALANCER,
        ),
    ),
    (
        r"failed container health checks",
        Cause(
            "container-check",
            "the check inside the container failed",
            "run its command in the image; a service that starts slowly needs a longer grace_period",
            LOGS,
        ),
    ),
    (
        r"InsufficientFreeAddresses|free addresses|RESOURCE:ENI",
        Cause(
            "addresses",
            "the subnet has no address left for a task",
            "free some, or give the tasks more subnets",
            EVENTS,
        ),
    ),
    (
        r"Capacity is unavailable|capacity.*unavailable|RESOURCE:|unable to place a task",
        Cause(
            "capacity",
            "AWS has no capacity for such tasks at the moment",
            "wait, take another size, or give the service a base on FARGATE beside FARGATE_SPOT",
            EVENTS,
        ),
    ),
    (
        r"unable to assume|not authorized to perform: sts:AssumeRole",
        Cause("assume", "ECS may not assume the task's role", "mend the role's trust policy", ROLE),
    ),
    (
        r"service.linked role",
        Cause(
            "linked-role",
            "ECS lacks its service-linked role",
            "make it: aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com",
            EVENTS,
        ),
    ),
)
SPOT = Cause("spot", "AWS took Spot capacity back", "give the service a base on FARGATE if it happens often", EVENTS)
EXITS: Mapping[int, Cause] = {
    126: Cause("exit", "the command can't be executed (exit code 126)", "mend its permissions in the image", LOGS),
    127: Cause("exit", "the command isn't in the image (exit code 127)", "mend the command or the image", LOGS),
    139: Cause("exit", "the process crashed (exit code 139)", "its log has the last lines before", LOGS),
}
#: Ends that somebody asked for: no faults.
WANTED = re.compile(
    r"Scaling activity initiated|Task stopped by|deployment .* (replaced|completed)|drained", re.IGNORECASE
)
_ENDED_ITSELF = "EssentialContainerExited"


def by_reason(text: str) -> Cause | None:
    """What a reason, or a message of a service, means; None where it is no known fault."""
    return next((cause for pattern, cause in REASONS if re.search(pattern, text, re.IGNORECASE | re.DOTALL)), None)


def reasons(task: Mapping[str, Any]) -> str:
    """All that a stopped task says of its end."""
    texts = [task.get("stoppedReason"), *(each.get("reason") for each in task.get("containers") or [])]
    return "; ".join(dict.fromkeys(str(each) for each in texts if each))


def exit_codes(task: Mapping[str, Any]) -> list[int]:
    codes: Iterable[Any] = (each.get("exitCode") for each in task.get("containers") or [])
    return [int(code) for code in codes if code is not None]


def of_task(task: Mapping[str, Any]) -> Cause | None:
    """Why a stopped task ended; None where that was wanted."""
    text, codes = reasons(task), exit_codes(task)
    if task.get("stopCode") == "SpotInterruption":
        return SPOT
    known = by_reason(text)
    if known:
        return known
    bad = next((code for code in codes if code), None)
    if task.get("stopCode") == _ENDED_ITSELF:
        return MEMORY if 137 in codes else _exited(bad)
    return (
        None
        if WANTED.search(text) or task.get("stopCode") in ("UserInitiated", "ServiceSchedulerInitiated")
        else _other(text)
    )


def _exited(code: int | None) -> Cause:
    if code is None:
        words = "the container ended by itself with exit code 0: a service must keep running"
        return Cause("exit", words, "mend the command of the image: it must stay in the foreground", LOGS)
    words = f"the container ended by itself with exit code {code}, soon after its start or later"
    return EXITS.get(code) or Cause("exit", words, "the last lines of its log say why; deploy what ran before", LOGS)


def _other(text: str) -> Cause:
    return Cause("stopped", f"tasks ended: {text or 'without a reason'}", "look at the stopped task", TASK)
