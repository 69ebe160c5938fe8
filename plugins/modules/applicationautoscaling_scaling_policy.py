#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: applicationautoscaling_scaling_policy
short_description: Manage the scaling policies of an ECS cluster's services as one set
description:
  - Creates, changes and prunes the policies that keep a metric of a service at its target, and those that add or take
    tasks in steps. AWS makes the alarms of the first kind by itself; one of the second kind is carried out by an alarm
    that has its ARN among its actions, as M(uex.payments.cloudwatch_alarm) makes it.
  - AWS cannot tag policies. One is ours when it is about one of O(services) and its name begins with that service's
    name and a hyphen.
version_added: "0.1.0"
options:
  cluster:
    description: Name of the cluster.
    type: str
    required: true
  services:
    description: Names of the services whose policies these are. The policies of others go with their scalable target.
    type: list
    elements: str
    required: true
  scaling_policies:
    description: The policies.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The policy's name.
        type: str
        required: true
      service:
        description: Name of the service. Cannot change.
        type: str
        required: true
      policy_type:
        description: The kind of policy. Cannot change.
        type: str
        default: TargetTrackingScaling
        choices: [TargetTrackingScaling, StepScaling]
      predefined_metric_type:
        description: >-
          What is kept at the target. V(TargetTrackingScaling) needs it or O(scaling_policies[].customized_metrics).
        type: str
        choices: [ECSServiceAverageCPUUtilization, ECSServiceAverageMemoryUtilization, ALBRequestCountPerTarget]
      resource_label:
        description:
          - For V(ALBRequestCountPerTarget), the full names of load balancer and target group with a slash between, as
            in C(app/name/0123456789abcdef/targetgroup/name/0123456789abcdef).
        type: str
      customized_metrics:
        description: >-
          Metric-math queries in place of a predefined metric; the one with C(return_data) is kept at the target.
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
          stat:
            description: Statistic.
            type: str
          return_data:
            description: Whether this is the query that counts.
            type: bool
            default: true
      target_value:
        description: The target, in percent, or in requests a minute and task. V(TargetTrackingScaling) needs it.
        type: float
      scale_in_cooldown:
        description: Seconds after scaling in until it may go on.
        type: int
      scale_out_cooldown:
        description: Seconds after scaling out until it may go on.
        type: int
      disable_scale_in:
        description: Whether the policy only adds tasks.
        type: bool
      adjustment_type:
        description: What the numbers of a step policy mean. V(StepScaling) needs it.
        type: str
        choices: [ChangeInCapacity, PercentChangeInCapacity, ExactCapacity]
      step_adjustments:
        description:
          - How much is added or taken, by how far the metric is beyond the alarm's threshold. V(StepScaling) needs it.
          - The spans neither overlap nor leave a gap. What begins below 0 goes on to a span without lower bound, what
            ends above 0 to one without upper bound.
        type: list
        elements: dict
        suboptions:
          metric_interval_lower_bound:
            description: Where the span begins, as a distance from the threshold. Not given means minus infinity.
            type: float
          metric_interval_upper_bound:
            description: Where it ends. Not given means infinity.
            type: float
          scaling_adjustment:
            description: How much, in tasks or percent; below 0 takes tasks away.
            type: int
            required: true
      cooldown:
        description: Seconds after a step until the next.
        type: int
      metric_aggregation_type:
        description: How data points are put together. AWS's default is V(Average).
        type: str
        choices: [Average, Minimum, Maximum]
      min_adjustment_magnitude:
        description: Fewest tasks that a step in percent adds or takes.
        type: int
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: CPU at 60 percent
  uex.payments.applicationautoscaling_scaling_policy:
    cluster: uex-payments-dev
    services: [uex-payments-dev-presentation]
    scaling_policies:
      - name: uex-payments-dev-presentation-cpu
        service: uex-payments-dev-presentation
        predefined_metric_type: ECSServiceAverageCPUUtilization
        target_value: 60

- name: Two more tasks at 80 percent, four more at 90, when the alarm on 80 percent says so
  uex.payments.applicationautoscaling_scaling_policy:
    cluster: uex-payments-dev
    services: [uex-payments-dev-presentation]
    scaling_policies:
      - name: uex-payments-dev-presentation-step-burst
        service: uex-payments-dev-presentation
        policy_type: StepScaling
        adjustment_type: ChangeInCapacity
        step_adjustments:
          - {metric_interval_lower_bound: 0, metric_interval_upper_bound: 10, scaling_adjustment: 2}
          - {metric_interval_lower_bound: 10, scaling_adjustment: 4}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
scaling_policies:
  description: The policies by name, with C(policy_arn) and their properties.
  returned: success
  type: dict
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _alarms, _aws, _scaling, _step_scaling
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

TRACKING = "TargetTrackingScaling"
STEPS = "StepScaling"
REQUESTS = "ALBRequestCountPerTarget"
#: Members of the configuration by option, for each type of policy.
MEMBERS = {
    TRACKING: {
        "target_value": "TargetValue",
        "scale_in_cooldown": "ScaleInCooldown",
        "scale_out_cooldown": "ScaleOutCooldown",
        "disable_scale_in": "DisableScaleIn",
    },
    STEPS: {
        "adjustment_type": "AdjustmentType",
        "cooldown": "Cooldown",
        "metric_aggregation_type": "MetricAggregationType",
        "min_adjustment_magnitude": "MinAdjustmentMagnitude",
    },
}
METRIC_MEMBERS = {"predefined_metric_type": "PredefinedMetricType", "resource_label": "ResourceLabel"}
#: What else each type of policy is told.
OTHERS = {
    TRACKING: {**METRIC_MEMBERS, "customized_metrics": "CustomizedMetricSpecification"},
    STEPS: {"step_adjustments": "StepAdjustments"},
}
NEEDED = {TRACKING: ("target_value",), STEPS: ("adjustment_type", "step_adjustments")}


def described(entry: Mapping[str, Any]) -> Item:
    """An entry of DescribeScalingPolicies in the words of the options."""
    kind = entry["PolicyType"]
    configuration = entry[f"{kind}PolicyConfiguration"]
    more = _steps_of(configuration) if kind == STEPS else _metric_of(configuration)
    return {
        "policy_arn": entry["PolicyARN"],
        "service": _scaling.service_of(entry),
        "policy_type": kind,
        **{option: configuration.get(member) for option, member in MEMBERS[kind].items()},
        **more,
    }


def _steps_of(configuration: Mapping[str, Any]) -> Item:
    return {"step_adjustments": _step_scaling.described(configuration.get("StepAdjustments") or [])}


def _metric_of(configuration: Mapping[str, Any]) -> Item:
    """The predefined metric that is tracked, or the queries."""
    predefined = configuration.get("PredefinedMetricSpecification") or {}
    customized = configuration.get("CustomizedMetricSpecification") or {}
    found = {option: predefined.get(member) for option, member in METRIC_MEMBERS.items()}
    return {**found, "customized_metrics": _alarms.metrics(customized.get("Metrics"), period=False)}


def configuration(desired: Mapping[str, Any]) -> dict[str, Any]:
    """The request's configuration."""
    kind = desired["policy_type"]
    members = _aws.declared({member: desired.get(option) for option, member in MEMBERS[kind].items()})
    if kind == STEPS:
        return {**members, "StepAdjustments": _step_scaling.request(desired["step_adjustments"])}
    if desired.get("customized_metrics"):
        queries = [_alarms.metric_request(query) for query in desired["customized_metrics"]]
        return {**members, "CustomizedMetricSpecification": {"Metrics": queries}}
    metric = {member: desired.get(option) for option, member in METRIC_MEMBERS.items()}
    return {**members, "PredefinedMetricSpecification": _aws.declared(metric)}


def contradictions(item: Mapping[str, Any]) -> Iterable[str]:
    """What the type of a policy needs, and what belongs to the other type."""
    kind = item["policy_type"]
    other = STEPS if kind == TRACKING else TRACKING
    yield from (f"{option}: {kind} needs it" for option in NEEDED[kind] if item.get(option) is None)
    if kind == TRACKING and bool(item.get("predefined_metric_type")) == bool(item.get("customized_metrics")):
        yield "predefined_metric_type: give either a predefined metric or customized_metrics"
    strange = (*MEMBERS[other], *OTHERS[other])
    yield from (f"{option}: it belongs to {other}" for option in strange if item.get(option) is not None)


class ScalingPolicy(Resource):
    kind = "AWS::ApplicationAutoScaling::ScalingPolicy"
    service = _scaling.SERVICE
    plural = "scaling_policies"
    frozen = ("service", "policy_type")
    computed = ("policy_arn",)
    taggable = False

    def validate(self, item: Item) -> Iterable[str]:
        wrong = list(contradictions(item))
        yield from wrong
        if item["policy_type"] == STEPS and not wrong:
            yield from _step_scaling.problems(item["step_adjustments"], item["adjustment_type"])
        if item["policy_type"] == TRACKING and (item["predefined_metric_type"] == REQUESTS) != bool(
            item["resource_label"]
        ):
            yield f"resource_label: it belongs to {REQUESTS}, and to nothing else"
        if item["service"] not in self.options["services"]:
            yield f"service: {item['service']} is not among services"

    def desired(self, item: Item) -> Item:
        given = _aws.declared({key: value for key, value in item.items() if key != "name"})
        queries = given.get("customized_metrics")
        given |= {"customized_metrics": _alarms.declared_metrics(queries, period=False)} if queries else {}
        steps = given.get("step_adjustments")
        return given if steps is None else {**given, "step_adjustments": _step_scaling.normal(steps)}

    def observe(self) -> dict[str, Item]:
        region = {"ServiceNamespace": _scaling.NAMESPACE, "ScalableDimension": _scaling.DIMENSION}
        entries = _aws.pages(self.client, "describe_scaling_policies", "ScalingPolicies", **region)
        found = [e for e in _scaling.of_cluster(entries, self.options["cluster"]) if e["PolicyType"] in MEMBERS]
        return {e["PolicyName"]: described(e) for e in found if _scaling.service_of(e) in self.options["services"]}

    def owned(self, name: str, observed: Item) -> bool:
        return name.startswith(f"{observed['service']}-")

    def create(self, name: str, desired: Item) -> None:
        request = {
            **_scaling.resource(self.options["cluster"], desired["service"]),
            "PolicyName": name,
            "PolicyType": desired["policy_type"],
            f"{desired['policy_type']}PolicyConfiguration": configuration(desired),
        }
        _scaling.change(lambda: self.client.put_scaling_policy(**request))

    def update(self, name: str, plan: Plan) -> None:
        """The request replaces the whole configuration, so what nobody declares is written as it was."""
        before, after = dict(plan.before or {}), dict(plan.after or {})
        forgotten = METRIC_MEMBERS if after.get("customized_metrics") else ("customized_metrics",)
        self.create(name, {**{key: value for key, value in before.items() if key not in forgotten}, **after})

    def delete(self, name: str, observed: Item) -> None:
        policy = {**_scaling.resource(self.options["cluster"], observed["service"]), "PolicyName": name}
        remove = self.client.delete_scaling_policy
        _scaling.change(lambda: _aws.absent_as({}, lambda: remove(**policy), "ObjectNotFoundException"))


def main() -> None:
    run(ScalingPolicy, DOCUMENTATION)


if __name__ == "__main__":
    main()
