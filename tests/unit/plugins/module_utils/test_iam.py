# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _iam

NONE = dict.fromkeys(("description", "max_session_duration", "path", "permissions_boundary", "policies", "policy"))


def document(size: int) -> dict[str, Any]:
    """A policy of so many characters without white space, and some white space."""
    empty = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": ""}]}
    bare = len(json.dumps({**empty, "Statement": [{**empty["Statement"][0], "Resource": [""]}]}, separators=(",", ":")))
    return {**empty, "Statement": [{**empty["Statement"][0], "Resource": "x" * (size - bare) + "   "}]}


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
        ({"policies": {"one": document(5120), "two": document(5120)}}, None),
        ({"policies": {"one": document(5120), "two": document(5121)}}, "policies"),
    ],
)
def test_what_aws_refuses_is_said_by_option(given: dict[str, Any], option: str | None) -> None:
    problems = [each.partition(":")[0] for each in _iam.role_problems({"name": "role", **NONE, **given})]
    assert problems == ([option] if option else [])


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({}, None),
        ({"name": "x" * 129}, "name"),
        ({"policies": {"one": document(5120)}}, None),
        ({"policies": {"one": document(5121)}}, "policies"),
    ],
)
def test_what_aws_refuses_of_a_group_is_said_by_option(given: dict[str, Any], option: str | None) -> None:
    problems = [each.partition(":")[0] for each in _iam.group_problems({"name": "group", **NONE, **given})]
    assert problems == ([option] if option else [])


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({"policy": document(6144)}, None),
        ({"policy": document(6145)}, "policy"),
        ({"name": "a/b"}, "name"),
        ({"description": "x" * 1001}, "description"),
    ],
)
def test_what_aws_refuses_of_a_policy_is_said_by_option(given: dict[str, Any], option: str | None) -> None:
    problems = [each.partition(":")[0] for each in _iam.policy_problems({"name": "policy", **NONE, **given})]
    assert problems == ([option] if option else [])


@pytest.mark.parametrize(
    ("declared", "desired"),
    [(None, None), (False, {}), (True, {"role": "bastion", "tags": {"Layer": "foundation"}})],
)
def test_a_declared_profile_bears_the_role_s_name(declared: bool | None, desired: Any) -> None:
    item = {"name": "bastion", "instance_profile": declared}
    assert _iam.desired_profile(item, {"Layer": "foundation"}) == desired


@pytest.mark.parametrize(
    ("entry", "profile"),
    [
        (None, {}),
        ({"Roles": []}, {"role": "", "tags": {}}),
        (
            {"Roles": [{"RoleName": "bastion"}], "Tags": [{"Key": "Layer", "Value": "foundation"}]},
            {"role": "bastion", "tags": {"Layer": "foundation"}},
        ),
    ],
)
def test_a_profile_is_seen_with_its_role(entry: Any, profile: dict[str, Any]) -> None:
    assert _iam.observed_profile(entry) == profile


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
