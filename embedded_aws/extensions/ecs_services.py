# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS: services that keep what they are given, deploy it and stand behind their target groups."""

from __future__ import annotations

from contextlib import suppress
from copy import copy
from typing import Any

from botocore import xform_name
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, PaginatedResult
from moto.core.utils import utcnow
from moto.ecs.exceptions import ECSException, InvalidParameterException, ServiceNotFoundException
from moto.ecs.models import Cluster, EC2ContainerServiceBackend, Service, Task, TaskDefinition
from moto.ecs.responses import EC2ContainerServiceResponse as Response

from . import _ecs_deployments as deployments
from ._ecs_checks import check_bake_time, check_service, check_strategy, usable_definition
from ._ecs_connect import check_ports, joined_namespace
from ._ecs_progress import LOCK, begin_deployment, converge, converge_cluster, drain
from ._ecs_scheduler import deregister
from ._ecs_strategy import settled
from ._operations import add
from ._patch import after

Settings = dict[str, Any]

MAX_DESCRIBED = 10
DEFAULT_PAGE = 10
DEPLOYMENT_DEFAULTS: Settings = {
    "deploymentCircuitBreaker": {"enable": False, "rollback": False},
    "maximumPercent": 200,
    "minimumHealthyPercent": 100,
    "strategy": "ROLLING",
    "bakeTimeInMinutes": 0,
}
SERVICE_DEFAULTS: Settings = {
    "availabilityZoneRebalancing": "ENABLED",
    "desiredCount": 0,
    "enableECSManagedTags": False,
    "enableExecuteCommand": False,
    "loadBalancers": [],
    "placementConstraints": [],
    "placementStrategy": [],
    "propagateTags": "NONE",
    "schedulingStrategy": "REPLICA",
    "serviceRegistries": [],
}
# Members of a request that are not settings of the service.
VERBS = {
    *("cluster", "service", "serviceName", "clientToken", "role", "tags"),
    *("forceNewDeployment", "deploymentController"),
}


def network(configuration: Settings | None) -> Settings | None:
    """A network configuration with AWS's defaults."""
    if not configuration:
        return None
    inner = {"assignPublicIp": "DISABLED", "securityGroups": [], **configuration["awsvpcConfiguration"]}
    return {"awsvpcConfiguration": inner}


def with_defaults(request: Settings, cluster: Cluster) -> Settings:
    """A CreateService request's settings with AWS's defaults."""
    settings = {**SERVICE_DEFAULTS, **{name: value for name, value in request.items() if name not in VERBS}}
    settings["deploymentConfiguration"] = settled(DEPLOYMENT_DEFAULTS, request.get("deploymentConfiguration", {}))
    settings["networkConfiguration"] = network(request.get("networkConfiguration"))
    if not request.get("launchType") and not request.get("capacityProviderStrategy"):
        default = cluster.default_capacity_provider_strategy
        settings.update({"capacityProviderStrategy": default} if default else {"launchType": "EC2"})
    if settings.get("loadBalancers"):
        settings.setdefault("healthCheckGracePeriodSeconds", 0)
    if on_fargate(settings):
        settings = {"platformVersion": "LATEST", "platformFamily": "Linux", **settings}
    return settings


def on_fargate(settings: Settings) -> bool:
    """Whether the tasks run on Fargate, by launch type or by strategy."""
    names = [item["capacityProvider"] for item in settings.get("capacityProviderStrategy") or []]
    return settings.get("launchType") == "FARGATE" or any(name.startswith("FARGATE") for name in names)


def changed_settings(service: Service, request: Settings) -> Settings:
    """What an UpdateService request sets; inside deploymentConfiguration, members not given stay as they are."""
    changes = {name: value for name, value in request.items() if name not in VERBS and value is not None}
    if "deploymentConfiguration" in changes:
        kept: Settings = service.deployment_configuration  # type: ignore[attr-defined]
        changes["deploymentConfiguration"] = settled(kept, changes["deploymentConfiguration"])
    if "networkConfiguration" in changes:
        changes["networkConfiguration"] = network(changes["networkConfiguration"])
    if "capacityProviderStrategy" in changes:
        fargate = "FARGATE" if on_fargate(settings_of(service)) else "EC2"
        changes["launchType"] = None if changes["capacityProviderStrategy"] else fargate
    return changes


def settings_of(service: Service) -> Settings:
    """The service's settings, in the API's words."""
    names = (*SERVICE_DEFAULTS, *deployments.REVISION_MEMBERS, "deploymentConfiguration", "launchType")
    return deployments.members(service, (*names, "capacityProviderStrategy", "healthCheckGracePeriodSeconds"))


def store(service: Service, settings: Settings) -> None:
    """Keep settings on the service, under the names moto's serialiser looks for."""
    vars(service).update({xform_name(name): value for name, value in settings.items()})


def check_all(backend: Any, cluster: Cluster, definition: TaskDefinition, settings: Settings) -> None:
    """The service as it would be is one AWS takes; Service Connect names a namespace and ports that exist."""
    check_service(backend, definition, settings)
    check_strategy(backend, settings)
    connect = settings.get("serviceConnectConfiguration") or {}
    if connect.get("enabled"):
        joined_namespace(backend, cluster, connect)
        check_ports(definition, connect)


def create_service(self: Response) -> ActionResult:
    """CreateService: checked, stored, deployed. Raises InvalidParameterException, ClientException and the like."""
    backend, request = self.ecs_backend, self.params
    cluster = backend._get_cluster(self._get_param("cluster", "default"))
    existing = backend.services.get(f"{cluster.name}:{request['serviceName']}")
    if existing and existing.status != "INACTIVE":
        raise InvalidParameterException("Creation of service was not idempotent.")
    definition = usable_definition(backend, request["taskDefinition"])
    settings = {**with_defaults(request, cluster), "taskDefinition": definition.arn}
    asked = {name: request.get(name) for name in ("desiredCount", "deploymentController")}
    check_bake_time(request.get("deploymentConfiguration", {}), "ROLLING")
    check_all(backend, cluster, definition, {**settings, **asked})
    service = made(self, cluster, settings)
    begin_deployment(service, definition)
    converge(service)
    return ActionResult({"service": service})


def made(self: Response, cluster: Cluster, settings: Settings) -> Service:
    """A new service of moto's, with the settings and AWS's own marks on it. Raises for unknown subnets and groups."""
    make: Any = Service  # abstract to mypy, not to Python
    service: Any = make(
        cluster,
        *(self._get_param("serviceName"), settings["desiredCount"], self.ecs_backend),
        tags=self._get_param("tags"),
        deployment_controller=self._get_param("deploymentController"),
        network_configuration=settings["networkConfiguration"],
    )
    store(service, settings)
    root = f"arn:{self.partition}:iam::{self.current_account}:"
    role = f"{root}role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
    vars(service).update(created_at=utcnow(), created_by=f"{root}root", role_arn=role)
    vars(service).update(deployments=[], service_deployments=[], revisions=[], fleets=[], rollout=None, completed=None)
    self.ecs_backend.services[f"{cluster.name}:{service.name}"] = service
    return service  # type: ignore[no-any-return]


def found_service(self: Response) -> Service:
    """The service a request names. Raises ServiceNotFoundException."""
    cluster = self.ecs_backend._get_cluster(self._get_param("cluster", "default"))
    service = self.ecs_backend.services.get(f"{cluster.name}:{self._get_param('service').rsplit('/', 1)[-1]}")
    if service is None:
        raise ServiceNotFoundException
    return service


def update_service(self: Response) -> ActionResult:
    """UpdateService: a change of what a revision consists of, or forceNewDeployment, starts a deployment."""
    service = found_service(self)
    if service.status != "ACTIVE":
        raise ECSException("ServiceNotActiveException", "Service was not ACTIVE.")
    changes = changed_settings(service, self.params)
    definition = usable_definition(self.ecs_backend, changes.get("taskDefinition") or str(service.task_definition))
    if "taskDefinition" in changes:
        changes["taskDefinition"] = definition.arn
    before = settings_of(service)
    check_bake_time(self.params.get("deploymentConfiguration") or {}, before["deploymentConfiguration"]["strategy"])
    wanted = {**before, **changes, "deploymentController": service.deployment_controller}
    check_all(self.ecs_backend, self.ecs_backend._get_cluster(service.cluster_name), definition, wanted)
    store(service, changes)
    deploys = any(before.get(name) != value for name, value in changes.items() if name in deployments.REVISION_MEMBERS)
    if deploys or self._get_param("forceNewDeployment"):
        begin_deployment(service, definition)
    converge(service)
    return ActionResult({"service": service})


def delete_service(self: Response) -> ActionResult:
    """DeleteService: its tasks stop, and it stays visible as INACTIVE; the answer itself still says DRAINING."""
    service = found_service(self)
    if service.status == "INACTIVE":
        raise ServiceNotFoundException
    if service.desired_count and not self._get_param("force"):
        raise InvalidParameterException("The service cannot be stopped while it is scaled above 0.")
    with LOCK:
        drain(service)
    answer = copy(service)
    answer.status = "DRAINING"
    return ActionResult({"service": answer})


def describe_limit(self: Response, result: ActionResult) -> ActionResult:
    """After DescribeServices: at most ten at a time."""
    if len(self._get_param("services", [])) > MAX_DESCRIBED:
        raise InvalidParameterException(f"Services cannot exceed {MAX_DESCRIBED} elements.")
    return result


def converged(self: EC2ContainerServiceBackend, result: tuple[list[Service], Any], *_: Any, **__: Any) -> Any:
    """After the backend's describe_services: whoever looks sees the tasks that could start meanwhile."""
    for service in result[0]:
        converge(service)
    return result


def list_services(self: Response) -> ActionResult:
    """ListServices: active ones, ten to a page unless the caller wants more."""
    cluster = self.ecs_backend._get_cluster(self._get_param("cluster", "default"))
    names = {"scheduling_strategy": "schedulingStrategy", "launch_type": "launchType"}
    wanted = {attribute: self._get_param(name) for attribute, name in names.items()}
    services = [s for s in self.ecs_backend.services.values() if s.cluster_name == cluster.name]
    active = [s for s in services if s.status != "INACTIVE"]
    found = [s.arn for s in active if all(value in (None, getattr(s, name)) for name, value in wanted.items())]
    self.params.setdefault("maxResults", DEFAULT_PAGE)
    return PaginatedResult({"serviceArns": sorted(found)})


def list_tasks(self: Response) -> ActionResult:
    """ListTasks: running ones unless another status is asked for, filtered by service, family, starter, launch type."""
    cluster = self.ecs_backend._get_cluster(self._get_param("cluster", "default"))
    converge_cluster(self.ecs_backend, cluster)
    service, family = self._get_param("serviceName"), self._get_param("family")
    wanted = {
        "desired_status": self._get_param("desiredStatus", "RUNNING"),
        "group": f"service:{service.rsplit('/', 1)[-1]}" if service else None,
        "started_by": self._get_param("startedBy"),
        "launch_type": self._get_param("launchType"),
    }
    tasks = self.ecs_backend.tasks.get(cluster.name, {}).values()
    found = [t for t in tasks if all(value in (None, getattr(t, name)) for name, value in wanted.items())]
    return PaginatedResult({"taskArns": [task.task_arn for task in found if family in (None, family_of(task))]})


def family_of(task: Task) -> str:
    """The family of the task's definition."""
    return task.task_definition_arn.rsplit("/", 1)[-1].split(":")[0]


def replaced(self: EC2ContainerServiceBackend, result: Task, *_: Any) -> Task:
    """After the backend's stop_task: a service loses the target and starts another task."""
    name = result.group.removeprefix("service:")
    service = self.services.get(f"{result.cluster_name}:{name}")
    if service and name != result.group:
        with suppress(ServiceException):
            deregister(service, [result])
        converge(service)
    return result


OPERATIONS = (create_service, update_service, delete_service, list_services, list_tasks)


def install() -> None:
    """Put these services in place of moto's; a second call changes nothing."""
    add(Response, *OPERATIONS)
    after(Response, "describe_services", describe_limit)
    after(EC2ContainerServiceBackend, "describe_services", converged)
    after(EC2ContainerServiceBackend, "stop_task", replaced)
