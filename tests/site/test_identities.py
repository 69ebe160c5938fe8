# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is off by default of who may do what: it comes, stays, drifts, goes with a prune, and goes with a teardown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from ansible_collections.uex.payments.tests.site import account
from ansible_collections.uex.payments.tests.site.conftest import BUILD, SAMPLED, emulated
from ansible_collections.uex.payments.tests.site.playbook import BOOTSTRAP, PRUNE, SITE, TEARDOWN, Run, Site
from ansible_collections.uex.payments.tests.site.witness import Witness, disagreements, witness
from ansible_collections.uex.payments.tests.support.emulator import free_port

pytestmark = pytest.mark.everything

NAME = f"uex-payments-{SAMPLED}"
LAYER = ("--tags", "foundation")
DRIFT = "playbooks/drift.yml"
ON = {
    "foundation_iam_groups_enabled": True,
    "foundation_bastion_enabled": True,
    "foundation_permissions_boundary_enabled": True,
}
PASSWORDS = {"bootstrap_password_policy_enabled": True}
OPERATORS = f"{NAME}-operators"
#: What goes with a prune once all is off; the bastion's profile is a part of its role.
OPTIONAL = {
    ("AWS::IAM::Group", OPERATORS, "delete"),
    ("AWS::IAM::Group", f"{NAME}-read-only", "delete"),
    ("AWS::IAM::ManagedPolicy", f"{NAME}-boundary", "delete"),
    ("AWS::IAM::ManagedPolicy", f"{NAME}-read", "delete"),
    ("AWS::IAM::Role", f"{NAME}-bastion", "delete"),
}
KINDS = ("iam Groups", "iam Policies", "iam InstanceProfiles")


class Story(NamedTuple):
    """All on, once more, changed behind the inventory's back and mended; all off, pruned; all on again, taken down."""

    before: account.Names
    applied: Witness
    on: account.Names
    again: Run
    repeated: list[str]
    quiet: dict[str, Any]
    drift: dict[str, Any]
    mended: Witness
    off: Run
    pruned: Witness
    without: account.Names
    users: list[str]
    ended: Witness
    after: account.Names


@pytest.fixture(scope="module")
def place() -> Iterator[Site]:
    yield from emulated(BUILD / "identities", free_port())


@pytest.fixture(scope="module")
def passwords(place: Site) -> list[Run]:
    """Without the rules, and with them: planned, made, and once more."""
    plain = place.play(BOOTSTRAP, SAMPLED)
    return [plain, *(place.play(BOOTSTRAP, SAMPLED, *how, **PASSWORDS) for how in (("--check",), (), ()))]


@pytest.fixture(scope="module")
def story(place: Site, passwords: list[Run]) -> Story:
    clients = account.connect(place.endpoint)
    before = account.names(clients)
    applied = witness(place, SAMPLED, *LAYER, **ON)
    on, begun = account.names(clients), len(place.calls())
    again = place.play(SITE, SAMPLED, *LAYER, **ON)
    repeated = place.mutations(begun)
    quiet = drifted(place)
    change(clients("iam"))
    drift = drifted(place)
    mended = witness(place, SAMPLED, *LAYER, **ON)
    off = place.play(SITE, SAMPLED, *LAYER)
    pruned = witness(place, SAMPLED, *LAYER, playbook=PRUNE)
    without = account.names(clients)
    users = [each["UserName"] for each in clients("iam").list_users()["Users"]]
    place.play(SITE, SAMPLED, *LAYER, **ON).succeeded()
    ended = witness(place, SAMPLED, *LAYER, playbook=TEARDOWN, confirm=SAMPLED)
    after = account.names(clients)
    return Story(
        *(before, applied, on, again, repeated, quiet, drift, mended, off, pruned, without, users, ended, after)
    )


def drifted(place: Site) -> dict[str, Any]:
    place.play(DRIFT, SAMPLED, *LAYER, **ON).succeeded()
    found: dict[str, Any] = json.loads((place.folder / SAMPLED / "drift.json").read_text(encoding="utf-8"))
    return found


def change(iam: Any) -> None:
    """A member, more rights than declared for a group and by the boundary, and a profile without its role."""
    iam.create_user(UserName="alice")
    iam.add_user_to_group(GroupName=OPERATORS, UserName="alice")
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
    iam.put_group_policy(GroupName=f"{NAME}-read-only", PolicyName="more", PolicyDocument=document)
    arn = f"arn:aws:iam::{account.OWN}:policy/{NAME}-boundary"
    for _time in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document, SetAsDefault=True)
    iam.remove_role_from_instance_profile(InstanceProfileName=f"{NAME}-bastion", RoleName=f"{NAME}-bastion")


def assert_agreement(seen: Witness) -> None:
    """Of IAM's kinds: a key that is taken down stays until AWS ends it."""
    sets = {"planned": seen.plan.succeeded().planned, "reported": seen.deed.run.succeeded().planned}
    sets["called"] = seen.deed.called
    ours = {label: {each for each in found if each[0].startswith("AWS::IAM::")} for label, found in sets.items()}
    assert disagreements(**ours) == []
    assert seen.mutations == seen.deed.doubled == []


def optional(names: account.Names) -> dict[str, list[str]]:
    return {kind: names[kind] for kind in KINDS}


def test_rules_for_passwords_come_only_when_asked_for(passwords: list[Run], place: Site) -> None:
    plain, planned, made, again = [each.succeeded() for each in passwords]
    rules = ("AWS::IAM::AccountPasswordPolicy", account.OWN)
    assert rules not in plain.names("create")
    assert planned.names("create") == made.names("create") == [rules]
    assert (again.changed, again.actions) == ([], {})
    found = account.connect(place.endpoint)("iam").get_account_password_policy()["PasswordPolicy"]
    assert (found["MinimumPasswordLength"], found["MaxPasswordAge"], found["PasswordReusePrevention"]) == (14, 90, 24)


def test_what_is_planned_is_made(story: Story) -> None:
    assert_agreement(story.applied)
    made = {(kind, name, "delete") for kind, name in story.applied.deed.run.names("create")}
    assert made >= OPTIONAL
    before = optional(story.before)
    on = {kind: [name for name in names if name not in before[kind]] for kind, names in optional(story.on).items()}
    assert on == {
        "iam Groups": [OPERATORS, f"{NAME}-read-only"],
        "iam Policies": [f"{NAME}-boundary", f"{NAME}-read"],
        "iam InstanceProfiles": [f"{NAME}-bastion"],
    }


def test_a_second_run_changes_nothing(story: Story) -> None:
    assert (story.again.succeeded().changed, story.repeated) == ([], [])


def test_what_somebody_changed_is_told_and_mended(story: Story) -> None:
    assert story.quiet["actions"] == story.quiet["orphans"] == []
    told = {(each["kind"], each["name"], each["verb"]) for each in story.drift["actions"]}
    assert told == {
        ("AWS::IAM::Group", f"{NAME}-read-only", "update"),
        ("AWS::IAM::ManagedPolicy", f"{NAME}-boundary", "update"),
        ("AWS::IAM::Role", f"{NAME}-bastion", "update"),
    }
    assert_agreement(story.mended)
    assert story.mended.deed.run.planned == told


def test_off_it_goes_with_the_next_prune_and_members_stay_users(story: Story) -> None:
    assert {verb for _kind, _name, verb in story.off.succeeded().planned} == {"update"}
    assert_agreement(story.pruned)
    assert story.pruned.deed.run.planned == OPTIONAL
    effects = {each["name"]: each["effects"] for each in story.pruned.plan.plan["actions"]}
    assert effects[OPERATORS] == ["takes alice out of it"]
    assert optional(story.without) == optional(story.before)
    assert story.users == ["alice"]


def test_a_teardown_leaves_nothing_of_it(story: Story) -> None:
    assert_agreement(story.ended)
    assert story.ended.deed.run.planned >= OPTIONAL
    assert optional(story.after) == optional(story.before)
    assert story.after["iam Roles"] == story.before["iam Roles"]
