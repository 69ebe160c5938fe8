# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _backup
from ansible_collections.uex.payments.plugins.modules.backup_plan import BackupPlan
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

NAME = "uex-payments-test"
RULE: dict[str, Any] = {
    "name": "daily",
    "vault": "vault",
    "schedule_expression": "cron(0 4 * * ? *)",
    "schedule_expression_timezone": None,
    "start_window_minutes": None,
    "completion_window_minutes": None,
    "enable_continuous_backup": None,
    "move_to_cold_storage_after_days": None,
    "delete_after_days": 35,
    "copies": [],
}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}
COPY = {
    "vault_arn": "arn:aws:backup:eu-west-1:123456789012:backup-vault:vault",
    "move_to_cold_storage_after_days": None,
    "delete_after_days": 7,
}


def sample(connect: Connect) -> dict[str, Any]:
    connect("backup").create_backup_vault(BackupVaultName="vault")
    role = connect("iam").create_role(RoleName="backup", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    selection = {
        "role_arn": role,
        "resources": ["arn:aws:rds:*:*:db:*"],
        "tags": {"Project": "uex-payments", "Environment": "test"},
        "without_tags": ["Replicates"],
    }
    monthly = {**RULE, "name": "monthly", "schedule_expression": "cron(0 5 1 * ? *)", "copies": [COPY]}
    plan = {"rules": [monthly, RULE], "selection": selection, "tags": None}
    return {"plans": [{**plan, "name": name} for name in (NAME, "uex-payments-other")]}


CONTRACT = Contract(BackupPlan, sample, change={"rules": [{**RULE, "delete_after_days": 14}]})


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    return subject


def only(subject: Subject, **changed: Any) -> dict[str, Any]:
    """The first plan alone, with something changed."""
    return subject.with_items([{**subject.items[0], **changed}])


def test_what_has_all_tags_and_none_of_others_is_selected(made: Subject) -> None:
    client = made.account.connect("backup")
    plan = made.run().resources[NAME]["plan_id"]
    (entry,) = client.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]
    found = client.get_backup_selection(BackupPlanId=plan, SelectionId=entry["SelectionId"])["BackupSelection"]
    conditions = found["Conditions"]
    assert {each["ConditionKey"] for each in conditions["StringEquals"]} == {
        "aws:ResourceTag/Project",
        "aws:ResourceTag/Environment",
    }
    assert conditions["StringNotLike"] == [{"ConditionKey": "aws:ResourceTag/Replicates", "ConditionValue": "*"}]
    assert "ListOfTags" not in found


def test_a_selection_that_changes_is_made_anew(made: Subject) -> None:
    selection = {**made.items[0]["selection"], "without_tags": []}
    made.account.written()
    assert made.run(**only(made, selection=selection)).failed == []
    calls = [operation for service, operation in made.account.written() if service == "backup"]
    assert calls == ["DeleteBackupSelection", "CreateBackupSelection"]
    assert made.run(**only(made, selection=selection)).done == []


def test_a_selection_that_an_interrupted_run_has_not_made_is_made(made: Subject) -> None:
    client = made.account.connect("backup")
    plan = made.run().resources[NAME]["plan_id"]
    for entry in client.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]:
        client.delete_backup_selection(BackupPlanId=plan, SelectionId=entry["SelectionId"])
    assert [(each.name, each.options) for each in made.run().done] == [(NAME, {"selection"})]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({}, None),
        ({"move_to_cold_storage_after_days": 30, "delete_after_days": 60}, "delete_after_days: cold storage"),
        ({"move_to_cold_storage_after_days": 30, "delete_after_days": 120}, None),
        ({"start_window_minutes": 30}, "start_window_minutes: at least 60"),
        ({"start_window_minutes": 60, "completion_window_minutes": 90}, "completion_window_minutes: an hour"),
    ],
)
def test_rules(changed: dict[str, Any], problem: str | None) -> None:
    found = list(_backup.rule_problems({**RULE, **changed}))
    assert [each.startswith(problem) for each in found] == [True] if problem else found == []
