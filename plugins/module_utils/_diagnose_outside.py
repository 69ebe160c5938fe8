# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Diagnosis of the tasks' ways out of the VPC: through NAT gateways, and to AWS's services through endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from . import _diagnose_paths as paths
from . import _reachability as reach
from ._diagnose import About, Check, Subject, Values, aws, put_back, site
from ._findings import Finding, broken, ok, warning

PORT = 443
#: What every task needs before its own code runs; layers of images come from S3.
NEEDED = ("ecr.api", "ecr.dkr", "s3", "logs", "secretsmanager")


def short(endpoint: Mapping[str, Any], about: About) -> str:
    """The service of an endpoint, such as C(ecr.api)."""
    return str(endpoint["ServiceName"]).partition(f".{about['region']}.")[2]


def gateways(values: Values, about: About) -> Iterable[Finding]:
    """Each NAT gateway works."""
    for each in values["nat_gateways"]:
        name, state = each["NatGatewayId"], each["State"]
        command = aws(about, f"ec2 describe-nat-gateways --nat-gateway-ids {name}")
        why = each.get("FailureMessage") or state
        if state == "available":
            yield ok("nat", f"NAT gateway {name} is available", each["SubnetId"])
        elif state == "pending":
            yield warning("nat", f"NAT gateway {name} is being made", why, "wait a few minutes", command)
        else:
            remedy = put_back("network", "delete it if it failed")
            yield broken("nat", f"NAT gateway {name} is {state}", why, remedy, site(about, "network"))


def default_routes(values: Values, about: About) -> Iterable[Finding]:
    """Each subnet of the tasks leads outside, or has an endpoint for everything that a task needs."""
    by_table: dict[str, list[str]] = {}
    for subnet in values["task_network"]["subnets"]:
        table = reach.table_of(values["route_tables"], subnet)
        by_table.setdefault(table["RouteTableId"] if table else "", []).append(subnet)
    tables = {each["RouteTableId"]: each for each in values["route_tables"]}
    for identifier, subnets in by_table.items():
        if identifier:
            yield _default_route(tables[identifier], subnets, values, about)


def _default_route(table: Mapping[str, Any], subnets: Sequence[str], values: Values, about: About) -> Finding:
    route = reach.route_to(table, reach.WORLD)
    words, where = reach.route_words(table, route), ", ".join(subnets)
    problem = _problem(route, values)
    if not problem:
        return ok("default-route", f"{where} lead outside", words)
    seen = f"{where} don't lead outside: {problem}"
    have = {short(each, about) for each in values["endpoints"] if each["State"] == "available"}
    lacking = [each for each in NEEDED if each not in have]
    if route is None and not lacking:
        return warning(
            "default-route",
            seen,
            words,
            "tasks start through endpoints, and reach nothing else",
            site(about, "network"),
        )
    remedy = put_back("network", "tasks there pull no image, read no secret and call nobody outside")
    return broken("default-route", seen, words, remedy, site(about, "network"))


def _problem(route: Mapping[str, Any] | None, values: Values) -> str:
    """What is wrong with a default route; empty where nothing is."""
    if route is None:
        return "there is no default route"
    where = reach.target(route)
    working = [each["NatGatewayId"] for each in values["nat_gateways"] if each["State"] in ("available", "pending")]
    if not reach.is_active(route) or (where.startswith("nat-") and where not in working):
        return f"the default route is a black hole, as {where} is gone"
    return "tasks have no public address, so an Internet gateway is no way" if where.startswith("igw-") else ""


def internet(values: Values, about: About) -> Iterable[Finding]:
    """The NAT gateways' own subnets lead to the VPC's Internet gateway."""
    attached = [each["InternetGatewayId"] for each in values["internet_gateways"]]
    if not attached:
        seen, remedy = "the VPC has no Internet gateway", put_back("network", "nothing goes in or out")
        yield broken("internet-gateway", seen, "DescribeInternetGateways", remedy, site(about, "network"))
        return
    yield ok("internet-gateway", "the VPC has an Internet gateway", ", ".join(attached))
    for subnet in sorted({each["SubnetId"] for each in values["nat_gateways"]}):
        table = reach.table_of(values["route_tables"], subnet)
        route = reach.route_to(table, reach.WORLD) if table else None
        words = reach.route_words(table, route) if table else f"{subnet} has no route table"
        if route and reach.target(route) in attached and reach.is_active(route):
            yield ok("public-route", f"{subnet} leads to the Internet", words)
        else:
            remedy = put_back("network", "the NAT gateway there sends nothing on")
            yield broken(
                "public-route", f"{subnet} doesn't lead to the Internet", words, remedy, site(about, "network")
            )


def world(values: Values, about: About) -> Iterator[paths.Way]:
    """From the tasks to HTTPS outside; and what the NAT gateways' subnets let pass of it."""
    outside = paths.Side("HTTPS outside", (), (), world=True)
    yield paths.Way(paths.tasks(values), outside, PORT)


def through_nat(values: Values, about: About) -> Iterable[Finding]:
    """The ACL of the NAT gateways' subnets: from the tasks, to the world, and both answers."""
    subnets = tuple(sorted({each["SubnetId"] for each in values["nat_gateways"]}))
    nat, outside = paths.Side("NAT gateways", subnets), paths.Side("HTTPS outside", (), (), world=True)
    for way in (paths.Way(paths.tasks(values), nat, PORT), paths.Way(nat, outside, PORT)) if subnets else ():
        yield from paths.acl_findings(way, values, about)


def interfaces(values: Values, about: About) -> Iterator[paths.Way]:
    """From the tasks to the interface endpoints, which share their group and subnets."""
    seen: set[paths.Side] = set()
    for each in values["endpoints"]:
        if each["VpcEndpointType"] == "Interface":
            groups = tuple(sorted(group["GroupId"] for group in each.get("Groups") or []))
            seen.add(paths.Side("endpoints", tuple(sorted(each["SubnetIds"])), groups))
    yield from (paths.Way(paths.tasks(values), side, PORT) for side in sorted(seen))


def endpoints(values: Values, about: About) -> Iterable[Finding]:
    """Each endpoint works, and its service's own name leads to it."""
    for each in values["endpoints"]:
        name = f"endpoint {short(each, about)}"
        command = aws(about, f"ec2 describe-vpc-endpoints --vpc-endpoint-ids {each['VpcEndpointId']}")
        if each["State"].lower() != "available":
            remedy = "while its private name points to it, the service is out of reach: wait, or delete it"
            yield broken("endpoint", f"{name} is {each['State']}", each["VpcEndpointId"], remedy, command)
        elif each["VpcEndpointType"] == "Interface" and not each.get("PrivateDnsEnabled"):
            remedy = put_back("network", "the service's name leads past it, through NAT, if there is one")
            yield warning(
                "endpoint-dns", f"{name} has no private DNS name", each["VpcEndpointId"], remedy, site(about, "network")
            )
        else:
            yield ok("endpoint", f"{name} works", each["VpcEndpointId"])
    yield from _gateway(values, about)


def _gateway(values: Values, about: About) -> Iterator[Finding]:
    """Image layers come from S3: every table of the tasks should lead to its free endpoint."""
    tables = [reach.table_of(values["route_tables"], subnet) for subnet in values["task_network"]["subnets"]]
    wanted = {table["RouteTableId"] for table in tables if table}
    gates = [
        each for each in values["endpoints"] if short(each, about) == "s3" and each["VpcEndpointType"] == "Gateway"
    ]
    missing = sorted(wanted - {table for each in gates for table in each.get("RouteTableIds") or []})
    if not missing:
        yield ok("endpoint-s3", "all tables of the tasks lead to the endpoint of S3", ", ".join(sorted(wanted)))
        return
    remedy = put_back("network", "it is free; without it layers of images go through NAT and are paid by the GB")
    yield warning(
        "endpoint-s3",
        "tables of the tasks don't lead to the endpoint of S3",
        ", ".join(missing),
        remedy,
        site(about, "network"),
    )


SUBJECT = Subject(
    "outside",
    "NAT gateways, default routes, Internet gateway, groups and ACLs for HTTPS, endpoints and their names",
    (
        Check(("nat_gateways",), gateways),
        Check(("task_network", "route_tables", "nat_gateways", "endpoints"), default_routes),
        Check(("internet_gateways", "route_tables", "nat_gateways"), internet),
        *paths.checks(world, "task_network")[:2],
        Check(("task_network", "nat_gateways", "subnets", "acls"), through_nat),
        Check(("endpoints", "task_network", "route_tables"), endpoints),
        *paths.checks(interfaces, "endpoints", "task_network"),
    ),
)
