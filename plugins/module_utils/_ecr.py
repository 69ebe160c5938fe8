# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Repositories in one form, whether declared or observed, and what AWS would refuse; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from . import _aws, _policy

_NAME = re.compile(r"(?=.{2,256}$)[a-z0-9]+([._-]{1,2}[a-z0-9]+)*(/[a-z0-9]+([._-]{1,2}[a-z0-9]+)*)*")
WITH_EXCLUSION = ("IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION")
MOST_EXCLUSIONS = 5
MOST_WILDCARDS = 4  #: of a pattern in a life cycle
ANY_PRIORITY = 100  #: of the rule that comes last, which leaves room for others


def canonical_lifecycle(document: str | Mapping[str, Any] | None) -> str:
    """A life-cycle policy as compact JSON, its rules by priority; none is C("")."""
    policy = json.loads(document) if isinstance(document, str) and document else document
    if not policy or isinstance(policy, str):
        return ""
    rules = sorted(policy.get("rules", []), key=lambda rule: int(rule.get("rulePriority", 0)))
    return json.dumps({**policy, "rules": rules}, sort_keys=True, separators=(",", ":"))


def desired(item: Mapping[str, Any]) -> dict[str, Any]:
    """The declared properties in the form in which AWS's are read."""
    policy, lifecycle = item["policy"], item["lifecycle_policy"]
    exclusions = item["image_tag_mutability_exclusions"]
    return {
        **{key: item[key] for key in ("image_tag_mutability", "scan_on_push")},
        "image_tag_mutability_exclusions": None if exclusions is None else sorted(exclusions),
        "encryption": None if item["encryption"] is None else _aws.declared(item["encryption"]),
        "policy": None if policy is None else _policy.canonical(policy),
        "lifecycle_policy": None if lifecycle is None else canonical_lifecycle(lifecycle),
    }


def observed(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A repository as DescribeRepositories shows it."""
    encryption = entry.get("encryptionConfiguration") or {"encryptionType": "AES256"}
    return {
        "repository_arn": entry["repositoryArn"],
        "repository_uri": entry["repositoryUri"],
        "image_tag_mutability": entry.get("imageTagMutability", "MUTABLE"),
        "image_tag_mutability_exclusions": exclusions(entry.get("imageTagMutabilityExclusionFilters")),
        "scan_on_push": (entry.get("imageScanningConfiguration") or {}).get("scanOnPush", False),
        "encryption": {"encryption_type": encryption["encryptionType"], "kms_key": encryption.get("kmsKey", "")},
    }


def exclusions(filters: Iterable[Mapping[str, str]] | None) -> list[str]:
    """The wildcards of AWS's exclusion filters."""
    return sorted(entry["filter"] for entry in filters or [])


def is_immutable(entry: Mapping[str, Any], tag: str) -> bool:
    """Whether a tag of the repository can't be moved to another image; exclusions turn its rule around."""
    excluded = any(fnmatchcase(tag, each) for each in exclusions(entry.get("imageTagMutabilityExclusionFilters")))
    return str(entry.get("imageTagMutability", "")).startswith("IMMUTABLE") != excluded


def mutability_request(item: Mapping[str, Any]) -> dict[str, Any]:
    """The declared mutability of tags with its exclusions; nothing where it isn't declared."""
    if item["image_tag_mutability"] is None:
        return {}
    filters = [{"filterType": "WILDCARD", "filter": each} for each in item["image_tag_mutability_exclusions"] or []]
    exclusion = {"imageTagMutabilityExclusionFilters": filters} if filters else {}
    return {"imageTagMutability": item["image_tag_mutability"], **exclusion}


def creation(item: Mapping[str, Any]) -> dict[str, Any]:
    """The declared arguments of CreateRepository beside name and tags."""
    encryption = item["encryption"] or {}
    names = {"encryption_type": "encryptionType", "kms_key": "kmsKey"}
    spelled = {names[key]: value for key, value in encryption.items() if value}
    scanning = item["scan_on_push"]
    return {
        **mutability_request(item),
        **({} if scanning is None else {"imageScanningConfiguration": {"scanOnPush": scanning}}),
        **({"encryptionConfiguration": spelled} if spelled else {}),
    }


def problems(item: Mapping[str, Any]) -> Iterable[str]:
    """What AWS would refuse in a declared repository, each with the option's name."""
    if not _NAME.fullmatch(item["name"]):
        yield f"name: 2 to 256 lower-case letters, digits and single . _ - / between them, not {item['name']!r}"
    found = exclusion_problems(item["image_tag_mutability"], item["image_tag_mutability_exclusions"] or [])
    yield from (f"image_tag_mutability_exclusions: {problem}" for problem in found)
    encryption = item["encryption"] or {}
    if encryption.get("kms_key") and encryption.get("encryption_type") == "AES256":
        yield "encryption.kms_key: only with encryption_type KMS or KMS_DSSE"
    yield from _lifecycle_problems((item["lifecycle_policy"] or {}).get("rules") or [])


def exclusion_problems(mutability: str | None, exclusions: list[str]) -> Iterable[str]:
    """What AWS would refuse in the tags that a repository's mutability excludes."""
    if bool(exclusions) is not (mutability in WITH_EXCLUSION):
        yield f"together with {' or '.join(WITH_EXCLUSION)}"
    if len(exclusions) > MOST_EXCLUSIONS:
        yield f"at most {MOST_EXCLUSIONS}, are {len(exclusions)}"
    for text in exclusions:
        if not re.fullmatch(r"[0-9A-Za-z._*-]{1,128}", text) or text.count("*") > 2:
            yield f"{text!r} must be 1 to 128 letters, digits and . _ - with two * at most"


def lifecycle_rules(untagged_days: int, keep: int, by_prefix: Mapping[str, int]) -> list[dict[str, Any]]:
    """The rules of a life cycle: untagged images, then the tags that begin so, then all that is left.

    Of two beginnings that fit, the longer one decides: an image whose tags a rule selects is taken by no later one.
    """
    prefixes = sorted(by_prefix, key=lambda prefix: (-len(prefix), prefix))
    tagged = [
        _rule(
            number, f"The last {by_prefix[prefix]} images with {prefix}* stay", "tagged", int(by_prefix[prefix]), prefix
        )
        for number, prefix in enumerate(prefixes, 2)
    ]
    last = max(ANY_PRIORITY, len(tagged) + 2)
    untagged = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days"}
    first = {
        "rulePriority": 1,
        "description": f"Untagged images go after {untagged_days} days",
        "selection": {**untagged, "countNumber": int(untagged_days)},
        "action": {"type": "expire"},
    }
    return [first, *tagged, _rule(last, f"The last {keep} images stay", "any", int(keep))]


def _rule(priority: int, description: str, status: str, count: int, prefix: str = "") -> dict[str, Any]:
    selection = {"tagStatus": status, "countType": "imageCountMoreThan", "countNumber": count}
    return {
        "rulePriority": priority,
        "description": description,
        "selection": {**selection, **({"tagPrefixList": [prefix]} if prefix else {})},
        "action": {"type": "expire"},
    }


def prefix_problem(prefix: str) -> str:
    """Why tags cannot begin so; empty where they can. A wildcard would be taken literally."""
    return (
        ""
        if re.fullmatch(r"[0-9A-Za-z_][0-9A-Za-z._-]{0,127}", prefix)
        else "must be the beginning of a tag, without *"
    )


def _lifecycle_problems(rules: list[Mapping[str, Any]]) -> Iterable[str]:
    """AWS evaluates rules by priority, and one for any tag status comes after all others."""
    priorities = [int(rule["rulePriority"]) for rule in rules]
    if len(set(priorities)) < len(priorities):
        yield "lifecycle_policy: two rules have the same rulePriority"
    if any(priority < 1 for priority in priorities):
        yield "lifecycle_policy: a rulePriority is 1 or more"
    catch_all = [int(rule["rulePriority"]) for rule in rules if rule["selection"]["tagStatus"] == "any"]
    if any(priority < max(priorities) for priority in catch_all):
        yield "lifecycle_policy: the rule for any tag status needs the highest rulePriority"
    for rule in rules:
        found = _selection_problems(rule["selection"])
        yield from (f"lifecycle_policy: rule {rule['rulePriority']}: {problem}" for problem in found)


def _selection_problems(selection: Mapping[str, Any]) -> Iterable[str]:
    """Tags are selected by the beginnings or the patterns of their names, and by nothing else are others."""
    lists = [name for name in ("tagPrefixList", "tagPatternList") if selection.get(name)]
    if (selection["tagStatus"] == "tagged") != (len(lists) == 1):
        yield "tagStatus tagged needs tagPrefixList or tagPatternList, and no other takes one"
    for prefix in selection.get("tagPrefixList") or []:
        if prefix_problem(prefix):
            yield f"tagPrefixList: {prefix!r} {prefix_problem(prefix)}"
    for pattern in selection.get("tagPatternList") or []:
        if pattern.count("*") > MOST_WILDCARDS:
            yield f"tagPatternList: {pattern!r} has more than {MOST_WILDCARDS} *"
    if (selection.get("countType") == "imageCountMoreThan") and selection.get("countUnit"):
        yield "countUnit: not together with imageCountMoreThan"
    if int(selection.get("countNumber", 1)) < 1:
        yield "countNumber: must be 1 or more"
