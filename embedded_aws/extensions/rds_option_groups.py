# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""RDS: option groups, of which PostgreSQL's hold no options."""

from __future__ import annotations

import itertools
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import (
    InvalidParameterCombination,
    InvalidParameterValue,
    OptionGroupNotFoundFaultError,
    RDSClientError,
)
from moto.rds.models import DBInstanceAutomatedBackup, DBSnapshot, OptionGroup, RDSBackend
from moto.rds.responses import RDSResponse

from . import _rds_data
from ._operations import add
from ._patch import before
from .rds_catalog import listing

OPTION_GROUP_MAJORS = {
    "postgres": ("11", "12", "13", *_rds_data.VERSIONS),
    "mysql": ("5.7", "8.0", "8.4"),
    "mariadb": ("10.5", "10.6", "10.11", "11.4"),
}


def default_option_group(backend: RDSBackend, engine: str, version: str) -> str:
    """The name of the engine's default option group, which comes into being with its first instance."""
    major = _rds_data.major(version)
    name = f"default:{engine}-{major}"
    if name not in backend.option_groups:
        description = f"Default option group for {engine} {major}"
        backend.option_groups[name] = OptionGroup(backend, name, engine, major, description)
        _option_group_made(backend, backend.option_groups[name])
    return name


def create_option_group(self: RDSBackend, option_group_kwargs: dict[str, Any]) -> OptionGroup:
    """Make an option group. Raises OptionGroupAlreadyExistsFault, and as AWS does for what it doesn't offer."""
    name, engine = option_group_kwargs["option_group_name"], option_group_kwargs["engine_name"]
    version = option_group_kwargs["major_engine_version"]
    if name in self.option_groups:
        raise RDSClientError("OptionGroupAlreadyExistsFault", f"An option group named {name} already exists.")
    if not option_group_kwargs.get("option_group_description"):
        message = "The parameter OptionGroupDescription must be provided and must not be blank."
        raise InvalidParameterValue(message)
    if engine not in OPTION_GROUP_MAJORS:
        raise InvalidParameterValue(f"Invalid DB engine: {engine}")
    if version not in OPTION_GROUP_MAJORS[engine]:
        raise InvalidParameterCombination(f"Cannot find major version {version} for {engine}")
    self.option_groups[name] = _option_group_made(self, OptionGroup(self, **option_group_kwargs))
    return self.option_groups[name]


def _option_group_made(_backend: RDSBackend, group: OptionGroup, *_: Any) -> OptionGroup:
    group.AllowsVpcAndNonVpcInstanceMemberships = True  # type: ignore[attr-defined]
    group.OptionGroupArn = group.arn  # type: ignore[attr-defined]
    return group


def describe_option_groups(self: RDSResponse) -> ActionResult:
    """A page of the option groups that match. Raises OptionGroupNotFoundFault for a name that isn't there."""
    name, groups = self.params.get("OptionGroupName"), self.backend.option_groups
    if name and name not in groups:
        raise OptionGroupNotFoundFaultError(name)
    wanted = {
        "engine_name": self.params.get("EngineName"),
        "major_engine_version": self.params.get("MajorEngineVersion"),
    }
    found = [
        group
        for group in ([groups[name]] if name else groups.values())
        if all(value in (None, getattr(group, key)) for key, value in wanted.items())
    ]
    return listing(self, "OptionGroupsList", found)


def _check_options(backend: RDSBackend, option_group_name: str, include: Any = None, *_: Any) -> None:
    """PostgreSQL has no options. Raises InvalidParameterValue."""
    group = backend.option_groups.get(option_group_name)
    if group and group.engine_name == _rds_data.ENGINE and include:
        names = ", ".join(each["OptionName"] for each in include)
        raise InvalidParameterValue(f"Invalid option name: {names} is not available for {_rds_data.ENGINE}")


def _check_option_group_unused(backend: RDSBackend, option_group_name: str) -> None:
    snapshots = (each.database for each in backend.database_snapshots.values())
    users = itertools.chain(backend.databases.values(), snapshots)
    used = any(each.option_group_name == option_group_name for each in users)
    if option_group_name in backend.option_groups and (used or option_group_name.startswith("default:")):
        message = f"The option group {option_group_name} cannot be deleted because it is in use."
        raise RDSClientError("InvalidOptionGroupStateFault", message)


def _of_instance(name: str) -> property:
    """A setting that a snapshot has of its instance."""
    return property(lambda snapshot: getattr(snapshot.database, name))


def _of_backed_up(name: str) -> property:
    """A setting that automated backups have of their instance, which may be gone."""
    return property(lambda backup: getattr(backup.automated_snapshots[0].database, name))


def install() -> None:
    """Install into moto's RDS."""
    DBSnapshot.option_group_name = _of_instance("option_group_name")  # type: ignore[attr-defined]
    for name in ("allocated_storage", "backup_retention_period", "kms_key_id", "option_group_name"):
        setattr(DBInstanceAutomatedBackup, name, _of_backed_up(name))
    before(RDSBackend, "modify_option_group", _check_options)
    before(RDSBackend, "delete_option_group", _check_option_group_unused)
    add(RDSBackend, create_option_group)
    add(RDSResponse, describe_option_groups)
