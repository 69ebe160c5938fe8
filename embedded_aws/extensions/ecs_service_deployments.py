# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS: the operations on service deployments and revisions, and those that stop or continue one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ecs.exceptions import ECSException, InvalidParameterException
from moto.ecs.responses import EC2ContainerServiceResponse as Response

from ._ecs_progress import LOCK, converge, stop
from ._ecs_rollout import AWAITING, FAILED, SUCCEEDED, Fault, Hook, answered, open_hooks
from ._operations import add, page
from .ecs_services import found_service

Record = dict[str, Any]

MAX_DESCRIBED = 20
DEFAULT_PAGE = 20


def brief(record: Record) -> Record:
    """A service deployment as a list shows it."""
    names = ("serviceDeploymentArn", "serviceArn", "clusterArn", "startedAt", "createdAt", "finishedAt", "status")
    target = {"targetServiceRevisionArn": record["targetServiceRevision"]["arn"]}
    return {**{name: record.get(name) for name in names}, "statusReason": record.get("statusReason"), **target}


def aware(moment: Any) -> datetime:
    """A moment of a request (epoch seconds or a datetime) or of moto's (naive UTC), comparable."""
    if isinstance(moment, datetime):
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return datetime.fromtimestamp(float(moment), tz=UTC)


def within(record: Record, window: Record) -> bool:
    """Whether a service deployment was created between the window's `after` and `before`, each optional."""
    earliest, latest = window.get("after", 0), window.get("before", utcnow().replace(year=9999))
    return aware(earliest) <= aware(record["createdAt"]) <= aware(latest)


def list_service_deployments(self: Response) -> ActionResult:
    """ListServiceDeployments, the newest first."""
    service: Any = found_service(self)
    converge(service)
    statuses, window = self._get_param("status", []), self._get_param("createdAt", {})
    records = [r for r in service.service_deployments[::-1] if not statuses or r["status"] in statuses]
    found = [brief(record) for record in records if within(record, window)]
    shown, token = page(found, self._get_param("maxResults"), self._get_param("nextToken"), DEFAULT_PAGE)
    return ActionResult({"serviceDeployments": shown, "nextToken": token})


def lookup(self: Response, attribute: str, key: str, arns: list[str]) -> tuple[list[Record], list[Record]]:
    """The records of all services with these ARNs, and a failure for each that is unknown."""
    if len(arns) > MAX_DESCRIBED:
        raise InvalidParameterException(f"At most {MAX_DESCRIBED} ARNs can be described at a time.")
    services: list[Any] = list(self.ecs_backend.services.values())
    for service in services:
        converge(service)
    known = {record[key]: record for service in services for record in getattr(service, attribute)}
    return [known[a] for a in arns if a in known], [{"arn": a, "reason": "MISSING"} for a in arns if a not in known]


def describe_service_deployments(self: Response) -> ActionResult:
    """DescribeServiceDeployments."""
    arns = self._get_param("serviceDeploymentArns")
    found, failures = lookup(self, "service_deployments", "serviceDeploymentArn", arns)
    return ActionResult({"serviceDeployments": found, "failures": failures})


def describe_service_revisions(self: Response) -> ActionResult:
    """DescribeServiceRevisions."""
    found, failures = lookup(self, "revisions", "serviceRevisionArn", self._get_param("serviceRevisionArns"))
    return ActionResult({"serviceRevisions": found, "failures": failures})


def found_deployment(self: Response, arn: str) -> tuple[Any, Record]:
    """A service deployment as far as it is now, with its service. Raises ServiceDeploymentNotFoundException."""
    services: list[Any] = list(self.ecs_backend.services.values())
    for service in services:
        for record in service.service_deployments:
            if record["serviceDeploymentArn"] == arn:
                converge(service)
                return service, record
    raise ECSException("ServiceDeploymentNotFoundException", "The service deployment does not exist.")


def in_progress(service: Any, record: Record) -> bool:
    """Whether a service deployment has not ended."""
    return record is service.service_deployments[-1] and not service.rollout.over


def stop_service_deployment(self: Response) -> ActionResult:
    """StopServiceDeployment: back to the last completed revision, or with ABORT no further. It may be stopping already.

    Raises ServiceDeploymentNotFoundException, and ConflictException for one that is over.
    """
    arn = self._get_param("serviceDeploymentArn")
    kind = self._get_param("stopType", "ROLLBACK")
    if kind not in ("ABORT", "ROLLBACK"):
        raise InvalidParameterException("stopType should be one of [ABORT,ROLLBACK]")
    service, record = found_deployment(self, arn)
    if not in_progress(service, record):
        raise ECSException("ConflictException", f"The service deployment is in the terminal state {record['status']}.")
    if not service.rollout.undone:
        stop(service, Fault("it was stopped by a user.", rollback=kind == "ROLLBACK"))
    return ActionResult({"serviceDeploymentArn": arn})


def continue_service_deployment(self: Response) -> ActionResult:
    """ContinueServiceDeployment: a pause ends, with CONTINUE (the default) or ROLLBACK.

    Raises ServiceDeploymentNotFoundException, and InvalidParameterException for a hook that is not waiting.
    """
    arn, identifier = self._get_param("serviceDeploymentArn"), self._get_param("hookId")
    if not re.fullmatch(r"ecs-[a-z]+-.+", identifier):
        raise InvalidParameterException("Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}")
    action = self._get_param("action", "CONTINUE")
    if action not in ("CONTINUE", "ROLLBACK"):
        raise InvalidParameterException("action should be one of [ROLLBACK,CONTINUE]")
    service, record = found_deployment(self, arn)
    with LOCK:
        hook = waiting(service, record, identifier)
        said = {"CONTINUE": (SUCCEEDED, ""), "ROLLBACK": (FAILED, "was rolled back by a user.")}[action]
        service.rollout = answered(service.rollout, replace(hook, status=said[0], detail=said[1]))
        converge(service)
    return ActionResult({"serviceDeploymentArn": arn})


def waiting(service: Any, record: Record, identifier: str) -> Hook:
    """The pause of that id, if it waits. Raises InvalidParameterException."""
    if not in_progress(service, record):
        raise InvalidParameterException(
            "Continuing a service deployment is not allowed for service deployment in terminal states."
        )
    for hook in open_hooks(service.rollout):
        if (hook.hook_id, hook.status) == (identifier, AWAITING):
            return hook
    raise InvalidParameterException(
        "Provided hookId is either completed, unavailable, or not associated with the given Resource ARN"
    )


OPERATIONS = (
    *(list_service_deployments, describe_service_deployments, describe_service_revisions),
    *(stop_service_deployment, continue_service_deployment),
)


def install() -> None:
    """Add the operations to moto's ECS; a second call changes nothing."""
    add(Response, *OPERATIONS)
