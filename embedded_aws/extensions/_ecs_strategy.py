# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS: what AWS refuses of deployment strategies, lifecycle hooks and their load balancer entries. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ._ecs_rollout import CANARY_DEFAULTS, HOOKED, LINEAR_DEFAULTS, PAUSED

Settings = dict[str, Any]

STRATEGIES = ("ROLLING", "BLUE_GREEN", "LINEAR", "CANARY")
ALTERNATE = "alternateTargetGroupArn"
RULES = ("productionListenerRule", "testListenerRule")
RULE = re.compile(r"arn:[^:]+:elasticloadbalancing:[^:]+:\d{12}:(listener-rule/app|listener/net)/.+")
FUNCTION = re.compile(r"arn:[^:]+:lambda:[^:]+:\d{12}:function:.+")
# The settings of a strategy: their member, what AWS takes where one is not given, and the range of each.
PERCENT = {"stepPercent": (3.0, 100.0), "canaryPercent": (0.1, 100.0)}
SHIFTING = {
    "LINEAR": ("linearConfiguration", LINEAR_DEFAULTS),
    "CANARY": ("canaryConfiguration", CANARY_DEFAULTS),
}
MINUTES = (0, 1440)
TIMEOUT = (1, 20160)


def settled(before: Settings, given: Settings) -> Settings:
    """A deployment configuration after a request: members not given stay, other strategies' settings go."""
    merged = {**before, **given}
    for strategy, (member, defaults) in SHIFTING.items():
        if merged["strategy"] == strategy:
            merged[member] = {**defaults, **merged.get(member, {})}
        elif member not in given:
            merged.pop(member, None)
    return merged


def errors(settings: Settings) -> Iterator[str]:
    """What AWS refuses of a service's settings, in its words where they are known."""
    configuration = settings["deploymentConfiguration"]
    controller = (settings.get("deploymentController") or {}).get("type", "ECS")
    yield from strategy_errors(configuration)
    yield from controller_errors(configuration, controller)
    yield from balancer_errors(settings.get("loadBalancers") or [], configuration["strategy"])
    for hook in configuration.get("lifecycleHooks", []):
        yield from hook_errors(hook)


def strategy_errors(configuration: Settings) -> Iterator[str]:
    """Unknown strategies, settings of another one, and numbers out of range."""
    if configuration["strategy"] not in STRATEGIES:
        yield f"strategy should be one of [{','.join(STRATEGIES)}]"
    if not MINUTES[0] <= configuration.get("bakeTimeInMinutes", 0) <= MINUTES[1]:
        yield "bakeTimeInMinutes must be between 0 and 1440."
    for strategy, (member, _defaults) in SHIFTING.items():
        if member in configuration and configuration["strategy"] != strategy:
            yield f"{member} is only valid when the deployment strategy is {strategy}."
        for name, value in configuration.get(member, {}).items():
            yield from number_errors(name, value)


def number_errors(name: str, value: float) -> Iterator[str]:
    """A share that is out of range or finer than 0.1, or minutes out of range."""
    low, high = PERCENT.get(name, MINUTES)
    if not low <= value <= high:
        yield f"{name} must be between {low} and {high}."
    if name in PERCENT and abs(value * 10 - round(value * 10)) > 1e-6:
        yield f"{name} must be a multiple of 0.1."


def controller_errors(configuration: Settings, controller: str) -> Iterator[str]:
    """What only the deployment controller ECS can do."""
    if controller == "ECS":
        return
    if configuration["strategy"] != "ROLLING":
        yield f"The deployment strategy {configuration['strategy']} is only supported with ECS deployment controller."
    if configuration.get("deploymentCircuitBreaker", {}).get("enable"):
        yield (
            "Deployment circuit breaker feature is only supported with ECS deployment controller. Update to ECS "
            "deployment controller and try again."
        )
    if configuration.get("alarms", {}).get("enable"):
        yield (
            "Alarm based rollback feature is only supported with ECS deployment controller. Update to ECS deployment "
            "controller and try again."
        )


def balancer_errors(balancers: list[Settings], strategy: str) -> Iterator[str]:
    """Entries that cannot be shifted between two target groups."""
    advanced = [balancer["advancedConfiguration"] for balancer in balancers if balancer.get("advancedConfiguration")]
    if strategy != "ROLLING" and len(advanced) < len(balancers):
        yield (
            "advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy"
        )
    if advanced and len(advanced) < len(balancers):
        yield "Either all or none of the provided loadBalancers must have advancedConfiguration defined"
    groups = [balancer.get("targetGroupArn") for balancer in balancers] + [each.get(ALTERNATE) for each in advanced]
    for group in {group for group in groups if group and groups.count(group) > 1}:
        yield f"Duplicate targetGroupArn found: {group}"
    for each in advanced:
        yield from rule_errors(each)


def rule_errors(advanced: Settings) -> Iterator[str]:
    """An advanced configuration with something missing, or with rules that are none."""
    for name in (ALTERNATE, RULES[0], "roleArn"):
        if not advanced.get(name):
            yield f"advancedConfiguration.{name} is required."
    for name in RULES:
        if advanced.get(name) and not RULE.fullmatch(advanced[name]):
            got = f"Must be RuleArn for ALB or ListenerArn for NLB. Got: {advanced[name]}"
            yield f"{name} has an invalid ARN format. {got}"
    if advanced.get(RULES[0]) and advanced.get(RULES[0]) == advanced.get(RULES[1]):
        yield f"The following rules cannot be used as both production and test listener rules: {advanced[RULES[0]]}"


def hook_errors(hook: Settings) -> Iterator[str]:
    """A hook of unknown type, without its function and role, or at a stage that it cannot have."""
    kind, stages = hook.get("targetType", "AWS_LAMBDA"), hook.get("lifecycleStages", [])
    if kind not in ("AWS_LAMBDA", "PAUSE"):
        yield "Invalid targetType. Valid values are: AWS_LAMBDA, PAUSE"
    if not stages:
        yield "lifecycleStages is required for a lifecycle hook."
    if kind == "PAUSE" and not set(stages) <= set(PAUSED):
        yield "Invalid lifecycle stage provided for Pause Hook"
    if not set(stages) <= set(HOOKED):
        yield f"lifecycleStages should be of [{','.join(HOOKED)}]"
    if kind == "AWS_LAMBDA":
        yield from function_errors(hook)
    yield from timeout_errors(hook.get("timeoutConfiguration", {}))


def function_errors(hook: Settings) -> Iterator[str]:
    """A Lambda hook without the ARN of a function or of the role to call it with."""
    for name in ("hookTargetArn", "roleArn"):
        if not hook.get(name):
            yield f"{name} is required for a lifecycle hook of type AWS_LAMBDA."
    if hook.get("hookTargetArn") and not FUNCTION.fullmatch(hook["hookTargetArn"]):
        yield f"hookTargetArn {hook['hookTargetArn']} is not the ARN of a Lambda function."


def timeout_errors(timeout: Settings) -> Iterator[str]:
    """Minutes out of range, or an action that is none."""
    if not TIMEOUT[0] <= timeout.get("timeoutInMinutes", TIMEOUT[0]) <= TIMEOUT[1]:
        yield f"timeoutInMinutes must be between {TIMEOUT[0]} and {TIMEOUT[1]}."
    if timeout.get("action", "ROLLBACK") not in ("ROLLBACK", "CONTINUE"):
        yield "action should be one of [ROLLBACK,CONTINUE]"
