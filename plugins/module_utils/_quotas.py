# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which quotas an environment needs room in, how much of each, and whether there is enough; pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from . import _preflight
from ._preflight import Options, Row

Needs = dict[str, float]

#: CPU units of a vCPU.
UNITS = 1024


class Quota(NamedTuple):
    """A quota as Service Quotas knows it; C(shared) false is one inside a resource that is all ours."""

    key: str
    noun: str
    service_code: str
    quota_code: str
    shared: bool = True
    is_global: bool = False


class Usage(NamedTuple):
    """How much of a quota is in use, and how much of that is the environment's own already."""

    total: float = 0
    ours: float = 0


QUOTAS = (
    Quota("vpcs", "VPCs", "vpc", "L-F678F1CE"),
    Quota("internet_gateways", "Internet gateways", "vpc", "L-A4707A72"),
    Quota("addresses", "Elastic IP addresses", "ec2", "L-0263D0A3"),
    Quota("nat_gateways", "NAT gateways in a zone", "vpc", "L-FE5A380F"),
    Quota("security_groups", "security groups", "vpc", "L-E79EC296"),
    Quota("security_group_rules", "rules of a security group", "vpc", "L-0EA8095F", shared=False),
    Quota("gateway_endpoints", "gateway endpoints", "vpc", "L-1B52E74A"),
    Quota("interface_endpoints", "interface endpoints of a VPC", "vpc", "L-29B6F2EB", shared=False),
    Quota("db_instances", "database instances", "rds", "L-7B6409FD"),
    Quota("db_storage", "database storage, GB", "rds", "L-7ADDB58A"),
    Quota("cache_nodes", "cache nodes", "elasticache", "L-DFE45DF3"),
    Quota("load_balancers", "load balancers", "elasticloadbalancing", "L-53DA6B97"),
    Quota("target_groups", "target groups", "elasticloadbalancing", "L-B22855CB"),
    Quota("listeners", "listeners of a load balancer", "elasticloadbalancing", "L-B6DF7632", shared=False),
    Quota("listener_rules", "rules of a load balancer", "elasticloadbalancing", "L-7EED9B64", shared=False),
    Quota("fargate_vcpus", "Fargate vCPUs", "fargate", "L-3032A538"),
    Quota("fargate_spot_vcpus", "Fargate Spot vCPUs", "fargate", "L-36FBB829"),
    Quota("ecs_services", "ECS services of a cluster", "ecs", "L-9EF96962", shared=False),
    Quota("secrets", "secrets", "secretsmanager", "L-2F66C23C"),
    Quota("keys", "KMS keys", "kms", "L-C2F1777E"),
    Quota("log_groups", "log groups", "logs", "L-C7B9AAAB"),
    Quota("roles", "IAM roles", "iam", "L-FE177D64", is_global=True),
    Quota("buckets", "buckets", "s3", "L-DC2B2D3D", is_global=True),
)


def needs(estate: Mapping[str, Any]) -> Needs:
    """How much of each quota the environment takes when all of it is there, every service at its most tasks.

    C(estate) lists what the layers declare, and how many there are of what has no list.
    """
    return {**_network(estate), **_stores(estate), **_services(estate["services"])}


def _network(estate: Mapping[str, Any]) -> Needs:
    gateways = len(estate["nat_gateways"])
    groups = estate["security_groups"]
    return {
        "vpcs": 1,
        "internet_gateways": 1,
        "addresses": gateways,
        "nat_gateways": min(1, gateways),
        "security_groups": len(groups) + 1,  # and the VPC's default one
        "security_group_rules": max((_rules(group) for group in groups), default=0),
        "gateway_endpoints": 1,
        "interface_endpoints": len(estate["interface_endpoints"]),
    }


def _rules(group: Mapping[str, Any]) -> int:
    """The larger of a security group's two directions; each range of a rule counts."""
    return max(sum(len(rule.get("cidr_blocks") or "1") for rule in group[side] or ()) for side in ("ingress", "egress"))


def _stores(estate: Mapping[str, Any]) -> Needs:
    databases = len(estate["db_instances"])
    return {
        "db_instances": databases,
        "db_storage": databases * estate["db_allocated_storage"],
        "cache_nodes": len(estate["cache_nodes"]),
        **{key: estate[key] for key in ("secrets", "keys", "log_groups", "roles", "buckets")},
    }


def _services(services: Iterable[Mapping[str, Any]]) -> Needs:
    found = list(services)
    spot = sum(spot_tasks(_most_tasks(each), each["capacity"]) * each["cpu"] for each in found) / UNITS
    everything = sum(_most_tasks(each) * each["cpu"] for each in found) / UNITS
    shifted = sum(1 for each in found if each["alternate_target_group"])
    return {
        "load_balancers": 1,
        "target_groups": len(found) + shifted,
        "listeners": 3 if shifted else 2,
        "listener_rules": len(found) + shifted + 1,  # and one for maintenance
        "fargate_vcpus": everything - spot,
        "fargate_spot_vcpus": spot,
        "ecs_services": len(found),
    }


def _most_tasks(service: Mapping[str, Any]) -> int:
    """All that scaling may start, or twice what usually runs: while a deployment goes on, old and new run together."""
    return max(int(service["max_count"]), 2 * int(service["desired_count"]))


def spot_tasks(count: int, capacity: Mapping[str, int]) -> int:
    """How many of a service's tasks ECS puts on Spot: the base is on demand, the rest is shared by weight."""
    rest = max(0, count - capacity["fargate_base"])
    weights = capacity["fargate_weight"] + capacity["spot_weight"]
    return math.ceil(rest * capacity["spot_weight"] / weights) if weights else 0


def row(quota: Quota, need: float, usage: Usage, value: float, options: Options) -> Row:
    """Whether what the environment needs more than it has fits into what is left."""
    more = max(0, need - usage.ours) if quota.shared else need
    wanted = usage.total + more
    found = f"{_number(more)} more needed, {_number(usage.total)} in use, quota {_number(value)}"
    if not quota.shared:
        found = f"{_number(need)} needed, quota {_number(value)}"
    if wanted <= value:
        return Row(name(quota), _preflight.OK, found)
    return Row(name(quota), _preflight.must(options), found, request(quota, math.ceil(wanted), options["region"]))


def name(quota: Quota) -> str:
    """The row's name."""
    return f"Quota: {quota.noun}"


def request(quota: Quota, value: int, region: str) -> str:
    """The command that asks AWS for more."""
    place = _preflight.global_region(region) if quota.is_global else region
    codes = f"--service-code {quota.service_code} --quota-code {quota.quota_code}"
    return f"aws service-quotas request-service-quota-increase --region {place} {codes} --desired-value {value}"


def _number(value: float) -> str:
    """Whole numbers without a fraction."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")
