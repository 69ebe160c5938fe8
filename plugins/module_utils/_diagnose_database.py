# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Diagnosis of the database and of the way to it from the tasks, rule by rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from . import _diagnose_paths as paths
from ._diagnose import About, Check, Subject, Values, aws, put_back, site
from ._findings import Finding, broken, ok, warning

PORT = 5432
#: States in which an instance answers, or will by itself in a moment; in any other it doesn't.
FINE = ("available", "backing-up", "configuring-enhanced-monitoring", "configuring-log-exports", "storage-optimization")
PASSING = ("creating", "maintenance", "modifying", "rebooting", "renaming", "starting", "upgrading", "moving-to-vpc")
#: What AWS's states mean, where there is more to say than that it is down.
MEANS = {
    "stopped": "somebody stopped it; AWS starts it again after seven days",
    "storage-full": "no space is left, and nothing can be written",
    "inaccessible-encryption-credentials": "its KMS key is disabled or gone",
    "inaccessible-encryption-credentials-recoverable": "its KMS key is disabled",
    "incompatible-network": "its subnets or their addresses are gone",
    "incompatible-parameters": "a parameter keeps PostgreSQL from starting",
    "failed": "AWS gave it up; restore it",
}
COMMANDS = {
    "stopped": "rds start-db-instance --db-instance-identifier {}",
    "storage-full": "rds modify-db-instance --db-instance-identifier {} --apply-immediately --allocated-storage <GB>",
}


def primary(values: Values, about: About) -> Mapping[str, Any] | None:
    name = f"{about['name']}-db"
    return next((each for each in values["databases"] if each["DBInstanceIdentifier"] == name), None)


def ways(values: Values, about: About) -> Iterator[paths.Way]:
    """From the tasks to the primary; replicas have its subnets and groups."""
    found = primary(values, about)
    if found:
        subnets = tuple(each["SubnetIdentifier"] for each in found["DBSubnetGroup"]["Subnets"])
        groups = tuple(each["VpcSecurityGroupId"] for each in found["VpcSecurityGroups"])
        port = int((found.get("Endpoint") or {}).get("Port") or PORT)
        yield paths.Way(paths.tasks(values), paths.Side("the database", subnets, groups), port)


def instances(values: Values, about: About) -> Iterable[Finding]:
    """The primary is there; it and its replicas answer and are nobody else's."""
    if primary(values, about) is None:
        seen = f"there is no DB instance {about['name']}-db"
        remedy = "the data layer makes it; after a loss, restore it first: docs/runbooks"
        yield broken("instance", seen, "DescribeDBInstances", remedy, site(about, "data"))
    for instance in values["databases"]:
        yield state("instance", instance["DBInstanceIdentifier"], instance["DBInstanceStatus"], about)
        yield from settings(instance, about)


def state(check: str, name: str, status: str, about: About) -> Finding:
    """Whether it answers."""
    command = aws(
        about, COMMANDS.get(status, "rds describe-events --source-type db-instance --source-identifier {}").format(name)
    )
    if status in FINE:
        return ok(check, f"{name} is {status}", status)
    if status in PASSING:
        remedy = "wait; its connections may break meanwhile"
        return warning(check, f"{name} is {status}", status, remedy, command)
    return broken(
        check,
        f"{name} is {status}: {MEANS.get(status, 'it does not answer')}",
        status,
        MEND.get(status, MEND[""]),
        command,
    )


MEND = {
    "": "look at its events; a snapshot or a point in time restores it",
    "stopped": "start it",
    "storage-full": "give it more storage, and raise data_db_allocated_storage or its ceiling",
    "inaccessible-encryption-credentials": "enable the key, or cancel its deletion; then start the instance",
    "inaccessible-encryption-credentials-recoverable": "enable the key; then start the instance",
}


def settings(instance: Mapping[str, Any], about: About) -> Iterator[Finding]:
    """Nobody reaches it from outside, and its parameters are in force."""
    name = instance["DBInstanceIdentifier"]
    if instance.get("PubliclyAccessible"):
        remedy = put_back("data", "its name resolves to a public address, which tasks can't use")
        yield warning(
            "public", f"{name} is publicly accessible", "PubliclyAccessible: true", remedy, site(about, "data")
        )
    else:
        yield ok("public", f"{name} is not publicly accessible")
    pending = [each for each in instance.get("DBParameterGroups") or [] if each["ParameterApplyStatus"] != "in-sync"]
    if pending:
        evidence = ", ".join(f"{each['DBParameterGroupName']}: {each['ParameterApplyStatus']}" for each in pending)
        remedy = "static parameters wait for a restart; it takes a minute, so choose the moment"
        command = aws(about, f"rds reboot-db-instance --db-instance-identifier {name}")
        yield warning("parameters", f"parameters of {name} are not in force", evidence, remedy, command)
    else:
        yield ok("parameters", f"parameters of {name} are in force")


def tls(values: Values, about: About) -> Iterable[Finding]:
    """Connections without TLS are refused."""
    for group, value in values["force_ssl"].items():
        if value == "1":
            yield ok("tls", f"{group} forces TLS", "rds.force_ssl = 1")
        else:
            remedy = put_back("data", "passwords and data may cross the network in the clear")
            yield warning("tls", f"{group} does not force TLS", f"rds.force_ssl = {value}", remedy, site(about, "data"))


def subnet_group(values: Values, about: About) -> Iterable[Finding]:
    """Its subnets exist, in two zones at least, in the VPC of the tasks."""
    found = primary(values, about)
    if found is None or values["vpc"] is None:
        return
    group = found["DBSubnetGroup"]
    yield from members("subnet-group", group["DBSubnetGroupName"], group["VpcId"], _zones(group), values, about)


def _zones(group: Mapping[str, Any]) -> dict[str, str]:
    return {each["SubnetIdentifier"]: each["SubnetAvailabilityZone"]["Name"] for each in group["Subnets"]}


def members(
    check: str, name: str, vpc: str, zones: Mapping[str, str], values: Values, about: About
) -> Iterator[Finding]:
    """A subnet group's members, for databases and caches."""
    gone = [each for each in zones if each not in values["subnets"]]
    evidence = ", ".join(f"{each} ({zone})" for each, zone in zones.items()) or "none"
    if vpc != values["vpc"]["id"]:
        remedy = "nothing of the tasks' VPC reaches it; it was made or restored into another: restore it into this one"
        yield broken(
            check,
            f"subnet group {name} is in {vpc}, the tasks are in {values['vpc']['id']}",
            evidence,
            remedy,
            site(about, "data"),
        )
    elif gone or len(set(zones.values())) < 2:
        seen = f"subnet group {name} lacks subnets or zones"
        remedy = put_back("data", "a failover needs a second zone")
        yield broken(check, seen, f"{evidence}; gone: {', '.join(gone) or 'none'}", remedy, site(about, "network,data"))
    else:
        yield ok(check, f"subnet group {name} covers {len(set(zones.values()))} zones", evidence)


def names(values: Values, about: About) -> Iterable[Finding]:
    """Tasks reach databases and caches by name, which the VPC's resolver answers."""
    if values["vpc"] is None:
        remedy = "the network layer makes it, and everything in it"
        yield broken("vpc", f"there is no VPC {about['name']}-vpc", "DescribeVpcs", remedy, site(about, "network"))
        return
    yield ok("vpc", f"the VPC is {values['vpc']['id']}", ", ".join(values["vpc"]["cidr_blocks"]))
    for setting, word in (("support", "DNS support"), ("hostnames", "DNS hostnames")):
        if values["dns"][setting]:
            yield ok(f"dns-{setting}", f"{word} of the VPC: on")
        else:
            seen = f"{word} of the VPC: off, so names of databases, caches and AWS services don't resolve"
            remedy, command = put_back("network", "turn it on"), site(about, "network")
            yield broken(f"dns-{setting}", seen, f"{values['vpc']['id']}: {word} false", remedy, command)


SUBJECT = Subject(
    "database",
    "names, security groups, network ACLs there and back, routes, subnet group, state, TLS, parameters",
    (
        Check(("databases",), instances),
        Check(("vpc", "dns"), names),
        *paths.checks(ways, "databases", "task_network"),
        Check(("databases", "vpc", "subnets"), subnet_group),
        Check(("force_ssl",), tls),
    ),
)
