# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""RDS: read replicas, and instances restored from a snapshot or to a point in time."""

from __future__ import annotations

from collections import Counter
from typing import Any

from moto.core.utils import utcnow
from moto.rds.exceptions import (
    DBInstanceAlreadyExists,
    InvalidParameterCombination,
    InvalidParameterValue,
    RDSClientError,
)
from moto.rds.models import DBInstance, RDSBackend

from . import _rds_rules
from ._operations import add
from ._patch import after, before
from .rds import ANSWERED, Given, created, prepare, stand_alone, zones_of

# What a replica takes over from its source unless it is given.
INHERITED = (
    "allocated_storage",
    "auto_minor_version_upgrade",
    "db_instance_class",
    "db_name",
    "db_parameter_group_name",
    "engine",
    "engine_version",
    "iops",
    "kms_key_id",
    "license_model",
    "master_username",
    "option_group_name",
    "port",
    "storage_encrypted",
    "storage_throughput",
    "storage_type",
)
REGIONAL = ("db_parameter_group_name", "kms_key_id", "option_group_name")


def create_db_instance_read_replica(self: RDSBackend, db_kwargs: Given) -> DBInstance:
    """Make a replica: an instance of its own that takes over most of its source's settings, but not its protection.

    Raises DBInstanceNotFound, DBInstanceAlreadyExists, InvalidDBInstanceState.
    """
    source = self.find_db_from_id(db_kwargs["source_db_instance_identifier"])
    _check_source(self, source, db_kwargs)
    given = {**_inherited(self, source), **{name: db_kwargs[name] for name in db_kwargs if db_kwargs[name] is not None}}
    given["backup_retention_period"] = 0
    _place(self, source, given)
    prepare(self, given)
    replica = DBInstance(self, **given)  # type: ignore[abstract]
    replica.is_replica = True
    replication = {"StatusType": "read replication", "Normal": True, "Status": "replicating"}
    replica.StatusInfos = [replication]  # type: ignore[attr-defined]
    self.databases[replica.db_instance_identifier] = replica
    source.add_replica(replica)
    replica.add_event("DB_INSTANCE_CREATE")
    return created(self, replica, given)


def _check_source(backend: RDSBackend, source: DBInstance, given: Given) -> None:
    if given["db_instance_identifier"] in backend.databases:
        raise DBInstanceAlreadyExists()
    backend._validate_db_identifier(given["db_instance_identifier"])
    if not source.backup_retention_period:
        message = "Automated backups are not enabled for this database instance. To enable automated backups, use"
        text = f"{message} ModifyDBInstance to set the backup retention period to a non-zero value."
        raise RDSClientError("InvalidDBInstanceState", text)
    if source.manage_master_user_password:
        message = "You can't create a read replica of a DB instance whose master password Secrets Manager manages."
        raise RDSClientError("InvalidDBInstanceState", message)


def _inherited(backend: RDSBackend, source: DBInstance) -> dict[str, Any]:
    far = backend.region_name != source.region
    taken = {name: getattr(source, name) for name in INHERITED if not (far and name in REGIONAL)}
    small = source.storage_type == "gp3" and source.allocated_storage < _rds_rules.SMALL_STORAGE
    taken.update({"iops": None, "storage_throughput": None} if small else {})
    group = None if far else getattr(source, "_db_subnet_group_name", None)
    lifecycle = getattr(source, ANSWERED["engine_lifecycle_support"], None)
    return {**taken, "db_subnet_group_name": group, "engine_lifecycle_support": lifecycle}


def _place(backend: RDSBackend, source: DBInstance, given: Given) -> None:
    """Into the zone, other than the source's, that has the fewest of its replicas."""
    if not given.get("availability_zone") and not given.get("multi_az"):
        siblings = (each for each in backend.databases.values() if each.db_instance_identifier in source.replicas)
        used = Counter(each.availability_zone for each in siblings)
        zones = zones_of(backend, given.get("db_subnet_group_name"))
        given["availability_zone"] = _rds_rules.other_zone(zones, used, source.availability_zone)


def _prepare_promotion(backend: RDSBackend, given: Given) -> None:
    """A promoted replica stands alone, with backups. Raises InvalidDBInstanceState for what is no replica."""
    replica = backend.describe_db_instances(given["db_instance_identifier"])[0]
    if not replica.is_replica:
        raise RDSClientError("InvalidDBInstanceState", "DB Instance is not a read replica.")
    backend.find_db_from_id(str(replica.source_db_instance_identifier)).remove_replica(replica)
    stand_alone(replica)
    if given.get("backup_retention_period") is None:
        given["backup_retention_period"] = 1


# Restores


def _check_recoverable(backend: RDSBackend, source: str, _name: str, overrides: Given) -> None:
    """Raises PointInTimeRestoreNotEnabled without backups, InvalidParameterValue for a moment that they don't cover."""
    database = backend.describe_db_instances(source)[0]
    if not database.backup_retention_period:
        message = "Point in time restore is not enabled for this DB instance."
        raise RDSClientError("PointInTimeRestoreNotEnabled", message)
    moment = overrides.get("restore_time")
    if bool(moment) == bool(overrides.get("use_latest_restorable_time")):
        raise InvalidParameterCombination("Exactly one of RestoreTime and UseLatestRestorableTime must be specified.")
    if moment and not database.created <= moment.replace(tzinfo=None) <= utcnow():
        raise InvalidParameterValue(
            f"The specified instance cannot be restored to {moment}: no backup covers that time."
        )


def _restored(database: DBInstance, given: Given) -> DBInstance:
    """A restored instance is nobody's replica, unprotected unless asked, and of the default parameter group."""
    database.deletion_protection = bool(given.get("deletion_protection"))
    database.db_parameter_group_name = given.get("db_parameter_group_name")
    database.is_replica, database.replicas = False, []
    stand_alone(database)
    return database


def _restored_snapshot(_backend: RDSBackend, database: DBInstance, _source: str, overrides: Given) -> DBInstance:
    return _restored(database, overrides)


def _restored_moment(
    _backend: RDSBackend, database: DBInstance, _source: str, _name: str, overrides: Given
) -> DBInstance:
    database.tags = overrides.get("tags") or []
    return _restored(database, overrides)


def install() -> None:
    """Install into moto's RDS."""
    before(RDSBackend, "promote_read_replica", _prepare_promotion)
    before(RDSBackend, "restore_db_instance_to_point_in_time", _check_recoverable)
    after(RDSBackend, "restore_db_instance_to_point_in_time", _restored_moment)
    after(RDSBackend, "restore_db_instance_from_db_snapshot", _restored_snapshot)
    add(RDSBackend, create_db_instance_read_replica)
