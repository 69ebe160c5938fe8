# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.kms_alias import Alias
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account, Connect, Contract, Subject


def key(connect: Connect, **tags: str) -> str:
    pairs = [{"TagKey": name, "TagValue": value} for name, value in {**TAGS, **tags}.items()]
    return str(connect("kms").create_key(Tags=pairs)["KeyMetadata"]["KeyId"])


CHANGE: dict[str, Any] = {}


def sample(connect: Connect) -> dict[str, Any]:
    """Two names; the change points the first at the second's key, which only this account knows."""
    keys = [key(connect) for _each in range(2)]
    CHANGE["target_key_id"] = keys[1]
    names = ("alias/uex-payments-test-data", "alias/uex-payments-test-logs")
    return {"aliases": [{"name": n, "target_key_id": k} for n, k in zip(names, keys, strict=True)]}


CONTRACT = Contract(Alias, sample, CHANGE)


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    return subject


@pytest.mark.parametrize("tags", [{"Environment": "other"}, {"Layer": "other"}, {"ManagedBy": "hand"}])
def test_an_alias_of_a_key_that_is_not_ours_is_spared(made: Subject, tags: dict[str, str]) -> None:
    client = made.account.connect("kms")
    client.create_alias(AliasName="alias/uex-payments-test-x", TargetKeyId=key(made.account.connect, **tags))
    outcome = made.run(prune=True, **made.with_items([]))
    assert {plan.name for plan in outcome.done} == set(made.names())


def test_an_alias_with_another_name_is_spared(made: Subject) -> None:
    client = made.account.connect("kms")
    client.create_alias(AliasName="alias/backup", TargetKeyId=key(made.account.connect))
    assert {plan.name for plan in made.run(prune=True, **made.with_items([])).done} == set(made.names())


def test_the_alias_of_a_key_that_is_about_to_end_can_go(made: Subject) -> None:
    client = made.account.connect("kms")
    client.schedule_key_deletion(KeyId=made.items[0]["target_key_id"])
    assert made.run(prune=True, **made.with_items([])).failed == []
    assert made.resource().observe() == {}


@pytest.mark.parametrize("name", ["data", "alias/aws/rds", "alias/with space", "alias/"])
def test_a_name_that_aws_would_refuse(name: str) -> None:
    resource = Alias(lambda service: None, {})
    assert [problem.partition(":")[0] for problem in resource.validate({"name": name})] == ["name"]
