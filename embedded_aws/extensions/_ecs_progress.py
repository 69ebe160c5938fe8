# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS: the progress of a service's deployments. Whoever looks sees them as far as the time, hooks and alarms allow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import RLock
from typing import Any

from botocore import xform_name
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.utils import utcnow
from moto.ecs.models import Cluster, EC2ContainerServiceBackend, TaskDefinition
from moto.elbv2.models import ELBv2Backend, elbv2_backends

from embedded_aws import deployments as steering

from . import _ecs_deployments as deployments
from . import _ecs_rollout as rollouts
from . import _ecs_traffic as traffic
from ._ecs_connect import joined_namespace, publish, withdraw
from ._ecs_hooks import asked, met
from ._ecs_rollout import Facts, Fault, Rollout
from ._ecs_scheduler import Fleet, event, fail_to_start, lacks_image, scale, stop_tasks, tasks_of

Settings = dict[str, Any]
# moto's Service, with what the extension keeps on it: fleets (the present one first), rollout (of the latest service
# deployment), target and origin (where that leads and comes from), completed (the last fleet that came to be),
# revisions and service_deployments.
Service = Any

LOCK = RLock()
RULES = {rollouts.TEST_SHIFT: "testListenerRule", rollouts.SHIFT: "productionListenerRule"}
BREAKER, ALARM = "tasks failed to start", "alarm detected"


def balancing(service: Service) -> ELBv2Backend:
    """The load balancers of the service's account and region."""
    found: ELBv2Backend = elbv2_backends[service._account_id][service.region_name]
    return found


def in_alarm(service: Service, settings: Settings) -> list[str]:
    """Those of the deployment alarms that are in ALARM now."""
    known = cloudwatch_backends[service._account_id][service.region_name].alarms
    given = settings.get("alarms", {})
    names = given.get("alarmNames", []) if given.get("enable") else []
    return [name for name in names if name in known and known[name].state_value == "ALARM"]


def begin_deployment(service: Service, definition: TaskDefinition) -> None:
    """Make the service as it is now its PRIMARY deployment, in place of one that is still in progress."""
    if service.rollout and not service.rollout.over:
        service.rollout = rollouts.superseded(service.rollout, steering.clock())
        report(service)
    connect, resources = getattr(service, "service_connect_configuration", None) or {}, []
    if connect.get("enabled"):
        cluster = service._backend._get_cluster(service.cluster_name)
        resources = publish(service._backend, joined_namespace(service._backend, cluster, connect), connect)
    deployment = deployments.new_deployment(service, resources)
    revision = deployments.new_revision(service, service._account_id, definition.container_definitions)
    settings = {name: getattr(service, xform_name(name), None) for name in deployments.REVISION_MEMBERS}
    others = [f for f in service.fleets if f is service.completed or tasks_of(service, f)]
    service.target, service.origin = Fleet(deployment, revision["serviceRevisionArn"], settings), service.completed
    service.fleets = [service.target, *others]
    service.revisions = [*service.revisions, revision]
    record_deployment(service, revision, stray=any(f is not service.origin for f in others))


def record_deployment(service: Service, revision: Settings, stray: bool) -> None:
    """Note the service deployment; with tasks of a C(stray) revision about, it has to reconcile the service first."""
    settings = service.deployment_configuration
    ignored = bool(in_alarm(service, settings))
    record = deployments.new_service_deployment(service, revision, service.target.deployment, ignored)
    service.service_deployments = [*service.service_deployments, record]
    service.current_service_deployment = record["serviceDeploymentArn"]
    steps = rollouts.steps(settings, first=service.origin is None, reconcile=stray)
    service.rollout = Rollout(steps, entered=steering.clock())


def converge(service: Service) -> None:
    """Let the latest deployment go as far as it can, and bring the tasks in line with the deployments."""
    with LOCK:
        if service.status != "ACTIVE" or not service.fleets:
            return
        progress(service)
        image = lacks_image(service, service.target)
        if image:
            fail_to_start(service, service.target, image)
            progress(service)
        report(service)


def progress(service: Service) -> None:
    """Take one step after the other, until one has to be waited for."""
    while True:
        for fleet in service.fleets:
            scale(service, fleet)
        before, pace = service.rollout, steering.pace(service.name)
        service.rollout = rollouts.advance(asked(before, hooks(service), pace), facts(service, pace))
        if service.rollout.position == before.position:
            return
        enter(service, pace)


def hooks(service: Service) -> list[Settings]:
    """The hooks of the latest service deployment."""
    found: list[Settings] = service.service_deployments[-1]["deploymentConfiguration"].get("lifecycleHooks", [])
    return found


def facts(service: Service, pace: steering.Pace) -> Facts:
    """What is true of the service now."""
    return Facts(
        now=steering.clock(),
        stage_seconds=pace.stage_seconds,
        minute_seconds=pace.bake_minute_seconds,
        hold=pace.hold,
        ready=len(tasks_of(service, service.target)) >= service.desired_count,
        fault=fault(service) if service.rollout.stage in rollouts.STAGES else None,
        source=service.origin is not None,
    )


def fault(service: Service) -> Fault | None:
    """What the deployment in progress fails for, or None."""
    return network_fault(service) or breaker_fault(service) or alarm_fault(service)


def shifting(service: Service) -> list[tuple[Settings, str]]:
    """The load balancer entries whose traffic the latest deployment shifts, each with its new target group."""
    record, balancers = service.service_deployments[-1], service.target.settings["loadBalancers"] or []
    if record["deploymentConfiguration"]["strategy"] == "ROLLING":
        return []
    groups = service.target.groups or [None] * len(balancers)
    return [(b, group) for b, group in zip(balancers, groups, strict=True) if b.get("advancedConfiguration")]


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


def enter(service: Service, pace: steering.Pace) -> None:
    """Do what the step does that has just begun, and call its hooks."""
    rollout = service.rollout
    if rollout.stage in rollouts.HOOKED:
        service.rollout = replace(rollout, hooks=(*rollout.hooks, *met(rollout, hooks(service), pace)))
    ENTER.get(rollout.stage, lambda _service: None)(service)


def reconcile(service: Service) -> None:
    """Give the traffic back to the last completed revision and stop what else runs, before anything new starts."""
    for balancer, _group in shifting(service):
        groups = [g for g in traffic.pair(balancer) if service.origin and g in service.origin.groups]
        for blue in groups:
            point(service, balancer, RULES[rollouts.SHIFT], traffic.other(balancer, blue), 0.0)
    if shifting(service):
        retire(service, [fleet for fleet in service.fleets if fleet not in (service.target, service.origin)])


def retire(service: Service, fleets: list[Fleet]) -> None:
    """Stop all tasks of these deployments, and show them no more."""
    for fleet in fleets:
        fleet.wanted = False
        scale(service, fleet)
    service.fleets = [fleet for fleet in service.fleets if fleet not in fleets]


def scale_up(service: Service) -> None:
    """Choose the target groups of the new tasks, which may run from now on."""
    service.target.groups = [group_for(service, b) for b in service.target.settings["loadBalancers"] or []]
    service.target.wanted = True


def group_for(service: Service, balancer: Settings) -> str | None:
    """A load balancer entry's target group for new tasks: for another strategy than ROLLING the one without traffic."""
    primary: str | None = balancer.get("targetGroupArn")
    serving = traffic.live(balancing(service), balancer) if balancer.get("advancedConfiguration") else None
    rolling = service.service_deployments[-1]["deploymentConfiguration"]["strategy"] == "ROLLING"
    if serving is None or service.origin is None:
        return primary
    return serving if rolling else traffic.other(balancer, serving)


def point(service: Service, balancer: Settings, name: str, green: str, share: float) -> None:
    """Give a group this percent of what the entry's rule of that name forwards, and the other group the rest."""
    wanted = traffic.weights(traffic.other(balancer, green), green, share)
    ordered = {group: wanted[group] for group in traffic.pair(balancer)}
    traffic.shift(balancing(service), balancer["advancedConfiguration"].get(name), ordered)


def shift_traffic(service: Service) -> None:
    """Rewrite the weights of the listener rules that the present stage shifts."""
    test, production = rollouts.shares(service.rollout)
    share = test if service.rollout.stage == rollouts.TEST_SHIFT else production
    for balancer, group in shifting(service):
        point(service, balancer, RULES[service.rollout.stage], group, share)


def clean_up(service: Service) -> None:
    """Stop the tasks of all other revisions."""
    retire(service, [fleet for fleet in service.fleets if fleet is not service.target])


def complete(service: Service) -> None:
    """The new revision is the one to go back to from now on."""
    service.completed = service.target
    end_deployment(service, service.target)


def end_deployment(service: Service, fleet: Fleet) -> None:
    """Mark a deployment as done; it alone is left."""
    retire(service, [other for other in service.fleets if other is not fleet])
    identifier = fleet.deployment["id"]
    deployments.settle(fleet.deployment, "COMPLETED", f"ECS deployment {identifier} completed.")
    event(service, f"(deployment {identifier}) deployment completed.")
    event(service, "has reached a steady state.")


def fail(service: Service) -> None:
    """Mark the deployment as failed, and note where a rollback leads to."""
    rollout, deployment, record = service.rollout, service.target.deployment, service.service_deployments[-1]
    said = f"{rollout.event.rstrip('.')}."
    circuit = f"ECS deployment circuit breaker: {said}"
    reason = circuit if rollout.event == BREAKER else f"ECS deployment {deployment['id']} failed: {said}"
    deployments.settle(deployment, "FAILED", reason)
    event(service, f"(deployment {deployment['id']}) deployment failed: {said}")
    if rollout.stage == rollouts.ROLLBACK_REQUESTED:
        back = {"serviceRevisionArn": service.origin.revision} if service.origin else {}
        record["rollback"] = {"reason": rollout.reason, "startedAt": utcnow(), **back}


def roll_back(service: Service) -> None:
    """Give the traffic back, stop the new tasks and make the last completed revision the service's again."""
    if service.origin is None:
        return
    give_back(service)
    target, origin = service.target, service.origin
    target.wanted, origin.wanted = False, True
    scale(service, target)
    vars(service).update({xform_name(name): value for name, value in origin.settings.items()})
    service.fleets = [origin, target]
    identifier, breaker = origin.deployment["id"], service.rollout.event == BREAKER
    prefix = "ECS deployment circuit breaker:" if breaker else f"ECS deployment {target.deployment['id']} failed:"
    deployments.settle(origin.deployment, "IN_PROGRESS", f"{prefix} rolling back to deploymentId {identifier}.")
    event(service, f"rolling back to deployment {identifier}.")


def give_back(service: Service) -> None:
    """Undo the shifts that have been made."""
    passed = {step.stage for step in service.rollout.steps[: service.rollout.position]}
    for stage, name in RULES.items():
        for balancer, group in shifting(service) if stage in passed else []:
            point(service, balancer, name, group, 0.0)


def rolled_back(service: Service) -> None:
    """The rollback is done: the last completed deployment alone is left."""
    end_deployment(service, service.origin)


ENTER: dict[str, Callable[[Service], None]] = {
    rollouts.RECONCILE: reconcile,
    rollouts.SCALE_UP: scale_up,
    rollouts.TEST_SHIFT: shift_traffic,
    rollouts.SHIFT: shift_traffic,
    rollouts.CLEAN_UP: clean_up,
    rollouts.SUCCESSFUL: complete,
    rollouts.ROLLBACK_REQUESTED: fail,
    rollouts.STOP_REQUESTED: fail,
    rollouts.ROLLING_BACK: roll_back,
    rollouts.ROLLED_BACK: rolled_back,
}


def stop(service: Service, fault: Fault) -> None:
    """Let the latest deployment fail for a reason of its own."""
    with LOCK:
        pace = steering.pace(service.name)
        service.rollout = rollouts.failed(service.rollout, fault, facts(service, pace))
        enter(service, pace)
        converge(service)


def report(service: Service) -> None:
    """Let the service, its deployments and the latest service deployment say what is there."""
    for number, fleet in enumerate(service.fleets):
        fleet.deployment["status"] = "ACTIVE" if number else "PRIMARY"
        fleet.deployment["runningCount"] = len(tasks_of(service, fleet))
    service.fleets[0].deployment["desiredCount"] = service.desired_count
    service.deployments = [fleet.deployment for fleet in service.fleets]
    service.running_count, service.pending_count = len(tasks_of(service)), 0
    test, production = rollouts.shares(service.rollout)
    target = deployments.counts(service.target.revision, service.target.deployment, test, production)
    record = service.service_deployments[-1]
    old = service.origin
    sources = [deployments.counts(old.revision, old.deployment, 100 - test, 100 - production)] if old else []
    deployments.refresh(record, service.rollout, target, sources)
    service.current_service_revisions = [deployments.tasks(f.revision, f.deployment) for f in service.fleets]


def converge_cluster(backend: EC2ContainerServiceBackend, cluster: Cluster) -> None:
    """Converge every service of a cluster."""
    for service in [s for s in backend.services.values() if s.cluster_name == cluster.name]:
        converge(service)


def drain(service: Service) -> None:
    """Stop all tasks, give up the Service Connect names and end as INACTIVE."""
    stop_tasks(service, tasks_of(service), "Service deleted.")
    withdraw(service._backend, [resource for d in service.deployments for resource in d["serviceConnectResources"]])
    service.desired_count = service.running_count = service.pending_count = 0
    service.status, service.deployments, service.fleets = "INACTIVE", [], []
