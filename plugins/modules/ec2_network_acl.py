#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_network_acl
short_description: Manage the network ACLs of a VPC as one set
description:
  - Creates, changes and prunes the network ACLs of one VPC, with their entries and the subnets they guard.
  - An ACL keeps no state. An answer needs an entry of its own, to the ports 1024-65535 from which clients ask.
  - What a subnet asks the VPC's own resolver, time server and metadata is not filtered by ACLs.
  - The VPC's default ACL is not of the set; see M(uex.payments.ec2_vpc_defaults). A subnet that an ACL gives up falls
    back to it.
version_added: "0.1.0"
options:
  vpc_id:
    description: The VPC's id.
    type: str
    required: true
  network_acls:
    description: The network ACLs.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Value of the tag C(Name), which identifies the ACL.
        type: str
        required: true
      subnet_ids:
        description: The subnets that the ACL guards. Left as they are when not given.
        type: list
        elements: str
      ingress:
        description: Entries for traffic to the subnets, at most 20. An empty list denies everything.
        type: list
        elements: dict
        suboptions: &entry
          rule_number:
            description: From 1 to 32766. The entry with the lowest number that fits decides.
            type: int
            required: true
          protocol:
            description: The protocol; V(all) has no ports.
            type: str
            choices: [tcp, udp, all]
            default: tcp
          rule_action:
            description: What happens to traffic that fits.
            type: str
            choices: [allow, deny]
            default: allow
          cidr_block:
            description: IPv4 range of the peers.
            type: str
            required: true
          from_port:
            description: First port. Needed unless the protocol is V(all).
            type: int
          to_port:
            description: Last port. Needed unless the protocol is V(all).
            type: int
      egress:
        description: Entries for traffic from the subnets, at most 20. An empty list denies everything.
        type: list
        elements: dict
        suboptions: *entry
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: A tier for databases
  uex.payments.ec2_network_acl:
    vpc_id: vpc-0123456789abcdef0
    network_acls:
      - name: uex-payments-dev-data
        subnet_ids: [subnet-0123456789abcdef0]
        ingress:
          - {rule_number: 100, cidr_block: 10.0.64.0/18, from_port: 5432, to_port: 5432}
        egress:
          - {rule_number: 100, cidr_block: 10.0.64.0/18, from_port: 1024, to_port: 65535}
    tags: {Project: uex-payments, Environment: dev, Layer: network, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
network_acls:
  description: The ACLs by name, with C(network_acl_id), their entries and C(subnet_ids).
  returned: success
  type: dict
"""

from collections.abc import Iterable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _ec2_acl
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

DIRECTIONS = {"ingress": False, "egress": True}


def entry_problems(direction: str, entries: list[Item]) -> Iterable[str]:
    """What is wrong with the declared entries of one direction."""
    numbers = [entry["rule_number"] for entry in entries]
    if len(set(numbers)) < len(numbers):
        yield f"{direction}: a rule_number is there twice"
    if len(entries) > _ec2_acl.MOST_ENTRIES:
        yield f"{direction}: {len(entries)} entries, AWS allows {_ec2_acl.MOST_ENTRIES}"
    for entry in entries:
        if not 0 < entry["rule_number"] < _ec2_acl.CLOSING_RULE:
            yield f"{direction}: rule_number {entry['rule_number']} is not from 1 to {_ec2_acl.CLOSING_RULE - 1}"
        if entry["protocol"] != "all" and None in (entry["from_port"], entry["to_port"]):
            yield f"{direction}: entry {entry['rule_number']} needs from_port and to_port"


class NetworkAcl(Resource):
    kind = "AWS::EC2::NetworkAcl"
    service = "ec2"
    plural = "network_acls"
    computed = ("network_acl_id",)
    name_tag = True

    def validate(self, item: Item) -> Iterable[str]:
        for direction in DIRECTIONS:
            yield from entry_problems(direction, item[direction] or [])

    def desired(self, item: Item) -> Item:
        subnets = None if item["subnet_ids"] is None else sorted(item["subnet_ids"])
        return {"subnet_ids": subnets, **{way: _ec2_acl.declared(item[way]) for way in DIRECTIONS}}

    def observe(self) -> dict[str, Item]:
        if not _aws.is_known(self.options["vpc_id"]):
            return {}
        found = [acl for acl in self._acls("vpc-id", self.options["vpc_id"]) if not acl["IsDefault"]]
        return {
            name: {
                "network_acl_id": acl["NetworkAclId"],
                "subnet_ids": sorted(each["SubnetId"] for each in acl["Associations"]),
                **{way: _ec2_acl.observed(acl["Entries"], egress) for way, egress in DIRECTIONS.items()},
                "tags": tags,
            }
            for name, (acl, tags) in _aws.ec2_named(found).items()
        }

    def _acls(self, name: str, value: str) -> list[dict[str, Any]]:
        filters = [{"Name": name, "Values": [value]}]
        return _aws.pages(self.client, "describe_network_acls", "NetworkAcls", Filters=filters)

    def create(self, name: str, desired: Item) -> None:
        acl = self.client.create_network_acl(
            VpcId=self.options["vpc_id"], TagSpecifications=_aws.ec2_tag_specification("network-acl", desired["tags"])
        )["NetworkAcl"]
        self._write(acl["NetworkAclId"], desired, {"ingress": [], "egress": [], "subnet_ids": []})

    def update(self, name: str, plan: Plan) -> None:
        before, after = dict(plan.before or {}), dict(plan.after or {})
        _aws.ec2_update_tags(self.client, before["network_acl_id"], plan)
        self._write(before["network_acl_id"], after, before)

    def _write(self, acl_id: str, desired: Item, observed: Item) -> None:
        """Entries first, so that a subnet comes under a finished ACL."""
        for direction, egress in DIRECTIONS.items():
            if desired[direction] is not None:
                self._write_entries(acl_id, egress, _ec2_acl.steps(desired[direction], observed[direction]))
        if desired["subnet_ids"] is not None:
            for subnet_id in set(desired["subnet_ids"]) - set(observed["subnet_ids"]):
                self._guard(subnet_id, acl_id)
            self._release(set(observed["subnet_ids"]) - self._declared_subnets())

    def _write_entries(self, acl_id: str, egress: bool, steps: _ec2_acl.Steps) -> None:
        place: dict[str, Any] = {"NetworkAclId": acl_id, "Egress": egress}
        for entry in steps.create:
            self.client.create_network_acl_entry(**place, **_ec2_acl.arguments(entry))
        for entry in steps.replace:
            self.client.replace_network_acl_entry(**place, **_ec2_acl.arguments(entry))
        for entry in steps.delete:
            self.client.delete_network_acl_entry(**place, RuleNumber=entry["rule_number"])

    def _declared_subnets(self) -> set[str]:
        """The subnets of the whole set: those that one ACL gives up and another takes are moved once."""
        return {subnet for item in self.options["network_acls"] for subnet in item["subnet_ids"] or []}

    def _guard(self, subnet_id: str, acl_id: str) -> None:
        """Move a subnet, which always has exactly one ACL, to this one."""
        for acl in self._acls("association.subnet-id", subnet_id):
            for association in acl["Associations"]:
                if association["SubnetId"] == subnet_id and acl["NetworkAclId"] != acl_id:
                    self.client.replace_network_acl_association(
                        AssociationId=association["NetworkAclAssociationId"], NetworkAclId=acl_id
                    )

    def _release(self, subnet_ids: Iterable[str]) -> None:
        """Give subnets back to the VPC's default ACL."""
        for subnet_id in sorted(subnet_ids):
            default = next(acl for acl in self._acls("vpc-id", self.options["vpc_id"]) if acl["IsDefault"])
            self._guard(subnet_id, default["NetworkAclId"])

    def delete(self, name: str, observed: Item) -> None:
        self._release(observed["subnet_ids"])
        acl_id = observed["network_acl_id"]
        gone = "InvalidNetworkAclID.NotFound"
        _aws.absent_as(None, lambda: self.client.delete_network_acl(NetworkAclId=acl_id), gone)


def main() -> None:
    run(NetworkAcl, DOCUMENTATION)


if __name__ == "__main__":
    main()
