#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: securityhub_hub
short_description: Manage the hub of Security Hub with its standards
description:
  - Switches Security Hub on, of which an account has one hub in each region, changes and prunes it, with the standards
    that the account is measured by. Its controls look at what AWS Config records.
  - A hub that is not ours, of the organisation, of somebody else or of another environment, is used as it is. It is
    neither changed nor taken over nor deleted. The result says so in C(notes).
version_added: "0.1.0"
options:
  hubs:
    description: The hub, one at most.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the hub, which AWS knows as the tag C(Name) only.
        type: str
        required: true
      standards:
        description:
          - The standards, as the end of their ARNs, such as V(aws-foundational-security-best-practices/v/1.0.0).
          - Others that the hub has are switched off, unless this is not given.
        type: list
        elements: str
      auto_enable_controls:
        description: Whether new controls of a standard are switched on by themselves. Left as it is when not given.
        type: bool
      control_finding_generator:
        description: >-
          Whether a control has one finding for all standards, or one for each. Left as it is when not given; AWS starts
          with V(SECURITY_CONTROL).
        type: str
        choices: [SECURITY_CONTROL, STANDARD_CONTROL]
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: How the account does by AWS's own measure
  uex.payments.securityhub_hub:
    hubs:
      - name: uex-payments-prod-hub
        standards: [aws-foundational-security-best-practices/v/1.0.0]
    tags: {Project: uex-payments, Environment: prod, Layer: monitoring, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
notes:
  description: Whose hub is used.
  returned: always
  type: list
  elements: str
hubs:
  description: The hub by name, with C(arn) and its properties.
  returned: success
  type: dict
"""

from collections.abc import Iterable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _guards, _standards
from ansible_collections.uex.payments.plugins.module_utils._errors import code_of
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item

SETTINGS = {"auto_enable_controls": "AutoEnableControls", "control_finding_generator": "ControlFindingGenerator"}


def is_off(error: Exception) -> bool:
    """Whether Security Hub is not on in the region; the same code says that somebody may not ask."""
    return code_of(error) == "InvalidAccessException" and "not subscribed" in str(error)


class Hub(_guards.Guard):
    kind = "AWS::SecurityHub::Hub"
    service = "securityhub"
    plural = "hubs"
    name_tag = True
    computed = ("arn",)
    noun = "Security Hub's hub"

    def validate(self, item: Item) -> Iterable[str]:
        return _standards.problems(item["standards"] or [])

    def desired(self, item: Item) -> Item:
        standards = item["standards"]
        settings = {option: item[option] for option in SETTINGS}
        return {**settings, "standards": None if standards is None else sorted(standards)}

    def observe(self) -> dict[str, Item]:
        try:
            entry = self.client.describe_hub()
        except Exception as error:
            if is_off(error):
                return {}
            raise
        return _guards.only(self.declared, [self._observed(entry)])

    def _observed(self, entry: dict[str, Any]) -> Item:
        tags = dict(self.client.list_tags_for_resource(ResourceArn=entry["HubArn"])["Tags"])
        return {
            "name": tags.get("Name", entry["HubArn"]),
            "called": entry["HubArn"],
            "arn": entry["HubArn"],
            "standards": sorted(self._subscriptions()),
            **{option: entry.get(member) for option, member in SETTINGS.items()},
            "tags": tags,
        }

    def _subscriptions(self) -> dict[str, str]:
        """The subscriptions' ARNs by the standards' names."""
        listed = _aws.pages(self.client, "get_enabled_standards", "StandardsSubscriptions")
        going = ("DELETING", "FAILED")
        return {
            _standards.name(each["StandardsArn"]): each["StandardsSubscriptionArn"]
            for each in listed
            if each["StandardsStatus"] not in going
        }

    def create(self, name: str, desired: Item) -> None:
        """Without the standards that AWS would choose."""
        generator = _aws.declared({"ControlFindingGenerator": desired["control_finding_generator"]})
        self.client.enable_security_hub(Tags=desired["tags"], EnableDefaultStandards=False, **generator)
        self._enable(desired["standards"] or [])
        if desired["auto_enable_controls"] is False:
            self.client.update_security_hub_configuration(AutoEnableControls=False)

    def update(self, name: str, plan: Plan) -> None:
        before, after = dict(plan.before or {}), dict(plan.after or {})
        changed = {SETTINGS[option]: after[option] for option in plan.options & SETTINGS.keys()}
        if changed:
            self.client.update_security_hub_configuration(**changed)
        if "standards" in plan.options:
            self._disable(set(before["standards"]) - set(after["standards"]))
            self._enable(sorted(set(after["standards"]) - set(before["standards"])))
        if "tags" in plan.options:
            self.client.tag_resource(ResourceArn=before["arn"], Tags=after["tags"])

    def _enable(self, names: list[str]) -> None:
        place = (self.client.meta.partition, self.client.meta.region_name)
        requests = [{"StandardsArn": _standards.arn(*place, each)} for each in names]
        if requests:
            self.client.batch_enable_standards(StandardsSubscriptionRequests=requests)

    def _disable(self, names: Iterable[str]) -> None:
        known = self._subscriptions()
        gone = [known[each] for each in sorted(names) if each in known]
        if gone:
            self.client.batch_disable_standards(StandardsSubscriptionArns=gone)

    def delete(self, name: str, observed: Item) -> None:
        """With all its findings and standards."""
        try:
            self.client.disable_security_hub()
        except Exception as error:
            if not is_off(error):
                raise


def main() -> None:
    run(Hub, DOCUMENTATION)


if __name__ == "__main__":
    main()
