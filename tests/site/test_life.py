# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plan, apply, run again, one layer, one service more, one service less: three environments in one account."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ansible_collections.uex.payments.tests.site.account import difference
from ansible_collections.uex.payments.tests.site.conftest import LAYERS, SAMPLED, SEVENTH, Seventh, Stage
from ansible_collections.uex.payments.tests.site.playbook import Run, Site
from ansible_collections.uex.payments.tests.support.playbooks import ROOT

MOST_TASKS = 50
LONGEST_REPEAT_SECONDS = 60.0
LEAST_ACTIONS = 150
#: AWS deletes them with their target.
GO_ALONG = ("AWS::ApplicationAutoScaling::ScalingPolicy",)
#: Run on the embedded AWS alone.
EMULATOR_ACTION = "uex.payments.embedded_aws"


# On an empty account


def test_a_plan_succeeds_on_an_empty_account_through_every_layer(plans: Stage, environment: str) -> None:
    run = plans.runs[environment].succeeded()
    assert [layer for layer in LAYERS if f"  {layer}\n" not in run.output] == []
    assert len(run.actions) >= LEAST_ACTIONS
    assert {verb for _kind, _name, verb in run.planned} == {"create"}


def test_a_plan_changes_nothing(plans: Stage) -> None:
    assert plans.mutations == []


def test_an_apply_does_what_was_planned_and_nothing_else(
    plans: Stage, applies: dict[str, Run], environment: str
) -> None:
    planned, done = plans.runs[environment].actions, applies[environment].succeeded().actions
    assert done - planned == {}, "done and not planned"
    assert planned - done == {}, "planned and not done"


def test_the_plan_s_file_says_what_the_apply_s_says(plans: Stage, applies: dict[str, Run], environment: str) -> None:
    planned, done = plans.runs[environment], applies[environment]
    assert len(planned.planned) >= LEAST_ACTIONS
    assert planned.planned == done.planned
    assert planned.plan["summary"] == done.plan["summary"]
    assert {(kind, name) for kind, name, _verb in planned.planned} == {key[:2] for key in planned.actions}


# The status of make


@pytest.mark.parametrize(
    ("variable", "status"),
    [("registry_scan_on_push=true", 0), ("registry_x=1", 1), ("registry_keep_images=3", 2)],
)
def test_make_plan_exits_with_its_verdict(site: Site, repeats: Stage, variable: str, status: int) -> None:
    settings = [f"embedded_aws_port={site.port}", f"stack_build_directory={site.folder}", variable]
    play = " ".join(["ansible-playbook", "--tags", "registry", *(f"-e '{each}'" for each in settings)])
    command = ["make", "plan", f"ENV={SAMPLED}", f"PLAY={play}", f"BUILD={site.folder}"]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr


# Once it stands


def test_a_second_run_changes_nothing(repeats: Stage, environment: str) -> None:
    assert repeats.runs[environment].succeeded().changed == []


def test_a_run_is_short(repeats: Stage, environment: str) -> None:
    run = repeats.runs[environment]
    tasks = [each["task"] for each in run.results if each["action"] != EMULATOR_ACTION]
    assert 0 < len(tasks) <= MOST_TASKS
    assert run.seconds < LONGEST_REPEAT_SECONDS


def test_second_runs_call_nothing_that_changes_anything(repeats: Stage) -> None:
    assert repeats.mutations == []


def test_a_plan_of_what_stands_is_empty(later_plans: Stage) -> None:
    assert {name: run.succeeded().changed for name, run in later_plans.runs.items() if run.changed} == {}
    assert later_plans.mutations == []


def test_the_estate_is_as_specified(site: Site, applies: dict[str, Run], environment: str) -> None:
    arguments = [f"--environment={environment}", f"--endpoint-url={site.endpoint}", "--tb=short"]
    command = [sys.executable, "-m", "pytest", "tests/integration", *arguments]
    done = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout


def test_a_layer_alone_finds_the_others_and_changes_nothing(layers: Stage) -> None:
    assert {layer: run.succeeded().changed for layer, run in layers.runs.items() if run.changed} == {}
    assert layers.mutations == []


def test_a_layer_alone_runs_no_other(layers: Stage) -> None:
    for layer, run in layers.runs.items():
        began = {other for other in LAYERS if f"  {other}\n" in run.output}
        assert began == {layer}


# A seventh service


def test_a_seventh_service_is_one_entry(seventh: Seventh) -> None:
    created = seventh.added.succeeded().names("create")
    kinds = {kind for kind, _name in created}
    assert {
        "AWS::IAM::Role",
        "AWS::ECR::Repository",
        "AWS::Logs::LogGroup",
        "AWS::ECS::TaskDefinition",
        "AWS::ECS::Service",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::CompositeAlarm",
    } <= kinds
    assert [(kind, name) for kind, name in created if SEVENTH not in name] == []
    assert {verb for _kind, _name, verb in seventh.added.actions} == {"create", "update"}


def test_what_a_seventh_service_adds_to_the_account_bears_its_name(seventh: Seventh) -> None:
    added = difference(seventh.before, seventh.between)
    assert added
    assert {kind: names for kind, names in added.items() if [name for name in names if SEVENTH not in name]} == {}
    assert difference(seventh.between, seventh.before) == {}


def test_pruning_deletes_just_what_the_service_had(seventh: Seventh) -> None:
    added = [(kind, name) for kind, name in seventh.added.names("create") if kind not in GO_ALONG]
    assert seventh.pruned.succeeded().names("delete") == added
    others = {(kind, verb) for kind, _name, verb in seventh.pruned.actions if verb != "delete"}
    assert others == {("AWS::CloudWatch::CompositeAlarm", "update")}, "AWS deletes no alarm that a rule names"


def test_pruning_leaves_the_account_as_it_was(seventh: Seventh) -> None:
    assert difference(seventh.before, seventh.after) == {}
    assert difference(seventh.after, seventh.before) == {}
    assert seventh.after == seventh.before


@pytest.mark.everything
def test_pruning_leaves_to_an_apply_what_the_service_shared_with_others(after_seventh: Run) -> None:
    left = after_seventh.succeeded().actions
    assert {verb for _kind, _name, verb in left} == {"update"}
    assert [name for _kind, name, _verb in left if SEVENTH in name] == []
