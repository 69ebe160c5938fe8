# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _cost_changes, _cost_fields
from ansible_collections.uex.payments.plugins.module_utils._cost_changes import Pricing
from ansible_collections.uex.payments.plugins.module_utils._cost_fields import DEFINITION, SCHEDULE, SERVICE, TARGET
from ansible_collections.uex.payments.plugins.module_utils._cost_prices import Rates
from ansible_collections.uex.payments.tests.support import costs

DB, NAT, SUBNET = "AWS::RDS::DBInstance", "AWS::EC2::NatGateway", "AWS::EC2::Subnet"
RATES = costs.rates()
SINGLE = {"db_instance_class": "db.t3.large", "multi_az": False, "storage_type": "gp3", "allocated_storage": 100}
DECLARED: dict[str, Any] = {
    "cpu": 1024,
    "memory": 2048,
    "architecture": "X86_64",
    "ephemeral_storage": 20,
    "capacity": {"fargate_base": 1, "fargate_weight": 1, "spot_weight": 0},
    "desired_count": 3,
    "min_count": 3,
    "max_count": 6,
    "schedules": [],
}
PRICING = Pricing(RATES, {"api": DECLARED})
#: A month of a task of 1 vCPU and 2 GB: on x86, on ARM, and half of each.
X86, ARM = 730 * (0.04048 + 2 * 0.004445), 730 * (0.03238 + 2 * 0.00356)
ON_DEMAND = [{"capacity_provider": "FARGATE", "base": 1, "weight": 1}]
ON_SPOT = [{"capacity_provider": "FARGATE_SPOT", "base": 0, "weight": 1}]
SIZE = {"cpu": 1024, "memory": 2048, "ephemeral_storage": 20, "runtime_platform": {"cpu_architecture": "X86_64"}}
BOUNDS = {"min_capacity": 3, "max_capacity": 6}
END = {"service": "api", "schedule": "cron(0 0 ? * SAT *)", "min_capacity": 0, "max_capacity": 0}
BEGIN = {"service": "api", "schedule": "cron(0 0 ? * MON *)", "min_capacity": 3, "max_capacity": 6}
WEEKEND = [
    {"name": "end", "schedule": END["schedule"], "min_count": 0, "max_count": 0},
    {"name": "begin", "schedule": BEGIN["schedule"], "min_count": 3, "max_count": 6},
]


def action(kind: str, before: Any, after: Any, name: str = "api") -> dict[str, Any]:
    verb = "create" if before is None else "delete" if after is None else "update"
    return {"kind": kind, "name": name, "verb": verb, "priced": _cost_fields.sides(kind, before, after)}


def cost(*actions: dict[str, Any], pricing: Pricing | None = PRICING) -> list[float | None]:
    return _cost_changes.changes(actions, pricing)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, SINGLE, 105.85 + 11.50),
        (SINGLE, None, -105.85 - 11.50),
        (SINGLE, {**SINGLE, "multi_az": True}, 105.85 + 11.50),
        (SINGLE, {"db_instance_class": "db.t3.medium"}, (0.072 - 0.145) * 730),
        (SINGLE, {"allocated_storage": 200}, 11.50),
        (SINGLE, {"allocated_storage": None, "tags": {}}, 0.0),
        (SINGLE, {"db_instance_class": "db.x2g.large"}, None),
        ({**SINGLE, "db_instance_class": "db.x2g.large"}, None, None),
        # of what isn't known, nothing changes
        ({**SINGLE, "db_instance_class": "db.x2g.large"}, {"port": 5433}, 0.0),
    ],
)
def test_a_change_costs_the_difference(before: Any, after: Any, expected: float | None) -> None:
    assert cost(action(DB, before, after)) == [None if expected is None else pytest.approx(expected, abs=0.005)]


@pytest.mark.parametrize(
    ("kind", "before", "after", "expected"),
    [
        (NAT, None, {"subnet_id": "a"}, 36.50),
        (NAT, {"subnet_id": "a"}, None, -36.50),
        (NAT, {"subnet_id": "a"}, {"tags": {}}, 0.0),
        (SUBNET, None, {"cidr_block": "10.0.0.0/24"}, 0.0),
        ("AWS::Unheard::Of", None, {}, None),
    ],
)
def test_a_kind_that_always_costs_the_same_costs_when_it_comes_and_goes(
    kind: str, before: Any, after: Any, expected: float | None
) -> None:
    assert cost(action(kind, before, after)) == [expected]


@pytest.mark.parametrize(("verb", "expected"), [("create", 1.0), ("update", 0.0), ("delete", -1.0)])
def test_an_action_that_says_no_properties_is_priced_by_its_kind(verb: str, expected: float) -> None:
    assert cost({"kind": "AWS::KMS::Key", "name": "k", "verb": verb}) == [expected]


def test_without_prices_nothing_is_known() -> None:
    assert cost(action(NAT, None, {}), pricing=None) == [None]
    assert cost(action(NAT, None, {}), pricing=Pricing(Rates({}, RATES.usage), {})) == [None]


CREATED = [
    action(SERVICE, None, {"desired_count": None, "capacity_provider_strategy": ON_DEMAND}),
    action(TARGET, None, {**BOUNDS, "initial": BOUNDS}),
    action(DEFINITION, None, SIZE),
]


def test_a_new_service_costs_its_tasks_once() -> None:
    assert cost(*CREATED) == [pytest.approx(3 * X86, abs=0.005), 0.0, 0.0]


def test_a_service_that_waits_for_its_image_costs_what_it_will_run() -> None:
    held = action(TARGET, None, {"min_capacity": 0, "max_capacity": 6, "suspended": True})
    assert cost(CREATED[0], held, CREATED[2])[0] == pytest.approx(3 * X86, abs=0.005)
    begun = action(TARGET, {"min_capacity": 0, "max_capacity": 6, "suspended": True}, BOUNDS)
    assert cost(begun) == [0.0]


def test_a_service_that_goes_costs_no_more_though_nobody_declares_it() -> None:
    gone = [
        action(DEFINITION, SIZE, None, "old"),
        action(SERVICE, {"desired_count": 2, "capacity_provider_strategy": ON_SPOT}, None, "old"),
        action(TARGET, {"min_capacity": 2, "max_capacity": 4}, None, "old"),
    ]
    assert cost(*gone) == [0.0, pytest.approx(-2 * X86 / 2, abs=0.005), 0.0]


def test_a_service_that_goes_without_its_size_costs_nobody_knows_what_less() -> None:
    assert cost(action(SERVICE, {"desired_count": 2, "capacity_provider_strategy": ON_SPOT}, None, "old")) == [None]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            [action(SERVICE, {"capacity_provider_strategy": ON_SPOT}, {"capacity_provider_strategy": ON_DEMAND})],
            X86 * 1.5,
        ),
        ([action(DEFINITION, {**SIZE, "cpu": 512, "memory": 1024}, SIZE)], X86 * 1.5),
        ([action(DEFINITION, {**SIZE, "runtime_platform": {"cpu_architecture": "ARM64"}}, SIZE)], 3 * (X86 - ARM)),
        ([action(TARGET, {"min_capacity": 1, "max_capacity": 2}, BOUNDS)], X86),
        ([action(TARGET, {"min_capacity": 5, "max_capacity": 6}, BOUNDS)], -2 * X86),
        ([action(SERVICE, {"desired_count": 6}, {"enable_execute_command": True})], 0.0),
        # half the size and one task less, before
        (
            [
                action(DEFINITION, {**SIZE, "cpu": 512, "memory": 1024}, SIZE),
                action(TARGET, {"min_capacity": 1, "max_capacity": 2}, BOUNDS),
            ],
            3 * X86 - 2 * X86 / 2,
        ),
    ],
)
def test_what_decides_of_tasks_is_looked_at_together(changed: list[dict[str, Any]], expected: float) -> None:
    found = cost(*changed)
    assert sum(each or 0 for each in found) == pytest.approx(expected, abs=0.005)
    assert len([each for each in found if each]) <= 1


def test_schedules_take_tasks_off_the_bill() -> None:
    pricing = Pricing(RATES, {"api": {**DECLARED, "schedules": WEEKEND}})
    made = [action(SCHEDULE, None, END, "api-end"), action(SCHEDULE, None, BEGIN, "api-begin")]
    assert cost(*made, pricing=pricing) == [pytest.approx(-3 * X86 * 2 / 7, abs=0.005), 0.0]
    gone = [action(SCHEDULE, END, None, "api-end"), action(SCHEDULE, BEGIN, None, "api-begin")]
    assert cost(*gone) == [pytest.approx(3 * X86 * 2 / 7, abs=0.005), 0.0]


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([1234.5, 0.06], "+1,234.56 USD"),
        ([1234.5, None, 0.06, None], "+1,234.56 USD, 2 not known"),
        ([-3.0], "-3.00 USD"),
        ([0.0], "+0.00 USD"),
        ([None, None], "not known"),
    ],
)
def test_all_changes_in_one_sentence(amounts: list[float | None], expected: str) -> None:
    assert _cost_changes.sentence(amounts) == expected
