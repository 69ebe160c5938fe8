# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Routes, as declared, as AWS lists them and as they compare; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Route = dict[str, Any]

#: A route's possible targets, as AWS lists them; the first that is there counts.
TARGETS = {
    "gateway_id": "GatewayId",
    "nat_gateway_id": "NatGatewayId",
    "transit_gateway_id": "TransitGatewayId",
    "vpc_peering_connection_id": "VpcPeeringConnectionId",
    "egress_only_internet_gateway_id": "EgressOnlyInternetGatewayId",
    "network_interface_id": "NetworkInterfaceId",
}


def declared(routes: Iterable[Route] | None) -> list[Route] | None:
    """The routes by destination, each with its target alone; None where nothing is declared."""
    if routes is None:
        return None
    return sorted(
        ({key: value for key, value in route.items() if value is not None} for route in routes),
        key=lambda route: str(route["destination_cidr_block"]),
    )


def observed(routes: Iterable[Mapping[str, Any]]) -> list[Route]:
    """AWS's routes in the words of C(declared); without those that AWS makes itself."""
    made = [route for route in routes if route.get("Origin") == "CreateRoute"]
    return declared(_observed(route) for route in made if "DestinationPrefixListId" not in route) or []


def _observed(route: Mapping[str, Any]) -> Route:
    destination = route.get("DestinationCidrBlock") or route.get("DestinationIpv6CidrBlock")
    target = next((word for word, key in TARGETS.items() if route.get(key)), None)
    return {"destination_cidr_block": destination, **({target: route[TARGETS[target]]} if target else {})}


def destination(cidr_block: str) -> dict[str, str]:
    """A route's destination as an argument."""
    return {"DestinationIpv6CidrBlock" if ":" in cidr_block else "DestinationCidrBlock": cidr_block}


def arguments(route: Route) -> dict[str, str]:
    """A route as arguments of a Create or Replace call, but for the table."""
    target = {TARGETS[key]: route[key] for key in TARGETS if key in route}
    return {**destination(route["destination_cidr_block"]), **target}
