# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What ECS refuses of deployment strategies, and what it keeps of them."""

from __future__ import annotations

from typing import Any

import pytest

from embedded_aws.extensions._ecs_strategy import errors, settled

ELB = "arn:aws:elasticloadbalancing:us-east-1:123456789012"
PRODUCTION, TEST = f"{ELB}:listener-rule/app/pay/1/2/3", f"{ELB}:listener-rule/app/pay/1/2/4"
ROLE = "arn:aws:iam::123456789012:role/infrastructure"
ADVANCED = {"alternateTargetGroupArn": "green", "productionListenerRule": PRODUCTION, "roleArn": ROLE}
BALANCER = {"targetGroupArn": "blue", "advancedConfiguration": ADVANCED}
LAMBDA = {"hookTargetArn": "arn:aws:lambda:us-east-1:123456789012:function:f", "roleArn": ROLE}
STAGE = {"lifecycleStages": ["POST_SCALE_UP"]}
PAUSE = {"targetType": "PAUSE", **STAGE}


def found(configuration: dict[str, Any], balancers: Any = (BALANCER,), controller: str = "ECS") -> list[str]:
    given = {"strategy": "BLUE_GREEN", **configuration}
    settings = {"deploymentConfiguration": given, "deploymentController": {"type": controller}}
    return list(errors({**settings, "loadBalancers": list(balancers)}))


def advanced(**change: Any) -> list[dict[str, Any]]:
    return [{**BALANCER, "advancedConfiguration": {**ADVANCED, **change}}]


@pytest.mark.parametrize(
    "configuration",
    [
        {},
        {"bakeTimeInMinutes": 1440},
        {"deploymentCircuitBreaker": {"enable": True, "rollback": True}},
        {"strategy": "LINEAR", "linearConfiguration": {"stepPercent": 3.0, "stepBakeTimeInMinutes": 0}},
        {"strategy": "CANARY", "canaryConfiguration": {"canaryPercent": 0.1, "canaryBakeTimeInMinutes": 1440}},
        {"lifecycleHooks": [{**LAMBDA, **STAGE}, PAUSE]},
        {"lifecycleHooks": [{**PAUSE, "timeoutConfiguration": {"timeoutInMinutes": 20160, "action": "CONTINUE"}}]},
        {"lifecycleHooks": [{**LAMBDA, "lifecycleStages": ["TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"]}]},
    ],
)
def test_taken(configuration: dict[str, Any]) -> None:
    assert found(configuration) == []


@pytest.mark.parametrize(
    ("configuration", "words"),
    [
        ({"strategy": "RAINBOW"}, "strategy should be one of"),
        ({"bakeTimeInMinutes": 1441}, "bakeTimeInMinutes must be between 0 and 1440"),
        ({"linearConfiguration": {}}, "linearConfiguration is only valid when the deployment strategy is LINEAR"),
        ({"strategy": "LINEAR", "linearConfiguration": {"stepPercent": 2.9}}, "stepPercent must be between 3.0 and"),
        (
            {"strategy": "LINEAR", "linearConfiguration": {"stepPercent": 10.05}},
            "stepPercent must be a multiple of 0.1",
        ),
        ({"strategy": "LINEAR", "linearConfiguration": {"stepBakeTimeInMinutes": 1441}}, "stepBakeTimeInMinutes must"),
        ({"strategy": "CANARY", "canaryConfiguration": {"canaryPercent": 100.1}}, "canaryPercent must be between 0.1"),
        (
            {"strategy": "CANARY", "canaryConfiguration": {"canaryBakeTimeInMinutes": -1}},
            "canaryBakeTimeInMinutes must",
        ),
        ({"lifecycleHooks": [{**PAUSE, "targetType": "SLEEP"}]}, "Invalid targetType. Valid values are"),
        ({"lifecycleHooks": [{"targetType": "PAUSE"}]}, "lifecycleStages is required"),
        (
            {"lifecycleHooks": [{**PAUSE, "lifecycleStages": ["TEST_TRAFFIC_SHIFT"]}]},
            "Invalid lifecycle stage provided",
        ),
        ({"lifecycleHooks": [{**LAMBDA, "lifecycleStages": ["SCALE_UP"]}]}, "lifecycleStages should be of"),
        ({"lifecycleHooks": [{**STAGE, "roleArn": ROLE}]}, "hookTargetArn is required"),
        ({"lifecycleHooks": [{**STAGE, "hookTargetArn": LAMBDA["hookTargetArn"]}]}, "roleArn is required"),
        ({"lifecycleHooks": [{**LAMBDA, **STAGE, "hookTargetArn": ROLE}]}, "is not the ARN of a Lambda function"),
        ({"lifecycleHooks": [{**PAUSE, "timeoutConfiguration": {"timeoutInMinutes": 0}}]}, "timeoutInMinutes must be"),
        ({"lifecycleHooks": [{**PAUSE, "timeoutConfiguration": {"action": "WAIT"}}]}, "action should be one of"),
    ],
)
def test_refused_of_a_configuration(configuration: dict[str, Any], words: str) -> None:
    assert [error for error in found(configuration) if words in error]


@pytest.mark.parametrize(
    ("configuration", "words"),
    [
        ({}, "strategy BLUE_GREEN is only supported with ECS"),
        ({"strategy": "ROLLING", "deploymentCircuitBreaker": {"enable": True}}, "Deployment circuit breaker feature"),
        ({"strategy": "ROLLING", "alarms": {"enable": True}}, "Alarm based rollback feature"),
    ],
)
def test_only_the_controller_ecs_can_do_it(configuration: dict[str, Any], words: str) -> None:
    (error,) = found(configuration, controller="CODE_DEPLOY")
    assert words in error


@pytest.mark.parametrize(
    ("balancers", "words"),
    [
        ([{"targetGroupArn": "blue"}], "advancedConfiguration field is required for all loadBalancers"),
        ([BALANCER, {"targetGroupArn": "red"}], "Either all or none of the provided loadBalancers"),
        ([BALANCER, BALANCER], "Duplicate targetGroupArn found: "),
        (advanced(alternateTargetGroupArn="blue"), "Duplicate targetGroupArn found: blue"),
        (advanced(alternateTargetGroupArn=None), "alternateTargetGroupArn is required"),
        (advanced(productionListenerRule=None), "productionListenerRule is required"),
        (advanced(roleArn=None), "roleArn is required"),
        (advanced(productionListenerRule=f"{ELB}:listener/app/pay/1/2"), "productionListenerRule has an invalid ARN"),
        (advanced(testListenerRule="somewhere"), "testListenerRule has an invalid ARN"),
        (advanced(testListenerRule=PRODUCTION), "cannot be used as both production and test listener rules"),
    ],
)
def test_refused_of_load_balancers(balancers: list[dict[str, Any]], words: str) -> None:
    assert [error for error in found({}, balancers) if words in error]


def test_rolling_takes_entries_with_and_without_a_second_group() -> None:
    assert found({"strategy": "ROLLING"}, [{"targetGroupArn": "blue"}]) == []
    assert found({"strategy": "ROLLING"}, advanced(testListenerRule=TEST)) == []


@pytest.mark.parametrize(
    ("before", "given", "expected"),
    [
        (
            {"strategy": "ROLLING", "maximumPercent": 200},
            {"strategy": "LINEAR", "linearConfiguration": {"stepPercent": 50.0}},
            {
                "strategy": "LINEAR",
                "maximumPercent": 200,
                "linearConfiguration": {"stepPercent": 50.0, "stepBakeTimeInMinutes": 6},
            },
        ),
        (
            {"strategy": "CANARY", "canaryConfiguration": {"canaryPercent": 1.0, "canaryBakeTimeInMinutes": 1}},
            {"strategy": "BLUE_GREEN"},
            {"strategy": "BLUE_GREEN"},
        ),
        (
            {"strategy": "CANARY", "canaryConfiguration": {"canaryPercent": 1.0, "canaryBakeTimeInMinutes": 1}},
            {"bakeTimeInMinutes": 3},
            {
                "strategy": "CANARY",
                "bakeTimeInMinutes": 3,
                "canaryConfiguration": {"canaryPercent": 1.0, "canaryBakeTimeInMinutes": 1},
            },
        ),
    ],
)
def test_what_is_kept(before: dict[str, Any], given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert settled(before, given) == expected
