# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _object_versions
from ansible_collections.uex.payments.plugins.module_utils._object_versions import Action, Version


def version(identifier: str, minute: int, marker: bool = False) -> Version:
    return Version("k", identifier, at(minute), marker, 0 if marker else 3)


def at(minute: int) -> datetime.datetime:
    return datetime.datetime(2026, 11, 27, 10, minute, tzinfo=datetime.UTC)


OLD, NEW, GONE, AGAIN = version("old", 1), version("new", 20), version("gone", 30, True), version("again", 31, True)


@pytest.mark.parametrize(
    ("history", "remove", "delete", "expected"),
    [
        ([OLD], True, True, []),
        ([OLD, NEW], True, True, [Action("copy", "k", "old", size=3)]),
        ([OLD, GONE], True, True, [Action("undelete", "k", "old", ("gone",), 3)]),
        ([OLD, GONE, AGAIN], True, True, [Action("undelete", "k", "old", ("again", "gone"), 3)]),
        ([OLD, GONE], False, True, [Action("copy", "k", "old", size=3)]),
        ([OLD, NEW, GONE], True, True, [Action("copy", "k", "old", size=3)]),
        ([NEW], True, False, [Action("newer", "k", size=3)]),
        ([NEW], True, True, [Action("delete", "k", size=3)]),
        ([NEW, GONE], True, True, []),
        ([version("m", 5, True), NEW], True, True, [Action("delete", "k", size=3)]),
        ([version("m", 5, True)], True, True, []),
    ],
)
def test_what_brings_an_object_back(history: list[Version], remove: bool, delete: bool, expected: list[Action]) -> None:
    assert _object_versions.actions(reversed(history), at(10), remove, delete) == expected


def test_the_table_counts_and_names_what_failed() -> None:
    found = [Action("copy", "a", "v", size=3), Action("copy", "b", "v", size=4), Action("newer", "c", size=9)]
    lines = _object_versions.table(found, {"b": "archived"}, done=True)
    assert "copied: 1 objects, 3 bytes" in lines
    assert lines[-1] == "b: archived"
    assert any("1 objects came later and stay" in line for line in lines)
    assert _object_versions.table([], {}, done=True) == ["All objects are as they were then"]
