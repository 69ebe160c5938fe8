# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _place_rules

SOUND: dict[str, Any] = {
    "stack_account_id": "",
    "stack_region": "ap-southeast-2",
    "network_availability_zones": ["ap-southeast-2a", "ap-southeast-2c"],
    "stack_assume_role_arn": "",
    "stack_assume_role_external_id": "",
    "stack_assume_role_duration": 3600,
}
ROLE = "arn:aws:iam::222222222222:role/uex-payments-deploy"


def problems(**changed: Any) -> list[str]:
    values = {**SOUND, **changed}
    return [problem for rule in _place_rules.RULES for problem in rule(values)]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"stack_account_id": "222222222222"},
        {"stack_assume_role_arn": ROLE},
        {"stack_assume_role_arn": ROLE, "stack_account_id": "222222222222"},
        {"stack_assume_role_arn": "arn:aws-us-gov:iam::222222222222:role/path/uex@payments"},
        {"stack_region": "us-gov-west-1", "network_availability_zones": ["us-gov-west-1a"]},
        {"stack_assume_role_duration": 43200, "stack_assume_role_external_id": "partner:42"},
    ],
)
def test_sound_places_have_no_problems(changed: dict[str, Any]) -> None:
    assert problems(**changed) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"stack_account_id": "12345"}, ["stack_account_id", "12 digits"]),
        ({"stack_account_id": 123456789}, ["stack_account_id", "12 digits"]),
        (
            {"stack_assume_role_arn": ROLE, "stack_account_id": "111111111111"},
            ["stack_assume_role_arn", "222222222222", "stack_account_id", "111111111111"],
        ),
        ({"stack_assume_role_arn": "arn:aws:iam::2222:role/x"}, ["stack_assume_role_arn", "arn:aws:iam::<account>"]),
        ({"stack_assume_role_arn": "arn:aws:iam::222222222222:user/x"}, ["stack_assume_role_arn", "must be a role's"]),
        ({"stack_assume_role_arn": "uex-payments-deploy"}, ["stack_assume_role_arn", "must be a role's"]),
        ({"stack_region": "Ireland", "network_availability_zones": []}, ["stack_region", "'Ireland'"]),
        (
            {"network_availability_zones": ["ap-southeast-2a", "ap-southeast-1b"]},
            ["network_availability_zones", "ap-southeast-1b not of", "ap-southeast-2a and so on"],
        ),
        (
            {"network_availability_zones": ["ap-southeast-2-per-1a"]},
            ["network_availability_zones", "ap-southeast-2-per-1a"],
        ),
        ({"stack_assume_role_duration": 60}, ["stack_assume_role_duration", "900", "43200"]),
        ({"stack_assume_role_external_id": "a b"}, ["stack_assume_role_external_id"]),
    ],
)
def test_what_does_not_fit_is_refused_by_name(changed: dict[str, Any], words: list[str]) -> None:
    (problem,) = problems(**changed)
    assert [word for word in words if word not in problem] == []


def test_an_external_id_is_not_repeated() -> None:
    assert "a b" not in problems(stack_assume_role_external_id="a b")[0]
