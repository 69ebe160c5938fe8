#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: iam_group
short_description: Manage IAM groups with their policies as one set
description:
  - Creates, changes and prunes groups, their inline policies and the managed policies attached to them.
  - Policies are compared by their meaning, not by their text.
  - Groups can't be tagged. They are made in the path C(/<Project>/<Environment>/) and are owned through it and their
    name, which begins with C(<Project>-<Environment>-). A group of a declared name in another path is refused, or with
    O(adopt) moved.
  - Who is in a group is not managed. A group that is pruned lets its members go before; no user is deleted.
version_added: "0.1.0"
options:
  groups:
    description: The groups.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, at most 128 letters, digits and C(_+=,.@-). It identifies the group.
        type: str
        required: true
      policies:
        description: Inline policy documents by name; others of the group are deleted. Left as they are when not given.
        type: dict
      managed_policies:
        description: ARNs of attached managed policies; others are detached. Left as they are when not given.
        type: list
        elements: str
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: A group that may see the environment's log groups
  uex.payments.iam_group:
    groups:
      - name: uex-payments-dev-read-only
        managed_policies: []
        policies:
          logs:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: logs:GetLogEvents
                Resource: arn:aws:logs:us-east-1:123456789012:log-group:uex-payments-dev-*:log-stream:*
    tags: {Project: uex-payments, Environment: dev, Layer: foundation, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
groups:
  description: >-
    The groups by name, with C(arn), C(group_id), C(members), the names of the users in it, and their properties;
    policies as canonical JSON.
  returned: success
  type: dict
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _iam, _plan, _tags
from ansible_collections.uex.payments.plugins.module_utils._iam_policies import Holder, unless_gone
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource


class Group(Resource):
    kind = "AWS::IAM::Group"
    service = "iam"
    plural = "groups"
    computed = ("arn", "group_id")
    taggable = False

    def validate(self, item: Item) -> Iterable[str]:
        return _iam.group_problems(item)

    def desired(self, item: Item) -> Item:
        return {"path": _iam.path(self.options["tags"]), **_iam.desired_policies(item)}

    def owned(self, name: str, observed: Item) -> bool:
        return _tags.names(self.options["tags"], name) and not self.foreign(observed)

    def foreign(self, observed: Item) -> bool:
        return bool(observed["path"] != _iam.path(self.options["tags"]))

    def effects(self, plan: Plan) -> Iterable[str]:
        members = (plan.before or {}).get("members")
        return [f"takes {', '.join(members)} out of it"] if plan.verb == _plan.DELETE and members else []

    def observe(self) -> dict[str, Item]:
        names = {item["name"] for item in self.options[self.plural]}
        listed = _aws.pages(self.client, "list_groups", "Groups", PaginationConfig={"PageSize": 1000})
        ours = [each for each in listed if _iam.concerns(each["GroupName"], names, self.options["tags"])]
        items = _aws.concurrently(self._observed, ours)
        return {each["GroupName"]: item for each, item in zip(ours, items, strict=True) if item}

    def _observed(self, entry: Mapping[str, Any]) -> Item:
        """One group; an empty item if it went meanwhile."""
        return _aws.absent_as({}, lambda: self._read(entry), "NoSuchEntity")

    def _read(self, entry: Mapping[str, Any]) -> Item:
        holder = self._holder(entry["GroupName"])
        return {
            "arn": entry["Arn"],
            "group_id": entry["GroupId"],
            "path": entry["Path"],
            "members": self._members(entry["GroupName"]),
            **_iam.observed_policies(holder.inline(), holder.attached()),
        }

    def _members(self, name: str) -> list[str]:
        return sorted(each["UserName"] for each in _aws.pages(self.client, "get_group", "Users", GroupName=name))

    def _holder(self, name: str) -> Holder:
        return Holder(self.client, "group", name)

    def create(self, name: str, desired: Item) -> None:
        self.client.create_group(GroupName=name, Path=desired["path"])
        self._holder(name).write({}, desired)

    def update(self, name: str, plan: Plan) -> None:
        before, after = plan.before or {}, plan.after or {}
        if "path" in plan.options:
            self.client.update_group(GroupName=name, NewPath=after["path"])
        self._holder(name).write(before, after)

    def delete(self, name: str, observed: Item) -> None:
        """A group goes only without members and policies; who came in since the plan goes out too."""
        nobody: list[str] = []
        for user in _aws.absent_as(nobody, lambda: self._members(name), "NoSuchEntity"):
            unless_gone(self.client, "remove_user_from_group", GroupName=name, UserName=user)
        self._holder(name).remove(observed["policies"], observed["managed_policies"])
        unless_gone(self.client, "delete_group", GroupName=name)


def main() -> None:
    run(Group, DOCUMENTATION)


if __name__ == "__main__":
    main()
