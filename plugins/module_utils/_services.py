# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The services of the product: what an inventory says of each, completed with defaults and derived names; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import _names
from ._deployments import ROLLING

Service = dict[str, Any]

REQUIRED = ("port", "path", "priority")
PRIORITY_STEP = 10
TARGET_GROUP_LIMIT = 32  #: characters that AWS allows
#: Every other field with its default; None is derived from others. Dicts that are empty here take any key.
DEFAULTS: Service = {
    "enabled": True,
    "repository": None,
    "image_tag": None,
    "build": {"context": "", "containerfile": "", "arguments": {}, "target": ""},
    "cpu": 512,
    "memory": 1024,
    "ephemeral_storage": 20,
    "architecture": "X86_64",
    "desired_count": 2,
    "min_count": None,
    "max_count": None,
    "health_check": {
        "path": "/health",
        "interval": 30,
        "timeout": 5,
        "healthy_threshold": 2,
        "unhealthy_threshold": 3,
        "grace_period": 60,
        "matcher": "200",
        "command": [],
    },
    "environment": {},
    "secrets": {},
    "scaling": {
        "cpu": 60,
        "memory": 70,
        "requests": 1000,
        "scale_in_cooldown": 300,
        "scale_out_cooldown": 60,
        "steps": [],
    },
    "schedules": [],
    "capacity": {"fargate_base": 1, "fargate_weight": 1, "spot_weight": 0},
    "deployment": {
        "strategy": ROLLING,
        "bake_time_in_minutes": 5,
        "linear_configuration": {"step_percent": 10, "step_bake_time_in_minutes": 6},
        "canary_configuration": {"canary_percent": 5, "canary_bake_time_in_minutes": 10},
        "lifecycle_hooks": [],
        "rollback_alarms": {"target_5xx": 10, "response_seconds": 2},
        "further_alarms": [],
        "order": 10,
    },
    "conditions": {"header": {}, "source_cidrs": [], "hosts": []},
    "stickiness": {"enabled": False, "duration": 86400},
    "exec": False,
    "user": "1000",
    "run_as_root": False,
    "volumes": {},
    "ulimits": {},
    "stop_timeout": 30,
    "log": {"driver": "awslogs", "options": {}, "secret_options": {}},
    "sidecars": [],
    "depends_on": {},
    "policy_statements": [],
    "alarms": {"cpu": 80, "memory": 85},
}
#: Who says which image a service has: its own entry in the inventory, a recorded release, or C(stack_image_tag).
INVENTORY, RELEASE, STACK = "inventory", "release", "stack"
_KINDS = {bool: "true or false", int: "a number", str: "a text", list: "a list", dict: "a dictionary"}


def merged(lower: Mapping[str, Any], upper: Mapping[str, Any] | None) -> dict[str, Any]:
    """C(upper) laid over C(lower): dicts are merged key by key, everything else is replaced."""
    result = dict(lower)
    for key, value in (upper or {}).items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
        result[key] = merged(result[key], value) if both else value
    return result


def service_list(
    builtin: Mapping[str, Any],
    overrides: Mapping[str, Any] | None,
    defaults: Mapping[str, Any] | None,
    stack_name: str,
    image_tag: str = "latest",
    released: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Service]:
    """All enabled services by listener priority, every field filled. ValueError says all that is wrong, by field.

    C(released) has the releases in force, whose tags count where the inventory names none for that service.
    """
    overrides, defaults = overrides or {}, defaults or {}
    layers = {name: (builtin.get(name), defaults, overrides.get(name)) for name in {**builtin, **overrides}}
    problems = [*_unknown("stack_service_defaults", defaults), *_all_problems(builtin, layers)]
    if problems:
        raise ValueError("; ".join(problems))
    tags = {name: _tag((released or {}).get(name), image_tag) for name in layers}
    found = [_complete(name, each, stack_name, tags[name]) for name, each in layers.items()]
    return sorted((each for each in found if each.pop("enabled")), key=lambda each: (each["priority"], each["name"]))


def _all_problems(builtin: Mapping[str, Any], layers: Mapping[str, Sequence[Any]]) -> Iterable[str]:
    used = [entry["priority"] for entry in builtin.values()]
    used += [layer["priority"] for each in layers.values() for layer in each if layer and "priority" in layer]
    free = max(used, default=0) // PRIORITY_STEP * PRIORITY_STEP + PRIORITY_STEP
    for name, each in layers.items():
        given = _given(each)
        yield from _unknown(f"stack_services.{name}", each[-1] or {})
        missing = [field for field in REQUIRED if given.get(field) is None]
        hint = f" (the next free priority is {free})" if "priority" in missing else ""
        if missing and given.get("enabled", True):
            yield f"stack_services.{name}: needs {', '.join(missing)}{hint}"


def _unknown(place: str, given: Mapping[str, Any], known: Mapping[str, Any] | None = None) -> Iterable[str]:
    """Fields that no service has, each with where it stands and what there is."""
    fields = {**dict.fromkeys(REQUIRED), **DEFAULTS} if known is None else known
    for key, value in given.items():
        if key not in fields:
            yield f"{place}.{key}: no such field; there are {', '.join(sorted(fields))}"
        elif not _fits(value, fields[key]):
            yield f"{place}.{key}: must be {_KINDS[type(fields[key])]}, is {value!r}"
        elif fields[key] and isinstance(fields[key], Mapping) and isinstance(value, Mapping):
            yield from _unknown(f"{place}.{key}", value, fields[key])


def _fits(value: Any, default: Any) -> bool:
    """Whether a value is of the kind of a field's default; a text may be given as a number."""
    if value is None or default is None:
        return True
    if isinstance(default, str):
        return isinstance(value, (str, int, float))
    kind = Mapping if isinstance(default, Mapping) else type(default)
    return isinstance(value, kind) and isinstance(value, bool) is isinstance(default, bool)


def _given(layers: Iterable[Mapping[str, Any] | None]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for layer in layers:
        result = merged(result, layer)
    return result


def _tag(release: Mapping[str, Any] | None, image_tag: str) -> dict[str, str]:
    """The tag of a service that names none, and where it is from."""
    if release:
        return {"image_tag": release["image_tag"], "image_tag_from": RELEASE}
    return {"image_tag": image_tag, "image_tag_from": STACK}


def _complete(
    name: str, layers: Iterable[Mapping[str, Any] | None], stack_name: str, tag: Mapping[str, str]
) -> Service:
    entry = merged(DEFAULTS, _given(layers))
    source = tag["image_tag_from"] if entry["image_tag"] is None else INVENTORY
    for field, value in _derived(name, entry, tag["image_tag"]).items():
        entry[field] = value if entry[field] is None else entry[field]
    full_name = f"{stack_name}-{name}"
    return {
        **entry,
        "name": name,
        "image_tag_from": source,
        "full_name": full_name,
        "repository_name": f"{stack_name}/{entry['repository']}",
        "role_name": f"{stack_name}-task-{name}",
        "log_group": full_name,
        "target_group": _names.short(full_name, TARGET_GROUP_LIMIT),
        "alternate_target_group": _alternate(full_name, entry["deployment"]["strategy"]),
    }


def group_names(service: Mapping[str, Any]) -> list[str]:
    """The names of a service's target groups; ECS moves a service between two unless it is deployed rolling."""
    return [name for name in (service["target_group"], service["alternate_target_group"]) if name]


def _alternate(full_name: str, strategy: str) -> str:
    """The target group that ECS shifts traffic to and from; a rolling deployment needs none."""
    return "" if strategy == ROLLING else _names.short(f"{full_name}-green", TARGET_GROUP_LIMIT)


def _derived(name: str, entry: Service, image_tag: str) -> dict[str, Any]:
    """Defaults that depend on other fields: never fewer tasks than desired, room to double."""
    desired = entry["desired_count"]
    least = desired if entry["min_count"] is None else entry["min_count"]
    return {"repository": name, "image_tag": image_tag, "min_count": least, "max_count": max(2 * desired, least)}
