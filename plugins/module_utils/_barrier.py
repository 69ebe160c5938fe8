# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What was started without waiting: how far it is, how long it usually takes and when to give up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from . import _aws, _certificates, _ecs, _ecs_services, _rds, _rollouts, _tags
from ._discovery import Connect, Scope

CERTIFICATES = "AWS::CertificateManager::Certificate"
READY, PENDING, FAILED, GONE = "ready", "pending", "failed", "gone"


class Seen(NamedTuple):
    """How far one resource is: AWS's status, the barrier's word for it, and seconds that it may stay so besides.

    C(hint) is what to know and do if it stays so for longer.
    """

    name: str
    status: str
    state: str
    allowance: int = 0
    hint: str = ""


States = Iterable["tuple[str, str, str] | Seen"]


def _elsewhere(_connect: Connect, _scope: Scope) -> States:
    """The look of a kind that its own module looks at."""
    return ()


class Slow(NamedTuple):
    """A kind that AWS takes minutes to make: its words, usual minutes, where to look.

    C(deadline) is in seconds since AWS last showed another status.
    """

    noun: str
    usual: str
    deadline: int
    look: Callable[[Connect, Scope], States] = _elsewhere


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
    """Those that were requested, with the DNS records that AWS looks for before it issues them.

    An old one that AWS never issued holds nothing up where names are given.
    """
    client, names = connect("acm"), scope.managed.get(CERTIFICATES)
    for arn, tags in _certificates.tags_by_arn(client).items():
        if _tags.owns(scope.tags, tags) and (not names or tags.get("Name") in names):
            detail = client.describe_certificate(CertificateArn=arn)["Certificate"]
            state = outcome(detail["Status"], _CERTIFICATE_OVER, _certificates.FAILED)
            awaited = _certificates.awaited_records(detail) if state == PENDING else ""
            status = f"{detail['Status']}, AWS looks for {awaited}" if awaited else str(detail["Status"])
            yield tags.get("Name", arn), status, state


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


def services(connect: Connect, scope: Scope) -> Iterable[Seen]:
    """Where ECS shifts traffic, or this run began a deployment, that deployment is looked at too."""
    client = connect("ecs")
    entries = _ecs_services.described(client, scope.name)
    wishes = {entry["serviceArn"]: scope.wishes.get(entry["serviceName"], _rollouts.Wish()) for entry in entries}
    looked = [e["serviceArn"] for e in entries if _rollouts.shifts(e) or wishes[e["serviceArn"]].begun]
    newest = _rollouts.latest(client, scope.name, looked)
    for entry in entries:
        arn = entry["serviceArn"]
        yield _service(entry, _rollouts.verdict(entry, newest.get(arn), wishes[arn]))


def _service(entry: Mapping[str, Any], found: _rollouts.Verdict) -> Seen:
    words = {_ecs.DONE: READY, _ecs.IN_PROGRESS: PENDING, _ecs.FAILED: FAILED}
    state = words[found.state] if entry["status"] == "ACTIVE" else GONE
    return Seen(entry["serviceName"], found.words or found.state, state, found.allowance, found.hint)


SLOW: Mapping[str, Slow] = {
    "nat_gateways": Slow("NAT gateway", "1-3", 600, nat_gateways),
    "load_balancers": Slow("load balancer", "3-5", 600, load_balancers),
    "certificates": Slow("certificate", "1-5", 900, certificates),
    "db_instances": Slow("DB instance", "7-20", 3600, db_instances),
    "replication_groups": Slow("replication group", "10-17", 3600, replication_groups),
    "services": Slow("ECS service", "2-4", 900, services),
}


def states(connect: Connect, scope: Scope, kinds: Iterable[str]) -> list[dict[str, Any]]:
    """How far everything of the kinds is, once; what is being deleted is left out."""
    chosen = list(kinds)
    found = _aws.concurrently(lambda kind: list(SLOW[kind].look(connect, scope)), chosen)
    return [
        {"kind": kind, **Seen(*entry)._asdict()}
        for kind, entries in zip(chosen, found, strict=True)
        for entry in entries
        if entry[2] != GONE
    ]


def overdue(pending: Iterable[Mapping[str, Any]], table: Mapping[str, Slow] | None = None) -> list[str]:
    """Those that have been as they are for longer than their kind's deadline allows, each as a sentence.

    C(unchanged) says for how many seconds; the kinds are by default those of SLOW.
    """
    kinds = SLOW if table is None else table
    return [
        f"{kinds[each['kind']].noun} {each['name']} is {each['status']} after {each['unchanged']:.0f} s{_hinted(each)}"
        for each in pending
        if each["unchanged"] > kinds[each["kind"]].deadline + each.get("allowance", 0)
    ]


def _hinted(entry: Mapping[str, Any]) -> str:
    return f", {entry['hint']}" if entry.get("hint") else ""


def progress(pending: Iterable[Mapping[str, Any]], table: Mapping[str, Slow] | None = None) -> list[str]:
    """What is awaited, for a person; by default of SLOW."""
    kinds = SLOW if table is None else table
    return [
        f"{kinds[each['kind']].noun} {each['name']}: {each['status']} (usually {kinds[each['kind']].usual} min)"
        for each in pending
    ]
