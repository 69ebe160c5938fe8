# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _backup
from ansible_collections.uex.payments.plugins.modules.backup_vault import Vault
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

NAME = "uex-payments-test"
EMPTY: dict[str, Any] = {"region": "", "kms_key_id": None, "policy": None, "lock": None, "tags": None}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "backup:DeleteRecoveryPoint", "Resource": "*"},
    ],
}


def sample(connect: Connect) -> dict[str, Any]:
    keys = [connect("kms").create_key()["KeyMetadata"]["Arn"] for _each in range(2)]
    shared = {**EMPTY, "policy": POLICY, "lock": {"min_retention_days": 7}}
    names = (NAME, "uex-payments-other")
    vaults = [{**shared, "name": name, "kms_key_id": key} for name, key in zip(names, keys, strict=True)]
    return {"regions": [], "lock_confirmed": "", "vaults": vaults}


CONTRACT = Contract(Vault, sample, change={"lock": {"min_retention_days": 14}}, unset=("kms_key_id", "policy", "lock"))


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    return subject


def only(subject: Subject, **changed: Any) -> dict[str, Any]:
    """The first vault alone, with something changed."""
    return subject.with_items([{**subject.items[0], **changed}])


def test_an_empty_policy_and_an_empty_lock_go(made: Subject) -> None:
    assert made.run(**only(made, policy={}, lock={})).failed == []
    (shown,) = [
        e
        for e in made.account.connect("backup").list_backup_vaults()["BackupVaultList"]
        if e["BackupVaultName"] == NAME
    ]
    assert not shown["Locked"]
    assert made.run(**only(made, policy={}, lock={})).done == []


def test_a_vault_of_another_region_is_one_of_its_own(made: Subject) -> None:
    far = {**EMPTY, "name": NAME, "region": "eu-west-1"}
    both = made.with_items([made.items[0], far])
    assert [plan.name for plan in made.run(**both).done] == [f"{NAME} in eu-west-1"]
    names = [
        e["BackupVaultName"]
        for e in made.account.connect("backup", "eu-west-1").list_backup_vaults()["BackupVaultList"]
    ]
    assert names == [NAME]
    assert made.run(**both).done == []


COMPLIANCE = {"lock": {"min_retention_days": 7, "changeable_for_days": 3}}


def test_a_lock_that_nobody_can_undo_is_refused_unless_it_is_confirmed_by_name(made: Subject) -> None:
    outcome = made.run(check_mode=True, **only(made, **COMPLIANCE))
    assert [failure.code for failure in outcome.failed] == ["Refused"]
    assert f"data_backup_lock_confirmed={NAME}" in outcome.failed[0].hint
    assert made.run(lock_confirmed="uex-payments-other", **only(made, **COMPLIANCE)).failed
    assert made.run(lock_confirmed=NAME, **only(made, **COMPLIANCE)).failed == []
    assert made.run(**only(made, **COMPLIANCE)).done == []


def test_a_lock_in_compliance_mode_is_not_changed(made: Subject) -> None:
    assert made.run(lock_confirmed=NAME, **only(made, **COMPLIANCE)).failed == []
    outcome = made.run(lock_confirmed=NAME, **only(made, lock={"min_retention_days": 1}))
    assert "compliance mode" in outcome.failed[0].message


def test_a_vault_that_holds_something_is_left_by_a_prune(made: Subject) -> None:
    role = "arn:aws:iam::123456789012:role/any"
    made.account.connect("backup").start_backup_job(
        BackupVaultName=NAME, ResourceArn="arn:aws:rds:us-east-1:123456789012:db:db", IamRoleArn=role
    )
    outcome = made.run(prune=True, **made.with_items([]))
    assert [plan.name for plan in outcome.done] == ["uex-payments-other"]
    assert outcome.failed == []


@pytest.mark.parametrize(
    ("lock", "problem"),
    [
        ({}, None),
        ({"min_retention_days": 7}, None),
        ({"changeable_for_days": 3}, "min_retention_days: a lock needs it"),
        ({"min_retention_days": 0}, "min_retention_days: from 1"),
        ({"min_retention_days": 8, "max_retention_days": 7}, "max_retention_days: 7 is fewer"),
        ({"min_retention_days": 8, "changeable_for_days": 2}, "changeable_for_days: at least 3"),
    ],
)
def test_locks(lock: dict[str, Any], problem: str | None) -> None:
    found = list(_backup.lock_problems(lock))
    assert [each.startswith(problem) for each in found] == [True] if problem else found == []


@pytest.mark.parametrize(("name", "fine"), [("a-b_C1", True), ("a", False), ("a.b", False), ("x" * 51, False)])
def test_names(name: str, fine: bool) -> None:
    assert (_backup.name_problem(name) == "") is fine
