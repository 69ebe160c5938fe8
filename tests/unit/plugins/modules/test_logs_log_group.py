# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules import logs_log_group
from ansible_collections.uex.payments.plugins.modules.logs_log_group import LogGroup, key_not_seen_yet
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

NAMES = ("uex-payments-test-backend", "/aws/rds/instance/uex-payments-test-db/postgresql")


def key(connect: Connect) -> str:
    """A key that CloudWatch Logs may use."""
    owner = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    logs = {
        **owner,
        "Principal": {"Service": "logs.us-east-1.amazonaws.com"},
        "Action": ["kms:Encrypt*", "kms:Decrypt*"],
    }
    policy = {"Version": "2012-10-17", "Statement": [owner, logs]}
    return str(connect("kms").create_key(Policy=json.dumps(policy))["KeyMetadata"]["Arn"])


def item(name: str, **given: Any) -> dict[str, Any]:
    return {**dict.fromkeys(("retention_in_days", "kms_key_id", "log_group_class", "tags")), "name": name, **given}


def sample(connect: Connect) -> dict[str, Any]:
    first = item(NAMES[0], retention_in_days=30, kms_key_id=key(connect), log_group_class="STANDARD")
    return {"log_groups": [first, item(NAMES[1], log_group_class="INFREQUENT_ACCESS")]}


UNSET = ("retention_in_days", "kms_key_id", "log_group_class")
CONTRACT = Contract(LogGroup, sample, change={"retention_in_days": 365}, unset=UNSET)


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    return subject


def test_the_arn_is_without_the_star(made: Subject) -> None:
    arn = "arn:aws:logs:us-east-1:123456789012:log-group:"
    assert [each["arn"] for each in made.run().resources.values()] == [f"{arn}{name}" for name in NAMES]


@pytest.mark.parametrize(
    ("change", "call"),
    [
        ({"retention_in_days": 0}, "DeleteRetentionPolicy"),
        ({"kms_key_id": ""}, "DisassociateKmsKey"),
        ({"tags": {"Owner": "sre"}}, "TagResource"),
    ],
)
def test_an_update_makes_one_call(made: Subject, change: dict[str, Any], call: str) -> None:
    first, second = made.items
    made.account.written()
    items = made.with_items([{**first, **change}, second])
    assert made.run(**items).failed == []
    assert made.account.written() == [("logs", call)]
    assert made.run(**items).done == []


def test_the_class_cannot_change(made: Subject) -> None:
    first, second = made.items
    outcome = made.run(**made.with_items([first, {**second, "log_group_class": "STANDARD"}]))
    assert [(error.name, error.code) for error in outcome.failed] == [(NAMES[1], "Frozen")]


def test_a_new_key_gets_time_and_a_wrong_one_an_error(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs_log_group, "KEY_DEADLINE", 0.0)
    subject = Subject(CONTRACT, Account())
    other = "arn:aws:kms:us-east-1:123456789012:key/11111111-1111-1111-1111-111111111111"
    outcome = subject.run(**subject.with_items([item(NAMES[0], kms_key_id=other)]))
    assert [error.code for error in outcome.failed] == ["InvalidParameterException"]
    assert key_not_seen_yet(Exception(outcome.failed[0].message))


def test_other_errors_get_no_time() -> None:
    assert not key_not_seen_yet(Exception("AccessDeniedException"))


@pytest.mark.parametrize(("name", "problems"), [("/a/b_c-d.e#1", 0), ("a b", 1), ("", 1), ("x" * 513, 1)])
def test_names(name: str, problems: int) -> None:
    assert len(list(LogGroup(lambda service: None, {}).validate(item(name)))) == problems
