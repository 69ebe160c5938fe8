#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ce_cost_allocation_tag
short_description: Activate tags by which costs are broken down
description:
  - Activates tags of one's own as cost allocation tags, so that Cost Explorer, budgets and bills know them. They belong
    to the account that pays, and to no environment; they are never pruned.
  - AWS knows a tag only once it has seen it on something that costs, which takes up to a day. Until then it cannot be
    activated, no plan says that it will be, and the result says so in C(notes).
  - A member of an organisation may not do this. That is no error; C(notes) says who can.
version_added: "0.1.0"
options:
  cost_allocation_tags:
    description: The tags.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Key of the tag.
        type: str
        required: true
      status:
        description: Whether it is a cost allocation tag.
        type: str
        choices: [Active, Inactive]
        default: Active
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Costs by environment
  uex.payments.ce_cost_allocation_tag:
    cost_allocation_tags:
      - {name: Environment}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
notes:
  description: What cannot be activated, or not yet, and why.
  returned: always
  type: list
  elements: str
cost_allocation_tags:
  description: The tags by key, with C(status), empty for one that AWS has not seen.
  returned: success
  type: dict
"""

from collections.abc import Iterable

from ansible_collections.uex.payments.plugins.module_utils import _aws, _calls, _cost_explorer
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

LONGEST = 128


class CostAllocationTag(Resource):
    kind = "AWS::CE::CostAllocationTag"
    service = "ce"
    plural = "cost_allocation_tags"
    taggable = False

    def validate(self, item: Item) -> Iterable[str]:
        if not 1 <= len(item["name"]) <= LONGEST or item["name"].startswith("aws:"):
            yield f"name: 1 to {LONGEST} characters, not beginning with aws:"

    def desired(self, item: Item) -> Item:
        return {"status": item["status"]}

    def owned(self, name: str, observed: Item) -> bool:
        """They are the payer's, and no environment's."""
        return False

    def observe(self) -> dict[str, Item]:
        names = [item["name"] for item in self.options[self.plural]]
        asked = {"TagKeys": names, "Type": "UserDefined"}
        try:
            found = _aws.pages(self.client, "list_cost_allocation_tags", "CostAllocationTags", **asked) if names else []
        except Exception as error:
            why = _cost_explorer.elsewhere(error)
            if not why:
                raise
            return {name: {"status": "", "why": why} for name in names}
        statuses = {entry["TagKey"]: entry["Status"] for entry in found}
        return {name: {"status": statuses.get(name, ""), "why": ""} for name in names}

    def let_be(self, name: str, observed: Item) -> str:
        unseen = f"AWS has not yet seen the tag {name} on a bill, which takes up to a day; a later run activates it"
        return str(observed["why"]) or ("" if observed["status"] else unseen)

    def update(self, name: str, plan: Plan) -> None:
        """AWS reports what it could not do inside a success."""
        entry = {"TagKey": name, "Status": dict(plan.after or {})["status"]}
        for error in self.client.update_cost_allocation_tags_status(CostAllocationTagsStatus=[entry])["Errors"]:
            raise _calls.Refused(error)


def main() -> None:
    run(CostAllocationTag, DOCUMENTATION)


if __name__ == "__main__":
    main()
