# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules on what services come to as tasks; each problem begins with the service's field; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import _ecs_tasks, _service_tasks, _task_problems

Values = Mapping[str, Any]
Service = Mapping[str, Any]

#: What a task is made of where nothing is known but the inventory; its secrets are looked at by another rule.
_NOWHERE: Values = {
    "partition": "aws",
    "account": "0" * 12,
    "region": "nowhere",
    "registry": "registry.invalid",
    "pin_images": False,
    "cached": (),
    "environment": {},
    "secrets": {},
}
_WORDS = {
    "log_configuration.log_driver": "log.driver",
    "mount_points": "volumes",
}


def tasks(values: Values) -> Iterable[str]:
    """Fargate takes the task that a service comes to."""
    for service in values["stack_service_list"]:
        place = f"stack_services.{service['name']}"
        strange = list(_strange(service))
        yield from (f"{place}.{problem}" for problem in strange)
        if not strange:
            item = _service_tasks.task_definition(_without_secrets(service), {**_NOWHERE, "name": values["stack_name"]})
            found = _task_problems.problems(item)
            yield from (f"{place}.{_in_words(service['name'], problem)}" for problem in found if not _is_size(problem))


def _strange(service: Service) -> Iterable[str]:
    """What keeps a task from being worked out: sidecars that are none."""
    for index, sidecar in enumerate(service["sidecars"]):
        if not isinstance(sidecar, Mapping) or not sidecar.get("name") or not sidecar.get("image"):
            yield f"sidecars[{index}]: needs name and image"
            continue
        for option, value in sidecar.items():
            if option not in _ecs_tasks.CONTAINER_OPTIONS or option == "pinned":
                known = sorted(set(_ecs_tasks.CONTAINER_OPTIONS) - {"pinned"})
                yield f"sidecars.{sidecar['name']}.{option}: no such option; there are {', '.join(known)}"
            elif value is not None and _ecs_tasks.option_problem(option, value):
                yield f"sidecars.{sidecar['name']}.{option}: {_ecs_tasks.option_problem(option, value)}"
    for name, limits in service["ulimits"].items():
        if not isinstance(limits, Mapping) or set(limits) != {"soft_limit", "hard_limit"}:
            yield f"ulimits.{name}: needs soft_limit and hard_limit"


def _without_secrets(service: Service) -> dict[str, Any]:
    sidecars = [
        {**each, "secrets": {}, "log_configuration": {**(each.get("log_configuration") or {}), "secret_options": {}}}
        for each in service["sidecars"]
    ]
    return {**service, "secrets": {}, "sidecars": sidecars, "log": {**service["log"], "secret_options": {}}}


def secrets(service: Service) -> dict[str, str]:
    """What a service, its log and its sidecars are given of the environment's secrets, by field."""
    given = {"secrets": service["secrets"], "log.secret_options": service["log"]["secret_options"]}
    for each in filter(_is_mapping, service["sidecars"]):
        place, log = f"sidecars.{each.get('name')}", each.get("log_configuration")
        given[f"{place}.secrets"] = each.get("secrets")
        given[f"{place}.log_configuration.secret_options"] = log.get("secret_options") if _is_mapping(log) else None
    sound = {field: named for field, named in given.items() if _is_mapping(named)}
    return {f"{field}.{name}": text for field, named in sound.items() for name, text in named.items()}


def _is_mapping(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_size(problem: str) -> bool:
    """Whether another rule says it already."""
    return problem.startswith("cpu: Fargate")


def _in_words(name: str, problem: str) -> str:
    """A problem of a container in the words of a service's fields."""
    for path, field in ((f"container_definitions.{name}.", ""), ("container_definitions.", "sidecars.")):
        if problem.startswith(path):
            option, colon, text = problem[len(path) :].partition(": ")
            return f"{field}{option if field else _WORDS.get(option, option)}{colon}{text}"
    return problem.replace("container_definitions:", "sidecars:")


def users(values: Values) -> Iterable[str]:
    """No service runs as root, or as whoever its image says, unless it says so itself."""
    for service in values["stack_service_list"]:
        user = str(service["user"]).partition(":")[0]
        if not service["run_as_root"] and (user in ("", "root") or re.fullmatch("0+", user)):
            who = f"{user} is root" if user else "is empty, which leaves it to the image, where it may be root"
            yield f"stack_services.{service['name']}.user: {who}; give another one, or say run_as_root: true"


def volumes(values: Values) -> Iterable[str]:
    """A volume is mounted at a directory of its own."""
    for service in values["stack_service_list"]:
        for name, path in service["volumes"].items():
            place = f"stack_services.{service['name']}.volumes.{name}"
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", str(name)):
                yield f"{place}: must be letters, digits, hyphens and underscores"
            if path is not None and not re.fullmatch(r"(/[^/\s]+)+", str(path)):
                yield f"{place}: {path!r} must be a directory in the container, such as /var/cache"


def images(values: Values) -> Iterable[str]:
    """The image of a sidecar has a tag or digest of its own."""
    for service in values["stack_service_list"]:
        for sidecar in service["sidecars"]:
            text = str((sidecar or {}).get("image", "")) if isinstance(sidecar, Mapping) else ""
            if text and not re.search(r"(:[^/:@]+|@sha256:[0-9a-f]{64})$", text):
                place = f"stack_services.{service['name']}.sidecars.{sidecar.get('name')}.image"
                yield f"{place}: {text!r} must end in a tag or a digest"


RULES: tuple[Callable[[Values], Iterable[str]], ...] = (tasks, users, volumes, images)
