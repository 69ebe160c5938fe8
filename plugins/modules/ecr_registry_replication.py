#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ecr_registry_replication
short_description: Manage where the images of some repositories are replicated to
description:
  - Says in the registry's replication configuration, of which an account has one in each region, to which other regions
    of the account images go from repositories whose names begin so. What others say in it stays.
  - Images that are pushed from then on are replicated. ECR makes the repositories in the other regions; they stay
    when the rule goes.
version_added: "0.1.0"
options:
  prefix:
    description: What the rules of the set begin with. O(prune) looks at no others.
    type: str
    required: true
  replication_rules:
    description: The rules. A registry has ten at most.
    type: list
    elements: dict
    required: true
    suboptions:
      repository_prefix:
        description: What the repositories' names begin with, with a slash at the end. It identifies the rule.
        type: str
        required: true
      regions:
        description: The regions that images go to.
        type: list
        elements: str
        required: true
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Images are in a second region too
  uex.payments.ecr_registry_replication:
    prefix: uex-payments-prod/
    replication_rules:
      - {repository_prefix: uex-payments-prod/, regions: [us-west-2]}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
replication_rules:
  description: The rules by the beginning of the repositories' names.
  returned: success
  type: dict
"""

import threading
from collections.abc import Iterable
from typing import Any, ClassVar

from ansible_collections.uex.payments.plugins.module_utils import _ecr_registry
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource


class ReplicationRule(Resource):
    kind = "AWS::ECR::ReplicationConfiguration"
    service = "ecr"
    plural = "replication_rules"
    key = "repository_prefix"
    taggable = False
    writing: ClassVar[threading.Lock] = threading.Lock()  #: all rules are in one document

    def validate(self, item: Item) -> Iterable[str]:
        yield from _ecr_registry.prefix_problems(item["repository_prefix"], self.options["prefix"])
        if not item["regions"]:
            yield "regions: at least one is needed"

    def desired(self, item: Item) -> Item:
        return {"regions": sorted(set(item["regions"]))}

    def observe(self) -> dict[str, Item]:
        found = self.client.describe_registry()
        names = [item["repository_prefix"] for item in self.options["replication_rules"]]
        configuration = found["replicationConfiguration"]
        return _ecr_registry.replicated(configuration, found["registryId"], self.options["prefix"], names)

    def owned(self, name: str, observed: Item) -> bool:
        return name.startswith(self.options["prefix"])

    def create(self, name: str, desired: Item) -> None:
        self._write(name, desired["regions"])

    def update(self, name: str, plan: Plan) -> None:
        self._write(name, (plan.after or {})["regions"])

    def delete(self, name: str, observed: Item) -> None:
        self._write(name, [])

    def _write(self, name: str, regions: Iterable[str]) -> None:
        """Read again, as others' rules are in the same document."""
        with self.writing:
            found: Any = self.client.describe_registry()
            current = found["replicationConfiguration"]
            changed = _ecr_registry.with_replication(current, found["registryId"], name, regions)
            self.client.put_replication_configuration(replicationConfiguration=changed)


def main() -> None:
    run(ReplicationRule, DOCUMENTATION)


if __name__ == "__main__":
    main()
