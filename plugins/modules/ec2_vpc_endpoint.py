#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_vpc_endpoint
short_description: Manage the VPC endpoints of a VPC as one set
description:
  - Creates, changes and prunes gateway and interface endpoints of one VPC. AWS takes a minute or two to make an
    interface endpoint; this module starts it and doesn't wait. A change of one that is still being made waits for it
    first, up to 10 minutes.
version_added: "0.1.0"
options:
  vpc_id:
    description: The VPC's id.
    type: str
    required: true
  wait:
    description: >-
      Whether to wait until a deleted endpoint and its interfaces are gone.
      Without it the deletion is only started; M(uex.payments.stack_teardown) waits for all that it started at once.
    type: bool
    default: true
  vpc_endpoints:
    description: The endpoints.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Value of the tag C(Name), which identifies the endpoint.
        type: str
        required: true
      service_name:
        description: Full name of the service, such as V(com.amazonaws.us-east-1.s3). Cannot change.
        type: str
        required: true
      vpc_endpoint_type:
        description: A V(Gateway) is a route and free. An V(Interface) costs by the hour in each subnet. Cannot change.
        type: str
        choices: [Gateway, Interface]
        required: true
      route_table_ids:
        description: Route tables that get the route to a gateway endpoint. Left as they are when not given.
        type: list
        elements: str
      subnet_ids:
        description: Subnets in which an interface endpoint has an address, at most one in each zone. Left as they are
          when not given.
        type: list
        elements: str
      security_group_ids:
        description: Security groups of an interface endpoint. Left as they are when not given.
        type: list
        elements: str
      private_dns_enabled:
        description: Whether the service's public name leads to the interface endpoint inside the VPC. Left as it is
          when not given.
        type: bool
      policy:
        description: The endpoint's policy. Left as it is when not given; AWS's own allows everything.
        type: dict
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: S3 without NAT
  uex.payments.ec2_vpc_endpoint:
    vpc_id: vpc-0123456789abcdef0
    vpc_endpoints:
      - name: uex-payments-dev-endpoint-s3
        service_name: com.amazonaws.us-east-1.s3
        vpc_endpoint_type: Gateway
        route_table_ids: [rtb-0123456789abcdef0]
    tags: {Project: uex-payments, Environment: dev, Layer: network, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
vpc_endpoints:
  description: >-
    The endpoints by name, with C(vpc_endpoint_id), their properties and C(ready), which is false while AWS is making
    the endpoint.
  returned: success
  type: dict
"""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _calls, _policy, _wait
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

#: Sets that an endpoint refers to, by AWS's words for them.
SETS = {"route_table_ids": "RouteTableIds", "subnet_ids": "SubnetIds", "security_group_ids": "SecurityGroupIds"}
ENDED = ("deleting", "deleted")
GONE = ("InvalidVpcEndpoint.NotFound", "InvalidVpcEndpointId.NotFound")
AVAILABLE = "available"


def observed_endpoint(entry: Mapping[str, Any], tags: dict[str, str]) -> Item:
    """AWS's endpoint in our words."""
    return {
        "vpc_endpoint_id": entry["VpcEndpointId"],
        "service_name": entry["ServiceName"],
        "vpc_endpoint_type": entry["VpcEndpointType"],
        "route_table_ids": sorted(entry.get("RouteTableIds") or []),
        "subnet_ids": sorted(entry.get("SubnetIds") or []),
        "security_group_ids": sorted(group["GroupId"] for group in entry.get("Groups") or []),
        "private_dns_enabled": entry.get("PrivateDnsEnabled"),
        "policy": _policy.canonical(entry.get("PolicyDocument")),
        "ready": entry["State"].lower() == AVAILABLE,
        "tags": tags,
    }


def modifications(before: Item, after: Item, options: Iterable[str]) -> dict[str, Any]:
    """The changed options as the arguments of ModifyVpcEndpoint."""
    result: dict[str, Any] = {}
    for option in options:
        if option in SETS:
            new, old = set(after[option]), set(before[option])
            steps = {"Add": new - old, "Remove": old - new}
            result |= {f"{step}{SETS[option]}": sorted(ids) for step, ids in steps.items() if ids}
    if "private_dns_enabled" in options:
        result["PrivateDnsEnabled"] = after["private_dns_enabled"]
    if "policy" in options:
        result |= {"PolicyDocument": after["policy"]} if after["policy"] else {"ResetPolicy": True}
    return result


class VpcEndpoint(Resource):
    kind = "AWS::EC2::VPCEndpoint"
    service = "ec2"
    plural = "vpc_endpoints"
    frozen = ("service_name", "vpc_endpoint_type")
    computed = ("vpc_endpoint_id",)
    name_tag = True
    made_deadline = 600.0  #: seconds that AWS may take to make or delete an endpoint

    def validate(self, item: Item) -> Iterable[str]:
        gateway = item["vpc_endpoint_type"] == "Gateway"
        for option in ("subnet_ids", "security_group_ids", "private_dns_enabled") if gateway else ("route_table_ids",):
            if item[option]:
                yield f"{option}: not for the type {item['vpc_endpoint_type']}"

    def desired(self, item: Item) -> Item:
        sets = {option: None if item[option] is None else sorted(item[option]) for option in SETS}
        plain = {key: item[key] for key in ("service_name", "vpc_endpoint_type", "private_dns_enabled")}
        return {**plain, **sets, "policy": None if item["policy"] is None else _policy.canonical(item["policy"])}

    def observe(self) -> dict[str, Item]:
        if not _aws.is_known(self.options["vpc_id"]):
            return {}
        vpc = [{"Name": "vpc-id", "Values": [self.options["vpc_id"]]}]
        found = _aws.pages(self.client, "describe_vpc_endpoints", "VpcEndpoints", Filters=vpc)
        alive = _aws.ec2_named(entry for entry in found if entry["State"].lower() not in ENDED)
        return {name: observed_endpoint(*pair) for name, pair in alive.items()}

    def create(self, name: str, desired: Item) -> None:
        settings = {
            "ServiceName": desired["service_name"],
            "VpcEndpointType": desired["vpc_endpoint_type"],
            "PrivateDnsEnabled": desired["private_dns_enabled"],
            "PolicyDocument": desired["policy"] or None,
            **{argument: desired[option] or None for option, argument in SETS.items()},
        }
        self.client.create_vpc_endpoint(
            VpcId=self.options["vpc_id"],
            ClientToken=str(uuid.uuid4()),
            TagSpecifications=_aws.ec2_tag_specification("vpc-endpoint", desired["tags"]),
            **_aws.declared(settings),
        )

    def update(self, name: str, plan: Plan) -> None:
        before, after = dict(plan.before or {}), dict(plan.after or {})
        _aws.ec2_update_tags(self.client, before["vpc_endpoint_id"], plan)
        changes = modifications(before, after, plan.options)
        if changes:
            _wait.until(lambda: self.observe()[name]["ready"], bool, f"{name} to be available", self.made_deadline)
            self.client.modify_vpc_endpoint(VpcEndpointId=before["vpc_endpoint_id"], **changes)

    def delete(self, name: str, observed: Item) -> None:
        """Its interfaces hold its subnets and security groups until it is gone."""
        endpoint_id = observed["vpc_endpoint_id"]
        response = self.client.delete_vpc_endpoints(VpcEndpointIds=[endpoint_id])
        _calls.demand_success(response, *GONE)
        if self.options.get("wait", True):
            self._await_end(name, endpoint_id)

    def _await_end(self, name: str, endpoint_id: str) -> None:
        _wait.until(
            lambda: self._state(endpoint_id), lambda state: state == "deleted", f"{name} gone", self.made_deadline
        )

    def _state(self, endpoint_id: str) -> str:
        describe = self.client.describe_vpc_endpoints
        found: list[dict[str, Any]] = _aws.absent_as(
            [], lambda: describe(VpcEndpointIds=[endpoint_id])["VpcEndpoints"], *GONE
        )
        return found[0]["State"].lower() if found else "deleted"


def main() -> None:
    run(VpcEndpoint, DOCUMENTATION)


if __name__ == "__main__":
    main()
