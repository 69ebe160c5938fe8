# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS task definitions in one normal form: what is declared and what AWS returns in the same words; pure.

AWS fills in what nobody gave, and a revision is wholly ours, so that here null means AWS's default.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict

from . import _aws
from ._ecs import Item, camel

_TASK_DEFAULTS: Item = {
    "network_mode": "awsvpc",
    "requires_compatibilities": ["FARGATE"],
    "task_role_arn": "",
    "execution_role_arn": "",
    "runtime_platform": {"cpu_architecture": "X86_64", "operating_system_family": "LINUX"},
    "volumes": [],
}
_CONTAINER_DEFAULTS: Item = {
    "image": "",
    "essential": True,
    "cpu": 0,
    "command": [],
    "entry_point": [],
    "environment": [],
    "secrets": [],
    "port_mappings": [],
    "mount_points": [],
    "health_check": {},
    "linux_parameters": {},
    "log_configuration": {},
    "readonly_root_filesystem": False,
    "user": "",
    "stop_timeout": 30,
}
#: Defaults inside the members of a container, and what its lists are sorted by, as AWS keeps no order of its own.
_MEMBER_DEFAULTS: dict[str, Item] = {
    "health_check": {"interval": 30, "timeout": 5, "retries": 3, "start_period": 0},
    "port_mappings": {"protocol": "tcp", "name": "", "app_protocol": ""},
    "mount_points": {"read_only": False},
    "environment": {},
    "secrets": {},
    "linux_parameters": {"init_process_enabled": False},
    "log_configuration": {"options": {}},
}
_MEMBER_NAMES = {
    "health_check": ("command", "interval", "timeout", "retries", "start_period"),
    "port_mappings": ("container_port", "protocol", "name", "app_protocol"),
    "mount_points": ("container_path", "source_volume", "read_only"),
    "environment": ("name", "value"),
    "secrets": ("name", "value_from"),
    "linux_parameters": ("init_process_enabled",),
    "log_configuration": ("log_driver", "options"),
}


def declared_task(item: Mapping[str, Any]) -> Item:
    """A declared task definition in the normal form; variables and secrets come as dicts, containers as a list."""
    containers = [
        {
            **container,
            "environment": _pairs(container.get("environment"), "value"),
            "secrets": _pairs(container.get("secrets"), "value_from"),
        }
        for container in item["container_definitions"]
    ]
    volumes = [{"name": name} for name in item.get("volumes") or []]
    return _task({**item, "container_definitions": containers, "volumes": volumes})


def described_task(definition: Mapping[str, Any]) -> Item:
    """What DescribeTaskDefinition returned under C(taskDefinition), in the normal form."""
    return _task(camel_dict_to_snake_dict(dict(definition), ignore_list=["options"]))


def task_request(family: str, task: Mapping[str, Any]) -> Item:
    """The arguments of RegisterTaskDefinition for a task definition in the normal form."""
    members = {name: task[name] for name in _TASK_DEFAULTS if task[name] not in ("", [])}
    definitions = [{"name": name, **_given(task["container_definitions"][name])} for name in task["containers"]]
    request: Item = {
        **members,
        "family": family,
        "cpu": str(task["cpu"]),
        "memory": str(task["memory"]),
        "volumes": [{"name": name} for name in task["volumes"]],
        "container_definitions": definitions,
    }
    return camel(request)


def _pairs(entries: Mapping[str, Any] | None, value: str) -> list[Item]:
    return [{"name": name, value: str(text)} for name, text in (entries or {}).items()]


def _task(task: Mapping[str, Any]) -> Item:
    """C(container_definitions) becomes a dict by name, so that a difference names its field."""
    containers = {each["name"]: _container(each) for each in task["container_definitions"]}
    given = _aws.declared({name: task.get(name) for name in _TASK_DEFAULTS})
    normal = {**_TASK_DEFAULTS, **given}
    return {
        **normal,
        "runtime_platform": {**_TASK_DEFAULTS["runtime_platform"], **_aws.declared(normal["runtime_platform"])},
        "volumes": sorted(volume["name"] for volume in normal["volumes"]),
        "cpu": int(task["cpu"]),
        "memory": int(task["memory"]),
        "containers": sorted(containers),
        "container_definitions": containers,
    }


def _container(container: Mapping[str, Any]) -> Item:
    given = _aws.declared({name: container.get(name) for name in _CONTAINER_DEFAULTS})
    members = {name: _member(name, given[name]) for name in _MEMBER_NAMES if given.get(name)}
    return {**_CONTAINER_DEFAULTS, **given, **members}


def _member(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return _filled(name, value)
    key = _MEMBER_NAMES[name][0]
    return sorted((_filled(name, entry) for entry in value), key=lambda entry: entry[key])


def _filled(name: str, value: Mapping[str, Any]) -> Item:
    given = _aws.declared({key: value.get(key) for key in _MEMBER_NAMES[name]})
    return {**_MEMBER_DEFAULTS[name], **given}


def _given(container: Mapping[str, Any]) -> Item:
    """Without what is a default anyway, and without names that AWS refuses to take empty."""
    result = {name: value for name, value in container.items() if value != _CONTAINER_DEFAULTS[name]}
    if "port_mappings" in result:
        ports = result["port_mappings"]
        result["port_mappings"] = [{key: value for key, value in port.items() if value != ""} for port in ports]
    return result
