# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS: the deployments, service deployments and service revisions of a service, as dictionaries in the API's words."""

from __future__ import annotations

from math import ceil
from typing import Any

from botocore import xform_name
from moto.core.utils import utcnow
from moto.ecs.models import Service
from moto.moto_api._internal import mock_random

from ._ecs_hooks import shown
from ._ecs_rollout import NO_CANDIDATE, PENDING, ROLLBACK_FAILED, STOPPED, Rollout, shown_stage
from .ecs_tasks import PLATFORM_VERSION, image_digest

Record = dict[str, Any]

# What a revision of a service consists of; a change in any of these starts a deployment.
REVISION_MEMBERS = (
    "taskDefinition",
    "loadBalancers",
    "serviceRegistries",
    "networkConfiguration",
    "serviceConnectConfiguration",
    "volumeConfigurations",
    "vpcLatticeConfigurations",
    "platformVersion",
)
COMMON_MEMBERS = (
    "taskDefinition",
    "capacityProviderStrategy",
    "launchType",
    "platformFamily",
    "networkConfiguration",
    "serviceConnectConfiguration",
    "volumeConfigurations",
    "vpcLatticeConfigurations",
)
MIN_BREAKER_THRESHOLD, MAX_BREAKER_THRESHOLD, DEFAULT_BREAKER_PERCENT = 3, 200, 50


def members(service: Service, names: tuple[str, ...]) -> Record:
    """Those of the service's members that are set, in the API's words."""
    values = {name: getattr(service, xform_name(name), None) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def arn(service: Service, kind: str) -> str:
    """A new ARN of that kind below the service, such as service-deployment."""
    prefix = service.arn.split(":service/")[0]
    return f"{prefix}:{kind}/{service.cluster_name}/{service.name}/{mock_random.randint(10**18, 10**19)}"


def new_deployment(service: Service, resources: list[Record]) -> Record:
    """A deployment of the service as it is now, in progress, with no task yet."""
    identifier, now = f"ecs-svc/{mock_random.randint(10**18, 10**19)}", utcnow()
    return {
        **members(service, COMMON_MEMBERS),
        "id": identifier,
        "status": "PRIMARY",
        "desiredCount": service.desired_count,
        **dict.fromkeys(("runningCount", "pendingCount", "failedTasks"), 0),
        "platformVersion": PLATFORM_VERSION,
        "serviceConnectResources": resources,
        "rolloutState": "IN_PROGRESS",
        "rolloutStateReason": f"ECS deployment {identifier} in progress.",
        "createdAt": now,
        "updatedAt": now,
    }


def new_revision(service: Service, account: str, containers: list[Record]) -> Record:
    """A service revision: what the service consists of now, its images resolved to digests."""
    images = [
        {"containerName": c["name"], "image": c["image"], "imageDigest": image_digest(c["image"], account) or None}
        for c in containers
    ]
    return {
        **members(service, (*COMMON_MEMBERS, "loadBalancers", "serviceRegistries")),
        "serviceRevisionArn": arn(service, "service-revision"),
        "serviceArn": service.arn,
        "clusterArn": service.cluster_arn,
        "platformVersion": PLATFORM_VERSION,
        "containerImages": images,
        "guardDutyEnabled": False,
        "createdAt": utcnow(),
    }


def new_service_deployment(service: Service, revision: Record, deployment: Record, ignored: bool) -> Record:
    """A service deployment to the new revision; alarms that are on already are C(ignored) by it."""
    now, settings = utcnow(), service.deployment_configuration  # type: ignore[attr-defined]
    return {
        "serviceDeploymentArn": arn(service, "service-deployment"),
        "serviceArn": service.arn,
        "clusterArn": service.cluster_arn,
        "createdAt": now,
        "updatedAt": now,
        "sourceServiceRevisions": [],
        "targetServiceRevision": {"arn": revision["serviceRevisionArn"]},
        "status": PENDING,
        "deploymentConfiguration": settings,
        "deploymentCircuitBreaker": circuit_breaker(settings, deployment, "MONITORING"),
        "alarms": alarms(settings, "DISABLED" if ignored else "MONITORING"),
    }


def tasks(revision: str, deployment: Record) -> Record:
    """A summary of a revision's tasks."""
    running = {"runningTaskCount": deployment["runningCount"], "pendingTaskCount": 0}
    return {"arn": revision, "requestedTaskCount": deployment["desiredCount"], **running}


def counts(revision: str, deployment: Record, test: float, production: float) -> Record:
    """A summary of a revision's tasks and its shares of test and production traffic, in percent."""
    weights = {"requestedTestTrafficWeight": test, "requestedProductionTrafficWeight": production}
    return {**tasks(revision, deployment), **weights}


def breaker_threshold(desired: int, settings: Record | None = None) -> int:
    """How many failed tasks open the circuit breaker: half the desired count, at least 3, at most 200."""
    given = (settings or {}).get("thresholdConfiguration", {})
    kind, value = given.get("type", "BOUNDED_PERCENT"), given.get("value", DEFAULT_BREAKER_PERCENT)
    share: int = ceil(desired * value / 100)
    bounded = min(max(share, MIN_BREAKER_THRESHOLD), MAX_BREAKER_THRESHOLD)
    thresholds: dict[str, int] = {"COUNT": value, "UNBOUNDED_PERCENT": share}
    return thresholds.get(kind, bounded)


def circuit_breaker(settings: Record, deployment: Record, status: str) -> Record:
    """The circuit breaker's state in a service deployment."""
    breaker = settings.get("deploymentCircuitBreaker", {})
    return {
        "status": status if breaker.get("enable") else "DISABLED",
        "failureCount": deployment["failedTasks"],
        "threshold": breaker_threshold(deployment["desiredCount"], breaker),
    }


def alarms(settings: Record, status: str) -> Record:
    """The deployment alarms' state in a service deployment."""
    given = settings.get("alarms", {})
    state = status if given.get("enable") else "DISABLED"
    return {"status": state, "alarmNames": given.get("alarmNames", []), "triggeredAlarmNames": []}


def refresh(record: Record, rollout: Rollout, target: Record, sources: list[Record]) -> None:
    """Let a service deployment say how far it is; C(target) and C(sources) are the counts of its revisions."""
    now, was = utcnow(), record["status"]
    record.update(status=rollout.status, targetServiceRevision=target, sourceServiceRevisions=sources)
    record["lifecycleHookDetails"] = [shown(hook) for hook in rollout.hooks]
    if record["deploymentConfiguration"]["strategy"] != "ROLLING":
        record["lifecycleStage"] = shown_stage(rollout)
    if rollout.reason:
        record["statusReason"] = NO_CANDIDATE if rollout.status == ROLLBACK_FAILED else rollout.reason
    if rollout.status != was:
        record["updatedAt"] = now
    if rollout.status != PENDING:
        record.setdefault("startedAt", now)
    if rollout.over:
        end(record, rollout.status, now)


def end(record: Record, status: str, now: Any) -> None:
    """What a service deployment says when it is over."""
    record.setdefault("finishedAt", now)
    if status == STOPPED:
        record.setdefault("stoppedAt", now)
    for monitor in ("alarms", "deploymentCircuitBreaker"):
        if record[monitor]["status"] == "MONITORING":
            record[monitor] = {**record[monitor], "status": "MONITORING_COMPLETE"}


def settle(deployment: Record, state: str, reason: str) -> None:
    """Give a deployment its rollout state, and say why."""
    deployment.update(rolloutState=state, rolloutStateReason=reason, updatedAt=utcnow())
