# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _cost_estimate, _cost_levers
from ansible_collections.uex.payments.plugins.module_utils._cost_prices import Rates
from ansible_collections.uex.payments.tests.support import costs

RATES = costs.rates(nat_gb=100)
SERVICE: dict[str, Any] = {
    "name": "api",
    "full_name": "uex-api",
    "cpu": 1024,
    "memory": 2048,
    "architecture": "X86_64",
    "capacity": {"fargate_base": 1, "fargate_weight": 1, "spot_weight": 0},
    "desired_count": 2,
    "min_count": 2,
    "max_count": 4,
    "schedules": [],
}
DATABASE = {"name": "uex-db", "db_instance_class": "db.t3.large", "storage_type": "gp3", "allocated_storage": 100}
CACHE = {"name": "uex-redis", "engine": "redis", "cache_node_type": "cache.t3.small", "num_cache_clusters": 2}
ENDPOINTS = [
    {"name": "s3", "vpc_endpoint_type": "Gateway"},
    {"name": "logs", "vpc_endpoint_type": "Interface", "subnet_ids": ["a", "b"]},
]


def entry(layer: str, kind: str, *resources: Any) -> dict[str, Any]:
    return {"layer": layer, "kind": kind, "resources": list(resources)}


ESTATE = [
    entry("network", "AWS::EC2::NatGateway", "nat-a", "nat-b"),
    entry("network", "AWS::EC2::VPCEndpoint", *ENDPOINTS),
    entry("data", "AWS::RDS::DBInstance", DATABASE),
    entry("data", "AWS::ElastiCache::ReplicationGroup", CACHE),
    entry("compute", "AWS::ECS::Service", SERVICE),
    entry("compute", "AWS::ECS::Cluster", {"name": "uex", "container_insights": "enabled"}),
]
#: USD a month, to the cent: two gateways with an address each, two interfaces, database, two nodes, two tasks.
NAT, INTERFACES, DB, NODES, TASK = 36.50, 14.60, 105.85 + 11.50, 49.64, 0.04937 * 730
RESOURCES = 2 * NAT + INTERFACES + DB + NODES + 72.08
#: 100 GB through NAT, 10 of logs taken in and kept, 100 in buckets, 10 of images.
USED = 4.50 + 5.00 + 0.30 + 2.30 + 1.00


def test_the_total_is_what_resources_and_use_cost() -> None:
    items = _cost_estimate.items(ESTATE, RATES)
    assert _cost_estimate.of_resources(items) == pytest.approx(RESOURCES)
    assert _cost_estimate.sum_of(items) == pytest.approx(RESOURCES + USED)
    assert _cost_estimate.monthly(ESTATE, RATES, at_most=True) == pytest.approx(RESOURCES + USED + 72.08, abs=0.02)


def test_a_service_is_called_by_its_full_name_and_a_bare_name_is_one() -> None:
    names = [(item.kind.rpartition(":")[2], item.name) for item in _cost_estimate.items(ESTATE, RATES) if not item.used]
    assert names == [
        *(("NatGateway", "nat-a"), ("NatGateway", "nat-b"), ("VPCEndpoint", "logs"), ("DBInstance", "uex-db")),
        *(("ReplicationGroup", "uex-redis"), ("Service", "uex-api"), ("Cluster", "uex")),
    ]


def test_layers_and_services_add_up_to_the_total_largest_first() -> None:
    items = _cost_estimate.items(ESTATE, RATES)
    layers, services = _cost_estimate.by_layer(items), _cost_estimate.by_service(items)
    for sums in (layers, services):
        assert sum(sums.values()) == pytest.approx(RESOURCES + USED, abs=0.02)
        assert list(sums.values()) == sorted(sums.values(), reverse=True)
    assert services["Public IPv4 addresses"] == pytest.approx(2 * 3.65)
    assert "Data transfer" not in services


def test_what_is_not_known_is_listed_with_what_is_missing() -> None:
    unknown_class = entry("data", "AWS::RDS::DBInstance", {**DATABASE, "db_instance_class": "db.x2g.large"})
    found = _cost_estimate.unknowns(_cost_estimate.items([*ESTATE, unknown_class], RATES))
    assert [(each["what"], each["missing"]) for each in found] == [
        ("Container Insights", "price and amount"),
        ("db.x2g.large", "price"),
        ("to the Internet and between zones", "price and amount"),
        ("calls of S3, KMS, SNS, Lambda and others", "price and amount"),
    ]


def test_in_a_region_without_prices_nothing_is_known() -> None:
    items = _cost_estimate.items(ESTATE, Rates({}, RATES.usage))
    assert _cost_estimate.sum_of(items) == 0
    assert len(_cost_estimate.unknowns(items)) > len(ESTATE)


SAVED = {
    "one_nat": (NAT, NAT),
    # db.t4g.large at .129, cache.t4g.small at .032
    "graviton": ((0.145 - 0.129) * 730 + 2 * 0.002 * 730,) * 2,
    "valkey": (0.2 * NODES,) * 2,
    "arm": (2 * (TASK - (0.03238 + 2 * 0.00356) * 730),) * 2,
    "spot": (2 * TASK * 0.5, 2 * TASK * 0.7),
    "off_hours": (2 * TASK * 118 / 168,) * 2,
    "no_endpoints": (INTERFACES,) * 2,
    "one_year": (0.30 * 105.85 + 0.20 * 2 * TASK, 0.33 * 105.85 + 0.20 * 2 * TASK),
}


def test_what_each_lever_saves_alone() -> None:
    found = {each["lever"]: (each["saves_least"], each["saves_most"]) for each in _cost_levers.savings(ESTATE, RATES)}
    together = found.pop("together")
    assert found.keys() == SAVED.keys()
    for name, saved in SAVED.items():
        assert found[name] == pytest.approx(saved, abs=0.02), name
    assert together[0] < together[1]
    assert together[1] < sum(most for _least, most in found.values()), "what is saved is not saved twice"


def test_all_levers_together() -> None:
    task = (0.03238 + 2 * 0.00356) * 730 * 50 / 168
    least = RESOURCES - (NAT + 0.7 * 0.129 * 730 + 11.50 + 0.8 * 2 * 0.032 * 730 + 2 * task * 0.5)
    (together,) = (each for each in _cost_levers.savings(ESTATE, RATES) if each["lever"] == "together")
    assert together["saves_least"] == pytest.approx(least, abs=0.02)


def test_a_lever_towards_a_class_without_a_price_saves_nobody_knows_what() -> None:
    prices_without = {key: price for key, price in RATES.prices.items() if "t4g" not in key}
    found = {
        each["lever"]: each["saves_least"]
        for each in _cost_levers.savings(ESTATE, RATES._replace(prices=prices_without))
    }
    assert found["graviton"] is None
    assert found["valkey"] is not None


def test_services_with_schedules_have_nothing_left_to_save_off_hours() -> None:
    schedules = [{"name": "end", "schedule": "cron(0 18 ? * FRI *)", "min_count": 0, "max_count": 0}]
    estate = [entry("compute", "AWS::ECS::Service", {**SERVICE, "schedules": schedules})]
    found = {each["lever"]: each["saves_least"] for each in _cost_levers.savings(estate, RATES)}
    assert found["off_hours"] == 0
