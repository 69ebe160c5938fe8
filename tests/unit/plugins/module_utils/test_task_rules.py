# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _services, _task_rules

BUILTIN = {"api": {"port": 8080, "path": "/api", "priority": 10, "secrets": {"PASSWORD": "database:password"}}}
ROUTER = {"name": "log", "image": "log-router:1", "firelens_configuration": {"type": "fluentbit"}}


def values(api: dict[str, Any]) -> dict[str, Any]:
    services = _services.service_list(BUILTIN, {"api": api}, {}, "pay-dev", "1.0")
    return {"stack_name": "pay-dev", "stack_service_list": services}


def problems(api: dict[str, Any]) -> list[str]:
    return [problem for rule in _task_rules.RULES for problem in rule(values(api))]


@pytest.mark.parametrize(
    ("api", "fields"),
    [
        ({}, []),
        ({"memory": 999}, []),
        ({"ephemeral_storage": 10}, ["ephemeral_storage"]),
        ({"stop_timeout": 121}, ["stop_timeout"]),
        ({"ulimits": {"nofile": {"soft_limit": 1, "hard_limit": 2}}}, []),
        ({"ulimits": {"core": {"soft_limit": 1, "hard_limit": 2}}}, ["ulimits"]),
        ({"ulimits": {"nofile": 65536}}, ["ulimits.nofile"]),
        ({"volumes": {"cache": "/var/cache"}}, []),
        ({"volumes": {"tmp": None}}, []),
        ({"volumes": {"cache": "var/cache"}}, ["volumes.cache"]),
        ({"volumes": {"a b": "/var"}}, ["volumes.a b"]),
        ({"user": "root"}, ["user"]),
        ({"user": 0}, ["user"]),
        ({"user": "0:1000"}, ["user"]),
        ({"user": "00"}, ["user"]),
        ({"user": ""}, ["user"]),
        ({"user": "1000:0"}, []),
        ({"user": "app"}, []),
        ({"user": "root", "run_as_root": True}, []),
        ({"log": {"driver": "awsfirelens"}}, ["log.driver"]),
        ({"log": {"driver": "syslog"}}, ["log.driver"]),
        ({"log": {"driver": "awsfirelens", "secret_options": {"t": "x:y"}}, "sidecars": [ROUTER]}, []),
        ({"depends_on": {"log": "START"}, "sidecars": [ROUTER]}, []),
        ({"depends_on": {"log": "START"}}, ["depends_on"]),
        ({"depends_on": {"log": "HEALTHY"}, "sidecars": [ROUTER]}, ["depends_on"]),
        ({"sidecars": ["log"]}, ["sidecars[0]"]),
        ({"sidecars": [{"name": "log"}]}, ["sidecars[0]"]),
        ({"sidecars": [{**ROUTER, "cmd": []}]}, ["sidecars.log.cmd"]),
        ({"sidecars": [{**ROUTER, "pinned": True}]}, ["sidecars.log.pinned"]),
        ({"sidecars": [{**ROUTER, "image": "log-router"}]}, ["sidecars.log.image"]),
        ({"sidecars": [{**ROUTER, "image": f"x.io/log@sha256:{'0' * 64}"}]}, []),
        ({"sidecars": [{**ROUTER, "stop_timeout": 200}]}, ["sidecars.log.stop_timeout"]),
        ({"sidecars": [{**ROUTER, "cpu": 1024}]}, ["cpu"]),
        (
            {"sidecars": [{**ROUTER, "mount_points": [{"source_volume": "x", "container_path": "/x"}]}]},
            ["sidecars.log.mount_points"],
        ),
        ({"sidecars": [{**ROUTER, "mount_points": "x"}]}, ["sidecars.log.mount_points"]),
        ({"sidecars": [{**ROUTER, "mount_points": ["x"]}]}, ["sidecars.log.mount_points"]),
        ({"sidecars": [{**ROUTER, "depends_on": [{"container_name": "api"}]}]}, ["sidecars.log.depends_on"]),
        ({"sidecars": [{**ROUTER, "environment": ["A=1"]}]}, ["sidecars.log.environment"]),
        ({"sidecars": [{**ROUTER, "cpu": "64"}]}, ["sidecars.log.cpu"]),
        ({"sidecars": [{**ROUTER, "essential": 1}]}, ["sidecars.log.essential"]),
        ({"sidecars": [{**ROUTER, "firelens_configuration": {"kind": "x"}}]}, ["sidecars.log.firelens_configuration"]),
        ({"sidecars": [{**ROUTER, "environment": {"A": 1}, "user": None, "command": ["x"], "essential": False}]}, []),
        ({"sidecars": [ROUTER, ROUTER]}, ["sidecars"]),
        ({"sidecars": [{**ROUTER, "name": "api"}]}, ["sidecars"]),
    ],
)
def test_what_fargate_refuses_is_said_by_field(api: dict[str, Any], fields: list[str]) -> None:
    assert [problem.partition(": ")[0] for problem in problems(api)] == [
        f"stack_services.api.{each}" for each in fields
    ]


def test_all_references_to_secrets_are_known() -> None:
    log = {"log_driver": "splunk", "secret_options": {"splunk-token": "hec:token"}}
    sidecar = {**ROUTER, "secrets": {"A": "redis:a"}, "log_configuration": log}
    api = {"log": {"driver": "splunk", "secret_options": {"token": "uex:t"}}, "sidecars": [sidecar]}
    assert _task_rules.secrets(values(api)["stack_service_list"][0]) == {
        "secrets.PASSWORD": "database:password",
        "log.secret_options.token": "uex:t",
        "sidecars.log.secrets.A": "redis:a",
        "sidecars.log.log_configuration.secret_options.splunk-token": "hec:token",
    }


@pytest.mark.parametrize("sidecar", ["log", {**ROUTER, "secrets": ["a"]}, {**ROUTER, "log_configuration": "splunk"}])
def test_what_is_no_reference_is_another_rule_s(sidecar: Any) -> None:
    (service,) = values({"sidecars": [sidecar]})["stack_service_list"]
    assert _task_rules.secrets(service) == {"secrets.PASSWORD": "database:password"}
    assert problems({"sidecars": [sidecar]})
