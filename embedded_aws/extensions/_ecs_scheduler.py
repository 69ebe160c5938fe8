# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS: the scheduler. It keeps the tasks and targets of a service's deployments in line with what they are to run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends
from moto.ecs.models import Service, Task, TaskDefinition
from moto.elbv2.models import elbv2_backends
from moto.moto_api._internal import mock_random

from embedded_aws import deployments as steering

from ._ecs_checks import target_group
from .ecs_tasks import PLATFORM_VERSION, eni_detail, finish, missing_image, pull_error

Settings = dict[str, Any]

MAX_EVENTS = 100
KILLED, OUT_OF_MEMORY = 137, "OutOfMemoryError: Container killed due to memory usage"
UNSTABLE = (
    "is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the "
    "Amazon ECS Developer Guide."
)


@dataclass(eq=False)
class Fleet:
    """A deployment's tasks: what they run, the target group of each load balancer entry, and whether they shall run."""

    deployment: Settings
    revision: str
    settings: Settings
    groups: list[str | None] = field(default_factory=list)
    wanted: bool = False


def providers(strategy: list[Settings], count: int) -> list[str]:
    """The capacity provider of each of `count` tasks: bases first, then by weight, always the one furthest behind."""
    chosen = [item["capacityProvider"] for item in strategy for _task in range(item.get("base", 0))][:count]
    weighted = [item for item in strategy if item.get("weight", 0)] or strategy[:1]
    placed = dict.fromkeys((item["capacityProvider"] for item in weighted), 0)
    while weighted and len(chosen) < count:
        item = min(weighted, key=lambda i: (placed[i["capacityProvider"]] + 1) / (i.get("weight", 0) or 1))
        placed[item["capacityProvider"]] += 1
        chosen.append(item["capacityProvider"])
    return chosen


def event(service: Service, message: str) -> None:
    """Add an event, newest first; AWS keeps a hundred."""
    entry = {"id": str(mock_random.uuid4()), "createdAt": utcnow(), "message": f"(service {service.name}) {message}"}
    service.events = [entry, *service.events][:MAX_EVENTS]


def tasks_of(service: Service, fleet: Fleet | None = None) -> list[Task]:
    """The service's tasks that are meant to run, or those of one of its deployments."""
    tasks = service._backend.tasks.get(service.cluster_name, {}).values()
    group, starter = f"service:{service.name}", fleet.deployment["id"] if fleet else None
    running = [task for task in tasks if task.group == group and task.desired_status == "RUNNING"]
    return [task for task in running if starter in (None, task.started_by)]


def task_tags(service: Service, definition: TaskDefinition) -> list[dict[str, str]]:
    """The tags a new task gets: ECS's own when asked for, and those of whatever propagates."""
    sources = {"SERVICE": service.tags, "TASK_DEFINITION": definition.tags}
    managed = {"aws:ecs:clusterName": service.cluster_name, "aws:ecs:serviceName": service.name}
    owned = managed if getattr(service, "enable_ecs_managed_tags", False) else {}
    return [*({"key": k, "value": v} for k, v in owned.items()), *sources.get(service.propagate_tags, [])]


def placement(network: Settings | None, index: int) -> Settings | None:
    """The network configuration of the task number `index`: subnets in turn, so that zones are used evenly."""
    if not network:
        return None
    inner: Settings = dict(network["awsvpcConfiguration"])
    subnets = inner["subnets"]
    return {"awsvpcConfiguration": {**inner, "subnets": [subnets[index % len(subnets)]]}}


def start_task(service: Service, fleet: Fleet, definition: TaskDefinition, index: int) -> Task:
    """Start task number `index` of a deployment."""
    backend, strategy = service._backend, getattr(service, "capacity_provider_strategy", None) or []
    cluster = backend._get_cluster(service.cluster_name)
    task = Task(
        *(cluster, definition, None, {}, backend),
        group=f"service:{service.name}",
        launch_type=service.launch_type or "",
        started_by=fleet.deployment["id"],
        tags=task_tags(service, definition),
        networking_configuration=placement(fleet.settings["networkConfiguration"], index),
        platform_version=PLATFORM_VERSION,
        capacity_provider_name=providers(strategy, index + 1)[-1] if strategy else None,
    )
    task.enable_execute_command = service.enable_execute_command  # type: ignore[attr-defined]
    backend.tasks.setdefault(service.cluster_name, {})[task.task_arn] = task
    return task


def register(service: Service, fleet: Fleet, tasks: list[Task]) -> None:
    """Put tasks behind the target groups of their deployment."""
    ips = [address for address in (eni_detail(task, "privateIPv4Address") for task in tasks) if address]
    for balancer, arn in zip(fleet.settings["loadBalancers"] or [], fleet.groups, strict=True):
        group = target_group(service._backend, arn) if arn else None
        if group and ips:
            group.register([{"Id": ip, "Port": balancer["containerPort"]} for ip in ips])
            event(service, f"registered {len(ips)} targets in (target-group {arn})")


def vpcs(service: Service, tasks: list[Task]) -> set[str]:
    """The VPCs that tasks are in: another's may have the same addresses."""
    network = ec2_backends[service._account_id][service.region_name]
    subnets = {subnet for subnet in (eni_detail(task, "subnetId") for task in tasks) if subnet}
    return {str(network.get_subnet(subnet).vpc_id) for subnet in subnets}


def deregister(service: Service, tasks: list[Task]) -> None:
    """Take tasks out of every target group that holds them, those of an earlier deployment included."""
    ips, networks = {eni_detail(task, "privateIPv4Address") for task in tasks}, vpcs(service, tasks)
    for group in elbv2_backends[service._account_id][service.region_name].target_groups.values():
        gone = [target for ip, target in group.targets.items() if ip in ips and group.vpc_id in networks]
        if gone and group.target_type == "ip":
            group.deregister(gone)
            event(service, f"deregistered {len(gone)} targets in (target-group {group.arn})")


def stop_tasks(service: Service, tasks: list[Task], reason: str) -> None:
    """Stop tasks of the service, their targets first."""
    if tasks:
        deregister(service, tasks)
        for task in tasks:
            finish(task, reason, "ServiceSchedulerInitiated", exit_code=0)
        event(service, f"has stopped {len(tasks)} running tasks: {named(tasks)}.")


def named(tasks: list[Task]) -> str:
    """Tasks as events name them."""
    return " ".join(f"(task {task.id})" for task in tasks)


def scale(service: Service, fleet: Fleet) -> None:
    """Bring a fleet's tasks in line with what it is to run, as far as its image allows; a failed one starts nothing."""
    deployment, backend = fleet.deployment, service._backend
    desired, mine = service.desired_count if fleet.wanted else 0, tasks_of(service, fleet)
    missing = range(len(mine), desired if deployment["rolloutState"] != "FAILED" else 0)
    definition = backend.describe_task_definition(fleet.settings["taskDefinition"])
    if missing and not missing_image(definition, service._account_id):
        started = [start_task(service, fleet, definition, index) for index in missing]
        event(service, f"has started {len(started)} tasks: {named(started)}.")
        code = steering.pace(service.name).exit_code
        if code is None:
            register(service, fleet, started)
        else:
            exit_at_once(fleet, started, code)
    stop_tasks(service, mine[desired:], f"Scaling activity initiated by (deployment {deployment['id']})")
    deployment.update(desiredCount=desired, runningCount=len(tasks_of(service, fleet)))


def exit_at_once(fleet: Fleet, tasks: list[Task], code: int) -> None:
    """Let tasks that have just been started end by themselves, as somebody steers it."""
    for task in tasks:
        finish(task, "Essential container in task exited", "EssentialContainerExited", code)
        for container in task.containers if code == KILLED else ():
            container.reason = OUT_OF_MEMORY  # type: ignore[attr-defined]
    fleet.deployment["failedTasks"] += len(tasks)


def lacks_image(service: Service, fleet: Fleet) -> str | None:
    """The image for which a fleet cannot start the tasks that it is to run, or None."""
    definition = service._backend.describe_task_definition(fleet.settings["taskDefinition"])
    too_few = fleet.wanted and len(tasks_of(service, fleet)) < service.desired_count
    starts = too_few and fleet.deployment["rolloutState"] != "FAILED"
    return missing_image(definition, service._account_id) if starts else None


def fail_to_start(service: Service, fleet: Fleet, image: str) -> None:
    """Count another failed start; the last try can be seen among the stopped tasks."""
    fleet.deployment["failedTasks"] += 1
    if fleet.deployment["failedTasks"] == 1:
        definition = service._backend.describe_task_definition(fleet.settings["taskDefinition"])
        task = start_task(service, fleet, definition, 0)
        event(service, f"was unable to start a task: {named([task])} {pull_error(image)}.")
        event(service, UNSTABLE)
