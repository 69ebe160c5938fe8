# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS Service Connect in Cloud Map: the namespace a service joins, and the names it is found under."""

from __future__ import annotations

from typing import Any

from moto.ecs.exceptions import ECSException, InvalidParameterException
from moto.ecs.models import Cluster, EC2ContainerServiceBackend
from moto.servicediscovery.models import Namespace, ServiceDiscoveryBackend, servicediscovery_backends

CREATOR = "ecs-service-connect"


def cloud_map(backend: EC2ContainerServiceBackend) -> ServiceDiscoveryBackend:
    """The Cloud Map of the same account and region."""
    found: ServiceDiscoveryBackend = servicediscovery_backends[backend.account_id][backend.region_name]
    return found


def find_namespace(backend: EC2ContainerServiceBackend, name_or_arn: str) -> Namespace | None:
    """The namespace of that name or ARN, or None."""
    namespaces = cloud_map(backend).namespaces.values()
    return next((space for space in namespaces if name_or_arn in (space.name, space.arn)), None)


def namespace_arn(backend: EC2ContainerServiceBackend, name_or_arn: str, create: bool = False) -> str:
    """The namespace's ARN. Raises NamespaceNotFoundException, unless it may be created and a name was given."""
    found = find_namespace(backend, name_or_arn)
    if found:
        return str(found.arn)
    if not create or name_or_arn.startswith("arn:"):
        raise ECSException("NamespaceNotFoundException", "The specified namespace was not found.")
    tags = [{"Key": "AmazonECSManaged", "Value": "true"}]
    cloud_map(backend).create_http_namespace(name_or_arn, CREATOR, "", tags)
    return namespace_arn(backend, name_or_arn)


def joined_namespace(backend: EC2ContainerServiceBackend, cluster: Cluster, connect: dict[str, Any]) -> str:
    """The ARN of the namespace a Service Connect configuration joins: its own, or the cluster's default."""
    name = connect.get("namespace") or (cluster.service_connect_defaults or {}).get("namespace")
    if not name:
        raise InvalidParameterException("The namespace for Service Connect is not specified.")
    return namespace_arn(backend, name)


def check_ports(definition: Any, connect: dict[str, Any]) -> None:
    """Raise InvalidParameterException for a port name that no container of the task definition maps."""
    mappings = [m for container in definition.container_definitions for m in container.get("portMappings", [])]
    names = {mapping.get("name") for mapping in mappings}
    missing = [service["portName"] for service in connect.get("services", []) if service["portName"] not in names]
    if missing:
        raise InvalidParameterException(f"The portName(s) {missing} are not defined in the task definition.")


def publish(backend: EC2ContainerServiceBackend, namespace: str, connect: dict[str, Any]) -> list[dict[str, str]]:
    """Make sure each discovery name is a Cloud Map service; the deployment's serviceConnectResources."""
    wanted = [service.get("discoveryName") or service["portName"] for service in connect.get("services", [])]
    return [{"discoveryName": name, "discoveryArn": _published(backend, namespace, name)} for name in wanted]


def _published(backend: EC2ContainerServiceBackend, namespace: str, name: str) -> str:
    """The ARN of the Cloud Map service of that name in the namespace, made when missing."""
    registry, namespace_id = cloud_map(backend), namespace.rsplit("/", 1)[-1]
    for service in registry.services.values():
        if (service.namespace_id, service.name) == (namespace_id, name):
            return str(service.arn)
    made = registry.create_service(
        name=name,
        namespace_id=namespace_id,
        creator_request_id=CREATOR,
        description="Managed by Amazon ECS Service Connect",
        **dict.fromkeys(("dns_config", "health_check_config", "health_check_custom_config")),  # type: ignore[arg-type]
        tags=[{"Key": "AmazonECSManaged", "Value": "true"}],
        service_type="HTTP",
    )
    return str(made.arn)


def withdraw(backend: EC2ContainerServiceBackend, resources: list[dict[str, str]]) -> None:
    """Remove the Cloud Map services that ECS made for a service which is gone."""
    for resource in resources:
        cloud_map(backend).services.pop(resource["discoveryArn"].rsplit("/", 1)[-1], None)
