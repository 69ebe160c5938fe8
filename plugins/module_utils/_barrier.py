# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What was started without waiting: how far it is, how long it usually takes and when to give up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from . import _aws, _certificates, _ecs, _rds, _tags
from ._discovery import Connect, Scope

READY, PENDING, FAILED, GONE = "ready", "pending", "failed", "gone"


class Slow(NamedTuple):
    """A kind that AWS takes minutes to make: its words, usual minutes, deadline in seconds and where to look."""

    noun: str
    usual: str
    deadline: int
    look: Callable[[Connect, Scope], Iterable[tuple[str, str, str]]]


def outcome(status: str, ready: Iterable[str], failed: Iterable[str]) -> str:
    """AWS's status in the barrier's words; what is neither ready nor failed nor going is still being made."""
    if status in ready:
        return READY
    if status in ("deleting", "deleted", "DRAINING", "INACTIVE"):
        return GONE
    return FAILED if status in failed or status.startswith("incompatible-") else PENDING


def nat_gateways(connect: Connect, scope: Scope) -> Iterable[tuple[str, str, str]]:
    own = _tags.filters(scope.tags)
    found: dict[str, tuple[str, str]] = {}
    for entry in _aws.pages(connect("ec2"), "describe_nat_gateways", "NatGateways", Filters=own):
        name = _tags.to_dict(entry.get("Tags")).get("Name", entry["NatGatewayId"])
        state = outcome(entry["State"], ("available",), ("failed",))
        if state in (READY, PENDING) or name not in found:  # AWS lists a failed one for an hour after it was replaced
            found[name] = entry["State"], state
    yield from ((name, status, state) for name, (status, state) in found.items())


def load_balancers(connect: Connect, scope: Scope) -> Iterable[tuple[str, str, str]]:
    for entry in _aws.pages(connect("elbv2"), "describe_load_balancers", "LoadBalancers"):
        if entry["LoadBalancerName"].startswith(f"{scope.name}-"):
            state = entry["State"]["Code"]
            yield entry["LoadBalancerName"], state, outcome(state, ("active", "active_impaired"), ("failed",))


def certificates(connect: Connect, scope: Scope) -> Iterable[tuple[str, str, str]]:
    """Those that were requested, with the DNS records that AWS looks for before it issues them."""
    client = connect("acm")
    for entry in _aws.pages(client, "list_certificates", "CertificateSummaryList", **_certificates.EVERY_KEY):
        tags = _tags.to_dict(client.list_tags_for_certificate(CertificateArn=entry["CertificateArn"])["Tags"])
        if _tags.owns(scope.tags, tags):
            detail = client.describe_certificate(CertificateArn=entry["CertificateArn"])["Certificate"]
            state = outcome(detail["Status"], _CERTIFICATE_OVER, _certificates.FAILED)
            awaited = _certificates.awaited_records(detail) if state == PENDING else ""
            status = f"{detail['Status']}, AWS looks for {awaited}" if awaited else str(detail["Status"])
            yield tags.get("Name", entry["CertificateArn"]), status, state


_CERTIFICATE_OVER = ("ISSUED", "INACTIVE", "EXPIRED", "REVOKED")
#: An instance in these works; what is named after storage or backups goes on in the background.
_DB_READY = ("available", "backing-up", "storage-optimization", "storage-config-upgrade", "storage-initialization")


def db_instances(connect: Connect, scope: Scope) -> Iterable[tuple[str, str, str]]:
    for entry in _aws.pages(connect("rds"), "describe_db_instances", "DBInstances"):
        if entry["DBInstanceIdentifier"].startswith(f"{scope.name}-"):
            status = entry["DBInstanceStatus"]
            yield entry["DBInstanceIdentifier"], status, outcome(status, _DB_READY, _rds.STUCK)


def replication_groups(connect: Connect, scope: Scope) -> Iterable[tuple[str, str, str]]:
    for entry in _aws.pages(connect("elasticache"), "describe_replication_groups", "ReplicationGroups"):
        if entry["ReplicationGroupId"].startswith(f"{scope.name}-"):
            status = entry["Status"]
            yield (
                entry["ReplicationGroupId"],
                status,
                outcome(status, ("available", "snapshotting"), ("create-failed",)),
            )


def services(connect: Connect, scope: Scope) -> Iterable[tuple[str, str, str]]:
    client = connect("ecs")

    def listed() -> list[str]:
        return _aws.pages(client, "list_services", "serviceArns", cluster=scope.name)

    arns: list[str] = _aws.absent_as([], listed, "ClusterNotFoundException")
    for ten in _aws.chunks(arns, 10):
        for entry in client.describe_services(cluster=scope.name, services=ten)["services"]:
            yield _service(entry)


def _service(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    progress, reason = _ecs.rollout(entry)
    words = {"done": READY, "in progress": PENDING, "failed": FAILED}
    return entry["serviceName"], reason or progress, words[progress] if entry["status"] == "ACTIVE" else GONE


SLOW: Mapping[str, Slow] = {
    "nat_gateways": Slow("NAT gateway", "1-3", 600, nat_gateways),
    "load_balancers": Slow("load balancer", "3-5", 600, load_balancers),
    "certificates": Slow("certificate", "1-5", 900, certificates),
    "db_instances": Slow("DB instance", "7-20", 3600, db_instances),
    "replication_groups": Slow("replication group", "10-17", 3600, replication_groups),
    "services": Slow("ECS service", "2-4", 900, services),
}


def states(connect: Connect, scope: Scope, kinds: Iterable[str]) -> list[dict[str, str]]:
    """How far everything of the kinds is, once; what is being deleted is left out."""
    chosen = list(kinds)
    found = _aws.concurrently(lambda kind: list(SLOW[kind].look(connect, scope)), chosen)
    return [
        {"kind": kind, "name": name, "status": status, "state": state}
        for kind, entries in zip(chosen, found, strict=True)
        for name, status, state in entries
        if state != GONE
    ]


def overdue(pending: Iterable[Mapping[str, str]], waited: float, table: Mapping[str, Slow] | None = None) -> list[str]:
    """Those whose kind's deadline has passed after C(waited) seconds, each as a sentence; by default of SLOW."""
    kinds = SLOW if table is None else table
    return [
        f"{kinds[each['kind']].noun} {each['name']} is {each['status']} after {waited:.0f} s"
        for each in pending
        if waited > kinds[each["kind"]].deadline
    ]


def progress(pending: Iterable[Mapping[str, str]], table: Mapping[str, Slow] | None = None) -> list[str]:
    """What is awaited, for a person; by default of SLOW."""
    kinds = SLOW if table is None else table
    return [
        f"{kinds[each['kind']].noun} {each['name']}: {each['status']} (usually {kinds[each['kind']].usual} min)"
        for each in pending
    ]
