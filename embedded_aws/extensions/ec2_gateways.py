# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""NAT gateways, Internet gateways and Elastic IPs: what belongs together, and what must be undone first."""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_ip_addresses import ElasticAddressBackend
from moto.ec2.models.internet_gateways import InternetGatewayBackend
from moto.ec2.models.nat_gateways import NatGateway, NatGatewayBackend
from moto.ec2.models.route_tables import Route
from moto.ec2.utils import generic_filter, is_tag_filter

from ._patch import after, before


def _demand_free_address(
    backend: EC2Backend, subnet_id: str, allocation_id: str | None = None, *_args: Any, **_kwargs: Any
) -> None:
    for address in backend.address_by_allocation([allocation_id]) if allocation_id else []:
        if address.association_id:
            message = f"Elastic IP address [{allocation_id}] is already associated"
            raise EC2ClientError("Resource.AlreadyAssociated", message)


def _complete(backend: NatGatewayBackend, gateway: NatGateway, *_args: Any, **_kwargs: Any) -> NatGateway:
    """Public unless asked otherwise, and with an interface that is AWS's own: in use, and in no security group."""
    gateway.connectivity_type = gateway.connectivity_type or "public"
    interface = gateway._eni
    interface.interface_type, interface.status, interface.requester_managed = "nat_gateway", "in-use", True
    interface.description = f"Interface for NAT Gateway {gateway.id}"
    interface._group_set = []
    return gateway


def demand_gateways(backend: NatGatewayBackend, nat_gateway_ids: list[str] | None) -> None:
    for unknown in set(nat_gateway_ids or []) - backend.nat_gateways.keys():
        raise EC2ClientError("NatGatewayNotFound", f"NatGateway {unknown} was not found")


def _filter_by_tags(
    backend: NatGatewayBackend, found: list[NatGateway], filters: Any, nat_gateway_ids: list[str] | None
) -> list[NatGateway]:
    demand_gateways(backend, nat_gateway_ids)
    tags = {name: values for name, values in (filters or {}).items() if is_tag_filter(name)}
    return list(generic_filter(tags, found))


def _demand_gateway(backend: NatGatewayBackend, nat_gateway_id: str) -> None:
    demand_gateways(backend, [nat_gateway_id])


def _free(backend: EC2Backend, gateway: NatGateway, *_args: Any, **_kwargs: Any) -> NatGateway:
    """A deleted NAT gateway lets go of its address and its interface; it stays listed as deleted, as on AWS."""
    for address in backend.addresses:
        if address.eni is gateway._eni:
            backend.disassociate_address(association_id=address.association_id)
    backend.enis.pop(gateway._eni.id, None)
    return gateway


def _keep_used_address(
    backend: ElasticAddressBackend, address: str | None = None, allocation_id: str | None = None
) -> None:
    found = [item for item in backend.addresses if address == item.public_ip or allocation_id == item.allocation_id]
    if found and found[0].association_id:
        raise EC2ClientError("InvalidIPAddress.InUse", f"Address {found[0].public_ip} is in use.")


def _demand_no_other(backend: InternetGatewayBackend, internet_gateway_id: str, vpc_id: str) -> None:
    for gateway in backend.internet_gateways.values():
        if gateway.vpc and gateway.vpc.id == vpc_id and gateway.id != internet_gateway_id:
            message = f"Network {vpc_id} already has an internet gateway attached"
            raise EC2ClientError("InvalidParameterValue", message)


def _keep_used_gateway(backend: EC2Backend, internet_gateway_id: str, vpc_id: str) -> None:
    if any(address.eni and address.eni.vpc_id == vpc_id for address in backend.addresses):
        raise DependencyViolationError(
            f"Network {vpc_id} has some mapped public address(es). "
            "Please unmap those public address(es) before detaching the gateway."
        )


def _route_state(route: Route) -> str:
    """A route through what is gone leads nowhere."""
    deleted = route.nat_gateway is not None and route.nat_gateway.state == "deleted"
    return "blackhole" if deleted else "active"


def install() -> None:
    """Extend moto's gateways and addresses; once is enough, twice is harmless."""
    before(EC2Backend, "create_nat_gateway", _demand_free_address)
    after(EC2Backend, "create_nat_gateway", _complete)
    after(NatGatewayBackend, "describe_nat_gateways", _filter_by_tags)
    before(EC2Backend, "delete_nat_gateway", _demand_gateway)
    after(EC2Backend, "delete_nat_gateway", _free)
    before(EC2Backend, "release_address", _keep_used_address)
    before(EC2Backend, "attach_internet_gateway", _demand_no_other)
    before(EC2Backend, "detach_internet_gateway", _keep_used_gateway)
    Route.state = property(_route_state)  # type: ignore[assignment]
