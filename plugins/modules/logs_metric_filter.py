#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: logs_metric_filter
short_description: Manage metric filters of log groups as one set
description:
  - Creates, changes and prunes filters that make a metric of what is logged.
  - Metric filters can't be tagged. They are owned through their name, which begins with project and environment. They
    end with their log group.
version_added: "0.1.0"
options:
  metric_filters:
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
        description: What counts, in CloudWatch Logs' filter syntax. Everything when empty.
        type: str
        required: true
      metric_name:
        description: Name of the metric.
        type: str
        required: true
      metric_namespace:
        description: Namespace of the metric, which does not begin with AWS/.
        type: str
        required: true
      metric_value:
        description: What is written for each match, a number or a field of the match such as V($.duration).
        type: str
        default: "1"
      default_value:
        description: What is written for minutes in which something is logged and nothing matches. Nothing if not given.
        type: float
      unit:
        description: Unit of the metric, such as V(Count).
        type: str
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Errors as a metric
  uex.payments.logs_metric_filter:
    metric_filters:
      - name: uex-payments-dev-errors-uex-backend
        log_group_name: uex-payments-dev-uex-backend
        filter_pattern: "?ERROR ?Exception"
        metric_name: uex-backend-errors
        metric_namespace: UEX/dev
        default_value: 0
    tags: {Project: uex-payments, Environment: dev, Layer: monitoring, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
metric_filters:
  description: The filters by name, with their properties.
  returned: success
  type: dict
"""

import re
from collections.abc import Iterable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _tags
from ansible_collections.uex.payments.plugins.module_utils._calls import Refused
from ansible_collections.uex.payments.plugins.module_utils._errors import is_absent
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

GONE = "ResourceNotFoundException"
LONGEST_PATTERN = 1024


class MetricFilter(Resource):
    kind = "AWS::Logs::MetricFilter"
    service = "logs"
    plural = "metric_filters"
    replaceable = ("log_group_name",)
    taggable = False

    def validate(self, item: Item) -> Iterable[str]:
        if not re.fullmatch(r"[^:*]{1,512}", item["name"]):
            yield f"name: 1 to 512 characters without colon and asterisk, not {item['name']!r}"
        if len(item["filter_pattern"]) > LONGEST_PATTERN:
            yield f"filter_pattern: at most {LONGEST_PATTERN} characters, not {len(item['filter_pattern'])}"
        if not re.fullmatch(r"(?!AWS/)[^:*$]{1,255}", item["metric_namespace"]):
            yield f"metric_namespace: 1 to 255 characters and not AWS's own, not {item['metric_namespace']!r}"

    def desired(self, item: Item) -> Item:
        return {key: value for key, value in item.items() if key != "name"}

    def owned(self, name: str, observed: Item) -> bool:
        return _tags.names(self.options["tags"], name)

    def observe(self) -> dict[str, Item]:
        declared = {item["name"] for item in self.options["metric_filters"]}
        own = f"{_tags.beginning(self.options['tags'])}-"
        prefixes = {own, *(name for name in declared if not name.startswith(own))}
        found = [
            entry
            for prefix in sorted(prefixes)
            for entry in _aws.pages(self.client, "describe_metric_filters", "metricFilters", filterNamePrefix=prefix)
        ]
        return {entry["filterName"]: _observed(entry) for entry in found}

    def create(self, name: str, desired: Item) -> None:
        self._put(name, desired)

    def update(self, name: str, plan: Plan) -> None:
        before, after = dict(plan.before or {}), dict(plan.after or {})
        self._put(name, {**after, **{key: before[key] for key, value in after.items() if value is None}})

    def _put(self, name: str, item: Item) -> None:
        transformation = {
            "metricName": item["metric_name"],
            "metricNamespace": item["metric_namespace"],
            "metricValue": item["metric_value"],
            "defaultValue": item["default_value"],
            "unit": item["unit"] or None,
        }
        place = {"logGroupName": item["log_group_name"], "filterName": name}
        try:
            self.client.put_metric_filter(
                **place, filterPattern=item["filter_pattern"], metricTransformations=[_aws.declared(transformation)]
            )
        except Exception as error:
            if is_absent(error, GONE):
                group = item["log_group_name"]
                message = f"log group {group} does not exist; the layer that makes it comes first, such as compute"
                raise Refused({"Code": GONE, "Message": message}) from error
            raise

    def delete(self, name: str, observed: Item) -> None:
        place = {"logGroupName": observed["log_group_name"], "filterName": name}
        _aws.absent_as(None, lambda: self.client.delete_metric_filter(**place), GONE)


def _observed(entry: dict[str, Any]) -> Item:
    """A filter has exactly one transformation."""
    (transformation,) = entry["metricTransformations"]
    return {
        "log_group_name": entry["logGroupName"],
        "filter_pattern": entry["filterPattern"],
        "metric_name": transformation["metricName"],
        "metric_namespace": transformation["metricNamespace"],
        "metric_value": transformation["metricValue"],
        "default_value": transformation.get("defaultValue"),
        "unit": transformation.get("unit"),
    }


def main() -> None:
    run(MetricFilter, DOCUMENTATION)


if __name__ == "__main__":
    main()
