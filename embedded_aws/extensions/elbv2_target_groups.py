# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ELBv2: target groups that know which load balancers use them, with AWS's attributes and target health."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.elbv2.exceptions import TargetGroupNotFoundError
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus, FakeTargetGroup, elbv2_backends
from moto.elbv2.responses import ELBV2Response as Response

from ._operations import add
from ._patch import after
from .elbv2 import attribute_error, forget_tags, refuse

HEALTH = "target_group_health"
# The attributes of a target group of instances or addresses behind an application load balancer.
ATTRIBUTES = {
    "deregistration_delay.timeout_seconds": "300",
    "load_balancing.algorithm.anomaly_mitigation": "off",
    "load_balancing.algorithm.type": "round_robin",
    "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
    "slow_start.duration_seconds": "0",
    "stickiness.app_cookie.cookie_name": "",
    "stickiness.app_cookie.duration_seconds": "86400",
    "stickiness.enabled": "false",
    "stickiness.lb_cookie.duration_seconds": "86400",
    "stickiness.type": "lb_cookie",
    f"{HEALTH}.dns_failover.minimum_healthy_targets.count": "1",
    f"{HEALTH}.dns_failover.minimum_healthy_targets.percentage": "off",
    f"{HEALTH}.unhealthy_state_routing.minimum_healthy_targets.count": "1",
    f"{HEALTH}.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
}
WEB_PROTOCOLS = ("HTTP", "HTTPS")


def users(group: FakeTargetGroup) -> list[str]:
    """The ARNs of the load balancers with a listener or rule that forwards to the group."""
    backend: ELBv2Backend = elbv2_backends[group.account_id][group.region_name]
    return [lb.arn for lb in backend.load_balancers.values() if group.arn in forwarded(backend, lb)]


def forwarded(backend: ELBv2Backend, balancer: Any) -> set[str]:
    """The ARNs of the target groups a balancer's rules forward to, default rules included."""
    actions = [a for listener in balancer.listeners.values() for r in listener.rules.values() for a in r.actions]
    return {arn for action in actions for arn in backend._get_target_group_arns_from(action_data=action.data)}


def shared(group: FakeTargetGroup) -> bool:
    """Whether a rule forwards to the group and others, and does not hold clients at one of them."""
    backend: ELBv2Backend = elbv2_backends[group.account_id][group.region_name]
    listeners = [each for balancer in backend.load_balancers.values() for each in balancer.listeners.values()]
    rules = [rule for each in listeners for rule in each.rules.values()]
    actions = [action.data.get("ForwardConfig") or {} for rule in rules for action in rule.actions]
    return any(
        group.arn in [each["TargetGroupArn"] for each in config.get("TargetGroups", ())]
        and len(config["TargetGroups"]) > 1
        and not config.get("TargetGroupStickinessConfig", {}).get("Enabled")
        for config in actions
    )


UNSUITABLE = "InvalidConfigurationRequest"


def aws_attributes(self: FakeTargetGroup, result: None, *_: Any, **__: Any) -> None:
    """After FakeTargetGroup.__init__: AWS's attributes for targets behind an application load balancer."""
    if self.protocol in WEB_PROTOCOLS and self.target_type in ("ip", "instance"):
        self.attributes = dict(ATTRIBUTES)


_create_target_group = Response.create_target_group
_modify_attributes = Response.modify_target_group_attributes
_delete_target_group = Response.delete_target_group


def create_target_group(self: Response) -> ActionResult:
    """CreateTargetGroup: the same name with the same settings answers the existing group."""
    name, request = self._get_param("Name"), {k: v for k, v in self.params.items() if k != "Tags"}
    groups: list[Any] = list(self.elbv2_backend.target_groups.values())
    existing = next((group for group in groups if group.name == name), None)
    if existing is None:
        result: Any = _create_target_group(self).result
        result["TargetGroups"][0].creation_request = request
        return ActionResult(result)
    if getattr(existing, "creation_request", None) != request:
        message = f"A target group with the same name '{name}' exists, but with different settings"
        refuse(message, "DuplicateTargetGroupName")
    return ActionResult({"TargetGroups": [existing]})


def modify_target_group_attributes(self: Response) -> ActionResult:
    """ModifyTargetGroupAttributes: only keys that the group's kind knows; the answer holds all of them."""
    group = self.elbv2_backend.target_groups.get(self._get_param("TargetGroupArn"))
    if group is None:
        raise TargetGroupNotFoundError
    known = {name: str(value) for name, value in group.attributes.items()}
    for item in self._get_param("Attributes", []):
        refuse(attribute_error(item["Key"], item["Value"], known, "Target group"))
        if (item["Key"], item["Value"]) == ("stickiness.enabled", "true") and shared(group):
            message = f"This target group appears behind a rule with group stickiness disabled ({group.arn})."
            refuse(f"{message} You must enable group stickiness before enabling target stickiness", UNSUITABLE)
    _modify_attributes(self)
    return ActionResult({"Attributes": group.attributes})


def delete_target_group(self: Response) -> ActionResult:
    """DeleteTargetGroup, tags included."""
    result = _delete_target_group(self)
    forget_tags(self.elbv2_backend, [self._get_param("TargetGroupArn")])
    return result


def answers(group: FakeTargetGroup, address: str) -> bool:
    """Whether an interface of the group's VPC has the address; what isn't there doesn't answer a health check."""
    interfaces = ec2_backends[group.account_id][group.region_name].enis.values()
    return any(each.private_ip_address == address and each.subnet.vpc_id == group.vpc_id for each in interfaces)


def aws_health(self: FakeTargetGroup, result: FakeHealthStatus, *_: Any) -> FakeHealthStatus:
    """After health_for: the port the check really uses; unused while no load balancer sends traffic."""
    if result.health_check_port == "traffic-port":
        result.health_check_port = str(result.port)
    if result.status == "healthy" and not self.load_balancer_arns:
        result.status, result.reason = "unused", "Target.NotInUse"
        result.description = "Target group is not configured to receive traffic from the load balancer"
    elif result.status == "healthy" and self.target_type == "ip" and not answers(self, result.instance_id):
        result.status, result.reason, result.description = "unhealthy", "Target.Timeout", "Request timed out"
    return result


def describe_target_groups(self: Response) -> ActionResult:
    """DescribeTargetGroups; a load balancer without any answers an empty list."""
    backend, balancer = self.elbv2_backend, self._get_param("LoadBalancerArn")
    arns, names = self._get_param("TargetGroupArns", []), self._get_param("Names", [])
    if balancer in backend.load_balancers and not arns and not names:
        groups = [group for group in backend.target_groups.values() if balancer in group.load_balancer_arns]
        return ActionResult({"TargetGroups": sorted(groups, key=lambda group: group.name)})
    return ActionResult({"TargetGroups": backend.describe_target_groups(balancer, arns, names)})


OPERATIONS = (create_target_group, modify_target_group_attributes, delete_target_group, describe_target_groups)


def install() -> None:
    """Complete moto's target groups; a second call changes nothing."""
    add(Response, *OPERATIONS)
    derived: Any = property(users, lambda self, value: None)  # moto assigns and appends; the answer is always derived
    FakeTargetGroup.load_balancer_arns = derived
    after(FakeTargetGroup, "__init__", aws_attributes)
    after(FakeTargetGroup, "health_for", aws_health)
