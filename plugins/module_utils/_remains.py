# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an account still holds for an environment after a teardown, why, until when, and what drives its cost."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from . import _aws, _discovery, _owned, _replacement, _route53, _s3_locks, _scaling, _snapshots, _standing, _tags
from ._discovery import BUILDS_ON, Connect, Scope

FREE = 0.0
GIGABYTE = 1024**3
_REPLACING = _replacement.names("")
HEADER = ("resource", "until", "GB", "USD a month", "why")


class Remnant(NamedTuple):
    """One resource that is left; C(monthly_cost) in USD, None where it depends on a price that nobody has given."""

    kind: str
    name: str
    reason: str
    until: str | None = None
    size_gb: float | None = None
    monthly_cost: float | None = None


class Key(NamedTuple):
    """One of our KMS keys and when it ends, if it does."""

    arn: str
    name: str
    description: str
    ends: datetime.datetime | None


def day(moment: datetime.datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None


# Keys


def keys(connect: Connect, scope: Scope) -> list[Key]:
    """Our keys, those without an alias too; found by tag, as an account has keys that nobody else may look at."""
    client = connect("kms")
    names = {e["TargetKeyId"]: e["AliasName"] for e in _discovery.key_aliases(connect, scope).values()}
    arns = _owned.arns(connect, scope.tags, "kms:key")
    found = _aws.concurrently(lambda arn: client.describe_key(KeyId=arn)["KeyMetadata"], arns)
    return [Key(e["Arn"], names.get(e["KeyId"], e["KeyId"]), e["Description"], e.get("DeletionDate")) for e in found]


def key_remnants(found: Iterable[Key], kept: bool) -> Iterator[Remnant]:
    for key in found:
        if key.ends:
            reason = f"its deletion is pending; {key.description}"
            yield Remnant("AWS::KMS::Key", key.name, reason, day(key.ends), monthly_cost=FREE)
        else:
            reason = "kept: snapshots, backups and secrets cannot be read without it" if kept else "not taken down"
            yield Remnant("AWS::KMS::Key", key.name, reason)


def readable(reason: str, key_id: str | None, found: Iterable[Key]) -> tuple[str, str | None]:
    """A reason, with the end of the key that encrypts and how to stop that, and the day of the end; pure."""
    key = next((each for each in found if key_id and each.arn.endswith(str(key_id).rpartition("/")[2])), None)
    if key is None or key.ends is None:
        return reason, None
    command = f"aws kms cancel-key-deletion --key-id {key.arn}"
    return f"{reason}; readable until its key ends, unless {command}", day(key.ends)


# Data


def snapshots(connect: Connect, scope: Scope, found: list[Key]) -> Iterator[Remnant]:
    for entry in _aws.pages(connect("rds"), "describe_db_snapshots", "DBSnapshots", SnapshotType="manual"):
        if entry["DBInstanceIdentifier"].startswith(f"{scope.name}-"):
            name, size = entry["DBSnapshotIdentifier"], float(entry["AllocatedStorage"])
            yield Remnant("AWS::RDS::DBSnapshot", name, *readable(_why(name), entry.get("KmsKeyId"), found), size)


def _why(name: str) -> str:
    if name.endswith(_REPLACING):
        return "left of a replacement: the next run restores it where its database or cache is gone"
    return "final snapshot" if "-final-" in name else "snapshot made by hand"


def automated_backups(connect: Connect, scope: Scope, found: list[Key]) -> Iterator[Remnant]:
    """Those that outlive their instance."""
    for entry in _aws.pages(connect("rds"), "describe_db_instance_automated_backups", "DBInstanceAutomatedBackups"):
        name = entry["DBInstanceIdentifier"]
        if name.startswith(f"{scope.name}-") and entry.get("Status") == "retained":
            days = f"kept for {entry['BackupRetentionPeriod']} days" if entry.get("BackupRetentionPeriod") else "kept"
            reason, until = readable(f"automated backups, {days}", entry.get("KmsKeyId"), found)
            size = float(entry["AllocatedStorage"]) if entry.get("AllocatedStorage") else None
            yield Remnant("AWS::RDS::DBInstanceAutomatedBackup", name, reason, until, size)


def vaults(connect: Connect, scope: Scope) -> Iterator[Remnant]:
    """A vault stays until its last recovery point has expired, and nobody is charged for an empty one."""
    for entry in _aws.pages(connect("backup"), "list_backup_vaults", "BackupVaultList"):
        if entry["BackupVaultName"] == scope.name:
            reason = f"holds {entry.get('NumberOfRecoveryPoints', 0)} recovery points; it can go when they have expired"
            yield Remnant("AWS::Backup::BackupVault", entry["BackupVaultName"], reason)


def option_groups(connect: Connect, scope: Scope) -> Iterator[Remnant]:
    client = connect("rds")
    users: dict[str, list[str]] = {}
    for entry in _aws.pages(client, "describe_db_snapshots", "DBSnapshots"):
        users.setdefault(str(entry.get("OptionGroupName")), []).append(entry["DBSnapshotIdentifier"])
    for entry in _aws.pages(client, "describe_option_groups", "OptionGroupsList"):
        name = entry["OptionGroupName"]
        if name.startswith(f"{scope.name}-") and name in users:
            reason = f"AWS keeps it while a snapshot refers to it: {', '.join(users[name])}"
            yield Remnant("AWS::RDS::OptionGroup", name, reason, monthly_cost=FREE)


def cache_snapshots(connect: Connect, scope: Scope, found: list[Key]) -> Iterator[Remnant]:
    for entry in _aws.pages(connect("elasticache"), "describe_snapshots", "Snapshots"):
        if str(entry.get("ReplicationGroupId")).startswith(f"{scope.name}-"):
            name, sizes = entry["SnapshotName"], [node.get("CacheSize") for node in entry.get("NodeSnapshots") or []]
            reason, until = readable(_why(name), entry.get("KmsKeyId"), found)
            yield Remnant("AWS::ElastiCache::Snapshot", name, reason, until, _snapshots.gigabytes(sizes))


def secrets(connect: Connect, scope: Scope) -> Iterator[Remnant]:
    own = {"Filters": [{"Key": "name", "Values": [f"{scope.name}/"]}], "IncludePlannedDeletion": True}
    client = connect("secretsmanager")
    entries = _aws.pages(client, "list_secrets", "SecretList", **own)
    names = sorted(entry["Name"] for entry in entries if entry.get("DeletedDate"))
    for name, ends in zip(names, _aws.concurrently(functools.partial(_ends, client), names), strict=True):
        if ends:
            yield Remnant("AWS::SecretsManager::Secret", name, "in its recovery window", day(ends), monthly_cost=FREE)


def _ends(client: Any, name: str) -> datetime.datetime | None:
    """The day after which a deleted secret can't be restored; DescribeSecret knows it, ListSecrets another date."""
    none: dict[str, Any] = {}
    entry = _aws.absent_as(none, lambda: client.describe_secret(SecretId=name), "ResourceNotFoundException")
    return entry.get("DeletedDate")


def buckets(connect: Connect, scope: Scope, taken: bool) -> Iterator[Remnant]:
    """With their sizes, where C(taken) says that their layer was to go."""
    client = connect("s3")
    for arn in _owned.arns(connect, scope.tags, "s3"):
        name = arn.partition(":::")[2]
        held = _aws.absent_as(None, functools.partial(_contents, client, name), "NoSuchBucket") if taken else None
        if held is not None:
            yield bucket(name, held)
        elif not taken:
            yield Remnant("AWS::S3::Bucket", name, "its layer, foundation, was not taken down")


def _contents(client: Any, name: str) -> _s3_locks.Contents:
    read = functools.partial(client.get_object_lock_configuration, Bucket=name)
    none: dict[str, Any] = {}
    return _s3_locks.contents(client, name, lockable=bool(_aws.absent_as(none, read, *_s3_locks.UNLOCKED)))


def bucket(name: str, held: _s3_locks.Contents) -> Remnant:
    """One bucket that is left; pure."""
    size = round(held.size / GIGABYTE, 3)
    if not held.locked:
        return Remnant("AWS::S3::Bucket", name, "kept", None, size)
    last = max(held.locked)
    until = None if last == _s3_locks.FOREVER else day(last)
    return Remnant("AWS::S3::Bucket", name, f"Object Lock keeps {len(held.locked)} of its versions", until, size)


# The rest


def task_definitions(connect: Connect, scope: Scope) -> Iterator[Remnant]:
    """Families of which only inactive revisions are left."""
    client = connect("ecs")
    families = {
        status: _aws.pages(
            client, "list_task_definition_families", "families", familyPrefix=f"{scope.name}-", status=status
        )
        for status in ("ACTIVE", "INACTIVE")
    }
    for family in sorted(set(families["INACTIVE"]) - set(families["ACTIVE"])):
        yield Remnant("AWS::ECS::TaskDefinition", family, "AWS keeps inactive revisions", monthly_cost=FREE)


def subscriptions(connect: Connect, scope: Scope) -> Iterator[Remnant]:
    for entry in _aws.pages(connect("sns"), "list_subscriptions", "Subscriptions"):
        topic = entry["TopicArn"].rpartition(":")[2]
        if topic.startswith(f"{scope.name}-") and not entry["SubscriptionArn"].startswith("arn:"):
            reason = "waits for its confirmation, so nobody can end it; AWS drops it after 3 days"
            name = f"{topic} {entry['Protocol']} {entry['Endpoint']}"
            yield Remnant("AWS::SNS::Subscription", name, reason, monthly_cost=FREE)


def zones(connect: Connect, scope: Scope) -> Iterator[Remnant]:
    """A zone of ours that holds what others put there."""
    client = connect("route53")
    ids = {e["Id"].rpartition("/")[2]: e["Name"] for e in _aws.pages(client, "list_hosted_zones", "HostedZones")}
    for zone_id, tags in _route53.tags_by_id(client, "hostedzone", ids).items():
        if _tags.owns(scope.tags, tags):
            others = ", ".join(_route53.others(client, zone_id))
            reason = f"holds what is not ours: {others}" if others else "not taken down"
            yield Remnant("AWS::Route53::HostedZone", _route53.plain(ids[zone_id]), reason)


#: What bills and is found at once; CloudFormation types by discovery's words.
BILLED = {
    "nat_gateways": "AWS::EC2::NatGateway",
    "db_instances": "AWS::RDS::DBInstance",
    "replication_groups": "AWS::ElastiCache::ReplicationGroup",
    "load_balancers": "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "secrets": "AWS::SecretsManager::Secret",
}


def other_layers(connect: Connect, scope: Scope, layers: Iterable[str]) -> Iterator[Remnant]:
    """What bills in the layers that were not taken down."""
    taken = set(layers)
    found = _discovery.find(connect, scope) if set(BUILDS_ON) - taken else {}
    for plural, kind in BILLED.items():
        layer = _discovery.KINDS[plural].layer
        for name in found.get(plural, ()) if layer not in taken else ():
            yield Remnant(kind, name, f"its layer, {layer}, was not taken down")
    if found and "registry" not in taken:
        for name in _standing.repositories(connect, scope):
            yield Remnant("AWS::ECR::Repository", name, "its layer, registry, was not taken down")
    if found and "compute" not in taken:
        for name in _scaling.targets(connect(_scaling.SERVICE), scope.name):
            yield Remnant("AWS::ECS::Service", name, "its layer, compute, was not taken down")


def remains(connect: Connect, scope: Scope, layers: Collection[str], kept: bool) -> list[dict[str, Any]]:
    """All that is left, sorted by kind and name; C(kept) says that the teardown was to keep data."""
    found = keys(connect, scope)
    parts: list[Iterable[Remnant]] = [
        snapshots(connect, scope, found),
        automated_backups(connect, scope, found),
        vaults(connect, scope),
        option_groups(connect, scope),
        cache_snapshots(connect, scope, found),
        secrets(connect, scope),
        buckets(connect, scope, "foundation" in layers),
        key_remnants(found, kept),
        task_definitions(connect, scope),
        subscriptions(connect, scope),
        zones(connect, scope),
        other_layers(connect, scope, layers),
    ]
    listed = [remnant for found in _aws.concurrently(list, parts) for remnant in found]
    return [remnant._asdict() for remnant in sorted(listed, key=lambda each: each[:2])]


def table(found: Iterable[Mapping[str, Any]]) -> list[str]:
    """The remains for a person; pure."""
    entries = list(found)
    if not entries:
        return ["", "Nothing of the environment is left in the account."]
    rows = [HEADER, *((_title(e), e["until"] or "-", _size(e), _cost(e), e["reason"]) for e in entries)]
    width = max(len(row[0]) for row in rows)
    lines = [f"  {what:<{width}}  {until:<10}  {size:>6}  {cost:<11}  {why}" for what, until, size, cost, why in rows]
    return ["", "What the account still holds:", *lines]


def _title(entry: Mapping[str, Any]) -> str:
    return f"{entry['kind']} {entry['name']}"


def _size(entry: Mapping[str, Any]) -> str:
    return "-" if entry["size_gb"] is None else f"{entry['size_gb']:g}"


def _cost(entry: Mapping[str, Any]) -> str:
    return "not known" if entry["monthly_cost"] is None else f"{entry['monthly_cost']:g}"
