# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _ecs_tasks, _plan

ITEM: dict[str, Any] = {
    "cpu": 512,
    "memory": 1024,
    "container_definitions": [{"name": "api", "image": "registry/api:1"}],
}


def declared(**container: Any) -> dict[str, Any]:
    return _ecs_tasks.declared_task(
        {**ITEM, "container_definitions": [{**ITEM["container_definitions"][0], **container}]}
    )


def described(**container: Any) -> dict[str, Any]:
    """What AWS says of a definition with one container."""
    filled = {
        "name": "api",
        "image": "registry/api:1",
        "cpu": 0,
        "essential": True,
        "portMappings": [],
        "environment": [],
        "mountPoints": [],
        "volumesFrom": [],
        "systemControls": [],
    }
    return _ecs_tasks.described_task(
        {
            "family": "api",
            "revision": 7,
            "status": "ACTIVE",
            "cpu": "512",
            "memory": "1024",
            "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"],
            "compatibilities": ["EC2", "FARGATE"],
            "volumes": [],
            "placementConstraints": [],
            "containerDefinitions": [{**filled, **container}],
        }
    )


@pytest.mark.parametrize(
    ("given", "returned"),
    [
        ({}, {}),
        ({"essential": True, "cpu": 0, "command": [], "user": "", "stop_timeout": 30}, {}),
        (
            {"port_mappings": [{"container_port": 8080, "name": "http"}]},
            {"portMappings": [{"containerPort": 8080, "hostPort": 8080, "protocol": "tcp", "name": "http"}]},
        ),
        (
            {"environment": {"B": 2, "A": True}},
            {"environment": [{"name": "A", "value": "True"}, {"name": "B", "value": "2"}]},
        ),
        ({"secrets": {"A": "arn"}}, {"secrets": [{"name": "A", "valueFrom": "arn"}]}),
        (
            {"health_check": {"command": ["CMD", "x"], "interval": None, "retries": 5}},
            {"healthCheck": {"command": ["CMD", "x"], "interval": 30, "timeout": 5, "retries": 5}},
        ),
        (
            {"mount_points": [{"source_volume": "tmp", "container_path": "/tmp"}]},
            {"mountPoints": [{"sourceVolume": "tmp", "containerPath": "/tmp", "readOnly": False}]},
        ),
        (
            {"log_configuration": {"log_driver": "awslogs", "options": {"awslogs-group": "api"}}},
            {"logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "api"}, "secretOptions": []}},
        ),
        ({"linux_parameters": {"init_process_enabled": True}}, {"linuxParameters": {"initProcessEnabled": True}}),
        ({"readonly_root_filesystem": True, "user": "1000"}, {"readonlyRootFilesystem": True, "user": "1000"}),
    ],
)
def test_what_aws_fills_in_is_no_difference(given: dict[str, Any], returned: dict[str, Any]) -> None:
    assert _plan.differences(declared(**given), described(**returned)) == []
    assert _plan.differences(described(**returned), declared(**given)) == []


@pytest.mark.parametrize(
    ("returned", "field"),
    [
        ({"image": "registry/api:2"}, "image"),
        ({"environment": [{"name": "A", "value": "1"}]}, "environment"),
        ({"secrets": [{"name": "A", "valueFrom": "arn"}]}, "secrets"),
        ({"healthCheck": {"command": ["CMD", "x"]}}, "health_check"),
        ({"stopTimeout": 60}, "stop_timeout"),
        ({"essential": False}, "essential"),
        ({"user": "0"}, "user"),
        ({"readonlyRootFilesystem": True}, "readonly_root_filesystem"),
    ],
)
def test_what_somebody_else_registered_is_one(returned: dict[str, Any], field: str) -> None:
    changes = _plan.differences(declared(), described(**returned))
    assert [change.field for change in changes] == [f"container_definitions.api.{field}"]


def test_a_request_holds_what_is_no_default() -> None:
    request = _ecs_tasks.task_request("api", declared(environment={"A": 1}, port_mappings=[{"container_port": 80}]))
    assert request == {
        "family": "api",
        "cpu": "512",
        "memory": "1024",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "runtimePlatform": {"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"},
        "volumes": [],
        "containerDefinitions": [
            {
                "name": "api",
                "image": "registry/api:1",
                "environment": [{"name": "A", "value": "1"}],
                "portMappings": [{"containerPort": 80, "protocol": "tcp"}],
            }
        ],
    }


def test_a_log_driver_keeps_the_names_of_its_options() -> None:
    options = {"awslogs-group": "api", "awslogs-stream-prefix": "ecs", "max-buffer-size": "25m"}
    task = declared(log_configuration={"log_driver": "awslogs", "options": options})
    (container,) = _ecs_tasks.task_request("api", task)["containerDefinitions"]
    assert container["logConfiguration"] == {"logDriver": "awslogs", "options": options}
