# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS task definitions in one normal form: what is declared and what AWS returns in the same words; pure.

AWS fills in what nobody gave, and a revision is wholly ours, so that here null means AWS's default.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from . import _aws
from ._ecs import Item

STORAGE = 20  #: GiB that a task on Fargate has without asking
_TASK_DEFAULTS: Item = {
    "network_mode": "awsvpc",
    "requires_compatibilities": ["FARGATE"],
    "task_role_arn": "",
    "execution_role_arn": "",
    "runtime_platform": {"cpu_architecture": "X86_64", "operating_system_family": "LINUX"},
    "ephemeral_storage": STORAGE,
    "volumes": [],
}
_CONTAINER_DEFAULTS: Item = {
    "image": "",
    "essential": True,
    "cpu": 0,
    "memory": 0,
    "memory_reservation": 0,
    "command": [],
    "entry_point": [],
    "working_directory": "",
    "environment": [],
    "secrets": [],
    "port_mappings": [],
    "mount_points": [],
    "volumes_from": [],
    "depends_on": [],
    "health_check": {},
    "linux_parameters": {},
    "ulimits": [],
    "log_configuration": {},
    "firelens_configuration": {},
    "repository_credentials": {},
    "restart_policy": {},
    "docker_labels": {},
    "readonly_root_filesystem": False,
    "user": "",
    "start_timeout": 0,
    "stop_timeout": 30,
    "version_consistency": "enabled",
}
#: Defaults inside the members of a container, and what its lists are sorted by, as AWS keeps no order of its own.
_MEMBER_DEFAULTS: dict[str, Item] = {
    "health_check": {"interval": 30, "timeout": 5, "retries": 3, "start_period": 0},
    "port_mappings": {"protocol": "tcp", "name": "", "app_protocol": ""},
    "mount_points": {"read_only": False},
    "volumes_from": {"read_only": False},
    "linux_parameters": {"init_process_enabled": False},
    "log_configuration": {"options": {}, "secret_options": []},
    "firelens_configuration": {"options": {}},
    "restart_policy": {"enabled": False, "ignored_exit_codes": [], "restart_attempt_period": 300},
}
_MEMBER_NAMES = {
    "health_check": ("command", "interval", "timeout", "retries", "start_period"),
    "port_mappings": ("container_port", "protocol", "name", "app_protocol"),
    "mount_points": ("container_path", "source_volume", "read_only"),
    "volumes_from": ("source_container", "read_only"),
    "depends_on": ("container_name", "condition"),
    "ulimits": ("name", "soft_limit", "hard_limit"),
    "environment": ("name", "value"),
    "secrets": ("name", "value_from"),
    "linux_parameters": ("init_process_enabled",),
    "log_configuration": ("log_driver", "options", "secret_options"),
    "firelens_configuration": ("type", "options"),
    "repository_credentials": ("credentials_parameter",),
    "restart_policy": ("enabled", "ignored_exit_codes", "restart_attempt_period"),
}
_KINDS = {bool: "true or false", int: "a number", str: "a text", list: "a list", Mapping: "a dictionary"}
#: Members whose keys are somebody else's words, and stay as they are.
_FOREIGN = ("options", "docker_labels")

#: What a container can be told, in the words of the module's options.
CONTAINER_OPTIONS = ("name", "pinned", *_CONTAINER_DEFAULTS)


def option_problem(option: str, value: Any) -> str:
    """Why a container's option can't have this value, by its kind and members; empty where it can."""
    kind = Mapping if option in ("environment", "secrets") else type(_CONTAINER_DEFAULTS.get(option, ""))
    kind = Mapping if kind is dict else kind
    if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
        return f"must be {_KINDS[kind]}, is {value!r}"
    if option not in _MEMBER_NAMES or option in ("environment", "secrets"):
        return ""
    known = _MEMBER_NAMES[option]
    needed = set(known) - set(_MEMBER_DEFAULTS.get(option, {}))
    entries = value if isinstance(value, list) else [value]
    wrong = [each for each in entries if not isinstance(each, Mapping) or not needed <= set(each) <= set(known)]
    return f"must have {', '.join(known)}, is {wrong[0]!r}" if wrong else ""


def declared_task(item: Mapping[str, Any]) -> Item:
    """A declared task definition in the normal form; variables and secrets come as dicts, containers as a list."""
    volumes = [{"name": name} for name in item.get("volumes") or []]
    containers = [_declared_container(each) for each in item["container_definitions"]]
    return _task({**item, "container_definitions": containers, "volumes": volumes})


def _declared_container(container: Mapping[str, Any]) -> Item:
    return {
        **container,
        "environment": _pairs(container.get("environment"), "value"),
        "secrets": _pairs(container.get("secrets"), "value_from"),
        "docker_labels": _texts(container.get("docker_labels")),
        "log_configuration": _declared_log(container.get("log_configuration")),
    }


def _declared_log(log: Mapping[str, Any] | None) -> Item | None:
    if not log:
        return None
    secrets = _pairs(log.get("secret_options"), "value_from")
    return {**log, "options": _texts(log.get("options")), "secret_options": secrets}


def described_task(definition: Mapping[str, Any]) -> Item:
    """What DescribeTaskDefinition returned under C(taskDefinition), in the normal form."""
    storage = (definition.get("ephemeralStorage") or {}).get("sizeInGiB")
    return _task({**_renamed(definition, _snake), "ephemeral_storage": storage})


def task_request(family: str, task: Mapping[str, Any]) -> Item:
    """The arguments of RegisterTaskDefinition for a task definition in the normal form."""
    storage = task["ephemeral_storage"]
    members = {name: task[name] for name in _TASK_DEFAULTS if task[name] not in ("", [], storage)}
    definitions = [{"name": name, **_given(task["container_definitions"][name])} for name in task["containers"]]
    request: Item = {
        **members,
        "family": family,
        "cpu": str(task["cpu"]),
        "memory": str(task["memory"]),
        "volumes": [{"name": name} for name in task["volumes"]],
        "container_definitions": definitions,
    }
    more = {} if storage == STORAGE else {"ephemeralStorage": {"sizeInGiB": storage}}
    return {**_renamed(request, _camel), **more}


def opened(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[str]:
    """The containers whose root was read-only and is no more."""
    was, becomes = ((each or {}).get("container_definitions", {}) for each in (before, after))
    closed = {name for name, container in was.items() if container.get("readonly_root_filesystem")}
    return [name for name in sorted(closed & set(becomes)) if not becomes[name].get("readonly_root_filesystem")]


def _pairs(entries: Mapping[str, Any] | None, value: str) -> list[Item]:
    return [{"name": name, value: str(text)} for name, text in (entries or {}).items()]


def _texts(entries: Mapping[str, Any] | None) -> dict[str, str]:
    return {name: str(text) for name, text in (entries or {}).items()}


def _camel(word: str) -> str:
    first, *others = word.split("_")
    return first + "".join(map(str.capitalize, others))


def _snake(word: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", word).lower()


def _renamed(value: Any, rename: Any) -> Any:
    """With all keys in the other spelling, but for those that are no words of ECS."""
    if isinstance(value, list):
        return [_renamed(each, rename) for each in value]
    if not isinstance(value, Mapping):
        return value
    return {rename(key): inner if _snake(key) in _FOREIGN else _renamed(inner, rename) for key, inner in value.items()}


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
    filled = {**_MEMBER_DEFAULTS.get(name, {}), **given}
    if filled.get("secret_options"):
        filled["secret_options"] = sorted(filled["secret_options"], key=lambda entry: str(entry["name"]))
    return filled


def _given(container: Mapping[str, Any]) -> Item:
    """Without what is a default anyway, and without members that AWS refuses to take empty."""
    result = {name: value for name, value in container.items() if value != _CONTAINER_DEFAULTS[name]}
    if "port_mappings" in result:
        ports = result["port_mappings"]
        result["port_mappings"] = [{key: value for key, value in port.items() if value != ""} for port in ports]
    return {name: _filled_only(value) for name, value in result.items()}


def _filled_only(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {key: inner for key, inner in value.items() if inner not in ([], {})}
