# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _s3

ITEM = {
    **dict.fromkeys(("versioning", "encryption", "lifecycle_rules", "object_lock_enabled", "object_lock")),
    "name": "bucket",
}
RULE = {"id": "r", "transitions": None, "expiration": None}


def rule(**given: Any) -> dict[str, Any]:
    return {"lifecycle_rules": [{**RULE, **given}]}


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({}, None),
        ({"name": "x" * 63}, None),
        ({"name": "x" * 64}, "name"),
        ({"name": "Ab-c"}, "name"),
        ({"name": "a..b"}, "name"),
        ({"name": "-ab"}, "name"),
        ({"encryption": {"sse_algorithm": "AES256", "kms_master_key_id": "k"}}, "encryption.kms_master_key_id"),
        ({"encryption": {"sse_algorithm": "aws:kms", "kms_master_key_id": "k"}}, None),
        ({"object_lock": {"mode": "GOVERNANCE", "days": 1}}, "object_lock"),
        ({"object_lock_enabled": True, "versioning": "Suspended"}, "versioning"),
        (rule(transitions=[{"days": 29, "storage_class": "STANDARD_IA"}]), "lifecycle_rules (r).transitions"),
        (rule(transitions=[{"days": 0, "storage_class": "INTELLIGENT_TIERING"}]), None),
        (
            rule(transitions=[{"days": 30, "storage_class": "GLACIER"}], expiration={"days": 30}),
            "lifecycle_rules (r).expiration",
        ),
        (rule(transitions=[{"days": 30, "storage_class": "GLACIER"}], expiration={"days": 31}), None),
        (rule(transitions=[{"days": 30, "storage_class": "GLACIER"}], expiration={"days": None}), None),
    ],
)
def test_what_aws_refuses_is_said_by_option(given: dict[str, Any], option: str | None) -> None:
    assert [each.partition(":")[0] for each in _s3.problems({**ITEM, **given})] == ([option] if option else [])


def test_a_rules_id_is_used_once() -> None:
    problems = list(_s3.problems({**ITEM, "lifecycle_rules": [RULE, RULE]}))
    assert problems == ["lifecycle_rules (r): the id is used twice"] * 2


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"ID": "a", "Status": "Enabled", "Filter": {"Prefix": ""}}, {"id": "a", "status": "Enabled", "prefix": ""}),
        ({"ID": "a", "Status": "Enabled", "Filter": {}}, {"id": "a", "status": "Enabled", "prefix": ""}),
        ({"ID": "a", "Status": "Disabled", "Prefix": "x/"}, {"id": "a", "status": "Disabled", "prefix": "x/"}),
        (
            {"ID": "a", "Status": "Enabled", "Filter": {"And": {"Prefix": "x", "ObjectSizeGreaterThan": 1}}},
            {
                "id": "a",
                "status": "Enabled",
                "prefix": "",
                "filter": {"and": {"prefix": "x", "object_size_greater_than": 1}},
            },
        ),
    ],
)
def test_rules_are_read_in_one_form(answer: dict[str, Any], expected: dict[str, Any]) -> None:
    assert _s3.rules_from({"Rules": [answer]}) == [expected]


def test_rules_and_transitions_have_one_order() -> None:
    early, late = ({"days": days, "storage_class": "GLACIER"} for days in (30, 90))
    first = _s3.rules([{"id": "b"}, {"id": "a", "transitions": [late, early]}])
    assert first == _s3.rules([{"id": "a", "transitions": [early, late], "expiration": None}, {"id": "b"}])


def test_rules_are_written_as_aws_spells_them() -> None:
    given = {"id": "a", "prefix": "x/", "abort_incomplete_multipart_upload": {"days_after_initiation": 7}}
    written = _s3.rules_request(_s3.rules([given]))["LifecycleConfiguration"]["Rules"]
    abort = {"DaysAfterInitiation": 7}
    assert written == [
        {"ID": "a", "Status": "Enabled", "Filter": {"Prefix": "x/"}, "AbortIncompleteMultipartUpload": abort}
    ]


def test_a_lock_without_retention_locks_nothing_by_itself() -> None:
    assert _s3.lock_request({}) == {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}}
