# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a teardown waits for: kinds that AWS takes minutes to delete, or that it does not let go of yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import _aws, _barrier, _certificates, _discovery, _tags
from ._barrier import PENDING, Seen, Slow, States
from ._discovery import Connect, Scope


def busy(kind: str) -> Callable[[Connect, Scope], States]:
    """What is being made or changed: AWS refuses to delete it meanwhile."""

    def look(connect: Connect, scope: Scope) -> States:
        return [each for each in _barrier.SLOW[kind].look(connect, scope) if each[2] == PENDING]

    return look


def services(connect: Connect, scope: Scope) -> States:
    """The cluster, while it has tasks or services that drain; AWS lists these nowhere, but counts them."""
    found = connect("ecs").describe_clusters(clusters=[scope.name], include=["STATISTICS"])["clusters"]
    for entry in found:
        counts = {each["name"]: int(each["value"]) for each in entry.get("statistics") or []}
        draining = sum(value for name, value in counts.items() if name.startswith("draining"))
        tasks = entry.get("runningTasksCount", 0) + entry.get("pendingTasksCount", 0)
        if entry["status"] != "INACTIVE" and draining + tasks:
            yield entry["clusterName"], f"{draining} services drain, {tasks} tasks run", PENDING


def _instances(connect: Connect, scope: Scope) -> Iterable[Mapping[str, Any]]:
    for entry in _aws.pages(connect("rds"), "describe_db_instances", "DBInstances"):
        if entry["DBInstanceIdentifier"].startswith(f"{scope.name}-") and entry["DBInstanceStatus"] == "deleting":
            yield entry


def db_instances(connect: Connect, scope: Scope) -> States:
    return [(each["DBInstanceIdentifier"], each["DBInstanceStatus"], PENDING) for each in _instances(connect, scope)]


def replicas(connect: Connect, scope: Scope) -> States:
    return [
        (each["DBInstanceIdentifier"], each["DBInstanceStatus"], PENDING)
        for each in _instances(connect, scope)
        if each.get("ReadReplicaSourceDBInstanceIdentifier")
    ]


def replication_groups(connect: Connect, scope: Scope) -> States:
    """A last snapshot is part of a deletion."""
    for entry in _aws.pages(connect("elasticache"), "describe_replication_groups", "ReplicationGroups"):
        going = entry["Status"] in ("deleting", "snapshotting")
        if entry["ReplicationGroupId"].startswith(f"{scope.name}-") and going:
            yield entry["ReplicationGroupId"], entry["Status"], PENDING


def nat_gateways(connect: Connect, scope: Scope) -> States:
    for entry in _aws.pages(connect("ec2"), "describe_nat_gateways", "NatGateways", Filter=_tags.filters(scope.tags)):
        if entry["State"] == "deleting":
            name = _tags.to_dict(entry.get("Tags")).get("Name", entry["NatGatewayId"])
            yield name, entry["State"], PENDING


def vpc_endpoints(connect: Connect, scope: Scope) -> States:
    for entry in _aws.pages(
        connect("ec2"), "describe_vpc_endpoints", "VpcEndpoints", Filters=_tags.filters(scope.tags)
    ):
        if entry["State"].lower() == "deleting":
            name = _tags.to_dict(entry.get("Tags")).get("Name", entry["VpcEndpointId"])
            yield name, entry["State"], PENDING


def interfaces(connect: Connect, vpcs: Iterable[str]) -> list[Mapping[str, Any]]:
    """The network interfaces in these VPCs."""
    ids = list(vpcs)
    by = [{"Name": "vpc-id", "Values": ids}]
    return _aws.pages(connect("ec2"), "describe_network_interfaces", "NetworkInterfaces", Filters=by) if ids else []


def own_vpcs(connect: Connect, scope: Scope) -> dict[str, str]:
    """The ids of the environment's VPCs, by name; only those that carry its tags."""
    return {
        name: entry["VpcId"]
        for name, (entry, tags) in _discovery.named_vpcs(connect, scope).items()
        if _tags.owns(scope.tags, tags)
    }


def network_interfaces(connect: Connect, scope: Scope) -> States:
    """Interfaces that services of AWS made outlive what they were made for, a Lambda function's by up to 20 minutes."""
    for entry in interfaces(connect, own_vpcs(connect, scope).values()):
        words = entry.get("Description") or entry.get("InterfaceType", "interface")
        yield entry["NetworkInterfaceId"], f"{entry['Status']}, {words}", PENDING


def load_balancer_interfaces(connect: Connect, scope: Scope) -> States:
    for entry in interfaces(connect, own_vpcs(connect, scope).values()):
        if str(entry.get("Description")).startswith(f"ELB app/{scope.name}-"):
            yield entry["NetworkInterfaceId"], f"{entry['Status']}, {entry['Description']}", PENDING


def certificates(connect: Connect, scope: Scope) -> States:
    """ACM learns a little later that what used a certificate is gone."""
    client = connect("acm")
    for arn, tags in _certificates.tags_by_arn(client).items():
        users = client.describe_certificate(CertificateArn=arn)["Certificate"].get("InUseBy") or []
        if users and _tags.owns(scope.tags, tags):
            yield tags.get("Name", arn), f"in use by {', '.join(users)}", PENDING


GOING = {
    "busy_db_instances": Slow("DB instance", "7-20", 3600, busy("db_instances")),
    "busy_replication_groups": Slow("replication group", "10-17", 3600, busy("replication_groups")),
    "services": Slow("tasks of", "1-5", 1200, services),
    "replicas": Slow("read replica", "3-8", 3600, replicas),
    "db_instances": Slow("DB instance", "5-15", 3600, db_instances),
    "replication_groups": Slow("replication group", "5-15", 3600, replication_groups),
    "nat_gateways": Slow("NAT gateway", "1-3", 900, nat_gateways),
    "vpc_endpoints": Slow("VPC endpoint", "2-5", 900, vpc_endpoints),
    "load_balancer_interfaces": Slow("network interface", "1-5", 900, load_balancer_interfaces),
    "certificates": Slow("certificate", "1-5", 900, certificates),
    "network_interfaces": Slow("network interface", "1-20", 2700, network_interfaces),
}


def states(connect: Connect, scope: Scope, kinds: Iterable[str]) -> list[dict[str, Any]]:
    """What is still there of the kinds, once."""
    return [{"kind": kind, **Seen(*entry)._asdict()} for kind in kinds for entry in GOING[kind].look(connect, scope)]
