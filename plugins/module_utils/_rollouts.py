# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Service deployments of ECS: how far the latest of each service is, and what has become of it."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from . import _aws, _deployments, _ecs

Latest = Mapping[str, Any]

DESCRIBED_AT_ONCE = 20
SUCCESSFUL = "SUCCESSFUL"
#: How a service deployment ends without having deployed anything.
FAILED = ("STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED")
SHIFTING = ("PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT")


class Wish(NamedTuple):
    """What a run wants of a service: the task definition that it is to run (empty if none), and whether it deployed."""

    task_definition: str = ""
    begun: bool = False


class Verdict(NamedTuple):
    """C(done), C(in progress) or C(failed), the words for it, and the seconds it may stay as it is beyond the usual.

    C(hint) is what to know and do if it stays so for longer.
    """

    state: str
    words: str
    allowance: int = 0
    hint: str = ""


def latest(client: Any, cluster: str, services: Collection[str]) -> dict[str, Latest]:
    """The latest service deployment of each service of the cluster, by the service's ARN."""
    listed = _aws.concurrently(functools.partial(_newest, client, cluster), services)
    arns = [arn for arn in listed if arn]
    return {record["serviceArn"]: record for record in described(client, arns).values()}


def described(client: Any, arns: Collection[str]) -> dict[str, Latest]:
    """Service deployments by their ARNs; AWS forgets them after 90 days."""
    return {
        record["serviceDeploymentArn"]: record
        for some in _aws.chunks(arns, DESCRIBED_AT_ONCE)
        for record in client.describe_service_deployments(serviceDeploymentArns=some)["serviceDeployments"]
    }


def _newest(client: Any, cluster: str, service: str) -> str:
    found = client.list_service_deployments(cluster=cluster, service=service)["serviceDeployments"]
    return str(max(found, key=lambda each: each["createdAt"])["serviceDeploymentArn"]) if found else ""


def shifts(service: Mapping[str, Any]) -> bool:
    """Whether ECS shifts traffic when it deploys an entry of DescribeServices; pure."""
    strategy = (service.get("deploymentConfiguration") or {}).get("strategy") or _deployments.ROLLING
    return bool(strategy != _deployments.ROLLING)


def verdict(service: Mapping[str, Any], newest: Latest | None, wish: Wish) -> Verdict:
    """What to make of an entry of DescribeServices and its newest service deployment, if that was looked at; pure.

    One that ended badly counts only where this run began it, or still wants what it was to bring: an older one that
    nobody wants any more is history.
    """
    if newest and _outdated(service, newest):
        newest = None
    status = (newest or {}).get("status") or SUCCESSFUL
    missed = bool(wish.task_definition) and service["taskDefinition"] != wish.task_definition
    if newest and status in FAILED and (wish.begun or missed):
        return Verdict(_ecs.FAILED, _ended(newest))
    if newest and status not in (SUCCESSFUL, *FAILED):
        rolling = status == "IN_PROGRESS" and not newest.get("lifecycleStage")
        words = (_ecs.rollout(service).reason if rolling else "") or progress(newest)
        return Verdict(_ecs.IN_PROGRESS, words, allowance(newest), _hint(service, newest))
    state, words = _ecs.rollout(service, wish.task_definition)
    return Verdict(state, words)


def _outdated(service: Mapping[str, Any], newest: Latest) -> bool:
    """Whether what was listed ended before the service's present deployment began: a newer one is not listed yet."""
    primary: Mapping[str, Any] = next((each for each in service["deployments"] if each["status"] == "PRIMARY"), {})
    begun, ended = primary.get("createdAt"), newest.get("finishedAt")
    return bool(begun and ended and newest["status"] in FAILED and ended < begun)


def _hint(service: Mapping[str, Any], newest: Latest) -> str:
    """How many tasks failed to start, and how to end what doesn't end by itself."""
    failed = max((int(each.get("failedTasks") or 0) for each in service["deployments"]), default=0)
    told = f"{failed} tasks failed; " if failed else ""
    arn = newest["serviceDeploymentArn"]
    return f"{told}aws ecs stop-service-deployment --service-deployment-arn {arn} --stop-type ROLLBACK takes it back"


def _ended(newest: Latest) -> str:
    """Why nothing was deployed, in ECS's words, with the alarms that went off."""
    fired = (newest.get("alarms") or {}).get("triggeredAlarmNames") or []
    reasons = [(newest.get("rollback") or {}).get("reason"), newest.get("statusReason")]
    told = next((str(reason) for reason in reasons if reason), "ECS gives no reason")
    alarms = f"; in alarm: {', '.join(fired)}" if fired and not all(name in told for name in fired) else ""
    return f"deployment {newest['status']}: {told}{alarms}"


def waiting_hooks(newest: Latest) -> list[Mapping[str, Any]]:
    """The pauses that somebody has to end; pure."""
    hooks = newest.get("lifecycleHookDetails") or []
    return [hook for hook in hooks if hook.get("targetType") == "PAUSE" and hook.get("status") == "AWAITING_ACTION"]


def progress(newest: Latest) -> str:
    """How far a service deployment is, in words that change only when it gets on; pure."""
    stage, status = newest.get("lifecycleStage") or "", newest["status"]
    share = (newest.get("targetServiceRevision") or {}).get("requestedProductionTrafficWeight")
    words = [status if status != "IN_PROGRESS" or not stage else stage]
    if share is not None and stage:
        words.append(f"{share:g} % of requests on the new tasks")
    words += [f"paused: {_continue(newest, hook)}" for hook in waiting_hooks(newest)]
    return ", ".join(words)


def _continue(newest: Latest, hook: Mapping[str, Any]) -> str:
    command = (
        f"aws ecs continue-service-deployment --service-deployment-arn {newest['serviceDeploymentArn']}"
        f" --hook-id {hook['hookId']} --action CONTINUE"
    )
    end = f"; by itself {hook.get('timeoutAction')} at {hook['expiresAt']}" if hook.get("expiresAt") else ""
    return f"{command} (or ROLLBACK){end}"


def allowance(newest: Latest) -> int:
    """Seconds that it may stay as it is by its own configuration: watched, between steps, asking or paused; pure."""
    shown = _deployments.shown(newest.get("deploymentConfiguration"))
    configuration, stage = _deployments.normal(shown), newest.get("lifecycleStage")
    if waiting_hooks(newest):
        pauses = [hook for hook in configuration.get("lifecycle_hooks") or [] if hook["target_type"] == "PAUSE"]
        return 60 * max((hook["timeout_configuration"]["timeout_in_minutes"] for hook in pauses), default=0)
    asked = [hook for hook in configuration.get("lifecycle_hooks") or [] if stage in hook["lifecycle_stages"]]
    if asked:
        return 60 * max(int(hook["timeout_configuration"]["timeout_in_minutes"]) for hook in asked)
    minutes = configuration.get("bake_time_in_minutes") if stage == "BAKE_TIME" else 0
    if stage in SHIFTING:
        linear, canary = configuration.get("linear_configuration"), configuration.get("canary_configuration")
        minutes = (linear or {}).get("step_bake_time_in_minutes") or (canary or {}).get("canary_bake_time_in_minutes")
    return 60 * int(minutes or 0)
