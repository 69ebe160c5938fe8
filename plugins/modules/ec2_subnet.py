#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_subnet
short_description: Manage the subnets of a VPC as one set
description:
  - Creates, changes and prunes the subnets of one VPC; all of them are observed in one call and changed concurrently.
version_added: "0.1.0"
options:
  vpc_id:
    description: The VPC's id.
    type: str
    required: true
  subnets:
    description: The subnets.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Value of the tag C(Name), which identifies the subnet.
        type: str
        required: true
      cidr_block:
        description: IPv4 range in CIDR notation. Cannot change.
        type: str
        required: true
      availability_zone:
        description: Name of the availability zone. Cannot change.
        type: str
        required: true
      map_public_ip_on_launch:
        description: Whether interfaces get a public address. Left as it is when not given.
        type: bool
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Two subnets
  uex.payments.ec2_subnet:
    vpc_id: vpc-0123456789abcdef0
    subnets:
      - {name: uex-payments-dev-app-a, cidr_block: 10.0.16.0/20, availability_zone: us-east-1a}
      - {name: uex-payments-dev-app-b, cidr_block: 10.0.32.0/20, availability_zone: us-east-1b}
    tags: {Project: uex-payments, Environment: dev, Layer: network, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
subnets:
  description: The subnets by name, with C(subnet_id), C(vpc_id) and their properties.
  returned: success
  type: dict
"""

import ipaddress
from collections.abc import Iterable

from ansible_collections.uex.payments.plugins.module_utils import _aws
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource


class Subnet(Resource):
    kind = "AWS::EC2::Subnet"
    service = "ec2"
    plural = "subnets"
    frozen = ("cidr_block", "availability_zone")
    computed = ("subnet_id", "vpc_id")
    name_tag = True

    def validate(self, item: Item) -> Iterable[str]:
        try:
            ipaddress.IPv4Network(item["cidr_block"])
        except ValueError as error:
            yield f"cidr_block: {error}"

    def desired(self, item: Item) -> Item:
        return {key: item[key] for key in ("cidr_block", "availability_zone", "map_public_ip_on_launch")}

    def observe(self) -> dict[str, Item]:
        if not _aws.is_known(self.options["vpc_id"]):
            return {}
        vpc = [{"Name": "vpc-id", "Values": [self.options["vpc_id"]]}]
        found = _aws.pages(self.client, "describe_subnets", "Subnets", Filters=vpc)
        return {
            name: {
                "subnet_id": entry["SubnetId"],
                "vpc_id": entry["VpcId"],
                "cidr_block": entry["CidrBlock"],
                "availability_zone": entry["AvailabilityZone"],
                "map_public_ip_on_launch": entry["MapPublicIpOnLaunch"],
                "tags": tags,
            }
            for name, (entry, tags) in _aws.ec2_named(found).items()
        }

    def create(self, name: str, desired: Item) -> None:
        subnet = self.client.create_subnet(
            VpcId=self.options["vpc_id"],
            CidrBlock=desired["cidr_block"],
            AvailabilityZone=desired["availability_zone"],
            TagSpecifications=_aws.ec2_tag_specification("subnet", desired["tags"]),
        )["Subnet"]
        if desired["map_public_ip_on_launch"]:
            self._map_public_ip(subnet["SubnetId"], True)

    def update(self, name: str, plan: Plan) -> None:
        before, after = plan.before or {}, plan.after or {}
        _aws.ec2_update_tags(self.client, before["subnet_id"], plan)
        if "map_public_ip_on_launch" in plan.options:
            self._map_public_ip(before["subnet_id"], after["map_public_ip_on_launch"])

    def _map_public_ip(self, subnet_id: str, value: bool) -> None:
        self.client.modify_subnet_attribute(SubnetId=subnet_id, MapPublicIpOnLaunch={"Value": value})

    def delete(self, name: str, observed: Item) -> None:
        subnet_id = observed["subnet_id"]
        _aws.absent_as(None, lambda: self.client.delete_subnet(SubnetId=subnet_id), "InvalidSubnetID.NotFound")


def main() -> None:
    run(Subnet, DOCUMENTATION)


if __name__ == "__main__":
    main()
