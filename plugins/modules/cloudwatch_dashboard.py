#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudwatch_dashboard
short_description: Manage CloudWatch dashboards as one set
description:
  - Creates, changes and prunes dashboards.
  - Dashboards are owned through their name, which is project and environment or begins so.
version_added: "0.1.0"
options:
  dashboards:
    description: The dashboards.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name, letters, digits, hyphens and underscores.
        type: str
        required: true
      body:
        description: The dashboard's body, with C(widgets). What CloudWatch does not take as one is refused.
        type: dict
        required: true
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: One look
  uex.payments.cloudwatch_dashboard:
    dashboards:
      - name: uex-payments-dev
        body:
          widgets:
            - {type: text, x: 0, y: 0, width: 24, height: 2, properties: {markdown: "# Payments"}}
    tags: {Project: uex-payments, Environment: dev, Layer: monitoring, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
dashboards:
  description: The dashboards by name, with C(dashboard_arn).
  returned: success
  type: dict
"""

import json
import re
from collections.abc import Iterable

from ansible_collections.uex.payments.plugins.module_utils import _aws, _dashboard_rules, _tags
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource


class Dashboard(Resource):
    kind = "AWS::CloudWatch::Dashboard"
    service = "cloudwatch"
    plural = "dashboards"
    computed = ("dashboard_arn",)
    taggable = False

    def validate(self, item: Item) -> Iterable[str]:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", item["name"]):
            yield f"name: at most 255 letters, digits, hyphens and underscores, not {item['name']!r}"
        yield from _dashboard_rules.problems(item["body"])

    def desired(self, item: Item) -> Item:
        return {"body": item["body"]["widgets"]}

    def owned(self, name: str, observed: Item) -> bool:
        tags = self.options["tags"]
        return name == _tags.beginning(tags) or _tags.names(tags, name)

    def observe(self) -> dict[str, Item]:
        declared = {item["name"] for item in self.options[self.plural]}
        entries = _aws.pages(self.client, "list_dashboards", "DashboardEntries")
        names = [each["DashboardName"] for each in entries]
        return dict(
            _aws.concurrently(self._observed, [name for name in names if name in declared or self.owned(name, {})])
        )

    def _observed(self, name: str) -> tuple[str, Item]:
        entry = self.client.get_dashboard(DashboardName=name)
        return name, {"dashboard_arn": entry["DashboardArn"], "body": json.loads(entry["DashboardBody"])["widgets"]}

    def create(self, name: str, desired: Item) -> None:
        self._put(name, desired)

    def update(self, name: str, plan: Plan) -> None:
        self._put(name, dict(plan.after or {}))

    def _put(self, name: str, desired: Item) -> None:
        body = json.dumps({"widgets": desired["body"]}, sort_keys=True)
        self.client.put_dashboard(DashboardName=name, DashboardBody=body)

    def delete(self, name: str, observed: Item) -> None:
        _aws.absent_as(None, lambda: self.client.delete_dashboards(DashboardNames=[name]), "ResourceNotFound")


def main() -> None:
    run(Dashboard, DOCUMENTATION)


if __name__ == "__main__":
    main()
