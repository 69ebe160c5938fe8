# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS: tasks with every container, an address in their subnet, and an end of their own."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any
from zlib import crc32

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ecr.models import ecr_backends
from moto.ecs.exceptions import InvalidParameterException
from moto.ecs.models import Container, EC2ContainerServiceBackend, Task, TaskDefinition
from moto.ecs.responses import EC2ContainerServiceResponse as Response

from embedded_aws import tasks as steering

from ._ecs_checks import usable_definition
from ._ecs_one_off import Run, Unready
from ._patch import after, around, before
from .ecr import pull_through

PLATFORM_VERSION = "1.4.0"
ECR_IMAGE = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com/"
    r"(?P<repository>[^:@]+)(?::(?P<tag>[^@]+))?(?:@(?P<digest>sha256:.+))?"
)
MAX_DESCRIBED = 100
NO_CAPACITY = "Capacity is unavailable at this time. Please try again later or in a different availability zone"


def image_digest(image: str, account: str) -> str | None:
    """The digest of an image in this account's ECR; None when it isn't there, "" for another registry's image."""
    match = ECR_IMAGE.fullmatch(image)
    if not match or match["account"] != account:
        return ""
    backend = ecr_backends[account][match["region"]]
    repository = backend.repositories.get(match["repository"])
    wanted, tag = match["digest"], match["tag"] or "latest"
    for found in repository.images if repository else []:
        if found.image_digest == wanted or (not wanted and tag in found.image_tags):
            return str(found.image_digest)
    return None if wanted else pull_through(backend, match["repository"], tag)


def missing_image(definition: Any, account: str) -> str | None:
    """The first image of the task definition that this account's ECR doesn't hold, or None."""
    images = [container["image"] for container in definition.container_definitions]
    return next((image for image in images if image_digest(image, account) is None), None)


def pull_error(image: str) -> str:
    """The reason Fargate stops a task for when it cannot pull its image."""
    return (
        "CannotPullContainerError: unable to pull image: pull image manifest has been retried 1 time(s): "
        f"failed to resolve ref {image}: {image}: not found"
    )


def eni_detail(task: Task, name: str) -> str | None:
    """A detail of the task's network interface, such as `networkInterfaceId` or `privateIPv4Address`."""
    attachments: list[Any] = task.attachments
    details = [detail for attachment in attachments for detail in attachment["details"]]
    return next((str(detail["value"]) for detail in details if detail["name"] == name), None)


def ec2(task: Task) -> EC2Backend:
    """The EC2 of the task's account and region."""
    found: EC2Backend = ec2_backends[task._account_id][task.region_name]
    return found


def readdress(task: Task) -> None:
    """Give the task's interface an address in its subnet (moto takes one from anywhere) and the marks ECS leaves."""
    interface = ec2(task).get_network_interface(str(eni_detail(task, "networkInterfaceId")))
    groups, attachment = [group.id for group in interface.group_set], task.attachments[0]
    ec2(task).enis.pop(interface.id)
    address = interface.subnet.get_available_subnet_ip(task)
    fresh = ec2(task).create_network_interface(interface.subnet, address, group_ids=groups)
    fresh.description = task.task_arn.replace(f":task/{task.cluster_name}/{task.id}", f":attachment/{attachment['id']}")
    fresh.status, fresh.requester_managed, fresh.device_index = "in-use", True, 1
    attachment["details"] = interface_details(fresh)
    task.availability_zone = fresh.availability_zone  # type: ignore[attr-defined]


def interface_details(interface: NetworkInterface) -> list[dict[str, Any]]:
    """A task attachment's details."""
    values = {
        "subnetId": interface.subnet.id,
        "networkInterfaceId": interface.id,
        "macAddress": interface.mac_address,
        "privateDnsName": getattr(interface, "private_dns_name", None),
        "privateIPv4Address": interface.private_ip_address,
    }
    return [{"name": name, "value": value} for name, value in values.items() if value]


def container_of(task: Task, definition: TaskDefinition, settings: dict[str, Any]) -> Any:
    """A running container for one container definition."""
    lone: Any = SimpleNamespace(arn=definition.arn, container_definitions=[settings])
    make: Any = Container  # abstract to mypy, not to Python
    container, prefix = make(lone), task.task_arn.replace(":task/", ":container/")
    details: dict[str, Any] = {
        "container_arn": f"{prefix}/{container.container_arn.rsplit('/', 1)[-1]}",
        "task_arn": task.task_arn,
        **{"last_status": "RUNNING", "exitCode": None},
        "health_status": "HEALTHY" if settings.get("healthCheck") else "UNKNOWN",
        "runtime_id": f"{task.id.replace('-', '')}-{crc32(settings['name'].encode())}",
        "image_digest": image_digest(settings["image"], task._account_id) or None,
        "network_interfaces": [network_interface(task)] if task.attachments else [],
        "cpu": str(settings.get("cpu", 0)),
    }
    vars(container).update(details)
    return container


def network_interface(task: Any) -> dict[str, str | None]:
    """The task's interface as its containers show it."""
    return {
        "attachmentId": task.attachments[0]["id"],
        "privateIpv4Address": eni_detail(task, "privateIPv4Address"),
    }


def filled(self: Task, result: None, *_: Any, **arguments: Any) -> None:
    """After Task.__init__: all containers, sizes, times, an address in the subnet; stopped if its image isn't there."""
    definition = self._backend.describe_task_definition(self.task_definition_arn)
    if self.attachments:
        readdress(self)
    self.containers = [container_of(self, definition, settings) for settings in definition.container_definitions]
    healths = {container.health_status for container in self.containers}
    now = utcnow()
    details = {"cpu": definition.cpu, "memory": definition.memory, "connectivity": "CONNECTED", "version": 1}
    times = dict.fromkeys(("created_at", "connectivity_at", "pull_started_at", "pull_stopped_at", "started_at"), now)
    vars(self).update(details, health_status="HEALTHY" if "HEALTHY" in healths else "UNKNOWN", **times)
    if self.launch_type == "FARGATE" or str(self.capacity_provider_name).startswith("FARGATE"):
        vars(self).update(fargate_details(definition), launch_type="FARGATE")
    fail_without_image(self, definition)
    if not is_service_task(self) and self.last_status != "STOPPED":
        begin(self, definition.container_definitions[0])


def begin(task: Any, container: dict[str, Any]) -> None:
    """Let a one-off task do what it does; only its first container does anything."""
    task.run, task.last_status = None, "PROVISIONING"
    try:
        task.run = Run(task, container, lambda reason, code, exit_code: finish(task, reason, code, exit_code))
    except Unready as error:
        finish(task, str(error), "TaskFailedToStart", exit_code=None)


def fargate_details(definition: TaskDefinition) -> dict[str, Any]:
    """What Fargate says about a task."""
    storage = definition.ephemeral_storage or {"sizeInGiB": 20}
    return {
        "platform_version": PLATFORM_VERSION,
        "platform_family": "Linux",
        "ephemeral_storage": storage,
        "fargate_ephemeral_storage": {"sizeInGiB": storage["sizeInGiB"]},
    }


def fail_without_image(task: Task, definition: TaskDefinition) -> None:
    """Stop a task that cannot start because an image is missing; it never ran, so no container has an exit code."""
    image = missing_image(definition, task._account_id)
    if image:
        finish(task, pull_error(image), "TaskFailedToStart", exit_code=None)


def finish(task: Task, reason: str, code: str, exit_code: int | None) -> None:
    """End a task: status STOPPED with why, containers stopped with their exit code, the network interface gone."""
    task.last_status = task.desired_status = "STOPPED"
    now = utcnow()
    vars(task).update(stopped_reason=reason, stop_code=code, stopping_at=now, execution_stopped_at=now, stopped_at=now)
    for container in task.containers:
        container.last_status, container.exitCode = "STOPPED", exit_code  # type: ignore[assignment]
    interface = ec2(task).enis.pop(str(eni_detail(task, "networkInterfaceId")), None)
    if interface:
        interface.subnet.del_subnet_ip(interface.private_ip_address)
        task.attachments[0]["status"] = "DELETED"


def is_service_task(task: Task) -> bool:
    """Whether a service started the task, and so keeps it running."""
    return task.group.startswith("service:")


def advance(self: Task) -> None:
    """A described one-off task moves on towards its end; a service's task keeps running."""
    run = getattr(self, "run", None)
    if run and self.last_status != "STOPPED":
        run.advance()


_requirements = EC2ContainerServiceBackend._calculate_task_resource_requirements


def resource_requirements(task_definition: TaskDefinition) -> dict[str, Any]:
    """What a task needs; a container without memory of its own shares the task's."""
    containers = [{"memory": c.get("memoryReservation", 0), **c} for c in task_definition.container_definitions]
    return _requirements(SimpleNamespace(container_definitions=containers))  # type: ignore[arg-type]


def stopped(self: EC2ContainerServiceBackend, result: Task, cluster: str, task: str, reason: str) -> Task:
    """After the backend's stop_task: the task is over at once, but for one whose process has yet to end."""
    run, reason = getattr(result, "run", None), reason or "Task stopped by user"
    if run:
        run.stop(reason)
    else:
        finish(result, reason, "UserInitiated", exit_code=143)
    return result


def started_once(original: Any, self: Response) -> ActionResult:
    """RunTask, which starts nothing where Fargate has no capacity, and nothing twice for the same token."""
    cluster = self.ecs_backend._get_cluster(self._get_param("cluster", "default"))
    definition = usable_definition(self.ecs_backend, self._get_param("taskDefinition"))
    if steering.conduct(definition.family).unavailable:
        return ActionResult({"tasks": [], "failures": [{"arn": cluster.arn, "reason": NO_CAPACITY}]})
    answers: dict[str, ActionResult] = self.ecs_backend.__dict__.setdefault("answers_by_token", {})
    token = self._get_param("clientToken")
    answer: ActionResult = answers.get(token) or original(self)
    if token:
        answers[token] = answer
    return answer


def default_groups(self: Response) -> None:
    """Before RunTask: without security groups the task gets the VPC's default one."""
    configuration = self._get_param("networkConfiguration.awsvpcConfiguration")
    if configuration:
        configuration.setdefault("securityGroups", [])


def describe_limit(self: Response, result: ActionResult) -> ActionResult:
    """After DescribeTasks: at most 100 tasks at a time, and a failure for each that doesn't exist."""
    wanted, body = self._get_param("tasks", []), result.result
    if len(wanted) > MAX_DESCRIBED:
        raise InvalidParameterException(f"Tasks cannot exceed {MAX_DESCRIBED}.")
    known = {part for task in body["tasks"] for part in (task.id, task.task_arn)}  # type: ignore[index]
    missing = [name for name in wanted if name not in known]
    return ActionResult({**body, "failures": [{"arn": name, "reason": "MISSING"} for name in missing]})  # type: ignore[dict-item]


def install() -> None:
    """Complete moto's tasks; a second call changes nothing."""
    Backend: Any = EC2ContainerServiceBackend
    Backend._calculate_task_resource_requirements = staticmethod(resource_requirements)
    if not hasattr(NetworkInterface, "private_dns_name"):  # moto reads it always, and sets it only with DNS hostnames
        NetworkInterface.private_dns_name = None  # type: ignore[assignment]
    Task.advance = advance  # type: ignore[method-assign,assignment]
    after(Task, "__init__", filled)
    after(Backend, "stop_task", stopped)
    before(Response, "run_task", default_groups)
    around(Response, "run_task", started_once)
    after(Response, "describe_tasks", describe_limit)
