# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from ansible_collections.uex.payments.plugins.module_utils import _deployments, _ecs, _services

ENTRY = _services.DEFAULTS["deployment"]
PAUSE = {"target_type": "PAUSE", "lifecycle_stages": ["POST_TEST_TRAFFIC_SHIFT"]}
FUNCTION = {
    "hook_target_arn": "arn:aws:lambda:us-east-1:123456789012:function:check",
    "role_arn": "arn:aws:iam::123456789012:role/ecs",
    "lifecycle_stages": ["TEST_TRAFFIC_SHIFT", "POST_SCALE_UP"],
    "hook_details": {"some_Key": {"another_key": 1}},
    "timeout_configuration": {"timeout_in_minutes": 5, "action": "CONTINUE"},
}
MODEL = botocore.session.get_session().get_service_model("ecs")


def of(strategy: str, **more: Any) -> dict[str, Any]:
    return _deployments.of_service({**ENTRY, "strategy": strategy, **more})


# Its normal form


def test_what_nobody_gives_is_not_there() -> None:
    assert _deployments.normal({}) == {}
    assert _deployments.normal({"strategy": "ROLLING", "alarms": None, "lifecycle_hooks": None}) == {
        "strategy": "ROLLING"
    }


def test_hooks_have_aws_s_defaults() -> None:
    (hook,) = _deployments.normal({"lifecycle_hooks": [PAUSE]})["lifecycle_hooks"]
    assert hook == {
        "target_type": "PAUSE",
        "hook_target_arn": "",
        "role_arn": "",
        "lifecycle_stages": ["POST_TEST_TRAFFIC_SHIFT"],
        "hook_details": {},
        "timeout_configuration": {"timeout_in_minutes": 1440, "action": "ROLLBACK"},
    }


def test_the_order_of_alarms_hooks_and_stages_does_not_count() -> None:
    one = {"alarms": {"alarm_names": ["b", "a"], "enable": True}, "lifecycle_hooks": [PAUSE, FUNCTION]}
    other = {
        "alarms": {"alarm_names": ["a", "b"], "enable": True, "rollback": False},
        "lifecycle_hooks": [{**FUNCTION, "lifecycle_stages": FUNCTION["lifecycle_stages"][::-1]}, PAUSE],
    }
    assert _deployments.normal(one) == _deployments.normal(other)


# What AWS is asked for


STRATEGIES = [
    of("ROLLING"),
    of("BLUE_GREEN"),
    of("LINEAR"),
    of("CANARY"),
    of("BLUE_GREEN", lifecycle_hooks=[PAUSE, FUNCTION]),
]


@pytest.mark.parametrize("operation", ["CreateService", "UpdateService"])
@pytest.mark.parametrize("configuration", STRATEGIES, ids=lambda each: each["strategy"])
def test_every_strategy_s_request_is_one_of_the_model_s(configuration: dict[str, Any], operation: str) -> None:
    alarms = {"alarm_names": ["a"], "enable": True, "rollback": True}
    item = {
        "deployment_configuration": {**configuration, "alarms": alarms, "maximum_percent": 200},
        "load_balancers": [
            {
                "target_group_arn": "arn:blue",
                "container_name": "api",
                "container_port": 80,
                "advanced_configuration": {
                    "alternate_target_group_arn": "arn:green",
                    "production_listener_rule": "arn:rule",
                    "test_listener_rule": "arn:test",
                    "role_arn": "arn:role",
                },
            }
        ],
    }
    properties = {name: _ecs._NORMAL[name](value) for name, value in item.items()}
    request = {"serviceName": "a", "service": "a", **_ecs.service_request(properties)}
    request.pop("service" if operation == "CreateService" else "serviceName")
    shape = MODEL.operation_model(operation).input_shape
    assert ParamValidator().validate(request, shape).generate_report() == ""
    assert unknown(request, shape) == []


def unknown(value: Any, shape: Any, path: str = "") -> list[str]:
    """Members that the model doesn't have; its validator lets them pass."""
    if shape.type_name == "list":
        return [each for entry in value for each in unknown(entry, shape.member, f"{path}[]")]
    if shape.type_name != "structure" or getattr(shape, "is_document_type", False):
        return []
    strange = [f"{path}.{name}" for name in value if name not in shape.members]
    known = [(name, each) for name, each in value.items() if name in shape.members]
    return strange + [one for name, each in known for one in unknown(each, shape.members[name], f"{path}.{name}")]


@pytest.mark.parametrize("configuration", STRATEGIES, ids=lambda each: each["strategy"])
def test_what_aws_returns_is_what_it_was_given(configuration: dict[str, Any]) -> None:
    normal = _deployments.normal(configuration)
    assert _deployments.normal(_deployments.shown(_deployments.request(normal))) == normal


def test_what_a_function_is_told_keeps_its_words() -> None:
    (hook,) = _deployments.request(_deployments.normal({"lifecycle_hooks": [FUNCTION]}))["lifecycleHooks"]
    assert hook["hookDetails"] == FUNCTION["hook_details"]


# What AWS refuses


@pytest.mark.parametrize("configuration", STRATEGIES, ids=lambda each: each["strategy"])
def test_what_is_sound_has_no_problems(configuration: dict[str, Any]) -> None:
    assert list(_deployments.problems("deployment", configuration)) == []


@pytest.mark.parametrize(
    ("configuration", "field"),
    [
        ({"strategy": "BLUE"}, "strategy"),
        ({"strategy": "CANARY", "linear_configuration": {"step_percent": 10}}, "linear_configuration"),
        ({"strategy": "LINEAR", "deployment_circuit_breaker": {"enable": True}}, "deployment_circuit_breaker"),
        ({"strategy": "BLUE_GREEN", "bake_time_in_minutes": 1441}, "bake_time_in_minutes"),
        ({"strategy": "LINEAR", "linear_configuration": {"step_percent": 2.9}}, "linear_configuration.step_percent"),
        ({"strategy": "CANARY", "canary_configuration": {"canary_percent": 0}}, "canary_configuration.canary_percent"),
        (
            {"strategy": "CANARY", "canary_configuration": {"canary_percent": 5.55}},
            "canary_configuration.canary_percent",
        ),
        ({"strategy": "ROLLING", "lifecycle_hooks": [PAUSE]}, "lifecycle_hooks"),
        *(
            ({"strategy": "BLUE_GREEN", "lifecycle_hooks": [hook]}, f"lifecycle_hooks[0]{field}")
            for hook, field in (
                ({**PAUSE, "target_type": "WAIT"}, ".target_type"),
                ({**PAUSE, "lifecycle_stages": []}, ".lifecycle_stages"),
                ({**PAUSE, "lifecycle_stages": ["BAKE_TIME"]}, ".lifecycle_stages"),
                ({**PAUSE, "lifecycle_stages": ["TEST_TRAFFIC_SHIFT"]}, ".lifecycle_stages"),
                ({**PAUSE, "role_arn": "arn"}, ".target_type"),
                ({**FUNCTION, "hook_target_arn": ""}, ".hook_target_arn"),
                (
                    {**PAUSE, "timeout_configuration": {"timeout_in_minutes": 0}},
                    ".timeout_configuration.timeout_in_minutes",
                ),
                ({**PAUSE, "timeout_configuration": {"action": "STOP"}}, ".timeout_configuration.action"),
                ({**PAUSE, "stages": []}, ": there is no stages"),
            )
        ),
    ],
)
def test_what_aws_refuses_is_said_with_its_field(configuration: dict[str, Any], field: str) -> None:
    (problem,) = _deployments.problems("deployment", configuration)
    assert problem.startswith(f"deployment.{field}")
