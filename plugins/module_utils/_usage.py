# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How much of each quota is in use, all of it and what is the environment's own; reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import _aws, _services, _tags
from ._preflight import Check, Connect, Options, global_region
from ._quotas import QUOTAS, UNITS, Needs, Quota, Usage, name, row

#: Their quotas are not there unless somebody has raised them; then the default counts.
NO_APPLIED_VALUE = "NoSuchResourceException"
Entries = Iterable[Mapping[str, Any]]


def checks(needs: Needs) -> list[Check]:
    """A check for each quota that the environment needs anything of."""
    return [_check(quota, needs[quota.key]) for quota in QUOTAS if needs[quota.key]]


def _check(quota: Quota, need: float) -> Check:
    def look(connect: Connect, options: Options) -> tuple[Usage, float]:
        usage = COUNTS[quota.key](connect, options) if quota.shared else Usage()
        return usage, value(connect, quota, options["region"])

    return Check(
        name(quota), "service-quotas", look, lambda found, options: [row(quota, need, found[0], found[1], options)]
    )


def value(connect: Connect, quota: Quota, region: str) -> float:
    """What is allowed: the value applied to the account, else AWS's default."""
    place = {"region": global_region(region)} if quota.is_global else {}
    client = connect("service-quotas", **place)
    codes = {"ServiceCode": quota.service_code, "QuotaCode": quota.quota_code}
    applied = _aws.absent_as(None, lambda: client.get_service_quota(**codes)["Quota"], NO_APPLIED_VALUE)
    return float((applied or client.get_aws_default_service_quota(**codes)["Quota"])["Value"])


def _tagged(entries: Entries, tags: Mapping[str, Any]) -> Usage:
    found = list(entries)
    return Usage(len(found), sum(_tags.owns(tags, _tags.to_dict(each.get("Tags"))) for each in found))


def _beginning(names: Iterable[str], beginning: str) -> Usage:
    found = list(names)
    return Usage(len(found), sum(each.startswith(beginning) for each in found))


def _ec2(operation: str, key: str, **arguments: Any) -> Callable[[Connect, Options], Usage]:
    """A count of an EC2 kind, ours by tag."""
    return lambda connect, options: _tagged(_aws.pages(connect("ec2"), operation, key, **arguments), options["tags"])


def nat_gateways(connect: Connect, options: Options) -> Usage:
    """Of the environment's zones, the one with least room."""
    client = connect("ec2")
    wanted = [{"Name": "state", "Values": ["pending", "available"]}]
    gateways = _aws.pages(client, "describe_nat_gateways", "NatGateways", Filters=wanted)
    subnets = _aws.pages(client, "describe_subnets", "Subnets") if gateways else []
    zone_of = {each["SubnetId"]: each["AvailabilityZone"] for each in subnets}
    by_zone = [
        _tagged((each for each in gateways if zone_of.get(each["SubnetId"]) == zone), options["tags"])
        for zone in options["availability_zones"]
    ]
    return max(by_zone, key=lambda usage: usage.total - usage.ours, default=Usage())


def databases(connect: Connect, options: Options) -> Usage:
    entries = _aws.pages(connect("rds"), "describe_db_instances", "DBInstances")
    return _beginning((each["DBInstanceIdentifier"] for each in entries), f"{options['name']}-")


def storage(connect: Connect, options: Options) -> Usage:
    sizes = {
        each["DBInstanceIdentifier"]: each.get("AllocatedStorage", 0)
        for each in _aws.pages(connect("rds"), "describe_db_instances", "DBInstances")
    }
    ours = [size for identifier, size in sizes.items() if identifier.startswith(f"{options['name']}-")]
    return Usage(sum(sizes.values()), sum(ours))


def cache_nodes(connect: Connect, options: Options) -> Usage:
    nodes = {
        each["CacheClusterId"]: each.get("NumCacheNodes", 1)
        for each in _aws.pages(connect("elasticache"), "describe_cache_clusters", "CacheClusters")
    }
    ours = [number for identifier, number in nodes.items() if identifier.startswith(f"{options['name']}-")]
    return Usage(sum(nodes.values()), sum(ours))


def load_balancers(connect: Connect, options: Options) -> Usage:
    entries = _aws.pages(connect("elbv2"), "describe_load_balancers", "LoadBalancers")
    names = (each["LoadBalancerName"] for each in entries if each["Type"] == "application")
    return _beginning(names, f"{options['name']}-")


def target_groups(connect: Connect, options: Options) -> Usage:
    """Ours by exact name, as long ones are shortened."""
    entries = _aws.pages(connect("elbv2"), "describe_target_groups", "TargetGroups")
    names = {each["TargetGroupName"] for each in entries}
    ours = {name for service in options["estate"]["services"] for name in _services.group_names(service)}
    return Usage(len(names), len(names & ours))


def _vcpus(spot: bool) -> Callable[[Connect, Options], Usage]:
    """vCPUs of running tasks, on Spot or on demand."""

    def count(connect: Connect, options: Options) -> Usage:
        client = connect("ecs")
        clusters = _aws.pages(client, "list_clusters", "clusterArns")
        by_cluster = {arn.rpartition("/")[2]: _cluster_vcpus(client, arn, spot) for arn in clusters}
        return Usage(sum(by_cluster.values()), by_cluster.get(options["name"], 0))

    return count


def _cluster_vcpus(client: Any, cluster: str, spot: bool) -> float:
    arns = _aws.pages(client, "list_tasks", "taskArns", cluster=cluster)
    tasks = [
        task
        for hundred in _aws.chunks(arns, 100)
        for task in client.describe_tasks(cluster=cluster, tasks=hundred)["tasks"]
        if task.get("launchType") == "FARGATE" or task.get("capacityProviderName", "").startswith("FARGATE")
    ]
    chosen = [task for task in tasks if (task.get("capacityProviderName") == "FARGATE_SPOT") is spot]
    return sum(int(task.get("cpu") or 0) for task in chosen) / UNITS


def secrets(connect: Connect, options: Options) -> Usage:
    entries = _aws.pages(connect("secretsmanager"), "list_secrets", "SecretList")
    return _beginning((each["Name"] for each in entries), f"{options['name']}/")


def keys(connect: Connect, options: Options) -> Usage:
    """All keys, AWS's own too, which the quota doesn't count: rather too many than too few."""
    client = connect("kms")
    aliases = [each["AliasName"] for each in _aws.pages(client, "list_aliases", "Aliases")]
    ours = [each for each in aliases if each.startswith(f"alias/{options['name']}-")]
    return Usage(len(_aws.pages(client, "list_keys", "Keys")), len(ours))


def log_groups(connect: Connect, options: Options) -> Usage:
    """Ours bear the environment's name, behind AWS's prefix where there is one."""
    names = [each["logGroupName"] for each in _aws.pages(connect("logs"), "describe_log_groups", "logGroups")]
    beginnings = (f"{options['name']}-", f"{options['name']}/")
    return Usage(len(names), sum(any(each in f"{name}/" for each in beginnings) for name in names))


def roles(connect: Connect, options: Options) -> Usage:
    names = (each["RoleName"] for each in _aws.pages(connect("iam"), "list_roles", "Roles"))
    return _beginning(names, f"{options['name']}-")


def buckets(connect: Connect, options: Options) -> Usage:
    names = (each["Name"] for each in _aws.pages(connect("s3"), "list_buckets", "Buckets"))
    return _beginning(names, f"{options['name']}-")


_GATEWAY_ENDPOINTS = [{"Name": "vpc-endpoint-type", "Values": ["Gateway"]}]
COUNTS: dict[str, Callable[[Connect, Options], Usage]] = {
    "vpcs": _ec2("describe_vpcs", "Vpcs"),
    "internet_gateways": _ec2("describe_internet_gateways", "InternetGateways"),
    "addresses": _ec2("describe_addresses", "Addresses"),
    "nat_gateways": nat_gateways,
    "security_groups": _ec2("describe_security_groups", "SecurityGroups"),
    "gateway_endpoints": _ec2("describe_vpc_endpoints", "VpcEndpoints", Filters=_GATEWAY_ENDPOINTS),
    "db_instances": databases,
    "db_storage": storage,
    "cache_nodes": cache_nodes,
    "load_balancers": load_balancers,
    "target_groups": target_groups,
    "fargate_vcpus": _vcpus(spot=False),
    "fargate_spot_vcpus": _vcpus(spot=True),
    "secrets": secrets,
    "keys": keys,
    "log_groups": log_groups,
    "roles": roles,
    "buckets": buckets,
}
