# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _ec2_routes

ANYWHERE = "0.0.0.0/0"

AWS_OWN = [
    {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "Origin": "CreateRouteTable", "State": "active"},
    {"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-1", "Origin": "CreateRoute", "State": "active"},
    {"DestinationCidrBlock": "10.9.0.0/16", "GatewayId": "vgw-1", "Origin": "EnableVgwRoutePropagation"},
]


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        (AWS_OWN, []),
        (
            [
                {
                    "DestinationCidrBlock": ANYWHERE,
                    "NatGatewayId": "nat-1",
                    "Origin": "CreateRoute",
                    "State": "blackhole",
                }
            ],
            [{"destination_cidr_block": ANYWHERE, "nat_gateway_id": "nat-1"}],
        ),
        (
            [{"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-1", "Origin": "CreateRoute"}],
            [{"destination_cidr_block": "::/0", "egress_only_internet_gateway_id": "eigw-1"}],
        ),
    ],
)
def test_routes_that_somebody_made_are_seen(routes: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    assert _ec2_routes.observed(routes) == expected


@pytest.mark.parametrize(("routes", "expected"), [(None, None), ([], [])])
def test_undeclared_is_not_empty(routes: Any, expected: Any) -> None:
    assert _ec2_routes.declared(routes) == expected


def test_routes_are_a_set_with_one_target_each() -> None:
    route = {"gateway_id": None, "nat_gateway_id": "nat-1"}
    routes = [{"destination_cidr_block": block, **route} for block in ("10.9.0.0/16", ANYWHERE)]
    assert _ec2_routes.declared(routes) == [
        {"destination_cidr_block": block, "nat_gateway_id": "nat-1"} for block in (ANYWHERE, "10.9.0.0/16")
    ]


@pytest.mark.parametrize(("block", "key"), [(ANYWHERE, "DestinationCidrBlock"), ("::/0", "DestinationIpv6CidrBlock")])
def test_arguments(block: str, key: str) -> None:
    arguments = _ec2_routes.arguments({"destination_cidr_block": block, "gateway_id": "igw-1"})
    assert arguments == {key: block, "GatewayId": "igw-1"}
