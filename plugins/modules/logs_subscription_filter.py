#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: logs_subscription_filter
short_description: Manage subscription filters of log groups as one set
description:
  - Creates, changes and prunes filters that send what is logged to a delivery stream, a data stream or a function.
  - Subscription filters can't be tagged. They are owned through their name, which begins with project and environment.
    They end with their log group.
  - AWS takes two filters of a log group. Somebody else's are left; where there are two of them, a further one is
    refused.
  - AWS sends a message on trial. Until a new role can be assumed it is tried again, for three minutes.
version_added: "0.1.0"
options:
  subscription_filters:
    description: The filters. A name is used for one log group only.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the filter, at most 512 characters, without colon and asterisk.
        type: str
        required: true
      log_group_name:
        description: The log group. A filter on another one replaces this.
        type: str
        required: true
      filter_pattern:
        description: What is sent, in CloudWatch Logs' filter syntax. Everything when empty.
        type: str
        default: ""
      destination_arn:
        description: ARN of what it is sent to.
        type: str
        required: true
      role_arn:
        description: ARN of the role that sends it. A function needs none.
        type: str
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: What a service logs goes to its delivery stream
  uex.payments.logs_subscription_filter:
    subscription_filters:
      - name: uex-payments-dev-logs-uex-backend
        log_group_name: uex-payments-dev-uex-backend
        destination_arn: arn:aws:firehose:us-east-1:123456789012:deliverystream/uex-payments-dev-logs-uex-backend
        role_arn: arn:aws:iam::123456789012:role/uex-payments-dev-log-subscription
    tags: {Project: uex-payments, Environment: dev, Layer: monitoring, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
subscription_filters:
  description: The filters by name, with their properties.
  returned: success
  type: dict
"""

import re
from collections.abc import Iterable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _calls, _owned, _tags
from ansible_collections.uex.payments.plugins.module_utils._errors import code_of
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import CREATE, REPLACE, Objection, Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

GONE = "ResourceNotFoundException"
LONGEST_PATTERN = 1024
MOST_OF_A_GROUP = 2
TRIAL_SECONDS = 180.0  #: until a new role can be assumed and may write
PROPERTIES = {
    "log_group_name": "logGroupName",
    "filter_pattern": "filterPattern",
    "destination_arn": "destinationArn",
    "role_arn": "roleArn",
}


def is_trial_that_failed(error: Exception) -> bool:
    """Whether AWS could not deliver its message on trial, which it will once it sees the role."""
    return code_of(error) == "InvalidParameterException" and "test message" in str(error)


class SubscriptionFilter(Resource):
    kind = "AWS::Logs::SubscriptionFilter"
    service = "logs"
    plural = "subscription_filters"
    replaceable = ("log_group_name",)
    taggable = False

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._taken: dict[str, list[str]] = {}

    def validate(self, item: Item) -> Iterable[str]:
        if not re.fullmatch(r"[^:*]{1,512}", item["name"]):
            yield f"name: 1 to 512 characters without colon and asterisk, not {item['name']!r}"
        if len(item["filter_pattern"]) > LONGEST_PATTERN:
            yield f"filter_pattern: at most {LONGEST_PATTERN} characters, not {len(item['filter_pattern'])}"

    def desired(self, item: Item) -> Item:
        return {option: item[option] for option in PROPERTIES}

    def owned(self, name: str, observed: Item) -> bool:
        return _tags.names(self.options["tags"], name)

    def objection(self, plan: Plan) -> Objection | None:
        """AWS takes no third filter of a group."""
        group = (plan.after or {}).get("log_group_name", "")
        others = [name for name in self._taken.get(group, []) if name != plan.name and not self._going(name)]
        if plan.verb not in (CREATE, REPLACE) or len(others) < MOST_OF_A_GROUP:
            return None
        taken = f"log group {group} has {MOST_OF_A_GROUP} subscription filters already, {' and '.join(others)}"
        advice = f"delete one: aws logs delete-subscription-filter --log-group-name {group} --filter-name <name>"
        return Objection(f"{taken}, and AWS takes no third", advice)

    def _going(self, name: str) -> bool:
        """Whether this run deletes a filter."""
        declared = {item["name"] for item in self.options[self.plural]}
        return bool(self.options.get("prune")) and name not in declared and self.owned(name, {})

    def observe(self) -> dict[str, Item]:
        """Filters are listed by group only: those of the declared ones, and when pruning those of all that is ours."""
        found = dict(_aws.concurrently(self._of_group, sorted(self._groups())))
        self._taken = {group: [entry["filterName"] for entry in entries] for group, entries in found.items()}
        every = [entry for entries in found.values() for entry in entries]
        declared = {item["name"] for item in self.options[self.plural]}
        meant = [each for each in every if each["filterName"] in declared or self.owned(each["filterName"], {})]
        return {
            each["filterName"]: {option: each.get(member) for option, member in PROPERTIES.items()} for each in meant
        }

    def _groups(self) -> set[str]:
        declared = {item["log_group_name"] for item in self.options[self.plural]}
        if not self.options.get("prune"):
            return declared
        arns = _owned.arns(self.connect, self.options["tags"], "logs:log-group")
        return declared | {arn.partition(":log-group:")[2].removesuffix(":*") for arn in arns}

    def _of_group(self, group: str) -> tuple[str, list[dict[str, Any]]]:
        none: list[dict[str, Any]] = []
        return group, _aws.absent_as(none, lambda: self._listed(group), GONE)

    def _listed(self, group: str) -> list[dict[str, Any]]:
        return _aws.pages(self.client, "describe_subscription_filters", "subscriptionFilters", logGroupName=group)

    def create(self, name: str, desired: Item) -> None:
        self._put(name, desired)

    def update(self, name: str, plan: Plan) -> None:
        self._put(name, {**(plan.before or {}), **_aws.declared(plan.after or {})})

    def _put(self, name: str, item: Item) -> None:
        request = _aws.declared({member: item[option] for option, member in PROPERTIES.items()})
        put = self.client.put_subscription_filter
        _calls.patiently(lambda: put(filterName=name, **request), is_trial_that_failed, TRIAL_SECONDS)

    def delete(self, name: str, observed: Item) -> None:
        place = {"logGroupName": observed["log_group_name"], "filterName": name}
        _aws.absent_as(None, lambda: self.client.delete_subscription_filter(**place), GONE)


def main() -> None:
    run(SubscriptionFilter, DOCUMENTATION)


if __name__ == "__main__":
    main()
