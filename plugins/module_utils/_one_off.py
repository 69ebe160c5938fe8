# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A task that runs once on Fargate: started, followed to its end with its log line by line, stopped if nobody waits."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from . import _aws, _calls, _stopped_tasks, _tags, _wait
from ._discovery import Connect
from ._errors import code_of

STOPPED = "STOPPED"
PAUSE = 2.0
#: Seconds that a start is tried again while Fargate has no capacity, and between two tries.
CAPACITY_SECONDS, CAPACITY_PAUSE = 180.0, 15.0
#: What AWS says where it has no capacity, in a failure of RunTask or as an error.
CAPACITY = ("Capacity is unavailable", "RESOURCE:")
#: Seconds that DescribeTasks may not know a task yet which RunTask has just started.
KNOWN_SECONDS = 30.0
STARTED_BY_MOST = 128  #: characters
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class OneOff(NamedTuple):
    """What is to run once.

    C(command) replaces the container's, C(environment) adds to its own; C(deadline) is in seconds. The log is read
    from C(<log_prefix>/<container>/<task id>) of C(log_group), where the driver awslogs writes it; without a group
    there is none.
    """

    cluster: str
    task_definition: str
    subnets: Sequence[str]
    security_groups: Sequence[str]
    container: str
    command: Sequence[str] = ()
    environment: Mapping[str, str] = MappingProxyType({})
    tags: Mapping[str, str] = MappingProxyType({})
    log_group: str = ""
    log_prefix: str = "ecs"
    deadline: float = 3600.0
    started_by: str = ""


class Outcome(NamedTuple):
    """What became of it. C(exit_code) is the container's, None if it never ran; C(lines) are all that it logged."""

    task_arn: str
    exit_code: int | None
    stopped_reason: str
    lines: list[str]


class Look(NamedTuple):
    """A task as it is now, and what it has logged since the C(position) of the look before."""

    status: str
    exit_code: int | None
    stopped_reason: str
    lines: list[str]
    position: str


class NotStarted(Exception):
    """RunTask started nothing; the message has AWS's reason and what to do."""


class Interrupted(Exception):
    """Somebody ended the run while the task went on; the message says that it is being stopped."""


def run(connect: Connect, request: OneOff, say: Callable[[str], None]) -> Outcome:
    """Run it and wait for its end, whatever that is; C(say) gets each line of the log as it comes.

    Nothing is left running: at the deadline, at an error and when this process is told to end, the task is stopped.
    Raises NotStarted, TimedOut, Interrupted, and botocore's errors.
    """
    ecs = connect("ecs")
    return follow(
        functools.partial(start, ecs, request),
        functools.partial(look, connect, request),
        functools.partial(stop, ecs, request.cluster),
        say,
        request.deadline,
    )


# Start and stop


def arguments(request: OneOff, token: str) -> dict[str, Any]:
    """The arguments of RunTask; pure. The same token never starts a second task."""
    network = {"subnets": list(request.subnets), "securityGroups": list(request.security_groups)}
    given = {
        "cluster": request.cluster,
        "taskDefinition": request.task_definition,
        "count": 1,
        "launchType": "FARGATE",
        "platformVersion": "LATEST",
        "networkConfiguration": {"awsvpcConfiguration": {**network, "assignPublicIp": "DISABLED"}},
        "overrides": _overrides(request),
        "startedBy": request.started_by[:STARTED_BY_MOST] or None,
        "enableECSManagedTags": True,
        "propagateTags": "TASK_DEFINITION",
        "tags": _tags.to_list(request.tags, "key", "value") or None,
        "clientToken": token,
    }
    return _aws.declared(given)


def _overrides(request: OneOff) -> dict[str, Any] | None:
    """What the container is told in place of its definition's word; None for nothing."""
    variables = [{"name": name, "value": str(text)} for name, text in sorted(request.environment.items())]
    given = {"command": list(request.command) or None, "environment": variables or None}
    override = _aws.declared(given)
    return {"containerOverrides": [{"name": request.container, **override}]} if override else None


def start(client: Any, request: OneOff) -> str:
    """Start it: the task's ARN. While Fargate has no capacity it is tried again for some minutes. Raises NotStarted."""

    def attempt() -> str:
        answer = client.run_task(**arguments(request, uuid.uuid4().hex))
        if answer["tasks"]:
            return str(answer["tasks"][0]["taskArn"])
        raise NotStarted(_stopped_tasks.refusal(request.task_definition, answer["failures"]))

    return _calls.patiently(attempt, lacks_capacity, CAPACITY_SECONDS, CAPACITY_PAUSE)


def lacks_capacity(error: Exception) -> bool:
    """Whether a start failed for want of capacity, which may be over soon; pure."""
    return any(words in str(error) for words in CAPACITY)


def stop(client: Any, cluster: str, arn: str, reason: str) -> None:
    """Stop the task; C(reason) is what DescribeTasks then says."""
    client.stop_task(cluster=cluster, task=arn, reason=reason)


def running(client: Any, cluster: str, family: str) -> list[dict[str, Any]]:
    """The tasks of the family that have not ended, those that are being stopped too, as DescribeTasks shows them."""
    arns = [
        arn
        for wanted in ("RUNNING", STOPPED)
        for arn in _aws.pages(client, "list_tasks", "taskArns", cluster=cluster, family=family, desiredStatus=wanted)
    ]
    found = [client.describe_tasks(cluster=cluster, tasks=some)["tasks"] for some in _aws.chunks(arns, 100)]
    return [task for tasks in found for task in tasks if task["lastStatus"] != STOPPED]


# Wait


def look(connect: Connect, request: OneOff, arn: str, position: str = "") -> Look:
    """See how far the task is, then read what it has logged since."""
    task = _described(connect("ecs"), request.cluster, arn)
    containers: dict[str, dict[str, Any]] = {each["name"]: each for each in task.get("containers", [])}
    container = containers.get(request.container, {})
    lines, position = _logged(connect("logs"), request, arn, position)
    reason = _stopped_tasks.reason(task, container)
    return Look(task["lastStatus"], container.get("exitCode"), reason, lines, position)


def _described(client: Any, cluster: str, arn: str) -> dict[str, Any]:
    """The task, which AWS may not know yet. Raises TimedOut where it never does."""

    def ask() -> list[dict[str, Any]]:
        return list(client.describe_tasks(cluster=cluster, tasks=[arn])["tasks"])

    return _wait.until(ask, bool, f"an answer about {arn}", KNOWN_SECONDS, PAUSE)[0]


def stream(request: OneOff, arn: str) -> str:
    """Where the driver awslogs writes what the container of a task says; pure."""
    return f"{request.log_prefix}/{request.container}/{arn.rpartition('/')[2]}"


def _logged(client: Any, request: OneOff, arn: str, position: str) -> tuple[list[str], str]:
    """The lines after the position, and the position after them; the stream is there only with its first line."""
    place = {"logGroupName": request.log_group, "logStreamName": stream(request, arn), "startFromHead": True}
    lines: list[str] = []
    while request.log_group:
        token = {"nextToken": position} if position else {}
        page = _aws.absent_as(None, lambda token=token: client.get_log_events(**place, **token))  # type: ignore[misc]
        if page is None:
            break
        lines += [printable(event["message"]) for event in page["events"]]
        before, position = position, page["nextForwardToken"]
        if before == position:
            break
    return lines, position


def printable(message: str) -> str:
    """A line without what a terminal would obey; pure."""
    return "".join(letter if letter.isprintable() or letter == "\t" else " " for letter in message.rstrip())


def follow(
    start: Callable[[], str],
    look: Callable[[str, str], Look],
    stop: Callable[[str, str], None],
    say: Callable[[str], None],
    deadline: float,
) -> Outcome:
    """Start a task, and look until it has ended and its log says no more.

    C(look) gets the ARN and the position of the look before; C(stop) gets the ARN and a reason, where nobody will wait
    for the end. Raises TimedOut, Interrupted and what they raise.
    """
    with _interrupts() as received:
        followed = _Followed(start(), look, say)
        try:
            _wait.until(followed, lambda over: over or bool(received), f"the end of {followed.arn}", deadline, PAUSE)
        except BaseException as error:
            stop(followed.arn, f"Nobody waits for it any more: {code_of(error)}")
            raise
        if received and not followed.over:
            stop(followed.arn, "The run that waited for it was interrupted")
            raise Interrupted(f"{followed.arn} is being stopped, as the run was interrupted")
    return followed.outcome()


class _Followed:
    """Looks at one task, one after the other; each tells whether it was the last."""

    def __init__(self, arn: str, look: Callable[[str, str], Look], say: Callable[[str], None]) -> None:
        self.arn, self._look, self._say = arn, look, say
        self._seen = Look("", None, "", [], "")
        self._lines: list[str] = []
        self.over = False

    def __call__(self) -> bool:
        before, self._seen = self._seen, self._look(self.arn, self._seen.position)
        self._lines += self._seen.lines
        for line in self._seen.lines:
            self._say(line)
        # The last lines may reach CloudWatch Logs after the end: only a second look that finds nothing is the last.
        self.over = before.status == STOPPED and not self._seen.lines
        return self.over

    def outcome(self) -> Outcome:
        return Outcome(self.arn, self._seen.exit_code, self._seen.stopped_reason, self._lines)


@contextlib.contextmanager
def _interrupts() -> Iterator[list[int]]:
    """The signals to end this process that have come meanwhile; the first of them takes effect afterwards."""
    received: list[int] = []
    here = threading.current_thread() is threading.main_thread()
    before = {each: signal.getsignal(each) for each in SIGNALS if here}
    for each, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(each, lambda number, _frame: received.append(number))
    try:
        yield received
    finally:
        for each, handler in before.items():
            signal.signal(each, handler or signal.SIG_DFL)
        if received:
            os.kill(os.getpid(), received[0])
