# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.dynamodb_table import Table, encryption, key_request, keys
from ansible_collections.uex.payments.tests.support.contract import Connect, Contract


def table(name: str, **options: Any) -> dict[str, Any]:
    return {
        "name": name,
        "partition_key": {"name": "id", "type": "S"},
        "sort_key": None,
        "sse_enabled": True,
        "kms_master_key_id": None,
        "point_in_time_recovery_enabled": True,
        "deletion_protection_enabled": False,
        "tags": None,
        **options,
    }


def sample(connect: Connect) -> dict[str, Any]:
    return {"tables": [table("uex-payments-locks"), table("uex-payments-log", sort_key={"name": "at", "type": "N"})]}


CONTRACT = Contract(
    Table,
    sample,
    change={"deletion_protection_enabled": True, "point_in_time_recovery_enabled": False, "sse_enabled": False},
    unset=("sse_enabled", "kms_master_key_id", "point_in_time_recovery_enabled", "deletion_protection_enabled"),
)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"name": "ab"}, "name"),
        ({"name": "with blank"}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"sse_enabled": False, "kms_master_key_id": "arn:key"}, "kms_master_key_id"),
        ({}, None),
    ],
)
def test_what_aws_does_not_take_is_refused(options: dict[str, Any], problem: str | None) -> None:
    found = Table(lambda service: None, {}).validate(table("uex-payments-locks") | options)
    assert [each.partition(":")[0] for each in found] == ([problem] if problem else [])


@pytest.mark.parametrize("sort_key", [None, {"name": "at", "type": "N"}])
def test_a_key_is_read_as_it_was_written(sort_key: dict[str, str] | None) -> None:
    declared = {"partition_key": {"name": "id", "type": "S"}, "sort_key": sort_key}
    assert keys(key_request(declared)) == {**declared, "sort_key": sort_key or {}}


@pytest.mark.parametrize(
    ("enabled", "key", "request_"),
    [
        (None, None, {}),
        (False, None, {"SSESpecification": {"Enabled": False}}),
        (True, None, {"SSESpecification": {"Enabled": True}}),
        (True, "arn:k", {"SSESpecification": {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": "arn:k"}}),
    ],
)
def test_encryption_is_said_as_far_as_it_is_declared(enabled: Any, key: Any, request_: dict[str, Any]) -> None:
    assert encryption({"sse_enabled": enabled, "kms_master_key_id": key}) == request_
