# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a person is told while deployments go on, and what becomes of each; pure.

A look is what one call found of a service, as _deploying.look returns it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from . import _deployments, _ecs, _release, _rollouts

Look = Mapping[str, Any]

#: A rollout that scaling or ECS itself ended says so; it is no failure of a task.
SCHEDULED = "Scaling activity initiated by"
LEAST_FAILURES = 3
#: Seconds for which a deployment may stay as it is, beyond what its own configuration allows.
PATIENCE = 900.0
_RESULTS = {_rollouts.SUCCESSFUL: _release.SUCCEEDED, "ROLLBACK_SUCCESSFUL": _release.ROLLED_BACK}


class Outcome(NamedTuple):
    """What became of a step: a result of _release, why, and how long it took in seconds."""

    result: str
    reason: str
    seconds: float


def reason_of(task: Mapping[str, Any]) -> str:
    """Why a task stopped, with what its containers say, in AWS's words."""
    said = [str(task.get("stoppedReason") or task.get("stopCode") or "no reason is given")]
    for each in task.get("containers") or []:
        code, why = each.get("exitCode"), each.get("reason")
        if code or (why and why not in said[0]):
            said.append(
                f"{each['name']}: {' '.join(part for part in (f'exit {code}' if code else '', why or '') if part)}"
            )
    return "; ".join(said)


def failed_tasks(tasks: Iterable[Mapping[str, Any]], deployment: str) -> dict[str, str]:
    """The stopped tasks that a deployment started, but for those that ECS took away on purpose, with why."""
    return {
        str(task["taskArn"]).rpartition("/")[2]: reason_of(task)
        for task in tasks
        if task.get("startedBy") == deployment and SCHEDULED not in str(task.get("stoppedReason"))
    }


# Lines


def news(name: str, before: Look | None, now: Look, seconds: float, approve: str) -> list[str]:
    """What is new since the look before; C(seconds) is how long the stage before lasted."""
    old: Look = before or {}
    lines = []
    if now["words"] != old.get("words"):
        took = (
            f" (after {seconds:.0f} s of {old['stage']})" if old.get("stage") and now["stage"] != old["stage"] else ""
        )
        lines.append(f"{name}: {now['words']}{took}")
    if now["tasks"] != old.get("tasks"):
        lines.append(f"{name}: {now['tasks']}")
    fresh = {task: why for task, why in now["stopped"].items() if task not in old.get("stopped", {})}
    lines += [f"{name}: task {task} stopped: {why}" for task, why in fresh.items()]
    lines += [f"{name}: in alarm: {each}" for each in now["alarms"] if each not in old.get("alarms", ())]
    asked = [hook for hook in now["hooks"] if hook not in old.get("hooks", ())]
    return [*lines, *(f"{name}: {waits(hook)}: {approve} -e service={name} -e decision=continue" for hook in asked)]


def waits(hook: Mapping[str, Any]) -> str:
    """Since when a pause lasts and how it ends by itself."""
    since = f" since {hook['since']}" if hook.get("since") else ""
    end = f", by itself {hook['action']} at {hook['until']}" if hook.get("until") else ""
    return f"waits at {hook['stage']}{since}{end}"


def hooks(newest: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The pauses that wait for somebody: the id, the stage, since when and until when, what happens then."""
    record = newest or {}
    shown = _deployments.normal(_deployments.shown(record.get("deploymentConfiguration")))
    stage = str(record.get("lifecycleStage") or "")
    minutes = _minutes(shown.get("lifecycle_hooks") or [], stage)
    return [_hook(hook, stage, minutes) for hook in (_rollouts.waiting_hooks(record) if record else [])]


def _minutes(configured: Sequence[Mapping[str, Any]], stage: str) -> float | None:
    """How long a pause at that stage may last; ECS has no word for the moment before a shift."""
    at = [hook for hook in configured if hook["target_type"] == _deployments.PAUSE]
    here = [hook for hook in at if stage in hook["lifecycle_stages"]] or at
    found = {float(hook["timeout_configuration"]["timeout_in_minutes"]) for hook in here}
    return found.pop() if len(found) == 1 else None


def _hook(hook: Mapping[str, Any], stage: str, minutes: float | None) -> dict[str, Any]:
    expires = hook.get("expiresAt")
    since = expires.timestamp() - 60 * minutes if expires and minutes is not None else None
    return {
        "hook_id": hook["hookId"],
        "stage": stage,
        "since": _release.moment(since) if since is not None else None,
        "until": _release.moment(expires.timestamp()) if expires else None,
        "action": hook.get("timeoutAction"),
    }


# What becomes of it


def outcome(step: Mapping[str, Any], now: Look, seconds: float) -> Outcome | None:
    """How a step ended; None while it goes on."""
    if step["act"] == "stop":
        return _stopped(now, seconds)
    if now["state"] == _ecs.DONE and now["steady"]:
        return Outcome(_release.SUCCEEDED, "", seconds)
    if now["state"] == _ecs.FAILED:
        return Outcome(_RESULTS.get(now["status"], _release.FAILED), now["words"], seconds)
    return None


def _stopped(now: Look, seconds: float) -> Outcome | None:
    if now["status"] not in (_rollouts.SUCCESSFUL, *_rollouts.FAILED):
        return None
    if now["status"] != "ROLLBACK_SUCCESSFUL":
        return Outcome(_release.FAILED, f"it ended as {now['status']}: {now['words']}", seconds)
    return Outcome(_release.SUCCEEDED, "", seconds) if now["steady"] else None


def hopeless(now: Look, unchanged: float, patience: float) -> str:
    """Why the run itself asks ECS to take a deployment back; empty while there is hope, or where ECS does so itself."""
    most = max(LEAST_FAILURES, now["desired"] // 2)
    if not now["breaker"] and now["failed"] >= most:
        last = next(reversed(now["stopped"].values()), "")
        return f"{now['failed']} tasks failed to start{f', the last: {last}' if last else ''}"
    if unchanged > patience + now["allowance"]:
        return f"it has been at {now['words']} for {unchanged:.0f} s"
    return ""


def verdict(outcomes: Mapping[str, Outcome], left: Sequence[str]) -> str:
    """Why the run fails, in one sentence; empty where all went well."""
    broken = [
        f"{name}: {each.result}: {each.reason}" for name, each in outcomes.items() if each.result != _release.SUCCEEDED
    ]
    told = [f"not begun: {', '.join(left)}"] if left else []
    return "; ".join([*broken, *told])


def table(steps: Iterable[Mapping[str, Any]], outcomes: Mapping[str, Outcome]) -> list[tuple[str, ...]]:
    """What became of each service."""
    return [("service", "from", "to", "took", "result"), *(_row(each, outcomes.get(each["name"])) for each in steps)]


def _row(step: Mapping[str, Any], found: Outcome | None) -> tuple[str, ...]:
    idle = "unchanged" if step["act"] == "nothing" else "not begun"
    result, seconds = (found.result, found.seconds) if found else (idle, None)
    return step["name"], _release.what(step["from"]), _release.what(step["to"]), _release.took(seconds), result
