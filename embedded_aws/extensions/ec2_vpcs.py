# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""VPCs, subnets and route tables: what holds them, and what goes with them."""

from __future__ import annotations

from collections.abc import Iterator

from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models import EC2Backend
from moto.ec2.models.subnets import Subnet
from moto.ec2.models.vpcs import VPC
from moto.ec2.responses.route_tables import RouteTables

from ._patch import after, before


def _refuse(kind: str, resource: str) -> None:
    raise DependencyViolationError(f"The {kind} '{resource}' has dependencies and cannot be deleted.")


def dependencies(backend: EC2Backend, vpc_id: str) -> Iterator[str]:
    """The ids of what must go before the VPC; what AWS made with the VPC goes with it."""
    yield from (item.id for item in backend.internet_gateways.values() if item.vpc and item.vpc.id == vpc_id)
    yield from (item.id for item in backend.groups.get(vpc_id, {}).values() if not item.is_default)
    yield from (item.id for item in backend.network_acls.values() if item.vpc_id == vpc_id and not item.default)
    yield from (item.id for item in backend.vpc_end_points.values() if item.vpc_id == vpc_id)
    yield from (item.id for item in backend.enis.values() if item.vpc_id == vpc_id)


def _keep_used_vpc(backend: EC2Backend, vpc_id: str) -> None:
    if next(dependencies(backend, vpc_id), None):
        _refuse("vpc", vpc_id)


def _drop_default_acl(backend: EC2Backend, vpc: VPC, vpc_id: str) -> VPC:
    for acl in [item for item in backend.network_acls.values() if item.vpc_id == vpc_id]:
        del backend.network_acls[acl.id]
    return vpc


def _keep_used_subnet(backend: EC2Backend, subnet_id: str) -> None:
    if any(interface.subnet_id == subnet_id for interface in backend.enis.values()):
        _refuse("subnet", subnet_id)


def _drop_associations(backend: EC2Backend, subnet: Subnet, subnet_id: str) -> Subnet:
    """A deleted subnet is no longer associated with a route table or a network ACL."""
    for table in backend.route_tables.values():
        table._associations = {key: target for key, target in table._associations.items() if target != subnet_id}
    for acl in backend.network_acls.values():
        acl._associations = {key: item for key, item in acl._associations.items() if item.subnet_id != subnet_id}
    return subnet


def _keep_main_table(response: RouteTables) -> None:
    table = response.ec2_backend.get_route_table(response._get_param("RouteTableId"))
    if table.main_association_id:
        _refuse("routeTable", table.id)


def install() -> None:
    """Extend moto's VPCs, subnets and route tables; once is enough, twice is harmless."""
    before(EC2Backend, "delete_vpc", _keep_used_vpc)
    after(EC2Backend, "delete_vpc", _drop_default_acl)
    before(EC2Backend, "delete_subnet", _keep_used_subnet)
    after(EC2Backend, "delete_subnet", _drop_associations)
    before(RouteTables, "delete_route_table", _keep_main_table)
