# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""RDS: what happens to instances happens to the real servers behind them, where there are such; renames and failovers.

Without real servers an instance is renamed and fails over all the same, at once.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.rds.exceptions import DBInstanceAlreadyExists, InvalidParameterCombination, RDSClientError
from moto.rds.models import DBInstance, DBSnapshot, RDSBackend
from moto.rds.responses import RDSResponse

from embedded_aws import databases

from . import _rds_data
from ._operations import add
from ._patch import after, around, before
from .rds import Given

# Restores


def _made(backend: RDSBackend, database: DBInstance, given: Given) -> DBInstance:
    """A new instance that is no restore gets an empty server. A restore passes on all that its source has."""
    servers = databases.active()
    if servers and database.engine == _rds_data.ENGINE and "created" not in given:
        password = str(given.get("master_user_password"))
        servers.create(_name(database), str(database.master_username), password, given.get("db_name"))
        for name, snapshot in backend.database_snapshots.items():  # AWS begins with an automated one
            if snapshot.database.db_instance_identifier == _name(database):
                servers.back_up(_name(database), name)
    return database


def _restored_snapshot(_backend: RDSBackend, database: DBInstance, source: str, _overrides: Given) -> DBInstance:
    servers = databases.active()
    if servers:
        servers.restore(_name(database), source.rpartition(":")[2])
    return database


def _restored_moment(
    _backend: RDSBackend, database: DBInstance, source: str, _name_of: str, overrides: Given
) -> DBInstance:
    servers = databases.active()
    if servers:
        servers.recover(_name(database), source, overrides.get("restore_time"))
    return database


# Snapshots


def _snapshotted(_backend: RDSBackend, snapshot: DBSnapshot, *_: Any, **__: Any) -> DBSnapshot:
    servers = databases.active()
    if servers:
        servers.back_up(_name(snapshot.database), snapshot.db_snapshot_identifier)
    return snapshot


def _copied(_backend: RDSBackend, snapshot: DBSnapshot, **given: Any) -> DBSnapshot:
    servers = databases.active()
    if servers:
        source = str(given["source_db_snapshot_identifier"])
        servers.copy(source.rpartition(":")[2], str(given["target_db_snapshot_identifier"]))
    return snapshot


def _forgotten(_backend: RDSBackend, snapshot: DBSnapshot, name: str) -> DBSnapshot:
    servers = databases.active()
    if servers:
        servers.forget(name)
    return snapshot


# Changes


def _check_name(backend: RDSBackend, _identifier: str, given: Given) -> None:
    """Raises DBInstanceAlreadyExists for a name that another instance has."""
    new = given.get("new_db_instance_identifier")
    if new and new in backend.databases:
        raise DBInstanceAlreadyExists()


def _changed(backend: RDSBackend, database: DBInstance, identifier: str, given: Given) -> DBInstance:
    """Replicas follow a renamed source; a server gets the new password, or moves to the new name's address."""
    servers = databases.active()
    if _name(database) != identifier:
        for replica in (backend.databases[name] for name in database.replicas if name in backend.databases):
            replica.source_db_instance_identifier = _name(database)
        _rename_in_source(backend, identifier, _name(database))
        if servers:
            servers.rename(identifier, _name(database))
    if servers and given.get("master_user_password"):
        servers.set_password(_name(database), str(database.master_username), str(given["master_user_password"]))
    return database


def _rename_in_source(backend: RDSBackend, old: str, new: str) -> None:
    for source in backend.databases.values():
        source.replicas = [new if each == old else each for each in source.replicas]


def _deleted(_backend: RDSBackend, database: DBInstance, *_: Any, **__: Any) -> DBInstance:
    servers = databases.active()
    if servers:
        servers.end(_name(database))
    return database


# Failover

_STARTED, _COMPLETED = "Multi-AZ instance failover started.", "Multi-AZ instance failover completed"


def reboot_db_instance(self: RDSResponse) -> ActionResult:
    """Put pending parameters in force; with ForceFailover, let the standby take over.

    Raises InvalidParameterCombination for a failover without a standby, InvalidDBInstanceState for what is busy.
    """
    database: Any = self.backend.reboot_db_instance(self.params["DBInstanceIdentifier"])
    if database.status != "available":
        raise RDSClientError("InvalidDBInstanceState", f"The DB instance is {database.status}, not available.")
    if self.params.get("ForceFailover"):
        _fail_over(self.backend, database)
    database.parameter_status = "in-sync"
    return ActionResult({"DBInstance": database})


def _fail_over(backend: RDSBackend, database: Any) -> None:
    if not database.multi_az:
        raise InvalidParameterCombination("The requested failover is not possible: the instance is not Multi-AZ.")
    _tell(backend, database, _STARTED)

    def over() -> None:
        zones = (database.SecondaryAvailabilityZone, database.availability_zone)
        database.availability_zone, database.SecondaryAvailabilityZone = zones
        database.status = "available"
        _tell(backend, database, _COMPLETED)

    servers = databases.active()
    if servers and _name(database) in servers.servers:
        database.status = "rebooting"
        servers.fail_over(_name(database), over)
    else:
        over()


class _Told:
    """An event in words of its own."""

    def __init__(self, database: Any, message: str, moment: datetime) -> None:
        self.source_identifier, self.source_arn = _name(database), database.db_instance_arn
        self.source_type, self.event_categories = "db-instance", ["failover"]
        self.message, self.date, self.event_id = message, moment, str(uuid.uuid4())


def _tell(backend: RDSBackend, database: Any, message: str) -> None:
    backend.events.append(_Told(database, message, utcnow()))  # type: ignore[arg-type]


def _events_since(original: Any, backend: RDSBackend, **given: Any) -> Any:
    """DescribeEvents answers those from StartTime on; by default of the last hour."""
    start = given.pop("start_time", None)
    found = original(backend, **given)
    return [each for each in found if start is None or each.date >= start.replace(tzinfo=None)]


def _name(database: DBInstance) -> str:
    return str(database.db_instance_identifier)


def install() -> None:
    """Install into moto's RDS."""
    after(RDSBackend, "create_db_instance", _made)
    after(RDSBackend, "restore_db_instance_from_db_snapshot", _restored_snapshot)
    after(RDSBackend, "restore_db_instance_to_point_in_time", _restored_moment)
    after(RDSBackend, "create_db_snapshot", _snapshotted)
    after(RDSBackend, "copy_db_snapshot", _copied)
    after(RDSBackend, "delete_db_snapshot", _forgotten)
    before(RDSBackend, "modify_db_instance", _check_name)
    after(RDSBackend, "modify_db_instance", _changed)
    after(RDSBackend, "delete_db_instance", _deleted)
    around(RDSBackend, "describe_events", _events_since)
    add(RDSResponse, reboot_db_instance)
