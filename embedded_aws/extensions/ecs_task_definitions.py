# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS: task definitions with AWS's checks for Fargate and the defaults AWS fills in."""

from __future__ import annotations

import re
from typing import Any

from moto.core.responses import ActionResult, PaginatedResult
from moto.core.utils import utcnow
from moto.ecs.exceptions import EcsClientException, TaskDefinitionNotFoundException
from moto.ecs.models import EC2ContainerServiceBackend, TaskDefinition
from moto.ecs.responses import EC2ContainerServiceResponse as Response

from ._fargate import containers_error
from ._operations import add
from ._patch import after

GIB = 1024
# CPU units to the memory sizes, in MiB, that Fargate offers with them.
FARGATE_SIZES: dict[int, set[int]] = {
    256: {512, 1 * GIB, 2 * GIB},
    512: {size * GIB for size in range(1, 5)},
    1024: {size * GIB for size in range(2, 9)},
    2048: {size * GIB for size in range(4, 17)},
    4096: {size * GIB for size in range(8, 31)},
    8192: {size * GIB for size in range(16, 61, 4)},
    16384: {size * GIB for size in range(32, 121, 8)},
}
CONTAINER_DEFAULTS: dict[str, Any] = {"systemControls": []}
HEALTH_CHECK_DEFAULTS = {"interval": 30, "timeout": 5, "retries": 3}
AWS_LOG_DRIVERS = ("awslogs",)


def units(value: str, unit: str) -> str:
    """CPU units or MiB as AWS stores them: "1 vCPU" is "1024", "2GB" is "2048"; anything else is returned unchanged."""
    match = re.fullmatch(rf"\s*([0-9.]+)\s*{unit}\s*", value, re.IGNORECASE)
    return str(int(float(match.group(1)) * GIB)) if match else value


def fargate_size_error(cpu: str | None, memory: str | None) -> str | None:
    """Why Fargate refuses this task size, or None when it offers it."""
    for name, value in (("cpu", cpu), ("memory", memory)):
        if not value:
            return f"Fargate requires that '{name}' be defined at the task level."
    known = FARGATE_SIZES.get(int(str(cpu))) if str(cpu).isdigit() else None
    if known and str(memory).isdigit() and int(str(memory)) in known:
        return None
    return (
        f"No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. "
        "See the Amazon ECS documentation for the valid values."
    )


def execution_role_error(containers: list[dict[str, Any]]) -> str | None:
    """What these containers need an execution role for, as the message AWS gives, or None."""
    if any(c.get("secrets") for c in containers):
        return "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'."
    if any(".dkr.ecr." in c.get("image", "") for c in containers):
        return "Fargate requires task definition to have execution role ARN to support ECR images."
    if any(c.get("logConfiguration", {}).get("logDriver") in AWS_LOG_DRIVERS for c in containers):
        return "Fargate requires task definition to have execution role ARN to support log driver awslogs."
    return None


def port_error(containers: list[dict[str, Any]]) -> str | None:
    """In network mode awsvpc a host port is the container's own; the message AWS gives otherwise, or None."""
    mappings = [mapping for container in containers for mapping in container.get("portMappings", [])]
    if all(m.get("hostPort") in (None, 0, m.get("containerPort")) for m in mappings):
        return None
    return "When networkMode=awsvpc, the host ports and container ports in port mappings must match."


def fargate_error(request: dict[str, Any]) -> str | None:
    """Why a task definition that requires FARGATE is refused, or None."""
    if request.get("networkMode") != "awsvpc":
        return "Fargate only supports network mode 'awsvpc'."
    containers = request["containerDefinitions"]
    missing_role = None if request.get("executionRoleArn") else execution_role_error(containers)
    size = fargate_size_error(request.get("cpu"), request.get("memory"))
    return size or port_error(containers) or missing_role or containers_error(request)


def filled_port(mapping: dict[str, Any], awsvpc: bool) -> dict[str, Any]:
    """A port mapping with AWS's defaults: in awsvpc the host port equals the container's."""
    host = mapping["containerPort"] if awsvpc and "containerPort" in mapping else mapping.get("hostPort", 0)
    defaults = {"protocol": "tcp"} if "containerPortRange" in mapping else {"protocol": "tcp", "hostPort": host}
    return {**defaults, **mapping}


def filled_container(container: dict[str, Any], awsvpc: bool) -> dict[str, Any]:
    """A container definition with what AWS adds to moto's own defaults."""
    filled = {**CONTAINER_DEFAULTS, **container}
    filled["portMappings"] = [filled_port(mapping, awsvpc) for mapping in container.get("portMappings", [])]
    if container.get("healthCheck"):
        filled["healthCheck"] = {**HEALTH_CHECK_DEFAULTS, **container["healthCheck"]}
    return filled


def filled_volume(volume: dict[str, Any]) -> dict[str, Any]:
    """A volume as AWS answers it: one that names nothing else is a bind mount."""
    return {**volume, "host": {}} if set(volume) == {"name"} else volume


def normalised(request: dict[str, Any]) -> dict[str, Any]:
    """The request with sizes in units and server defaults filled in."""
    awsvpc = request.get("networkMode") == "awsvpc"
    changed: dict[str, Any] = {
        "containerDefinitions": [filled_container(c, awsvpc) for c in request["containerDefinitions"]],
        "volumes": [filled_volume(volume) for volume in request.get("volumes", [])],
    }
    for name, unit in (("cpu", "vCPU"), ("memory", "GB")):
        if request.get(name):
            changed[name] = units(request[name], unit)
    return {**request, **changed}


_register = Response.register_task_definition
_deregister = Response.deregister_task_definition


def register_task_definition(self: Response) -> ActionResult:
    """RegisterTaskDefinition: normalised, checked for Fargate, tags answered beside it. Raises ClientException."""
    self.params = normalised(self.params)
    fargate = "FARGATE" in self._get_param("requiresCompatibilities", [])
    error = fargate_error(self.params) if fargate else None
    if error:
        raise EcsClientException(error)
    result: Any = _register(self).result
    stamp(self, result["taskDefinition"])
    return ActionResult({**result, "tags": result["taskDefinition"].tags})


def stamp(self: Response, definition: Any) -> None:
    """What AWS notes about a registration."""
    definition.registered_at = utcnow()
    definition.registered_by = f"arn:{self.partition}:iam::{self.current_account}:root"
    definition.enable_fault_injection = self._get_param("enableFaultInjection", False)


def deregister_task_definition(self: Response) -> ActionResult:
    """DeregisterTaskDefinition, which notes when."""
    result: Any = _deregister(self).result
    result["taskDefinition"].deregistered_at = utcnow()
    return ActionResult(result)


def list_task_definitions(self: Response) -> ActionResult:
    """ListTaskDefinitions by family, then by revision as a number, ascending unless sort says DESC."""
    family, status = self._get_param("familyPrefix"), self._get_param("status", "ACTIVE")
    every = [d for revisions in self.ecs_backend.task_definitions.values() for d in revisions.values()]
    found = [d for d in every if family in (None, d.family) and d.status == status]
    found.sort(key=lambda d: (d.family, d.revision), reverse=self._get_param("sort") == "DESC")
    return PaginatedResult({"taskDefinitionArns": [definition.arn for definition in found]})


def list_task_definition_families(self: Response) -> ActionResult:
    """ListTaskDefinitionFamilies: ACTIVE are those with a revision that is; without a status all are listed."""
    prefix, status = self._get_param("familyPrefix", ""), self._get_param("status", "ALL")
    families = {
        family: "ACTIVE" if any(each.status == "ACTIVE" for each in revisions.values()) else "INACTIVE"
        for family, revisions in self.ecs_backend.task_definitions.items()
        if family.startswith(prefix)
    }
    return PaginatedResult({"families": sorted(name for name in families if status in ("ALL", families[name]))})


def latest_active(self: EC2ContainerServiceBackend, result: TaskDefinition, task_definition_str: str) -> TaskDefinition:
    """After the backend's lookup: a bare family means its latest ACTIVE revision. Raises ClientException for none."""
    if ":" in task_definition_str.split("/")[-1]:
        return result
    active = [d for d in self.task_definitions[result.family].values() if d.status == "ACTIVE"]
    if not active:
        raise TaskDefinitionNotFoundException
    return max(active, key=lambda definition: definition.revision)


OPERATIONS = (
    register_task_definition,
    deregister_task_definition,
    list_task_definitions,
    list_task_definition_families,
)


def install() -> None:
    """Add the checks and defaults to moto's ECS; a second call changes nothing."""
    add(Response, *OPERATIONS)
    after(EC2ContainerServiceBackend, "describe_task_definition", latest_active)
