#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_vpc_defaults
short_description: Empty the default security group and network ACL of VPCs
description:
  - AWS gives each VPC a security group that lets its members talk to each other and a network ACL that lets
    everything through. Whatever names no group or ACL of its own falls to these. This module takes all rules away
    from them.
  - Neither can be created or deleted. Defaults that are as AWS makes them with a VPC count as not yet dealt with, so
    that emptying them is planned with the VPC's creation as C(create); rules that somebody added later are planned as
    C(update).
version_added: "0.1.0"
options:
  vpcs:
    description: The VPCs.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the VPC, for the result.
        type: str
        required: true
      vpc_id:
        description: The VPC's id.
        type: str
        required: true
      empty_network_acl:
        description:
          - Whether the default network ACL is emptied too. A subnet without an ACL of its own then has no traffic.
          - Its rules are left as they are otherwise.
        type: bool
        default: true
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: No access by default
  uex.payments.ec2_vpc_defaults:
    vpcs:
      - {name: uex-payments-dev-vpc, vpc_id: vpc-0123456789abcdef0}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
vpcs:
  description: The VPCs by name, with C(vpc_id), C(security_group_rules) and C(network_acl_entries).
  returned: success
  type: dict
"""

from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _ec2_acl, _ec2_rules
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

ITSELF = "itself"
ANYWHERE = "0.0.0.0/0"
ALL = {"protocol": "all", "description": ""}
ALL_TRAFFIC = {"protocol": "all", "rule_number": 100, "rule_action": "allow", "cidr_block": ANYWHERE}
#: What AWS makes with a VPC.
PRISTINE = {
    "security_group_rules": [
        {"direction": "ingress", **ALL, "security_group": ITSELF},
        {"direction": "egress", **ALL, "cidr_block": ANYWHERE},
    ],
    "network_acl_entries": [{"direction": "ingress", **ALL_TRAFFIC}, {"direction": "egress", **ALL_TRAFFIC}],
}


def group_rules(group: dict[str, Any]) -> list[Item]:
    """The rules of a default security group, each with its direction; the group itself goes as C(itself)."""
    sides = {"ingress": group["IpPermissions"], "egress": group["IpPermissionsEgress"]}
    own = {group["GroupId"]: ITSELF}
    return [{"direction": way, **rule} for way in sides for rule in _ec2_rules.observed(sides[way], own)]


def acl_entries(acl: dict[str, Any]) -> list[Item]:
    """The entries of a default network ACL, each with its direction, without the one that closes it."""
    sides = {"ingress": False, "egress": True}
    return [{"direction": way, **entry} for way in sides for entry in _ec2_acl.observed(acl["Entries"], sides[way])]


class VpcDefaults(Resource):
    kind = "AWS::EC2::VPC"
    service = "ec2"
    plural = "vpcs"
    taggable = False

    def desired(self, item: Item) -> Item:
        return {"security_group_rules": [], "network_acl_entries": [] if item["empty_network_acl"] else None}

    def observe(self) -> dict[str, Item]:
        """What is there; of a VPC that is not made yet, what AWS will make with it."""
        vpcs = {item["name"]: item["vpc_id"] for item in self.options["vpcs"]}
        known = [vpc_id for vpc_id in vpcs.values() if _aws.is_known(vpc_id)]
        groups, acls = (self._groups(known), self._acls(known)) if known else ({}, {})
        return {
            name: {
                "vpc_id": vpc_id,
                "security_group_rules": group_rules(groups[vpc_id]),
                "network_acl_entries": acl_entries(acls[vpc_id]),
            }
            if vpc_id in groups
            else {"vpc_id": vpc_id, **PRISTINE}
            for name, vpc_id in vpcs.items()
        }

    def _groups(self, vpc_ids: list[str]) -> dict[str, Any]:
        """The default security groups by VPC."""
        named = [{"Name": "vpc-id", "Values": vpc_ids}, {"Name": "group-name", "Values": ["default"]}]
        found = _aws.pages(self.client, "describe_security_groups", "SecurityGroups", Filters=named)
        return {group["VpcId"]: group for group in found}

    def _acls(self, vpc_ids: list[str]) -> dict[str, Any]:
        """The default network ACLs by VPC."""
        default = [{"Name": "vpc-id", "Values": vpc_ids}, {"Name": "default", "Values": ["true"]}]
        found = _aws.pages(self.client, "describe_network_acls", "NetworkAcls", Filters=default)
        return {acl["VpcId"]: acl for acl in found}

    def update(self, name: str, plan: Plan) -> None:
        """They are never created: AWS makes them with the VPC."""
        vpc_id = (plan.before or {})["vpc_id"]
        if "security_group_rules" in plan.options:
            self._empty_group(self._groups([vpc_id])[vpc_id])
        if "network_acl_entries" in plan.options:
            self._empty_acl(self._acls([vpc_id])[vpc_id])

    def _empty_group(self, group: dict[str, Any]) -> None:
        group_id = group["GroupId"]
        if group["IpPermissions"]:
            self.client.revoke_security_group_ingress(GroupId=group_id, IpPermissions=group["IpPermissions"])
        if group["IpPermissionsEgress"]:
            self.client.revoke_security_group_egress(GroupId=group_id, IpPermissions=group["IpPermissionsEgress"])

    def _empty_acl(self, acl: dict[str, Any]) -> None:
        for entry in acl["Entries"]:
            if entry["RuleNumber"] != _ec2_acl.CLOSING_RULE:
                self.client.delete_network_acl_entry(
                    NetworkAclId=acl["NetworkAclId"], RuleNumber=entry["RuleNumber"], Egress=entry["Egress"]
                )


def main() -> None:
    run(VpcDefaults, DOCUMENTATION)


if __name__ == "__main__":
    main()
