# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Application Auto Scaling of the services of one ECS cluster, in which a service's name says which target is meant."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import _aws, _wait

SERVICE = "application-autoscaling"
NAMESPACE = "ecs"
DIMENSION = "ecs:service:DesiredCount"
DEADLINE = 60.0  #: seconds that AWS may take to finish a change of the same target
PAUSE = 2.0  #: seconds between two tries

_AT = r"at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)"
_RATE = r"rate\(0*[1-9]\d* (minute|hour|day)s?\)"
_CRON = r"cron\((\S+ ){5}\S+\)"

_PARTS = ("DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended")


def schedule_problem(text: str) -> str:
    """Why AWS takes no such schedule; empty where it does."""
    known = "cron(<six fields>), rate(<number> <unit>) and at(yyyy-mm-ddThh:mm:ss)"
    return "" if re.fullmatch(f"{_AT}|{_RATE}|{_CRON}", text) else f"{text!r} is none of {known}"


def resource(cluster: str, service: str) -> dict[str, str]:
    """What identifies a service's scalable target in a request."""
    resource_id = f"service/{cluster}/{service}"
    return {"ServiceNamespace": NAMESPACE, "ResourceId": resource_id, "ScalableDimension": DIMENSION}


def service_of(entry: Mapping[str, Any]) -> str:
    """The service that a target, a policy or a scheduled action is about."""
    return str(entry["ResourceId"]).rpartition("/")[2]


def of_cluster(entries: Iterable[Mapping[str, Any]], cluster: str) -> list[Mapping[str, Any]]:
    """The entries that are about services of the cluster."""
    return [entry for entry in entries if entry["ResourceId"].startswith(f"service/{cluster}/")]


def suspended_state(suspended: bool) -> dict[str, bool]:
    """The request for scaling wholly suspended, or not at all."""
    return dict.fromkeys(_PARTS, suspended)


def is_suspended(target: Mapping[str, Any]) -> bool:
    """Whether no kind of scaling acts on the target."""
    state = target.get("SuspendedState") or {}
    return all(state.get(part) for part in _PARTS)


def targets(client: Any, cluster: str) -> dict[str, Mapping[str, Any]]:
    """The cluster's scalable targets as AWS describes them, by service."""
    operation, key = "describe_scalable_targets", "ScalableTargets"
    found = _aws.pages(client, operation, key, ServiceNamespace=NAMESPACE, ScalableDimension=DIMENSION)
    return {service_of(entry): entry for entry in of_cluster(found, cluster)}


def change(call: Callable[[], Any]) -> None:
    """Make a change, again while AWS is still busy with another one of the same target. Raises TimedOut."""
    busy = "ConcurrentUpdateException"
    attempt = functools.partial(_aws.absent_as, None, call, busy)
    _wait.until(attempt, lambda answer: answer is not None, "a free target", DEADLINE, PAUSE)
