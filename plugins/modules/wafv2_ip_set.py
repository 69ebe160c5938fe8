#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: wafv2_ip_set
short_description: Manage the IP sets of AWS WAF as one set
description:
  - Creates, changes and prunes lists of addresses for web ACLs of load balancers.
  - AWS refuses to delete one that a web ACL names; it is tried for two minutes, as one that let go a moment ago may
    still count.
version_added: "0.1.0"
options:
  ip_sets:
    description: The IP sets.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, which identifies it.
        type: str
        required: true
      ip_address_version:
        description: Which addresses it holds. With another one it is made anew.
        type: str
        choices: [IPV4, IPV6]
        default: IPV4
      addresses:
        description: Ranges in CIDR notation, from /1.
        type: list
        elements: str
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
- name: Addresses that are kept out
  uex.payments.wafv2_ip_set:
    ip_sets:
      - name: uex-payments-dev-denied
        addresses: [203.0.113.0/24]
    tags: {Project: uex-payments, Environment: dev, Layer: edge, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
ip_sets:
  description: The IP sets by name, with C(arn) and their properties.
  returned: success
  type: dict
"""

from collections.abc import Iterable

from ansible_collections.uex.payments.plugins.module_utils import _aws, _tags, _waf
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource


class IpSet(Resource):
    kind = "AWS::WAFv2::IPSet"
    service = "wafv2"
    plural = "ip_sets"
    replaceable = ("ip_address_version",)
    computed = ("arn",)

    def validate(self, item: Item) -> Iterable[str]:
        found = (_waf.range_problem(each, item["ip_address_version"]) for each in item["addresses"])
        return (f"addresses: {problem}" for problem in found if problem)

    def desired(self, item: Item) -> Item:
        return {"ip_address_version": item["ip_address_version"], "addresses": sorted(item["addresses"])}

    def observe(self) -> dict[str, Item]:
        listed = _waf.summaries(self.client, "list_ip_sets", "IPSets")
        names = [item["name"] for item in self.options["ip_sets"]]
        ours = _waf.relevant(self.client, listed, names, self.options["tags"])
        found = _aws.concurrently(self._observed, ours)
        return {entry["Name"]: item for entry, item in zip(ours, found, strict=True) if item}

    def _observed(self, entry: Item) -> Item | None:
        place = {"Name": entry["Name"], "Scope": _waf.SCOPE, "Id": entry["Id"]}
        answer: Item | None = _aws.absent_as(None, lambda: self.client.get_ip_set(**place), _waf.ABSENT)
        return answer and {
            "arn": entry["ARN"],
            "id": entry["Id"],
            "ip_address_version": answer["IPSet"]["IPAddressVersion"],
            "addresses": sorted(answer["IPSet"]["Addresses"]),
            "tags": entry["tags"],
        }

    def create(self, name: str, desired: Item) -> None:
        self.client.create_ip_set(
            Name=name,
            Scope=_waf.SCOPE,
            IPAddressVersion=desired["ip_address_version"],
            Addresses=desired["addresses"],
            Tags=_tags.to_list(desired["tags"]),
        )

    def update(self, name: str, plan: Plan) -> None:
        before, after = dict(plan.before or {}), dict(plan.after or {})
        place = {"Name": name, "Scope": _waf.SCOPE, "Id": before["id"]}

        def once() -> None:
            token = self.client.get_ip_set(**place)["LockToken"]
            self.client.update_ip_set(**place, Addresses=after["addresses"], LockToken=token)

        if "addresses" in plan.options:
            _waf.changed(once)
        if "tags" in plan.options:
            self.client.tag_resource(ResourceARN=before["arn"], Tags=_tags.to_list(after["tags"]))

    def delete(self, name: str, observed: Item) -> None:
        _waf.delete(self.client, "ip_set", name, observed["id"])


def main() -> None:
    run(IpSet, DOCUMENTATION)


if __name__ == "__main__":
    main()
