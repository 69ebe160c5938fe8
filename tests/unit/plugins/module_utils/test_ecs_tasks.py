# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import botocore.session
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
        ({"memory": 512, "memory_reservation": 256}, {"memory": 512, "memoryReservation": 256}),
        ({"working_directory": "/app", "start_timeout": 60}, {"workingDirectory": "/app", "startTimeout": 60}),
        ({"volumes_from": [{"source_container": "x"}]}, {"volumesFrom": [{"sourceContainer": "x", "readOnly": False}]}),
        (
            {
                "depends_on": [
                    {"container_name": "b", "condition": "START"},
                    {"container_name": "a", "condition": "START"},
                ]
            },
            {"dependsOn": [{"containerName": "a", "condition": "START"}, {"containerName": "b", "condition": "START"}]},
        ),
        (
            {"ulimits": [{"name": "nofile", "soft_limit": 1, "hard_limit": 2}]},
            {"ulimits": [{"name": "nofile", "softLimit": 1, "hardLimit": 2}]},
        ),
        (
            {
                "log_configuration": {
                    "log_driver": "splunk",
                    "options": {"a_b": 1},
                    "secret_options": {"b": "x", "a": "y"},
                }
            },
            {
                "logConfiguration": {
                    "logDriver": "splunk",
                    "options": {"a_b": "1"},
                    "secretOptions": [{"name": "a", "valueFrom": "y"}, {"name": "b", "valueFrom": "x"}],
                }
            },
        ),
        ({"firelens_configuration": {"type": "fluentbit"}}, {"firelensConfiguration": {"type": "fluentbit"}}),
        (
            {"firelens_configuration": {"type": "fluentbit", "options": {"config-file-type": "file"}}},
            {"firelensConfiguration": {"type": "fluentbit", "options": {"config-file-type": "file"}}},
        ),
        (
            {"repository_credentials": {"credentials_parameter": "arn"}},
            {"repositoryCredentials": {"credentialsParameter": "arn"}},
        ),
        (
            {"restart_policy": {"enabled": True}},
            {"restartPolicy": {"enabled": True, "ignoredExitCodes": [], "restartAttemptPeriod": 300}},
        ),
        ({"docker_labels": {"team_Name": 7}}, {"dockerLabels": {"team_Name": "7"}}),
        ({"version_consistency": "enabled"}, {}),
        ({}, {"versionConsistency": "enabled"}),
    ],
)
def test_what_aws_fills_in_is_no_difference(given: dict[str, Any], returned: dict[str, Any]) -> None:
    assert _plan.differences(declared(**given), described(**returned)) == []
    assert _plan.differences(described(**returned), declared(**given)) == []


#: One value of each option of a container that is not AWS's default.
EVERYTHING: dict[str, Any] = {
    "essential": False,
    "cpu": 128,
    "memory": 512,
    "memory_reservation": 256,
    "command": ["run", "--now"],
    "entry_point": ["/bin/app"],
    "working_directory": "/app",
    "environment": {"B": 2, "A": ""},
    "secrets": {"PASSWORD": "arn:secret:key::"},
    "port_mappings": [{"container_port": 80, "protocol": "udp", "name": "http", "app_protocol": "http2"}],
    "mount_points": [{"source_volume": "tmp", "container_path": "/tmp", "read_only": True}],
    "volumes_from": [{"source_container": "other", "read_only": True}],
    "depends_on": [{"container_name": "other", "condition": "HEALTHY"}],
    "health_check": {"command": ["CMD", "x"], "interval": 10, "timeout": 2, "retries": 1, "start_period": 9},
    "linux_parameters": {"init_process_enabled": True},
    "ulimits": [{"name": "nofile", "soft_limit": 1, "hard_limit": 2}],
    "log_configuration": {"log_driver": "splunk", "options": {"a_b-C": "1"}, "secret_options": {"token": "arn"}},
    "firelens_configuration": {"type": "fluentd", "options": {"enable-ecs-log-metadata": "true"}},
    "repository_credentials": {"credentials_parameter": "arn"},
    "restart_policy": {"enabled": True, "ignored_exit_codes": [1], "restart_attempt_period": 60},
    "docker_labels": {"team_Name": "payments"},
    "readonly_root_filesystem": True,
    "user": "1000",
    "start_timeout": 60,
    "stop_timeout": 60,
    "version_consistency": "disabled",
}


def accepted(value: Any, shape: Any) -> Any:
    """What botocore's model takes of a value; KeyError for a member that it doesn't know."""
    if shape.type_name == "structure":
        return {name: accepted(inner, shape.members[name]) for name, inner in value.items()}
    return [accepted(each, shape.member) for each in value] if shape.type_name == "list" else value


@pytest.fixture(scope="module")
def model() -> Any:
    return botocore.session.get_session().get_service_model("ecs")


def test_a_value_of_each_option_is_tried() -> None:
    assert set(EVERYTHING) == set(_ecs_tasks.CONTAINER_OPTIONS) - {"name", "pinned", "image"}


@pytest.mark.parametrize("option", sorted(EVERYTHING))
def test_each_option_goes_to_aws_and_comes_back(option: str, model: Any) -> None:
    task = declared(**{option: EVERYTHING[option]})
    request = _ecs_tasks.task_request("api", task)
    sent = accepted(request, model.operation_model("RegisterTaskDefinition").input_shape)
    (container,) = sent["containerDefinitions"]
    assert set(container) == {"name", "image", _ecs_tasks._camel(option)}
    assert _ecs_tasks.described_task(accepted(request, model.shape_for("TaskDefinition"))) == task
    assert [change.option for change in _plan.differences(declared(), task)] == ["container_definitions"]


def test_storage_beyond_fargate_s_own_goes_to_aws_and_comes_back(model: Any) -> None:
    task = _ecs_tasks.declared_task({**ITEM, "ephemeral_storage": 50, "volumes": ["b", "a"]})
    request = accepted(_ecs_tasks.task_request("api", task), model.shape_for("TaskDefinition"))
    assert request["ephemeralStorage"] == {"sizeInGiB": 50}
    assert _ecs_tasks.described_task(request) == task
    assert "ephemeralStorage" not in _ecs_tasks.task_request("api", declared())


def test_a_root_that_is_opened_is_told() -> None:
    closed, open_ = declared(readonly_root_filesystem=True), declared()
    assert _ecs_tasks.opened(closed, open_) == ["api"]
    assert [_ecs_tasks.opened(*pair) for pair in ((open_, closed), (open_, open_), (None, open_), (closed, None))] == [
        []
    ] * 4


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
