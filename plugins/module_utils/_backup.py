# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""AWS Backup: our words and AWS's for vaults, their locks, plans and what they select; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ._plan import Objection, Plan

#: AWS lets somebody think it over for so many days at least, until a lock in compliance mode is for good.
LEAST_CHANGEABLE_DAYS = 3
#: Cold storage holds a recovery point for so many days at least.
LEAST_COLD_DAYS = 90
LEAST_START_MINUTES, MOST_DAYS = 60, 36500
_NAME = re.compile(r"[a-zA-Z0-9_-]{2,50}")
_LOCK = ("min_retention_days", "max_retention_days")

Item = Mapping[str, Any]


def name_problem(name: str) -> str:
    """Why AWS would refuse a name, as an end of a sentence; empty if it's fine."""
    return "" if _NAME.fullmatch(name) else f"2 to 50 letters, digits, hyphens and underscores, not {name!r}"


# Vaults


def lock_problems(lock: Item) -> Iterable[str]:
    """Rules of a lock, as sentences that begin with the option's name."""
    least, most, changeable = (lock.get(each) for each in (*_LOCK, "changeable_for_days"))
    if not _is_empty(lock) and least is None and most is None:
        yield "min_retention_days: a lock needs it, or max_retention_days"
    for option, days in zip(_LOCK, (least, most), strict=True):
        if days is not None and not 1 <= days <= MOST_DAYS:
            yield f"{option}: from 1 to {MOST_DAYS} days, not {days}"
    if least and most and least > most:
        yield f"max_retention_days: {most} is fewer than min_retention_days, {least}"
    if changeable is not None and changeable < LEAST_CHANGEABLE_DAYS:
        yield f"changeable_for_days: at least {LEAST_CHANGEABLE_DAYS}, not {changeable}"


def _is_empty(lock: Item) -> bool:
    """Whether a lock is none; Ansible fills in what a task leaves out with null."""
    return all(value is None for value in lock.values())


def declared_lock(lock: Item | None) -> dict[str, Any] | None:
    """What is compared of a lock; empty is none."""
    if lock is None or _is_empty(lock):
        return None if lock is None else {}
    return {**{each: lock.get(each) for each in _LOCK}, "compliance": lock.get("changeable_for_days") is not None}


def observed_lock(entry: Item) -> dict[str, Any]:
    """An entry of ListBackupVaults; one with a date is, or becomes, a lock that nobody can undo."""
    if not entry.get("Locked"):
        return {}
    return {
        "min_retention_days": entry.get("MinRetentionDays"),
        "max_retention_days": entry.get("MaxRetentionDays"),
        "compliance": bool(entry.get("LockDate")),
    }


def lock_request(lock: Item) -> dict[str, int]:
    """The arguments of PutBackupVaultLockConfiguration but for the vault."""
    members = {
        "min_retention_days": "MinRetentionDays",
        "max_retention_days": "MaxRetentionDays",
        "changeable_for_days": "ChangeableForDays",
    }
    return {member: lock[option] for option, member in members.items() if lock.get(option) is not None}


def lock_objection(plan: Plan, confirmed: str) -> Objection | None:
    """A lock in compliance mode cannot be undone by anybody, AWS included, so it is confirmed by the vault's name."""
    before, after = plan.before or {}, plan.after or {}
    had, wanted = (each.get("lock") or {} for each in (before, after))
    if wanted.get("compliance") and not had.get("compliance") and confirmed != plan.name:
        message = "lock: after changeable_for_days nobody can take it off, and recovery points stay until they expire"
        return Objection(message, f"leave changeable_for_days out, or confirm: data_backup_lock_confirmed={plan.name}")
    if had.get("compliance") and plan.after is not None and after.get("lock") is not None and wanted != had:
        return Objection("lock: it is in compliance mode", "before its date, change it in the console; then nobody can")
    return None


# Plans

#: Our word to AWS's, of a rule.
RULE = {
    "name": "RuleName",
    "vault": "TargetBackupVaultName",
    "schedule_expression": "ScheduleExpression",
    "schedule_expression_timezone": "ScheduleExpressionTimezone",
    "start_window_minutes": "StartWindowMinutes",
    "completion_window_minutes": "CompletionWindowMinutes",
    "enable_continuous_backup": "EnableContinuousBackup",
}
#: What AWS takes for a rule that says nothing of it.
DEFAULTS = {
    "schedule_expression_timezone": "Etc/UTC",
    "start_window_minutes": 480,
    "completion_window_minutes": 10080,
    "enable_continuous_backup": False,
}


def rule_problems(rule: Item) -> Iterable[str]:
    """Rules of one rule of a plan, as sentences that begin with the option's name."""
    cold, days = rule.get("move_to_cold_storage_after_days"), rule.get("delete_after_days")
    if cold and days and days < cold + LEAST_COLD_DAYS:
        least = cold + LEAST_COLD_DAYS
        yield f"delete_after_days: cold storage holds for {LEAST_COLD_DAYS} days at least, so from {least}, not {days}"
    start, completion = (rule.get(f"{each}_window_minutes") for each in ("start", "completion"))
    if start is not None and start < LEAST_START_MINUTES:
        yield f"start_window_minutes: at least {LEAST_START_MINUTES}, not {start}"
    if start and completion and completion < start + 60:
        yield f"completion_window_minutes: an hour after the start window at least, not {completion}"


def declared_rules(rules: Iterable[Item]) -> list[dict[str, Any]]:
    """Rules with what AWS fills in, by name; what AWS calls differently within them is in our words."""
    return sorted((_rule(each) for each in rules), key=lambda rule: str(rule["name"]))


def _rule(rule: Item) -> dict[str, Any]:
    given = {option: rule.get(option) for option in RULE}
    filled = {option: DEFAULTS.get(option) if value is None else value for option, value in given.items()}
    copies = [{"vault_arn": copy["vault_arn"], **_lifecycle(copy)} for copy in rule.get("copies") or ()]
    return {**filled, **_lifecycle(rule), "copies": sorted(copies, key=lambda copy: str(copy["vault_arn"]))}


def _lifecycle(item: Item) -> dict[str, Any]:
    return {option: item.get(option) for option in ("move_to_cold_storage_after_days", "delete_after_days")}


def observed_rules(rules: Iterable[Item]) -> list[dict[str, Any]]:
    """AWS's rules in our words."""
    return declared_rules(
        {
            **{option: rule.get(member) for option, member in RULE.items()},
            **_days(rule.get("Lifecycle")),
            "copies": [
                {"vault_arn": copy["DestinationBackupVaultArn"], **_days(copy.get("Lifecycle"))}
                for copy in rule.get("CopyActions") or ()
            ],
        }
        for rule in rules
    )


def _days(lifecycle: Item | None) -> dict[str, Any]:
    found = lifecycle or {}
    return {
        "move_to_cold_storage_after_days": found.get("MoveToColdStorageAfterDays"),
        "delete_after_days": found.get("DeleteAfterDays"),
    }


def rule_requests(rules: Iterable[Item]) -> list[dict[str, Any]]:
    """The Rules of a request."""
    return [
        {
            **{member: rule[option] for option, member in RULE.items() if rule.get(option) is not None},
            **_life(rule),
            **({"CopyActions": [_copy(copy) for copy in rule["copies"]]} if rule["copies"] else {}),
        }
        for rule in rules
    ]


def _copy(copy: Item) -> dict[str, Any]:
    return {"DestinationBackupVaultArn": copy["vault_arn"], **_life(copy)}


def _life(item: Item) -> dict[str, Any]:
    members = {"MoveToColdStorageAfterDays": "move_to_cold_storage_after_days", "DeleteAfterDays": "delete_after_days"}
    days = {member: item[option] for member, option in members.items() if item.get(option) is not None}
    return {"Lifecycle": days} if days else {}


# Selections


def declared_selection(selection: Item) -> dict[str, Any]:
    """What is backed up: resources, of them those that have all tags and none of others."""
    return {
        "role_arn": selection["role_arn"],
        "resources": sorted(selection["resources"]),
        "tags": dict(sorted((selection.get("tags") or {}).items())),
        "without_tags": sorted(selection.get("without_tags") or ()),
    }


def observed_selection(selection: Item) -> dict[str, Any]:
    """AWS's in our words."""
    conditions = selection.get("Conditions") or {}
    tags = {each["ConditionKey"]: each["ConditionValue"] for each in conditions.get("StringEquals") or ()}
    without = [each["ConditionKey"] for each in conditions.get("StringNotLike") or ()]
    return {
        "role_arn": selection.get("IamRoleArn"),
        "resources": sorted(selection.get("Resources") or ()),
        "tags": {key.removeprefix(_TAG): value for key, value in sorted(tags.items())},
        "without_tags": sorted(key.removeprefix(_TAG) for key in without),
    }


_TAG = "aws:ResourceTag/"


def selection_request(name: str, selection: Item) -> dict[str, Any]:
    """The BackupSelection of a request. Conditions hold all together, where ListOfTags would take any of the tags."""
    equal = [{"ConditionKey": f"{_TAG}{key}", "ConditionValue": value} for key, value in selection["tags"].items()]
    unlike = [{"ConditionKey": f"{_TAG}{key}", "ConditionValue": "*"} for key in selection["without_tags"]]
    conditions = {"StringEquals": equal, "StringNotLike": unlike}
    return {
        "SelectionName": name,
        "IamRoleArn": selection["role_arn"],
        "Resources": selection["resources"],
        "Conditions": {operator: entries for operator, entries in conditions.items() if entries},
    }
