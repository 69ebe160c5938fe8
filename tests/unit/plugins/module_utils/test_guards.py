# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whose guard of an account is used, as tables."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _guards

OWNER = {"Project": "uex-payments", "Environment": "prod", "ManagedBy": "uex.payments"}
OURS = {"name": "ours", "tags": {**OWNER, "Layer": "monitoring"}}
THEIRS = {"name": "theirs", "tags": {"Project": "other"}}
NAMESAKE = {"name": "ours", "tags": {}}
DEV = {"name": "dev", "tags": {**OWNER, "Environment": "dev"}}
OLD = {"name": "old", "tags": OWNER}


@pytest.mark.parametrize(
    ("declared", "found", "expected"),
    [
        (["ours"], [], {}),
        (["ours"], [OURS], {"ours": OURS}),
        (["ours"], [THEIRS], {"ours": THEIRS}),
        # another environment of the same project is somebody else
        (["ours"], [DEV], {"ours": DEV}),
        # ours stays whatever others there are
        (["ours"], [THEIRS, OURS], {"ours": OURS}),
        (["ours"], [THEIRS, NAMESAKE], {"ours": NAMESAKE}),
        # what is declared no more is still ours, and goes with pruning; somebody else's is nobody's business then
        ([], [THEIRS, OURS], {"ours": OURS}),
        ([], [THEIRS], {}),
        (["ours"], [OLD, THEIRS], {"old": OLD, "ours": THEIRS}),
    ],
)
def test_ours_by_its_name_and_otherwise_what_serves(declared: list[str], found: Any, expected: Any) -> None:
    assert _guards.placed(declared, found, OWNER) == expected


@pytest.mark.parametrize(
    ("declared", "found", "expected"),
    [
        (["ours"], [], {}),
        (["ours"], [THEIRS], {"ours": THEIRS}),
        ([], [THEIRS], {"theirs": THEIRS}),
        (["ours"], [OLD], {"ours": OLD}),
    ],
)
def test_the_only_one_is_the_declared_one(declared: list[str], found: Any, expected: Any) -> None:
    assert _guards.only(declared, found) == expected


def test_a_note_says_whose_it_is_and_what_is_wrong_with_it() -> None:
    said = _guards.note("the trail", "t", DEV["tags"], "it is stopped")
    assert said == (
        "the trail t (tags Project=uex-payments, Environment=dev, ManagedBy=uex.payments) is somebody else's"
        " and used as it is; it is stopped"
    )
    assert "none of our tags" in _guards.note("the trail", "t", {})
