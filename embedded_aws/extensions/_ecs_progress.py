# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS: the progress of a service's deployments. Whoever looks sees them as far as the time, hooks and alarms allow."""

from __future__ import annotations

from dataclasses import replace
from threading import RLock

from botocore import xform_name
from moto.ecs.models import Cluster, EC2ContainerServiceBackend, TaskDefinition

from embedded_aws import deployments as steering

from . import _ecs_deployments as deployments
from . import _ecs_rollout as rollouts
from ._ecs_connect import joined_namespace, publish, withdraw
from ._ecs_faults import Service, Settings, fault, in_alarm
from ._ecs_hooks import asked, met
from ._ecs_rollout import Facts, Fault, Rollout
from ._ecs_scheduler import Fleet, fail_to_start, lacks_image, scale, stop_tasks, tasks_of
from ._ecs_stages import ENTER

LOCK = RLock()


def begin_deployment(service: Service, definition: TaskDefinition) -> None:
    """Make the service as it is now its PRIMARY deployment, in place of one that is still in progress."""
    with LOCK:
        if service.rollout and not service.rollout.over:
            service.rollout = rollouts.superseded(service.rollout, steering.clock())
            report(service)
        deployment = deployments.new_deployment(service, connected(service))
        revision = deployments.new_revision(service, service._account_id, definition.container_definitions)
        settings = {name: getattr(service, xform_name(name), None) for name in deployments.REVISION_MEMBERS}
        others = [f for f in service.fleets if f is service.completed or tasks_of(service, f)]
        service.target, service.origin = Fleet(deployment, revision["serviceRevisionArn"], settings), service.completed
        service.fleets = [service.target, *others]
        service.revisions = [*service.revisions, revision]
        record_deployment(service, revision, stray=any(f is not service.origin for f in others))


def connected(service: Service) -> list[dict[str, str]]:
    """The names under which Service Connect finds the service, made where they are missing."""
    connect = getattr(service, "service_connect_configuration", None) or {}
    if not connect.get("enabled"):
        return []
    cluster = service._backend._get_cluster(service.cluster_name)
    return publish(service._backend, joined_namespace(service._backend, cluster, connect), connect)


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


def enter(service: Service, pace: steering.Pace) -> None:
    """Do what the step does that has just begun, and call its hooks."""
    rollout = service.rollout
    if rollout.stage in rollouts.HOOKED:
        service.rollout = replace(rollout, hooks=(*rollout.hooks, *met(rollout, hooks(service), pace)))
    ENTER.get(rollout.stage, lambda _service: None)(service)


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
    """Stop all tasks, give up the Service Connect names and end as INACTIVE, without its service deployments."""
    stop_tasks(service, tasks_of(service), "Service deleted.")
    withdraw(service._backend, [resource for d in service.deployments for resource in d["serviceConnectResources"]])
    service.desired_count = service.running_count = service.pending_count = 0
    service.status, service.deployments, service.fleets, service.service_deployments = "INACTIVE", [], [], []
