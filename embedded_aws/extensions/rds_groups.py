# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""RDS: subnet and parameter groups as AWS keeps, checks and refuses to delete them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.rds.exceptions import (
    DBParameterGroupNotFoundError,
    DBSubnetGroupNotFoundError,
    InvalidParameterCombination,
    InvalidParameterValue,
    RDSClientError,
)
from moto.rds.models import DBInstance, DBParameterGroup, DBSubnetGroup, RDSBackend
from moto.rds.responses import RDSResponse

from . import _rds_data
from ._operations import add
from ._patch import after, before
from .rds_catalog import listing

MOST_PARAMETERS = 20


# Subnet groups


def _check_zones(backend: RDSBackend, subnets: Iterable[Any]) -> None:
    """Raises DBSubnetGroupDoesNotCoverEnoughAZs for fewer than two zones, InvalidSubnet for more than one VPC."""
    subnets = list(subnets)
    zones = sorted({subnet.availability_zone for subnet in subnets})
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise RDSClientError("InvalidSubnet", "The specified subnets are not all in the same VPC.")
    if len(zones) < 2:
        message = "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage:"
        text = f"{message} {', '.join(zones)}. Add subnets to cover at least 2 AZs."
        raise RDSClientError("DBSubnetGroupDoesNotCoverEnoughAZs", text)


def _check_new_subnet_group(backend: RDSBackend, name: str, _text: str, subnets: list[Any], *_: Any) -> None:
    if name in backend.subnet_groups:
        raise RDSClientError("DBSubnetGroupAlreadyExists", f"The DB subnet group '{name}' already exists.")
    _check_zones(backend, subnets)


def _check_changed_subnet_group(backend: RDSBackend, name: str, _text: str, subnets: list[Any]) -> None:
    if name not in backend.subnet_groups:
        raise DBSubnetGroupNotFoundError(name)
    _check_zones(backend, subnets)


def _keep_subnet_group(backend: RDSBackend, group: DBSubnetGroup, *_: Any) -> DBSubnetGroup:
    """moto drops a subnet group that is modified."""
    backend.subnet_groups[group.name] = group
    return group


def _check_subnet_group_unused(backend: RDSBackend, name: str) -> None:
    user = _first(each for each in backend.databases.values() if _in_subnet_group(each, name))
    if user:
        message = (
            f"Cannot delete the subnet group '{name}' because at least one database instance: {user} is still using it."
        )
        raise RDSClientError("InvalidDBSubnetGroupStateFault", message)


def _in_subnet_group(database: DBInstance, name: str) -> bool:
    group = getattr(database, "db_subnet_group", None)
    return getattr(group, "name", None) == name.lower()


def _first(databases: Iterable[DBInstance]) -> str | None:
    return next((each.db_instance_identifier for each in databases), None)


def _check_subnets_exist(response: RDSResponse) -> None:
    """Raises InvalidSubnet, as RDS calls it, for a subnet that isn't there."""
    known = ec2_backends[response.current_account][response.region]
    missing = [
        name for name in response.params.get("SubnetIds", []) if not known.describe_subnets(filters={"subnet-id": name})
    ]
    if missing:
        raise RDSClientError("InvalidSubnet", f"Some input subnets in :[{', '.join(missing)}] are invalid.")


# Parameter groups


def parameter_group(backend: RDSBackend, name: str) -> DBParameterGroup:
    """The parameter group of this name. Raises DBParameterGroupNotFound."""
    if name not in backend.db_parameter_groups:
        raise DBParameterGroupNotFoundError(name)
    return backend.db_parameter_groups[name]


def _check_new_parameter_group(_backend: RDSBackend, given: dict[str, Any]) -> None:
    family = given.get("db_parameter_group_family") or ""
    if family.startswith(_rds_data.ENGINE) and not _rds_data.is_family(family):
        raise InvalidParameterValue(f"ParameterGroupFamily {family} is not a valid parameter group family")


def _described_groups(backend: RDSBackend, result: list[Any], given: dict[str, Any]) -> list[Any]:
    name = given.get("db_parameter_group_name")
    return [parameter_group(backend, name)] if name else result


def _merged(group: DBParameterGroup) -> Iterator[dict[str, Any]]:
    """Every parameter of a group: its family's defaults, with what was changed in the group."""
    defaults = _rds_data.parameters(group.family or "")
    for name in sorted({*defaults, *group.parameters}):
        changed = group.parameters.get(name)
        yield {**defaults.get(name, {}), **({**changed, "Source": "user"} if changed else {})}


def describe_db_parameters(self: RDSResponse) -> ActionResult:
    """A page of a group's parameters, optionally of one source. Raises DBParameterGroupNotFound."""
    group = parameter_group(self.backend, self.params["DBParameterGroupName"])
    source = self.params.get("Source")
    return listing(self, "Parameters", [each for each in _merged(group) if source in (None, each.get("Source"))])


def describe_engine_default_parameters(self: RDSResponse) -> ActionResult:
    """A page of a family's defaults."""
    family = self.params["DBParameterGroupFamily"]
    result: dict[str, Any] = listing(self, "Parameters", _rds_data.parameters(family).values()).result  # type: ignore[assignment]
    return ActionResult({"EngineDefaults": {"DBParameterGroupFamily": family, **result}})


def _check_changes(backend: RDSBackend, db_parameter_group_name: str, db_parameter_group_parameters: Any) -> None:
    """What ModifyDBParameterGroup refuses: default groups, unknown names, a static change at once."""
    group = parameter_group(backend, db_parameter_group_name)
    _check_not_default(group)
    for change in db_parameter_group_parameters:
        _check_change(_rds_data.parameters(group.family or ""), change)


def _check_request(response: RDSResponse) -> None:
    _check_count(response.params.get("Parameters", []))


def _check_count(changes: list[Any]) -> None:
    if len(changes) > MOST_PARAMETERS:
        message = f"The request contains {len(changes)} parameters; at most {MOST_PARAMETERS} can be modified at once."
        raise InvalidParameterValue(message)


def _check_not_default(group: DBParameterGroup) -> None:
    if group.name.startswith("default."):
        message = f"Default DBParameterGroup cannot be modified: {group.name}"
        raise RDSClientError("InvalidDBParameterGroupState", message)


def _check_change(known: dict[str, dict[str, Any]], change: dict[str, Any]) -> None:
    if not known:
        return
    name = change["ParameterName"]
    if name not in known:
        raise InvalidParameterValue(f"Could not find parameter with name: {name}")
    if not known[name]["IsModifiable"]:
        raise InvalidParameterValue(f"The parameter {name} cannot be modified.")
    if known[name]["ApplyType"] == "static" and change.get("ApplyMethod") == "immediate":
        raise InvalidParameterCombination("cannot use immediate apply method for static parameter")


def _changed(
    backend: RDSBackend, group: DBParameterGroup, db_parameter_group_name: str, db_parameter_group_parameters: Any
) -> DBParameterGroup:
    """Instances of the group need a reboot for whatever didn't take effect at once."""
    if any(change.get("ApplyMethod") != "immediate" for change in db_parameter_group_parameters):
        _need_reboot(backend, group)
    return group


def _need_reboot(backend: RDSBackend, group: DBParameterGroup) -> None:
    for database in backend.databases.values():
        if group in database.db_parameter_groups():
            database.parameter_status = "pending-reboot"  # type: ignore[attr-defined]


def reset_db_parameter_group(self: RDSResponse) -> ActionResult:
    """Put the named parameters, or all, back to their defaults. Raises InvalidParameterCombination unless asked."""
    group = parameter_group(self.backend, self.params["DBParameterGroupName"])
    _check_not_default(group)
    named = [each["ParameterName"] for each in self.params.get("Parameters", [])]
    _check_count(named)
    if bool(named) == bool(self.params.get("ResetAllParameters", not named)):
        raise InvalidParameterCombination("Specify either ResetAllParameters or a list of parameters.")
    for name in named or list(group.parameters):
        group.parameters.pop(name, None)
    _need_reboot(self.backend, group)
    return ActionResult({"DBParameterGroupName": group.name})


def _check_parameter_group_unused(backend: RDSBackend, db_parameter_group_name: str) -> None:
    if db_parameter_group_name.startswith("default."):
        message = f"Default DBParameterGroup cannot be deleted: {db_parameter_group_name}"
        raise RDSClientError("InvalidDBParameterGroupState", message)
    group = backend.db_parameter_groups.get(db_parameter_group_name)
    if group and any(group in database.db_parameter_groups() for database in backend.databases.values()):
        message = "One or more database instances are still members of this parameter group"
        text = f"{message} {db_parameter_group_name}, so the group cannot be deleted"
        raise RDSClientError("InvalidDBParameterGroupState", text)


def parameter_statuses(self: DBInstance) -> list[dict[str, str]]:
    """The instance's parameter groups, and whether all that they say is in force."""
    status = getattr(self, "parameter_status", "in-sync")
    return [{"DBParameterGroupName": each.name, "ParameterApplyStatus": status} for each in self.db_parameter_groups()]


BEFORE: tuple[tuple[type, str, Callable[..., None]], ...] = (
    (RDSResponse, "create_db_subnet_group", _check_subnets_exist),
    (RDSResponse, "modify_db_subnet_group", _check_subnets_exist),
    (RDSBackend, "create_subnet_group", _check_new_subnet_group),
    (RDSBackend, "modify_db_subnet_group", _check_changed_subnet_group),
    (RDSBackend, "delete_subnet_group", _check_subnet_group_unused),
    (RDSBackend, "create_db_parameter_group", _check_new_parameter_group),
    (RDSResponse, "modify_db_parameter_group", _check_request),
    (RDSBackend, "modify_db_parameter_group", _check_changes),
    (RDSBackend, "delete_db_parameter_group", _check_parameter_group_unused),
)


def install() -> None:
    """Install into moto's RDS."""
    for each in BEFORE:
        before(*each)
    after(RDSBackend, "modify_db_subnet_group", _keep_subnet_group)
    after(RDSBackend, "describe_db_parameter_groups", _described_groups)
    after(RDSBackend, "modify_db_parameter_group", _changed)
    DBInstance.db_parameter_group_status_list = property(parameter_statuses)  # type: ignore[assignment,method-assign]
    add(RDSResponse, describe_db_parameters, describe_engine_default_parameters, reset_db_parameter_group)
