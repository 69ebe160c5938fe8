#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudwatch_alarm
short_description: Manage CloudWatch metric alarms as one set
description:
  - Creates, changes and prunes metric alarms, on one metric or on metric math.
  - Replaces M(amazon.aws.cloudwatch_metric_alarm), which takes one alarm at a time and is never idempotent with
    metric math.
version_added: "0.1.0"
options:
  alarms:
    description: >-
      The alarms. Each watches either one metric (O(alarms[].metric_name)) or an expression (O(alarms[].metrics)).
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the alarm, at most 255 characters.
        type: str
        required: true
      description:
        description: What it means and what to do.
        type: str
      actions_enabled:
        description: Whether the actions are carried out.
        type: bool
        default: true
      namespace:
        description: Namespace of the metric.
        type: str
      metric_name:
        description: The metric.
        type: str
      dimensions:
        description: Dimensions of the metric, by name.
        type: dict
      statistic:
        description: Statistic of the metric.
        type: str
        choices: [SampleCount, Average, Sum, Minimum, Maximum]
      extended_statistic:
        description: A percentile such as V(p95), in place of O(alarms[].statistic).
        type: str
      period:
        description: Seconds of one data point, 10, 20, 30 or a multiple of 60.
        type: int
      unit:
        description: Unit of the metric. Any when not given.
        type: str
      metrics:
        description: Metric-math queries; the one with C(return_data) is watched.
        type: list
        elements: dict
        suboptions:
          id:
            description: Name of the query in expressions.
            type: str
            required: true
          expression:
            description: Expression over other queries, in place of a metric.
            type: str
          label:
            description: Name for people.
            type: str
          namespace:
            description: Namespace of the metric.
            type: str
          metric_name:
            description: The metric.
            type: str
          dimensions:
            description: Dimensions of the metric, by name.
            type: dict
          period:
            description: Seconds of one data point.
            type: int
          stat:
            description: Statistic or percentile.
            type: str
          return_data:
            description: Whether this is the watched query.
            type: bool
            default: true
      evaluation_periods:
        description: Number of the latest data points that are looked at.
        type: int
        required: true
      datapoints_to_alarm:
        description: How many of them must breach. All when not given.
        type: int
      threshold:
        description: The value compared with.
        type: float
        required: true
      comparison_operator:
        description: How it is compared.
        type: str
        required: true
        choices:
          - GreaterThanOrEqualToThreshold
          - GreaterThanThreshold
          - LessThanThreshold
          - LessThanOrEqualToThreshold
      treat_missing_data:
        description: What a missing data point counts as.
        type: str
        choices: [breaching, notBreaching, ignore, missing]
        default: missing
      alarm_actions:
        description: ARNs that are told when it goes into alarm.
        type: list
        elements: str
      ok_actions:
        description: ARNs that are told when it is over.
        type: list
        elements: str
      insufficient_data_actions:
        description: ARNs that are told when data is missing.
        type: list
        elements: str
      tags:
        description: Further tags.
        type: dict
  kept:
    description: Names of alarms that O(prune) leaves, as another set declares them.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: A busy database
  uex.payments.cloudwatch_alarm:
    alarms:
      - name: uex-payments-dev-db-cpu
        namespace: AWS/RDS
        metric_name: CPUUtilization
        dimensions: {DBInstanceIdentifier: uex-payments-dev-db}
        statistic: Average
        period: 300
        evaluation_periods: 3
        threshold: 80
        comparison_operator: GreaterThanThreshold
        alarm_actions: [arn:aws:sns:us-east-1:123456789012:uex-payments-dev-warning]
    tags: {Project: uex-payments, Environment: dev, Layer: monitoring, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
alarms:
  description: The alarms by name, with C(alarm_arn), C(state) and their properties.
  returned: success
  type: dict
"""

from collections.abc import Iterable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _alarms, _aws, _owned, _tags
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource


class Alarm(Resource):
    kind = "AWS::CloudWatch::Alarm"
    service = "cloudwatch"
    plural = "alarms"
    computed = ("alarm_arn",)

    def validate(self, item: Item) -> Iterable[str]:
        if not 1 <= len(item["name"]) <= 255:
            yield "name: must have 1 to 255 characters"
        if bool(item["metric_name"]) == bool(item["metrics"]):
            yield "metric_name: give either a metric or metrics"
        elif item["metric_name"] and bool(item["statistic"]) == bool(item["extended_statistic"]):
            yield "statistic: give either a statistic or an extended_statistic"
        if item["metrics"] and sum(1 for query in item["metrics"] if query["return_data"]) != 1:
            yield "metrics: exactly one query must have return_data"

    def desired(self, item: Item) -> Item:
        actions = {key: None if item[key] is None else sorted(item[key]) for key in _alarms.ACTIONS}
        dimensions = None if item["dimensions"] is None else {k: str(v) for k, v in item["dimensions"].items()}
        return {
            **{key: item[key] for key in _alarms.MEMBERS},
            **actions,
            "dimensions": dimensions,
            "metrics": _alarms.declared_metrics(item["metrics"]),
        }

    def observe(self) -> dict[str, Item]:
        ours = [
            arn.partition(":alarm:")[2] for arn in _owned.arns(self.connect, self.options["tags"], "cloudwatch:alarm")
        ]
        names = sorted({*ours, *(item["name"] for item in self.options[self.plural])})
        found = [entry for hundred in _aws.chunks(names, 100) for entry in self._describe(hundred)]
        return dict(_aws.concurrently(self._observed, found))

    def _describe(self, names: list[str]) -> list[dict[str, Any]]:
        types = ["MetricAlarm"]
        return _aws.pages(self.client, "describe_alarms", "MetricAlarms", AlarmNames=names, AlarmTypes=types)

    def _observed(self, entry: dict[str, Any]) -> tuple[str, Item]:
        tags = self.client.list_tags_for_resource(ResourceARN=entry["AlarmArn"])["Tags"]
        return entry["AlarmName"], {**_alarms.observed(entry), "tags": _tags.to_dict(tags)}

    def owned(self, name: str, observed: Item) -> bool:
        return name not in (self.options.get("kept") or []) and super().owned(name, observed)

    def create(self, name: str, desired: Item) -> None:
        self.client.put_metric_alarm(**_alarms.request(name, desired), Tags=_tags.to_list(desired["tags"]))

    def update(self, name: str, plan: Plan) -> None:
        before, after = plan.before or {}, _aws.declared(plan.after or {})
        if plan.options - {"tags"}:
            self.client.put_metric_alarm(**_alarms.request(name, _alarms.changed(before, after)))
        if "tags" in plan.options:
            self.client.tag_resource(ResourceARN=before["alarm_arn"], Tags=_tags.to_list(after["tags"]))

    def delete(self, name: str, observed: Item) -> None:
        _aws.absent_as(None, lambda: self.client.delete_alarms(AlarmNames=[name]), "ResourceNotFound")


def main() -> None:
    run(Alarm, DOCUMENTATION)


if __name__ == "__main__":
    main()
