# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the layers of an environment have made so far, found by name and tag; reads only.

Each kind is found by one function in the words that the kind's own module returns, so that a layer may use what this
run made or what an earlier one did in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from . import _aws, _certificates, _elbv2, _kms, _options, _plan, _rollouts, _route53, _tags

Connect = Callable[[str], Any]
Found = dict[str, dict[str, Any]]


class Scope(NamedTuple):
    """Whose resources: the beginning of every name, the ownership tags, and exact names of kinds found by name.

    C(wishes) says what a run wants of services, by name.
    """

    name: str
    tags: Mapping[str, str]
    managed: Mapping[str, Collection[str]] = MappingProxyType({})
    wishes: Mapping[str, _rollouts.Wish] = MappingProxyType({})


class Kind(NamedTuple):
    """A kind that one layer makes and others use: the layer, what it is called, its fields and how it is found."""

    layer: str
    noun: str
    fields: tuple[str, ...]
    find: Callable[[Connect, Scope], Found]


def named_vpcs(connect: Connect, scope: Scope) -> dict[str, tuple[Mapping[str, Any], dict[str, str]]]:
    """The VPCs of the environment with their tags, by name, whoever they belong to; ours before others of that name."""
    names = scope.managed.get("AWS::EC2::VPC")
    filters = [{"Name": "tag:Name", "Values": list(names)}] if names else _tags.filters(scope.tags)
    entries = _aws.pages(connect("ec2"), "describe_vpcs", "Vpcs", Filters=filters)
    return _aws.ec2_named(sorted(entries, key=lambda entry: _tags.owns(scope.tags, _tags.to_dict(entry.get("Tags")))))


def vpcs(connect: Connect, scope: Scope) -> Found:
    return {name: {"vpc_id": entry["VpcId"]} for name, (entry, _own) in named_vpcs(connect, scope).items()}


def subnets(connect: Connect, scope: Scope) -> Found:
    entries = _aws.pages(connect("ec2"), "describe_subnets", "Subnets", Filters=_tags.filters(scope.tags))
    return {
        name: {
            "subnet_id": entry["SubnetId"],
            "vpc_id": entry["VpcId"],
            "cidr_block": entry["CidrBlock"],
            "availability_zone": entry["AvailabilityZone"],
        }
        for name, (entry, _own) in _aws.ec2_named(entries).items()
    }


def security_groups(connect: Connect, scope: Scope) -> Found:
    own = _tags.filters(scope.tags)
    entries = _aws.pages(connect("ec2"), "describe_security_groups", "SecurityGroups", Filters=own)
    return {entry["GroupName"]: {"group_id": entry["GroupId"]} for entry in entries}


def nat_gateways(connect: Connect, scope: Scope) -> Found:
    """Those that exist or are being made; deleted ones linger in AWS's answer for an hour."""
    entries = _aws.pages(connect("ec2"), "describe_nat_gateways", "NatGateways", Filters=_tags.filters(scope.tags))
    alive = [entry for entry in entries if entry["State"] in ("pending", "available")]
    return {name: {"nat_gateway_id": entry["NatGatewayId"]} for name, (entry, _own) in _aws.ec2_named(alive).items()}


def kms_keys(connect: Connect, scope: Scope) -> Found:
    """By the alias's last word; the key's ARN, as most services return it."""
    return {
        name.removeprefix(f"alias/{scope.name}-"): {
            "key_arn": entry["AliasArn"].partition(":alias/")[0] + ":key/" + entry["TargetKeyId"],
        }
        for name, entry in key_aliases(connect, scope).items()
    }


def key_aliases(connect: Connect, scope: Scope) -> dict[str, Mapping[str, Any]]:
    """The aliases of the environment's keys, by name; without exact names all that begin so, a neighbour's too.

    A key of ours that has no alias counts as if it had.
    """
    names = scope.managed.get("AWS::KMS::Key")
    entries = [entry for entry in _aws.pages(connect("kms"), "list_aliases", "Aliases") if "TargetKeyId" in entry]
    found = {
        entry["AliasName"]: entry
        for entry in entries
        if (entry["AliasName"] in names if names else entry["AliasName"].startswith(f"alias/{scope.name}-"))
    }
    return {**found, **_kms.unnamed(connect, scope.tags, [name for name in names or () if name not in found])}


def secrets(connect: Connect, scope: Scope) -> Found:
    own = [{"Key": "name", "Values": [f"{scope.name}/"]}]
    entries = _aws.pages(connect("secretsmanager"), "list_secrets", "SecretList", Filters=own)
    return {entry["Name"]: {"arn": entry["ARN"]} for entry in entries if entry["Name"].startswith(f"{scope.name}/")}


def db_instances(connect: Connect, scope: Scope) -> Found:
    entries = _aws.pages(connect("rds"), "describe_db_instances", "DBInstances")
    return {
        entry["DBInstanceIdentifier"]: {
            "db_instance_arn": entry["DBInstanceArn"],
            "db_name": entry.get("DBName"),
            "allocated_storage": entry.get("AllocatedStorage"),
            "endpoint_address": entry.get("Endpoint", {}).get("Address", _plan.UNKNOWN),
            "endpoint_port": entry.get("Endpoint", {}).get("Port", _plan.UNKNOWN),
        }
        for entry in entries
        if entry["DBInstanceIdentifier"].startswith(f"{scope.name}-")
    }


def replication_groups(connect: Connect, scope: Scope) -> Found:
    entries = _aws.pages(connect("elasticache"), "describe_replication_groups", "ReplicationGroups")
    return {
        entry["ReplicationGroupId"]: {
            "arn": entry["ARN"],
            **_endpoints(entry),
            "member_clusters": entry.get("MemberClusters") or [],
        }
        for entry in entries
        if entry["ReplicationGroupId"].startswith(f"{scope.name}-")
    }


def _endpoints(group: Mapping[str, Any]) -> dict[str, Any]:
    """Where clients connect: to the configuration endpoint in cluster mode, to the first node group's otherwise."""
    nodes = (group.get("NodeGroups") or [{}])[0]
    primary = group.get("ConfigurationEndpoint") or nodes.get("PrimaryEndpoint") or {}
    return {
        "primary_endpoint_address": primary.get("Address", _plan.UNKNOWN),
        "primary_endpoint_port": primary.get("Port", _plan.UNKNOWN),
        "reader_endpoint_address": (nodes.get("ReaderEndpoint") or {}).get("Address", _plan.UNKNOWN),
    }


def load_balancers(connect: Connect, scope: Scope) -> Found:
    entries = _aws.pages(connect("elbv2"), "describe_load_balancers", "LoadBalancers")
    return {
        entry["LoadBalancerName"]: {
            "load_balancer_arn": entry["LoadBalancerArn"],
            "dns_name": entry["DNSName"],
            "canonical_hosted_zone_id": entry["CanonicalHostedZoneId"],
            "full_name": entry["LoadBalancerArn"].partition(":loadbalancer/")[2],
        }
        for entry in entries
        if entry["LoadBalancerName"].startswith(f"{scope.name}-")
    }


def target_groups(connect: Connect, scope: Scope) -> Found:
    """All of the account's: a shortened name doesn't begin as others do, and the caller asks by exact name."""
    entries = _aws.pages(connect("elbv2"), "describe_target_groups", "TargetGroups")
    return {
        entry["TargetGroupName"]: {
            "target_group_arn": entry["TargetGroupArn"],
            "full_name": entry["TargetGroupArn"].rpartition(":")[2],
        }
        for entry in entries
    }


def rules(connect: Connect, scope: Scope) -> Found:
    """The rules of the environment's load balancer, by their tag C(Name)."""
    client, balancers = connect("elbv2"), load_balancers(connect, scope).values()
    listeners = [
        arn for each in balancers for arn in _elbv2.listeners_by_port(client, each["load_balancer_arn"]).values()
    ]
    pages = _aws.concurrently(lambda arn: _elbv2.rules(client, arn), listeners)
    arns = [rule["RuleArn"] for page in pages for rule in page]
    names = _elbv2.tags_by_arn(client, arns)
    return {names[arn]["Name"]: {"rule_arn": arn} for arn in arns if "Name" in names[arn]}


def certificates(connect: Connect, scope: Scope) -> Found:
    found = _certificates.tags_by_arn(connect("acm")).items()
    return {own.get("Name", arn): {"certificate_arn": arn} for arn, own in found if _tags.owns(scope.tags, own)}


def health_checks(connect: Connect, scope: Scope) -> Found:
    client = connect("route53")
    ids = [entry["Id"] for entry in _aws.pages(client, "list_health_checks", "HealthChecks")]
    found = _route53.tags_by_id(client, "healthcheck", ids) if ids else {}
    return {
        own["Name"]: {"health_check_id": identifier}
        for identifier, own in found.items()
        if "Name" in own and _tags.owns(scope.tags, own)
    }


def clusters(connect: Connect, scope: Scope) -> Found:
    entries = connect("ecs").describe_clusters(clusters=[scope.name])["clusters"]
    return {e["clusterName"]: {"cluster_arn": e["clusterArn"]} for e in entries if e["status"] == "ACTIVE"}


def namespaces(connect: Connect, scope: Scope) -> Found:
    entries = _aws.pages(connect("servicediscovery"), "list_namespaces", "Namespaces")
    return {entry["Name"]: {"namespace_arn": entry["Arn"]} for entry in entries if entry["Name"] == scope.name}


def log_groups(connect: Connect, scope: Scope) -> Found:
    """Those named as the environment is; what AWS names after itself, such as a database's, is not among them."""
    entries = _aws.pages(connect("logs"), "describe_log_groups", "logGroups", logGroupNamePrefix=f"{scope.name}-")
    return {entry["logGroupName"]: {"log_group_name": entry["logGroupName"]} for entry in entries}


def topics(connect: Connect, scope: Scope) -> Found:
    arns = [entry["TopicArn"] for entry in _aws.pages(connect("sns"), "list_topics", "Topics")]
    named = {arn.rpartition(":")[2]: {"topic_arn": arn} for arn in arns}
    return {name: topic for name, topic in named.items() if name.startswith(f"{scope.name}-")}


def zones(connect: Connect) -> list[str]:
    """The availability zones that this account may use in the region."""
    entries = connect("ec2").describe_availability_zones(
        Filters=[{"Name": "zone-type", "Values": ["availability-zone"]}]
    )
    return [entry["ZoneName"] for entry in entries["AvailabilityZones"] if entry["State"] == "available"]


KINDS = {
    "vpcs": Kind("network", "VPC", ("vpc_id",), vpcs),
    "subnets": Kind("network", "subnet", ("subnet_id", "vpc_id", "cidr_block", "availability_zone"), subnets),
    "security_groups": Kind("network", "security group", ("group_id",), security_groups),
    "nat_gateways": Kind("network", "NAT gateway", ("nat_gateway_id",), nat_gateways),
    "kms_keys": Kind("foundation", "KMS key", ("key_arn",), kms_keys),
    "secrets": Kind("data", "secret", ("arn",), secrets),
    "db_instances": Kind("data", "DB instance", ("db_instance_arn", "endpoint_address", "endpoint_port"), db_instances),
    "replication_groups": Kind(
        "data",
        "replication group",
        ("arn", "primary_endpoint_address", "primary_endpoint_port", "reader_endpoint_address", "member_clusters"),
        replication_groups,
    ),
    "load_balancers": Kind(
        "edge",
        "load balancer",
        ("load_balancer_arn", "dns_name", "canonical_hosted_zone_id", "full_name"),
        load_balancers,
    ),
    "target_groups": Kind("edge", "target group", ("target_group_arn", "full_name"), target_groups),
    "rules": Kind("edge", "listener rule", ("rule_arn",), rules),
    "certificates": Kind("edge", "certificate", ("certificate_arn",), certificates),
    "health_checks": Kind("edge", "health check", ("health_check_id",), health_checks),
    "clusters": Kind("compute", "ECS cluster", ("cluster_arn",), clusters),
    "namespaces": Kind("compute", "Cloud Map namespace", ("namespace_arn",), namespaces),
    "log_groups": Kind("compute", "log group", ("log_group_name",), log_groups),
    "topics": Kind("monitoring", "SNS topic", ("topic_arn",), topics),
}


#: The layers in order, and which of them each one builds on.
BUILDS_ON: dict[str, tuple[str, ...]] = {
    "foundation": (),
    "network": ("foundation",),
    "data": ("foundation", "network"),
    "registry": ("foundation",),
    "edge": ("foundation", "network"),
    "compute": ("foundation", "network", "data", "edge"),
    "monitoring": ("foundation", "network", "data", "edge", "compute"),
}


def find(connect: Connect, scope: Scope, plurals: Collection[str] = tuple(KINDS)) -> dict[str, Found]:
    """The kinds by name."""
    found = _aws.concurrently(lambda plural: KINDS[plural].find(connect, scope), plurals)
    return dict(zip(plurals, found, strict=True))


def completed(found: Mapping[str, Found], expected: Mapping[str, Iterable[str]], planning: bool) -> dict[str, Found]:
    """What was found, with placeholders for what C(expected) names and isn't there."""
    return {
        plural: {**placeholders(KINDS[plural], expected.get(plural) or (), planning), **entries}
        for plural, entries in found.items()
    }


def unmet(layers: Collection[str], found: Mapping[str, Found], expected: Mapping[str, Iterable[str]]) -> list[str]:
    """What the layers of a run build on that neither is there nor comes with the run, by the layer that makes it."""
    below = {layer for each in layers for layer in BUILDS_ON.get(each, ())} - set(layers)
    return [problem for layer in BUILDS_ON if layer in below for problem in _absent(layer, layers, found, expected)]


def _absent(
    layer: str, layers: Iterable[str], found: Mapping[str, Found], expected: Mapping[str, Iterable[str]]
) -> Iterable[str]:
    kinds = [(plural, kind) for plural, kind in KINDS.items() if kind.layer == layer]
    absent = [
        f"{kind.noun} {name}"
        for plural, kind in kinds
        for name in expected.get(plural) or ()
        if name not in found[plural]
    ]
    if absent:
        users = ", ".join(each for each in layers if layer in BUILDS_ON[each])
        yield f"{users} builds on what does not exist yet: {', '.join(absent)}; make it with --tags {layer}"


def placeholders(kind: Kind, names: Iterable[str], planning: bool) -> Found:
    """Stand-ins by name: to be made in the run being planned, or missing with the layer that makes them."""
    return {
        name: dict.fromkeys(
            kind.fields, _plan.UNKNOWN if planning else _options.missing(f"{kind.noun} {name}", kind.layer)
        )
        for name in names
    }


def stand_in(expected: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """What discovery would find on an empty account, without asking one: for checks that need no credentials."""
    found = {plural: placeholders(kind, expected.get(plural) or (), True) for plural, kind in KINDS.items()}
    return {"account_id": "123456789012", "partition": "aws", **found}
