# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the network role's variables come to: which traffic they let through, and which not."""

from __future__ import annotations

import ipaddress
import itertools
from typing import Any

import pytest

from ansible_collections.uex.payments.tests.support import role_vars

SERVICES = [3900, 3901, 3902, 3903, 8900, 9000]
NAME = "uex-payments-test"
#: An address of each place, in a zone each.
PLACES = {"world": "203.0.113.7", "public": "10.0.0.9", "app": "10.0.64.9", "data": "10.0.20.9"}
ASKING = (1024, 32768, 65535)  #: ports from which clients ask


COMMON = {
    "stack_name": NAME,
    "stack_region": "us-east-1",
    "stack_account": "123456789012",
    "stack_partition": "aws",
    "stack_tags": {},
    "stack_service_list": [{"port": port} for port in SERVICES],
    "stack_subnets": {f"{NAME}-{tier}-{zone}": {"subnet_id": f"{tier}-{zone}"} for tier in PLACES for zone in "abcd"},
    "stack_security_groups": {f"{NAME}-endpoints": {"group_id": "sg-1"}},
}
MANY = [{"port": port} for port in range(3000, 9000, 500)]
ZONES = {
    zones: {"network_availability_zones": [f"us-east-1{zone}" for zone in zones]} for zones in ("ab", "abc", "abcd")
}
CASES = {
    "default": COMMON,
    "tests": {**COMMON, "edge_test_listener_port": 8443, "edge_test_listener_cidrs": ["203.0.113.0/24"]},
    "low ports": {**COMMON, "stack_service_list": [{"port": 443}, {"port": 90}]},
    **{zones: {**COMMON, **changed} for zones, changed in ZONES.items()},
    **{f"many ports, {zones}": {**COMMON, **ZONES[zones], "stack_service_list": MANY} for zones in ZONES},
}
NAMES = ["__network_acls", "__network_security_groups", "__network_route_tables", "__network_vpc_endpoints"]


@pytest.fixture(scope="module")
def variables() -> dict[str, Any]:
    return role_vars.evaluate("network", NAMES, CASES)


@pytest.fixture(scope="module")
def acls(variables: dict[str, Any]) -> dict[str, Any]:
    return by_name(variables["default"]["__network_acls"])


@pytest.fixture(scope="module")
def groups(variables: dict[str, Any]) -> dict[str, Any]:
    return by_name(variables["default"]["__network_security_groups"])


def by_name(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Items by what follows the environment's name."""
    return {item["name"].removeprefix(f"{NAME}-"): item for item in items}


def passes(acl: dict[str, Any] | None, direction: str, peer: str, port: int) -> bool:
    """Whether an ACL lets a packet of that peer address and destination port through; the world has none."""
    address = ipaddress.ip_address(peer)
    return acl is None or any(
        address in ipaddress.ip_network(entry["cidr_block"]) and entry["from_port"] <= port <= entry["to_port"]
        for entry in acl[direction]
    )


def travels(acls: dict[str, Any], hops: list[str], source: str, target: str, port: int) -> bool:
    """Whether a packet from the source to the target's port gets through the ACL of each hop."""
    return all(
        passes(acls.get(here), "egress", PLACES[target], port)
        and passes(acls.get(there), "ingress", PLACES[source], port)
        for here, there in itertools.pairwise(hops)
    )


#: Who talks to whom through which subnets, on which port, and whether that works.
CONVERSATIONS = [
    *((["world", "public"], port, True) for port in (80, 443)),
    *((["public", "app"], port, True) for port in SERVICES),
    *((["app", "app"], port, True) for port in (*SERVICES, 443)),
    *((["app", "data"], port, True) for port in (5432, 6379)),
    (["app", "public", "world"], 443, True),
    (["world", "public"], 22, False),
    (["app", "public", "world"], 25, False),
    (["app", "public", "world"], 80, False),
    (["app", "data"], 22, False),
    (["app", "data"], 3900, False),
    *((["public", "data"], port, False) for port in (22, 443, 5432, 6379)),
    *((["world", "data"], port, False) for port in (443, 5432, 6379)),
    *((["data", "public", "world"], port, False) for port in (80, 443)),
    (["data", "app"], 443, False),
    (["public", "app"], 22, False),
]


@pytest.mark.parametrize(("hops", "port", "works"), CONVERSATIONS)
def test_question_and_answer_pass_the_acls(acls: dict[str, Any], hops: list[str], port: int, works: bool) -> None:
    source, target = hops[0], hops[-1]
    asked = travels(acls, hops, source, target, port)
    answered = all(travels(acls, hops[::-1], target, source, asking) for asking in ASKING)
    assert (asked and answered) is works


def test_a_service_below_the_ports_that_clients_ask_from_is_reached(variables: dict[str, Any]) -> None:
    app = by_name(variables["low ports"]["__network_acls"])["app"]
    assert passes(app, "ingress", PLACES["public"], 90)
    assert not passes(app, "ingress", PLACES["world"], 90)


def test_a_listener_for_tests_is_reached_from_where_was_said_alone(
    variables: dict[str, Any], acls: dict[str, Any]
) -> None:
    def open_to(case: str, port: int) -> list[str]:
        alb = by_name(variables[case]["__network_security_groups"])["alb"]
        return [each for rule in alb["ingress"] if rule["from_port"] == port for each in rule["cidr_blocks"]]

    assert open_to("tests", 8443) == ["203.0.113.0/24"]
    assert open_to("tests", 443) == ["0.0.0.0/0"]
    assert open_to("default", 8443) == []
    assert passes(acls["public"], "ingress", PLACES["world"], 8443)


@pytest.mark.parametrize("case", [case for case in CASES if case not in ("default", "low ports", "tests")])
def test_no_direction_of_an_acl_has_more_entries_than_aws_allows(variables: dict[str, Any], case: str) -> None:
    for acl in variables[case]["__network_acls"]:
        assert all(1 <= len(acl[direction]) <= 20 for direction in ("ingress", "egress"))
        assert len(acl["subnet_ids"]) == len(case.rpartition(" ")[2])


def allowed(groups: dict[str, Any]) -> set[tuple[str, str, int]]:
    """Which group may call which on which port: both sides have to allow it."""

    def side(direction: str) -> set[tuple[str, str, int]]:
        pairs = [(name, rule) for name in groups for rule in groups[name][direction] if "security_group" in rule]
        named = [(name, rule["security_group"].removeprefix(f"{NAME}-"), rule["from_port"]) for name, rule in pairs]
        return {(a, b, port) if direction == "egress" else (b, a, port) for a, b, port in named}

    return side("egress") & side("ingress")


def test_who_may_call_whom(groups: dict[str, Any]) -> None:
    assert allowed(groups) == {
        *(("alb", "ecs", port) for port in SERVICES),
        *(("ecs", "ecs", port) for port in SERVICES),
        *((client, "rds", 5432) for client in ("ecs", "rotation")),
        *((client, "redis", 6379) for client in ("ecs", "rotation")),
    }


def test_endpoints_are_reached_by_those_that_reach_the_outside(groups: dict[str, Any]) -> None:
    clients = {rule["security_group"].removeprefix(f"{NAME}-") for rule in groups["endpoints"]["ingress"]}
    outside = {name for name in groups for rule in groups[name]["egress"] if rule.get("cidr_blocks")}
    assert clients == outside == {"ecs", "rotation"}


def test_only_the_load_balancer_lets_the_world_in(groups: dict[str, Any]) -> None:
    world = [
        (name, rule["from_port"]) for name in groups for rule in groups[name]["ingress"] if rule.get("cidr_blocks")
    ]
    assert world == [("alb", 80), ("alb", 443)]


def test_every_rule_says_why_and_names_one_port(groups: dict[str, Any]) -> None:
    rules = [rule for group in groups.values() for direction in ("ingress", "egress") for rule in group[direction]]
    assert len(rules) == 38
    assert all(rule["description"] and rule["from_port"] == rule["to_port"] for rule in rules)


def test_references_lead_to_groups_of_the_set(groups: dict[str, Any]) -> None:
    rules = [rule for group in groups.values() for direction in ("ingress", "egress") for rule in group[direction]]
    named = {rule["security_group"].removeprefix(f"{NAME}-") for rule in rules if "security_group" in rule}
    assert named <= set(groups)


def test_what_a_run_in_reverse_does_not_know_stays_as_it_is(variables: dict[str, Any]) -> None:
    found = variables["default"]
    tables = {name: table["routes"] for name, table in by_name(found["__network_route_tables"]).items()}
    assert tables == {"public": None, "data": [], "app-a": None, "app-b": None, "app-c": None}
    assert by_name(found["__network_vpc_endpoints"])["endpoint-s3"]["route_table_ids"] is None


def test_images_come_through_the_gateway_endpoint(variables: dict[str, Any]) -> None:
    own, layers = by_name(variables["default"]["__network_vpc_endpoints"])["endpoint-s3"]["policy"]["Statement"]
    assert own["Condition"] == {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}
    assert layers["Resource"] == "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*"
