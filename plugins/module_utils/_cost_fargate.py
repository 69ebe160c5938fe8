# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the tasks of a service on Fargate cost; pure.

A service is a mapping in the words of the inventory: C(cpu), C(memory), C(architecture), C(ephemeral_storage),
C(capacity), C(desired_count), C(min_count), C(max_count) and C(schedules).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import _quotas
from ._cost_prices import Part, Rates, committed, hourly
from ._cost_schedule import Bounds, Shares, shares

Service = Mapping[str, Any]

UNITS = 1024  #: CPU units of a vCPU, and MiB of a GB
FREE_STORAGE = 20  #: GB that a task has without asking
_ARCHITECTURES = {"X86_64": "x86", "ARM64": "arm"}


def parts(service: Service, rates: Rates, at_most: bool = False) -> list[Part]:
    """vCPUs and memory of the tasks that are desired; C(at_most) of those that autoscaling may start."""
    counts = tasks(service, at_most)
    if counts is None:
        return [Part("tasks: their schedules are not weekly", None, "h", None)]
    on_spot = sum(_on_spot(service, count) * share for count, share in counts.items())
    on_demand = sum(count * share for count, share in counts.items()) - on_spot
    return [
        *_tasks("tasks", on_demand, "fargate_commitment", service, rates),
        *_tasks("tasks on Spot", on_spot, "spot_discount", service, rates),
    ]


def tasks(service: Service, at_most: bool = False) -> Shares | None:
    """How many tasks run, by share of the week; None where that can't be said."""
    bounds = Bounds(*(int(service[name]) for name in ("desired_count", "min_count", "max_count")))
    return shares(bounds, service.get("schedules") or (), at_most)


def _on_spot(service: Service, count: int) -> int:
    return min(count, _quotas.spot_tasks(count, service["capacity"]))


def _tasks(what: str, count: float, discount: str, service: Service, rates: Rates) -> Iterable[Part]:
    """The parts of so many tasks at a discount of the usage; none of no tasks."""
    if not count:
        return
    kind = _ARCHITECTURES.get(str(service.get("architecture") or "X86_64"), "unknown")
    further = max(0.0, float(service.get("ephemeral_storage") or 0) - FREE_STORAGE)
    sizes = (
        ("vCPU", float(service["cpu"]) / UNITS, f"fargate.{kind}.vcpu_hour"),
        ("GB", float(service["memory"]) / UNITS, f"fargate.{kind}.gb_hour"),
        ("GB of further storage", further, "fargate.storage_gb_hour"),
    )
    for unit, size, key in sizes:
        if size:
            yield committed(hourly(rates, f"{what}, {unit}", key, count * size), rates, discount)
