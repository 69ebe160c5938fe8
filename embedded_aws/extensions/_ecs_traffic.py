# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS: the listener rules through which a blue/green, linear or canary deployment shifts traffic."""

from __future__ import annotations

from typing import Any

from moto.core.exceptions import ServiceException
from moto.elbv2.models import ELBv2Backend, FakeAction

from . import _policy

Settings = dict[str, Any]

ECS = "ecs.amazonaws.com"


def pair(balancer: Settings) -> tuple[str, str]:
    """A load balancer entry's two target groups."""
    return balancer["targetGroupArn"], balancer["advancedConfiguration"]["alternateTargetGroupArn"]


def other(balancer: Settings, group: str) -> str:
    """The one of the entry's two target groups that C(group) is not."""
    first, second = pair(balancer)
    return second if group == first else first


def weights(blue: str, green: str, share: float) -> dict[str, int]:
    """Whole weights that give the green group this percent of the traffic."""
    scale = 1 if share == int(share) else 10
    return {blue: round((100 - share) * scale), green: round(share * scale)}


def found_rule(backend: ELBv2Backend, arn: str) -> Any:
    """The listener rule of that ARN, or None."""
    try:
        return backend.describe_rules(listener_arn=None, rule_arns=[arn])[0]
    except ServiceException:
        return None


def forwards(backend: ELBv2Backend, arn: str | None) -> dict[str, int]:
    """The weights of the target groups that a rule forwards to; of a rule that isn't there none."""
    rule = found_rule(backend, arn) if arn else None
    found = [action.data["ForwardConfig"] for action in rule.actions if action.type == "forward"] if rule else []
    return {group["TargetGroupArn"]: int(group["Weight"]) for config in found for group in config["TargetGroups"]}


def live(backend: ELBv2Backend, balancer: Settings) -> str | None:
    """The one of an entry's target groups that production traffic goes to."""
    weighed = forwards(backend, balancer["advancedConfiguration"].get("productionListenerRule"))
    return next((group for group in pair(balancer) if weighed.get(group)), None)


def shift(backend: ELBv2Backend, arn: str | None, wanted: dict[str, int]) -> None:
    """Rewrite the weights of a rule's forward action, in the form that ECS gives it; stickiness stays."""
    rule = found_rule(backend, arn) if arn else None
    actions: list[FakeAction] = rule.actions if rule else []
    for number, action in enumerate(actions):
        if action.type == "forward":
            kept = {name: value for name, value in action.data.items() if name != "TargetGroupArn"}
            groups = [{"TargetGroupArn": group, "Weight": weight} for group, weight in wanted.items()]
            forward = {**action.data["ForwardConfig"], "TargetGroups": groups}
            actions[number] = FakeAction({**kept, "ForwardConfig": forward})


def problem(backend: ELBv2Backend, balancers: list[Settings]) -> str | None:
    """Why ECS cannot shift traffic for these entries, in its words; None where it can."""
    return next((found for balancer in balancers if (found := _problem(backend, balancer))), None)


def _problem(backend: ELBv2Backend, balancer: Settings) -> str | None:
    advanced = balancer["advancedConfiguration"]
    if not _policy.serves(advanced["roleArn"], ECS):
        return (
            "ECS was unable to manage the ELB resources due to missing permissions on ECS Infrastructure Role "
            f"'{advanced['roleArn']}'."
        )
    rules = [advanced[name] for name in ("productionListenerRule", "testListenerRule") if advanced.get(name)]
    if not all(found_rule(backend, rule) for rule in rules):
        return "One or more rules not found"
    return _misdirected(rules, forwards(backend, rules[0]), pair(balancer)) or _unattached(backend, rules, balancer)


def _misdirected(rules: list[str], weighed: dict[str, int], groups: tuple[str, str]) -> str | None:
    serving = [group for group, weight in weighed.items() if weight]
    if len(serving) != 1:
        return (
            f"productionListenerRule {rules[0]} should have exactly one target group serving traffic but found "
            f"{len(serving)} target groups which are serving traffic"
        )
    if serving[0] in groups:
        return None
    return (
        f"Production listener rule is forwarding traffic to unexpected target group {serving[0]}. Expected traffic to "
        f"be forwarded to either targetGroupArn: {groups[0]} or alternateTargetGroupArn: {groups[1]}"
    )


def _unattached(backend: ELBv2Backend, rules: list[str], balancer: Settings) -> str | None:
    attached = {group for rule in rules for group in forwards(backend, rule)}
    missing = [group for group in pair(balancer) if group not in attached]
    if not missing:
        return None
    return f"Target group {missing[0]} is not associated with either productionListenerRule or testListenerRule."
