# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ElastiCache: parameter groups and engine versions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache.exceptions import (
    ElastiCacheException,
    InvalidParameterCombinationException,
    InvalidParameterValueException,
)
from moto.elasticache.models import ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse

from . import _elasticache_data as data
from ._operations import add
from .elasticache_groups import arn_in, is_used, listing
from .elasticache_tags import drop_tags

MOST_PARAMETERS = 20
OTHER_FAMILIES = ("memcached1.6",)


@dataclass
class ParameterGroup:
    """A cache parameter group; `parameters` are those that were changed in it."""

    name: str
    family: str
    description: str
    arn: str
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def cluster(self) -> bool:
        """Whether groups that use it are in cluster mode."""
        return self.parameters.get("cluster-enabled") == "yes"

    @property
    def is_default(self) -> bool:
        return self.name.startswith("default.")

    def describe(self) -> dict[str, Any]:
        """As AWS describes it."""
        names = {"CacheParameterGroupName": self.name, "CacheParameterGroupFamily": self.family}
        return {**names, "Description": self.description, "IsGlobal": False, "ARN": self.arn}

    def listed(self) -> Iterator[dict[str, Any]]:
        """Every parameter, with what was changed in the group."""
        for name, parameter in data.parameters(self.family).items():
            changed = not self.is_default and name in self.parameters
            value = self.parameters.get(name, parameter["ParameterValue"])
            yield {**parameter, "ParameterValue": value, "Source": "user" if changed else "system"}


def _own(backend: ElastiCacheBackend) -> dict[str, ParameterGroup]:
    groups: dict[str, ParameterGroup] = backend.__dict__.setdefault("cache_parameter_groups", {})
    return groups


def _defaults(backend: ElastiCacheBackend) -> dict[str, ParameterGroup]:
    """The groups that every account has: one for each family, and one more in cluster mode."""
    found = {}
    for family in (*data.FAMILIES, *OTHER_FAMILIES):
        for suffix, extra in (("", {}), (".cluster.on", {"cluster-enabled": "yes"})):
            name = f"default.{family}{suffix}"
            arn = arn_in(backend, "parametergroup", name)
            found[name] = ParameterGroup(name, family, f"Default parameter group for {family}", arn, dict(extra))
    return found


def cache_parameter_group(backend: ElastiCacheBackend, name: str) -> ParameterGroup:
    """The parameter group of this name. Raises CacheParameterGroupNotFound."""
    groups = {**_defaults(backend), **_own(backend)}
    if name.lower() not in groups:
        raise ElastiCacheException("CacheParameterGroupNotFound", f"CacheParameterGroup {name} not found.")
    return groups[name.lower()]


def create_cache_parameter_group(self: ElastiCacheResponse) -> ActionResult:
    """Make a parameter group. Raises CacheParameterGroupAlreadyExists, InvalidParameterValue."""
    backend, name = self.elasticache_backend, self.params["CacheParameterGroupName"].lower()
    family = self.params["CacheParameterGroupFamily"]
    if name in _own(backend):
        raise ElastiCacheException(
            "CacheParameterGroupAlreadyExists", f"A cache parameter group {name} already exists."
        )
    if family not in (*data.FAMILIES, *OTHER_FAMILIES):
        raise InvalidParameterValueException(
            f"CacheParameterGroupFamily {family} is not a valid parameter group family."
        )
    group = ParameterGroup(name, family, self.params["Description"], arn_in(backend, "parametergroup", name))
    _own(backend)[name] = group
    backend.tagging_service.tag_resource(group.arn, self.params.get("Tags") or [])
    return ActionResult({"CacheParameterGroup": group.describe()})


def describe_cache_parameter_groups(self: ElastiCacheResponse) -> ActionResult:
    """A page of the groups, defaults included, or one. Raises CacheParameterGroupNotFound."""
    backend, name = self.elasticache_backend, self.params.get("CacheParameterGroupName")
    groups = {**_defaults(backend), **_own(backend)}
    found = [cache_parameter_group(backend, name)] if name else list(groups.values())
    return listing(self, "CacheParameterGroups", [each.describe() for each in found])


def describe_cache_parameters(self: ElastiCacheResponse) -> ActionResult:
    """A page of a group's parameters, optionally of one source. Raises CacheParameterGroupNotFound."""
    group = cache_parameter_group(self.elasticache_backend, self.params["CacheParameterGroupName"])
    source = self.params.get("Source")
    return listing(self, "Parameters", [each for each in group.listed() if source in (None, each["Source"])])


def describe_engine_default_parameters(self: ElastiCacheResponse) -> ActionResult:
    """A page of a family's parameters."""
    family = self.params["CacheParameterGroupFamily"]
    result: Any = listing(self, "Parameters", data.parameters(family).values()).result
    return ActionResult({"EngineDefaults": {"CacheParameterGroupFamily": family, **result}})


def _changeable(backend: ElastiCacheBackend, name: str) -> ParameterGroup:
    group = cache_parameter_group(backend, name)
    if group.is_default:
        message = f"The default parameter group {group.name} cannot be changed or deleted."
        raise ElastiCacheException("InvalidCacheParameterGroupState", message)
    return group


def modify_cache_parameter_group(self: ElastiCacheResponse) -> ActionResult:
    """Change at most 20 parameters. Raises InvalidParameterValue, InvalidCacheParameterGroupState."""
    group = _changeable(self.elasticache_backend, self.params["CacheParameterGroupName"])
    changes = self.params["ParameterNameValues"]
    if len(changes) > MOST_PARAMETERS:
        raise InvalidParameterValueException(f"At most {MOST_PARAMETERS} parameters can be modified in one call.")
    known = data.parameters(group.family)
    for change in changes:
        _check_change(known, change["ParameterName"], change.get("ParameterValue", ""))
    group.parameters.update({each["ParameterName"]: each.get("ParameterValue", "") for each in changes})
    return ActionResult({"CacheParameterGroupName": group.name})


def _check_change(known: dict[str, dict[str, Any]], name: str, value: str) -> None:
    parameter = known.get(name)
    if parameter is None:
        raise InvalidParameterValueException(f"Could not find parameter with name: {name}")
    if not parameter["IsModifiable"]:
        raise InvalidParameterValueException(f"The parameter {name} cannot be modified.")
    allowed = parameter["AllowedValues"].split(",")
    if parameter["DataType"] == "string" and allowed != [""] and value not in allowed:
        raise InvalidParameterValueException(
            f"The parameter value {value} for {name} is not one of {', '.join(allowed)}."
        )
    if parameter["DataType"] == "integer" and not value.lstrip("-").isdigit():
        raise InvalidParameterValueException(f"The parameter value {value} for {name} is not a number.")


def reset_cache_parameter_group(self: ElastiCacheResponse) -> ActionResult:
    """Put the named parameters, or all, back to their defaults. Raises InvalidParameterCombination unless asked."""
    group = _changeable(self.elasticache_backend, self.params["CacheParameterGroupName"])
    named = [each["ParameterName"] for each in self.params.get("ParameterNameValues") or []]
    if bool(named) == bool(self.params.get("ResetAllParameters")):
        raise InvalidParameterCombinationException("Specify either ResetAllParameters or a list of parameters.")
    for name in named or list(group.parameters):
        group.parameters.pop(name, None)
    return ActionResult({"CacheParameterGroupName": group.name})


def delete_cache_parameter_group(self: ElastiCacheResponse) -> ActionResult:
    """Delete an unused group. Raises InvalidCacheParameterGroupState, CacheParameterGroupNotFound."""
    backend = self.elasticache_backend
    group = _changeable(backend, self.params["CacheParameterGroupName"])
    if is_used(backend, "cache_parameter_group_name", group.name):
        message = "One or more cache clusters are still members of this parameter group"
        text = f"{message} {group.name}, so the group cannot be deleted."
        raise ElastiCacheException("InvalidCacheParameterGroupState", text)
    del _own(backend)[group.name]
    drop_tags(backend, [group.arn])
    return EmptyResult()


def describe_cache_engine_versions(self: ElastiCacheResponse) -> ActionResult:
    """A page of the versions that match; the newest of each engine with DefaultOnly."""
    get = self.params.get
    wanted = (get("Engine"), get("EngineVersion"), get("CacheParameterGroupFamily"))
    found = [
        each
        for each in data.VERSIONS
        if all(
            value in (None, own) for value, own in zip(wanted, (each.engine, each.version, each.family), strict=True)
        )
        and (not get("DefaultOnly") or each == data.find(each.engine, None))
    ]
    return listing(self, "CacheEngineVersions", [_described(each) for each in found])


def _described(version: data.Version) -> dict[str, str]:
    name = data.DESCRIPTIONS[version.engine]
    return {
        "Engine": version.engine,
        "EngineVersion": version.version,
        "CacheParameterGroupFamily": version.family,
        "CacheEngineDescription": name,
        "CacheEngineVersionDescription": f"{name} version {version.patch}",
    }


def install() -> None:
    """Install into moto's ElastiCache."""
    add(
        ElastiCacheResponse,
        create_cache_parameter_group,
        describe_cache_parameter_groups,
        describe_cache_parameters,
        describe_engine_default_parameters,
        modify_cache_parameter_group,
        reset_cache_parameter_group,
        delete_cache_parameter_group,
        describe_cache_engine_versions,
    )
