#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudwatch_alarm
short_description: Manage CloudWatch alarms and composite alarms as one set
description:
  - Creates, changes and prunes metric alarms, on one metric or on metric math, and composite alarms over them.
  - >-
    AWS makes a composite alarm only of alarms that exist, and deletes none that one refers to. So alarms are made
    before composite alarms and deleted after them.
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
        description: The value compared with. Not given with O(alarms[].threshold_metric_id).
        type: float
      threshold_metric_id:
        description: Id of the query with C(ANOMALY_DETECTION_BAND), in place of O(alarms[].threshold).
        type: str
      comparison_operator:
        description: How it is compared.
        type: str
        required: true
        choices:
          - GreaterThanOrEqualToThreshold
          - GreaterThanThreshold
          - LessThanThreshold
          - LessThanOrEqualToThreshold
          - LessThanLowerOrGreaterThanUpperThreshold
          - LessThanLowerThreshold
          - GreaterThanUpperThreshold
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
  composite_alarms:
    description: The composite alarms.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the alarm, at most 255 characters. Alarms of both kinds share their names.
        type: str
        required: true
      description:
        description: What it means and what to do.
        type: str
      actions_enabled:
        description: Whether the actions are carried out.
        type: bool
        default: true
      alarm_rule:
        description: >-
          When it is in alarm, over the states of at most 100 other alarms, such as V(ALARM("a"\) OR ALARM("b"\)). None
          of them may be another composite alarm of this set.
        type: str
        required: true
      actions_suppressor:
        description: Name of the alarm that silences this one while it is in alarm.
        type: str
      actions_suppressor_wait_period:
        description: Seconds that an action waits for the suppressor to go into alarm. Required with a suppressor.
        type: int
      actions_suppressor_extension_period:
        description: Seconds that actions stay silent after the suppressor is over. Required with a suppressor.
        type: int
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

- name: One page for whatever ails the database
  uex.payments.cloudwatch_alarm:
    alarms: "{{ alarms_of_the_database }}"
    composite_alarms:
      - name: uex-payments-dev-database-down
        alarm_rule: ALARM("uex-payments-dev-db-silent") OR ALARM("uex-payments-dev-db-storage")
        alarm_actions: [arn:aws:sns:us-east-1:123456789012:uex-payments-dev-critical]
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
composite_alarms:
  description: The composite alarms by name, likewise.
  returned: success
  type: dict
"""

from collections.abc import Iterable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _alarms, _aws, _composite_alarms, _owned, _tags
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource


class Alarm(Resource):
    kind = "AWS::CloudWatch::Alarm"
    service = "cloudwatch"
    plural = "alarms"
    computed = ("alarm_arn",)
    listed = "MetricAlarm"
    words = staticmethod(_alarms.observed)

    def validate(self, item: Item) -> Iterable[str]:
        return _alarms.problems(item)

    def desired(self, item: Item) -> Item:
        dimensions = None if item["dimensions"] is None else {k: str(v) for k, v in item["dimensions"].items()}
        return {
            **{key: item[key] for key in _alarms.MEMBERS},
            **_alarms.sorted_actions(item),
            "dimensions": dimensions,
            "metrics": _alarms.declared_metrics(item["metrics"]),
        }

    def observe(self) -> dict[str, Item]:
        known = _owned.tagged(self.connect, self.options["tags"], "cloudwatch:alarm")
        wanted = self.wanted()
        names = sorted({*wanted, *self._strays(known)})
        found = [entry for hundred in _aws.chunks(names, 100) for entry in self._describe(hundred)]
        return dict(_aws.concurrently(lambda entry: self._observed(entry, known, wanted), found))

    def _strays(self, known: dict[str, dict[str, str]]) -> Iterable[str]:
        """The names of what pruning may take: alarms of this layer."""
        layer = self.options["tags"].get("Layer")
        return (
            arn.partition(":alarm:")[2]
            for arn, tags in known.items()
            if self.options.get("prune") and tags.get("Layer") == layer
        )

    def _describe(self, names: list[str]) -> list[dict[str, Any]]:
        types = [self.listed]
        return _aws.pages(self.client, "describe_alarms", f"{self.listed}s", AlarmNames=names, AlarmTypes=types)

    def _observed(self, entry: Item, known: dict[str, Any], wanted: dict[str, Item]) -> tuple[str, Item]:
        name, arn = entry["AlarmName"], entry["AlarmArn"]
        tags = known.get(arn, {})
        declared = (wanted[name].get("tags") or self.options["tags"]) if name in wanted else {}
        if not _alarms.as_declared(tags, declared):
            tags = _tags.to_dict(self.client.list_tags_for_resource(ResourceARN=arn)["Tags"])
        return name, {**self.words(entry), "tags": tags}

    def owned(self, name: str, observed: Item) -> bool:
        return name not in (self.options.get("kept") or []) and super().owned(name, observed)

    def create(self, name: str, desired: Item) -> None:
        self._put(name, desired, Tags=_tags.to_list(desired["tags"]))

    def update(self, name: str, plan: Plan) -> None:
        before, after = plan.before or {}, _aws.declared(plan.after or {})
        if plan.options - {"tags"}:
            self._put(name, _alarms.changed(before, after))
        if "tags" in plan.options:
            self.client.tag_resource(ResourceARN=before["alarm_arn"], Tags=_tags.to_list(after["tags"]))

    def _put(self, name: str, alarm: Item, **tags: Any) -> None:
        self.client.put_metric_alarm(**_alarms.request(name, alarm), **tags)

    def delete(self, name: str, observed: Item) -> None:
        _aws.absent_as(None, lambda: self.client.delete_alarms(AlarmNames=[name]), "ResourceNotFound")


class CompositeAlarm(Alarm):
    kind = "AWS::CloudWatch::CompositeAlarm"
    plural = "composite_alarms"
    listed = "CompositeAlarm"
    words = staticmethod(_composite_alarms.observed)

    def validate(self, item: Item) -> Iterable[str]:
        return _composite_alarms.problems(item, [each["name"] for each in self.options[self.plural]])

    def desired(self, item: Item) -> Item:
        return {**{key: item[key] for key in _composite_alarms.MEMBERS}, **_alarms.sorted_actions(item)}

    def observe(self) -> dict[str, Item]:
        return super().observe() if self.options[self.plural] or self.options.get("prune") else {}

    def released(self, observed: Item) -> Item:
        declared = {item["name"] for item in self.options["alarms"]}
        gone = [
            name
            for name in _composite_alarms.children(observed["alarm_rule"])
            if name not in declared and _tags.names(self.options["tags"], name)
        ]
        return {"alarm_rule": _composite_alarms.without(observed["alarm_rule"], gone)} if gone else {}

    def _put(self, name: str, alarm: Item, **tags: Any) -> None:
        self.client.put_composite_alarm(**_composite_alarms.request(name, alarm), **tags)


def main() -> None:
    run(Alarm, DOCUMENTATION, CompositeAlarm)


if __name__ == "__main__":
    main()
