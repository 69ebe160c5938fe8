#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_option_group
short_description: Manage the option groups of RDS as one set
description:
  - Creates, tags and prunes option groups without options; PostgreSQL has none.
version_added: "0.1.0"
options:
  spare_used:
    description: Whether pruning spares the groups that a DB instance uses, as its final snapshot will hold them.
    type: bool
    default: false
  option_groups:
    description: The option groups.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, in lower case.
        type: str
        required: true
      engine_name:
        description: The engine, such as V(postgres). Cannot change.
        type: str
        required: true
      major_engine_version:
        description: The engine's major version, such as V(16). Cannot change.
        type: str
        required: true
      description:
        description: What the group is for. Cannot change.
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
- name: The option group of the database
  uex.payments.rds_option_group:
    option_groups:
      - {name: uex-payments-dev-db, engine_name: postgres, major_engine_version: "16", description: UEX Payments}
    tags: {Project: uex-payments, Environment: dev, Layer: data, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
option_groups:
  description: The option groups by name, with C(arn) and their properties.
  returned: success
  type: dict
"""

import functools
from collections.abc import Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _databases, _tags
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item

MEMBERS = {
    "engine_name": "EngineName",
    "major_engine_version": "MajorEngineVersion",
    "description": "OptionGroupDescription",
}


# amazon.aws.rds_option_group (10.1.2 and 11.4.0) writes in check mode.
class OptionGroup(_databases.GroupResource):
    kind = "AWS::RDS::OptionGroup"
    service = "rds"
    plural = "option_groups"
    frozen = tuple(MEMBERS)
    computed = ("arn",)
    listing = ("describe_option_groups", "OptionGroupsList")
    name_field = "OptionGroupName"
    arn_field = "OptionGroupArn"
    users = _databases.DB_INSTANCES
    in_use_code = "InvalidOptionGroupStateFault"
    absent_code = "OptionGroupNotFoundFault"

    def desired(self, item: Item) -> Item:
        return {option: item[option] for option in MEMBERS}

    def entry(self, entry: Mapping[str, Any]) -> Item:
        return {"arn": entry["OptionGroupArn"], **{option: entry[member] for option, member in MEMBERS.items()}}

    def owned(self, name: str, observed: Item) -> bool:
        """AWS refuses to delete a group while a snapshot refers to it: it goes once the snapshot is gone."""
        return super().owned(name, observed) and name not in self.held

    @functools.cached_property
    def held(self) -> set[str]:
        """The groups that snapshots refer to, or will."""
        entries = _aws.pages(self.client, "describe_db_snapshots", "DBSnapshots")
        held = {str(entry.get("OptionGroupName")) for entry in entries}
        if self.options.get("spare_used"):
            instances = _aws.pages(self.client, "describe_db_instances", "DBInstances")
            held |= {group["OptionGroupName"] for entry in instances for group in entry["OptionGroupMemberships"]}
        return held

    def create(self, name: str, desired: Item) -> None:
        settings = {member: desired[option] for option, member in MEMBERS.items()}
        self.client.create_option_group(OptionGroupName=name, **settings, Tags=_tags.to_list(desired["tags"]))

    def update(self, name: str, plan: Plan) -> None:
        self.update_tags((plan.before or {})["arn"], plan)

    def remove(self, name: str) -> None:
        self.client.delete_option_group(OptionGroupName=name)


def main() -> None:
    run(OptionGroup, DOCUMENTATION)


if __name__ == "__main__":
    main()
