# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import re
from typing import Any

import botocore.exceptions
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _databases


class Group(_databases.GroupResource):
    """A group whose removal fails with the given codes, one after the other, while its users have a status."""

    service = "rds"
    users = _databases.DB_INSTANCES
    in_use_code = "InUse"
    absent_code = "NotFound"
    release_seconds = 0

    def __init__(self, status: str, *codes: str) -> None:
        super().__init__(lambda service: self, {})
        self.instance, self.codes = {"DBInstanceStatus": status}, list(codes)

    def can_paginate(self, operation: str) -> bool:
        return False

    def describe_db_instances(self) -> dict[str, Any]:
        return {"DBInstances": [self.instance]}

    def remove(self, name: str) -> None:
        if self.codes:
            raise botocore.exceptions.ClientError({"Error": {"Code": self.codes.pop(0)}}, "Delete")


def test_a_group_that_is_gone_or_unused_is_deleted() -> None:
    for group in (Group("available"), Group("available", "NotFound")):
        group.delete("group", {})
        assert group.codes == []


def test_a_group_waits_for_users_that_are_being_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    group = Group("deleting", "InUse", "InUse")
    monkeypatch.setattr(group, "release_seconds", 60)
    monkeypatch.setattr(_databases._wait.until, "__defaults__", (5.0, iter(range(100)).__next__, lambda seconds: None))
    group.delete("group", {})
    assert group.codes == []


@pytest.mark.parametrize(("status", "code"), [("available", "InUse"), ("deleting", "AccessDenied")])
def test_a_group_in_use_is_an_error_at_once(status: str, code: str) -> None:
    with pytest.raises(botocore.exceptions.ClientError, match=code):
        Group(status, code, code).delete("group", {})


@pytest.mark.parametrize(
    ("declared", "actual", "expected"),
    [
        ("16", "16.8", "16"),
        ("16.4", "16.4", "16.4"),
        ("16.4", "16.8", "16.4"),
        ("16.8", "16.4", "16.4"),
        ("16.10", "16.9", "16.9"),
        ("17", "16.8", "16.8"),
        ("15", "16.8", "16.8"),
        ("7.1", "7.1.0", "7.1"),
        ("7.1", "7.0.7", "7.0.7"),
        (None, "16.8", "16.8"),
        ("16", None, None),
    ],
)
def test_newer_minors_are_no_drift(declared: str | None, actual: str | None, expected: str | None) -> None:
    assert _databases.version_as_declared(declared, actual) == expected


@pytest.mark.parametrize(
    ("declared", "expected"), [("16", "16.10"), ("16.9", "16.9"), ("17", "17.1"), ("18", "18"), ("1", "1")]
)
def test_the_newest_version_is_by_number(declared: str, expected: str) -> None:
    assert _databases.newest_version(declared, ["16.9", "16.10", "16.2", "17.1"]) == expected


@pytest.mark.parametrize("name", ["a", "uex-payments-prod-db-replica-1", "a" * 40])
def test_sound_names(name: str) -> None:
    assert _databases.name_problem(name, 40) == ""


@pytest.mark.parametrize("name", ["", "A", "1a", "a-", "a--b", "a_b", "a" * 41])
def test_unsound_names(name: str) -> None:
    assert _databases.name_problem(name, 40)


@pytest.mark.parametrize(("value", "text"), [(True, "1"), (False, "0"), (1000, "1000"), ("ddl", "ddl")])
def test_parameters_are_texts(value: object, text: str) -> None:
    assert _databases.parameter_text(value) == text


def test_a_last_snapshot_is_named_by_suffix_or_time() -> None:
    assert _databases.final_snapshot("db", "end") == "db-final-end"
    assert re.fullmatch(r"db-final-\d{8}-\d{6}", _databases.final_snapshot("db", ""))
