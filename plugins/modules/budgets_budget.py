#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: budgets_budget
short_description: Manage cost budgets with their notifications as one set
description:
  - Creates, changes and prunes budgets of costs, and who is told when they are used up or are going to be.
  - Budgets belong to the account, not to a region. Only those are looked at that are declared or whose name begins
    with project and environment.
  - A filter by tag counts only what was spent since the tag is a cost allocation tag.
version_added: "0.1.0"
options:
  account_id:
    description: The account, 12 digits.
    type: str
    required: true
  budgets:
    description: The budgets.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the budget, at most 100 characters.
        type: str
        required: true
      limit:
        description: What may be spent in the period.
        type: float
        required: true
      unit:
        description: Currency.
        type: str
        default: USD
      time_unit:
        description: The period.
        type: str
        choices: [DAILY, MONTHLY, QUARTERLY, ANNUALLY]
        default: MONTHLY
      cost_filters:
        description: What is counted, as lists of values by AWS's name of the filter, such as
          V(TagKeyValue) with V(user:Environment$dev).
        type: dict
      notifications:
        description: When who is told, at most 10. Others that the budget has are removed, unless this is not given.
        type: list
        elements: dict
        suboptions:
          notification_type:
            description: By what was spent, or by what is going to be.
            type: str
            choices: [ACTUAL, FORECASTED]
            required: true
          threshold:
            description: Beyond which somebody is told.
            type: float
            required: true
          threshold_type:
            description: In percent of the limit, or in its currency.
            type: str
            choices: [PERCENTAGE, ABSOLUTE_VALUE]
            default: PERCENTAGE
          comparison_operator:
            description: How spending is compared with the threshold.
            type: str
            choices: [GREATER_THAN, LESS_THAN, EQUAL_TO]
            default: GREATER_THAN
          topic_arns:
            description: ARN of a topic that is told, one at most.
            type: list
            elements: str
            default: []
          email_addresses:
            description: E-mail addresses that are told, ten at most.
            type: list
            elements: str
            default: []
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: What the environment may cost a month
  uex.payments.budgets_budget:
    account_id: "123456789012"
    budgets:
      - name: uex-payments-dev-monthly
        limit: 150
        cost_filters: {TagKeyValue: [user:Environment$dev]}
        notifications:
          - notification_type: FORECASTED
            threshold: 100
            topic_arns: [arn:aws:sns:us-east-1:123456789012:uex-payments-dev-warning]
    tags: {Project: uex-payments, Environment: dev, Layer: monitoring, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
budgets:
  description: The budgets by name, with C(arn) and their properties.
  returned: success
  type: dict
"""

from collections.abc import Iterable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _budgets, _tags
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

GONE = "NotFoundException"


class Budget(Resource):
    kind = "AWS::Budgets::Budget"
    service = "budgets"
    plural = "budgets"
    computed = ("arn",)

    @property
    def _account(self) -> dict[str, str]:
        return {"AccountId": self.options["account_id"]}

    def validate(self, item: Item) -> Iterable[str]:
        return _budgets.problems(item)

    def desired(self, item: Item) -> Item:
        filters, notifications = item["cost_filters"], item["notifications"]
        return {
            "limit": item["limit"],
            "unit": item["unit"],
            "time_unit": item["time_unit"],
            "cost_filters": None if filters is None else {key: sorted(values) for key, values in filters.items()},
            "notifications": None if notifications is None else _budgets.ordered(notifications),
        }

    def observe(self) -> dict[str, Item]:
        declared = {item["name"] for item in self.options["budgets"]}
        every = self._pages("describe_budgets", "Budgets")
        meant = [
            entry
            for entry in every
            if entry["BudgetName"] in declared or _tags.names(self.options["tags"], entry["BudgetName"])
        ]
        return dict(_aws.concurrently(self._observed, meant))

    def _pages(self, operation: str, key: str, **place: Any) -> list[Any]:
        """AWS may say of an account or a budget with nothing that it was not found."""
        return _aws.absent_as([], lambda: _aws.pages(self.client, operation, key, **self._account, **place), GONE)

    def _observed(self, entry: dict[str, Any]) -> tuple[str, Item]:
        name = entry["BudgetName"]
        details = self._pages("describe_notifications_for_budget", "Notifications", BudgetName=name)
        arn = self._arn(name)
        return name, {
            **_budgets.observed(entry),
            "arn": arn,
            "notifications": _budgets.ordered(self._notification(name, each) for each in details),
            "tags": _tags.to_dict(self.client.list_tags_for_resource(ResourceARN=arn)["ResourceTags"]),
        }

    def _notification(self, name: str, details: dict[str, Any]) -> Item:
        asked = {key: value for key, value in details.items() if key != "NotificationState"}
        told = self._pages("describe_subscribers_for_notification", "Subscribers", BudgetName=name, Notification=asked)
        return _budgets.from_aws(details, told)

    def _arn(self, name: str) -> str:
        return f"arn:{self.client.meta.partition}:budgets::{self.options['account_id']}:budget/{name}"

    def create(self, name: str, desired: Item) -> None:
        told = [
            {"Notification": _budgets.to_aws(each), "Subscribers": _budgets.subscribers(each)}
            for each in desired["notifications"] or []
        ]
        self.client.create_budget(
            **self._account,
            Budget=_budgets.budget(name, desired),
            NotificationsWithSubscribers=told,
            ResourceTags=_tags.to_list(desired["tags"]),
        )

    def update(self, name: str, plan: Plan) -> None:
        before, after = dict(plan.before or {}), dict(plan.after or {})
        if plan.options & {"limit", "unit", "time_unit", "cost_filters"}:
            self.client.update_budget(**self._account, NewBudget=_budgets.budget(name, after, before["budget"]))
        if "notifications" in plan.options:
            self._tell(name, before["notifications"], after["notifications"])
        if "tags" in plan.options:
            self.client.tag_resource(ResourceARN=before["arn"], ResourceTags=_tags.to_list(after["tags"]))

    def _tell(self, name: str, before: list[Item], after: list[Item]) -> None:
        """A notification that tells others is made anew, as one cannot be without anybody to tell."""
        place = {**self._account, "BudgetName": name}
        for each in (item for item in before if item not in after):
            self.client.delete_notification(**place, Notification=_budgets.to_aws(each))
        for each in (item for item in after if item not in before):
            self.client.create_notification(
                **place, Notification=_budgets.to_aws(each), Subscribers=_budgets.subscribers(each)
            )

    def delete(self, name: str, observed: Item) -> None:
        _aws.absent_as(None, lambda: self.client.delete_budget(**self._account, BudgetName=name), GONE)


def main() -> None:
    run(Budget, DOCUMENTATION)


if __name__ == "__main__":
    main()
