# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Diagnosis of the cache and of the way to it from the tasks, rule by rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from . import _diagnose_paths as paths
from ._diagnose import About, Check, Subject, Values, aws, put_back, site
from ._diagnose_database import members
from ._findings import Finding, broken, ok, warning

PORT = 6379
FINE, PASSING = ("available", "snapshotting"), ("creating", "modifying")


def ways(values: Values, about: About) -> Iterator[paths.Way]:
    """From the tasks to the nodes, which share subnets and groups."""
    for node in values["cache"]["nodes"][:1]:
        group = values["cache"]["subnet_groups"].get(node["CacheSubnetGroupName"]) or {"Subnets": []}
        subnets = tuple(each["SubnetIdentifier"] for each in group["Subnets"])
        groups = tuple(each["SecurityGroupId"] for each in node.get("SecurityGroups") or [])
        yield paths.Way(paths.tasks(values), paths.Side("the cache", subnets, groups), PORT)


def group(values: Values, about: About) -> Iterable[Finding]:
    """The replication group is there and answers, over TLS."""
    found, name = values["cache"]["group"], f"{about['name']}-redis"
    if found is None:
        remedy = "the data layer makes it; its content was a cache's"
        yield broken(
            "group", f"there is no replication group {name}", "DescribeReplicationGroups", remedy, site(about, "data")
        )
        return
    yield _state(name, found["Status"], about)
    if found.get("TransitEncryptionEnabled"):
        yield ok("tls", f"{name} takes connections over TLS", found.get("TransitEncryptionMode") or "required")
    else:
        remedy = put_back(
            "data", "clients that ask for TLS get no answer, and the token crosses the network in the clear"
        )
        yield warning("tls", f"{name} takes no TLS", "TransitEncryptionEnabled: false", remedy, site(about, "data"))


def _state(name: str, status: str, about: About) -> Finding:
    command = aws(about, f"elasticache describe-events --source-type replication-group --source-identifier {name}")
    if status in FINE:
        return ok("group", f"{name} is {status}", status)
    if status in PASSING:
        return warning("group", f"{name} is {status}", status, "wait; its connections may break meanwhile", command)
    remedy = "look at its events; without a way back delete it and run the data layer: its content was a cache's"
    return broken("group", f"{name} is {status}", status, remedy, command)


def nodes(values: Values, about: About) -> Iterable[Finding]:
    """Each node answers, and its parameters are in force."""
    for node in values["cache"]["nodes"]:
        name, parameters = node["CacheClusterId"], node.get("CacheParameterGroup") or {}
        yield _state(name, node["CacheClusterStatus"], about)._replace(check="node")
        if parameters.get("ParameterApplyStatus", "in-sync") == "in-sync":
            yield ok("parameters", f"parameters of {name} are in force")
            continue
        command = aws(
            about, f"elasticache reboot-cache-cluster --cache-cluster-id {name} --cache-node-ids-to-reboot 0001"
        )
        evidence = f"{parameters['CacheParameterGroupName']}: {parameters['ParameterApplyStatus']}"
        remedy = "they wait for a restart, which empties a node without replica"
        yield warning("parameters", f"parameters of {name} are not in force", evidence, remedy, command)


def subnet_group(values: Values, about: About) -> Iterable[Finding]:
    """Its subnets exist, in the VPC of the tasks."""
    names = {node["CacheSubnetGroupName"] for node in values["cache"]["nodes"]}
    for name in sorted(names) if values["vpc"] else ():
        found = values["cache"]["subnet_groups"].get(name)
        if found:
            zones = {e["SubnetIdentifier"]: e["SubnetAvailabilityZone"]["Name"] for e in found["Subnets"]}
            yield from members("subnet-group", name, found["VpcId"], zones, values, about)


SUBJECT = Subject(
    "cache",
    "security groups, network ACLs there and back, routes, subnet group, state, TLS, parameters",
    (
        Check(("cache",), group),
        Check(("cache",), nodes),
        *paths.checks(ways, "cache", "task_network"),
        Check(("cache", "vpc", "subnets"), subnet_group),
    ),
)
