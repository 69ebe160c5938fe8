# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _report
from ansible_collections.uex.payments.plugins.modules.iam_role import Role
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account, Connect, Contract, Subject

MONITORING, READ_ONLY = (f"arn:aws:iam::123456789012:policy/{name}" for name in ("monitoring", "read-only"))
OPTIONS = (
    *("policies", "managed_policies", "permissions_boundary"),
    *("description", "max_session_duration", "path", "instance_profile", "tags"),
)


def trust(service: str = "ecs-tasks") -> dict[str, Any]:
    principal = {"Service": f"{service}.amazonaws.com"}
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def reads(action: str = "s3:GetObject") -> dict[str, Any]:
    return document({"Effect": "Allow", "Action": action, "Resource": "arn:aws:s3:::x/*"})


def item(name: str, **given: Any) -> dict[str, Any]:
    full_name = f"uex-payments-test-{name}"
    return {**dict.fromkeys(OPTIONS), "name": full_name, "assume_role_policy": trust(), **given}


def sample(connect: Connect) -> dict[str, Any]:
    for arn in (MONITORING, READ_ONLY):
        connect("iam").create_policy(PolicyName=arn.rpartition("/")[2], PolicyDocument=json.dumps(reads()))
    execution = item(
        "execution",
        policies={"pull": reads("ecr:BatchGetImage"), "secrets": reads()},
        managed_policies=[MONITORING],
        permissions_boundary=READ_ONLY,
        description="Starts tasks",
        max_session_duration=7200,
        path="/",
    )
    return {"roles": [execution, item("task-backend")]}


CONTRACT = Contract(Role, sample, change={"policies": {"secrets": reads("s3:PutObject")}}, unset=OPTIONS)


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    subject.account.written()
    return subject


@pytest.mark.parametrize(
    ("change", "calls"),
    [
        ({"assume_role_policy": trust("monitoring.rds")}, ["UpdateAssumeRolePolicy"]),
        ({"policies": {}}, ["DeleteRolePolicy", "DeleteRolePolicy"]),
        ({"managed_policies": [READ_ONLY]}, ["AttachRolePolicy", "DetachRolePolicy"]),
        ({"managed_policies": []}, ["DetachRolePolicy"]),
        ({"permissions_boundary": ""}, ["DeleteRolePermissionsBoundary"]),
        ({"permissions_boundary": MONITORING}, ["PutRolePermissionsBoundary"]),
        ({"description": "", "max_session_duration": 3600}, ["UpdateRole"]),
        ({"tags": {"Owner": "sre"}}, ["TagRole"]),
    ],
)
def test_an_update_makes_only_the_calls_it_needs(made: Subject, change: dict[str, Any], calls: list[str]) -> None:
    first, second = made.items
    items = made.with_items([{**first, **change}, second])
    assert made.run(**items).failed == []
    assert made.account.written() == [("iam", call) for call in calls]
    assert made.run(**items).done == []


def test_a_policy_that_somebody_added_is_drift(made: Subject) -> None:
    name = made.names()[0]
    made.account.connect("iam").put_role_policy(RoleName=name, PolicyName="extra", PolicyDocument=json.dumps(reads()))
    plan = made.run(check_mode=True).plans[0]
    found = {change.field: change.before for change in plan.changes}
    assert found == {"policy_names": ["extra", "pull", "secrets"]}


def test_another_spelling_of_a_policy_is_none(made: Subject) -> None:
    first, second = made.items
    respelled = document({"Resource": ["arn:aws:s3:::x/*"], "Action": ["s3:GetObject"], "Effect": "Allow"})
    policies = {**first["policies"], "secrets": respelled}
    items = made.with_items([{**first, "policies": policies}, second])
    assert made.run(check_mode=True, **items).plans[0].verb == "keep"


def test_the_path_cannot_change(made: Subject) -> None:
    outcome = made.run(**made.with_items([{**made.items[0], "path": "/other/"}]))
    assert [error.code for error in outcome.failed] == ["Frozen"]


def test_a_role_leaves_its_instance_profiles_before_it_goes(made: Subject) -> None:
    iam, name = made.account.connect("iam"), made.names()[1]
    iam.create_instance_profile(InstanceProfileName="bastion")
    iam.add_role_to_instance_profile(InstanceProfileName="bastion", RoleName=name)
    assert made.run(prune=True, **made.with_items(made.items[:1])).failed == []
    assert iam.get_instance_profile(InstanceProfileName="bastion")["InstanceProfile"]["Roles"] == []


def profiles(made: Subject) -> dict[str, dict[str, Any]]:
    """The instance profiles by name, with the roles in them and their tags."""
    iam = made.account.connect("iam")
    names = [each["InstanceProfileName"] for each in iam.list_instance_profiles()["InstanceProfiles"]]
    found = [iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"] for name in names]
    return {
        each["InstanceProfileName"]: {
            "roles": [role["RoleName"] for role in each["Roles"]],
            "tags": {tag["Key"]: tag["Value"] for tag in each["Tags"]},
        }
        for each in found
    }


def with_profile(made: Subject, wanted: bool | None = True) -> dict[str, Any]:
    first, second = made.items
    return made.with_items([first, {**second, "instance_profile": wanted}])


def test_a_profile_of_the_role_s_name_comes_and_goes_with_the_option(made: Subject) -> None:
    name = made.names()[1]
    planned = made.run(check_mode=True, **with_profile(made)).plans[1]
    assert {change.option for change in planned.changes} == {"instance_profile"}
    outcome = made.run(**with_profile(made))
    assert outcome.failed == []
    assert made.account.written() == [("iam", "CreateInstanceProfile"), ("iam", "AddRoleToInstanceProfile")]
    assert profiles(made) == {name: {"roles": [name], "tags": TAGS}}
    known = _report.identities(Role.computed, outcome.plans, outcome.resources)  # by which it is no orphan
    assert [text for text in known[name] if text.endswith(f":instance-profile/{name}")]
    assert all("" not in texts for texts in known.values())
    assert made.run(**with_profile(made)).done == []
    assert made.run(**with_profile(made, None)).done == []
    assert made.run(**with_profile(made, wanted=False)).failed == []
    assert profiles(made) == {}


def test_a_profile_that_an_interrupted_run_left_empty_is_taken_up(made: Subject) -> None:
    name = made.names()[1]
    made.account.connect("iam").create_instance_profile(InstanceProfileName=name)
    made.account.written()
    assert made.run(**with_profile(made)).failed == []
    assert made.account.written() == [("iam", "TagInstanceProfile"), ("iam", "AddRoleToInstanceProfile")]
    assert profiles(made) == {name: {"roles": [name], "tags": TAGS}}


def test_a_new_role_gets_its_profile_at_once_and_takes_it_along(aws: None) -> None:
    subject = Subject(CONTRACT, Account())
    assert subject.run(**with_profile(subject)).failed == []
    name = subject.names()[1]
    assert profiles(subject).keys() == {name}
    assert subject.run(prune=True, **subject.with_items(subject.items[:1])).failed == []
    assert profiles(subject) == {}
