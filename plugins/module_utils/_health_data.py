# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Health of databases and caches as AWS shows them: state, room, replicas, pending changes, backups."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from . import _aws, _barrier, _elasticache, _health_edge, _rds
from ._health import SKIPPED, Check, Row, age, judged, now, since
from ._preflight import FAILED, OK, UNKNOWN, WARNING, Connect, Options

GIB, HOUR = 2**30, 3600
#: Seconds of CloudWatch's points that are looked at, and of each.
WINDOW, PERIOD = 900, 60
#: Percent of storage that is free: below these it warns, and fails.
FREE_WARNING, FREE_FAILED = 15, 5
#: Seconds: the latest restorable time of RDS is usually five minutes back.
RESTORABLE_WARNING = 1800
#: A status in which AWS works at a cache that answers.
CACHE_READY = (_elasticache.READY, "snapshotting")
DB_READY = (*_rds.READY, "backing-up")

Entry = Mapping[str, Any]


class Seen(NamedTuple):
    """Instances by name, CloudWatch's newest values by metric and instance, and pending maintenance by instance."""

    instances: Mapping[str, Entry]
    metrics: Mapping[tuple[str, str], float]
    maintenance: Mapping[str, Sequence[str]]


def instances(connect: Connect, options: Options) -> dict[str, Entry]:
    """The environment's instances by name, the primary first."""
    entries = _aws.pages(connect("rds"), "describe_db_instances", "DBInstances")
    own = [each for each in entries if each["DBInstanceIdentifier"] in options["databases"]]
    return {each["DBInstanceIdentifier"]: each for each in sorted(own, key=lambda each: each["DBInstanceIdentifier"])}


def look(connect: Connect, options: Options) -> Seen:
    found = instances(connect, options)
    wanted = [(metric, name) for name, each in found.items() for metric in metrics_of(each)]
    arns = {each["DBInstanceArn"]: name for name, each in found.items()}
    return Seen(found, newest(connect("cloudwatch"), wanted), _maintenance(connect("rds"), arns))


def metrics_of(instance: Entry) -> Iterable[str]:
    yield "FreeStorageSpace"
    if instance.get("ReadReplicaSourceDBInstanceIdentifier"):
        yield "ReplicaLag"


def newest(client: Any, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], float]:
    """The newest value of each metric of RDS, by metric and instance; none where CloudWatch has none."""
    if not wanted:
        return {}
    end = now()
    queries = [_query(f"m{number}", *each) for number, each in enumerate(wanted)]
    span = {"StartTime": end - datetime.timedelta(seconds=WINDOW), "EndTime": end}
    series = _aws.pages(client, "get_metric_data", "MetricDataResults", MetricDataQueries=queries, **span)
    values = {each["Id"]: list(zip(each["Timestamps"], each["Values"], strict=True)) for each in series}
    return {each: max(values[f"m{n}"])[1] for n, each in enumerate(wanted) if values.get(f"m{n}")}


def _query(identifier: str, metric: str, instance: str) -> dict[str, Any]:
    dimensions = [{"Name": "DBInstanceIdentifier", "Value": instance}]
    about = {"Namespace": "AWS/RDS", "MetricName": metric, "Dimensions": dimensions}
    return {"Id": identifier, "MetricStat": {"Metric": about, "Period": PERIOD, "Stat": "Average"}}


def _maintenance(client: Any, arns: Mapping[str, str]) -> dict[str, list[str]]:
    entries = _aws.pages(client, "describe_pending_maintenance_actions", "PendingMaintenanceActions")
    return {
        arns[each["ResourceIdentifier"]]: [action["Action"] for action in each["PendingMaintenanceActionDetails"]]
        for each in entries
        if each["ResourceIdentifier"] in arns
    }


def judge(found: Seen, options: Options) -> Iterable[Row]:
    for name in options["databases"]:
        instance = found.instances.get(name)
        if instance is None:
            command = _health_edge.apply_command(options, "data")
            yield Row(f"Database {name}", FAILED, "is not there", command)
        else:
            yield _database_row(name, instance, found.maintenance.get(name) or ())
            yield _storage_row(name, instance, found.metrics.get(("FreeStorageSpace", name)), options)
            if instance.get("ReadReplicaSourceDBInstanceIdentifier"):
                yield _lag_row(name, found.metrics.get(("ReplicaLag", name)), options)


def _database_row(name: str, instance: Entry, maintenance: Sequence[str]) -> Row:
    status = instance["DBInstanceStatus"]
    outcome = _barrier.outcome(status, DB_READY, _rds.STUCK)
    state = {_barrier.READY: OK, _barrier.PENDING: WARNING}.get(outcome, FAILED)
    pending = list(pending_of(instance, maintenance))
    advice = "" if state == OK else f"aws rds describe-events --source-type db-instance --source-identifier {name}"
    if state == OK and pending:
        state, advice = WARNING, _pending_advice(name, instance)
    zones = f", Multi-AZ with {instance['SecondaryAvailabilityZone']}" if _standby(instance) else ""
    words = f"{status} in {instance.get('AvailabilityZone', 'no zone yet')}{zones}"
    return Row(f"Database {name}", state, "; ".join([words, *pending]), advice)


def _standby(instance: Entry) -> bool:
    return bool(instance.get("MultiAZ") and instance.get("SecondaryAvailabilityZone"))


def _pending_advice(name: str, instance: Entry) -> str:
    groups = instance.get("DBParameterGroups") or ()
    if any(each["ParameterApplyStatus"] == "pending-reboot" for each in groups):
        return f"aws rds reboot-db-instance --db-instance-identifier {name}, when it suits"
    return "it comes in the maintenance window"


def pending_of(instance: Entry, maintenance: Sequence[str]) -> Iterable[str]:
    """What waits for a reboot or the maintenance window; pure."""
    changes = sorted(instance.get("PendingModifiedValues") or {})
    groups = instance.get("DBParameterGroups") or ()
    rebooting = [each["DBParameterGroupName"] for each in groups if each["ParameterApplyStatus"] == "pending-reboot"]
    yield from [f"pending: {', '.join(changes)}"] if changes else []
    yield from [f"parameters wait for a reboot ({', '.join(rebooting)})"] if rebooting else []
    yield from [f"maintenance is pending: {', '.join(maintenance)}"] if maintenance else []


def _no_value(title: str, options: Options) -> Row:
    """CloudWatch has no point of the last quarter of an hour; the emulator never has one."""
    state = SKIPPED if options["emulated"] else UNKNOWN
    return Row(title, state, f"CloudWatch has no value of the last {WINDOW // 60} minutes")


def _storage_row(name: str, instance: Entry, free: float | None, options: Options) -> Row:
    title, size = f"Storage of {name}", instance.get("AllocatedStorage") or 0
    if free is None or not size:
        return _no_value(title, options)
    percent = 100 * free / (size * GIB)
    state = judged(-percent, -FREE_WARNING, -FREE_FAILED)
    growing = f", grows to {instance['MaxAllocatedStorage']} GB" if instance.get("MaxAllocatedStorage") else ""
    advice = "raise data_db_allocated_storage" if state != OK else ""
    return Row(title, state, f"{percent:.0f} % of {size} GB free{growing}", advice, round(percent, 1), "% free")


def _lag_row(name: str, lag: float | None, options: Options) -> Row:
    title = f"Replica lag of {name}"
    if lag is None:
        return _no_value(title, options)
    if lag < 0:
        return Row(title, FAILED, "replication is broken: the lag is -1", "see the instance's events", lag, "s")
    state = judged(lag, options["lag_warning"], options["lag_failed"])
    advice = "see the primary's writes and the replica's size; reads are stale meanwhile" if state != OK else ""
    return Row(title, state, f"{lag:.1f} s", advice, round(lag, 1), "s")


# Caches


def caches(connect: Connect, options: Options) -> dict[str, Entry]:
    """The environment's replication groups by name."""
    entries = _aws.pages(connect("elasticache"), "describe_replication_groups", "ReplicationGroups")
    return {each["ReplicationGroupId"]: each for each in entries if each["ReplicationGroupId"] in options["caches"]}


def judge_caches(found: Mapping[str, Entry], options: Options) -> Iterable[Row]:
    for name in options["caches"]:
        title, group = f"Cache {name}", found.get(name)
        if group is None:
            yield Row(title, FAILED, "is not there", _health_edge.apply_command(options, "data"))
            continue
        status = group["Status"]
        outcome = _barrier.outcome(status, CACHE_READY, _elasticache.STUCK)
        state = {_barrier.READY: OK, _barrier.PENDING: WARNING}.get(outcome, FAILED)
        members = group.get("MemberClusters") or []
        failover = group.get("AutomaticFailover", "disabled")
        pending = sorted(group.get("PendingModifiedValues") or {})
        words = [f"{status}, nodes: {len(members)}, failover {failover}"]
        words += [f"pending: {', '.join(pending)}"] if pending else []
        advice = f"aws elasticache describe-events --source-type replication-group --source-identifier {name}"
        yield Row(title, state, "; ".join(words), "" if state == OK else advice)


# Backups


class Backups(NamedTuple):
    """The primary database, its newest snapshots, AWS Backup's newest point of it, and those of each cache."""

    database: Entry | None
    snapshots: Sequence[Entry]
    caches: Mapping[str, tuple[Entry, Sequence[Entry]]]


def look_backups(connect: Connect, options: Options) -> Backups:
    name, rds, cache = options["databases"][0], connect("rds"), connect("elasticache")
    database = instances(connect, options).get(name)
    own = {"DBInstanceIdentifier": name}
    snapshots = _aws.pages(rds, "describe_db_snapshots", "DBSnapshots", **own) if database else []
    groups = caches(connect, options)
    kept = {
        each: _aws.pages(cache, "describe_snapshots", "Snapshots", ReplicationGroupId=each)
        for each, group in groups.items()
        if group.get("SnapshotRetentionLimit")
    }
    return Backups(database, snapshots, {each: (groups[each], some) for each, some in kept.items()})


def judge_backups(found: Backups, options: Options) -> Iterable[Row]:
    """Without the database its own row says so."""
    if found.database is not None:
        yield _restorable_row(found.database)
        taken = [each["SnapshotCreateTime"] for each in found.snapshots if each.get("SnapshotCreateTime")]
        born = found.database.get("InstanceCreateTime")
        name = found.database["DBInstanceIdentifier"]
        yield snapshot_row(f"Snapshot of {name}", taken, born, options)
    for name, (group, snapshots) in found.caches.items():
        nodes = [node for each in snapshots for node in each.get("NodeSnapshots") or ()]
        taken = [node["SnapshotCreateTime"] for node in nodes if node.get("SnapshotCreateTime")]
        yield snapshot_row(f"Snapshot of {name}", taken, group.get("ReplicationGroupCreateTime"), options)


def _restorable_row(database: Entry) -> Row:
    """To which moment the database can be restored."""
    title, kept = "Point in time", database.get("BackupRetentionPeriod") or 0
    latest = database.get("LatestRestorableTime")
    if not kept:
        return Row(title, WARNING, "automated backups are off", "set data_db_backup_retention_period")
    if not latest:
        return Row(title, WARNING, "the first automated backup is not done yet", "look again in half an hour")
    seconds = since(latest)
    state = WARNING if seconds > RESTORABLE_WARNING else OK
    advice = "see the instance's events: RDS carries logs away every five minutes" if state != OK else ""
    return Row(title, state, f"until {age(seconds)} ago, for {kept} days", advice, round(seconds), "s")


def snapshot_row(
    title: str, taken: Sequence[datetime.datetime], born: datetime.datetime | None, options: Options
) -> Row:
    """How old the newest snapshot is; of what is younger than a snapshot may be old there need not be one yet."""
    limit = options["backup_max_age_hours"] * HOUR
    if not taken:
        young = born is not None and since(born) < limit
        advice = "" if young else "ansible-playbook playbooks/backup.yml makes one"
        words = f"none yet; it is {age(since(born))} old" if born and young else "there is none"
        return Row(title, SKIPPED if young else FAILED, words, advice)
    seconds = since(max(taken))
    state = FAILED if seconds > limit else OK
    advice = "see the backup window and its events; ansible-playbook playbooks/backup.yml makes one"
    words = f"{age(seconds)} old, may be {age(limit)}"
    return Row(title, state, words, advice if state != OK else "", round(seconds / HOUR, 1), "h")


# AWS Backup


def look_points(connect: Connect, options: Options) -> list[Entry]:
    """AWS Backup's points of the database, if somebody has it backed up there; the emulator has none."""
    database = instances(connect, options).get(options["databases"][0])
    if database is None or options["emulated"]:
        return []
    arn = database["DBInstanceArn"]
    return _aws.pages(connect("backup"), "list_recovery_points_by_resource", "RecoveryPoints", ResourceArn=arn)


def judge_points(found: Sequence[Entry], options: Options) -> Iterable[Row]:
    """No row where there is none: the environment does not ask for it."""
    done = [each["CreationDate"] for each in found if each.get("Status", "COMPLETED") == "COMPLETED"]
    if done:
        seconds = since(max(done))
        words = f"the newest of {len(done)} recovery points is {age(seconds)} old"
        yield Row("AWS Backup", OK, words, "", round(seconds / HOUR, 1), "h")


CHECKS = (
    Check("database", "Databases", "rds", look, judge),
    Check("cache", "Caches", "elasticache", caches, judge_caches),
    Check("backups", "Backups", "rds", look_backups, judge_backups),
    Check("backups", "AWS Backup", "backup", look_points, judge_points),
)
