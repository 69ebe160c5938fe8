# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _iam

NONE = dict.fromkeys(("description", "max_session_duration", "path", "permissions_boundary"))


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({}, None),
        ({"max_session_duration": 43200, "path": "/payments/", "description": "x" * 1000}, None),
        ({"name": "a b"}, "name"),
        ({"name": "x" * 65}, "name"),
        ({"max_session_duration": 3599}, "max_session_duration"),
        ({"max_session_duration": 43201}, "max_session_duration"),
        ({"path": "payments"}, "path"),
        ({"path": "//" + "x"}, "path"),
        ({"description": "x" * 1001}, "description"),
    ],
)
def test_what_aws_refuses_is_said_by_option(given: dict[str, Any], option: str | None) -> None:
    problems = [each.partition(":")[0] for each in _iam.role_problems({"name": "role", **NONE, **given})]
    assert problems == ([option] if option else [])


@pytest.mark.parametrize(
    ("before", "after", "put", "drop"),
    [
        (None, None, {}, []),
        ({"a": "1"}, None, {}, []),
        (None, {"a": "1"}, {"a": "1"}, []),
        ({"a": "1", "b": "2"}, {"a": "1"}, {}, ["b"]),
        ({"a": "1"}, {"a": "2", "c": "3"}, {"a": "2", "c": "3"}, []),
        ({"a": "1", "b": "2"}, {}, {}, ["a", "b"]),
    ],
)
def test_policy_changes(before: Any, after: Any, put: dict[str, str], drop: list[str]) -> None:
    assert _iam.policy_changes(before, after) == (put, drop)


@pytest.mark.parametrize(
    ("before", "after", "attach", "detach"),
    [
        (None, None, [], []),
        (["a"], None, [], []),
        (None, ["b", "a"], ["a", "b"], []),
        (["a", "b"], ["b", "c"], ["c"], ["a"]),
        (["a"], [], [], ["a"]),
    ],
)
def test_attachment_changes(before: Any, after: Any, attach: list[str], detach: list[str]) -> None:
    assert _iam.attachment_changes(before, after) == (attach, detach)


@pytest.mark.parametrize(
    ("name", "tags", "concerns"),
    [
        ("other", {"Project": "uex-payments", "Environment": "dev"}, False),
        ("declared", {}, True),
        ("uex-payments-dev-old", {"Project": "uex-payments", "Environment": "dev"}, True),
        ("uex-payments-development-old", {"Project": "uex-payments", "Environment": "dev"}, False),
        ("uex-payments-dev-old", {"Project": "uex-payments"}, False),
        ("dev-old", {"Environment": "dev"}, False),
    ],
)
def test_which_roles_are_looked_at(name: str, tags: dict[str, str], concerns: bool) -> None:
    assert _iam.concerns(name, {"declared"}, tags) is concerns


def test_empty_texts_are_not_sent_at_creation() -> None:
    assert _iam.creation({**NONE, "description": "", "path": "/x/"}) == {"Path": "/x/"}


def test_an_emptied_description_is_sent_in_an_update() -> None:
    assert _iam.settings({"description": "", "max_session_duration": None}) == {"Description": ""}
