#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_nat_gateway
short_description: Manage the NAT gateways of a VPC as one set, each with its Elastic IP
description:
  - Creates and prunes public NAT gateways. Each has an Elastic IP with the same tag C(Name); one that is there and
    free is used again.
  - AWS takes one to three minutes to make a NAT gateway. This module starts it and doesn't wait; routes may lead to
    it at once.
  - Deletion waits until the gateway is gone, up to 10 minutes, and then releases its address. Addresses of ours that
    an interrupted run left without a gateway are released too when pruning.
version_added: "0.1.0"
options:
  vpc_id:
    description: The VPC's id.
    type: str
    required: true
  wait:
    description: >-
      Whether to wait until a gateway is gone and its address released.
      Without it the deletion is only started; M(uex.payments.stack_teardown) waits for all that it started at once.
    type: bool
    default: true
  nat_gateways:
    description: The NAT gateways.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Value of the tag C(Name) of the gateway and of its address, which identifies both.
        type: str
        required: true
      subnet_id:
        description: The public subnet it is in. Cannot change.
        type: str
        required: true
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: One NAT gateway
  uex.payments.ec2_nat_gateway:
    vpc_id: vpc-0123456789abcdef0
    nat_gateways:
      - {name: uex-payments-dev-nat-a, subnet_id: subnet-0123456789abcdef0}
    tags: {Project: uex-payments, Environment: dev, Layer: network, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
nat_gateways:
  description: >-
    The NAT gateways by name, with C(nat_gateway_id), C(allocation_id), C(public_ip), C(subnet_id) and C(ready), which
    is false while AWS is making the gateway.
  returned: success
  type: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _calls, _tags, _wait
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

ALIVE = ["pending", "available"]
NOT_YET = ("InvalidSubnetID.NotFound", "InvalidAllocationID.NotFound", "InvalidElasticIpID.NotFound")


def observed_gateway(entry: Mapping[str, Any], tags: dict[str, str]) -> Item:
    """AWS's NAT gateway in our words."""
    address: dict[str, Any] = next(iter(entry.get("NatGatewayAddresses") or []), {})
    return {
        "nat_gateway_id": entry["NatGatewayId"],
        "subnet_id": entry["SubnetId"],
        "allocation_id": address.get("AllocationId"),
        "public_ip": address.get("PublicIp"),
        "ready": entry["State"] == "available",
        "tags": tags,
    }


def stranded_address(entry: Mapping[str, Any], tags: dict[str, str]) -> Item:
    """An Elastic IP without its gateway, as what is left of the pair."""
    rest = {"nat_gateway_id": None, "subnet_id": None, "public_ip": entry["PublicIp"], "tags": tags}
    return {**rest, "allocation_id": entry["AllocationId"]}


class NatGateway(Resource):
    kind = "AWS::EC2::NatGateway"
    service = "ec2"
    plural = "nat_gateways"
    frozen = ("subnet_id",)
    computed = ("nat_gateway_id", "allocation_id", "public_ip")
    name_tag = True
    made_deadline = 600.0  #: seconds that AWS may take to delete a gateway

    def __init__(self, connect: Any, options: Mapping[str, Any]) -> None:
        super().__init__(connect, options)
        self.going: set[str] = set()  #: those whose deletion was started and not waited for

    def desired(self, item: Item) -> Item:
        return {"subnet_id": item["subnet_id"]}

    def observe(self) -> dict[str, Item]:
        if not _aws.is_known(self.options["vpc_id"]):
            return {}
        alive = [{"Name": "vpc-id", "Values": [self.options["vpc_id"]]}, {"Name": "state", "Values": ALIVE}]
        found = _aws.pages(self.client, "describe_nat_gateways", "NatGateways", Filter=alive)
        gateways = {name: observed_gateway(*pair) for name, pair in _aws.ec2_named(found).items()}
        return {**self._stranded(), **gateways}

    def _stranded(self) -> dict[str, Item]:
        """Addresses of ours that nothing uses and nobody declares; a declared one is used when its gateway is made."""
        declared = {item["name"] for item in self.options["nat_gateways"]} | self.going
        free = _aws.ec2_named(entry for entry in self._addresses() if "AssociationId" not in entry)
        return {name: stranded_address(*pair) for name, pair in free.items() if name not in declared}

    def _addresses(self) -> list[dict[str, Any]]:
        """The Elastic IPs that carry all our tags."""
        own = _tags.filters(self.options["tags"], (*_tags.OWNER_TAGS, "Layer"))
        return _aws.pages(self.client, "describe_addresses", "Addresses", Filters=own) if own else []

    def create(self, name: str, desired: Item) -> None:
        allocation_id = self._address(name) or self._allocate(desired["tags"])
        _calls.patiently(
            lambda: self.client.create_nat_gateway(
                SubnetId=desired["subnet_id"],
                AllocationId=allocation_id,
                TagSpecifications=_aws.ec2_tag_specification("natgateway", desired["tags"]),
            ),
            _calls.has_code(*NOT_YET),
            self.deadline,
        )

    def _address(self, name: str) -> str | None:
        """The allocation id of our Elastic IP of that name, once a gateway being deleted has let go of it."""

        def look() -> dict[str, Any] | None:
            return next(
                (entry for entry in self._addresses() if _tags.to_dict(entry["Tags"]).get("Name") == name), None
            )

        found = _wait.until(
            look,
            lambda entry: entry is None or "AssociationId" not in entry,
            f"a free address {name}",
            self.made_deadline,
        )
        return found["AllocationId"] if found else None

    def _allocate(self, tags: dict[str, str]) -> str:
        specification = _aws.ec2_tag_specification("elastic-ip", tags)
        return str(self.client.allocate_address(Domain="vpc", TagSpecifications=specification)["AllocationId"])

    def update(self, name: str, plan: Plan) -> None:
        before = plan.before or {}
        for resource_id in filter(None, (before["nat_gateway_id"], before["allocation_id"])):
            _aws.ec2_update_tags(self.client, resource_id, plan)

    def delete(self, name: str, observed: Item) -> None:
        gateway, allocation = observed["nat_gateway_id"], observed["allocation_id"]
        if gateway:
            _aws.absent_as(None, lambda: self.client.delete_nat_gateway(NatGatewayId=gateway), "NatGatewayNotFound")
        if gateway and not self.options.get("wait", True):
            self.going.add(name)
            return
        if gateway:
            self.client.get_waiter("nat_gateway_deleted").wait(NatGatewayIds=[gateway])
        if allocation:
            gone = "InvalidAllocationID.NotFound"
            _aws.absent_as(None, lambda: self.client.release_address(AllocationId=allocation), gone)


def main() -> None:
    run(NatGateway, DOCUMENTATION)


if __name__ == "__main__":
    main()
