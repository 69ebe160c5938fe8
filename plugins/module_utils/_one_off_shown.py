# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A one-off task for a person: what runs, why it may not, and what became of it; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import _one_off, _status, _stopped_tasks

_SECRET = re.compile(r":secret:(?P<name>.+?)(?:-\w{6})?(?::(?P<key>[^:]*):[^:]*:[^:]*)?$")


class Refused(Exception):
    """A task of the same family has not ended; the message says which, and how to watch or stop it."""


def demand_alone(request: _one_off.OneOff, others: Sequence[Mapping[str, Any]]) -> None:
    """Raises Refused where there are tasks of the family that have not ended."""
    if not others:
        return
    lines = ["A task of the same kind has not ended; nothing was started. Wait for it, watch it or stop it:"]
    for task in others:
        arn, by = task["taskArn"], task.get("startedBy") or "nobody noted"
        lines.append(f"  {arn}: {task['lastStatus']}, started by {by}")
        if request.log_group:
            lines.append(
                f"  aws logs tail {request.log_group} --follow --log-stream-names {_one_off.stream(request, arn)}"
            )
        lines.append(f"  aws ecs stop-task --cluster {request.cluster} --task {arn}")
    raise Refused("\n".join(lines))


def table(request: _one_off.OneOff, family: str, revision: Mapping[str, Any]) -> list[str]:
    """What runs, by a task definition in the normal form. Variables and secrets are named, their values not shown."""
    container: Mapping[str, Any] = revision["container_definitions"].get(request.container) or {}
    variables = {each["name"] for each in container.get("environment", [])} | request.environment.keys()
    command = request.command or container.get("command") or ["that of the image"]
    rows = [
        ("task definition", f"{family}:{revision['revision']}"),
        ("size", f"{revision['cpu']} CPU units, {revision['memory']} MiB"),
        ("image", container.get("image") or f"none: there is no container {request.container}"),
        ("command", " ".join(command)),
        ("variables", ", ".join(sorted(variables)) or "none"),
        ("secrets", ", ".join(_secrets(container.get("secrets", []))) or "none"),
        ("subnets", ", ".join(request.subnets)),
        ("security groups", ", ".join(request.security_groups)),
        (
            "log",
            f"{request.log_group}, streams {request.log_prefix}/{request.container}/..."
            if request.log_group
            else "none",
        ),
        ("deadline", f"{request.deadline:g} s"),
    ]
    return _status.columns(rows)


def _secrets(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """Each variable with the name and key of its secret."""
    found = [(each["name"], _SECRET.search(each["value_from"])) for each in entries]
    return [
        f"{name} from {':'.join(filter(None, match.groups()))}" if match else name
        for name, match in sorted(found, key=str)
    ]


def problem(outcome: _one_off.Outcome, shown_lines: int, advice: Sequence[str]) -> str:
    """What went wrong, the last lines and what to do; empty where the container ended with 0."""
    said = _stopped_tasks.problem(outcome.stopped_reason, outcome.exit_code)
    if not said:
        return ""
    last = outcome.lines[-shown_lines:] if shown_lines else []
    heading = ["The end of its log:"] if last else ["It logged nothing."]
    return "\n".join([f"{outcome.task_arn}: {said}", *heading, *(f"  {line}" for line in last), *advice])
