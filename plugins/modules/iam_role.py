#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: iam_role
short_description: Manage IAM roles with their policies as one set
description:
  - Creates, changes and prunes roles, their trust, their inline policies and the managed policies attached to them.
  - Roles of a product come as a set, from the list of its services, and go with them. That takes pruning, and inline
    policies that can be planned while their role doesn't exist yet; M(amazon.aws.iam_policy) fails then in check mode.
  - Policies are compared by their meaning, not by their text.
  - To be pruned, a role must also be named C(<Project>-<Environment>-...), as IAM lists roles by name and not by tag.
version_added: "0.1.0"
options:
  roles:
    description: The roles.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, at most 64 letters, digits and C(_+=,.@-). It identifies the role.
        type: str
        required: true
      assume_role_policy:
        description: The policy that says who may assume the role.
        type: dict
        required: true
      policies:
        description: Inline policy documents by name; others on the role are deleted. Left as they are when not given.
        type: dict
      managed_policies:
        description: ARNs of attached managed policies; others are detached. Left as they are when not given.
        type: list
        elements: str
      permissions_boundary:
        description: ARN of the managed policy that limits what the role may do. Empty means none.
        type: str
      description:
        description: What the role is for, at most 1000 characters.
        type: str
      max_session_duration:
        description: Seconds that a session may last, from 3600 to 43200. AWS's default is 3600.
        type: int
      path:
        description: Path of the role, such as V(/payments/). AWS's default is V(/). Cannot change.
        type: str
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: A role for tasks that read one secret
  uex.payments.iam_role:
    roles:
      - name: uex-payments-dev-task-presentation
        assume_role_policy:
          Version: "2012-10-17"
          Statement:
            - {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: "sts:AssumeRole"}
        policies:
          secrets:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: secretsmanager:GetSecretValue
                Resource: arn:aws:secretsmanager:us-east-1:123456789012:secret:uex-payments-dev/uex-api-*
    tags: {Project: uex-payments, Environment: dev, Layer: foundation, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
roles:
  description: The roles by name, with C(arn), C(role_id) and their properties; policies as canonical JSON.
  returned: success
  type: dict
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _iam, _tags
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

PLAIN = ("description", "max_session_duration", "path", "permissions_boundary")


class Role(Resource):
    kind = "AWS::IAM::Role"
    service = "iam"
    plural = "roles"
    frozen = ("path",)
    computed = ("arn", "role_id")

    def validate(self, item: Item) -> Iterable[str]:
        return _iam.role_problems(item)

    def desired(self, item: Item) -> Item:
        return {**{key: item[key] for key in PLAIN}, **_iam.desired_policies(item)}

    def observe(self) -> dict[str, Item]:
        """ListRoles, and more of those that concern us only.

        GetAccountAuthorizationDetails has nearly all in one call, but with the policies of every role of the account:
        where there are a thousand, that is megabytes to look at ten. And it lacks descriptions and session durations.
        """
        names = {item["name"] for item in self.options[self.plural]}
        listed = _aws.pages(self.client, "list_roles", "Roles", PaginationConfig={"PageSize": 1000})
        ours = [each["RoleName"] for each in listed if _iam.concerns(each["RoleName"], names, self.options["tags"])]
        items = _aws.concurrently(self._observed, ours)
        return {name: item for name, item in zip(ours, items, strict=True) if item}

    def _observed(self, name: str) -> Item:
        """One role; an empty item if it went meanwhile."""
        return _aws.absent_as({}, lambda: self._read(name), "NoSuchEntity")

    def _read(self, name: str) -> Item:
        entry = self.client.get_role(RoleName=name)["Role"]
        inline = _aws.pages(self.client, "list_role_policies", "PolicyNames", RoleName=name)
        attached = _aws.pages(self.client, "list_attached_role_policies", "AttachedPolicies", RoleName=name)
        documents = {
            each: self.client.get_role_policy(RoleName=name, PolicyName=each)["PolicyDocument"] for each in inline
        }
        arns = [each["PolicyArn"] for each in attached]
        return _iam.observed(entry, documents, arns)

    def create(self, name: str, desired: Item) -> None:
        """A new role gets its tags in the same call, so that an interrupted run finds it as its own."""
        trust = {"RoleName": name, "AssumeRolePolicyDocument": desired["assume_role_policy"]}
        self.client.create_role(**trust, **_iam.creation(desired), Tags=_tags.to_list(desired["tags"]))
        self._write_policies(name, {}, desired)

    def update(self, name: str, plan: Plan) -> None:
        before, after = plan.before or {}, plan.after or {}
        if "assume_role_policy" in plan.options:
            self.client.update_assume_role_policy(RoleName=name, PolicyDocument=after["assume_role_policy"])
        if {"description", "max_session_duration"} & plan.options:
            self.client.update_role(RoleName=name, **_iam.settings(after))
        if "permissions_boundary" in plan.options:
            self._limit(name, after["permissions_boundary"])
        self._write_policies(name, before, after)
        if "tags" in plan.options:
            self.client.tag_role(RoleName=name, Tags=_tags.to_list(after["tags"]))

    def _limit(self, name: str, boundary: str) -> None:
        if boundary:
            self.client.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary)
        else:
            self.client.delete_role_permissions_boundary(RoleName=name)

    def _write_policies(self, name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """What is added comes first: a role in use never has less than before and after have in common."""
        put, drop = _iam.policy_changes(before.get("policies"), after["policies"])
        attach, detach = _iam.attachment_changes(before.get("managed_policies"), after["managed_policies"])
        for policy, document in put.items():
            self.client.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=document)
        for arn in attach:
            self.client.attach_role_policy(RoleName=name, PolicyArn=arn)
        self._remove_policies(name, drop, detach)

    def _remove_policies(self, name: str, inline: Iterable[str], attached: Iterable[str]) -> None:
        for policy in inline:
            self._unless_gone("delete_role_policy", RoleName=name, PolicyName=policy)
        for arn in attached:
            self._unless_gone("detach_role_policy", RoleName=name, PolicyArn=arn)

    def _unless_gone(self, operation: str, **arguments: Any) -> None:
        _aws.absent_as(None, lambda: getattr(self.client, operation)(**arguments), "NoSuchEntity")

    def _profiles(self, name: str) -> list[str]:
        none: list[Item] = []
        operation = ("list_instance_profiles_for_role", "InstanceProfiles")
        found = _aws.absent_as(none, lambda: _aws.pages(self.client, *operation, RoleName=name), "NoSuchEntity")
        return [profile["InstanceProfileName"] for profile in found]

    def delete(self, name: str, observed: Item) -> None:
        """A role goes only without policies and outside of every instance profile."""
        for profile in self._profiles(name):
            self._unless_gone("remove_role_from_instance_profile", RoleName=name, InstanceProfileName=profile)
        self._remove_policies(name, observed["policies"], observed["managed_policies"])
        self._unless_gone("delete_role", RoleName=name)


def main() -> None:
    run(Role, DOCUMENTATION)


if __name__ == "__main__":
    main()
