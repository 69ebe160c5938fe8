# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Cloud Map: filters, pages, names that are taken, and namespaces that are in use."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.route53.models import route53_backends
from moto.servicediscovery.models import Namespace, ServiceDiscoveryBackend
from moto.servicediscovery.responses import ServiceDiscoveryResponse as Response

from ._operations import add, page
from ._patch import after, before

Filter = dict[str, Any]

CONDITIONS: dict[str, Callable[[str, list[str]], bool]] = {
    "EQ": lambda value, wanted: value == wanted[0],
    "IN": lambda value, wanted: value in wanted,
    "BEGINS_WITH": lambda value, wanted: value.startswith(wanted[0]),
}


def accepts(values: dict[str, str], filters: list[Filter]) -> bool:
    """Whether an item with these values passes every filter; a filter's condition is EQ unless it says otherwise."""
    return all(CONDITIONS[f.get("Condition", "EQ")](values.get(f["Name"], ""), f["Values"]) for f in filters)


def namespace_values(namespace: Namespace) -> dict[str, str]:
    """What a namespace can be filtered by."""
    http = (namespace.http_properties or {}).get("HttpName", namespace.name)
    return {"NAME": namespace.name, "TYPE": namespace.type, "HTTP_NAME": http, "RESOURCE_OWNER": "SELF"}


def services_in(backend: ServiceDiscoveryBackend, namespace_id: str) -> list[Any]:
    """The services of a namespace."""
    return [service for service in backend.services.values() if service.namespace_id == namespace_id]


def listed(self: Response, member: str, items: list[Any]) -> str:
    """One page of a listing."""
    parameters = json.loads(self.body)
    shown, token = page(items, parameters.get("MaxResults"), parameters.get("NextToken"))
    return json.dumps({member: shown, **({"NextToken": token} if token else {})})


def list_namespaces(self: Response) -> str:
    """ListNamespaces, filtered by TYPE, NAME, HTTP_NAME and RESOURCE_OWNER."""
    backend, filters = self.servicediscovery_backend, json.loads(self.body).get("Filters", [])
    found = [n for n in backend.namespaces.values() if accepts(namespace_values(n), filters)]
    items = [{**n.to_json(), "ServiceCount": len(services_in(backend, n.id))} for n in found]
    return listed(self, "Namespaces", items)


def list_services(self: Response) -> str:
    """ListServices, filtered by NAMESPACE_ID and RESOURCE_OWNER."""
    filters = json.loads(self.body).get("Filters", [])
    services = self.servicediscovery_backend.services.values()
    owned = {"RESOURCE_OWNER": "SELF"}
    found = [s for s in services if accepts({**owned, "NAMESPACE_ID": s.namespace_id}, filters)]
    return listed(self, "Services", [service.to_json() for service in found])


def name_free(self: ServiceDiscoveryBackend, *_: Any, **given: Any) -> None:
    """Before a namespace is created: no other one has its name (in its VPC). Raises NamespaceAlreadyExists."""
    name, vpc = given.get("name") or _[0], given.get("vpc")
    for namespace in self.namespaces.values():
        if (namespace.name, namespace.vpc) == (name, vpc):
            raise JsonRESTError("NamespaceAlreadyExists", f"The namespace {name} already exists: {namespace.id}")


def unused(self: ServiceDiscoveryBackend, namespace_id: str) -> None:
    """Before delete_namespace: it has no services. Raises ResourceInUse. Its hosted zone and tags go too."""
    if services_in(self, namespace_id):
        raise JsonRESTError("ResourceInUse", f"Namespace has associated services: {namespace_id}")
    namespace = self.namespaces.get(namespace_id)
    if namespace:
        self.tagger.delete_all_tags_for_resource(namespace.arn)
        zone = (namespace.dns_properties or {}).get("HostedZoneId", "")
        route53_backends[self.account_id][self.partition].zones.pop(zone, None)


def named_zone(self: ServiceDiscoveryBackend, result: str, **given: Any) -> str:
    """After a DNS namespace is created: its hosted zone carries its name, and is private to its VPC."""
    namespace = self.namespaces[self.operations[result].targets["NAMESPACE"]]
    zone_id = namespace.dns_properties["HostedZoneId"] = namespace.dns_properties["HostedZoneId"].rsplit("/", 1)[-1]
    zone = route53_backends[self.account_id][self.partition].zones[zone_id]
    zone.name = f"{namespace.name}."
    if namespace.vpc:
        zone.add_vpc(namespace.vpc, self.region_name)
    return result


def service_free(self: ServiceDiscoveryBackend, *_: Any, **given: Any) -> None:
    """Before create_service: its namespace exists, and holds no service of that name."""
    namespace = self.get_namespace(given["namespace_id"])
    if given["name"] in [service.name for service in services_in(self, namespace.id)]:
        raise JsonRESTError("ServiceAlreadyExists", f"The service {given['name']} already exists in {namespace.id}")


def service_unused(self: ServiceDiscoveryBackend, service_id: str) -> None:
    """Before delete_service: it exists and has no instances. Raises ServiceNotFound or ResourceInUse."""
    if self.get_service(service_id).instances:
        raise JsonRESTError("ResourceInUse", f"Service contains registered instances: {service_id}")


def operation_id(self: Response, result: str) -> str:
    """After UpdateHttpNamespace: the answer's member is OperationId."""
    answer = json.loads(result)
    return json.dumps({"OperationId": answer["operationId"]} if "operationId" in answer else answer)


def install() -> None:
    """Complete moto's Cloud Map; a second call changes nothing."""
    Backend = ServiceDiscoveryBackend
    add(Response, list_namespaces, list_services)
    for kind in ("http", "private_dns", "public_dns"):
        before(Backend, f"create_{kind}_namespace", name_free)
    for kind in ("private_dns", "public_dns"):
        after(Backend, f"create_{kind}_namespace", named_zone)
    after(Response, "update_http_namespace", operation_id)
    before(Backend, "delete_namespace", unused)
    before(Backend, "create_service", service_free)
    before(Backend, "delete_service", service_unused)
