# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What Fargate would refuse in a declared task definition, each with the option's name; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from . import _ecs, _ecs_tasks, _images

Container = Mapping[str, Any]
Containers = Mapping[str, Container]
Found = Iterator[str]

LOG_DRIVERS = ("awslogs", "splunk", "awsfirelens")
STORAGE_MOST = 200  #: GiB
TIMEOUT_MOST = 120  #: seconds to start after others, and to stop
#: What ECS takes of a container's own check: seconds, but for the number of retries.
HEALTH = {"interval": (5, 300), "timeout": (2, 60), "retries": (1, 10), "start_period": (0, 300)}
_UNHEALTHY = ("COMPLETE", "SUCCESS")  #: of what must end before another one starts


def problems(item: Mapping[str, Any]) -> Iterable[str]:
    """All problems of a task definition in the words of its options; those of a container name it by its path."""
    size = _ecs.size_problem(item["cpu"], item["memory"])
    if size:
        yield f"cpu: {size}"
    storage = item.get("ephemeral_storage")
    if storage is not None and not _ecs_tasks.STORAGE <= storage <= STORAGE_MOST:
        yield f"ephemeral_storage: {storage} is not between {_ecs_tasks.STORAGE} and {STORAGE_MOST} GiB"
    containers = item.get("container_definitions") or []
    counted = Counter(each["name"] for each in containers)
    yield from (f"container_definitions: two are called {name}" for name, number in counted.items() if number > 1)
    by_name = {each["name"]: each for each in containers}
    yield from _shares(item, containers)
    for check in _CHECKS:
        for name, container in by_name.items():
            found = check(container, by_name, item)
            yield from (f"container_definitions.{name}.{problem}" for problem in found)
    yield from _together(by_name)


def _shares(item: Mapping[str, Any], containers: Iterable[Container]) -> Found:
    """What containers keep for themselves must fit into the task."""
    reserved = {
        "cpu": sum(each.get("cpu") or 0 for each in containers),
        "memory": sum(each.get("memory_reservation") or each.get("memory") or 0 for each in containers),
    }
    for option, number in reserved.items():
        if number > item[option]:
            yield f"{option}: containers reserve {number}, more than the task's {item[option]}"


def _limits(container: Container, _all: Containers, item: Mapping[str, Any]) -> Found:
    memory, reserved = container.get("memory"), container.get("memory_reservation")
    if memory and memory > item["memory"]:
        yield f"memory: {memory} is more than the task's {item['memory']}"
    if memory and reserved and reserved >= memory:
        yield f"memory_reservation: {reserved} must be below memory, {memory}"
    for option in ("start_timeout", "stop_timeout"):
        seconds = container.get(option)
        if seconds is not None and not 0 <= seconds <= TIMEOUT_MOST:
            yield f"{option}: {seconds} is not between 0 and {TIMEOUT_MOST} seconds, the most that Fargate waits"
    for limit in container.get("ulimits") or []:
        if limit["name"] != "nofile":
            yield f"ulimits: Fargate lets nofile alone be set, not {limit['name']}"
        if limit["soft_limit"] > limit["hard_limit"]:
            yield f"ulimits: the soft limit of {limit['name']} is above the hard one"


def _references(container: Container, containers: Containers, item: Mapping[str, Any]) -> Found:
    """Volumes and containers that it names exist."""
    volumes = item.get("volumes") or []
    for mount in container.get("mount_points") or []:
        if mount["source_volume"] not in volumes:
            yield f"mount_points: there is no volume {mount['source_volume']}"
    for entry in container.get("volumes_from") or []:
        if entry["source_container"] not in containers:
            yield f"volumes_from: there is no container {entry['source_container']}"
    for needed in container.get("depends_on") or []:
        yield from _dependency(containers.get(needed["container_name"]), needed)


def _dependency(other: Container | None, needed: Mapping[str, Any]) -> Found:
    name, condition = needed["container_name"], needed["condition"]
    if other is None:
        yield f"depends_on: there is no container {name}"
    elif condition == "HEALTHY" and not other.get("health_check"):
        yield f"depends_on: {name} has no health_check and so is never HEALTHY"
    elif condition in _UNHEALTHY and other.get("essential") is not False:
        yield f"depends_on: {name} is essential, and {condition} would be the end of the task"


def _logs(container: Container, containers: Containers, _item: Mapping[str, Any]) -> Found:
    driver = (container.get("log_configuration") or {}).get("log_driver")
    if driver and driver not in LOG_DRIVERS:
        yield f"log_configuration.log_driver: Fargate has no {driver}; there are {', '.join(LOG_DRIVERS)}"
    if driver == "awsfirelens" and not any(each.get("firelens_configuration") for each in containers.values()):
        yield "log_configuration.log_driver: awsfirelens needs a container with firelens_configuration"
    if driver == "awsfirelens" and container.get("firelens_configuration"):
        yield "log_configuration.log_driver: the log router cannot send its own output to itself"


def _pins(container: Container, _all: Containers, _item: Mapping[str, Any]) -> Found:
    if container.get("pinned") and not _images.of(container["image"]):
        yield "pinned: only an image in ECR that is named by its tag can be"


def _together(containers: Containers) -> Found:
    """What holds for all containers of a task."""
    if containers and all(each.get("essential") is False for each in containers.values()):
        yield "container_definitions: one at least must be essential"
    if sum(1 for each in containers.values() if each.get("firelens_configuration")) > 1:
        yield "container_definitions: a task has one container with firelens_configuration"
    waits = {name: {each["container_name"] for each in c.get("depends_on") or []} for name, c in containers.items()}
    while free := [name for name, others in waits.items() if not others & waits.keys()]:
        waits = {name: others for name, others in waits.items() if name not in free}
    if waits:
        yield f"container_definitions: {', '.join(sorted(waits))} wait for each other (depends_on)"


def _health(container: Container, _all: Containers, _item: Mapping[str, Any]) -> Found:
    check = container.get("health_check") or {}
    for option, (low, high) in HEALTH.items():
        number = check.get(option)
        if number is not None and not low <= number <= high:
            yield f"health_check.{option}: {number} is not between {low} and {high}"


_CHECKS: tuple[Callable[[Container, Containers, Mapping[str, Any]], Iterable[str]], ...] = (
    _limits,
    _references,
    _logs,
    _pins,
    _health,
)
