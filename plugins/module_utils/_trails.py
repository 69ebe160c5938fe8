# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Trails of CloudTrail in our words and in AWS's, and which of them records what events of an account need; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

Entry = Mapping[str, Any]

#: Our words and AWS's: those of DescribeTrails, and those of a request where they differ.
MEMBERS = {
    "s3_bucket_name": "S3BucketName",
    "s3_key_prefix": "S3KeyPrefix",
    "kms_key_id": "KmsKeyId",
    "is_multi_region_trail": "IsMultiRegionTrail",
    "include_global_service_events": "IncludeGlobalServiceEvents",
    "enable_log_file_validation": "LogFileValidationEnabled",
    "cloud_watch_logs_log_group_arn": "CloudWatchLogsLogGroupArn",
    "cloud_watch_logs_role_arn": "CloudWatchLogsRoleArn",
}
_REQUEST = {"enable_log_file_validation": "EnableLogFileValidation"}
#: What AWS shows of a trail without them, and takes to be rid of them.
_NONE = ""
_MANAGEMENT = {"eventCategory": ["Management"]}


def observed(entry: Entry) -> dict[str, Any]:
    """A trail's settings; what it does not have is empty."""
    return {option: _NONE if entry.get(member) is None else entry[member] for option, member in MEMBERS.items()}


def request(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that are given, as arguments of CreateTrail and UpdateTrail."""
    given = {option: settings[option] for option in MEMBERS if settings.get(option) is not None}
    return {_REQUEST.get(option, MEMBERS[option]): value for option, value in given.items()}


def without_empty(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """For a creation, which takes no empty texts."""
    return {member: value for member, value in arguments.items() if value != _NONE}


# Whether one records all management events


def selected(selectors: Entry) -> bool:
    """Whether these are all management events: reading and writing, of every service."""
    basic, advanced = selectors.get("EventSelectors") or (), selectors.get("AdvancedEventSelectors") or ()
    return any(map(_basic, basic)) or any(map(_advanced, advanced))


def _basic(selector: Entry) -> bool:
    whole = selector.get("ReadWriteType", "All") == "All" and not selector.get("ExcludeManagementEventSources")
    return bool(whole and selector.get("IncludeManagementEvents", True))


def _advanced(selector: Entry) -> bool:
    """Any further field makes it less than all."""
    fields = {each["Field"]: each.get("Equals") for each in selector["FieldSelectors"]}
    return fields == _MANAGEMENT


def covers(entry: Entry, region: str) -> bool:
    """Whether a trail is about this region."""
    return bool(entry.get("IsMultiRegionTrail")) or entry.get("HomeRegion") == region


def account_of(arn: str) -> str:
    return arn.split(":")[4]


# What AWS refuses

_NAME = re.compile(r"[A-Za-z0-9](?:[._-]?[A-Za-z0-9]+)*")


def problems(item: Mapping[str, Any]) -> Iterable[str]:
    """Why AWS would refuse a trail, as sentences that begin with the option's name."""
    if not (3 <= len(item["name"]) <= 128 and _NAME.fullmatch(item["name"])):
        yield f"name: 3 to 128 letters, digits, and single dots, hyphens and underscores between, not {item['name']!r}"
    if item["is_multi_region_trail"] and item["include_global_service_events"] is False:
        yield "include_global_service_events: a trail of all regions includes them"
    logs = [bool(item[f"cloud_watch_logs_{part}_arn"]) for part in ("log_group", "role")]
    if logs[0] != logs[1]:
        yield "cloud_watch_logs_role_arn: a log group and the role that writes to it go together"
