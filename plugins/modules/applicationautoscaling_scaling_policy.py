#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: applicationautoscaling_scaling_policy
short_description: Manage the target-tracking policies of an ECS cluster's services as one set
description:
  - Creates, changes and prunes the policies that keep a metric of a service at its target. AWS makes the alarms of a
    policy by itself.
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
      predefined_metric_type:
        description: What is kept at the target.
        type: str
        required: true
        choices: [ECSServiceAverageCPUUtilization, ECSServiceAverageMemoryUtilization, ALBRequestCountPerTarget]
      resource_label:
        description:
          - For V(ALBRequestCountPerTarget), the full names of load balancer and target group with a slash between, as
            in C(app/name/0123456789abcdef/targetgroup/name/0123456789abcdef).
        type: str
      target_value:
        description: The target, in percent, or in requests a minute and task.
        type: float
        required: true
      scale_in_cooldown:
        description: Seconds after scaling in until it may go on.
        type: int
      scale_out_cooldown:
        description: Seconds after scaling out until it may go on.
        type: int
      disable_scale_in:
        description: Whether the policy only adds tasks.
        type: bool
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

from ansible_collections.uex.payments.plugins.module_utils import _aws, _scaling
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

TRACKING = "TargetTrackingScaling"
REQUESTS = "ALBRequestCountPerTarget"
#: Members of the configuration by option.
MEMBERS = {
    "target_value": "TargetValue",
    "scale_in_cooldown": "ScaleInCooldown",
    "scale_out_cooldown": "ScaleOutCooldown",
    "disable_scale_in": "DisableScaleIn",
}
METRIC_MEMBERS = {"predefined_metric_type": "PredefinedMetricType", "resource_label": "ResourceLabel"}


def described(entry: Mapping[str, Any]) -> Item:
    """An entry of DescribeScalingPolicies in the words of the options."""
    configuration = entry["TargetTrackingScalingPolicyConfiguration"]
    metric = configuration.get("PredefinedMetricSpecification") or {}
    return {
        "policy_arn": entry["PolicyARN"],
        "service": _scaling.service_of(entry),
        **{option: configuration.get(member) for option, member in MEMBERS.items()},
        **{option: metric.get(member) for option, member in METRIC_MEMBERS.items()},
    }


def configuration(desired: Mapping[str, Any]) -> dict[str, Any]:
    """The request's configuration."""
    metric = {member: desired.get(option) for option, member in METRIC_MEMBERS.items()}
    members = {member: desired.get(option) for option, member in MEMBERS.items()}
    return _aws.declared({**members, "PredefinedMetricSpecification": _aws.declared(metric)})


class ScalingPolicy(Resource):
    kind = "AWS::ApplicationAutoScaling::ScalingPolicy"
    service = _scaling.SERVICE
    plural = "scaling_policies"
    frozen = ("service",)
    computed = ("policy_arn",)
    taggable = False

    def validate(self, item: Item) -> Iterable[str]:
        if (item["predefined_metric_type"] == REQUESTS) != bool(item["resource_label"]):
            yield f"resource_label: it belongs to {REQUESTS}, and to nothing else"
        if item["service"] not in self.options["services"]:
            yield f"service: {item['service']} is not among services"

    def desired(self, item: Item) -> Item:
        return _aws.declared({key: value for key, value in item.items() if key != "name"})

    def observe(self) -> dict[str, Item]:
        region = {"ServiceNamespace": _scaling.NAMESPACE, "ScalableDimension": _scaling.DIMENSION}
        entries = _aws.pages(self.client, "describe_scaling_policies", "ScalingPolicies", **region)
        found = [e for e in _scaling.of_cluster(entries, self.options["cluster"]) if e["PolicyType"] == TRACKING]
        return {e["PolicyName"]: described(e) for e in found if _scaling.service_of(e) in self.options["services"]}

    def owned(self, name: str, observed: Item) -> bool:
        return name.startswith(f"{observed['service']}-")

    def create(self, name: str, desired: Item) -> None:
        request = {
            **_scaling.resource(self.options["cluster"], desired["service"]),
            "PolicyName": name,
            "PolicyType": TRACKING,
            "TargetTrackingScalingPolicyConfiguration": configuration(desired),
        }
        _scaling.change(lambda: self.client.put_scaling_policy(**request))

    def update(self, name: str, plan: Plan) -> None:
        """The request replaces the whole configuration, so what nobody declares is written as it was."""
        self.create(name, {**(plan.before or {}), **(plan.after or {})})

    def delete(self, name: str, observed: Item) -> None:
        policy = {**_scaling.resource(self.options["cluster"], observed["service"]), "PolicyName": name}
        remove = self.client.delete_scaling_policy
        _scaling.change(lambda: _aws.absent_as({}, lambda: remove(**policy), "ObjectNotFoundException"))


def main() -> None:
    run(ScalingPolicy, DOCUMENTATION)


if __name__ == "__main__":
    main()
