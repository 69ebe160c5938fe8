# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What would make an environment cheaper, and by how much, each alone and all together; pure.

A lever is another estate or other prices; what it saves is the difference of two estimates. Where AWS's discount
moves, there is a least and a most.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ._cost_estimate import SERVICE, Estate, items, sum_of, unknowns
from ._cost_prices import Rates

Resource = Mapping[str, Any]
State = tuple[Estate, Rates]

DATABASE = "AWS::RDS::DBInstance"
CACHE = "AWS::ElastiCache::ReplicationGroup"
NAT = "AWS::EC2::NatGateway"
ENDPOINT = "AWS::EC2::VPCEndpoint"
WORKING_DAYS = 5
#: The Graviton family that takes a family's place at the same size.
GRAVITON = {"t3": "t4g", "m5": "m6g", "r5": "r6g"}
#: From and to which share of the price on demand Fargate Spot takes off.
SPOT = (0.5, 0.7)
#: The discounts of one year without payment ahead, by the assumption's name; from and to. The cache's is not known.
ONE_YEAR = {"rds_commitment": (0.30, 0.33), "fargate_commitment": (0.20, 0.20)}


class Lever(NamedTuple):
    """Its name, what it means, and what it makes of an estate at its least and at its most."""

    name: str
    what: str
    pull: Callable[[State, bool], State]


def _each(estate: Estate, kind: str, change: Callable[[Resource], Resource]) -> Estate:
    """The estate with every resource of the kind changed."""
    return [
        {**entry, "resources": [change(each) for each in entry["resources"]]} if entry["kind"] == kind else entry
        for entry in estate
    ]


def _kept(estate: Estate, kind: str, keep: Callable[[int, Any], bool]) -> Estate:
    """The estate with those resources of the kind alone that are kept, by their place and themselves."""
    return [
        {**entry, "resources": [each for place, each in enumerate(entry["resources"]) if keep(place, each)]}
        if entry["kind"] == kind
        else entry
        for entry in estate
    ]


def one_nat(state: State, most: bool) -> State:
    return _kept(state[0], NAT, lambda place, _each: place == 0), state[1]


def no_endpoints(state: State, most: bool) -> State:
    return _kept(state[0], ENDPOINT, lambda _place, each: each["vpc_endpoint_type"] != "Interface"), state[1]


def graviton(state: State, most: bool) -> State:
    estate, rates = state
    for kind, field in ((DATABASE, "db_instance_class"), (CACHE, "cache_node_type")):
        estate = _each(estate, kind, functools.partial(_moved, field))
    return estate, rates


def _moved(field: str, resource: Resource) -> Resource:
    return {**resource, field: _on_graviton(resource[field])}


def _on_graviton(name: str) -> str:
    """The class on Graviton, such as C(db.t4g.medium) for C(db.t3.medium); the same where there is none."""
    product, family, size = name.split(".")
    return f"{product}.{GRAVITON.get(family, family)}.{size}"


def valkey(state: State, most: bool) -> State:
    return _each(state[0], CACHE, lambda each: {**each, "engine": "valkey"}), state[1]


def arm(state: State, most: bool) -> State:
    return _each(state[0], SERVICE, lambda each: {**each, "architecture": "ARM64"}), state[1]


def spot(state: State, most: bool) -> State:
    """All tasks on Spot."""
    capacity = {"fargate_base": 0, "fargate_weight": 0, "spot_weight": 1}
    estate, rates = _each(state[0], SERVICE, lambda each: {**each, "capacity": capacity}), state[1]
    return estate, rates._replace(usage={**rates.usage, "spot_discount": SPOT[most]})


def off_hours(state: State, most: bool) -> State:
    """No task outside of working hours: as with schedules, but for services that have none."""
    end = min(8 + math.ceil(float(state[1].usage["working_hours"]) / WORKING_DAYS), 23)
    schedules: list[Resource] = [
        {"schedule": "cron(0 8 ? * MON-FRI *)", "min_count": None, "max_count": None},
        {"schedule": f"cron(0 {end} ? * MON-FRI *)", "min_count": 0, "max_count": 0},
    ]
    return _each(state[0], SERVICE, lambda each: _scheduled(each, schedules)), state[1]


def _scheduled(service: Resource, schedules: Sequence[Resource]) -> Resource:
    if service.get("schedules"):
        return service
    counts = {"min_count": service["min_count"], "max_count": service["max_count"]}
    begin, end = schedules
    return {**service, "schedules": [{**begin, **counts}, end]}


def one_year(state: State, most: bool) -> State:
    """Reserved instances for the databases, a Compute Savings Plan for tasks on demand."""
    estate, rates = state
    return estate, rates._replace(usage={**rates.usage, **{name: offs[most] for name, offs in ONE_YEAR.items()}})


LEVERS = (
    Lever("one_nat", "one NAT gateway for all zones", one_nat),
    Lever("graviton", "database and cache on Graviton", graviton),
    Lever("valkey", "Valkey in place of Redis", valkey),
    Lever("arm", "tasks on ARM", arm),
    Lever("spot", "tasks on Spot, 50 to 70 % off", spot),
    Lever("off_hours", "no tasks outside of working hours", off_hours),
    Lever("no_endpoints", "no interface endpoints", no_endpoints),
    Lever("one_year", "databases reserved and tasks committed to for a year", one_year),
)


class Sum(NamedTuple):
    """What is known of an estimate, and of how much nothing is."""

    amount: float
    unknown: int


def _sum(state: State) -> Sum:
    found = items(*state)
    return Sum(sum_of(found), len(unknowns(found)))


def savings(estate: Estate, rates: Rates) -> list[dict[str, Any]]:
    """What each lever saves alone, in USD a month, and all together last."""
    state = estate, rates
    before = _sum(state)
    alone = [_saving(lever.name, lever.what, [lever], state, before) for lever in LEVERS]
    return [*alone, _saving("together", "all of these", list(LEVERS), state, before)]


def _saving(name: str, what: str, levers: Sequence[Lever], state: State, before: Sum) -> dict[str, Any]:
    """A range, as discounts move. What has no price on the other side saves nobody knows how much."""
    ends = [_sum(_pulled(levers, state, most)) for most in (False, True)]
    saved = [None if end.unknown > before.unknown else round(before.amount - end.amount, 2) for end in ends]
    return {"lever": name, "what": what, "saves_least": saved[0], "saves_most": saved[1]}


def _pulled(levers: Sequence[Lever], state: State, most: bool) -> State:
    for lever in levers:
        state = lever.pull(state, most)
    return state
