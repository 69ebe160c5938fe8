# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _task_problems

API = {"name": "api", "image": "registry/api:1"}
CHECK = {"command": ["CMD", "x"]}
ROUTER = {"name": "router", "image": "x", "firelens_configuration": {"type": "fluentbit"}}
ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com/api"


def item(*others: dict[str, Any], container: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"cpu": 512, "memory": 1024, "container_definitions": [{**API, **(container or {})}, *others], **more}


def wait_for(name: str, condition: str = "START") -> list[dict[str, str]]:
    return [{"container_name": name, "condition": condition}]


def nofile(soft: int, hard: int, name: str = "nofile") -> list[dict[str, Any]]:
    return [{"name": name, "soft_limit": soft, "hard_limit": hard}]


SIDE = {"name": "side", "image": "x"}


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        (item(), []),
        (item(memory=8192), ["cpu"]),
        (item(ephemeral_storage=20), []),
        (item(ephemeral_storage=200), []),
        (item(ephemeral_storage=19), ["ephemeral_storage"]),
        (item(ephemeral_storage=201), ["ephemeral_storage"]),
        (item(API), ["container_definitions"]),
        (item({**SIDE, "cpu": 256}, container={"cpu": 256}), []),
        (item({**SIDE, "cpu": 257}, container={"cpu": 256}), ["cpu"]),
        (item({**SIDE, "memory_reservation": 513}, container={"memory": 512}), ["memory"]),
        (item({**SIDE, "memory_reservation": 512}, container={"memory": 1024, "memory_reservation": 512}), []),
        (item(container={"memory": 1025}), ["memory", "container_definitions.api.memory"]),
        (item(container={"memory": 512, "memory_reservation": 512}), ["container_definitions.api.memory_reservation"]),
        (item(container={"stop_timeout": 120, "start_timeout": 120}), []),
        (item(container={"stop_timeout": 121}), ["container_definitions.api.stop_timeout"]),
        (item(container={"start_timeout": 121}), ["container_definitions.api.start_timeout"]),
        (item(container={"ulimits": nofile(1, 2)}), []),
        (item(container={"ulimits": nofile(2, 1)}), ["container_definitions.api.ulimits"]),
        (item(container={"ulimits": nofile(1, 2, "core")}), ["container_definitions.api.ulimits"]),
        (item(container={"mount_points": [{"source_volume": "a"}]}, volumes=["a"]), []),
        (item(container={"mount_points": [{"source_volume": "a"}]}), ["container_definitions.api.mount_points"]),
        (item(container={"volumes_from": [{"source_container": "x"}]}), ["container_definitions.api.volumes_from"]),
        (item(SIDE, container={"depends_on": wait_for("side")}), []),
        (item(container={"depends_on": wait_for("side")}), ["container_definitions.api.depends_on"]),
        (item({**SIDE, "health_check": CHECK}, container={"depends_on": wait_for("side", "HEALTHY")}), []),
        (item(SIDE, container={"depends_on": wait_for("side", "HEALTHY")}), ["container_definitions.api.depends_on"]),
        (item({**SIDE, "essential": False}, container={"depends_on": wait_for("side", "SUCCESS")}), []),
        (item(SIDE, container={"depends_on": wait_for("side", "COMPLETE")}), ["container_definitions.api.depends_on"]),
        (
            item({**SIDE, "depends_on": wait_for("api")}, container={"depends_on": wait_for("side")}),
            ["container_definitions"],
        ),
        (item(container={"depends_on": wait_for("api")}), ["container_definitions"]),
        (item(container={"essential": False}), ["container_definitions"]),
        (item(ROUTER, container={"log_configuration": {"log_driver": "awsfirelens"}}), []),
        (
            item(container={"log_configuration": {"log_driver": "awsfirelens"}}),
            ["container_definitions.api.log_configuration.log_driver"],
        ),
        (
            item({**ROUTER, "log_configuration": {"log_driver": "awsfirelens"}}),
            ["container_definitions.router.log_configuration.log_driver"],
        ),
        (
            item(container={"log_configuration": {"log_driver": "syslog"}}),
            ["container_definitions.api.log_configuration.log_driver"],
        ),
        (item(ROUTER, {**ROUTER, "name": "second"}), ["container_definitions"]),
        (item(container={"image": f"{ECR}:1", "pinned": True}), []),
        (item(container={"image": f"{ECR}@sha256:1", "pinned": True}), ["container_definitions.api.pinned"]),
        (item(container={"pinned": True}), ["container_definitions.api.pinned"]),
    ],
)
def test_what_fargate_refuses_is_said_by_option(given: dict[str, Any], problems: list[str]) -> None:
    assert [each.partition(":")[0] for each in _task_problems.problems(given)] == problems


def test_those_who_wait_for_each_other_are_named() -> None:
    given = item({**SIDE, "depends_on": wait_for("api")}, container={"depends_on": wait_for("side")})
    assert list(_task_problems.problems(given)) == ["container_definitions: api, side wait for each other (depends_on)"]
