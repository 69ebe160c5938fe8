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
MIN_BREAKER_THRESHOLD, MAX_BREAKER_THRESHOLD = 3, 200


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


def new_service_deployment(service: Service, revision: Record, source: Record | None, deployment: Record) -> Record:
    """A service deployment from the source revision, if there is one, to the new revision."""
    now, settings = utcnow(), service.deployment_configuration  # type: ignore[attr-defined]
    return {
        "serviceDeploymentArn": arn(service, "service-deployment"),
        "serviceArn": service.arn,
        "clusterArn": service.cluster_arn,
        "createdAt": now,
        "startedAt": now,
        "updatedAt": now,
        "sourceServiceRevisions": [_counts(source, deployment, 0)] if source else [],
        "targetServiceRevision": _counts(revision, deployment, 0),
        "status": "IN_PROGRESS",
        "deploymentConfiguration": settings,
        "deploymentCircuitBreaker": circuit_breaker(settings, service.desired_count, 0, "MONITORING"),
        "alarms": alarms(settings, "MONITORING"),
    }


def _counts(revision: Record, deployment: Record, running: int) -> Record:
    """A summary of a revision's tasks and its share of production traffic, in percent."""
    return {
        "arn": revision.get("serviceRevisionArn") or revision["arn"],
        "requestedTaskCount": deployment["desiredCount"],
        "runningTaskCount": running,
        "pendingTaskCount": 0,
        "requestedProductionTrafficWeight": 100.0 if running else 0.0,
    }


def breaker_threshold(desired: int) -> int:
    """How many failed tasks open the circuit breaker: half the desired count, at least 3, at most 200."""
    return min(max(ceil(desired / 2), MIN_BREAKER_THRESHOLD), MAX_BREAKER_THRESHOLD)


def circuit_breaker(settings: Record, desired: int, failed: int, status: str) -> Record:
    """The circuit breaker's state in a service deployment."""
    enabled = settings.get("deploymentCircuitBreaker", {}).get("enable")
    state = status if enabled else "DISABLED"
    return {"status": state, "failureCount": failed, "threshold": breaker_threshold(desired)}


def alarms(settings: Record, status: str) -> Record:
    """The deployment alarms' state in a service deployment."""
    given = settings.get("alarms", {})
    state = status if given.get("enable") else "DISABLED"
    return {"status": state, "alarmNames": given.get("alarmNames", []), "triggeredAlarmNames": []}


def complete(service: Service, deployment: Record, record: Record) -> None:
    """Mark the deployment and its service deployment as done."""
    now, settings = utcnow(), record["deploymentConfiguration"]
    deployment.update(
        rolloutState="COMPLETED",
        rolloutStateReason=f"ECS deployment {deployment['id']} completed.",
        updatedAt=now,
    )
    record.update(
        status="SUCCESSFUL",
        finishedAt=now,
        updatedAt=now,
        targetServiceRevision=_counts(record["targetServiceRevision"], deployment, deployment["runningCount"]),
        deploymentCircuitBreaker=circuit_breaker(settings, service.desired_count, 0, "MONITORING_COMPLETE"),
        alarms=alarms(settings, "MONITORING_COMPLETE"),
    )


def supersede(record: Record) -> None:
    """Stop a service deployment that a newer one replaces before it was done."""
    if record["status"] == "IN_PROGRESS":
        now = utcnow()
        record.update(status="STOPPED", stoppedAt=now, finishedAt=now, statusReason="Superseded by a newer deployment.")


def fail_once(service: Service, deployment: Record, record: Record) -> None:
    """Count another failed start: a service that cannot start its tasks keeps trying."""
    deployment["failedTasks"] += 1
    settings = record["deploymentConfiguration"]
    record["deploymentCircuitBreaker"] = circuit_breaker(
        settings, service.desired_count, deployment["failedTasks"], "MONITORING"
    )
