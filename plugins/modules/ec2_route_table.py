#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_route_table
short_description: Manage the route tables of a VPC as one set
description:
  - Creates, changes and prunes the route tables of one VPC, with their routes and the subnets that use them.
  - The VPC's main route table is not touched; nor are the routes that AWS makes itself, to the VPC and to gateway
    endpoints.
version_added: "0.1.0"
options:
  vpc_id:
    description: The VPC's id.
    type: str
    required: true
  route_tables:
    description: The route tables.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Value of the tag C(Name), which identifies the route table.
        type: str
        required: true
      routes:
        description: The routes. An empty list leaves only the VPC reachable; routes are left as they are when not
          given.
        type: list
        elements: dict
        suboptions:
          destination_cidr_block:
            description: Where the route leads, an IPv4 or IPv6 range.
            type: str
            required: true
          gateway_id:
            description: Id of an Internet gateway. Exactly one target has to be given.
            type: str
          nat_gateway_id:
            description: Id of a NAT gateway. It may still be in the making.
            type: str
      subnet_ids:
        description: The subnets that use the table. Left as they are when not given.
        type: list
        elements: str
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Route tables
  uex.payments.ec2_route_table:
    vpc_id: vpc-0123456789abcdef0
    route_tables:
      - name: uex-payments-dev-public
        routes: [{destination_cidr_block: 0.0.0.0/0, gateway_id: igw-0123456789abcdef0}]
        subnet_ids: [subnet-0123456789abcdef0]
      - name: uex-payments-dev-data
        routes: []
        subnet_ids: [subnet-0123456789abcdef1]
    tags: {Project: uex-payments, Environment: dev, Layer: network, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
route_tables:
  description: The route tables by name, with C(route_table_id), C(routes) and C(subnet_ids).
  returned: success
  type: dict
"""

from collections.abc import Iterable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _calls, _ec2_routes
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

#: What AWS says of things made a moment ago.
NOT_YET = (
    "InvalidNatGatewayID.NotFound",
    "NatGatewayNotFound",
    "InvalidGatewayID.NotFound",
    "InvalidRouteTableID.NotFound",
)


class RouteTable(Resource):
    kind = "AWS::EC2::RouteTable"
    service = "ec2"
    plural = "route_tables"
    computed = ("route_table_id",)
    name_tag = True

    def validate(self, item: Item) -> Iterable[str]:
        for index, route in enumerate(item["routes"] or []):
            if (route["gateway_id"] is None) == (route["nat_gateway_id"] is None):
                yield f"routes[{index}]: exactly one of gateway_id and nat_gateway_id is needed"

    def desired(self, item: Item) -> Item:
        subnets = None if item["subnet_ids"] is None else sorted(item["subnet_ids"])
        return {"routes": _ec2_routes.declared(item["routes"]), "subnet_ids": subnets}

    def observe(self) -> dict[str, Item]:
        if not _aws.is_known(self.options["vpc_id"]):
            return {}
        return {
            name: {
                "route_table_id": table["RouteTableId"],
                "routes": _ec2_routes.observed(table["Routes"]),
                "subnet_ids": sorted(each["SubnetId"] for each in table["Associations"] if "SubnetId" in each),
                "tags": tags,
            }
            for name, (table, tags) in _aws.ec2_named(self._tables("vpc-id", self.options["vpc_id"])).items()
        }

    def _tables(self, name: str, value: str) -> list[dict[str, Any]]:
        filters = [{"Name": name, "Values": [value]}]
        return _aws.pages(self.client, "describe_route_tables", "RouteTables", Filters=filters)

    def create(self, name: str, desired: Item) -> None:
        table = self.client.create_route_table(
            VpcId=self.options["vpc_id"], TagSpecifications=_aws.ec2_tag_specification("route-table", desired["tags"])
        )["RouteTable"]
        self._write(table["RouteTableId"], desired, {"routes": [], "subnet_ids": []})

    def update(self, name: str, plan: Plan) -> None:
        before, after = dict(plan.before or {}), dict(plan.after or {})
        _aws.ec2_update_tags(self.client, before["route_table_id"], plan)
        self._write(before["route_table_id"], after, before)

    def _write(self, table_id: str, desired: Item, observed: Item) -> None:
        """Routes first, so that a subnet comes to a finished table."""
        if desired["routes"] is not None:
            self._write_routes(table_id, desired["routes"], observed["routes"])
        if desired["subnet_ids"] is not None:
            for subnet_id in set(desired["subnet_ids"]) - set(observed["subnet_ids"]):
                self._associate(subnet_id, table_id)
            self._disassociate(table_id, set(observed["subnet_ids"]) - self._declared_subnets())

    def _write_routes(self, table_id: str, desired: list[Item], observed: list[Item]) -> None:
        after, before = ({route["destination_cidr_block"]: route for route in side} for side in (desired, observed))
        for place, route in after.items():
            if route != before.get(place):
                call = self.client.replace_route if place in before else self.client.create_route
                self._write_route(call, table_id, route)
        for place in before.keys() - after.keys():
            self._delete_route(table_id, place)

    def _delete_route(self, table_id: str, place: str) -> None:
        delete = self.client.delete_route
        _aws.absent_as(
            None, lambda: delete(RouteTableId=table_id, **_ec2_routes.destination(place)), "InvalidRoute.NotFound"
        )

    def _write_route(self, call: Any, table_id: str, route: Item) -> None:
        """A NAT gateway made a moment ago may not be found yet."""
        _calls.patiently(
            lambda: call(RouteTableId=table_id, **_ec2_routes.arguments(route)),
            _calls.has_code(*NOT_YET),
            self.deadline,
        )

    def _declared_subnets(self) -> set[str]:
        """The subnets of the whole set: those that one table gives up and another takes are moved once."""
        return {subnet for item in self.options["route_tables"] for subnet in item["subnet_ids"] or []}

    def _associations(self, subnet_id: str) -> Iterable[dict[str, Any]]:
        for table in self._tables("association.subnet-id", subnet_id):
            yield from (each for each in table["Associations"] if each.get("SubnetId") == subnet_id)

    def _associate(self, subnet_id: str, table_id: str) -> None:
        """Move a subnet to the table, from the one it uses now if that isn't the main one."""
        found = next(iter(self._associations(subnet_id)), None)
        if found is None:
            self.client.associate_route_table(RouteTableId=table_id, SubnetId=subnet_id)
        else:
            place = found["RouteTableAssociationId"]
            self.client.replace_route_table_association(AssociationId=place, RouteTableId=table_id)

    def _disassociate(self, table_id: str, subnet_ids: Iterable[str]) -> None:
        """Let subnets fall back to the main table."""
        for association in [each for subnet_id in subnet_ids for each in self._associations(subnet_id)]:
            if association["RouteTableId"] == table_id:
                self._drop(association["RouteTableAssociationId"])

    def _drop(self, association_id: str) -> None:
        gone = "InvalidAssociationID.NotFound"
        _aws.absent_as(None, lambda: self.client.disassociate_route_table(AssociationId=association_id), gone)

    def delete(self, name: str, observed: Item) -> None:
        table_id = observed["route_table_id"]
        self._disassociate(table_id, observed["subnet_ids"])
        gone = "InvalidRouteTableID.NotFound"
        _aws.absent_as(None, lambda: self.client.delete_route_table(RouteTableId=table_id), gone)


def main() -> None:
    run(RouteTable, DOCUMENTATION)


if __name__ == "__main__":
    main()
