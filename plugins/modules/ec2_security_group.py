#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_security_group
short_description: Manage the security groups of a VPC as one set
description:
  - Creates, changes and prunes the security groups of one VPC. Rules refer to other groups of the set by name, in
    circles too; they are written when all groups exist.
  - Before a group is deleted, the rules of other groups that name it are revoked. The deletion then waits while
    interfaces that are being deleted still hold the group, up to 10 minutes.
  - The VPC's default group is not of the set; see M(uex.payments.ec2_vpc_defaults).
version_added: "0.1.0"
options:
  vpc_id:
    description: The VPC's id.
    type: str
    required: true
  security_groups:
    description: The security groups.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the group, which identifies it in the VPC.
        type: str
        required: true
      description:
        description: What the group is for, at most 255 characters. Cannot change.
        type: str
        required: true
      ingress:
        description: Rules for traffic to the members. An empty list lets nothing in; rules are left as they are when
          not given.
        type: list
        elements: dict
        suboptions: &rule
          protocol:
            description: The protocol; V(all) has no ports.
            type: str
            choices: [tcp, udp, icmp, all]
            default: tcp
          from_port:
            description: First port, or the ICMP type. Needed unless the protocol is V(all).
            type: int
          to_port:
            description: Last port, or the ICMP code. Needed unless the protocol is V(all).
            type: int
          cidr_blocks:
            description: IPv4 or IPv6 ranges of the peers. Exactly one sort of peers has to be given.
            type: list
            elements: str
          security_group:
            description: Name of a group of the set, or the id of another.
            type: str
          prefix_list_id:
            description: Id of a prefix list.
            type: str
          description:
            description: Why the rule is there, at most 255 characters.
            type: str
      egress:
        description: Rules for traffic from the members. An empty list lets nothing out; rules are left as they are
          when not given.
        type: list
        elements: dict
        suboptions: *rule
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: A database that only tasks reach
  uex.payments.ec2_security_group:
    vpc_id: vpc-0123456789abcdef0
    security_groups:
      - name: uex-payments-dev-ecs
        description: Tasks
        ingress: []
        egress:
          - {from_port: 5432, to_port: 5432, security_group: uex-payments-dev-rds, description: To the database}
      - name: uex-payments-dev-rds
        description: Database
        ingress:
          - {from_port: 5432, to_port: 5432, security_group: uex-payments-dev-ecs, description: From tasks}
        egress: []
    tags: {Project: uex-payments, Environment: dev, Layer: network, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
security_groups:
  description: The groups by name, with C(group_id) and their rules, one for each peer.
  returned: success
  type: dict
"""

from collections.abc import Iterable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _calls, _ec2_rules, _tags, _wait
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

DIRECTIONS = {"ingress": "IpPermissions", "egress": "IpPermissionsEgress"}
GONE = ("InvalidGroup.NotFound", "InvalidPermission.NotFound")


class SecurityGroup(Resource):
    kind = "AWS::EC2::SecurityGroup"
    service = "ec2"
    plural = "security_groups"
    frozen = ("description",)
    computed = ("group_id",)
    name_tag = True
    release_deadline = 600.0  #: seconds until interfaces that are being deleted let go of a group

    def validate(self, item: Item) -> Iterable[str]:
        names = [each["name"] for each in self.options["security_groups"]]
        if not _ec2_rules.DESCRIPTION.fullmatch(item["description"]):
            yield f"description: AWS does not take it: {item['description']}"
        for direction in DIRECTIONS:
            for index, rule in enumerate(item[direction] or []):
                yield from _ec2_rules.problems(f"{direction}[{index}]", rule, names)

    def desired(self, item: Item) -> Item:
        rules = {direction: _ec2_rules.declared(item[direction]) for direction in DIRECTIONS}
        return {"description": item["description"], **rules}

    def observe(self) -> dict[str, Item]:
        if not _aws.is_known(self.options["vpc_id"]):
            return {}
        found = self._groups()
        names = {each["GroupId"]: each["GroupName"] for each in found if each["GroupId"] not in self._declared_ids()}
        return {
            group["GroupName"]: {
                "group_id": group["GroupId"],
                "description": group["Description"],
                **{way: _ec2_rules.observed(group[member], names) for way, member in DIRECTIONS.items()},
                "tags": _tags.to_dict(group.get("Tags")),
            }
            for group in found
        }

    def _declared_ids(self) -> set[str]:
        """The groups that declared rules name by id; all others go by name."""
        rules = [rule for item in self.options["security_groups"] for way in DIRECTIONS for rule in item[way] or []]
        return {rule["security_group"] for rule in rules if rule["security_group"]}

    def _groups(self) -> list[dict[str, Any]]:
        """The VPC's security groups but the default one."""
        vpc = [{"Name": "vpc-id", "Values": [self.options["vpc_id"]]}]
        found = _aws.pages(self.client, "describe_security_groups", "SecurityGroups", Filters=vpc)
        return [group for group in found if group["GroupName"] != "default"]

    def create(self, name: str, desired: Item) -> None:
        self.client.create_security_group(
            VpcId=self.options["vpc_id"],
            GroupName=name,
            Description=desired["description"],
            TagSpecifications=_aws.ec2_tag_specification("security-group", desired["tags"]),
        )

    def update(self, name: str, plan: Plan) -> None:
        _aws.ec2_update_tags(self.client, (plan.before or {})["group_id"], plan)

    def settle(self, plans: list[Plan]) -> None:
        """Write the rules now that the groups they name exist."""
        changed = {plan.name: plan.after for plan in plans if plan.after is not None}
        found = _wait.until(
            self.observe, lambda groups: changed.keys() <= groups.keys(), "all groups", self.deadline, 1
        )
        ids = {name: group["group_id"] for name, group in found.items()}
        for name, desired in changed.items():
            for direction in DIRECTIONS:
                if desired[direction] is not None:
                    self._write(direction, ids[name], _ec2_rules.steps(desired[direction], found[name][direction]), ids)

    def _write(self, direction: str, group_id: str, steps: _ec2_rules.Steps, ids: dict[str, str]) -> None:
        calls = {
            f"authorize_security_group_{direction}": steps.authorize,
            f"update_security_group_rule_descriptions_{direction}": steps.describe,
            f"revoke_security_group_{direction}": steps.revoke,
        }
        for call, rules in calls.items():
            if rules:
                permissions = [_ec2_rules.permission(rule, ids) for rule in rules]
                getattr(self.client, call)(GroupId=group_id, IpPermissions=permissions)

    def delete(self, name: str, observed: Item) -> None:
        group_id = observed["group_id"]
        self._revoke_references(group_id)
        _calls.patiently(
            lambda: _aws.absent_as(None, lambda: self.client.delete_security_group(GroupId=group_id), GONE[0]),
            _calls.has_code("DependencyViolation"),
            self.release_deadline,
        )

    def _revoke_references(self, group_id: str) -> None:
        """Take the group out of the rules of all other groups, or it can't be deleted."""
        for group in self._groups():
            for direction, member in DIRECTIONS.items():
                permissions = _ec2_rules.referring(group[member], group_id)
                if permissions:
                    self._revoke(direction, group["GroupId"], permissions)

    def _revoke(self, direction: str, group_id: str, permissions: list[dict[str, Any]]) -> None:
        revoke = getattr(self.client, f"revoke_security_group_{direction}")
        _aws.absent_as(None, lambda: revoke(GroupId=group_id, IpPermissions=permissions), *GONE)


def main() -> None:
    run(SecurityGroup, DOCUMENTATION)


if __name__ == "__main__":
    main()
