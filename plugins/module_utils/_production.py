# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where production's requests go before a deployment shifts them, and whether anybody is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import _aws, _elbv2_rules
from ._plan import Objection

RULES_A_CALL = 20  #: ARNs that one DescribeRules is asked for


def healthy(client: Any, rules: Iterable[str]) -> dict[str, int]:
    """How many healthy targets each target group has that the rules send requests to; a lost rule sends none."""
    groups = {group for some in _aws.chunks(rules, RULES_A_CALL) for group in _weighted(client, some)}
    return healthy_in(client, groups)


def healthy_in(client: Any, wanted: Iterable[str]) -> dict[str, int]:
    """How many healthy targets each of these target groups has."""
    groups = sorted(wanted)
    return dict(zip(groups, _aws.concurrently(lambda group: _healthy(client, group), groups), strict=True))


def _weighted(client: Any, rules: list[str]) -> list[str]:
    def describe() -> list[Mapping[str, Any]]:
        return list(client.describe_rules(RuleArns=rules)["Rules"])

    found: list[Mapping[str, Any]] = _aws.absent_as([], describe, "RuleNotFound")
    weights = [_elbv2_rules.observed(rule)["weights"] for rule in found]
    return [group for each in weights for group, weight in each.items() if weight > 0]


def _healthy(client: Any, group: str) -> int:
    def describe() -> list[Mapping[str, Any]]:
        return list(client.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"])

    states: list[Mapping[str, Any]] = _aws.absent_as([], describe, "TargetGroupNotFound")
    return sum(state["TargetHealth"]["State"] == "healthy" for state in states)


def misdirected(service: str, targets: Mapping[str, int]) -> Objection | None:
    """Why nothing is deployed: none of the target groups that take production's requests has a healthy target; pure."""
    if any(targets.values()):
        return None
    groups = ", ".join(arn.rpartition(":")[2] for arn in targets) or "no target group"
    return Objection(
        f"production points at {groups}, where no target is healthy; ECS would shift traffic from where there is none",
        "let the rule's weights point at the target group whose targets are healthy (aws elbv2 describe-target-health, "
        f"modify-rule), or deploy in spite of it with -e compute_unhealthy_deployment_confirmed={service}",
    )
