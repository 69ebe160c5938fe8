# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Repositories in one form, whether declared or observed, and what AWS would refuse; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from . import _aws, _policy

_NAME = re.compile(r"(?=.{2,256}$)[a-z0-9]+([._-]{1,2}[a-z0-9]+)*(/[a-z0-9]+([._-]{1,2}[a-z0-9]+)*)*")
WITH_EXCLUSION = ("IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION")


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
    with_exclusion = item["image_tag_mutability"] in WITH_EXCLUSION
    if bool(item["image_tag_mutability_exclusions"]) is not with_exclusion:
        yield f"image_tag_mutability_exclusions: together with {' or '.join(WITH_EXCLUSION)}"
    encryption = item["encryption"] or {}
    if encryption.get("kms_key") and encryption.get("encryption_type") == "AES256":
        yield "encryption.kms_key: only with encryption_type KMS or KMS_DSSE"
    yield from _lifecycle_problems((item["lifecycle_policy"] or {}).get("rules") or [])


def _lifecycle_problems(rules: list[Mapping[str, Any]]) -> Iterable[str]:
    """AWS evaluates rules by priority, and one for any tag status comes after all others."""
    priorities = [int(rule["rulePriority"]) for rule in rules]
    if len(set(priorities)) < len(priorities):
        yield "lifecycle_policy: two rules have the same rulePriority"
    catch_all = [int(rule["rulePriority"]) for rule in rules if rule["selection"]["tagStatus"] == "any"]
    if any(priority < max(priorities) for priority in catch_all):
        yield "lifecycle_policy: the rule for any tag status needs the highest rulePriority"
