# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import ipaddress
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _network

ZONES = [f"us-east-1{letter}" for letter in "abcd"]
NAME = "uex-payments-test"


def ranges(cidr_block: str = "10.0.0.0/16", zones: int = 3, **overrides: str) -> dict[str, str]:
    """The planned ranges by tier and letter."""
    renamed = {name.replace("_", "-"): value for name, value in overrides.items()}
    plan = _network.subnet_plan(cidr_block, ZONES[:zones], NAME, renamed)
    return {subnet["name"].removeprefix(f"{NAME}-"): subnet["cidr_block"] for subnet in plan}


def test_the_plan_of_a_16() -> None:
    assert ranges() == {
        "public-a": "10.0.0.0/22",
        "public-b": "10.0.4.0/22",
        "public-c": "10.0.8.0/22",
        "data-a": "10.0.16.0/22",
        "data-b": "10.0.20.0/22",
        "data-c": "10.0.24.0/22",
        "app-a": "10.0.64.0/20",
        "app-b": "10.0.80.0/20",
        "app-c": "10.0.96.0/20",
    }


def test_a_subnet_says_its_place_and_tier() -> None:
    assert _network.subnet_plan("10.0.0.0/16", ZONES[:2], NAME, {})[0] == {
        "name": "uex-payments-test-public-a",
        "cidr_block": "10.0.0.0/22",
        "availability_zone": "us-east-1a",
        "map_public_ip_on_launch": False,
        "tags": {"Tier": "public"},
    }


@pytest.mark.parametrize("prefix", range(16, 22))
def test_every_allowed_vpc_holds_four_zones_apart_and_a_zone_more_moves_nothing(prefix: int) -> None:
    vpc = ipaddress.IPv4Network(f"10.8.0.0/{prefix}")
    plan = ranges(str(vpc), zones=4)
    networks = [ipaddress.IPv4Network(block) for block in plan.values()]
    assert all(network.subnet_of(vpc) for network in networks)
    assert sum(network.num_addresses for network in ipaddress.collapse_addresses(networks)) == sum(
        network.num_addresses for network in networks
    )
    assert all(network.prefixlen <= 27 for network in networks)
    assert ranges(str(vpc), zones=3).items() <= plan.items()


def test_a_range_of_the_operators_takes_the_place_of_the_planned_one() -> None:
    assert ranges(public_a="10.0.200.0/24")["public-a"] == "10.0.200.0/24"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("10.0.0.0/15", ZONES[:2], {}), "network_vpc_cidr_block: 10.0.0.0/15 must be a /16 to /21"),
        (("10.0.0.0/22", ZONES[:2], {}), "network_vpc_cidr_block: 10.0.0.0/22 must be a /16 to /21"),
        (("10.0.0.1/16", ZONES[:2], {}), "network_vpc_cidr_block: 10.0.0.1/16 has host bits set"),
        (("ten", ZONES[:2], {}), "network_vpc_cidr_block: "),
        (("10.0.0.0/16", ZONES[:1], {}), "network_availability_zones: from 2 to 4 zones are needed, not 1"),
        (("10.0.0.0/16", ["us-east-1a", "us-west-2a"], {}), "network_availability_zones: .* last letter"),
        (("10.0.0.0/16", ZONES[:2], {"public-c": "10.0.8.0/24"}), r"network_subnet_cidr_blocks.public-c: there is no"),
        (
            ("10.0.0.0/16", ZONES[:2], {"app-a": "10.1.0.0/20"}),
            "network_subnet_cidr_blocks.app-a: .* inside 10.0.0.0/16",
        ),
        (("10.0.0.0/16", ZONES[:2], {"app-a": "10.0.0.0/29"}), "network_subnet_cidr_blocks.app-a: .* /16 to /28"),
        (("10.0.0.0/16", ZONES[:2], {"app-a": "x"}), "network_subnet_cidr_blocks.app-a: "),
        (
            ("10.0.0.0/16", ZONES[:2], {"app-a": "10.0.4.0/24"}),
            r"public-b \(10.0.4.0/22\) and app-a \(10.0.4.0/24\) overlap",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(arguments: Any, message: str) -> None:
    cidr_block, zones, overrides = arguments
    with pytest.raises(ValueError, match=message):
        _network.subnet_plan(cidr_block, zones, NAME, overrides)


PLAN = _network.subnet_plan("10.0.0.0/16", ZONES[:2], NAME, {})
SUBNETS = {subnet["name"]: {"subnet_id": subnet["name"].removeprefix(f"{NAME}-")} for subnet in PLAN}


@pytest.mark.parametrize(
    ("number", "expected"),
    [("per_zone", {"nat-a": "public-a", "nat-b": "public-b"}), ("single", {"nat-a": "public-a"})],
)
def test_nat_gateways(number: str, expected: dict[str, str]) -> None:
    gateways = _network.nat_gateway_plan(PLAN, SUBNETS, number)
    assert {item["name"].removeprefix(f"{NAME}-"): item["subnet_id"] for item in gateways} == expected


def nats(*zones: str) -> dict[str, Any]:
    return {f"{NAME}-nat-{zone}": {"nat_gateway_id": f"nat-{zone}"} for zone in zones}


def route(target: str, value: str) -> list[dict[str, Any]]:
    return [{"destination_cidr_block": "0.0.0.0/0", target: value}]


@pytest.mark.parametrize(
    ("gateways", "gateway_id", "expected"),
    [
        (nats("a", "b"), "igw-1", (route("gateway_id", "igw-1"), [], "nat-a", "nat-b")),
        (nats("a"), "igw-1", (route("gateway_id", "igw-1"), [], "nat-a", "nat-a")),
        (None, None, (None, [], None, None)),
    ],
)
def test_routes(gateways: Any, gateway_id: str | None, expected: tuple[Any, ...]) -> None:
    tables = _network.route_table_plan(PLAN, SUBNETS, gateways, gateway_id)
    public, data, *zonal = expected
    wanted = [public, data, *(route("nat_gateway_id", nat) if nat else None for nat in zonal)]
    assert [table["routes"] for table in tables] == wanted
    names = [table["name"].removeprefix(f"{NAME}-") for table in tables]
    assert names == ["public", "data", "app-a", "app-b"]
    assert [table["subnet_ids"] for table in tables] == [
        ["public-a", "public-b"],
        ["data-a", "data-b"],
        ["app-a"],
        ["app-b"],
    ]


@pytest.mark.parametrize(
    ("ports", "most", "expected"),
    [
        ([], 3, []),
        ([80], 3, [(80, 80)]),
        ([3900, 3901, 3902, 3903, 8900, 9000], 6, [(3900, 3903), (8900, 8900), (9000, 9000)]),
        ([9000, 3901, 3900, 3900, 8900], 2, [(3900, 3901), (8900, 9000)]),
        ([1, 10, 100], 1, [(1, 100)]),
        ([1, 10, 100], 0, [(1, 100)]),
    ],
)
def test_port_ranges(ports: list[int], most: int, expected: list[tuple[int, int]]) -> None:
    assert _network.port_ranges(ports, most) == expected


def test_acl_entries_in_order_without_repetition() -> None:
    rules: list[dict[str, Any]] = [
        {"peer": "app", "ports": [443]},
        {"peer": "app", "ports": "services"},
        {"peer": "app", "ports": "ephemeral"},
    ]
    entries = _network.acl_entries(rules, {"app": ["10.0.0.0/24", "10.0.1.0/24", "10.0.3.0/24"]}, [443, 8080])
    found = [(e["rule_number"], e["cidr_block"], e["from_port"], e["to_port"]) for e in entries]
    assert found == [
        (100, "10.0.0.0/23", 443, 443),
        (110, "10.0.3.0/24", 443, 443),
        (120, "10.0.0.0/23", 8080, 8080),
        (130, "10.0.3.0/24", 8080, 8080),
        (140, "10.0.0.0/23", 1024, 65535),
        (150, "10.0.3.0/24", 1024, 65535),
    ]


def test_too_many_entries_get_wider_ranges_and_then_are_refused() -> None:
    services = list(range(1000, 1060, 2))
    entries = _network.acl_entries([{"peer": "app", "ports": "services"}], {"app": ["10.0.0.0/24"]}, services)
    assert len(entries) == 20
    assert all(any(e["from_port"] <= port <= e["to_port"] for e in entries) for port in services)
    blocks = [f"10.{number}.0.0/24" for number in range(21)]
    with pytest.raises(ValueError, match="more than the 20 entries"):
        _network.acl_entries([{"peer": "app", "ports": "services"}], {"app": blocks}, services)


def test_port_rules() -> None:
    assert _network.port_rules([1, 2], {"description": "d"}) == [
        {"from_port": 1, "to_port": 1, "description": "d"},
        {"from_port": 2, "to_port": 2, "description": "d"},
    ]


@pytest.mark.parametrize(("service", "policy"), [("ecr.api", {"Version": "1"}), ("ssmmessages", None)])
def test_interface_endpoints(service: str, policy: Any) -> None:
    place = {"stack_name": NAME, "region": "eu-west-1", "subnet_ids": ["s"], "security_group_id": "sg"}
    (endpoint,) = _network.interface_endpoints([service], {**place, "policy": {"Version": "1"}})
    assert endpoint["name"] == f"{NAME}-endpoint-{service.replace('.', '-')}"
    assert endpoint["service_name"] == f"com.amazonaws.eu-west-1.{service}"
    assert (endpoint["subnet_ids"], endpoint["security_group_ids"], endpoint["policy"]) == (["s"], ["sg"], policy)
