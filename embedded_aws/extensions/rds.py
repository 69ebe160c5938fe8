# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""RDS: PostgreSQL instances that keep and answer what they are given; their deletion.

Instances are available at once. What is to take time later belongs into `settle`, which every new or changed
instance passes.
"""

from __future__ import annotations

import uuid
from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

from moto.ec2.models import ec2_backends
from moto.moto_api._internal import mock_random
from moto.rds.exceptions import InvalidParameterCombination, InvalidParameterValue
from moto.rds.models import DBInstance, RDSBackend
from moto.rds.responses import RDSResponse

from embedded_aws.stores import PLACES

from . import _rds_data, _rds_rules
from ._patch import after, before
from .rds_groups import parameter_group
from .rds_option_groups import default_option_group

Given = MutableMapping[str, Any]

# Settings under the names in which AWS answers them.
ANSWERED = {
    "enable_performance_insights": "PerformanceInsightsEnabled",
    "performance_insights_retention_period": "PerformanceInsightsRetentionPeriod",
    "performance_insights_kms_key_id": "PerformanceInsightsKMSKeyId",
    "database_insights_mode": "DatabaseInsightsMode",
    "engine_lifecycle_support": "EngineLifecycleSupport",
    "network_type": "NetworkType",
    "dedicated_log_volume": "DedicatedLogVolume",
}
FRESH = {
    "PerformanceInsightsEnabled": False,
    "DatabaseInsightsMode": "standard",
    "EngineLifecycleSupport": "open-source-rds-extended-support",
    "NetworkType": "IPV4",
    "DedicatedLogVolume": False,
    "CustomerOwnedIpEnabled": False,
    "ActivityStreamStatus": "stopped",
    "BackupTarget": "region",
}


def is_ours(given: Given) -> bool:
    """Aurora's instances take their settings from their cluster and are left to moto."""
    return given.get("engine") == _rds_data.ENGINE and given.get("db_cluster_identifier") is None


def zones_of(backend: RDSBackend, subnet_group: str | None) -> list[str]:
    """The zones in which an instance can be."""
    if subnet_group:
        subnets = backend.describe_db_subnet_groups(subnet_group)[0]._subnets
        return sorted({subnet.availability_zone for subnet in subnets})
    return [f"{backend.region_name}{letter}" for letter in "abc"]


def _key(backend: RDSBackend, given: str | None) -> str:
    """The ARN of a key given by id, ARN or alias, or of the account's own for RDS. Raises KMSKeyNotAccessibleFault."""
    name = uuid.uuid5(uuid.NAMESPACE_DNS, f"rds.{backend.account_id}.{backend.region_name}")
    own = f"arn:{backend.partition}:kms:{backend.region_name}:{backend.account_id}:key/{name}"
    return own if given in (None, own) else backend._validate_kms_key(given)


def version_of(wanted: str | None) -> str:
    """The minor version that is meant. Raises InvalidParameterCombination for one that isn't on offer."""
    version = _rds_data.resolve(wanted)
    if version is None:
        raise InvalidParameterCombination(f"Cannot find version {wanted} for {_rds_data.ENGINE}")
    return version


# Creation


def prepare(backend: RDSBackend, given: Given) -> None:
    """Refuse what CreateDBInstance refuses, and fill in what it fills in."""
    if not is_ours(given):
        return
    _drop_derived(given)
    given["engine_version"] = version_of(given.get("engine_version"))
    _check_new(backend, given)
    _fill_storage(given)
    _fill_network(backend, given)
    if given.get("storage_encrypted"):
        given["kms_key_id"] = _key(backend, given.get("kms_key_id"))
    for name, value in {"license_model": "postgresql-license", "publicly_accessible": False}.items():
        given.setdefault(name, value)
    given.setdefault("ca_certificate_identifier", _rds_data.DEFAULT_CERTIFICATE)


def _check_new(backend: RDSBackend, given: Given) -> None:
    check_settings(given)
    _rds_rules.check_username(given.get("master_username"))
    if given.get("allocated_storage") is None:
        raise InvalidParameterValue("The parameter AllocatedStorage must be provided and must not be blank.")
    if given.get("multi_az") and given.get("availability_zone"):
        message = "Requesting a specific availability zone is not valid for Multi-AZ instances."
        raise InvalidParameterCombination(message)
    check_group(backend, given.get("db_parameter_group_name"), given["engine_version"])


def check_settings(given: Given) -> None:
    """What holds for new and for changed instances alike."""
    _rds_rules.check_class(given.get("db_instance_class"))
    _rds_rules.check_password(given.get("master_user_password"))
    _rds_rules.check_logs(given.get("enable_cloudwatch_logs_exports"))
    _rds_rules.check_insights(
        bool(given.get("enable_performance_insights")),
        given.get("performance_insights_retention_period"),
        given.get("database_insights_mode"),
    )


def check_group(backend: RDSBackend, name: str | None, version: str) -> None:
    """A parameter group must be there and of the version's family; default ones come into being when used."""
    family = f"{_rds_data.ENGINE}{_rds_data.major(version)}"
    if name and name != f"default.{family}":
        _rds_rules.check_family(name, parameter_group(backend, name).family, family)


def _fill_storage(given: Given) -> None:
    iops, throughput = given.get("iops"), given.get("storage_throughput")
    kind = given.get("storage_type") or ("io1" if iops else "gp3")
    size = given["allocated_storage"]
    _rds_rules.check_storage(kind, size, iops, throughput)
    given["iops"], given["storage_throughput"] = _rds_rules.performance(kind, size, iops, throughput)
    given["storage_type"] = kind


def _fill_network(backend: RDSBackend, given: Given) -> None:
    group = given.get("db_subnet_group_name")
    zones = zones_of(backend, group)
    given["availability_zone"] = given.get("availability_zone") or zones[0]
    if given["availability_zone"] not in zones:
        raise InvalidParameterValue(f"Invalid availability zone: {given['availability_zone']}; possible: {zones}")
    if group and not given.get("vpc_security_group_ids"):
        vpc = backend.describe_db_subnet_groups(group)[0].vpc_id
        default = ec2_backends[backend.account_id][backend.region_name].get_default_security_group(vpc)
        given["vpc_security_group_ids"] = [default.id] if default else []


def created(backend: RDSBackend, database: DBInstance, given: Given) -> DBInstance:
    if is_ours(given):
        vars(database).update(FRESH, DbiResourceId=f"db-{mock_random.get_random_string(26).upper()}")
        if not given.get("option_group_name"):
            database.option_group_name = default_option_group(backend, database.engine, database.engine_version)
        settle(backend, database, given)
    return database


def settle(backend: RDSBackend, database: DBInstance, given: Given) -> None:
    """Keep on an instance what it was given, under the names in which AWS answers it, and what follows from it."""
    vars(database).update({ANSWERED[name]: given[name] for name in ANSWERED if given.get(name) is not None})
    _settle_insights(backend, database)
    monitored = bool(database.monitoring_interval)
    group = f"log-group:RDSOSMetrics:log-stream:{database.DbiResourceId}"  # type: ignore[attr-defined]
    arn = f"arn:{backend.partition}:logs:{backend.region_name}:{backend.account_id}:{group}"
    database.EnhancedMonitoringResourceArn = arn if monitored else None  # type: ignore[attr-defined]
    zones = zones_of(backend, getattr(database, "_db_subnet_group_name", None))
    second = _rds_rules.other_zone(zones, {}, database.availability_zone) if database.multi_az else None
    database.SecondaryAvailabilityZone = second  # type: ignore[attr-defined]
    certificate = {"CAIdentifier": database.ca_certificate_identifier, "ValidTill": datetime(2061, 5, 25)}
    database.CertificateDetails = certificate  # type: ignore[attr-defined]


def _settle_insights(backend: RDSBackend, database: Any) -> None:
    if database.PerformanceInsightsEnabled:
        days, key = (getattr(database, f"PerformanceInsights{name}", None) for name in ("RetentionPeriod", "KMSKeyId"))
        database.PerformanceInsightsRetentionPeriod = days or 7
        database.PerformanceInsightsKMSKeyId = _key(backend, key)
    else:
        database.PerformanceInsightsRetentionPeriod = database.PerformanceInsightsKMSKeyId = None


def _drop_derived(given: Given) -> None:
    """A restore passes on all that its source has; what is derived or answered is derived anew."""
    if "created" in given:
        for name in [*FRESH, *ANSWERED.values(), "DbiResourceId", "SecondaryAvailabilityZone", "PendingModifiedValues"]:
            given.pop(name, None)
        if given.get("storage_type") == "gp3" and given["allocated_storage"] < _rds_rules.SMALL_STORAGE:
            given.update({"iops": None, "storage_throughput": None})
        if given.get("multi_az"):
            given["availability_zone"] = None


# Deletion


def _check_deletion(response: RDSResponse) -> None:
    database = response.backend.describe_db_instances(response.params["DBInstanceIdentifier"])[0]
    snapshot = response.params.get("FinalDBSnapshotIdentifier")
    if not database.db_cluster_identifier and not database.deletion_protection:
        _rds_rules.check_deletion(database.is_replica, bool(response.params.get("SkipFinalSnapshot")), snapshot)


def _deleted(backend: RDSBackend, database: DBInstance, *_: Any, **__: Any) -> DBInstance:
    """Replicas that lose their source become instances of their own."""
    for name in database.replicas:
        if name in backend.databases:
            backend.databases[name].is_replica = False
            stand_alone(backend.databases[name])
    return database


def _share_the_minute(backend: RDSBackend, _instance: str, snapshot: str) -> None:
    """The names of automated snapshots are minutes, and a name may be used again while backups of before are kept."""
    backend.database_snapshots.pop(snapshot, None)


def stand_alone(replica: DBInstance) -> None:
    replica.source_db_instance_identifier = replica.StatusInfos = None  # type: ignore[attr-defined]


def _address(database: DBInstance) -> str:
    """Where the instance really is, if it was placed."""
    placed = PLACES.get(str(database.db_instance_identifier))
    return placed or f"{database.db_instance_identifier}.aaaaaaaaaa.{database.region}.rds.amazonaws.com"


def install() -> None:
    """Install into moto's RDS."""
    DBInstance.address = property(_address)  # type: ignore[assignment,method-assign]
    before(RDSBackend, "create_db_instance", prepare)
    after(RDSBackend, "create_db_instance", created)
    after(RDSBackend, "delete_db_instance", _deleted)
    before(RDSResponse, "delete_db_instance", _check_deletion)
    before(RDSBackend, "create_auto_snapshot", _share_the_minute)
