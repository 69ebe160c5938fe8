# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""RDS: changes to a PostgreSQL instance, at once or put off to its maintenance window."""

from __future__ import annotations

from typing import Any

from moto.rds.exceptions import InvalidParameterCombination, OptionGroupNotFoundFaultError
from moto.rds.models import DBInstance, RDSBackend

from . import _rds_data, _rds_rules
from ._patch import after, before
from .rds import ANSWERED, Given, check_group, check_settings, settle, version_of
from .rds_option_groups import default_option_group

# What waits for the maintenance window unless it is to be applied immediately: our name, and AWS's for what is pending.
DEFERRED = {
    "allocated_storage": "AllocatedStorage",
    "ca_certificate_identifier": "CACertificateIdentifier",
    "db_instance_class": "DBInstanceClass",
    "engine_version": "EngineVersion",
    "iops": "Iops",
    "license_model": "LicenseModel",
    "multi_az": "MultiAZ",
    "new_db_instance_identifier": "DBInstanceIdentifier",
    "option_group_name": "OptionGroupName",
    "storage_throughput": "StorageThroughput",
    "storage_type": "StorageType",
}


def _prepare_change(backend: RDSBackend, identifier: str, given: Given) -> None:
    """Refuse what ModifyDBInstance refuses, and put off what waits for the maintenance window."""
    database: Any = backend.describe_db_instances(identifier)[0]
    if database.engine != _rds_data.ENGINE or database.db_cluster_identifier:
        return
    if given.get("engine_version"):
        given["engine_version"] = version_of(given["engine_version"])
        _rds_rules.check_upgrade(
            database.engine_version, given["engine_version"], bool(given.get("allow_major_version_upgrade"))
        )
        _check_replicas(backend, database, given["engine_version"])
    _check_change(backend, database, given)
    _check_logs(database, given)
    if given.get("db_parameter_group_name") not in (None, database.db_parameter_groups()[0].name):
        database.parameter_status = "pending-reboot"
    _defer(database, given)


def _check_replicas(backend: RDSBackend, database: Any, version: str) -> None:
    """Replicas go first to another minor version. Raises InvalidParameterCombination."""
    replicas = [backend.databases[name] for name in database.replicas]
    behind = [each for each in replicas if _rds_data.number(each.engine_version) < _rds_data.number(version)]
    if behind and _rds_data.major(version) == _rds_data.major(database.engine_version):
        names = ", ".join(each.db_instance_identifier for each in behind)
        message = f"One or more of the DB Instance's read replicas need to be upgraded: {names}"
        raise InvalidParameterCombination(message)


def _upgrade_replicas(backend: RDSBackend, database: Any) -> None:
    """Replicas go along to another major version, with its default groups."""
    for replica in (backend.databases[name] for name in database.replicas):
        if _rds_data.major(replica.engine_version) != _rds_data.major(database.engine_version):
            replica.engine_version = database.engine_version
            replica.db_parameter_group_name = None
            replica.option_group_name = default_option_group(backend, replica.engine, replica.engine_version)


def _check_change(backend: RDSBackend, database: Any, given: Given) -> None:
    insights = {name: getattr(database, ANSWERED[name], None) for name in list(ANSWERED)[:4]}
    changed = {**insights, **{name: given[name] for name in given if given[name] is not None}}
    enabled = bool(changed["enable_performance_insights"])
    check_settings({**changed, "performance_insights_retention_period": _days(changed) if enabled else None})
    check_group(backend, given.get("db_parameter_group_name"), given.get("engine_version") or database.engine_version)
    if given.get("option_group_name") and given["option_group_name"] not in backend.option_groups:
        raise OptionGroupNotFoundFaultError(given["option_group_name"])
    _check_monitoring(database, given)
    _fill_changed_storage(database, given)
    _check_backups(database, given)


def _days(changed: Given) -> Any:
    return changed["performance_insights_retention_period"]


def _check_backups(database: Any, given: Given) -> None:
    if given.get("backup_retention_period") == 0 and database.replicas:
        message = "Automated backups cannot be turned off for a DB instance that has read replicas."
        raise InvalidParameterCombination(message)


def _check_monitoring(database: Any, given: Given) -> None:
    interval = given.get("monitoring_interval", database.monitoring_interval)
    role = given.get("monitoring_role_arn") or database.monitoring_role_arn
    if interval and not role:
        message = "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0."
        raise InvalidParameterCombination(message)
    if given.get("monitoring_interval") == 0:
        database.monitoring_role_arn = None


def _fill_changed_storage(database: Any, given: Given) -> None:
    """Storage only grows; type, size and performance are judged together."""
    names = ("storage_type", "allocated_storage", "iops", "storage_throughput")
    if not any(given.get(name) is not None for name in names):
        return
    kind, size = (given.get(name) or getattr(database, name) for name in names[:2])
    if size < database.allocated_storage:
        message = f"Requested allocated storage {size} is smaller than the current {database.allocated_storage}"
        raise InvalidParameterCombination(f"{message}. Storage cannot be reduced.")
    asked = [None if given.get(name) == getattr(database, name) else given.get(name) for name in names[2:]]
    _rds_rules.check_storage(kind, size, *asked)
    grown = kind != database.storage_type or (size >= _rds_rules.SMALL_STORAGE > database.allocated_storage)
    kept = [None, None] if grown else [database.iops, database.storage_throughput]
    new = _rds_rules.performance(kind, size, *(a if a is not None else k for a, k in zip(asked, kept, strict=True)))
    given["iops"], given["storage_throughput"] = new


def _check_logs(database: Any, given: Given) -> None:
    """Which logs are exported changes at once; enabling twice or disabling what is off is no error."""
    change = given.get("cloudwatch_logs_export_configuration") or {}
    on, off = (change.get(name) or [] for name in ("EnableLogTypes", "DisableLogTypes"))
    _rds_rules.check_logs([*on, *off])
    if change:
        current = database.enabled_cloudwatch_logs_exports
        wanted = [*current, *(name for name in on if name not in current)]
        database.enabled_cloudwatch_logs_exports = [name for name in wanted if name not in off]
        del given["cloudwatch_logs_export_configuration"]


def _defer(database: Any, given: Given) -> None:
    """Apply what was put off before together with this change, or put off of this change what waits.

    Asked for what it has, the instance forgets what was put off.
    """
    pending: dict[str, Any] = getattr(database, "PendingModifiedValues", None) or {}
    names = {answer: name for name, answer in DEFERRED.items()}
    if given.get("apply_immediately"):
        for answer, value in pending.items():
            given.setdefault(names[answer], value)
        database.PendingModifiedValues = None
        return
    waiting = {name: given[name] for name in DEFERRED if given.get(name) is not None}
    for name in waiting:
        del given[name]
    changed = {DEFERRED[name]: value for name, value in waiting.items() if value != getattr(database, name, None)}
    kept = {answer: value for answer, value in pending.items() if names[answer] not in waiting}
    database.PendingModifiedValues = {**kept, **changed} or None


def _modified(backend: RDSBackend, database: DBInstance, _name: str, given: Given) -> DBInstance:
    if hasattr(database, "DbiResourceId"):
        if given.get("db_port_number"):
            database.port = given["db_port_number"]
        settle(backend, database, given)
        _upgrade_replicas(backend, database)
    return database


def install() -> None:
    """Install into moto's RDS."""
    before(RDSBackend, "modify_db_instance", _prepare_change)
    after(RDSBackend, "modify_db_instance", _modified)
