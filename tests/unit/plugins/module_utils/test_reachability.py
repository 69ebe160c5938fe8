# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _reachability as reach
from ansible_collections.uex.payments.tests.support.diagnosis import acl, group, permission, rule, table

APP = reach.network("10.0.64.0/19")
ALL = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-peer"}]}
SPAN = {"IpProtocol": "tcp", "FromPort": 5000, "ToPort": 6000, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}
LIST = {"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, "PrefixListIds": [{"PrefixListId": "pl-1"}]}
UDP = {"IpProtocol": "udp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


@pytest.mark.parametrize(
    ("permissions", "passes", "rule_words"),
    [
        ([], False, ""),
        ([permission(5432, "sg-peer")], True, "sg-own (uex-payments-dev-own) egress tcp 5432 to sg-peer"),
        ([permission(5432, "sg-other")], False, ""),
        ([permission(5433, "sg-peer")], False, ""),
        ([ALL], True, "sg-own (uex-payments-dev-own) egress tcp all to sg-peer"),
        ([SPAN], True, "sg-own (uex-payments-dev-own) egress tcp 5000-6000 to 10.0.0.0/16"),
        ([permission(5432, "10.0.64.0/20")], False, ""),
        ([UDP], False, ""),
        ([LIST], None, "sg-own (uex-payments-dev-own) egress tcp 0-65535 to pl-1"),
        ([LIST, ALL], True, "sg-own (uex-payments-dev-own) egress tcp all to sg-peer"),
    ],
)
def test_the_rule_of_a_group_that_lets_pass(permissions: list[Any], passes: bool | None, rule_words: str) -> None:
    """A range must cover the whole peer; a prefix list is not looked into."""
    own = group("own", egress=permissions)
    assert reach.group_rule([own], True, 5432, ["sg-peer"], APP) == (passes, rule_words)


def decided(
    ports: tuple[int, int], *entries: dict[str, Any], peer: str = "10.0.64.0/19"
) -> list[tuple[str, Any, bool]]:
    pieces = reach.acl_pieces(acl("x", [], *entries), False, reach.network(peer), ports)
    return [(str(piece.network), piece.ports, piece.allowed) for piece in pieces]


DB = (5432, 5432)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], [("10.0.64.0/19", DB, False)]),
        ([rule(100, False, "allow", "10.0.0.0/16", DB)], [("10.0.64.0/19", DB, True)]),
        ([rule(100, False, "allow", "10.0.0.0/16")], [("10.0.64.0/19", DB, True)]),
        ([rule(100, True, "allow", "10.0.0.0/16", DB)], [("10.0.64.0/19", DB, False)]),
        ([rule(100, False, "allow", "10.0.0.0/16", (1, 5000))], [("10.0.64.0/19", DB, False)]),
        # the lower number decides, wherever it is listed
        (
            [rule(200, False, "allow", "10.0.0.0/16", DB), rule(100, False, "deny", "0.0.0.0/0", DB)],
            [("10.0.64.0/19", DB, False)],
        ),
        (
            [rule(100, False, "allow", "10.0.0.0/16", DB), rule(200, False, "deny", "0.0.0.0/0", DB)],
            [("10.0.64.0/19", DB, True)],
        ),
        # a rule decides only on the part that it matches
        (
            [rule(100, False, "deny", "10.0.80.0/20", DB), rule(200, False, "allow", "10.0.0.0/16", DB)],
            [("10.0.80.0/20", DB, False), ("10.0.64.0/20", DB, True)],
        ),
        (
            [rule(100, False, "allow", "10.0.64.0/20", DB)],
            [("10.0.64.0/20", DB, True), ("10.0.80.0/20", DB, False)],
        ),
    ],
)
def test_the_first_rule_that_matches_decides(entries: list[Any], expected: list[Any]) -> None:
    assert decided(DB, *entries) == expected


def test_ranges_of_ports_are_decided_on_piece_by_piece() -> None:
    entries = [
        rule(100, False, "deny", "0.0.0.0/0", (3000, 3999)),
        rule(110, False, "allow", "0.0.0.0/0", (1024, 49999)),
    ]
    assert decided(reach.EPHEMERAL, *entries, peer="10.0.0.0/24") == [
        ("10.0.0.0/24", (3000, 3999), False),
        ("10.0.0.0/24", (1024, 2999), True),
        ("10.0.0.0/24", (4000, 49999), True),
        ("10.0.0.0/24", (50000, 65535), False),
    ]


def test_other_protocols_and_ipv6_decide_nothing() -> None:
    udp = {**rule(1, False, "deny", "0.0.0.0/0", DB), "Protocol": "17"}
    six = {"RuleNumber": 2, "Egress": False, "RuleAction": "deny", "Ipv6CidrBlock": "::/0", "Protocol": "-1"}
    assert decided(DB, udp, six, rule(3, False, "allow", "10.0.0.0/16", DB)) == [("10.0.64.0/19", DB, True)]


def test_a_piece_names_its_rule() -> None:
    deny = acl("x", [], rule(1, False, "deny", "10.0.0.0/16", (5432, 5440)))
    (piece,) = reach.acl_pieces(deny, False, APP, DB)
    other = piece._replace(network=reach.network("10.0.96.0/20"))
    text = "acl-x ingress rule 1: deny tcp 5432-5440 10.0.0.0/16"
    assert reach.phrase([piece]) == f"{text} (for 10.0.64.0/19, ports 5432)"
    assert reach.phrase([piece, other, piece]) == f"{text} (for 10.0.64.0/19, 10.0.96.0/20, ports 5432)"
    (closed,) = reach.acl_pieces(acl("x", []), True, APP, DB)
    assert closed.rule == "acl-x egress rule *: deny all 0.0.0.0/0"
    bare = {"NetworkAclId": "acl-x", "Entries": []}
    assert "has no rule for it" in reach.acl_pieces(bare, True, APP, DB)[0].rule


@pytest.mark.parametrize(
    ("ports", "essential"), [((1024, 2000), False), ((60000, 65535), True), ((40000, 40000), True)]
)
def test_ports_that_linux_asks_from_are_essential(ports: tuple[int, int], essential: bool) -> None:
    assert reach.essential([reach.Piece(APP, ports, False, "")], reach.LINUX) is essential


def test_a_subnet_has_its_own_table_or_the_main_one() -> None:
    main = {"RouteTableId": "rtb-main", "Associations": [{"Main": True}], "Routes": []}
    own = table("own", ["subnet-a"])
    assert reach.table_of([main, own], "subnet-a") is own
    assert reach.table_of([main, own], "subnet-b") is main
    assert reach.table_of([own], "subnet-b") is None


def test_the_most_specific_route_decides() -> None:
    routes = table("x", [], default="nat-1")
    peering = {"DestinationCidrBlock": "10.0.48.0/22", "VpcPeeringConnectionId": "pcx-1", "State": "blackhole"}
    routes["Routes"] += [peering, {"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-1"}]
    found = {
        text: reach.route_to(routes, reach.network(text)) for text in ("10.0.48.0/24", "10.0.64.0/20", "8.8.8.0/24")
    }
    assert [reach.target(route) for route in found.values() if route] == ["pcx-1", "local", "nat-1"]
    assert not reach.is_active(peering)
    assert reach.route_words(routes, peering) == "rtb-x: 10.0.48.0/22 -> pcx-1, blackhole"
    assert reach.route_words(routes, None) == "rtb-x has no route for it"
    assert reach.route_to(table("x", []), reach.WORLD) is None
