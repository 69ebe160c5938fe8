# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.iam_account_password_policy import (
    MEMBERS,
    AccountPasswordPolicy,
    request,
)
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

ACCOUNT = "123456789012"
DECLARED = {
    "minimum_password_length": 14,
    "require_symbols": True,
    "require_numbers": True,
    "require_uppercase_characters": True,
    "require_lowercase_characters": True,
    "allow_users_to_change_password": True,
    "max_password_age": 90,
    "password_reuse_prevention": 24,
    "hard_expiry": False,
}


def sample(_connect: Connect) -> dict[str, Any]:
    return {"password_policies": [{"account_id": ACCOUNT, **DECLARED}]}


CONTRACT = Contract(
    AccountPasswordPolicy,
    sample,
    change={"minimum_password_length": 20},
    unset=tuple(set(MEMBERS) - {"require_numbers"}),
    prunable=False,
)


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    subject.account.written()
    return subject


def found(made: Subject) -> dict[str, Any]:
    policy: dict[str, Any] = made.account.connect("iam").get_account_password_policy()["PasswordPolicy"]
    return policy


def test_all_that_is_declared_is_set(made: Subject) -> None:
    assert found(made).items() >= {MEMBERS[option]: value for option, value in DECLARED.items()}.items()


def test_a_change_leaves_the_rest_as_it_is(made: Subject) -> None:
    only = {**dict.fromkeys(MEMBERS), "account_id": ACCOUNT, "minimum_password_length": 20}
    before = found(made)
    assert made.run(**made.with_items([only])).failed == []
    assert found(made) == {**before, "MinimumPasswordLength": 20}


def test_nothing_can_be_declared(made: Subject) -> None:
    free = {"max_password_age": 0, "password_reuse_prevention": 0, "require_symbols": False}
    items = made.with_items([{**made.items[0], **free}])
    assert made.run(**items).failed == []
    assert found(made)["RequireSymbols"] is found(made)["ExpirePasswords"] is False
    assert made.run(**items).done == []


def test_aws_is_given_no_zero() -> None:
    assert request({**DECLARED, "max_password_age": 0}).keys() == set(MEMBERS.values()) - {
        "MaxPasswordAge",
        "HardExpiry",
    }


def test_no_prune_takes_it(made: Subject) -> None:
    assert made.run(prune=True, **made.with_items([])).done == []


@pytest.mark.parametrize(
    ("option", "value", "sound"),
    [
        ("minimum_password_length", 5, False),
        ("minimum_password_length", 0, False),
        ("minimum_password_length", 128, True),
        ("max_password_age", 0, True),
        ("max_password_age", 1096, False),
        ("password_reuse_prevention", 25, False),
        ("password_reuse_prevention", -1, False),
        ("password_reuse_prevention", 24, True),
    ],
)
def test_what_aws_refuses_is_refused_before(option: str, value: int, sound: bool) -> None:
    kind = AccountPasswordPolicy(lambda _service: None, {"tags": {}})
    problems = list(kind.validate({"account_id": ACCOUNT, **DECLARED, option: value}))
    assert [each.partition(":")[0] for each in problems] == ([] if sound else [option])
