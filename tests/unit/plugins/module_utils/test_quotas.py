# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.uex.payments.plugins.module_utils import _quotas, _services
from ansible_collections.uex.payments.plugins.module_utils._preflight import FAILED, OK, WARNING
from ansible_collections.uex.payments.plugins.module_utils._quotas import QUOTAS, Quota, Usage

INVENTORIES = Path(__file__).resolve().parents[4] / "inventories"
BUILTIN = {f"s{number}": {"port": number, "path": f"/{number}", "priority": number} for number in range(1, 7)}
GROUPS = [
    {
        "ingress": [{"cidr_blocks": ["0.0.0.0/0", "10.0.0.0/8"]}, {"security_group": "x"}],
        "egress": [{"cidr_blocks": ["a"]}],
    },
    {"ingress": [{"security_group": "x"}], "egress": None},
]


def estate(environment: str, **changed: Any) -> dict[str, Any]:
    """What the inventory of an environment comes to, with the services of its own sizes."""
    files = (INVENTORIES / environment / "group_vars" / "all").glob("*.yml")
    values = {key: value for file in files for key, value in (yaml.safe_load(file.read_text("utf-8")) or {}).items()}
    databases = 1 + values.get("data_db_replica_count", 0)
    return {
        "services": _services.service_list(BUILTIN, {}, values["stack_service_defaults"], "uex-payments-x"),
        "nat_gateways": ["a", "b", "c"],
        "security_groups": GROUPS,
        "interface_endpoints": values["network_interface_endpoints"],
        "db_instances": ["db"] * databases,
        "db_allocated_storage": values["data_db_allocated_storage"],
        "cache_nodes": ["node"] * values["data_redis_node_count"],
        "secrets": len(values.get("data_secret_names", range(10))),
        "keys": 2,
        "log_groups": 17,
        "roles": 9,
        "buckets": 3,
        **changed,
    }


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ("dev", {"fargate_vcpus": 12, "db_instances": 1, "db_storage": 50, "cache_nodes": 1, "secrets": 5}),
        ("staging", {"fargate_vcpus": 36, "db_instances": 2, "db_storage": 200, "cache_nodes": 2, "secrets": 10}),
        ("prod", {"fargate_vcpus": 120, "db_instances": 3, "db_storage": 1500, "cache_nodes": 3, "secrets": 10}),
    ],
)
def test_what_an_environment_needs(environment: str, expected: dict[str, float]) -> None:
    needs = _quotas.needs(estate(environment))
    assert {key: needs[key] for key in expected} == expected
    assert needs["interface_endpoints"] == (6 if environment == "prod" else 0)
    assert (needs["addresses"], needs["nat_gateways"], needs["vpcs"]) == (3, 1, 1)
    balancing = (12, 13) if environment == "prod" else (6, 7)
    assert (needs["target_groups"], needs["listener_rules"], needs["ecs_services"]) == (*balancing, 6)
    assert (needs["fargate_spot_vcpus"], needs["security_groups"], needs["security_group_rules"]) == (0, 3, 3)
    assert needs.keys() == {quota.key for quota in QUOTAS}


def test_a_service_that_ecs_shifts_needs_two_target_groups_and_two_rules() -> None:
    found = estate("dev")
    first, *others = found["services"]
    services = [{**first, "alternate_target_group": "green"}, *others]
    needs = _quotas.needs({**found, "services": services})
    assert (needs["target_groups"], needs["listener_rules"], needs["listeners"]) == (7, 8, 3)


def test_one_nat_gateway_needs_one_address_and_none_needs_none() -> None:
    assert _quotas.needs(estate("dev", nat_gateways=["a"]))["addresses"] == 1
    assert _quotas.needs(estate("dev", nat_gateways=[]))["nat_gateways"] == 0


@pytest.mark.parametrize(
    ("count", "base", "weight", "spot", "tasks"),
    [
        (4, 1, 1, 0, 0),
        (4, 1, 1, 1, 2),
        (4, 0, 0, 1, 4),
        (4, 4, 0, 1, 0),
        (4, 9, 1, 1, 0),
        (10, 1, 1, 3, 7),
        (4, 1, 0, 0, 0),
    ],
)
def test_tasks_on_spot(count: int, base: int, weight: int, spot: int, tasks: int) -> None:
    capacity = {"fargate_base": base, "fargate_weight": weight, "spot_weight": spot}
    assert _quotas.spot_tasks(count, capacity) == tasks


def test_vcpus_on_spot_count_against_their_own_quota() -> None:
    capacity = {"fargate_base": 1, "fargate_weight": 0, "spot_weight": 1}
    services = [{**each, "capacity": capacity} for each in estate("dev")["services"]]
    needs = _quotas.needs(estate("dev", services=services))
    assert (needs["fargate_vcpus"], needs["fargate_spot_vcpus"]) == (3, 9)


ADDRESSES = next(quota for quota in QUOTAS if quota.key == "addresses")
INSIDE = Quota("rules", "rules", "vpc", "L-0", shared=False)
REAL = {"emulated": False, "region": "eu-west-1"}


@pytest.mark.parametrize(
    ("quota", "need", "usage", "value", "state", "found"),
    [
        (ADDRESSES, 3, Usage(0, 0), 5, OK, "3 more needed, 0 in use, quota 5"),
        (ADDRESSES, 3, Usage(2, 0), 5, OK, "3 more needed, 2 in use, quota 5"),
        (ADDRESSES, 3, Usage(3, 0), 5, FAILED, "3 more needed, 3 in use, quota 5"),
        (ADDRESSES, 3, Usage(5, 3), 5, OK, "0 more needed, 5 in use, quota 5"),
        (ADDRESSES, 3, Usage(5, 2), 5, FAILED, "1 more needed, 5 in use, quota 5"),
        (ADDRESSES, 3, Usage(6, 4), 7, OK, "0 more needed, 6 in use, quota 7"),
        (ADDRESSES, 0.5, Usage(0.25, 0), 1500, OK, "0.5 more needed, 0.25 in use, quota 1,500"),
        (INSIDE, 60, Usage(), 60, OK, "60 needed, quota 60"),
        (INSIDE, 61, Usage(), 60, FAILED, "61 needed, quota 60"),
    ],
)
def test_what_is_needed_more_must_fit_into_what_is_left(
    quota: Quota, need: float, usage: Usage, value: float, state: str, found: str
) -> None:
    row = _quotas.row(quota, need, usage, value, REAL)
    assert (row.state, row.found) == (state, found)
    assert bool(row.advice) is (state == FAILED)


def test_the_advice_is_the_command_that_asks_for_as_much_as_is_needed() -> None:
    row = _quotas.row(ADDRESSES, 3, Usage(4, 0), 5, REAL)
    command = "aws service-quotas request-service-quota-increase --region eu-west-1 --service-code ec2"
    assert row.advice == f"{command} --quota-code L-0263D0A3 --desired-value 7"


def test_global_quotas_are_raised_where_they_are_kept() -> None:
    roles = next(quota for quota in QUOTAS if quota.key == "roles")
    assert "--region us-east-1" in _quotas.request(roles, 2000, "eu-west-1")


def test_the_emulator_has_no_quotas() -> None:
    assert _quotas.row(ADDRESSES, 9, Usage(), 5, {**REAL, "emulated": True}).state == WARNING
