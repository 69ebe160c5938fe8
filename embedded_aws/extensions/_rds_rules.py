# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What RDS refuses of a DB instance's settings, in RDS's words. Pure: each check raises or returns nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from moto.rds.exceptions import InvalidParameterCombination, InvalidParameterValue

from . import _rds_data

_CLASS = re.compile(
    r"db\.(t2|t3|t4g)\.(micro|small|medium|large|xlarge|2xlarge)"
    r"|db\.[mrx]\d[a-z]{0,4}\.(large|(2|4|8|12|16|24|32|48)?xlarge)(\.tpc\d\.mem\dx)?"
    r"|db\.serverless"
)
SMALL_STORAGE = 400
RESERVED_NAMES = ("admin", "postgres_admin", "rdsadmin", "rdsrepladmin")


def check_class(name: str | None) -> None:
    """Raises InvalidParameterValue for what is no instance class."""
    if name is not None and not _CLASS.fullmatch(name):
        raise InvalidParameterValue(f"Invalid DB Instance class: {name}")


def check_password(password: str | None) -> None:
    """Raises InvalidParameterValue for a password that is too short, too long or holds one of `/`, `@`, `"`, space."""
    start = "The parameter MasterUserPassword is not a valid password"
    if password is None:
        return
    if len(password) < 8:
        raise InvalidParameterValue(f"{start} because it is shorter than 8 characters.")
    if len(password) > 128:
        raise InvalidParameterValue(f"{start} because it is longer than 128 characters.")
    if any(character in '/@" ' or not " " < character <= "~" for character in password):
        raise InvalidParameterValue(
            f"{start}. Only printable ASCII characters besides '/', '@', '\"', ' ' may be used."
        )


def check_username(name: str | None) -> None:
    """Raises InvalidParameterValue for a name that the engine keeps for itself."""
    if name and name.lower() in RESERVED_NAMES:
        raise InvalidParameterValue(f"MasterUsername {name} cannot be used as it is a reserved word used by the engine")


def check_storage(storage_type: str, size: int, iops: Any, throughput: Any) -> None:
    """Sizes in GiB. Raises InvalidParameterCombination for a size or performance that a storage type doesn't have."""
    asked = iops is not None or throughput is not None
    if storage_type == "gp3" and asked and size < SMALL_STORAGE:
        message = "You can't specify IOPS or storage throughput for engine postgres and a storage size less than"
        raise InvalidParameterCombination(f"{message} {SMALL_STORAGE}.")
    if throughput is not None and storage_type != "gp3":
        raise InvalidParameterCombination(f"You can't specify storage throughput for storage type {storage_type}.")
    smallest, largest = _rds_data.STORAGE.get(storage_type, (20, 65536))[:2]
    if not smallest <= size <= largest:
        message = f"Invalid storage size for engine name postgres and storage type {storage_type}: {size}"
        raise InvalidParameterCombination(message)


def performance(storage_type: str, size: int, iops: Any, throughput: Any) -> tuple[Any, Any]:
    """The IOPS and the throughput in MiB/s of gp3 storage of this size in GiB; as given for other types."""
    if storage_type != "gp3":
        return iops, None
    small = size < SMALL_STORAGE
    return iops or (3000 if small else 12000), throughput or (125 if small else 500)


def check_insights(enabled: bool, days: int | None, mode: str | None) -> None:
    """Raises InvalidParameterValue for a retention that isn't 7, 731 or a multiple of 31 days, and for a wrong mode."""
    if days is not None and days not in (7, 731) and (days % 31 or not 1 <= days // 31 <= 23):
        allowed = "7, 731 or a multiple of 31 up to 713"
        raise InvalidParameterValue(f"Invalid Performance Insights retention period: {days}. It must be {allowed}.")
    if mode == "advanced" and (not enabled or (days or 7) < 465):
        message = "To enable the Advanced mode of Database Insights, enable Performance Insights and set its retention"
        raise InvalidParameterCombination(f"{message} period to at least 465 days.")


def check_logs(types: list[str] | None) -> None:
    """Raises InvalidParameterCombination for a log type that PostgreSQL doesn't export."""
    unknown = [name for name in types or [] if name not in _rds_data.LOG_TYPES]
    if unknown:
        message = f"You cannot use the log types '{', '.join(unknown)}' with engine version postgres."
        raise InvalidParameterCombination(f"{message} For supported log types, see the documentation.")


def check_upgrade(old: str, new: str, major_allowed: bool) -> None:
    """Raises InvalidParameterCombination for a way back, and for a new major version that isn't allowed expressly."""
    if _rds_data.number(new) < _rds_data.number(old):
        raise InvalidParameterCombination(f"Cannot upgrade postgres from {old} to {new}")
    if _rds_data.major(new) != _rds_data.major(old) and not major_allowed:
        message = "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version."
        raise InvalidParameterCombination(message)


def check_family(group: str, family: str | None, needed: str) -> None:
    """Raises InvalidParameterCombination for a parameter group of another family than the instance's."""
    if family != needed:
        message = f"The parameter group {group} with DBParameterGroupFamily {family} can't be used for this instance."
        raise InvalidParameterCombination(
            f"{message} Please use a Parameter Group with DBParameterGroupFamily {needed}"
        )


def check_deletion(is_replica: bool, skip: bool, snapshot: str | None) -> None:
    """Raises InvalidParameterCombination unless it is clear what becomes of the data."""
    if skip and snapshot:
        raise InvalidParameterCombination(
            "FinalDBSnapshotIdentifier can not be specified when SkipFinalSnapshot is true"
        )
    if is_replica and snapshot:
        message = "FinalDBSnapshotIdentifier can not be specified when deleting a replica instance"
        raise InvalidParameterCombination(message)
    if not skip and not snapshot:
        raise InvalidParameterCombination(
            "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
        )


def other_zone(zones: list[str], used: Mapping[str, int], not_in: str) -> str:
    """The least used zone that is not `not_in`, the first of equals; `not_in` itself if there is no other."""
    others = [zone for zone in sorted(zones) if zone != not_in]
    return min(others, key=lambda zone: used.get(zone, 0)) if others else not_in
