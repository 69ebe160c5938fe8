# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS: the scheduler. It keeps a service's tasks, targets and deployments in line with what the service asks for."""

from __future__ import annotations

from threading import RLock
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends
from moto.ecs.models import Cluster, EC2ContainerServiceBackend, Service, Task, TaskDefinition
from moto.elbv2.models import elbv2_backends
from moto.moto_api._internal import mock_random

from . import _ecs_deployments as deployments
from ._ecs_checks import target_group
from ._ecs_connect import joined_namespace, publish, withdraw
from .ecs_tasks import PLATFORM_VERSION, eni_detail, finish, missing_image, pull_error

Settings = dict[str, Any]

LOCK = RLock()
MAX_EVENTS = 100
UNSTABLE = (
    "is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the "
    "Amazon ECS Developer Guide."
)


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


def tasks_of(service: Service) -> list[Task]:
    """The service's tasks that are meant to run."""
    tasks = service._backend.tasks.get(service.cluster_name, {}).values()
    group = f"service:{service.name}"
    return [task for task in tasks if task.group == group and task.desired_status == "RUNNING"]


def task_tags(service: Service, definition: TaskDefinition) -> list[dict[str, str]]:
    """The tags a new task gets: ECS's own when asked for, and those of whatever propagates."""
    sources = {"SERVICE": service.tags, "TASK_DEFINITION": definition.tags}
    managed = {"aws:ecs:clusterName": service.cluster_name, "aws:ecs:serviceName": service.name}
    owned = managed if getattr(service, "enable_ecs_managed_tags", False) else {}
    return [*({"key": k, "value": v} for k, v in owned.items()), *sources.get(service.propagate_tags, [])]


def placement(service: Service, index: int) -> Settings | None:
    """The network configuration of the task number `index`: subnets in turn, so that zones are used evenly."""
    if not service.network_configuration:
        return None
    inner: Settings = dict(service.network_configuration["awsvpcConfiguration"])
    subnets = inner["subnets"]
    return {"awsvpcConfiguration": {**inner, "subnets": [subnets[index % len(subnets)]]}}


def start_task(service: Service, definition: TaskDefinition, deployment: Settings, index: int) -> Task:
    """Start task number `index` of a deployment and register its address with the target group."""
    backend, strategy = service._backend, getattr(service, "capacity_provider_strategy", None) or []
    cluster = backend._get_cluster(service.cluster_name)
    task = Task(
        *(cluster, definition, None, {}, backend),
        group=f"service:{service.name}",
        launch_type=service.launch_type or "",
        started_by=deployment["id"],
        tags=task_tags(service, definition),
        networking_configuration=placement(service, index),
        platform_version=PLATFORM_VERSION,
        capacity_provider_name=providers(strategy, index + 1)[-1] if strategy else None,
    )
    task.enable_execute_command = service.enable_execute_command  # type: ignore[attr-defined]
    backend.tasks.setdefault(service.cluster_name, {})[task.task_arn] = task
    return task


def targets(service: Service, tasks: list[Task]) -> dict[str, list[Settings]]:
    """The targets that tasks are, by target group ARN."""
    ips = [address for address in (eni_detail(task, "privateIPv4Address") for task in tasks) if address]
    balancers = [balancer for balancer in service.load_balancers if balancer.get("targetGroupArn")]
    return {b["targetGroupArn"]: [{"Id": ip, "Port": b["containerPort"]} for ip in ips] for b in balancers}


def register(service: Service, tasks: list[Task]) -> None:
    """Put tasks behind the service's target groups."""
    for arn, entries in targets(service, tasks).items():
        group = target_group(service._backend, arn)
        if group and entries:
            group.register(entries)
            event(service, f"registered {len(entries)} targets in (target-group {arn})")


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


def begin_deployment(service: Service, definition: TaskDefinition) -> None:
    """Make the service as it is now its PRIMARY deployment; the one before stays ACTIVE until this one is done."""
    connect, resources = getattr(service, "service_connect_configuration", None) or {}, []
    if connect.get("enabled"):
        cluster = service._backend._get_cluster(service.cluster_name)
        resources = publish(service._backend, joined_namespace(service._backend, cluster, connect), connect)
    running = [d for d in service.deployments if d["runningCount"] or d["rolloutState"] == "COMPLETED"]
    deployment = deployments.new_deployment(service, resources)
    service.deployments = [deployment, *({**old, "status": "ACTIVE"} for old in running)]
    record_deployment(service, deployment, definition)


def record_deployment(service: Any, deployment: Settings, definition: TaskDefinition) -> None:
    """Note the new revision and the service deployment that leads to it."""
    source = service.revisions[-1] if service.revisions else None
    revision = deployments.new_revision(service, service._account_id, definition.container_definitions)
    for record in service.service_deployments:
        deployments.supersede(record)
    record = deployments.new_service_deployment(service, revision, source, deployment)
    service.revisions = [*service.revisions, revision]
    service.service_deployments = [*service.service_deployments, record]
    service.current_service_deployment = record["serviceDeploymentArn"]


def converge(service: Service) -> None:
    """Bring the tasks in line with the desired count and the PRIMARY deployment, as far as its image allows."""
    with LOCK:
        if service.status != "ACTIVE" or not service.deployments:
            return
        definition = service._backend.describe_task_definition(str(service.task_definition))
        image = missing_image(definition, service._account_id) if service.desired_count else None
        fail_to_start(service, definition, image) if image else roll_out(service, definition)
        recount(service)


def fail_to_start(service: Any, definition: TaskDefinition, image: str) -> None:
    """The image is missing: the deployment stays in progress, its last try can be seen among the stopped tasks."""
    primary, record = service.deployments[0], service.service_deployments[-1]
    deployments.fail_once(service, primary, record)
    if primary["failedTasks"] == 1:
        task = start_task(service, definition, primary, 0)
        event(service, f"was unable to start a task: {named([task])} {pull_error(image)}.")
        event(service, UNSTABLE)


def roll_out(service: Any, definition: TaskDefinition) -> None:
    """Start what is missing, stop what is too much or of an earlier deployment, and complete the deployment."""
    primary = service.deployments[0]
    mine = [task for task in tasks_of(service) if task.started_by == primary["id"]]
    started = [start_task(service, definition, primary, i) for i in range(len(mine), service.desired_count)]
    if started:
        event(service, f"has started {len(started)} tasks: {named(started)}.")
        register(service, started)
    kept = [*mine, *started][: service.desired_count]
    surplus = [task for task in tasks_of(service) if task not in kept]
    stop_tasks(service, surplus, f"Scaling activity initiated by (deployment {primary['id']})")
    primary.update(desiredCount=service.desired_count, runningCount=len(kept))
    service.deployments = [primary]
    if primary["rolloutState"] != "COMPLETED":
        deployments.complete(service, primary, service.service_deployments[-1])
        event(service, f"(deployment {primary['id']}) deployment completed.")
        event(service, "has reached a steady state.")


def recount(service: Any) -> None:
    """The service's counters, its deployments' and those of its current revision."""
    tasks = tasks_of(service)
    for deployment in service.deployments:
        deployment["runningCount"] = sum(task.started_by == deployment["id"] for task in tasks)
    service.running_count, service.pending_count = len(tasks), 0
    service.deployments[0]["desiredCount"] = service.desired_count
    counts = {"requestedTaskCount": service.desired_count, "runningTaskCount": len(tasks), "pendingTaskCount": 0}
    service.current_service_revisions = [{"arn": service.revisions[-1]["serviceRevisionArn"], **counts}]


def converge_cluster(backend: EC2ContainerServiceBackend, cluster: Cluster) -> None:
    """Converge every service of a cluster."""
    for service in [s for s in backend.services.values() if s.cluster_name == cluster.name]:
        converge(service)


def drain(service: Any) -> None:
    """Stop all tasks, give up the Service Connect names and end as INACTIVE."""
    stop_tasks(service, tasks_of(service), "Service deleted.")
    withdraw(service._backend, [resource for d in service.deployments for resource in d["serviceConnectResources"]])
    service.desired_count = service.running_count = service.pending_count = 0
    service.status, service.deployments = "INACTIVE", []
