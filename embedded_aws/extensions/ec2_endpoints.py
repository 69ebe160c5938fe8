# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""VPC endpoints: AWS's defaults, interfaces and routes that follow each change, and an end that leaves nothing."""

from __future__ import annotations

import json
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.vpcs import VPCEndPoint
from moto.ec2.responses.vpcs import VPCs
from moto.ec2.utils import random_private_ip

from ._patch import after, before

GATEWAY = "Gateway"
INTERFACE = "Interface"


def _demand_groups_and_tables(backend: EC2Backend, *_args: Any, **wanted: Any) -> None:
    for group_id in wanted.get("security_group_ids") or []:
        if backend.get_security_group_from_id(group_id) is None:
            raise EC2ClientError("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist")
    for route_table_id in wanted.get("route_table_ids") or []:
        backend.get_route_table(route_table_id)


def _complete(backend: EC2Backend, endpoint: VPCEndPoint, *_args: Any, **_kwargs: Any) -> VPCEndPoint:
    """A gateway unless asked otherwise; private names and groups are an interface endpoint's only."""
    endpoint.vpc_endpoint_type = endpoint.vpc_endpoint_type or GATEWAY
    if endpoint.vpc_endpoint_type != INTERFACE:
        endpoint.private_dns_enabled = False
        return endpoint
    default = backend.get_default_security_group(endpoint.vpc_id)
    if default and not endpoint.security_group_ids:
        endpoint.security_group_ids = [default.id]
    _settle_interfaces(backend, endpoint)
    return endpoint


def _settle_interfaces(backend: EC2Backend, endpoint: VPCEndPoint) -> None:
    """One interface in each of the endpoint's subnets, with the endpoint's groups; none elsewhere."""
    present = {backend.enis[name].subnet_id: backend.enis[name] for name in endpoint.network_interface_ids}
    for gone in present.keys() - set(endpoint.subnet_ids or []):
        backend.delete_network_interface(present.pop(gone).id)
    for subnet_id in endpoint.subnet_ids or []:
        if subnet_id not in present:
            address = random_private_ip(backend.get_subnet(subnet_id).cidr_block)
            present[subnet_id] = backend.create_network_interface(subnet_id, address)
        _dress(backend, present[subnet_id], endpoint)
    endpoint.network_interface_ids = [present[subnet_id].id for subnet_id in endpoint.subnet_ids or []]


def _dress(backend: EC2Backend, interface: NetworkInterface, endpoint: VPCEndPoint) -> None:
    interface.interface_type, interface.status, interface.requester_managed = "vpc_endpoint", "in-use", True
    interface.description = f"VPC Endpoint Interface {endpoint.id}"
    interface._group_set = [backend.get_security_group_from_id(group_id) for group_id in endpoint.security_group_ids]


def _modify(backend: EC2Backend, _result: None, vpc_id: str, *_args: Any, **changes: Any) -> None:
    """Let interfaces and routes follow what moto changed of the endpoint; `vpc_id` is moto's name for its id."""
    endpoint = backend.vpc_end_points[vpc_id]
    if endpoint.vpc_endpoint_type == INTERFACE:
        _settle_interfaces(backend, endpoint)
    prefix_list = endpoint.destination_prefix_list_id
    for table in changes.get("remove_route_tables") or [] if prefix_list else []:
        backend.delete_route(table, str(prefix_list))
    for table in changes.get("add_route_tables") or [] if prefix_list else []:
        backend.create_route(table, None, gateway_id=vpc_id, destination_prefix_list_id=prefix_list)


def _modify_rest(response: VPCs, result: Any) -> Any:
    """What moto's backend takes no argument for: private names, and the policy's reset."""
    endpoint = response.ec2_backend.vpc_end_points[response._get_param("VpcEndpointId")]
    if response._get_bool_param("PrivateDnsEnabled") is not None:
        endpoint.private_dns_enabled = response._get_bool_param("PrivateDnsEnabled")
    if response._get_bool_param("ResetPolicy"):
        endpoint.policy_document = json.dumps(VPCEndPoint.DEFAULT_POLICY)
    return result


def _drop(backend: EC2Backend, result: Any, vpce_ids: list[str] | None = None) -> Any:
    for endpoint_id in vpce_ids or []:
        backend.vpc_end_points.pop(endpoint_id, None)
    return result


def install() -> None:
    """Extend moto's VPC endpoints; once is enough, twice is harmless."""
    before(EC2Backend, "create_vpc_endpoint", _demand_groups_and_tables)
    after(EC2Backend, "create_vpc_endpoint", _complete)
    after(EC2Backend, "modify_vpc_endpoint", _modify)
    after(VPCs, "modify_vpc_endpoint", _modify_rest)
    after(EC2Backend, "delete_vpc_endpoints", _drop)
    VPCEndPoint.vpc_endpoint_id = property(lambda endpoint: endpoint.id)  # type: ignore[attr-defined]
