# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _ecs
from embedded_aws.extensions import _ecs_deployments, ecs_task_definitions

OLD, NEW = "arn:aws:ecs:us-east-1:1:task-definition/api:1", "arn:aws:ecs:us-east-1:1:task-definition/api:2"


def test_the_emulator_offers_the_same_sizes() -> None:
    assert {cpu: set(sizes) for cpu, sizes in _ecs.fargate_sizes().items()} == ecs_task_definitions.FARGATE_SIZES


@pytest.mark.parametrize(
    ("cpu", "memory", "problem"),
    [
        (256, 512, ""),
        (256, 4096, "Fargate offers no 4096 MiB with 256 CPU units; there are 512, 1024, 2048"),
        (512, 512, "Fargate offers no 512 MiB with 512 CPU units"),
        (1024, 8192, ""),
        (4096, 30720, ""),
        (8192, 16384, ""),
        (8192, 17408, "Fargate offers no 17408 MiB"),
        (16384, 122880, ""),
        (500, 1024, "Fargate offers no 500 CPU units; there are 256, 512"),
    ],
)
def test_sizes(cpu: int, memory: int, problem: str) -> None:
    found = _ecs.size_problem(cpu, memory)
    assert found.startswith(problem)
    assert bool(found) is bool(problem)


def test_what_starts_a_deployment_is_what_a_revision_consists_of() -> None:
    members = {name: _ecs.service_request({name: VALUES[name]}) for name in _ecs.SERVICE_PROPERTIES}
    revised = {name for name, request in members.items() if set(request) & set(_ecs_deployments.REVISION_MEMBERS)}
    assert revised == _ecs.STARTS_DEPLOYMENT


VALUES: dict[str, Any] = {
    "task_definition": NEW,
    "desired_count": 0,
    "capacity_provider_strategy": [{"capacity_provider": "FARGATE", "base": 1, "weight": 1}],
    "platform_version": "LATEST",
    "network_configuration": {"subnets": ["b", "a"], "security_groups": ["s"], "assign_public_ip": False},
    "load_balancers": [],
    "health_check_grace_period_seconds": 0,
    "service_connect_configuration": {"enabled": False, "services": []},
    "deployment_configuration": {
        "strategy": "ROLLING",
        "deployment_circuit_breaker": {"enable": True, "rollback": True},
    },
    "enable_execute_command": False,
    "enable_ecs_managed_tags": True,
    "propagate_tags": "SERVICE",
    "availability_zone_rebalancing": "ENABLED",
}


@pytest.mark.parametrize(
    ("properties", "deploys"),
    [
        (set(), False),
        ({"tags"}, False),
        ({"desired_count", "propagate_tags"}, False),
        ({"desired_count", "task_definition"}, True),
    ],
)
def test_a_deployment_needs_one_property_that_starts_it(properties: set[str], deploys: bool) -> None:
    assert _ecs.starts_deployment(properties) is deploys


def test_a_request_is_in_aws_s_words() -> None:
    request = _ecs.service_request(VALUES)
    assert request["enableECSManagedTags"] is True
    assert request["deploymentConfiguration"]["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert request["networkConfiguration"] == {
        "awsvpcConfiguration": {"subnets": ["b", "a"], "securityGroups": ["s"], "assignPublicIp": "DISABLED"}
    }
    assert _ecs.service_request({"tags": {}, "desired_count": None}) == {}


def declared(**more: Any) -> dict[str, Any]:
    item = {"task_definition": NEW, "desired_count": 2, "autoscaled": False}
    return _ecs.declared_service({**item, **more})


@pytest.mark.parametrize(
    ("item", "missing", "expected"),
    [
        ({}, False, {"task_definition": NEW, "desired_count": 2, "waiting_for_image": False}),
        ({}, True, {"waiting_for_image": True}),
        ({"autoscaled": True}, False, {"task_definition": NEW, "started": True, "waiting_for_image": False}),
        ({"autoscaled": True}, True, {"waiting_for_image": True}),
        (
            {"autoscaled": True, "desired_count": 0},
            False,
            {"task_definition": NEW, "waiting_for_image": False},
        ),
    ],
)
def test_what_is_compared_of_a_service(item: dict[str, Any], missing: bool, expected: dict[str, Any]) -> None:
    given = {"task_definition": NEW, "desired_count": 2, "autoscaled": False, **item}
    found = _ecs.declared_service(given, missing)
    assert found.pop("initial") == {"task_definition": NEW, "desired_count": 0 if missing else given["desired_count"]}
    assert found == expected


def test_order_does_not_count() -> None:
    first, second = {"target_group_arn": "a", "container_name": "x", "container_port": 1}, {"target_group_arn": "b"}
    strategy = [{"capacity_provider": "FARGATE_SPOT", "weight": 1}, {"capacity_provider": "FARGATE", "base": 1}]
    one = declared(
        load_balancers=[first, second],
        capacity_provider_strategy=strategy,
        network_configuration={"subnets": ["b", "a"], "security_groups": ["t", "s"], "assign_public_ip": True},
    )
    other = declared(
        load_balancers=[second, first],
        capacity_provider_strategy=strategy[::-1],
        network_configuration={"subnets": ["a", "b"], "security_groups": ["s", "t"], "assign_public_ip": True},
    )
    assert one == other


def deployment(
    state: str | None = "COMPLETED", reason: str = "completed.", arn: str = NEW, status: str = "PRIMARY"
) -> Any:
    return {"status": status, "rolloutState": state, "rolloutStateReason": reason, "taskDefinition": arn}


def service(*deployments: Any, **more: Any) -> dict[str, Any]:
    return {"status": "ACTIVE", "runningCount": 2, "desiredCount": 2, "deployments": list(deployments), **more}


ROLLING_BACK = "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1."


@pytest.mark.parametrize(
    ("entry", "arn", "state", "reason"),
    [
        (service(deployment()), "", _ecs.DONE, "completed."),
        (service(deployment()), NEW, _ecs.DONE, "completed."),
        (service(deployment("IN_PROGRESS", "in progress.")), NEW, _ecs.IN_PROGRESS, "in progress."),
        (
            service(deployment("IN_PROGRESS", "in progress."), deployment(arn=OLD, status="ACTIVE")),
            NEW,
            _ecs.IN_PROGRESS,
            "in progress.",
        ),
        (service(deployment("FAILED", "tasks failed to start.")), "", _ecs.FAILED, "tasks failed to start."),
        (
            service(
                deployment("IN_PROGRESS", ROLLING_BACK, OLD),
                deployment("FAILED", "tasks failed to start.", status="ACTIVE"),
            ),
            "",
            _ecs.FAILED,
            ROLLING_BACK,
        ),
        (service(deployment(arn=OLD)), NEW, _ecs.FAILED, f"ECS runs {OLD} instead"),
        (
            service(
                deployment("IN_PROGRESS", "in progress."), deployment("FAILED", "failed to start", OLD, status="ACTIVE")
            ),
            "",
            _ecs.IN_PROGRESS,
            "in progress.",
        ),
        (service(deployment(None, "")), "", _ecs.DONE, "2 of 2 tasks run"),
        (service(deployment(None, ""), runningCount=1), "", _ecs.IN_PROGRESS, "1 of 2 tasks run"),
        (
            service(deployment(None, ""), deployment(None, "", OLD, "ACTIVE")),
            "",
            _ecs.IN_PROGRESS,
            "2 of 2 tasks run",
        ),
        (service(status="DRAINING"), "", _ecs.FAILED, "the service is DRAINING"),
    ],
)
def test_what_becomes_of_a_deployment(entry: dict[str, Any], arn: str, state: str, reason: str) -> None:
    assert _ecs.rollout(entry, arn) == (state, reason)


@pytest.mark.parametrize(
    ("count", "suspended", "expected"),
    [(0, [], True), (0, [True], True), (0, [False], False), (1, [], False), (1, [True], False)],
)
def test_a_service_that_was_never_started(count: int, suspended: list[bool], expected: bool) -> None:
    assert _ecs.unreleased(count, suspended) is expected


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        ("InvalidParameterException", "Unable to assume the service linked role. Please verify", True),
        ("InvalidParameterException", "no such subnet", False),
        ("AccessDeniedException", "not allowed to create a service linked role", False),
    ],
)
def test_an_account_without_the_linked_role(code: str, message: str, expected: bool) -> None:
    assert _ecs.lacks_linked_role(code, message) is expected


def test_the_audit_of_commands_goes_one_level_deeper() -> None:
    audit = {"logging": "OVERRIDE", "cloud_watch_log_group_name": "exec", "cloud_watch_encryption_enabled": True}
    request = _ecs.cluster_request({"execute_command_configuration": audit})
    assert request == {
        "configuration": {
            "executeCommandConfiguration": {
                "logging": "OVERRIDE",
                "logConfiguration": {"cloudWatchLogGroupName": "exec", "cloudWatchEncryptionEnabled": True},
            }
        }
    }
    described = {"clusterArn": "arn", "status": "ACTIVE", **request}
    assert _ecs.described_cluster(described)["execute_command_configuration"] == audit
