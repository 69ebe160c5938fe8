#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ecr_registry_scanning
short_description: Manage how the images of some repositories are scanned
description:
  - Says in the registry's scanning configuration, of which an account has one in each region, how often images are
    scanned in repositories whose names begin so. What others say in it stays.
  - The type of scanning is the whole registry's. With V(ENHANCED), Amazon Inspector scans and is charged, and
    repositories that no rule names are not scanned any more, whatever they say themselves.
  - When the last rule is pruned, the type is V(BASIC) again.
version_added: "0.1.0"
options:
  prefix:
    description: What the rules of the set begin with. O(prune) looks at no others.
    type: str
    required: true
  scanning_rules:
    description: The rules.
    type: list
    elements: dict
    required: true
    suboptions:
      repository_prefix:
        description: What the repositories' names begin with, with a slash at the end. It identifies the rule.
        type: str
        required: true
      scan_type:
        description: The registry's type of scanning.
        type: str
        choices: [BASIC, ENHANCED]
        required: true
      scan_frequency:
        description: When images are scanned. V(CONTINUOUS_SCAN) is for O(scanning_rules[].scan_type=ENHANCED).
        type: str
        choices: [SCAN_ON_PUSH, CONTINUOUS_SCAN]
        required: true
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Inspector looks at all images again and again
  uex.payments.ecr_registry_scanning:
    prefix: uex-payments-dev/
    scanning_rules:
      - {repository_prefix: uex-payments-dev/, scan_type: ENHANCED, scan_frequency: CONTINUOUS_SCAN}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
scanning_rules:
  description: The rules by the beginning of the repositories' names.
  returned: success
  type: dict
"""

import threading
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from ansible_collections.uex.payments.plugins.module_utils import _ecr_registry
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource


class ScanningRule(Resource):
    kind = "AWS::ECR::RegistryScanningConfiguration"
    service = "ecr"
    plural = "scanning_rules"
    key = "repository_prefix"
    taggable = False
    writing: ClassVar[threading.Lock] = threading.Lock()  #: all rules are in one document

    def validate(self, item: Item) -> Iterable[str]:
        yield from _ecr_registry.prefix_problems(item["repository_prefix"], self.options["prefix"])
        if item["scan_type"] == _ecr_registry.BASIC and item["scan_frequency"] == "CONTINUOUS_SCAN":
            yield "scan_frequency: CONTINUOUS_SCAN is for scan_type ENHANCED"

    def desired(self, item: Item) -> Item:
        return {key: item[key] for key in ("scan_type", "scan_frequency")}

    def observe(self) -> dict[str, Item]:
        names = [item["repository_prefix"] for item in self.options["scanning_rules"]]
        return _ecr_registry.scanned(self._configuration(), self.options["prefix"], names)

    def _configuration(self) -> Any:
        return self.client.get_registry_scanning_configuration()["scanningConfiguration"]

    def owned(self, name: str, observed: Item) -> bool:
        return name.startswith(self.options["prefix"])

    def create(self, name: str, desired: Item) -> None:
        self._write(name, desired)

    def update(self, name: str, plan: Plan) -> None:
        self._write(name, plan.after)

    def delete(self, name: str, observed: Item) -> None:
        self._write(name, None)

    def _write(self, name: str, rule: Mapping[str, Any] | None) -> None:
        """Read again, as others' rules are in the same document."""
        with self.writing:
            request = _ecr_registry.with_scanning(self._configuration(), name, rule)
            self.client.put_registry_scanning_configuration(**request)


def main() -> None:
    run(ScanningRule, DOCUMENTATION)


if __name__ == "__main__":
    main()
