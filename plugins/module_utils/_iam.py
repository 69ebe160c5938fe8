# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""IAM's roles, groups and policies in one form, declared or observed, and what has to change between two; pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from . import _aws, _policy, _tags

Item = dict[str, Any]

SESSION_SECONDS = (3600, 43200)
_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_GROUP_NAME = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)
_PATH = re.compile(r"/|/[!-~]{1,510}/")
#: Characters that AWS takes without white space: of all inline policies of a role or a group, of one managed policy.
MOST_ROLE, MOST_GROUP, MOST_MANAGED = 10_240, 5_120, 6_144
#: From and to how much AWS takes in a password policy, and whether 0 stands for nothing.
PASSWORD_LIMITS = {
    "minimum_password_length": (6, 128, False),
    "max_password_age": (1, 1095, True),
    "password_reuse_prevention": (1, 24, True),
}
_CREATION = {
    "description": "Description",
    "max_session_duration": "MaxSessionDuration",
    "path": "Path",
    "permissions_boundary": "PermissionsBoundary",
}


def role_problems(item: Mapping[str, Any]) -> Iterable[str]:
    """What AWS would refuse in a declared role, each with the option's name."""
    low, high = SESSION_SECONDS
    if not _NAME.fullmatch(item["name"]):
        yield f"name: at most 64 letters, digits and _+=,.@-, not {item['name']!r}"
    if not low <= (item["max_session_duration"] or low) <= high:
        yield f"max_session_duration: from {low} to {high} seconds, not {item['max_session_duration']}"
    if not _PATH.fullmatch(item["path"] or "/"):
        yield f"path: begins and ends with a slash, not {item['path']!r}"
    if len(item["description"] or "") > 1000:
        yield "description: at most 1000 characters"
    yield from _size_problems("policies", item["policies"], MOST_ROLE)


def group_problems(item: Mapping[str, Any]) -> Iterable[str]:
    """What AWS would refuse in a declared group, each with the option's name."""
    if not _GROUP_NAME.fullmatch(item["name"]):
        yield f"name: at most 128 letters, digits and _+=,.@-, not {item['name']!r}"
    yield from _size_problems("policies", item["policies"], MOST_GROUP)


def policy_problems(item: Mapping[str, Any]) -> Iterable[str]:
    """What AWS would refuse in a declared managed policy, each with the option's name."""
    if not _GROUP_NAME.fullmatch(item["name"]):
        yield f"name: at most 128 letters, digits and _+=,.@-, not {item['name']!r}"
    if len(item["description"] or "") > 1000:
        yield "description: at most 1000 characters"
    yield from _size_problems("policy", {"policy": item["policy"]}, MOST_MANAGED)


def password_problem(option: str, value: int | None) -> str:
    """What AWS would refuse in a number of a password policy; empty for nothing."""
    low, high, nothing = PASSWORD_LIMITS[option]
    if value is None or low <= value <= high or (nothing and value == 0):
        return ""
    return f"from {low} to {high}{', or 0' if nothing else ''}, not {value}"


def _size_problems(option: str, documents: Mapping[str, Any] | None, most: int) -> Iterable[str]:
    """AWS counts no white space; canonical documents have none outside of texts."""
    size = sum(len("".join(document.split())) for document in canonical_policies(documents or {}).values())
    if size > most:
        yield f"{option}: {size} characters without white space, AWS takes {most}"


def concerns(name: str, declared: Collection[str], tags: Mapping[str, Any]) -> bool:
    """Whether a role of this name is declared, or begins with C(<Project>-<Environment>-) and so may be ours."""
    owner = [str(tags[key]) for key in ("Project", "Environment") if key in tags]
    return name in declared or (len(owner) == 2 and name.startswith(f"{'-'.join(owner)}-"))


def path(owner: Mapping[str, Any]) -> str:
    """Where the owner's groups are: IAM cannot tag them, so their path says with their name whose they are."""
    return f"/{owner.get('Project')}/{owner.get('Environment')}/"


def desired_policies(item: Mapping[str, Any]) -> Item:
    """The declared policies in canonical form; C(policy_names) lets an undeclared one show up as a difference."""
    inline, attached = item["policies"], item["managed_policies"]
    return {
        "policies": None if inline is None else canonical_policies(inline),
        "policy_names": None if inline is None else sorted(inline),
        "managed_policies": None if attached is None else sorted(set(attached)),
    }


def canonical_policies(documents: Mapping[str, Any]) -> dict[str, str]:
    """Each policy document in canonical form, by its name."""
    return {name: _policy.canonical(document) for name, document in documents.items()}


def observed_policies(documents: Mapping[str, Any], attached: Iterable[str]) -> Item:
    """The same of what IAM shows: inline documents by name, and the ARNs of attached policies."""
    return {
        "policies": canonical_policies(documents),
        "policy_names": sorted(documents),
        "managed_policies": sorted(attached),
    }


def desired_profile(item: Mapping[str, Any], tags: Mapping[str, Any]) -> Item | None:
    """The declared instance profile of a role's own name; empty for none."""
    if item["instance_profile"] is None:
        return None
    return {"role": item["name"], "tags": dict(tags)} if item["instance_profile"] else {}


def observed_profile(entry: Mapping[str, Any] | None) -> Item:
    """An instance profile as GetInstanceProfile shows it; it holds one role at most."""
    if not entry:
        return {}
    role = next((each["RoleName"] for each in entry["Roles"]), "")
    return {"role": role, "tags": _tags.to_dict(entry.get("Tags"))}


def observed(entry: Mapping[str, Any]) -> Item:
    """A role as GetRole shows it, without its policies."""
    return {
        "arn": entry["Arn"],
        "role_id": entry["RoleId"],
        "path": entry["Path"],
        "description": entry.get("Description", ""),
        "max_session_duration": entry.get("MaxSessionDuration", SESSION_SECONDS[0]),
        "permissions_boundary": entry.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""),
        "assume_role_policy": _policy.canonical(entry["AssumeRolePolicyDocument"]),
        "tags": _tags.to_dict(entry.get("Tags")),
    }


def creation(desired: Mapping[str, Any]) -> Item:
    """The declared arguments of CreateRole beside name, trust and tags; an empty text is none."""
    return {key: desired[option] for option, key in _CREATION.items() if desired[option]}


def settings(desired: Mapping[str, Any]) -> Item:
    """The declared arguments of UpdateRole."""
    declared = _aws.declared({option: desired[option] for option in ("description", "max_session_duration")})
    return {_CREATION[option]: value for option, value in declared.items()}


def policy_changes(
    before: Mapping[str, str] | None, after: Mapping[str, str] | None
) -> tuple[dict[str, str], list[str]]:
    """The inline policies to put, and the names of those to delete; undeclared ones stay as they are."""
    if after is None:
        return {}, []
    existing = before or {}
    put = {name: document for name, document in after.items() if existing.get(name) != document}
    return put, sorted(set(existing) - set(after))


def attachment_changes(before: Iterable[str] | None, after: Iterable[str] | None) -> tuple[list[str], list[str]]:
    """The ARNs to attach and to detach; undeclared ones stay as they are."""
    if after is None:
        return [], []
    existing, wanted = set(before or ()), set(after)
    return sorted(wanted - existing), sorted(existing - wanted)
