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
  - A role that goes leaves every instance profile before; the one of its own name goes with it.
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
      instance_profile:
        description:
          - Whether there is an instance profile of the role's own name that hands the role to EC2 instances. It comes
            and goes with the role, and carries its tags.
          - V(false) deletes the one that there is. Left as it is when not given.
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
  description: >-
    The roles by name, with C(arn), C(role_id), C(instance_profile_arn) (empty where there is none of the role's name)
    and their properties; policies as canonical JSON.
  returned: success
  type: dict
"""

from collections.abc import Iterable

from ansible_collections.uex.payments.plugins.module_utils import _aws, _iam, _policy, _tags
from ansible_collections.uex.payments.plugins.module_utils._iam_policies import Holder, unless_gone
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

PLAIN = ("description", "max_session_duration", "path", "permissions_boundary")


class Role(Resource):
    kind = "AWS::IAM::Role"
    service = "iam"
    plural = "roles"
    frozen = ("path",)
    computed = ("arn", "role_id", "instance_profile_arn")

    def validate(self, item: Item) -> Iterable[str]:
        return _iam.role_problems(item)

    def desired(self, item: Item) -> Item:
        return {
            **{key: item[key] for key in PLAIN},
            "assume_role_policy": _policy.canonical(item["assume_role_policy"]),
            **_iam.desired_policies(item),
            "instance_profile": _iam.desired_profile(item, {**self.options["tags"], **(item["tags"] or {})}),
        }

    def observe(self) -> dict[str, Item]:
        """ListRoles, and more of those that concern us only.

        GetAccountAuthorizationDetails has nearly all in one call, but with the policies of every role of the account:
        where there are a thousand, that is megabytes to look at ten. And it lacks descriptions and session durations.
        """
        names = {item["name"] for item in self.options[self.plural]}
        listed = _aws.pages(self.client, "list_roles", "Roles", PaginationConfig={"PageSize": 1000})
        ours = [each["RoleName"] for each in listed if _iam.concerns(each["RoleName"], names, self.options["tags"])]
        profiles = self._profiles() if ours else set()
        items = _aws.concurrently(lambda name: self._observed(name, profiled=name in profiles), ours)
        return {name: item for name, item in zip(ours, items, strict=True) if item}

    def _profiles(self) -> set[str]:
        """The names of all instance profiles; a list shows no tags."""
        found = _aws.pages(self.client, "list_instance_profiles", "InstanceProfiles")
        return {each["InstanceProfileName"] for each in found}

    def _observed(self, name: str, profiled: bool) -> Item:
        """One role; an empty item if it went meanwhile."""
        return _aws.absent_as({}, lambda: self._read(name, profiled), "NoSuchEntity")

    def _read(self, name: str, profiled: bool) -> Item:
        entry, holder = self.client.get_role(RoleName=name)["Role"], self._holder(name)
        profile = self.client.get_instance_profile(InstanceProfileName=name)["InstanceProfile"] if profiled else {}
        return {
            **_iam.observed(entry),
            **_iam.observed_policies(holder.inline(), holder.attached()),
            "instance_profile": _iam.observed_profile(profile),
            "instance_profile_arn": profile.get("Arn", ""),
        }

    def _holder(self, name: str) -> Holder:
        return Holder(self.client, "role", name)

    def create(self, name: str, desired: Item) -> None:
        """A new role gets its tags in the same call, so that an interrupted run finds it as its own."""
        trust = {"RoleName": name, "AssumeRolePolicyDocument": desired["assume_role_policy"]}
        self.client.create_role(**trust, **_iam.creation(desired), Tags=_tags.to_list(desired["tags"]))
        self._holder(name).write({}, desired)
        if desired["instance_profile"]:
            self._write_profile(name, {}, desired["instance_profile"])

    def update(self, name: str, plan: Plan) -> None:
        before, after = plan.before or {}, plan.after or {}
        if "assume_role_policy" in plan.options:
            self.client.update_assume_role_policy(RoleName=name, PolicyDocument=after["assume_role_policy"])
        if {"description", "max_session_duration"} & plan.options:
            self.client.update_role(RoleName=name, **_iam.settings(after))
        if "permissions_boundary" in plan.options:
            self._limit(name, after["permissions_boundary"])
        self._holder(name).write(before, after)
        if "tags" in plan.options:
            self.client.tag_role(RoleName=name, Tags=_tags.to_list(after["tags"]))
        if "instance_profile" in plan.options:
            self._write_profile(name, before["instance_profile"], after["instance_profile"])

    def _limit(self, name: str, boundary: str) -> None:
        if boundary:
            self.client.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary)
        else:
            self.client.delete_role_permissions_boundary(RoleName=name)

    def _write_profile(self, name: str, before: Item, after: Item) -> None:
        """The instance profile of the role's own name: made, tagged and given the role, or deleted."""
        if not after:
            self._delete_profile(name, before["role"])
            return
        if not before:
            self.client.create_instance_profile(InstanceProfileName=name, Tags=_tags.to_list(after["tags"]))
            self.client.get_waiter("instance_profile_exists").wait(InstanceProfileName=name)
        elif after["tags"].items() - before["tags"].items():
            self.client.tag_instance_profile(InstanceProfileName=name, Tags=_tags.to_list(after["tags"]))
        if before.get("role") != name:
            self.client.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)

    def _delete_profile(self, name: str, role: str) -> None:
        """A profile goes only without a role."""
        if role:
            unless_gone(self.client, "remove_role_from_instance_profile", RoleName=role, InstanceProfileName=name)
        unless_gone(self.client, "delete_instance_profile", InstanceProfileName=name)

    def _profiles_with(self, name: str) -> list[str]:
        none: list[Item] = []
        operation = ("list_instance_profiles_for_role", "InstanceProfiles")
        found = _aws.absent_as(none, lambda: _aws.pages(self.client, *operation, RoleName=name), "NoSuchEntity")
        return [profile["InstanceProfileName"] for profile in found]

    def delete(self, name: str, observed: Item) -> None:
        """A role goes only without policies and outside of every instance profile."""
        for profile in self._profiles_with(name):
            unless_gone(self.client, "remove_role_from_instance_profile", RoleName=name, InstanceProfileName=profile)
        if observed["instance_profile"].get("role") in ("", name):
            self._delete_profile(name, "")
        self._holder(name).remove(observed["policies"], observed["managed_policies"])
        unless_gone(self.client, "delete_role", RoleName=name)


def main() -> None:
    run(Role, DOCUMENTATION)


if __name__ == "__main__":
    main()
