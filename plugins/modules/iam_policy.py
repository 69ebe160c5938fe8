#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: iam_policy
short_description: Manage customer managed IAM policies as one set
description:
  - Creates, changes and prunes managed policies, such as the boundary of an environment's roles.
  - Policies are compared by their meaning, not by their text.
  - A changed document becomes a new version and the default. AWS keeps five; the oldest that is not the default goes
    first then.
  - A policy that goes is taken from whom it is attached to. While it is the boundary of a user or a role it is not
    deleted, as whoever loses a boundary may do more than before.
  - To be pruned, a policy must also be named C(<Project>-<Environment>-...), as IAM lists policies by name and not by
    tag.
version_added: "0.1.0"
options:
  policies:
    description: The managed policies.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, at most 128 letters, digits and C(_+=,.@-). It identifies the policy.
        type: str
        required: true
      policy:
        description: The document, at most 6144 characters without white space.
        type: dict
        required: true
      description:
        description: What the policy is for, at most 1000 characters. Used when it is made, as AWS can't change it.
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
- name: The most that roles of this environment may do
  uex.payments.iam_policy:
    policies:
      - name: uex-payments-dev-boundary
        policy:
          Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Action: secretsmanager:GetSecretValue
              Resource: arn:aws:secretsmanager:us-east-1:123456789012:secret:uex-payments-dev/*
    tags: {Project: uex-payments, Environment: dev, Layer: foundation, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
policies:
  description: The policies by name, with C(arn), C(policy_id) and their properties; documents as canonical JSON.
  returned: success
  type: dict
"""

from collections.abc import Iterable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _iam, _plan, _policy, _tags, _wait
from ansible_collections.uex.payments.plugins.module_utils._iam_policies import Holder, unless_gone
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

MOST_VERSIONS = 5
#: Who can hold a policy, in the words of ListEntitiesForPolicy.
HOLDERS = {"user": "PolicyUsers", "group": "PolicyGroups", "role": "PolicyRoles"}
ATTACHED = "PermissionsPolicy"
BOUNDARY = "PermissionsBoundary"


# amazon.aws.iam_managed_policy (10.1.2) plans and is idempotent, but what amazon.aws manages is never pruned: a
# boundary that is switched off would stay.
class ManagedPolicy(Resource):
    kind = "AWS::IAM::ManagedPolicy"
    service = "iam"
    plural = "policies"
    initial = ("description",)
    computed = ("arn", "policy_id")

    def validate(self, item: Item) -> Iterable[str]:
        return _iam.policy_problems(item)

    def desired(self, item: Item) -> Item:
        return {"policy": _policy.canonical(item["policy"]), "description": item["description"]}

    def effects(self, plan: Plan) -> Iterable[str]:
        before = plan.before or {}
        if plan.verb == _plan.DELETE and before["attached_to"]:
            yield f"detaches it from {', '.join(before['attached_to'])}"
        if plan.verb == _plan.DELETE and before["boundary_of"]:
            yield f"waits until it is nobody's boundary any more, now of {len(before['boundary_of'])}"

    def observe(self) -> dict[str, Item]:
        names = {item["name"] for item in self.options[self.plural]}
        listed = _aws.pages(
            self.client, "list_policies", "Policies", Scope="Local", PaginationConfig={"PageSize": 1000}
        )
        ours = {
            each["PolicyName"]: each["Arn"]
            for each in listed
            if _iam.concerns(each["PolicyName"], names, self.options["tags"])
        }
        items = _aws.concurrently(self._observed, ours.values())
        return {name: item for name, item in zip(ours, items, strict=True) if item}

    def _observed(self, arn: str) -> Item:
        """One policy; an empty item if it went meanwhile."""
        return _aws.absent_as({}, lambda: self._read(arn), "NoSuchEntity")

    def _read(self, arn: str) -> Item:
        entry = self.client.get_policy(PolicyArn=arn)["Policy"]
        version = self.client.get_policy_version(PolicyArn=arn, VersionId=entry["DefaultVersionId"])["PolicyVersion"]
        return {
            "arn": arn,
            "policy_id": entry["PolicyId"],
            "description": entry.get("Description", ""),
            "policy": _policy.canonical(version["Document"]),
            "attached_to": [f"{noun} {name}" for noun, name in self._users(arn, ATTACHED)],
            "boundary_of": [f"{noun} {name}" for noun, name in self._users(arn, BOUNDARY)],
            "tags": _tags.to_dict(entry.get("Tags")),
        }

    def _users(self, arn: str, usage: str) -> list[tuple[str, str]]:
        """Who has the policy attached or as a boundary, as noun and name."""
        paginator = self.client.get_paginator("list_entities_for_policy")
        return [
            (noun, each[f"{noun.capitalize()}Name"])
            for page in paginator.paginate(PolicyArn=arn, PolicyUsageFilter=usage)
            for noun, key in HOLDERS.items()
            for each in page[key]
        ]

    def create(self, name: str, desired: Item) -> None:
        described = {"Description": desired["description"]} if desired["description"] else {}
        document, tags = desired["policy"], _tags.to_list(desired["tags"])
        self.client.create_policy(PolicyName=name, PolicyDocument=document, **described, Tags=tags)

    def update(self, name: str, plan: Plan) -> None:
        arn, after = (plan.before or {})["arn"], plan.after or {}
        if "policy" in plan.options:
            self._make_room(arn)
            self.client.create_policy_version(PolicyArn=arn, PolicyDocument=after["policy"], SetAsDefault=True)
        if "tags" in plan.options:
            self.client.tag_policy(PolicyArn=arn, Tags=_tags.to_list(after["tags"]))

    def _make_room(self, arn: str) -> None:
        spare = self._spare_versions(arn)
        for version in spare[: max(0, len(spare) + 2 - MOST_VERSIONS)]:
            self._drop_version(arn, version)

    def _spare_versions(self, arn: str) -> list[str]:
        """The versions that are not the default, from the oldest; their numbers only grow."""
        listed = _aws.pages(self.client, "list_policy_versions", "Versions", PolicyArn=arn)
        spare = [each["VersionId"] for each in listed if not each["IsDefaultVersion"]]
        return sorted(spare, key=lambda version: int(version.removeprefix("v")))

    def _drop_version(self, arn: str, version: str) -> None:
        unless_gone(self.client, "delete_policy_version", PolicyArn=arn, VersionId=version)

    def delete(self, name: str, observed: Item) -> None:
        """A policy goes only when nobody has it, and its versions before it; roles that have gone linger a moment."""
        arn = observed["arn"]
        none: list[Any] = []
        _wait.until(
            lambda: _aws.absent_as(none, lambda: self._users(arn, BOUNDARY), "NoSuchEntity"),
            lambda users: not users,
            f"the end of {arn} as a boundary (run the site first, so that roles lose it)",
            self.deadline,
            pause=2,
        )
        for noun, holder in _aws.absent_as(none, lambda: self._users(arn, ATTACHED), "NoSuchEntity"):
            Holder(self.client, noun, holder).remove([], [arn])
        for version in _aws.absent_as(none, lambda: self._spare_versions(arn), "NoSuchEntity"):
            self._drop_version(arn, version)
        unless_gone(self.client, "delete_policy", PolicyArn=arn)


def main() -> None:
    run(ManagedPolicy, DOCUMENTATION)


if __name__ == "__main__":
    main()
