# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Commands of the AWS CLI that a person can run as they stand, and what is found for them; pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

AGENT = "ExecuteCommandAgent"
RUNNING = "RUNNING"
#: Seconds of each unit in which C(aws logs tail) takes a time.
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
#: What the CLI and its plugin say around a command's own output.
_FRAME = re.compile(r"The Session Manager plugin was installed|(Starting|Exiting) session with")
_STATUS = re.compile(r"exit status (\d+)")
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class NotFound(ValueError):
    """What was asked for isn't there; the message says what is."""


def service_of(services: Iterable[Mapping[str, Any]], name: str) -> Mapping[str, Any]:
    """The service of that short name. NotFound with the names that there are."""
    known = {each["name"]: each for each in services}
    if name not in known:
        missing = f"there is no {name}" if name else "name one with -e service="
        raise NotFound(f"service: {missing}; there are {', '.join(known)}")
    return known[name]


def place(options: Mapping[str, Any]) -> list[str]:
    """The arguments that say where and as whom, from a module's options."""
    pairs = (("--region", "region"), ("--endpoint-url", "endpoint_url"), ("--profile", "profile"))
    return [word for flag, name in pairs if options.get(name) for word in (flag, str(options[name]))]


# A command in a task


class Target(NamedTuple):
    """A task's id and the name of one of its containers."""

    task: str
    container: str


def target(tasks: Iterable[Mapping[str, Any]], task: str, container: str) -> Target:
    """The newest running task whose agent runs, or that of an id or its beginning. NotFound says why there is none."""
    found = sorted(tasks, key=lambda each: str(each.get("startedAt") or ""), reverse=True)
    meant = [each for each in found if _id(each).startswith(task)]
    if not meant:
        raise NotFound(f"task: no running one is called {task}; there are {_ids(found)}")
    if all(_container(each, container) is None for each in meant):
        names = ", ".join(each["name"] for each in meant[0].get("containers") or [])
        raise NotFound(f"container: the tasks have no {container}; there are {names}")
    ready = [each for each in meant if _agent(_container(each, container)) == RUNNING]
    if not ready:
        states = ", ".join(f"{_id(each)[:12]} {_agent(_container(each, container))}" for each in meant)
        raise NotFound(
            f"task: the agent that runs commands runs in none: {states}. A task that was started before exec was on "
            "has none: deploy the service once more (playbooks/deploy.yml -e force=true)"
        )
    return Target(_id(ready[0]), container)


def _id(task: Mapping[str, Any]) -> str:
    return str(task["taskArn"]).rpartition("/")[2]


def _ids(tasks: Iterable[Mapping[str, Any]]) -> str:
    return ", ".join(map(_id, tasks)) or "none"


def _container(task: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    return next((each for each in task.get("containers") or [] if each["name"] == name), None)


def _agent(container: Mapping[str, Any] | None) -> str:
    """The state of the agent, in AWS's word."""
    agents = (container or {}).get("managedAgents") or []
    return next((str(each.get("lastStatus")) for each in agents if each.get("name") == AGENT), "without agent")


def execute(cluster: str, where: Target, command: str, options: Mapping[str, Any]) -> list[str]:
    """The command that executes another in a task; AWS knows none but interactive ones."""
    task = ["--cluster", cluster, "--task", where.task, "--container", where.container]
    return ["aws", "ecs", "execute-command", *task, "--interactive", "--command", command, *place(options)]


def reported(command: str) -> str:
    """The command in a shell that says at the end how it ended, as the CLI doesn't."""
    return shlex.join(["/bin/sh", "-c", f"{command}; echo exit status $?"])


def printed(text: str) -> tuple[list[str], int | None]:
    """What a reported command printed, line by line, and its exit status; None where it didn't come to its end."""
    lines = [_ESCAPES.sub("", line).strip("\r") for line in text.replace("\r\n", "\n").split("\n")]
    statuses = [int(match[1]) for line in lines if (match := _STATUS.fullmatch(line.strip()))]
    kept = [line for line in lines if line.strip() and not _FRAME.match(line) and not _STATUS.fullmatch(line.strip())]
    return kept, statuses[-1] if statuses else None


# A log


def seconds(since: str) -> int:
    """A time such as C(15m) in seconds. ValueError for one that is none."""
    match = re.fullmatch(r"([1-9]\d*)([smhdw])", since)
    if not match:
        raise ValueError(f"since: a number and one of {', '.join(UNITS)}, such as 15m, not {since!r}")
    return int(match[1]) * UNITS[match[2]]


def tail(group: str, since: str, pattern: str, follow: bool, options: Mapping[str, Any]) -> list[str]:
    """The command that shows a log."""
    asked = [*(["--filter-pattern", pattern] if pattern else []), *(["--follow"] if follow else [])]
    return ["aws", "logs", "tail", group, "--since", since, *asked, "--format", "short", *place(options)]


def line(event: Mapping[str, Any], container: str) -> str:
    """A log event for a person: time in UTC, the task's first digits, the name of another container, the text."""
    moment = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
    stream = str(event["logStreamName"])
    parts = stream.split("/")
    name, task = parts[1:] if len(parts) == 3 else (container, stream)
    whose = task[:8] if name == container else f"{task[:8]} {name}"
    return f"{moment:%Y-%m-%d %H:%M:%S}  {whose}  {str(event['message']).rstrip()}"


def text(words: Sequence[str]) -> str:
    """A command as it is typed."""
    return shlex.join(words)
