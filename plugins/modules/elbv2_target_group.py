#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: elbv2_target_group
short_description: Manage the target groups of a VPC as one set
description:
  - Creates, changes and prunes HTTP and HTTPS target groups with their attributes.
  - AWS refuses to delete a target group while a listener or a rule forwards to it. Prune the rules first, with
    O(uex.payments.elbv2_listener_rule#module:only_prune) of M(uex.payments.elbv2_listener_rule).
version_added: "0.1.0"
options:
  vpc_id:
    description: Id of the VPC that the targets are in. Cannot change.
    type: str
    required: true
  target_groups:
    description: The target groups.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, at most 32 letters, digits and hyphens. It identifies the target group.
        type: str
        required: true
      protocol:
        description: How the load balancer speaks to targets. Cannot change.
        type: str
        choices: [HTTP, HTTPS]
        default: HTTP
      port:
        description: Port of targets that are registered without one. Used at creation, as each target names its own.
        type: int
        required: true
      target_type:
        description: What is registered. Tasks on Fargate are C(ip). Cannot change.
        type: str
        choices: [ip, instance]
        default: ip
      health_check:
        description: How AWS finds out whether a target is healthy.
        type: dict
        suboptions:
          path:
            description: Path that is asked for.
            type: str
          interval:
            description: Seconds between two checks, from 5 to 300.
            type: int
          timeout:
            description: Seconds until a check has failed, from 2 to 120, less than the interval.
            type: int
          healthy_threshold:
            description: Checks in a row that must succeed, from 2 to 10.
            type: int
          unhealthy_threshold:
            description: Checks in a row that must fail, from 2 to 10.
            type: int
          matcher:
            description: HTTP status codes that mean success, such as V(200-299) or V(200,204).
            type: str
      deregistration_delay:
        description: Seconds that open requests get when a target leaves, from 0 to 3600. AWS's default is 300.
        type: int
      load_balancing_algorithm:
        description: How the next target is chosen.
        type: str
        choices: [round_robin, least_outstanding_requests, weighted_random]
      slow_start:
        description: Seconds in which a new target gets its share bit by bit, 0 or from 30 to 900. Round robin only.
        type: int
      stickiness:
        description: Whether a client stays with its target, by a cookie of the load balancer's.
        type: bool
      stickiness_duration:
        description: Seconds that it does, from 1 to 604800. AWS's default is 86400.
        type: int
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: One target group
  uex.payments.elbv2_target_group:
    vpc_id: vpc-0123456789abcdef0
    target_groups:
      - name: uex-payments-dev-presentation
        port: 3900
        health_check: {path: /health, interval: 15, timeout: 5, matcher: "200"}
        deregistration_delay: 60
    tags: {Project: uex-payments, Environment: dev, Layer: edge, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
target_groups:
  description:
    - The target groups by name, with C(target_group_arn) and their properties.
    - C(full_name) is the end of the ARN by which CloudWatch knows it.
  returned: success
  type: dict
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _elbv2, _tags
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

FIXED = {"protocol": "Protocol", "port": "Port", "target_type": "TargetType", "vpc_id": "VpcId"}
HEALTH_CHECK = {
    "path": "HealthCheckPath",
    "interval": "HealthCheckIntervalSeconds",
    "timeout": "HealthCheckTimeoutSeconds",
    "healthy_threshold": "HealthyThresholdCount",
    "unhealthy_threshold": "UnhealthyThresholdCount",
}
RANGES = {"interval": (5, 300), "timeout": (2, 120), "healthy_threshold": (2, 10), "unhealthy_threshold": (2, 10)}
LONGEST_COOKIE = 604800  #: seconds


def health_check_request(check: Mapping[str, Any] | None) -> dict[str, Any]:
    """The declared health check as arguments; pure."""
    declared = _aws.declared(check or {})
    matcher = {"Matcher": {"HttpCode": declared["matcher"]}} if "matcher" in declared else {}
    return {**{key: declared[option] for option, key in HEALTH_CHECK.items() if option in declared}, **matcher}


def health_check_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The health check that AWS shows; pure."""
    check = {option: entry.get(key) for option, key in HEALTH_CHECK.items()}
    return {**check, "matcher": entry.get("Matcher", {}).get("HttpCode")}


def health_check_problems(check: Mapping[str, Any]) -> Iterable[str]:
    """What is wrong with a declared health check; pure."""
    for option, (low, high) in RANGES.items():
        if check[option] is not None and not low <= check[option] <= high:
            yield f"health_check.{option}: from {low} to {high}, not {check[option]}"
    if (check["timeout"] or 0) >= (check["interval"] or RANGES["interval"][1] + 1):
        yield f"health_check.timeout: less than the interval of {check['interval']} s, not {check['timeout']}"


class TargetGroup(Resource):
    kind = "AWS::ElasticLoadBalancingV2::TargetGroup"
    service = "elbv2"
    plural = "target_groups"
    frozen = tuple(option for option in FIXED if option != "port")
    initial = ("port",)  # only a default: ECS registers each task with its own
    computed = ("target_group_arn", "full_name")

    def validate(self, item: Item) -> Iterable[str]:
        yield from _elbv2.name_problems(item["name"])
        yield from health_check_problems(item["health_check"]) if item["health_check"] else ()
        if item["slow_start"] and item["load_balancing_algorithm"] not in (None, "round_robin"):
            yield f"slow_start: not with load_balancing_algorithm {item['load_balancing_algorithm']}"
        if item["stickiness_duration"] is not None and not 1 <= item["stickiness_duration"] <= LONGEST_COOKIE:
            yield f"stickiness_duration: from 1 to {LONGEST_COOKIE}, not {item['stickiness_duration']}"

    def desired(self, item: Item) -> Item:
        return {
            **{option: item[option] for option in ("protocol", "port", "target_type", "health_check")},
            "vpc_id": self.options["vpc_id"],
            **{option: item[option] for option in _elbv2.TARGET_GROUP},
        }

    def observe(self) -> dict[str, Item]:
        found = _aws.pages(self.client, "describe_target_groups", "TargetGroups")
        ours = _elbv2.relevant(self, found, "TargetGroupName", "TargetGroupArn")
        items = _aws.concurrently(lambda pair: self._observed(*pair), ours.values())
        return dict(zip(ours, items, strict=True))

    def _observed(self, entry: Mapping[str, Any], tags: dict[str, str]) -> Item:
        arn = entry["TargetGroupArn"]
        attributes = self.client.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
        return {
            "target_group_arn": arn,
            "full_name": _elbv2.full_name(arn),
            **{option: entry.get(key) for option, key in FIXED.items()},
            "health_check": health_check_of(entry),
            **_elbv2.read_attributes(_elbv2.TARGET_GROUP, attributes),
            "tags": tags,
        }

    def create(self, name: str, desired: Item) -> None:
        created = self.client.create_target_group(
            Name=name,
            **{key: desired[option] for option, key in FIXED.items()},
            **health_check_request(desired["health_check"]),
            Tags=_tags.to_list(desired["tags"]),
        )["TargetGroups"][0]
        self._write_attributes(created["TargetGroupArn"], desired)

    def _write_attributes(self, arn: str, desired: Item) -> None:
        """All declared ones in one call: some exclude each other."""
        attributes = _elbv2.write_attributes(_elbv2.TARGET_GROUP, desired)
        if attributes:
            self.client.modify_target_group_attributes(TargetGroupArn=arn, Attributes=attributes)

    def update(self, name: str, plan: Plan) -> None:
        after, arn = dict(plan.after or {}), (plan.before or {})["target_group_arn"]
        if "health_check" in plan.options:
            self.client.modify_target_group(TargetGroupArn=arn, **health_check_request(after["health_check"]))
        if plan.options & set(_elbv2.TARGET_GROUP):
            self._write_attributes(arn, after)
        _elbv2.update_tags(self.client, arn, plan)

    def delete(self, name: str, observed: Item) -> None:
        arn = observed["target_group_arn"]
        _aws.absent_as(None, lambda: self.client.delete_target_group(TargetGroupArn=arn), "TargetGroupNotFound")


def main() -> None:
    run(TargetGroup, DOCUMENTATION)


if __name__ == "__main__":
    main()
