# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Findings of a way through the VPC: groups, ACLs there and back, routes; one finding a rule, not one a pair."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from . import _reachability as reach
from ._diagnose import About, Check, Judge, Values, put_back, site
from ._findings import Finding, broken, ok, warning
from ._reachability import EPHEMERAL, LINUX, Network, Piece, Ports


class Side(NamedTuple):
    """One end of a way: what it is, its subnets and security groups by id; C(world) where it is outside."""

    title: str
    subnets: tuple[str, ...]
    groups: tuple[str, ...] = ()
    world: bool = False


class Way(NamedTuple):
    """Who asks whom on which port."""

    client: Side
    server: Side
    port: int

    @property
    def title(self) -> str:
        return f"{self.client.title} to {self.server.title}:{self.port}"


def places(side: Side, values: Values) -> dict[str, Network]:
    """The ranges of a side by subnet; those that are gone are left out."""
    if side.world:
        return {"": reach.WORLD}
    known: Mapping[str, Any] = values["subnets"]
    return {each: reach.network(known[each]["CidrBlock"]) for each in side.subnets if each in known}


# Security groups


def group_findings(way: Way, values: Values, about: About) -> Iterator[Finding]:
    """The client's group lets out, the server's lets in."""
    yield from _group(way, values, about, way.client, way.server, egress=True)
    if not way.server.world:
        yield from _group(way, values, about, way.server, way.client, egress=False)


def _group(way: Way, values: Values, about: About, own: Side, peer: Side, egress: bool) -> Iterator[Finding]:
    check, direction = ("group-egress", "egress") if egress else ("group-ingress", "ingress")
    known: Mapping[str, Any] = values["groups"]
    groups = [known[each] for each in own.groups if each in known]
    answers = [
        reach.group_rule(groups, egress, way.port, peer.groups, place) for place in places(peer, values).values()
    ]
    names = ", ".join(map(reach.titled, groups)) or ", ".join(own.groups) or "no security group"
    if all(answer[0] for answer in answers) and groups:
        yield ok(check, f"{way.title}: the group of {own.title} lets pass", answers[0][1] if answers else names)
        return
    lists = [rule for passes, rule in answers if passes is None]
    if lists and not any(passes is False for passes, _rule in answers):
        yield ok(check, f"{way.title}: a prefix list of the group of {own.title} may let pass", lists[0])
        return
    word = f"{'to' if egress else 'from'} {peer.title}"
    seen = f"{way.title}: no {direction} rule of {names} lets TCP {way.port} {word} pass"
    evidence = f"{names} has {_count(groups, egress)} {direction} rules; none is for {', '.join(peer.groups) or 'it'}"
    yield broken(
        check,
        seen,
        evidence,
        put_back("network", f"the rule of the group of {own.title} is missing"),
        site(about, "network"),
    )


def _count(groups: Iterable[Mapping[str, Any]], egress: bool) -> int:
    return sum(len(group["IpPermissionsEgress" if egress else "IpPermissions"]) for group in groups)


# Network ACLs


def acl_findings(way: Way, values: Values, about: About) -> Iterator[Finding]:
    """Both ACLs, for the call and for its answer: they keep no state."""
    call, answer = (way.port, way.port), EPHEMERAL
    yield from _acls(way, values, about, way.client, way.server, egress=True, ports=call, check="acl-call-out")
    yield from _acls(way, values, about, way.server, way.client, egress=False, ports=call, check="acl-call-in")
    yield from _acls(way, values, about, way.server, way.client, egress=True, ports=answer, check="acl-answer-out")
    yield from _acls(way, values, about, way.client, way.server, egress=False, ports=answer, check="acl-answer-in")


def _acls(
    way: Way, values: Values, about: About, own: Side, peer: Side, *, egress: bool, ports: Ports, check: str
) -> Iterator[Finding]:
    """The ACLs of a side's subnets, one finding each."""
    by_acl: dict[str, list[str]] = {}
    for subnet in () if own.world else places(own, values):
        acl = reach.acl_of(values["acls"], subnet)
        by_acl.setdefault(acl["NetworkAclId"] if acl else "", []).append(subnet)
    for identifier, subnets in by_acl.items():
        acl = next((each for each in values["acls"] if each["NetworkAclId"] == identifier), None)
        pieces = _pieces(acl, subnets, peer, values, egress, ports)
        if acl and pieces:
            yield _acl_finding(f"{way.title}: {_what(check)} {own.title}", check, acl, pieces, ports, about, peer)


def _what(check: str) -> str:
    words = {"acl-call-out": "the call out of", "acl-call-in": "the call in to"}
    return words.get(check, "the answer out of" if check == "acl-answer-out" else "the answer in to")


def _pieces(
    acl: Mapping[str, Any] | None, subnets: Sequence[str], peer: Side, values: Values, egress: bool, ports: Ports
) -> list[Piece]:
    """What the ACL decides; within one subnet no ACL is asked."""
    if acl is None:
        return []
    others = {each: place for each, place in places(peer, values).items() if subnets != [each]}
    return [piece for place in others.values() for piece in reach.acl_pieces(acl, egress, place, ports)]


def _acl_finding(
    title: str, check: str, acl: Mapping[str, Any], pieces: list[Piece], ports: Ports, about: About, peer: Side
) -> Finding:
    wrong = reach.blocked(pieces)
    if not wrong:
        return ok(check, f"{title} passes {acl['NetworkAclId']}", "; ".join(dict.fromkeys(p.rule for p in pieces)))
    evidence = reach.phrase(wrong)
    used = LINUX if ports == EPHEMERAL else ports
    partly = peer.world and any(piece.allowed for piece in pieces)
    remedy = put_back("network", "an entry of the network ACL is missing, or another comes before it")
    if partly or not reach.essential(wrong, used):
        return warning(
            check, f"{title} is partly blocked by {acl['NetworkAclId']}", evidence, remedy, site(about, "network")
        )
    return broken(check, f"{title} is blocked by {acl['NetworkAclId']}", evidence, remedy, site(about, "network"))


# Routes


def route_findings(way: Way, values: Values, about: About) -> Iterator[Finding]:
    """Each side's table leads to the other within the VPC."""
    yield from _routes(way, values, about, way.client, way.server, "route")
    yield from _routes(way, values, about, way.server, way.client, "route-back")


def _routes(way: Way, values: Values, about: About, own: Side, peer: Side, check: str) -> Iterator[Finding]:
    wrong: list[str] = []
    right: list[str] = []
    for subnet in places(own, values):
        table = reach.table_of(values["route_tables"], subnet)
        for place in places(peer, values).values():
            route = reach.route_to(table, place) if table else None
            good = route is not None and reach.target(route) == "local" and reach.is_active(route)
            words = reach.route_words(table, route) if table else f"{subnet} has no route table"
            (right if good else wrong).append(words)
    if wrong:
        seen = f"{way.title}: a route of {own.title} does not stay in the VPC"
        remedy = "a more specific route takes the traffic elsewhere: delete it; the local one can't be deleted"
        yield broken(check, seen, "; ".join(dict.fromkeys(wrong)), remedy, site(about, "network"))
    elif right:
        yield ok(check, f"{way.title}: routes of {own.title} stay in the VPC", "; ".join(dict.fromkeys(right)))


# What subjects use


def tasks(values: Values) -> Side:
    """The services' side: where they run, else where they would."""
    found = values["task_network"]
    return Side("tasks", tuple(found["subnets"]), tuple(found["groups"]))


def checks(ways: Callable[[Values, About], Iterable[Way]], *needs: str) -> tuple[Check, ...]:
    """The checks of some ways; groups, ACLs and routes each on their own, as one may be readable without the others."""

    def through(findings: Callable[[Way, Values, About], Iterable[Finding]]) -> Judge:
        return lambda values, about: [each for way in ways(values, about) for each in findings(way, values, about)]

    return (
        Check((*needs, "subnets", "groups"), through(group_findings)),
        Check((*needs, "subnets", "acls"), through(acl_findings)),
        Check((*needs, "subnets", "route_tables"), through(route_findings)),
    )
