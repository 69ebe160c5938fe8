# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which trail records what is needed, as tables."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _trails

MANAGEMENT = {"Field": "eventCategory", "Equals": ["Management"]}


@pytest.mark.parametrize(
    ("selectors", "whole"),
    [
        ({"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True}]}, True),
        ({"EventSelectors": [{}]}, True),
        ({"EventSelectors": [{"ReadWriteType": "WriteOnly"}]}, False),
        ({"EventSelectors": [{"IncludeManagementEvents": False}]}, False),
        ({"EventSelectors": [{"ExcludeManagementEventSources": ["kms.amazonaws.com"]}]}, False),
        ({"EventSelectors": [{"IncludeManagementEvents": False}, {}]}, True),
        ({"AdvancedEventSelectors": [{"FieldSelectors": [MANAGEMENT]}]}, True),
        ({"AdvancedEventSelectors": [{"FieldSelectors": [{**MANAGEMENT, "Equals": ["Data"]}]}]}, False),
        (
            {"AdvancedEventSelectors": [{"FieldSelectors": [MANAGEMENT, {"Field": "readOnly", "Equals": ["true"]}]}]},
            False,
        ),
        (
            {
                "AdvancedEventSelectors": [
                    {"FieldSelectors": [MANAGEMENT, {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]}]}
                ]
            },
            False,
        ),
        ({}, False),
    ],
)
def test_all_management_events_are_all_of_them(selectors: dict[str, Any], whole: bool) -> None:
    assert _trails.selected(selectors) is whole


@pytest.mark.parametrize(
    ("entry", "covers"),
    [
        ({"HomeRegion": "eu-west-1", "IsMultiRegionTrail": True}, True),
        ({"HomeRegion": "eu-west-1", "IsMultiRegionTrail": False}, False),
        ({"HomeRegion": "us-east-1", "IsMultiRegionTrail": False}, True),
    ],
)
def test_a_trail_is_about_its_region_or_all(entry: dict[str, Any], covers: bool) -> None:
    assert _trails.covers(entry, "us-east-1") is covers


def test_a_creation_leaves_out_what_is_empty_and_a_change_says_it() -> None:
    settings = {"s3_bucket_name": "b", "kms_key_id": "", "s3_key_prefix": None, "enable_log_file_validation": False}
    request = _trails.request(settings)
    assert request == {"S3BucketName": "b", "KmsKeyId": "", "EnableLogFileValidation": False}
    assert _trails.without_empty(request) == {"S3BucketName": "b", "EnableLogFileValidation": False}


def test_what_aws_shows_is_in_our_words() -> None:
    shown = {"S3BucketName": "b", "LogFileValidationEnabled": False, "IsMultiRegionTrail": True}
    found = _trails.observed(shown)
    assert (found["s3_bucket_name"], found["enable_log_file_validation"], found["kms_key_id"]) == ("b", False, "")
