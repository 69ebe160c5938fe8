# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A bucket's properties: how each is read, written and deleted, and what AWS would refuse; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict, snake_dict_to_camel_dict

from . import _aws, _policy

_NAME = re.compile(r"(?!xn--|sthree-)[a-z0-9]([a-z0-9-]|\.(?![.-])){1,61}[a-z0-9]")
INFREQUENT = ("STANDARD_IA", "ONEZONE_IA")
INFREQUENT_DAYS = 30  #: AWS moves nothing younger to these classes


class Part(NamedTuple):
    """One property: the calls that read, write and delete it, and its value in answers and requests.

    C(absent) is AWS's code for a bucket without it. Where C(delete) is empty, an empty value is written like any other.
    """

    get: str
    absent: str
    read: Callable[[Mapping[str, Any]], Any]
    put: str
    write: Callable[[Any], dict[str, Any]]
    delete: str = ""


def spelled(value: Any) -> Any:
    """Options in AWS's spelling, without what nobody declared, at every depth."""
    return _renamed(snake_dict_to_camel_dict(_clean(value), capitalize_first=True), {"Id": "ID"})


def options(value: Any) -> Any:
    """AWS's spelling as options."""
    return _clean(camel_dict_to_snake_dict(dict(value)))


def _clean(value: Any) -> Any:
    """Without nulls and empty lists and mappings below the top."""
    if isinstance(value, Mapping):
        entries = {key: _clean(entry) for key, entry in value.items()}
        return {key: entry for key, entry in entries.items() if entry not in (None, [], {})}
    return [_clean(entry) for entry in value] if isinstance(value, list) else value


def _renamed(entries: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(key, key): entry for key, entry in entries.items()}


def rules(declared: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Life-cycle rules in one order and form, whether declared or observed."""
    cleaned = [{"status": "Enabled", "prefix": "", **_clean(rule)} for rule in declared]
    return sorted((_in_order(rule) for rule in cleaned), key=lambda rule: str(rule.get("id")))


def _in_order(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Transitions by age, as AWS returns them in any order."""
    ages = {"transitions": "days", "noncurrent_version_transitions": "noncurrent_days"}
    ordered = {key: sorted(rule[key], key=lambda each: each.get(age, 0)) for key, age in ages.items() if key in rule}
    return {**rule, **ordered}


def rules_from(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rules that AWS shows; a filter by more than the prefix stays, so that it shows up as a difference."""
    return rules(_rule_from(options(rule)) for rule in answer["Rules"])


def _rule_from(rule: Mapping[str, Any]) -> dict[str, Any]:
    entries = dict(rule)
    scope = dict(entries.pop("filter", {}))
    prefix = scope.pop("prefix", entries.pop("prefix", ""))
    return {**entries, "prefix": prefix, **({"filter": scope} if scope else {})}


def rules_request(declared: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The whole configuration, as AWS replaces it as a whole."""
    entries = [dict(rule) for rule in declared]
    filters = [{"Filter": {"Prefix": entry.pop("prefix")}} for entry in entries]
    spelled_out = [spelled(entry) for entry in entries]
    return {"LifecycleConfiguration": {"Rules": [{**a, **b} for a, b in zip(spelled_out, filters, strict=True)]}}


def encryption_from(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The default encryption that AWS shows."""
    rule = answer["ServerSideEncryptionConfiguration"]["Rules"][0]
    by_default = camel_dict_to_snake_dict(rule["ApplyServerSideEncryptionByDefault"])
    return {**by_default, "bucket_key_enabled": rule.get("BucketKeyEnabled", False)}


def encryption_request(declared: Mapping[str, Any]) -> dict[str, Any]:
    """The declared default encryption."""
    names = {"sse_algorithm": "SSEAlgorithm", "kms_master_key_id": "KMSMasterKeyID"}
    by_default = {names[key]: value for key, value in _aws.declared(declared).items() if key in names}
    bucket_key = bool(declared.get("bucket_key_enabled"))
    rule = {"ApplyServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": bucket_key}
    return {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}


def lock_request(retention: Mapping[str, Any]) -> dict[str, Any]:
    """The default retention of new objects; none when empty."""
    rule = {"Rule": {"DefaultRetention": spelled(retention)}} if _aws.declared(retention) else {}
    return {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled", **rule}}


#: In the order in which a new bucket gets them: closed before a policy can open it.
PARTS: dict[str, Part] = {
    "public_access_block": Part(
        "get_public_access_block",
        "NoSuchPublicAccessBlockConfiguration",
        lambda answer: options(answer["PublicAccessBlockConfiguration"]),
        "put_public_access_block",
        lambda value: {"PublicAccessBlockConfiguration": spelled(value)},
        "delete_public_access_block",
    ),
    "object_ownership": Part(
        "get_bucket_ownership_controls",
        "OwnershipControlsNotFoundError",
        lambda answer: answer["OwnershipControls"]["Rules"][0]["ObjectOwnership"],
        "put_bucket_ownership_controls",
        lambda value: {"OwnershipControls": {"Rules": [{"ObjectOwnership": value}]}},
    ),
    "versioning": Part(
        "get_bucket_versioning",
        "",
        lambda answer: answer.get("Status", "Suspended"),
        "put_bucket_versioning",
        lambda value: {"VersioningConfiguration": {"Status": value}},
    ),
    "encryption": Part(
        "get_bucket_encryption",
        "ServerSideEncryptionConfigurationNotFoundError",
        encryption_from,
        "put_bucket_encryption",
        encryption_request,
        "delete_bucket_encryption",
    ),
    "object_lock": Part(
        "get_object_lock_configuration",
        "ObjectLockConfigurationNotFoundError",
        lambda answer: options(answer["ObjectLockConfiguration"].get("Rule", {}).get("DefaultRetention", {})),
        "put_object_lock_configuration",
        lock_request,
    ),
    "policy": Part(
        "get_bucket_policy",
        "NoSuchBucketPolicy",
        lambda answer: _policy.canonical(answer["Policy"]),
        "put_bucket_policy",
        lambda value: {"Policy": value},
        "delete_bucket_policy",
    ),
    "lifecycle_rules": Part(
        "get_bucket_lifecycle_configuration",
        "NoSuchLifecycleConfiguration",
        rules_from,
        "put_bucket_lifecycle_configuration",
        rules_request,
        "delete_bucket_lifecycle",
    ),
    "logging": Part(
        "get_bucket_logging",
        "",
        lambda answer: options(answer.get("LoggingEnabled", {})),
        "put_bucket_logging",
        lambda value: {"BucketLoggingStatus": {"LoggingEnabled": spelled(value)} if value else {}},
    ),
}


def desired(item: Mapping[str, Any]) -> dict[str, Any]:
    """The declared properties in the form in which AWS's are read."""
    policy, lifecycle = item["policy"], item["lifecycle_rules"]
    nested = ("public_access_block", "encryption", "object_lock", "logging")
    return {
        **{key: None if item[key] is None else _aws.declared(item[key]) for key in nested},
        **{key: item[key] for key in ("object_ownership", "versioning", "object_lock_enabled")},
        "policy": None if policy is None else _policy.canonical(policy),
        "lifecycle_rules": None if lifecycle is None else rules(lifecycle),
    }


def problems(item: Mapping[str, Any]) -> Iterable[str]:
    """What AWS would refuse in a declared bucket, each with the option's name."""
    if not _NAME.fullmatch(item["name"]):
        yield f"name: 3 to 63 lower-case letters, digits, hyphens and dots, not {item['name']!r}"
    encryption = item["encryption"] or {}
    if encryption.get("sse_algorithm") == "AES256" and encryption.get("kms_master_key_id"):
        yield "encryption.kms_master_key_id: only with sse_algorithm aws:kms"
    if item["object_lock"] and not item["object_lock_enabled"]:
        yield "object_lock: only with object_lock_enabled"
    if item["object_lock_enabled"] and item["versioning"] == "Suspended":
        yield "versioning: object lock needs Enabled"
    yield from _rule_problems(item["lifecycle_rules"] or [])


def _rule_problems(lifecycle: list[Mapping[str, Any]]) -> Iterable[str]:
    ids = [rule["id"] for rule in lifecycle]
    for rule in lifecycle:
        place = f"lifecycle_rules ({rule['id']})"
        if ids.count(rule["id"]) > 1:
            yield f"{place}: the id is used twice"
        for each in rule["transitions"] or []:
            if each["storage_class"] in INFREQUENT and each["days"] < INFREQUENT_DAYS:
                yield f"{place}.transitions: to {each['storage_class']} after {INFREQUENT_DAYS} days at least"
        end = (rule["expiration"] or {}).get("days")
        if end and any(each["days"] >= end for each in rule["transitions"] or []):
            yield f"{place}.expiration: later than every transition, not after {end} days"
