# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the kinds of RDS and ElastiCache have in common: one listing per kind, tags by ARN, parameter groups."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from . import _aws, _tags, _wait
from ._errors import code_of
from ._plan import Plan
from ._resource import Item, Resource

#: What uses the groups of each service.
DB_INSTANCES = ("describe_db_instances", "DBInstances", "DBInstanceStatus")
REPLICATION_GROUPS = ("describe_replication_groups", "ReplicationGroups", "Status")
#: Parameters that one call may change or reset, in both services.
PARAMETERS_PER_CALL = 20


def name_problem(name: str, limit: int) -> str:
    """Why AWS would refuse or rewrite an identifier, as an end of a sentence; empty if it's fine."""
    if len(name) > limit:
        return f"at most {limit} characters, has {len(name)}"
    if not re.fullmatch(r"[a-z](-?[a-z0-9])*", name):
        return "lower-case letters, digits and single hyphens, beginning with a letter (AWS stores it in lower case)"
    return ""


def version_as_declared(declared: str | None, actual: str | None) -> str | None:
    """The declared version where the actual one is that or a newer minor of it; else the actual one.

    AWS upgrades minors by itself and cannot go back, so a newer one than declared is no drift.
    """
    if not declared or not actual:
        return actual
    wanted, found = numbers(declared), numbers(actual)
    same_major = wanted[:1] == found[:1]
    return declared if same_major and found[: len(wanted)] >= wanted else actual


def newest_version(declared: str, available: Iterable[str]) -> str:
    """The newest available version that is C(declared) or begins with it; C(declared) itself where there is none."""
    wanted = numbers(declared)
    matching = [version for version in available if numbers(version)[: len(wanted)] == wanted]
    return max(matching, key=numbers, default=declared)


def numbers(version: str) -> list[int]:
    """The parts of a version, to be compared."""
    return [int(number) for number in re.findall(r"\d+", version)]


def final_snapshot(name: str, suffix: str) -> str:
    """The name of the last snapshot; the time in UTC tells apart those of one name that was used again."""
    now = datetime.datetime.now(datetime.UTC)
    return f"{name}-final-{suffix or now.strftime('%Y%m%d-%H%M%S')}"


class DatabaseResource(Resource):
    """A kind that one operation lists whole (quotas keep the lists short) and whose tags are read by ARN."""

    listing: ClassVar[tuple[str, str]]  #: the operation and the key of its answer
    name_field: ClassVar[str]
    arn_field: ClassVar[str] = "ARN"
    entries: Sequence[Mapping[str, Any]] = ()  #: AWS's, as last observed

    def entry(self, entry: Mapping[str, Any]) -> Item:
        """AWS's entry in the words of C(desired), but for its tags."""
        raise NotImplementedError

    def tags_of(self, entry: Mapping[str, Any]) -> dict[str, str]:
        return _tags.to_dict(self.client.list_tags_for_resource(ResourceName=entry[self.arn_field])["TagList"])

    def declared(self) -> dict[str, Item]:
        return {item[self.key]: item for item in self.options[self.plural]}

    def observe(self) -> dict[str, Item]:
        """Everything declared, and everything else only where pruning needs to know whose it is."""
        self.entries = _aws.pages(self.client, *self.listing)
        found = [entry for entry in self.entries if self.matters(entry)]
        items = _aws.concurrently(self.observed, found)
        return {entry[self.name_field]: item for entry, item in zip(found, items, strict=True)}

    def matters(self, entry: Mapping[str, Any]) -> bool:
        name = entry[self.name_field]
        return name in self.declared() or bool(self.options.get("prune") and not name.startswith("default"))

    def observed(self, entry: Mapping[str, Any]) -> Item:
        return {**self.entry(entry), "tags": self.tags_of(entry)}

    def update_tags(self, arn: str, plan: Plan) -> None:
        """Write the declared tags if any of them differs."""
        if "tags" in plan.options and plan.after:
            self.client.add_tags_to_resource(ResourceName=arn, Tags=_tags.to_list(plan.after["tags"]))


class GroupResource(DatabaseResource):
    """A group of settings, which can be deleted when nothing uses it any more."""

    users: ClassVar[tuple[str, str, str]]  #: the operation that lists its users, the key of its answer, their status
    in_use_code: ClassVar[str]
    absent_code: ClassVar[str]
    release_seconds: ClassVar[float] = 3600  #: how long its users may take to be deleted

    def validate(self, item: Item) -> Iterable[str]:
        problem = name_problem(item["name"], 255)
        if problem:
            yield f"name: {problem}"

    def remove(self, name: str) -> None:
        """The call that deletes it."""
        raise NotImplementedError

    def delete(self, name: str, observed: Item) -> None:
        """Delete it, once what is being deleted has let go of it; what merely uses it is an error at once."""
        _wait.until(lambda: self._removed(name), bool, f"{name}: unused", self.release_seconds, pause=15)

    def _removed(self, name: str) -> bool:
        try:
            _aws.absent_as(None, lambda: self.remove(name), self.absent_code)
        except Exception as error:
            if code_of(error) != self.in_use_code or not self._is_being_released():
                raise
            return False
        return True

    def _is_being_released(self) -> bool:
        operation, key, status = self.users
        return any(entry[status] == "deleting" for entry in _aws.pages(self.client, operation, key))


class SlowResource(DatabaseResource):
    """A kind that AWS takes minutes to make, change and delete: started here, waited for elsewhere."""

    status_field: ClassVar[str]
    ready_states: ClassVar[tuple[str, ...]]
    stuck_states: ClassVar[tuple[str, ...]]  #: waiting leads out of none of these
    absent_code: ClassVar[str]
    deadline = 900
    ready_seconds: ClassVar[float] = 3600  #: how long a change waits for what AWS is still at
    #: what AWS shows rightly while it is making one; the rest is compared when it is made
    early: ClassVar[tuple[str, ...]] = ()

    def matters(self, entry: Mapping[str, Any]) -> bool:
        """What is being deleted is absent."""
        return entry[self.status_field] != "deleting" and super().matters(entry)

    def observed(self, entry: Mapping[str, Any]) -> Item:
        item, status = super().observed(entry), entry[self.status_field]
        if status == "creating":
            item = {key: item[key] for key in (*self.computed, *self.early, "tags")}
        return {**item, "status": status, "ready": status in self.ready_states}

    def status(self, name: str) -> str | None:
        """AWS's status of one; None if it isn't there."""
        operation, key = self.listing
        named = {self.name_field: name}
        empty: list[dict[str, Any]] = []
        found = _aws.absent_as(empty, lambda: getattr(self.client, operation)(**named)[key], self.absent_code)
        return found[0][self.status_field] if found else None

    def wait_until_ready(self, name: str) -> None:
        """Wait until AWS takes a change, or never will and says why when it is asked."""
        _wait.until(lambda: self.status(name), self._is_settled, f"{name}: available", self.ready_seconds, pause=10)

    def _is_settled(self, status: str | None) -> bool:
        return status is None or status in (*self.ready_states, *self.stuck_states) or status.startswith("incompatible")

    def is_gone(self, name: str) -> bool:
        return self.status(name) in (None, "deleting")


class ParameterGroup(GroupResource):
    """A parameter group; both services name the operations alike but for the prefix."""

    prefix: ClassVar[str]  #: DB or Cache, as AWS spells it in member names
    request_member: ClassVar[str]  #: the list of parameters in a request
    frozen = ("family", "description")

    def desired(self, item: Item) -> Item:
        parameters = item["parameters"]
        return {
            "family": item["family"],
            "description": item["description"],
            "parameters": parameters and {name: parameter_text(value) for name, value in parameters.items()},
            "undeclared_parameters": None if parameters is None else [],
        }

    def entry(self, entry: Mapping[str, Any]) -> Item:
        name = entry[f"{self.prefix}ParameterGroupName"]
        changed = {p["ParameterName"]: p.get("ParameterValue", "") for p in self.parameters(name, Source="user")}
        declared = (self.declared().get(name) or {}).get("parameters") or {}
        return {
            "arn": entry[self.arn_field],
            "family": entry[f"{self.prefix}ParameterGroupFamily"],
            "description": entry["Description"],
            "parameters": changed,
            "undeclared_parameters": sorted(set(changed) - set(declared)),
        }

    def parameters(self, name: str, **arguments: Any) -> list[Mapping[str, Any]]:
        """The parameters of a group, as AWS describes them."""
        operation = f"describe_{self.prefix.lower()}_parameters"
        return _aws.pages(self.client, operation, "Parameters", **self._group(name), **arguments)

    def requests(self, name: str, parameters: Mapping[str, str]) -> list[dict[str, str]]:
        """The entries of a request that sets these parameters."""
        return [{"ParameterName": each, "ParameterValue": value} for each, value in sorted(parameters.items())]

    def create(self, name: str, desired: Item) -> None:
        settings = {f"{self.prefix}ParameterGroupFamily": desired["family"], "Description": desired["description"]}
        self._call("create", name, **settings, Tags=_tags.to_list(desired["tags"]))
        self._set(name, desired["parameters"] or {})

    def update(self, name: str, plan: Plan) -> None:
        before, after = plan.before or {}, plan.after or {}
        self.update_tags(before["arn"], plan)
        if "undeclared_parameters" in plan.options:
            undeclared = {each: before["parameters"][each] for each in before["undeclared_parameters"]}
            self._in_chunks("reset", name, self.requests(name, undeclared))
        if "parameters" in plan.options:
            declared = after["parameters"].items()
            self._set(name, {each: value for each, value in declared if before["parameters"].get(each) != value})

    def remove(self, name: str) -> None:
        self._call("delete", name)

    def _set(self, name: str, parameters: Mapping[str, str]) -> None:
        if parameters:
            self._in_chunks("modify", name, self.requests(name, parameters))

    def _in_chunks(self, verb: str, name: str, entries: list[dict[str, str]]) -> None:
        for chunk in _aws.chunks(entries, PARAMETERS_PER_CALL):
            self._call(verb, name, **{self.request_member: chunk})

    def _group(self, name: str) -> dict[str, str]:
        return {f"{self.prefix}ParameterGroupName": name}

    def _call(self, verb: str, name: str, **arguments: Any) -> None:
        getattr(self.client, f"{verb}_{self.prefix.lower()}_parameter_group")(**self._group(name), **arguments)


def parameter_text(value: Any) -> str:
    """A parameter's value as AWS stores it: true is 1 and false 0."""
    return str(int(value)) if isinstance(value, bool) else str(value)
