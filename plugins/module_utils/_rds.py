# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""DB instances: our words and AWS's, what AWS does by itself, and what it would refuse; pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from . import _data_limits, _databases
from ._errors import code_of

#: A change can be asked for in these states; in all others AWS is still at work.
READY = ("available", "storage-optimization")
#: Waiting leads out of none of these.
STUCK = ("deleting", "failed", "restore-error", "storage-full", "inaccessible-encryption-credentials", "stopped")

#: AWS judges these together: a change of one is sent with all of them that are declared.
TOGETHER = (
    ("allocated_storage", "storage_type", "iops", "storage_throughput"),
    ("monitoring_interval", "monitoring_role_arn"),
    ("enable_performance_insights", "performance_insights_retention_period", "performance_insights_kms_key_id"),
)

#: What a restore is told, by every botocore that we take; everything else is changed when the instance is there.
RESTORED = (
    "allocated_storage",
    "auto_minor_version_upgrade",
    "availability_zone",
    "ca_certificate_identifier",
    "copy_tags_to_snapshot",
    "db_instance_class",
    "db_parameter_group_name",
    "db_subnet_group_name",
    "deletion_protection",
    "enable_cloudwatch_logs_exports",
    "enable_iam_database_authentication",
    "engine_lifecycle_support",
    "iops",
    "multi_az",
    "option_group_name",
    "port",
    "publicly_accessible",
    "storage_throughput",
    "storage_type",
    "vpc_security_group_ids",
)
#: The account's own key for RDS, which AWS takes where none is declared.
OWN_KEY = "alias/aws/rds"
REPLICAS_ONLY = ("source_db_instance_identifier",)
#: A replica is made with its source's and can be changed to another.
INHERITED_AT_FIRST = ("engine_lifecycle_support",)
#: A replica has these of its source and no other.
INHERITED = (
    "engine",
    "engine_version",
    "storage_encrypted",
    "kms_key_id",
    "master_username",
    "master_user_secret",
    "db_name",
    "backup_retention_period",
    "preferred_backup_window",
    "preferred_maintenance_window",
)

SWITCHES = (
    "auto_minor_version_upgrade",
    "copy_tags_to_snapshot",
    "deletion_protection",
    "enable_iam_database_authentication",
    "enable_performance_insights",
    "multi_az",
    "publicly_accessible",
    "storage_encrypted",
)
VALUES = (
    "allocated_storage",
    "backup_retention_period",
    "ca_certificate_identifier",
    "database_insights_mode",
    "db_instance_class",
    "db_name",
    "engine",
    "engine_lifecycle_support",
    "engine_version",
    "iops",
    "kms_key_id",
    "master_username",
    "max_allocated_storage",
    "monitoring_interval",
    "monitoring_role_arn",
    "performance_insights_kms_key_id",
    "performance_insights_retention_period",
    "preferred_backup_window",
    "preferred_maintenance_window",
    "source_db_instance_identifier",
    "storage_throughput",
    "storage_type",
)
#: What AWS shows inside other structures.
NESTED = (
    "db_parameter_group_name",
    "db_subnet_group_name",
    "enable_cloudwatch_logs_exports",
    "option_group_name",
    "port",
    "vpc_security_group_ids",
)
#: These carry a major version.
GROUPS = ("db_parameter_group_name", "option_group_name")
#: Used at creation and not comparable: Multi-AZ moves the zone at a failover, the password is never shown.
INITIAL = ("availability_zone", "master_user_secret")
#: Lists that AWS returns in any order.
SETS = ("enable_cloudwatch_logs_exports", "vpc_security_group_ids")
#: How long a window lasts at least.
WINDOW_MINUTES = 30
#: Texts that AWS stores in lower case.
LOWERED = ("preferred_backup_window", "preferred_maintenance_window")

_WORDS = {"db": "DB", "az": "AZ", "iam": "IAM", "ca": "CA"}
_SHOWN = {
    "enable_iam_database_authentication": "IAMDatabaseAuthenticationEnabled",
    "enable_performance_insights": "PerformanceInsightsEnabled",
    "source_db_instance_identifier": "ReadReplicaSourceDBInstanceIdentifier",
}


def member(option: str) -> str:
    """The option's name in a request."""
    if option == "performance_insights_kms_key_id":
        return "PerformanceInsightsKMSKeyId"
    return "".join(_WORDS.get(word, word.capitalize()) for word in option.split("_"))


def shown_member(option: str) -> str:
    """The option's name in a description."""
    return _SHOWN.get(option) or member(option)


def desired(item: Mapping[str, Any]) -> dict[str, Any]:
    """The declared properties, sets sorted and windows in lower case."""
    declared: dict[str, Any] = {option: item.get(option) for option in (*SWITCHES, *VALUES, *NESTED, *INITIAL)}
    for option in SETS:
        declared[option] = declared[option] if declared[option] is None else sorted(declared[option])
    for option in LOWERED:
        declared[option] = declared[option] and declared[option].lower()
    declared["source_db_instance_identifier"] = declared["source_db_instance_identifier"] or ""
    return declared


def observed(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of DescribeDBInstances in the words of C(desired); a change that AWS has accepted counts as made."""
    waiting = pending(entry)
    return {
        **{option: bool(entry.get(shown_member(option))) for option in SWITCHES},
        **{option: entry.get(shown_member(option)) for option in VALUES},
        **_nested(entry),
        **waiting,
        "pending_changes": sorted(waiting),
    }


def pending(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The properties whose change waits for the maintenance window or is being made, as they will be."""
    values = entry.get("PendingModifiedValues") or {}
    options = {shown_member(option): option for option in (*SWITCHES, *VALUES, "port")}
    changed = {options[name]: value for name, value in values.items() if name in options}
    if values.get("PendingCloudwatchLogsExports"):
        changed["enable_cloudwatch_logs_exports"] = _exports(entry, values["PendingCloudwatchLogsExports"])
    return changed


def _exports(entry: Mapping[str, Any], change: Mapping[str, list[str]]) -> list[str]:
    exported = {*entry.get("EnabledCloudwatchLogsExports", ()), *change.get("LogTypesToEnable", ())}
    return sorted(exported - set(change.get("LogTypesToDisable", ())))


def _nested(entry: Mapping[str, Any]) -> dict[str, Any]:
    parameter_groups, option_groups = (
        entry.get("DBParameterGroups") or [{}],
        entry.get("OptionGroupMemberships") or [{}],
    )
    return {
        "db_parameter_group_name": parameter_groups[0].get("DBParameterGroupName"),
        "db_subnet_group_name": (entry.get("DBSubnetGroup") or {}).get("DBSubnetGroupName"),
        "enable_cloudwatch_logs_exports": sorted(entry.get("EnabledCloudwatchLogsExports") or ()),
        "option_group_name": option_groups[0].get("OptionGroupName"),
        "port": (entry.get("Endpoint") or {}).get("Port"),
        "vpc_security_group_ids": sorted(group["VpcSecurityGroupId"] for group in entry.get("VpcSecurityGroups") or ()),
    }


def as_declared(item: Mapping[str, Any], shown: Mapping[str, Any]) -> dict[str, Any]:
    """The observed properties without what AWS does by itself: newer minor versions, and storage that has grown.

    The groups of an upgrade that waits for its window come with it, and AWS does not show that they wait.
    """
    declared, actual = item.get("allocated_storage") or 0, shown["allocated_storage"] or 0
    grown = bool(item.get("max_allocated_storage")) and actual > declared > 0
    return {
        **shown,
        "engine_version": _databases.version_as_declared(item.get("engine_version"), shown["engine_version"]),
        "allocated_storage": declared if grown else shown["allocated_storage"],
        **_groups(item, shown),
    }


def _groups(item: Mapping[str, Any], shown: Mapping[str, Any]) -> dict[str, Any]:
    upgrading = "engine_version" in shown.get("pending_changes", ())
    names = GROUPS if upgrading else ()
    return {name: item[name] for name in names if item.get(name)}


def creation(name: str, declared: Mapping[str, Any]) -> dict[str, Any]:
    """The request's arguments but for password and tags."""
    unsent = {"master_user_secret", "tags"}
    unsent |= set(INHERITED_AT_FIRST if declared.get("source_db_instance_identifier") else REPLICAS_ONLY)
    return _request(name, declared, unsent)


def restoration(name: str, declared: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of RestoreDBInstanceFromDBSnapshot but for snapshot and tags: those of a creation that it has."""
    return _request(name, declared, {*declared} - set(RESTORED))


def recovery(name: str, declared: Mapping[str, Any], source: Mapping[str, str]) -> dict[str, Any]:
    """The arguments of RestoreDBInstanceToPointInTime but for tags; C(source) has C(db_instance) and C(time)."""
    arguments = restoration(name, declared)
    names = {
        "SourceDBInstanceIdentifier": source["db_instance"],
        "TargetDBInstanceIdentifier": arguments.pop("DBInstanceIdentifier"),
    }
    latest = source["time"] == "latest"
    when = {"UseLatestRestorableTime": True} if latest else {"RestoreTime": source["time"]}
    return {**names, **when, **arguments}


def _request(name: str, declared: Mapping[str, Any], unsent: Collection[str]) -> dict[str, Any]:
    options = [option for option, value in declared.items() if value is not None and option not in unsent]
    return {"DBInstanceIdentifier": name, **{member(option): declared[option] for option in options}}


def copied_key(declared: Mapping[str, Any], snapshot: Mapping[str, Any]) -> str | None:
    """The key with which a snapshot has to be copied before the declared instance is made of it; None if it needn't."""
    key = declared.get("kms_key_id")
    if not declared.get("storage_encrypted") or (snapshot.get("Encrypted") and key in (None, snapshot.get("KmsKeyId"))):
        return None
    return key or OWN_KEY


def modification(changed: Iterable[str], before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of ModifyDBInstance for the changed options."""
    options = set(changed)
    for group in TOGETHER:
        options |= set(group) if options & set(group) else set()
    arguments = {member(option): after[option] for option in options if after.get(option) is not None}
    if "port" in options:
        arguments["DBPortNumber"] = arguments.pop("Port")
    if "enable_cloudwatch_logs_exports" in options:
        wanted, current = (
            (set(arguments.pop("EnableCloudwatchLogsExports"))),
            set(before["enable_cloudwatch_logs_exports"]),
        )
        exports = {"EnableLogTypes": sorted(wanted - current), "DisableLogTypes": sorted(current - wanted)}
        arguments["CloudwatchLogsExportConfiguration"] = {key: types for key, types in exports.items() if types}
    return arguments


def is_copy(copy: Mapping[str, Any], snapshot: Mapping[str, Any]) -> bool:
    """Whether a snapshot holds the same moment as another one: a copy keeps the time of its original."""
    return bool(copy.get("OriginalSnapshotCreateTime") == snapshot.get("OriginalSnapshotCreateTime"))


def role_not_seen_yet(error: Exception) -> bool:
    """Whether RDS does not see the role of enhanced monitoring or its rights yet; other wrong values have that code."""
    return code_of(error) == "InvalidParameterValue" and "IAM role ARN value is invalid" in str(error)


def problems(item: Mapping[str, Any]) -> Iterable[str]:
    """Rules of one instance, as sentences that begin with the option's name."""
    name = _databases.name_problem(item["name"], 63)
    if name:
        yield f"name: {name}"
    yield from _replica_problems(item) if item.get("source_db_instance_identifier") else _primary_problems(item)
    sizes = (item.get(option) for option in ("max_allocated_storage", "iops", "storage_throughput"))
    found = _data_limits.storage_problems(item.get("storage_type"), item.get("allocated_storage") or 0, *sizes)
    yield from (f"{option}: {problem}" for option, problem in found)
    yield from _single_problems(item)
    yield from _monitoring_problems(item)


def _replica_problems(item: Mapping[str, Any]) -> Iterable[str]:
    given = [option for option in INHERITED if item.get(option) is not None]
    yield from (f"{option}: a replica has it of its source; leave it out" for option in given)


def _primary_problems(item: Mapping[str, Any]) -> Iterable[str]:
    needed = (
        "engine",
        "engine_version",
        "db_instance_class",
        "allocated_storage",
        "master_username",
        "master_user_secret",
    )
    yield from (f"{option}: an instance that is no replica needs it" for option in needed if item.get(option) is None)


#: What RDS says of single values, whatever the others are.
_SINGLE: Mapping[str, Callable[[Any], str]] = {
    "backup_retention_period": lambda days: _data_limits.range_problem(days, (0, 35)),
    "db_name": _data_limits.database_name_problem,
    "master_username": _data_limits.user_name_problem,
    "port": lambda port: _data_limits.range_problem(port, _data_limits.PORTS),
    "preferred_backup_window": lambda window: _data_limits.window_problem(
        _data_limits.daily(window), "hh:mm-hh:mm", WINDOW_MINUTES
    ),
    "preferred_maintenance_window": lambda window: _data_limits.window_problem(
        _data_limits.weekly(window), "ddd:hh:mm-ddd:hh:mm", WINDOW_MINUTES
    ),
}


def _single_problems(item: Mapping[str, Any]) -> Iterable[str]:
    found = {option: check(item[option]) for option, check in _SINGLE.items() if item.get(option) is not None}
    yield from (f"{option}: {problem}" for option, problem in found.items() if problem)
    windows = [item.get("preferred_backup_window"), item.get("preferred_maintenance_window")]
    if all(windows) and not any(found[f"preferred_{kind}_window"] for kind in ("backup", "maintenance")):
        spans = _data_limits.daily(str(windows[0])), _data_limits.weekly(str(windows[1]))
        if spans[0] and spans[1] and _data_limits.overlap(spans[0], spans[1]):
            yield f"preferred_maintenance_window: {windows[1]} overlaps the backup window {windows[0]}"
    if item.get("multi_az") and item.get("availability_zone"):
        yield "availability_zone: AWS chooses the zones of an instance with multi_az"


def _monitoring_problems(item: Mapping[str, Any]) -> Iterable[str]:
    days = item.get("performance_insights_retention_period")
    if days and days not in (7, 731) and not (days % 31 == 0 and days <= 23 * 31):
        yield f"performance_insights_retention_period: must be 7, 731 or a multiple of 31 up to 713, is {days}"
    if item.get("database_insights_mode") == "advanced" and (days or 7) < 465:
        yield "database_insights_mode: advanced needs performance_insights_retention_period of 465 or more"
    if item.get("monitoring_interval") and not item.get("monitoring_role_arn"):
        yield "monitoring_role_arn: enhanced monitoring needs a role"
