# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _identity_rules

SOUND: dict[str, Any] = {
    "foundation_permissions_boundary": "",
    "foundation_permissions_boundary_enabled": False,
    "foundation_permissions_boundary_statements": [],
}
GIVEN = {"foundation_permissions_boundary": "arn:aws:iam::123456789012:policy/limits/theirs"}
MADE = {"foundation_permissions_boundary_enabled": True}
QUEUE = {"Action": "sqs:SendMessage", "Resource": "*"}


def problems(**changed: Any) -> list[str]:
    values = {**SOUND, **changed}
    return [problem for rule in _identity_rules.RULES for problem in rule(values)]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        GIVEN,
        {"foundation_permissions_boundary": "arn:aws-us-gov:iam::aws:policy/PowerUserAccess"},
        MADE,
        {**MADE, "foundation_permissions_boundary_statements": [QUEUE]},
        {"bootstrap_password_minimum_length": 128, "bootstrap_password_max_age": 0},
    ],
)
def test_sound_identities_have_no_problems(changed: dict[str, Any]) -> None:
    assert problems(**changed) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({**GIVEN, **MADE}, ["foundation_permissions_boundary:", "foundation_permissions_boundary_enabled"]),
        ({"foundation_permissions_boundary": "theirs"}, ["foundation_permissions_boundary:", "'theirs'"]),
        ({"foundation_permissions_boundary": "arn:aws:iam::123456789012:role/r"}, ["foundation_permissions_boundary:"]),
        (
            {"foundation_permissions_boundary_statements": [QUEUE]},
            ["foundation_permissions_boundary_statements:", "foundation_permissions_boundary_enabled"],
        ),
        (
            {**MADE, "foundation_permissions_boundary_statements": [QUEUE, {"Action": "sqs:*"}]},
            ["foundation_permissions_boundary_statements[1]:", "Action and Resource"],
        ),
        ({"bootstrap_password_minimum_length": 5}, ["bootstrap_password_minimum_length:", "from 6 to 128"]),
        ({"bootstrap_password_max_age": 1096}, ["bootstrap_password_max_age:", "from 1 to 1095, or 0"]),
        ({"bootstrap_password_reuse_prevention": 25}, ["bootstrap_password_reuse_prevention:", "from 1 to 24, or 0"]),
    ],
)
def test_a_problem_names_its_variable(changed: dict[str, Any], words: list[str]) -> None:
    (problem,) = problems(**changed)
    assert problem.startswith(words[0])
    assert [word for word in words if word not in problem] == []
