# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What Fargate refuses in the containers of a task definition."""

from __future__ import annotations

from typing import Any

Request = dict[str, Any]

LOG_DRIVERS = ("awslogs", "splunk", "awsfirelens")
LONGEST_STOP = 120  #: seconds
STORAGE = range(21, 201)  #: GiB


def containers_error(request: Request) -> str | None:
    """Why the containers are refused, or None."""
    names = {container["name"] for container in request["containerDefinitions"]}
    found = [error for each in request["containerDefinitions"] if (error := container_error(each, names))]
    return storage_error(request) or share_error(request) or (found[0] if found else None)


def storage_error(request: Request) -> str | None:
    """Ephemeral storage is 21 to 200 GiB where it is said at all."""
    size = (request.get("ephemeralStorage") or {}).get("sizeInGiB")
    if size is None or size in STORAGE:
        return None
    return f"Ephemeral storage must be between {STORAGE[0]} and {STORAGE[-1]} GiB, not {size}."


def share_error(request: Request) -> str | None:
    """Containers keep no more for themselves than their task has."""
    for name, reserved in (("cpu", "cpu"), ("memory", "memoryReservation")):
        total = sum(each.get(reserved) or 0 for each in request["containerDefinitions"])
        if str(request.get(name)).isdigit() and total > int(request[name]):
            return f"The {reserved} of all containers, {total}, is more than that of the task, {request[name]}."
    return None


def container_error(container: Request, names: set[str]) -> str | None:
    """Log drivers, limits, times and dependencies of one container."""
    driver = container.get("logConfiguration", {}).get("logDriver", LOG_DRIVERS[0])
    if driver not in LOG_DRIVERS:
        return f"Log driver '{driver}' is not supported on Fargate."
    if any(limit["name"] != "nofile" for limit in container.get("ulimits", [])):
        return "Fargate supports only the ulimit 'nofile'."
    if (container.get("stopTimeout") or 0) > LONGEST_STOP:
        return f"stopTimeout must be at most {LONGEST_STOP} seconds on Fargate."
    unknown = [each["containerName"] for each in container.get("dependsOn", []) if each["containerName"] not in names]
    return f"dependsOn names a container that is not in the task definition: {unknown[0]}" if unknown else None
