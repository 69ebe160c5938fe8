# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.iam_policy import ManagedPolicy
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

OPTIONS = ("description", "tags")
BOUNDARY, SHARED = "uex-payments-test-boundary", "uex-payments-test-shared"
ARN = f"arn:aws:iam::123456789012:policy/{BOUNDARY}"
TRUST = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}


def allows(action: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}


def sample(_connect: Connect) -> dict[str, Any]:
    boundary = {"name": BOUNDARY, "policy": allows("logs:PutLogEvents"), "description": "The most", "tags": None}
    return {"policies": [boundary, {**dict.fromkeys(OPTIONS), "name": SHARED, "policy": allows("s3:GetObject")}]}


CONTRACT = Contract(ManagedPolicy, sample, change={"policy": allows("logs:*")}, unset=OPTIONS)


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    subject.account.written()
    return subject


def changed(made: Subject, **change: Any) -> dict[str, Any]:
    first, second = made.items
    return made.with_items([{**first, **change}, second])


def versions(made: Subject) -> dict[str, bool]:
    listed = made.account.connect("iam").list_policy_versions(PolicyArn=ARN)["Versions"]
    return {each["VersionId"]: each["IsDefaultVersion"] for each in listed}


@pytest.mark.parametrize(
    ("change", "calls"),
    [
        ({"policy": allows("logs:*")}, ["CreatePolicyVersion"]),
        ({"tags": {"Owner": "sre"}}, ["TagPolicy"]),
        ({"description": "Another"}, []),
    ],
)
def test_an_update_makes_only_the_calls_it_needs(made: Subject, change: dict[str, Any], calls: list[str]) -> None:
    items = changed(made, **change)
    assert made.run(**items).failed == []
    assert made.account.written() == [("iam", call) for call in calls]
    assert made.run(**items).done == []


def test_the_oldest_version_makes_room_for_a_sixth(made: Subject) -> None:
    for number in range(1, 6):
        assert made.run(**changed(made, policy=allows(f"logs:Get{number}*"))).failed == []
    assert versions(made) == {"v2": False, "v3": False, "v4": False, "v5": False, "v6": True}


def test_the_default_version_stays_though_it_is_the_oldest(made: Subject) -> None:
    iam = made.account.connect("iam")
    for number in range(2, 6):
        document = json.dumps(allows(f"logs:Get{number}*"))
        iam.create_policy_version(PolicyArn=ARN, PolicyDocument=document, SetAsDefault=False)
    assert made.run().done == []  # what is not the default says nothing
    assert made.run(**changed(made, policy=allows("logs:*"))).failed == []
    assert versions(made) == {"v1": False, "v3": False, "v4": False, "v5": False, "v6": True}


def test_a_policy_that_goes_is_detached_and_loses_its_versions(made: Subject) -> None:
    iam = made.account.connect("iam")
    iam.create_user(UserName="alice")
    iam.attach_user_policy(UserName="alice", PolicyArn=ARN)
    iam.create_group(GroupName="interns")
    iam.attach_group_policy(GroupName="interns", PolicyArn=ARN)
    assert made.run(**changed(made, policy=allows("logs:*"))).failed == []
    gone = {"prune": True, **made.with_items(made.items[1:])}
    (plan,) = [each for each in made.run(check_mode=True, **gone).plans if each.verb == "delete"]
    assert list(made.resource().effects(plan)) == ["detaches it from user alice, group interns"]
    assert made.run(**gone).failed == []
    assert iam.list_attached_user_policies(UserName="alice")["AttachedPolicies"] == []
    assert [each["PolicyName"] for each in iam.list_policies(Scope="Local")["Policies"]] == [SHARED]


def test_a_boundary_in_use_stays(made: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ManagedPolicy, "deadline", 0)
    iam = made.account.connect("iam")
    trust = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    iam.create_role(RoleName="limited", AssumeRolePolicyDocument=trust, PermissionsBoundary=ARN)
    gone = {"prune": True, **made.with_items(made.items[1:])}
    (plan,) = [each for each in made.run(check_mode=True, **gone).plans if each.verb == "delete"]
    assert list(made.resource().effects(plan)) == ["waits until it is nobody's boundary any more, now of 1"]
    (error,) = made.run(**gone).failed
    assert error.code == "TimedOut" and "run the site first" in error.message
    assert iam.get_role(RoleName="limited")["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == ARN
    iam.delete_role(RoleName="limited")
    assert made.run(**gone).failed == []
