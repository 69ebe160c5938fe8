# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An environment changed behind the inventory's back: what drift tells, what pruning deletes, what an apply mends."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from ansible_collections.uex.payments.tests.site import account, strays
from ansible_collections.uex.payments.tests.site.conftest import SAMPLED
from ansible_collections.uex.payments.tests.site.drifts import DRIFTS
from ansible_collections.uex.payments.tests.site.playbook import SITE, Action, Run, Site
from ansible_collections.uex.payments.tests.support.playbooks import ROOT

pytestmark = pytest.mark.everything

DRIFT = "playbooks/drift.yml"
NOTHING, SOMETHING = 0, 2
QUIET = {"create": 0, "update": 0, "replace": 0, "delete": 0, "adopt": 0, "refuse": 0, "orphans": 0}
#: The verbs of operations that delete; pruning calls no others that change anything.
DELETING = ("Delete",)
#: What mends all of it, and takes over what was not ours.
MENDING = {
    "application-autoscaling:PutScalingPolicy": 1,
    "application-autoscaling:RegisterScalableTarget": 1,
    "cloudwatch:PutDashboard": 1,
    "cloudwatch:PutMetricAlarm": 2,
    "cloudwatch:TagResource": 1,
    "ec2:AuthorizeSecurityGroupIngress": 1,
    "ec2:CreateRoute": 1,
    "ec2:CreateTags": 3,
    "ec2:DeleteNetworkAclEntry": 1,
    "ec2:ModifySubnetAttribute": 1,
    "ec2:RevokeSecurityGroupIngress": 2,
    "ecr:PutImageTagMutability": 1,
    "ecr:PutLifecyclePolicy": 1,
    "ecr:SetRepositoryPolicy": 1,
    "ecs:UpdateCluster": 1,
    "ecs:UpdateService": 1,
    "elasticache:ModifyReplicationGroup": 1,
    "elbv2:AddTags": 1,
    "elbv2:ModifyLoadBalancerAttributes": 1,
    "elbv2:ModifyRule": 1,
    "elbv2:ModifyTargetGroup": 1,
    "iam:DeleteRolePolicy": 1,
    "iam:TagRole": 1,
    "kms:PutKeyPolicy": 1,
    "kms:TagResource": 1,
    "logs:PutQueryDefinition": 1,
    "logs:PutRetentionPolicy": 1,
    "rds:ModifyDBInstance": 1,
    "rds:ModifyDBParameterGroup": 1,
    "s3:PutBucketLifecycleConfiguration": 1,
    "s3:PutBucketPolicy": 1,
    "s3:PutBucketVersioning": 1,
    "s3:PutPublicAccessBlock": 1,
    "secretsmanager:PutResourcePolicy": 1,
    "secretsmanager:TagResource": 1,
    "sns:SetTopicAttributes": 1,
    "sns:TagResource": 1,
}
#: What the changes are told as; of the VPC two are.
TOLD = {(each.kind, each.name, each.verb) for each in DRIFTS}
#: How many of the changes are made, told and mended at a time with --everything.
AT_ONCE = 6


class Round(NamedTuple):
    """What a drift with C(prune=true) told and did, what the apply after it did, and the account before and after."""

    before: account.Names
    drift: dict[str, Any]
    pruned: Run
    pruning: list[str]
    applied: Run
    applying: list[str]
    after: account.Names
    verdict: int
    last: dict[str, Any]


def told(site: Site) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((site.folder / SAMPLED / "drift.json").read_text(encoding="utf-8"))
    return found


def verdict(site: Site) -> int:
    """The status of C(make drift)."""
    settings = (f"embedded_aws_port={site.port}", f"stack_build_directory={site.folder}")
    play = " ".join(["ansible-playbook", *(f"-e '{each}'" for each in settings)])
    command = ["make", "drift", f"ENV={SAMPLED}", f"PLAY={play}", f"BUILD={site.folder}"]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return done.returncode


def live(site: Site) -> Round:
    """Make all the changes at once; drift and prune; apply; drift again."""
    clients = account.connect(site.endpoint)
    before = account.names(clients)
    for drift in DRIFTS:
        drift.make(clients)
    strays.make(clients)
    strays.disown(clients)
    begun = len(site.calls())
    pruned = site.play(DRIFT, SAMPLED, prune=True)
    first, pruning = told(site), site.mutations(begun)
    strays.remove(clients)
    begun = len(site.calls())
    applied = site.play(SITE, SAMPLED, adopt=True)
    applying = site.mutations(begun)
    after = account.names(clients)
    return Round(before, first, pruned, pruning, applied, applying, after, verdict(site), told(site))


@pytest.fixture(scope="session")
def round_trip(site: Site, after_seventh: Run) -> Round:
    return live(site)


def fields(drift: dict[str, Any]) -> dict[tuple[str, str], set[str]]:
    """The fields that differ, by kind and name."""
    found: dict[tuple[str, str], set[str]] = {}
    for action in drift["actions"]:
        names = {change["field"] for change in action["changes"]}
        found[action["kind"], action["name"]] = names if action["verb"] in ("update", "replace") else set()
    return found


def expected_fields() -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for each in DRIFTS:
        found.setdefault((each.kind, each.name), set()).update(each.fields)
    return found


def acted(drift: dict[str, Any], *verbs: str) -> set[Action]:
    return {(each["kind"], each["name"], each["verb"]) for each in drift["actions"] if each["verb"] in verbs}


# What a drift tells


def test_every_change_is_told_and_nothing_else(round_trip: Round) -> None:
    assert acted(round_trip.drift, "create", "update", "replace", "refuse") == TOLD


def test_every_change_is_told_by_its_fields(round_trip: Round) -> None:
    expected = expected_fields()
    found = fields(round_trip.drift)
    assert {key: found[key] for key in expected} == expected


def test_what_is_not_ours_any_more_is_told_in_one_run(round_trip: Round) -> None:
    assert {(kind, name) for kind, name, _verb in acted(round_trip.drift, "adopt")} == strays.STRANGERS


def test_what_is_in_no_inventory_is_told_with_what_becomes_of_it(round_trip: Round) -> None:
    listed = {(each["kind"], each["name"]): each for each in round_trip.drift["orphans"]}
    assert listed.keys() == strays.PRUNED.keys() | strays.LEFT.keys()
    assert {key: listed[key]["layer"] for key in strays.PRUNED} == strays.PRUNED
    assert [key for key in strays.PRUNED if not listed[key]["prune"] or listed[key]["reason"]] == []
    assert [key for key in strays.LEFT if listed[key]["prune"] or not listed[key]["arn"]] == []
    assert [key for key, reason in strays.LEFT.items() if not listed[key]["reason"].startswith(reason)] == []


def test_the_file_counts_what_it_lists(round_trip: Round) -> None:
    drift = round_trip.drift
    counts = {verb: len(acted(drift, verb)) for verb in QUIET if verb != "orphans"}
    assert drift["summary"] == {**counts, "orphans": len(drift["orphans"])}
    assert drift["environment"] == SAMPLED


# What pruning deletes


def test_pruning_deletes_what_was_told_and_nothing_else(round_trip: Round) -> None:
    run = round_trip.pruned.succeeded()
    assert run.planned == {(kind, name, "delete") for kind, name in strays.PRUNED}
    assert run.planned == acted(round_trip.drift, "delete")


def test_pruning_mends_nothing(round_trip: Round) -> None:
    called = [each.partition(":")[2] for each in round_trip.pruning]
    assert len(called) >= len(strays.PRUNED)
    assert [each for each in called if not each.startswith(DELETING)] == []


# What an apply mends


def test_one_apply_mends_what_was_told_and_touches_nothing_else(round_trip: Round) -> None:
    adopted = {(kind, name, "update") for kind, name in strays.STRANGERS}
    assert round_trip.applied.succeeded().planned == TOLD | adopted


def test_an_apply_calls_what_mends_and_nothing_else(round_trip: Round) -> None:
    assert Counter(round_trip.applying) == Counter(MENDING)


def test_the_account_is_as_before(round_trip: Round) -> None:
    assert round_trip.after == round_trip.before


def test_afterwards_there_is_no_drift(round_trip: Round) -> None:
    assert round_trip.last == {"environment": SAMPLED, "actions": [], "orphans": [], "summary": QUIET}
    assert round_trip.verdict == NOTHING


# A few at a time


def groups() -> Iterator[Any]:
    for begin in range(0, len(DRIFTS), AT_ONCE):
        some = DRIFTS[begin : begin + AT_ONCE]
        yield pytest.param(some, id=" ".join(each.make.__name__ for each in some))


@pytest.mark.parametrize("some", list(groups()))
def test_a_few_changes_are_told_and_mended_alone(site: Site, round_trip: Round, some: Any) -> None:
    clients = account.connect(site.endpoint)
    for each in some:
        each.make(clients)
    assert verdict(site) == SOMETHING
    assert acted(told(site), *QUIET) == {(each.kind, each.name, each.verb) for each in some}
    assert site.play(SITE, SAMPLED).succeeded().planned == {(each.kind, each.name, each.verb) for each in some}
    assert verdict(site) == NOTHING
    assert account.names(clients) == round_trip.before


# Nobody cries wolf


def test_what_stands_has_no_drift(site: Site, round_trip: Round, environment: str) -> None:
    if environment == SAMPLED:
        pytest.skip("the sampled environment's last drift is looked at above")
    run = site.play(DRIFT, environment).succeeded()
    found = json.loads((site.folder / environment / "drift.json").read_text(encoding="utf-8"))
    assert (found["summary"], run.changed) == (QUIET, [])
