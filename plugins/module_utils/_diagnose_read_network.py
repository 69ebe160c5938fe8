# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reading for a diagnosis: the VPC and what is in it, databases and caches."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from . import _aws, _discovery
from ._diagnose import Fact, Facts

Found = dict[str, Any]


def vpc(facts: Facts) -> Found | None:
    """The environment's VPC by its name and tags."""
    scope = _discovery.Scope(facts.about["name"], facts.about["tags"])
    found = _discovery.named_vpcs(facts.connect, scope).get(f"{facts.about['name']}-vpc")
    if found is None:
        return None
    blocks = [each["CidrBlock"] for each in found[0].get("CidrBlockAssociationSet") or []]
    return {"id": found[0]["VpcId"], "cidr_blocks": blocks or [found[0]["CidrBlock"]]}


def dns(facts: Facts) -> Found:
    """Whether names are resolved in the VPC."""
    if facts("vpc") is None:
        return {"support": False, "hostnames": False}
    describe = functools.partial(facts.connect("ec2").describe_vpc_attribute, VpcId=facts("vpc")["id"])
    return {
        "support": describe(Attribute="enableDnsSupport")["EnableDnsSupport"]["Value"],
        "hostnames": describe(Attribute="enableDnsHostnames")["EnableDnsHostnames"]["Value"],
    }


def _in_vpc(operation: str, key: str, filter_name: str = "vpc-id") -> Callable[[Facts], list[Any]]:
    """A reader of what the VPC has of a kind; nothing where there is no VPC."""

    def read(facts: Facts) -> list[Any]:
        found = facts("vpc")
        if found is None:
            return []
        wanted = [{"Name": filter_name, "Values": [found["id"]]}]
        return _aws.pages(facts.connect("ec2"), operation, key, Filters=wanted)

    return read


def subnets(facts: Facts) -> dict[str, Any]:
    return {each["SubnetId"]: each for each in _in_vpc("describe_subnets", "Subnets")(facts)}


def groups(facts: Facts) -> dict[str, Any]:
    return {each["GroupId"]: each for each in _in_vpc("describe_security_groups", "SecurityGroups")(facts)}


def nat_gateways(facts: Facts) -> list[Any]:
    """Those that work, are being made or failed; deleted ones linger in AWS's answer for an hour."""
    found = _in_vpc("describe_nat_gateways", "NatGateways")(facts)
    return [each for each in found if each["State"] not in ("deleted", "deleting")]


def task_network(facts: Facts) -> dict[str, list[str]]:
    """The subnets and groups of the services' tasks: as they run, else as they would by the names of the network."""
    live = facts("services").values()
    settings = [
        each["networkConfiguration"]["awsvpcConfiguration"] for each in live if each.get("networkConfiguration")
    ]
    if settings:
        return {
            "subnets": sorted({each for one in settings for each in one["subnets"]}),
            "groups": sorted({each for one in settings for each in one.get("securityGroups") or ()}),
        }
    tier, name = {"Key": "Tier", "Value": "app"}, f"{facts.about['name']}-ecs"
    return {
        "subnets": sorted(each for each, entry in facts("subnets").items() if tier in (entry.get("Tags") or [])),
        "groups": [each for each, entry in facts("groups").items() if entry["GroupName"] == name],
    }


# Databases and caches


def databases(facts: Facts) -> list[Any]:
    """The environment's instances: the database and its replicas."""
    found = _aws.pages(facts.connect("rds"), "describe_db_instances", "DBInstances")
    return [each for each in found if each["DBInstanceIdentifier"].startswith(f"{facts.about['name']}-db")]


def force_ssl(facts: Facts) -> dict[str, str]:
    """What each parameter group says of TLS; AWS's own default is what the family has."""
    client = facts.connect("rds")
    names = {
        group["DBParameterGroupName"] for each in facts("databases") for group in each.get("DBParameterGroups") or []
    }
    return {name: _parameter(client, name, "rds.force_ssl") for name in sorted(names)}


def _parameter(client: Any, group: str, name: str) -> str:
    found = _aws.pages(client, "describe_db_parameters", "Parameters", DBParameterGroupName=group)
    return next((str(each.get("ParameterValue", "")) for each in found if each["ParameterName"] == name), "")


def cache(facts: Facts) -> Found:
    """The replication group, its nodes, and their subnet groups by name."""
    client, name = facts.connect("elasticache"), f"{facts.about['name']}-redis"
    listed = _aws.pages(client, "describe_replication_groups", "ReplicationGroups")
    nodes = _aws.pages(client, "describe_cache_clusters", "CacheClusters")
    found = _aws.pages(client, "describe_cache_subnet_groups", "CacheSubnetGroups")
    return {
        "group": next((each for each in listed if each["ReplicationGroupId"] == name), None),
        "nodes": [each for each in nodes if each.get("ReplicationGroupId") == name],
        "subnet_groups": {each["CacheSubnetGroupName"]: each for each in found},
    }


READERS: Mapping[str, Fact] = {
    "vpc": Fact("the VPC", "ec2", vpc),
    "dns": Fact("the VPC's DNS settings", "ec2", dns),
    "subnets": Fact("the subnets", "ec2", subnets),
    "groups": Fact("the security groups", "ec2", groups),
    "acls": Fact("the network ACLs", "ec2", _in_vpc("describe_network_acls", "NetworkAcls")),
    "route_tables": Fact("the route tables", "ec2", _in_vpc("describe_route_tables", "RouteTables")),
    "nat_gateways": Fact("the NAT gateways", "ec2", nat_gateways),
    "internet_gateways": Fact(
        "the Internet gateway", "ec2", _in_vpc("describe_internet_gateways", "InternetGateways", "attachment.vpc-id")
    ),
    "endpoints": Fact("the VPC endpoints", "ec2", _in_vpc("describe_vpc_endpoints", "VpcEndpoints")),
    "task_network": Fact("where the tasks run", "ecs", task_network),
    "databases": Fact("the database", "rds", databases),
    "force_ssl": Fact("the database's parameters", "rds", force_ssl),
    "cache": Fact("the cache", "elasticache", cache),
}
