# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.iam_group import Group
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account, Connect, Contract, Subject

SHARED, OTHER = (f"arn:aws:iam::123456789012:policy/{name}" for name in ("shared", "other"))
OPTIONS = ("policies", "managed_policies")
OPERATORS, READ_ONLY = "uex-payments-test-operators", "uex-payments-test-read-only"


def reads(action: str = "logs:GetLogEvents") -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}


def item(name: str, **given: Any) -> dict[str, Any]:
    return {**dict.fromkeys(OPTIONS), "name": name, **given}


def sample(connect: Connect) -> dict[str, Any]:
    for arn in (SHARED, OTHER):
        connect("iam").create_policy(PolicyName=arn.rpartition("/")[2], PolicyDocument=json.dumps(reads()))
    policies = {"read": reads(), "operate": reads("ecs:UpdateService")}
    return {"groups": [item(OPERATORS, policies=policies, managed_policies=[SHARED]), item(READ_ONLY)]}


CONTRACT = Contract(Group, sample, change={"policies": {"read": reads("ecs:ListTasks")}}, unset=OPTIONS)


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    subject.account.written()
    return subject


@pytest.mark.parametrize(
    ("change", "calls"),
    [
        ({"policies": {"read": reads("ecs:ListTasks")}}, ["PutGroupPolicy", "DeleteGroupPolicy"]),
        ({"policies": {}}, ["DeleteGroupPolicy", "DeleteGroupPolicy"]),
        ({"managed_policies": [OTHER]}, ["AttachGroupPolicy", "DetachGroupPolicy"]),
    ],
)
def test_an_update_makes_only_the_calls_it_needs(made: Subject, change: dict[str, Any], calls: list[str]) -> None:
    first, second = made.items
    items = made.with_items([{**first, **change}, second])
    assert made.run(**items).failed == []
    assert made.account.written() == [("iam", call) for call in calls]
    assert made.run(**items).done == []


def test_a_policy_that_somebody_added_is_drift(made: Subject) -> None:
    connect = made.account.connect
    connect("iam").put_group_policy(GroupName=OPERATORS, PolicyName="extra", PolicyDocument=json.dumps(reads()))
    found = {change.field: change.before for change in made.run(check_mode=True).plans[0].changes}
    assert found == {"policy_names": ["extra", "operate", "read"]}


def test_members_leave_a_group_that_goes_and_stay_users(made: Subject) -> None:
    iam = made.account.connect("iam")
    for user in ("bob", "alice"):
        iam.create_user(UserName=user)
        iam.add_user_to_group(GroupName=OPERATORS, UserName=user)
    assert made.run().done == []  # who is in it is nobody's drift
    gone = {"prune": True, **made.with_items([])}
    plans = {plan.name: plan for plan in made.run(check_mode=True, **gone).plans}
    kind = made.resource()
    assert list(kind.effects(plans[OPERATORS])) == ["takes alice, bob out of it"]
    assert list(kind.effects(plans[READ_ONLY])) == []
    assert made.run(**gone).failed == []
    assert iam.list_groups()["Groups"] == []
    assert [each["UserName"] for each in iam.list_users()["Users"]] == ["bob", "alice"]


def test_pruning_takes_what_has_both_our_name_and_our_path(made: Subject) -> None:
    iam = made.account.connect("iam")
    spared = {"uex-payments-test-interns": "/", "uex-payments-other-operators": "/uex-payments/other/"}
    for name, path in {**spared, "uex-payments-test-old": "/uex-payments/test/"}.items():
        iam.create_group(GroupName=name, Path=path)
    outcome = made.run(prune=True)
    assert [(plan.verb, plan.name) for plan in outcome.done] == [("delete", "uex-payments-test-old")]
    assert made.run(prune=True, tags={**TAGS, "Environment": "other"}, **made.with_items([])).failed == []
    left = {each["GroupName"] for each in iam.list_groups()["Groups"]}
    assert left == {OPERATORS, READ_ONLY, "uex-payments-test-interns"}


def test_somebody_else_s_group_of_a_declared_name_is_refused_unless_adopted(aws: None) -> None:
    subject = Subject(CONTRACT, Account())
    iam = subject.account.connect("iam")
    iam.create_group(GroupName=READ_ONLY)
    subject.account.written()
    outcome = subject.run()
    assert [(error.name, error.code) for error in outcome.failed] == [(READ_ONLY, "NotOurs")]
    assert subject.account.written() == []
    assert subject.run(adopt=True).failed == []
    assert iam.get_group(GroupName=READ_ONLY)["Group"]["Path"] == "/uex-payments/test/"
    assert subject.run().done == []
