# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The network's plan: addresses, routes, ACL entries and endpoints worked out from a few variables; pure."""

from __future__ import annotations

import ipaddress
import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from . import _ec2_acl

Item = dict[str, Any]
Network = ipaddress.IPv4Network
PortRange = tuple[int, int]

ANYWHERE = "0.0.0.0/0"
#: Each tier's share of the VPC: how many bits longer than the VPC's its subnets' prefixes are, and the first of them.
#: Room for MOST_ZONES is kept in each, so that a zone added later moves nothing; three quarters stay free.
TIERS = {"public": (6, 0), "data": (6, 4), "app": (4, 4)}
MOST_ZONES = 4
SUBNET_PREFIXES = range(16, 29)  #: what AWS allows
VPC_PREFIXES = range(16, 22)  #: public subnets must be /27 or larger, as load balancers need
#: From which ports clients ask: load balancers, NAT gateways and functions use all of these.
EPHEMERAL: PortRange = (1024, 65535)
#: Services whose interface endpoints take a policy.
WITH_POLICY = ("ecr.api", "ecr.dkr", "logs", "secretsmanager", "kms")


def subnet_plan(cidr_block: str, zones: Sequence[str], stack_name: str, overrides: Mapping[str, str]) -> list[Item]:
    """The subnets of all tiers and zones, with the tier as their tag C(Tier).

    C(overrides) are ranges by tier and zone letter, such as C(public-a). Raises ValueError with a sentence where
    something doesn't fit.
    """
    vpc = _network("network_vpc_cidr_block", cidr_block)
    letters = _letters(zones)
    if vpc.prefixlen not in VPC_PREFIXES:
        raise ValueError(f"network_vpc_cidr_block: {vpc} must be a /{VPC_PREFIXES[0]} to /{VPC_PREFIXES[-1]}")
    ranges = {f"{tier}-{letter}": _range(vpc, tier, n) for tier in TIERS for n, letter in enumerate(letters)}
    ranges |= _overrides(overrides, ranges)
    _demand_fit(vpc, ranges)
    return [
        _subnet(f"{stack_name}-{tier}-{letter}", tier, zone, ranges[f"{tier}-{letter}"])
        for tier in TIERS
        for letter, zone in zip(letters, zones, strict=True)
    ]


def _network(place: str, cidr_block: str) -> Network:
    try:
        return Network(cidr_block)
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from error


def _letters(zones: Sequence[str]) -> list[str]:
    """The zones' last letters, by which names tell them apart."""
    letters = [zone[-1] for zone in zones]
    if not 2 <= len(zones) <= MOST_ZONES:
        raise ValueError(f"network_availability_zones: from 2 to {MOST_ZONES} zones are needed, not {len(zones)}")
    if len(set(letters)) < len(letters):
        raise ValueError(f"network_availability_zones: {', '.join(zones)} do not differ in their last letter")
    return letters


def _range(vpc: Network, tier: str, number: int) -> Network:
    """The range of a tier's subnet in the zone of that number."""
    bits, first = TIERS[tier]
    size = 1 << (32 - vpc.prefixlen - bits)
    return Network((int(vpc.network_address) + (first + number) * size, vpc.prefixlen + bits))


def _overrides(overrides: Mapping[str, str], known: Collection[str]) -> dict[str, Network]:
    for name in sorted(set(overrides) - set(known)):
        raise ValueError(f"network_subnet_cidr_blocks.{name}: there is no such subnet; there are {', '.join(known)}")
    return {name: _network(f"network_subnet_cidr_blocks.{name}", block) for name, block in overrides.items()}


def _demand_fit(vpc: Network, ranges: Mapping[str, Network]) -> None:
    """All subnets are of a size that AWS takes, inside the VPC and apart from each other."""
    for name, network in ranges.items():
        if not (network.subnet_of(vpc) and network.prefixlen in SUBNET_PREFIXES):
            raise ValueError(f"network_subnet_cidr_blocks.{name}: {network} must be inside {vpc} and a /16 to /28")
    for (one, first), (other, second) in itertools.combinations(ranges.items(), 2):
        if first.overlaps(second):
            raise ValueError(f"network_subnet_cidr_blocks: {one} ({first}) and {other} ({second}) overlap")


def _subnet(name: str, tier: str, zone: str, network: Network) -> Item:
    place = {"name": name, "cidr_block": str(network), "availability_zone": zone}
    return {**place, "map_public_ip_on_launch": False, "tags": {"Tier": tier}}


def of_tier(plan: Iterable[Mapping[str, Any]], tier: str) -> list[str]:
    """The names of a tier's subnets."""
    return [subnet["name"] for subnet in plan if subnet["tags"]["Tier"] == tier]


def nat_gateway_plan(plan: Sequence[Item], subnets: Mapping[str, Item], number: str) -> list[Item]:
    """A NAT gateway for each public subnet, or in the first alone where C(number) is C(single)."""
    public = of_tier(plan, "public")
    chosen = public[:1] if number == "single" else public
    return [{"name": _nat_name(name), "subnet_id": subnets[name]["subnet_id"]} for name in chosen]


def _nat_name(subnet: str) -> str:
    stack_name, _tier, letter = subnet.rsplit("-", 2)
    return f"{stack_name}-nat-{letter}"


def route_table_plan(
    plan: Sequence[Item], subnets: Mapping[str, Item], nat_gateways: Mapping[str, Item] | None, gateway_id: str | None
) -> list[Item]:
    """One route table for the public subnets, one for each app subnet and one, without routes, for the data subnets.

    Where C(nat_gateways) or C(gateway_id) is None, the routes that need them stay undeclared.
    """
    public, app, data = (of_tier(plan, tier) for tier in ("public", "app", "data"))
    stack_name = public[0].rsplit("-", 2)[0]
    shared = [
        _route_table(f"{stack_name}-public", public, subnets, _default_route("gateway_id", gateway_id)),
        _route_table(f"{stack_name}-data", data, subnets, []),
    ]
    zonal = [_route_table(name, [name], subnets, _nat_route(name, nat_gateways)) for name in app]
    return shared + zonal


def _route_table(name: str, members: Iterable[str], subnets: Mapping[str, Item], routes: list[Item] | None) -> Item:
    return {"name": name, "routes": routes, "subnet_ids": [subnets[member]["subnet_id"] for member in members]}


def _default_route(target: str, value: str | None) -> list[Item] | None:
    return None if value is None else [{"destination_cidr_block": ANYWHERE, target: value}]


def _nat_route(subnet: str, nat_gateways: Mapping[str, Item] | None) -> list[Item] | None:
    """Through the zone's own NAT gateway, or else the only one."""
    if not nat_gateways:
        return None
    gateway = nat_gateways.get(_nat_name(subnet)) or next(iter(nat_gateways.values()))
    return _default_route("nat_gateway_id", gateway["nat_gateway_id"])


def port_ranges(ports: Iterable[int], most: int) -> list[PortRange]:
    """The ports as at most C(most) ranges, one or more: the ranges that lie closest together become one."""
    ranges = [(port, port) for port in sorted(set(ports))]
    while len(ranges) > 1:
        gaps = [after[0] - before[1] for before, after in itertools.pairwise(ranges)]
        closest = gaps.index(min(gaps))
        if gaps[closest] > 1 and len(ranges) <= most:
            break
        ranges[closest : closest + 2] = [(ranges[closest][0], ranges[closest + 1][1])]
    return ranges


def acl_entries(
    rules: Sequence[Item], networks: Mapping[str, Sequence[str]], service_ports: Sequence[int]
) -> list[Item]:
    """One direction of a network ACL from rules that say C(peer) and C(ports).

    C(peer) is a key of C(networks); C(ports) are numbers, C(services) or C(ephemeral). If that is more than AWS allows,
    the services' ports are taken in fewer, wider ranges. Raises ValueError where it doesn't fit then either.
    """
    blocks = {name: _collapsed(cidr_blocks) for name, cidr_blocks in networks.items()}
    for most in range(max(1, len(set(service_ports))), 0, -1):
        entries = _entries(rules, blocks, port_ranges(service_ports, most))
        if len(entries) <= _ec2_acl.MOST_ENTRIES:
            return entries
    raise ValueError(f"the network ACL needs more than the {_ec2_acl.MOST_ENTRIES} entries that AWS allows")


def _collapsed(cidr_blocks: Iterable[str]) -> list[str]:
    return [str(network) for network in ipaddress.collapse_addresses(map(Network, cidr_blocks))]


def _entries(rules: Iterable[Item], blocks: Mapping[str, list[str]], services: list[PortRange]) -> list[Item]:
    wanted = [
        (block, ports)
        for rule in rules
        for ports in _port_ranges(rule["ports"], services)
        for block in blocks[rule["peer"]]
    ]
    return [
        {"rule_number": 100 + 10 * number, "cidr_block": block, "from_port": ports[0], "to_port": ports[1]}
        for number, (block, ports) in enumerate(dict.fromkeys(wanted))
    ]


def _port_ranges(ports: str | Iterable[int], services: list[PortRange]) -> list[PortRange]:
    if isinstance(ports, str):
        return {"services": services, "ephemeral": [EPHEMERAL]}[ports]
    return [(port, port) for port in ports]


def port_rules(ports: Iterable[int], peer: Mapping[str, Any]) -> list[Item]:
    """A security group rule for each port, all with the same peer and description."""
    return [{"from_port": port, "to_port": port, **peer} for port in ports]


def interface_endpoints(services: Iterable[str], place: Mapping[str, Any]) -> list[Item]:
    """An interface endpoint for each service.

    C(place) says C(stack_name), C(region), C(subnet_ids), C(security_group_id) and C(policy), for those that take one.
    """
    return [
        {
            "name": f"{place['stack_name']}-endpoint-{service.replace('.', '-')}",
            "service_name": f"com.amazonaws.{place['region']}.{service}",
            "vpc_endpoint_type": "Interface",
            "subnet_ids": place["subnet_ids"],
            "security_group_ids": [place["security_group_id"]],
            "private_dns_enabled": True,
            "policy": place["policy"] if service in WITH_POLICY else None,
        }
        for service in services
    ]
