# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether TCP gets from one place of a VPC to another, rule by rule: security groups, network ACLs, routes; pure.

Everything is answered with the very rule that lets pass or blocks, in words.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from . import _ec2_acl
from ._ec2_rules import EVERYTHING

Network = ipaddress.IPv4Network
Entry = Mapping[str, Any]
Ports = tuple[int, int]

#: From which ports clients ask by the rules of AWS, and from which Linux does.
EPHEMERAL: Ports = (1024, 65535)
LINUX: Ports = (32768, 60999)
ALL_PORTS: Ports = (0, 65535)
WORLD = ipaddress.IPv4Network("0.0.0.0/0")
_TCP = (EVERYTHING, "6", "tcp")


class Piece(NamedTuple):
    """A part of the traffic in question, what decides on it, and how."""

    network: Network
    ports: Ports
    allowed: bool
    rule: str


def network(text: str) -> Network:
    return ipaddress.IPv4Network(text)


# Security groups


def group_rule(
    groups: Iterable[Entry], egress: bool, port: int, peers: Collection[str], peer: Network
) -> tuple[bool | None, str]:
    """Whether one of the groups lets TCP to C(port) pass, and by which rule; the peer by its groups or its range.

    Null where only a rule with a prefix list could, as its ranges are not looked at.
    """
    maybe = ""
    for group in groups:
        for permission in group["IpPermissionsEgress" if egress else "IpPermissions"]:
            if not _covers(permission, port):
                continue
            named = _named(permission, peers) or _ranged(permission, peer)
            if named:
                return True, _rule(group, egress, permission, named)
            listed = permission.get("PrefixListIds") or []
            maybe = maybe or (_rule(group, egress, permission, listed[0]["PrefixListId"]) if listed else "")
    return (None, maybe) if maybe else (False, "")


def _covers(permission: Entry, port: int) -> bool:
    if permission["IpProtocol"] == EVERYTHING:
        return True
    return permission["IpProtocol"] in _TCP and permission["FromPort"] <= port <= permission["ToPort"]


def _named(permission: Entry, peers: Collection[str]) -> str:
    pairs = permission.get("UserIdGroupPairs") or []
    return next((str(pair["GroupId"]) for pair in pairs if pair["GroupId"] in peers), "")


def _ranged(permission: Entry, peer: Network) -> str:
    ranges = [str(each["CidrIp"]) for each in permission.get("IpRanges") or []]
    return next((text for text in ranges if peer.subnet_of(network(text))), "")


def _rule(group: Entry, egress: bool, permission: Entry, peer: str) -> str:
    ports = "all" if permission["IpProtocol"] == EVERYTHING else _span((permission["FromPort"], permission["ToPort"]))
    direction = "egress" if egress else "ingress"
    return f"{titled(group)} {direction} tcp {ports} {'to' if egress else 'from'} {peer}"


def titled(group: Entry) -> str:
    """A security group by id and name."""
    return f"{group['GroupId']} ({group['GroupName']})"


def _span(ports: Ports) -> str:
    return str(ports[0]) if ports[0] == ports[1] else f"{ports[0]}-{ports[1]}"


# Network ACLs


def acl_of(acls: Iterable[Entry], subnet_id: str) -> Entry | None:
    """The ACL of a subnet; every subnet has one that somebody gave it, or the VPC's default."""
    return next((acl for acl in acls if any(e["SubnetId"] == subnet_id for e in acl["Associations"])), None)


def acl_pieces(acl: Entry, egress: bool, peer: Network, ports: Ports) -> list[Piece]:
    """How an ACL decides on TCP with a peer on ports; the first rule that matches a part decides on that part."""
    rest: list[tuple[Network, Ports]] = [(peer, ports)]
    decided: list[Piece] = []
    own = [entry for entry in acl["Entries"] if entry["Egress"] is egress and entry.get("CidrBlock")]
    for entry in sorted(own, key=lambda each: int(each["RuleNumber"])):
        if str(entry["Protocol"]) in _TCP:
            taken, rest = _taken(rest, network(entry["CidrBlock"]), _ports(entry))
            allowed = entry["RuleAction"] == "allow"
            decided += [Piece(*box, allowed, _acl_rule(acl, entry)) for box in taken]
    none = f"{acl['NetworkAclId']} {'egress' if egress else 'ingress'} has no rule for it, so it is denied"
    return [*decided, *(Piece(*box, False, none) for box in rest)]


def _ports(entry: Entry) -> Ports:
    given = entry.get("PortRange")
    return (given["From"], given["To"]) if given else ALL_PORTS


def _acl_rule(acl: Entry, entry: Entry) -> str:
    last = entry["RuleNumber"] == _ec2_acl.CLOSING_RULE
    number = "*" if last else entry["RuleNumber"]
    direction = "egress" if entry["Egress"] else "ingress"
    protocol = "all" if str(entry["Protocol"]) == EVERYTHING else f"tcp {_span(_ports(entry))}"
    return f"{acl['NetworkAclId']} {direction} rule {number}: {entry['RuleAction']} {protocol} {entry['CidrBlock']}"


def _taken(
    boxes: Iterable[tuple[Network, Ports]], block: Network, ports: Ports
) -> tuple[list[tuple[Network, Ports]], list[tuple[Network, Ports]]]:
    """What a rule decides on of some boxes (of addresses by ports), and what it leaves."""
    taken: list[tuple[Network, Ports]] = []
    left: list[tuple[Network, Ports]] = []
    for place, span in boxes:
        low, high = max(span[0], ports[0]), min(span[1], ports[1])
        if low > high or not place.overlaps(block):
            left.append((place, span))
            continue
        inner = place if place.subnet_of(block) else block
        taken.append((inner, (low, high)))
        left += [] if inner == place else [(each, span) for each in place.address_exclude(inner)]
        left += [(inner, part) for part in ((span[0], low - 1), (high + 1, span[1])) if part[0] <= part[1]]
    return taken, left


def blocked(pieces: Iterable[Piece]) -> list[Piece]:
    return [piece for piece in pieces if not piece.allowed]


def essential(pieces: Iterable[Piece], ports: Ports) -> bool:
    """Whether any of the pieces touches ports that are really used."""
    return any(piece.ports[0] <= ports[1] and ports[0] <= piece.ports[1] for piece in pieces)


def phrase(pieces: Iterable[Piece]) -> str:
    """The rules of pieces with what each decides on, for evidence."""
    parts: dict[tuple[str, Ports], list[str]] = {}
    for piece in pieces:
        parts.setdefault((piece.rule, piece.ports), []).append(str(piece.network))
    return "; ".join(
        f"{words} (for {', '.join(dict.fromkeys(networks))}, ports {_span(ports)})"
        for (words, ports), networks in parts.items()
    )


# Routes


def table_of(tables: Sequence[Entry], subnet_id: str) -> Entry | None:
    """The route table of a subnet: its own, else the VPC's main one."""
    own = [t for t in tables if any(e.get("SubnetId") == subnet_id for e in t["Associations"])]
    return next(iter(own or [t for t in tables if any(e.get("Main") for e in t["Associations"])]), None)


def route_to(table: Entry, peer: Network) -> Entry | None:
    """The route that decides on a peer: the most specific one that covers it."""
    routes = [each for each in table["Routes"] if each.get("DestinationCidrBlock")]
    covering = [each for each in routes if peer.subnet_of(network(each["DestinationCidrBlock"]))]
    return max(covering, key=lambda each: network(each["DestinationCidrBlock"]).prefixlen, default=None)


_TARGETS = (
    "GatewayId",
    "NatGatewayId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "NetworkInterfaceId",
    "InstanceId",
)


def target(route: Entry) -> str:
    """Where a route leads, by id; C(local) within the VPC."""
    return next((str(route[name]) for name in _TARGETS if route.get(name)), "nowhere")


def is_active(route: Entry) -> bool:
    return bool(route.get("State", "active") == "active")


def route_words(table: Entry, route: Entry | None) -> str:
    """A route for evidence."""
    if route is None:
        return f"{table['RouteTableId']} has no route for it"
    state = "" if is_active(route) else f", {route.get('State')}"
    return f"{table['RouteTableId']}: {route['DestinationCidrBlock']} -> {target(route)}{state}"
