# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS: what the service deployment in progress fails for: listener rules, tasks that cannot start, alarms."""

from __future__ import annotations

from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.elbv2.models import ELBv2Backend, elbv2_backends

from . import _ecs_deployments as deployments
from . import _ecs_rollout as rollouts
from . import _ecs_traffic as traffic
from ._ecs_rollout import Fault

Settings = dict[str, Any]
# moto's Service, with what the extension keeps on it: fleets (the present one first), rollout (of the latest service
# deployment), target and origin (where that leads and comes from), completed (the last fleet that came to be),
# revisions and service_deployments.
Service = Any

BREAKER, ALARM = "tasks failed to start", "alarm detected"


def balancing(service: Service) -> ELBv2Backend:
    """The load balancers of the service's account and region."""
    found: ELBv2Backend = elbv2_backends[service._account_id][service.region_name]
    return found


def shifting(service: Service) -> list[tuple[Settings, str]]:
    """The load balancer entries whose traffic the latest deployment shifts, each with its new target group."""
    record, balancers = service.service_deployments[-1], service.target.settings["loadBalancers"] or []
    if record["deploymentConfiguration"]["strategy"] == "ROLLING":
        return []
    groups = service.target.groups or [None] * len(balancers)
    return [(b, group) for b, group in zip(balancers, groups, strict=True) if b.get("advancedConfiguration")]


def in_alarm(service: Service, settings: Settings) -> list[str]:
    """Those of the deployment alarms that are in ALARM now."""
    known = cloudwatch_backends[service._account_id][service.region_name].alarms
    given = settings.get("alarms", {})
    names = given.get("alarmNames", []) if given.get("enable") else []
    return [name for name in names if name in known and known[name].state_value == "ALARM"]


def fault(service: Service) -> Fault | None:
    """What the deployment in progress fails for, or None."""
    return network_fault(service) or breaker_fault(service) or alarm_fault(service)


def network_fault(service: Service) -> Fault | None:
    """The fault that listener rules or the role for them are, before the first new task starts."""
    if service.rollout.stage != rollouts.PRE_SCALE_UP:
        return None
    found = traffic.problem(balancing(service), [balancer for balancer, _group in shifting(service)])
    return Fault(f"of invalid networking configuration. {found}", rollback=True) if found else None


def breaker_fault(service: Service) -> Fault | None:
    """The fault that too many failed starts are, where the circuit breaker is on."""
    record, deployment = service.service_deployments[-1], service.target.deployment
    settings = record["deploymentConfiguration"]
    state = deployments.circuit_breaker(settings, deployment, "MONITORING")
    if state["status"] == "DISABLED":
        return None
    opened = state["failureCount"] >= state["threshold"]
    record["deploymentCircuitBreaker"] = {**state, "status": "TRIGGERED"} if opened else state
    rollback = settings["deploymentCircuitBreaker"].get("rollback", False)
    return Fault("the circuit breaker threshold was exceeded.", rollback, BREAKER) if opened else None


def alarm_fault(service: Service) -> Fault | None:
    """The fault that an alarm is which went off since the deployment began."""
    record = service.service_deployments[-1]
    watched = service.rollout.stage in rollouts.MONITORED and record["alarms"]["status"] == "MONITORING"
    triggered = in_alarm(service, record["deploymentConfiguration"]) if watched else []
    if not triggered:
        return None
    record["alarms"] = {**record["alarms"], "status": "TRIGGERED", "triggeredAlarmNames": triggered}
    return Fault("of one or more active alarms.", record["deploymentConfiguration"]["alarms"]["rollback"], ALARM)
