# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What stands in the way of a teardown, and what its steps have to know of the account; reads only."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from . import _account, _aws, _before, _certificates, _discovery, _edge, _elbv2, _going, _route53, _scaling, _tags
from ._discovery import BUILDS_ON, Connect, Found, Scope

Facts = dict[str, Any]

PROTECTED = _elbv2.LOAD_BALANCER["deletion_protection"].key


# Who stands on what

#: What no layer stands on by itself.
WITH_OTHERS = ("target_groups", "certificates", "health_checks", "log_groups")


def repositories(connect: Connect, scope: Scope) -> Iterable[str]:
    found = _aws.pages(connect("ecr"), "describe_repositories", "repositories")
    return [each["repositoryName"] for each in found if each["repositoryName"].startswith(f"{scope.name}/")]


def standing(connect: Connect, scope: Scope) -> dict[str, list[str]]:
    """What each layer holds of the kinds that others use or that use others, for a person."""
    found = _discovery.find(connect, scope)
    kinds = {plural: kind for plural, kind in _discovery.KINDS.items() if plural not in WITH_OTHERS}
    held: dict[str, list[str]] = {layer: [] for layer in BUILDS_ON}
    for plural, kind in kinds.items():
        held[kind.layer] += [f"{kind.noun} {name}" for name in found[plural]]
    held["registry"] = [f"repository {name}" for name in repositories(connect, scope)]
    held["compute"] += [f"ECS service {name}" for name in services(connect, scope)]
    return {layer: sorted(names, key=lambda name: name.startswith("secret ")) for layer, names in held.items()}


def user_problems(layers: Collection[str], held: Mapping[str, list[str]]) -> list[str]:
    """Layers that stay and build on one that goes; pure."""
    users = {
        layer: [each for each in below if each in layers]
        for layer, below in BUILDS_ON.items()
        if layer not in layers and held.get(layer)
    }
    return [
        f"{layer} still stands on {', '.join(below)}: {_some(held[layer])}"
        for layer, below in reversed(users.items())
        if below
    ]


def users(problems: Collection[str], layers: Collection[str]) -> str:
    """The tags that take down the layers and all that stand on them; pure."""
    named = {problem.partition(" ")[0] for problem in problems}
    return ",".join(layer for layer in reversed(BUILDS_ON) if layer in named or layer in layers)


def _some(names: list[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def instances(connect: Connect, scope: Scope) -> list[str]:
    """Machines that somebody runs in the environment's VPC, by their interfaces."""
    found = _going.interfaces(connect, _going.own_vpcs(connect, scope).values())
    attached = [(each.get("Attachment") or {}).get("InstanceId") for each in found]
    return sorted({str(each) for each in attached if each})


# Deletion protection


def protected(connect: Connect, scope: Scope) -> dict[str, list[str]]:
    """What is under deletion protection, by layer."""
    return {"data": list(_protected_instances(connect, scope)), "edge": list(_protected_balancers(connect, scope))}


def _protected_instances(connect: Connect, scope: Scope) -> Iterable[str]:
    for entry in _aws.pages(connect("rds"), "describe_db_instances", "DBInstances"):
        own = entry["DBInstanceIdentifier"].startswith(f"{scope.name}-")
        if own and entry.get("DeletionProtection") and entry["DBInstanceStatus"] != "deleting":
            yield f"DB instance {entry['DBInstanceIdentifier']}"


def _protected_balancers(connect: Connect, scope: Scope) -> Iterable[str]:
    client = connect("elbv2")
    for name, entry in _discovery.load_balancers(connect, scope).items():
        shown = client.describe_load_balancer_attributes(LoadBalancerArn=entry["load_balancer_arn"])["Attributes"]
        if {each["Key"]: each["Value"] for each in shown}.get(PROTECTED) == "true":
            yield f"load balancer {name}"


# What the steps take


def services(connect: Connect, scope: Scope) -> list[str]:
    """The services of the cluster, and those of which only the scaling is left."""
    listing = {"cluster": scope.name}
    none: list[str] = []
    arns = _aws.absent_as(
        none, lambda: _aws.pages(connect("ecs"), "list_services", "serviceArns", **listing), "ClusterNotFoundException"
    )
    scaled = _scaling.targets(connect(_scaling.SERVICE), scope.name)
    return sorted({arn.rpartition("/")[2] for arn in arns} | scaled.keys())


def compute(connect: Connect, scope: Scope, _options: Mapping[str, Any]) -> Facts:
    return {"services": services(connect, scope)}


def data(connect: Connect, scope: Scope, _options: Mapping[str, Any]) -> Facts:
    entries = _aws.pages(connect("rds"), "describe_db_instances", "DBInstances")
    found = [e for e in entries if e["DBInstanceIdentifier"].startswith(f"{scope.name}-")]
    replicas = [e["DBInstanceIdentifier"] for e in found if e.get("ReadReplicaSourceDBInstanceIdentifier")]
    return {"replicas": replicas, **managed(connect, scope, "AWS::RDS::DBSubnetGroup")}


def edge(connect: Connect, scope: Scope, options: Mapping[str, Any]) -> Facts:
    balancers = _discovery.load_balancers(connect, scope)
    arns = [entry["load_balancer_arn"] for entry in balancers.values()]
    zone = _zone(connect, scope, options, balancers) if options["zone"] else {}
    return {"load_balancers": arns, "zone": options["zone"] or None, **zone}


def _zone(connect: Connect, scope: Scope, options: Mapping[str, Any], balancers: Found) -> Facts:
    """The records that the inventory declares, and the zone itself where it is ours and holds nothing of others."""
    balancer: Mapping[str, Any] = next(iter(balancers.values()), {})
    domains = options["domains"] if balancer else []
    certificates = list(own_certificates(connect, scope))
    records = _edge.dns_records(options["zone"], domains, balancer, certificates, options["cnames"])
    client = connect("route53")
    zone_id = _route53.zone_id(client, options["zone"])
    strangers = list(_route53.others(client, zone_id)) if zone_id else []
    own = managed(connect, scope, "AWS::Route53::HostedZone")
    return {
        "records": [each for each in records if _aws.is_known(each["record_name"])] if zone_id else [],
        "own_zone": bool(own["AWS::Route53::HostedZone"]),
        **({} if strangers else own),
    }


def own_certificates(connect: Connect, scope: Scope) -> Iterable[Mapping[str, Any]]:
    """The properties of the environment's certificates."""
    client = connect("acm")
    for arn, tags in _certificates.tags_by_arn(client).items():
        if _tags.owns(scope.tags, tags):
            detail = client.describe_certificate(CertificateArn=arn)["Certificate"]
            yield _certificates.properties(detail, datetime.datetime.now(datetime.UTC))


def network(connect: Connect, scope: Scope, _options: Mapping[str, Any]) -> Facts:
    vpcs = managed(connect, scope, "AWS::EC2::VPC")
    vpc_id = next((entry["id"] for entry in vpcs["AWS::EC2::VPC"].values()), None)
    by = _tags.filters(scope.tags)
    entries = _aws.pages(connect("ec2"), "describe_internet_gateways", "InternetGateways", Filters=by)
    named = _aws.ec2_named(entries)
    gateways = {name: {"id": entry["InternetGatewayId"]} for name, (entry, _own) in named.items()}
    return {"vpc_id": vpc_id, **vpcs, "AWS::EC2::InternetGateway": gateways}


def foundation(connect: Connect, scope: Scope, _options: Mapping[str, Any]) -> Facts:
    return managed(connect, scope, "AWS::KMS::Key")


def monitoring(connect: Connect, _scope: Scope, _options: Mapping[str, Any]) -> Facts:
    """Cost Explorer does what we ask of it in AWS's first partition only."""
    caller = _account.identity(connect)
    return {"account_id": caller["account_id"], "elsewhere": caller["partition"] != "aws"}


def managed(connect: Connect, scope: Scope, kind: str) -> Facts:
    """What there is of a kind that amazon.aws manages, by name; only what carries our tags."""
    found = _before.VIEWS[kind](connect, scope)
    return {kind: {name: view for name, view in found.items() if _tags.owns(scope.tags, view["tags"])}}


def nothing(_connect: Connect, _scope: Scope, _options: Mapping[str, Any]) -> Facts:
    return {}


LOOKS: dict[str, Callable[[Connect, Scope, Mapping[str, Any]], Facts]] = {
    "foundation": foundation,
    "network": network,
    "data": data,
    "registry": nothing,
    "edge": edge,
    "compute": compute,
    "monitoring": monitoring,
}
