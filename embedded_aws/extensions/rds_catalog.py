# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""RDS: what can be ordered of PostgreSQL, and which maintenance is pending (none)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import InvalidParameterValue
from moto.rds.models import RDSBackend
from moto.rds.responses import RDSResponse

from . import _rds_data
from ._operations import add, listed
from ._patch import after


def listing(response: RDSResponse, name: str, items: Iterable[Any]) -> ActionResult:
    """A page of `items` under `name`. Raises InvalidParameterValue for a wrong page size or marker."""
    return listed(response.params, name, items, InvalidParameterValue)


def _version(version: str) -> dict[str, Any]:
    return {
        "Engine": _rds_data.ENGINE,
        "EngineVersion": version,
        "MajorEngineVersion": _rds_data.major(version),
        "DBParameterGroupFamily": f"{_rds_data.ENGINE}{_rds_data.major(version)}",
        "DBEngineDescription": "PostgreSQL",
        "DBEngineVersionDescription": f"PostgreSQL {version}-R1",
        "ValidUpgradeTarget": _rds_data.upgrades(version),
        **_EVERY_VERSION,
    }


_EVERY_VERSION = {
    "ExportableLogTypes": _rds_data.LOG_TYPES,
    "SupportsLogExportsToCloudwatchLogs": True,
    "SupportsReadReplica": True,
    "SupportsCertificateRotationWithoutRestart": True,
    "SupportedCACertificateIdentifiers": _rds_data.CERTIFICATES,
    "Status": "available",
}


def describe_db_engine_versions(self: RDSResponse) -> ActionResult:
    """The versions of PostgreSQL that match Engine, EngineVersion (major or minor), family and DefaultOnly."""
    engine, wanted = self.params.get("Engine"), self.params.get("EngineVersion")
    family = self.params.get("DBParameterGroupFamily")
    versions = [each for each in _rds_data.every_version() if wanted in (None, each, _rds_data.major(each))]
    if self.params.get("DefaultOnly"):
        versions = [each for each in versions if each == _rds_data.resolve(wanted)]
    found = [_version(each) for each in versions if engine in (None, _rds_data.ENGINE)]
    return listing(
        self, "DBEngineVersions", [each for each in found if family in (None, each["DBParameterGroupFamily"])]
    )


def _orderable(region: str, version: str, name: str, storage_type: str) -> dict[str, Any]:
    smallest, largest, iops, throughput = _rds_data.STORAGE[storage_type]
    return {
        "Engine": _rds_data.ENGINE,
        "EngineVersion": version,
        "DBInstanceClass": name,
        "LicenseModel": "postgresql-license",
        "AvailabilityZones": [{"Name": f"{region}{letter}"} for letter in "abc"],
        "StorageType": storage_type,
        "MinStorageSize": smallest,
        "MaxStorageSize": largest,
        "SupportsIops": iops,
        "SupportsStorageThroughput": throughput,
        **dict.fromkeys(_CAPABLE, True),
    }


_CAPABLE = (
    "MultiAZCapable",
    "ReadReplicaCapable",
    "Vpc",
    "SupportsStorageEncryption",
    "SupportsEnhancedMonitoring",
    "SupportsIAMDatabaseAuthentication",
    "SupportsPerformanceInsights",
    "SupportsStorageAutoscaling",
)


def _options(backend: RDSBackend, result: list[Any], engine: str, engine_version: str | None) -> list[Any]:
    """moto knows what other engines offer; of PostgreSQL each version comes in each class with each storage type."""
    if engine != _rds_data.ENGINE:
        return result
    versions = [each for each in _rds_data.every_version() if engine_version in (None, each, _rds_data.major(each))]
    names = [(name, storage) for name in _rds_data.CLASSES for storage in _rds_data.STORAGE]
    return [_orderable(backend.region_name, version, *name) for version in versions for name in names]


def describe_orderable_db_instance_options(self: RDSResponse) -> ActionResult:
    """What can be ordered of an engine, optionally of one version and one class."""
    engine, version = self.params["Engine"], self.params.get("EngineVersion")
    wanted = self.params.get("DBInstanceClass")
    options = self.backend.describe_orderable_db_instance_options(engine, version)
    found = [each for each in options if wanted in (None, each["DBInstanceClass"])]
    return listing(self, "OrderableDBInstanceOptions", found)


def describe_pending_maintenance_actions(self: RDSResponse) -> ActionResult:
    """None: nothing here ever needs maintenance."""
    return listing(self, "PendingMaintenanceActions", [])


def install() -> None:
    """Install into moto's RDS."""
    after(RDSBackend, "describe_orderable_db_instance_options", _options)
    add(
        RDSResponse,
        describe_db_engine_versions,
        describe_orderable_db_instance_options,
        describe_pending_maintenance_actions,
    )
