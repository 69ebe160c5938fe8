# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS: ListServiceDeployments, DescribeServiceDeployments and DescribeServiceRevisions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ecs.exceptions import InvalidParameterException
from moto.ecs.responses import EC2ContainerServiceResponse as Response

from ._ecs_scheduler import converge
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


OPERATIONS = (list_service_deployments, describe_service_deployments, describe_service_revisions)


def install() -> None:
    """Add the operations to moto's ECS; a second call changes nothing."""
    add(Response, *OPERATIONS)
