# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the actions of a plan change in the cost of a month; pure.

An action says of its resource, before and after, the properties that its cost depends on. What the tasks of a service
cost follows from three or more resources, so that these are looked at together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from . import _cost_fargate, _cost_kinds
from ._cost_fields import AFTER, BEFORE, DEFINITION, SCHEDULE, SERVICE, TARGET, Properties
from ._cost_prices import Rates, total

Action = Mapping[str, Any]

#: What decides how many tasks of which size run; the change is said of the first that a plan has.
OF_TASKS = (SERVICE, TARGET, DEFINITION, SCHEDULE)
_PROVIDERS = {"FARGATE": "fargate", "FARGATE_SPOT": "spot"}


class Pricing(NamedTuple):
    """What a run knows of costs: the rates, and the declared services by full name, as _cost_fargate.py wants them."""

    rates: Rates
    services: Mapping[str, Properties]


def changes(actions: Sequence[Action], pricing: Pricing | None) -> list[float | None]:
    """What each action adds to a month's cost, in USD; None where that is not known."""
    if pricing is None:
        return [None] * len(actions)
    tasks = _tasks(actions, pricing)
    return [
        _rounded(tasks.get(place, 0.0) if action["kind"] in OF_TASKS else _change(action, pricing.rates))
        for place, action in enumerate(actions)
    ]


def _rounded(amount: float | None) -> float | None:
    return None if amount is None else round(amount, 2) + 0.0


def _change(action: Action, rates: Rates) -> float | None:
    """Of one resource by itself. What is found alike before and after costs the same, whatever that is."""
    if action["kind"] not in _cost_kinds.KINDS:
        return None
    before, after = _both(action)
    if before == after:
        return 0.0
    return _difference(_standing(action["kind"], before, rates), _standing(action["kind"], after, rates))


def _both(action: Action) -> tuple[Properties | None, Properties | None]:
    """The properties on both sides; of an action that says none, whether there is something."""
    said = action.get("priced") or {
        BEFORE: None if action["verb"] == "create" else {},
        AFTER: None if action["verb"] == "delete" else {},
    }
    return said[BEFORE], said[AFTER]


def _standing(kind: str, properties: Properties | None, rates: Rates) -> float | None:
    return 0.0 if properties is None else total(part.amount for part in _cost_kinds.parts(kind, properties, rates))


def _difference(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before


# Tasks


def _tasks(actions: Sequence[Action], pricing: Pricing) -> dict[int, float | None]:
    """What changes of the tasks of each service, by the place of the action that says it."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, action in enumerate(actions):
        if action["kind"] in OF_TASKS:
            found[_service_of(action)].append(place)
    result: dict[int, float | None] = {}
    for name, places in found.items():
        places.sort(key=lambda place: OF_TASKS.index(actions[place]["kind"]))
        own = [actions[place] for place in places]
        result[places[0]] = _difference(*(_running(name, own, side, pricing) for side in (BEFORE, AFTER)))
    return result


def _service_of(action: Action) -> str:
    """The service that an action is about."""
    before, after = _both(action)
    return str((after or before or {}).get("service") or action["name"])


def _running(name: str, actions: Iterable[Action], side: str, pricing: Pricing) -> float | None:
    """What the service's tasks cost on a side of the plan; None where nobody knows their size or number."""
    state: dict[str, Any] | None = dict(pricing.services.get(name) or {})
    for action in actions:
        properties = dict(zip((BEFORE, AFTER), _both(action), strict=True))[side]
        state = None if state is None else _READERS[action["kind"]](state, action, properties)
    if state is None:
        return 0.0
    if not state.keys() >= {"cpu", "memory", "capacity", "desired_count", "min_count", "max_count"}:
        return None
    return total(part.amount for part in _cost_fargate.parts(state, pricing.rates))


def _service(state: dict[str, Any], action: Action, said: Properties | None) -> dict[str, Any] | None:
    """One that is not there runs nothing. One that waits for its image counts as what it will run.

    What autoscaling has moved is not a change; of a service that is declared no more it is all that is known.
    """
    if said is None:
        return None
    strategy, count = said.get("capacity_provider_strategy"), said.get("desired_count")
    counts = {} if count is None else dict.fromkeys(("desired_count", "min_count", "max_count"), count)
    return {**counts, **state, **({} if strategy is None else {"capacity": capacity(strategy)})}


def capacity(strategy: Iterable[Properties]) -> dict[str, int]:
    """A capacity provider strategy in the words of the inventory."""
    found = {"fargate_base": 0, "fargate_weight": 0, "spot_weight": 0}
    for each in strategy:
        name = _PROVIDERS.get(str(each["capacity_provider"]))
        found |= {f"{name}_{part}": int(each.get(part) or 0) for part in ("base", "weight")}
    return found


def _target(state: dict[str, Any], action: Action, said: Properties | None) -> dict[str, Any]:
    """The bounds of autoscaling; without a target the count is the desired one."""
    if said is None:
        desired = state.get("desired_count")
        return {**state, **({} if desired is None else {"min_count": desired, "max_count": desired})}
    counts = {**(said.get("initial") or {}), **said}
    given = {"min_count": counts.get("min_capacity"), "max_count": counts.get("max_capacity")}
    return _bounded({**state, **{name: int(value) for name, value in given.items() if value is not None}})


def _bounded(state: dict[str, Any]) -> dict[str, Any]:
    """The desired count as autoscaling moves it into its bounds."""
    if not state.keys() >= {"desired_count", "min_count", "max_count"}:
        return state
    return {**state, "desired_count": min(max(state["desired_count"], state["min_count"]), state["max_count"])}


def _definition(state: dict[str, Any], action: Action, said: Properties | None) -> dict[str, Any]:
    """The size of a task."""
    if said is None:
        return state
    platform = said.get("runtime_platform") or {}
    size = {name: said[name] for name in ("cpu", "memory", "ephemeral_storage") if said.get(name) is not None}
    return {**state, **size, "architecture": platform.get("cpu_architecture") or state.get("architecture")}


def _schedule(state: dict[str, Any], action: Action, said: Properties | None) -> dict[str, Any]:
    """The schedules of the declared service, with this one as it is on that side."""
    others = [
        each for each in state.get("schedules") or () if f"{_service_of(action)}-{each['name']}" != action["name"]
    ]
    own = [] if said is None else [_as_declared(action["name"], said)]
    return {**state, "schedules": [*others, *own]}


def _as_declared(name: str, said: Properties) -> dict[str, Any]:
    counts = {"min_count": said.get("min_capacity"), "max_count": said.get("max_capacity")}
    return {"name": name, "schedule": said.get("schedule"), **counts}


_READERS: Mapping[str, Callable[[dict[str, Any], Action, Properties | None], dict[str, Any] | None]] = {
    SERVICE: _service,
    TARGET: _target,
    DEFINITION: _definition,
    SCHEDULE: _schedule,
}


def sentence(amounts: Iterable[float | None]) -> str:
    """All changes together, such as C(+1,234.56 USD, 2 not known)."""
    found = list(amounts)
    unknown = sum(1 for each in found if each is None)
    if unknown == len(found):
        return "not known"
    amount = sum(each for each in found if each is not None)
    return f"{amount:+,.2f} USD{f', {unknown} not known' if unknown else ''}"
