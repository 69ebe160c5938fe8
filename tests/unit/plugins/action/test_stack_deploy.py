# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whole runs of a deploy and a rollback on the embedded AWS in-process."""

from __future__ import annotations

import re
from collections.abc import Iterator

import boto3
import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.uex.payments.plugins.modules import stack_deploy
from ansible_collections.uex.payments.tests.support import releases
from ansible_collections.uex.payments.tests.support.releases import CLUSTER, Estate, Runs
from embedded_aws import deployments

API = f"{CLUSTER}-api"


@pytest.fixture
def estate(aws: None) -> Estate:
    return Estate()


@pytest.fixture
def shifting(aws: None) -> Iterator[Estate]:
    yield Estate(releases.BLUE_GREEN)
    deployments.STEERED.clear()


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    return Runs(monkeypatch)


# A deploy


def test_all_services_are_deployed_in_their_order_and_recorded(estate: Estate, runs: Runs) -> None:
    result = runs(image_tag="1.1")
    assert not result.get("failed"), result
    assert (estate.runs("api"), estate.runs("web")) == ("1.1", "1.1")
    stages = [line.partition("  ")[2] for line in runs.shown if "stage 1" in line or "stage 2" in line]
    assert stages[-2:] == ["stage 1 of 2: api", "stage 2 of 2: web"]
    assert estate.results("api") == [("deploy", "1.1", "succeeded")]
    (entry,) = estate.releases()["api"]
    assert (entry["id"], entry["who"]["user"], entry["previous"]["image_tag"]) == ("run-1", "somebody", "1.0")
    assert entry["deployment"] == estate.deployment("api")["serviceDeploymentArn"]
    assert [row.split()[-1] for row in result["table"][1:]] == ["succeeded", "succeeded"]
    assert {each["kind"] for each in result["actions"]} == {"AWS::ECS::Service", "AWS::ECS::TaskDefinition"}


def test_nothing_but_the_image_of_a_revision_changes(estate: Estate, runs: Runs) -> None:
    before = estate.ecs.describe_task_definition(taskDefinition=estate.latest("api"), include=["TAGS"])
    runs(service=["api"], image_tag="1.1")
    after = estate.ecs.describe_task_definition(taskDefinition=estate.latest("api"), include=["TAGS"])
    old, new = before["taskDefinition"], after["taskDefinition"]
    assert new["containerDefinitions"] == [{**old["containerDefinitions"][0], "image": estate.image("api", "1.1")}]
    own = {"taskDefinitionArn", "revision", "registeredAt", "containerDefinitions"}
    assert {key: value for key, value in new.items() if key not in own} == {
        key: value for key, value in old.items() if key not in own
    }
    assert after["tags"] == [{"key": "ImageTag/api", "value": "1.1"}]


def test_tags_by_service_name_the_services(estate: Estate, runs: Runs) -> None:
    runs(image_tags={"web": "1.2"})
    assert (estate.runs("api"), estate.runs("web")) == ("1.0", "1.2")


def test_the_same_image_is_no_change_unless_it_is_forced(estate: Estate, runs: Runs) -> None:
    arn, deployment = estate.latest("api"), estate.deployment("api")["serviceDeploymentArn"]
    idle = runs(service=["api"], image_tag="1.0")
    assert (idle["changed"], idle["actions"], estate.latest("api")) == (False, [], arn)
    assert runs.said("runs it already")
    forced = runs(service=["api"], image_tag="1.0", force=True)
    assert forced["changed"]
    assert estate.latest("api") == arn
    assert estate.deployment("api")["serviceDeploymentArn"] != deployment


def test_a_check_shows_it_and_changes_nothing(estate: Estate, runs: Runs) -> None:
    arn = estate.latest("api")
    result = runs(check_mode=True, service=["api"], image_tag="1.1")
    assert result["changed"]
    assert runs.said("1.1")
    assert (estate.latest("api"), estate.runs("api")) == (arn, "1.0")
    assert boto3.client("s3").list_objects_v2(Bucket=releases.BUCKET)["KeyCount"] == 0


def test_without_a_tag_the_release_in_force_is_deployed(estate: Estate, runs: Runs) -> None:
    runs(service=["api"], image_tag="1.2")
    assert not runs(service=["api"])["changed"]


def test_a_run_without_a_lock_is_refused(estate: Estate, runs: Runs) -> None:
    runs.locked = False
    with pytest.raises(AnsibleActionFail, match="holds no lock"):
        runs(image_tag="1.1")
    assert estate.runs("api") == "1.0"


# What is refused


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"service": ["apj"], "image_tag": "1.1"}, "service: there is no apj; there are api, web"),
        ({"image_tags": {"apj": "1.1"}}, "service: there is no apj"),
        ({"service": ["api"], "image_tag": "9"}, "has no image 9; the newest there: 1.0, 1.1, 1.2"),
        (
            {"image_tag": "1.1", "services": releases.services(image_tag="1.0")},
            "stack_services.api.image_tag: the inventory says 1.0",
        ),
        ({"verb": "rollback", "service": ["api"]}, "api: no earlier release is recorded; there are none"),
        ({"verb": "rollback"}, "no release is recorded; name a service"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is(
    estate: Estate, runs: Runs, options: dict[str, object], said: str
) -> None:
    result = runs(**options)
    assert result["failed"]
    assert said in result["msg"]
    assert result["msg"].startswith("Nothing was done")
    assert (estate.runs("api"), estate.runs("web")) == ("1.0", "1.0")


def test_a_deployment_in_progress_is_in_the_way_or_awaited(shifting: Estate, runs: Runs) -> None:
    deployments.remember(API, {"hold": ["BAKE_TIME"]})
    shifting.ecs.update_service(cluster=CLUSTER, service=API, forceNewDeployment=True)
    arn = shifting.deployment("api")["serviceDeploymentArn"]
    refused = runs(service=["api"], image_tag="1.1")
    assert f"deployment {arn} is in progress: BAKE_TIME" in refused["msg"]
    runs.clock.meanwhile = deployments.STEERED.clear
    assert not runs(service=["api"], image_tag="1.1", wait=True).get("failed")
    assert runs.said(f"waiting    0 s  api: deployment {arn}")
    assert shifting.runs("api") == "1.1"


def test_production_without_healthy_targets_is_not_deployed_to(shifting: Estate, runs: Runs) -> None:
    elbv2 = boto3.client("elbv2")
    balancer = shifting.service("api")["loadBalancers"][0]
    described = elbv2.describe_target_health(TargetGroupArn=balancer["targetGroupArn"])["TargetHealthDescriptions"]
    elbv2.deregister_targets(
        TargetGroupArn=balancer["targetGroupArn"], Targets=[{"Id": each["Target"]["Id"]} for each in described]
    )
    result = runs(service=["api"], image_tag="1.1")
    assert f"compute_unhealthy_deployment_confirmed={API}" in result["msg"]


# What goes wrong


def test_tasks_that_do_not_start_are_shown_with_why_and_the_revision_goes(estate: Estate, runs: Runs) -> None:
    arn = estate.latest("api")
    deployments.remember(API, {"hold": ["PRE_SCALE_UP"]})

    def lose() -> None:
        estate.lose("api", "1.1")
        deployments.STEERED.clear()

    runs.clock.meanwhile = lose
    result = runs(image_tag="1.1")
    assert result["failed"]
    assert runs.said("CannotPullContainerError")
    assert "not begun: web" in result["msg"]
    assert (estate.latest("api"), estate.runs("api"), estate.runs("web")) == (arn, "1.0", "1.0")
    assert estate.results("api") == [("deploy", "1.1", "rolled back")]


def test_where_ecs_has_no_circuit_breaker_the_run_takes_the_deployment_back(shifting: Estate, runs: Runs) -> None:
    deployments.remember(API, {"hold": ["PRE_SCALE_UP"]})

    def lose() -> None:
        shifting.lose("api", "1.1")
        deployments.STEERED.clear()

    runs.clock.meanwhile = lose
    result = runs(service=["api"], image_tag="1.1")
    assert re.search(r"api: rolled back: \d tasks failed to start, the last: CannotPullContainerError", result["msg"])
    assert runs.said("ECS is asked to take the deployment back")
    assert shifting.runs("api") == "1.0"


def test_an_alarm_takes_a_deployment_back(aws: None, runs: Runs) -> None:
    alarms = {"alarmNames": ["errors"], "enable": True, "rollback": True}
    cloudwatch = boto3.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="errors",
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        MetricName="e",
        Namespace="n",
        Period=60,
        Statistic="Sum",
        Threshold=1,
    )
    estate = Estate({**releases.BLUE_GREEN, "alarms": alarms})
    deployments.remember(API, {"hold": ["BAKE_TIME"]})
    runs.clock.meanwhile = lambda: cloudwatch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="x")
    result = runs(service=["api"], image_tag="1.1")
    deployments.STEERED.clear()
    assert runs.said("api: in alarm: errors")
    assert "api: rolled back" in result["msg"]
    assert estate.results("api") == [("deploy", "1.1", "rolled back")]


def test_one_that_does_not_get_on_is_taken_back_after_its_time(shifting: Estate, runs: Runs) -> None:
    deployments.remember(API, {"hold": ["POST_SCALE_UP"]})
    result = runs(service=["api"], image_tag="1.1", timeout=1)
    deployments.STEERED.clear()
    assert "it has been at POST_SCALE_UP" in result["msg"]
    assert 60 < runs.clock.now - 1000 < 120


def test_what_went_well_is_rolled_back_too_if_asked_for(estate: Estate, runs: Runs) -> None:
    deployments.remember(f"{CLUSTER}-web", {"hold": ["PRE_SCALE_UP"]})

    def lose() -> None:
        estate.lose("web", "1.1")
        deployments.STEERED.clear()

    runs.clock.meanwhile = lose
    result = runs(image_tag="1.1", on_failure="rollback")
    assert result["failed"]
    assert (estate.runs("api"), estate.runs("web")) == ("1.0", "1.0")
    assert estate.results("api") == [("rollback", "1.0", "succeeded"), ("deploy", "1.1", "succeeded")]
    assert result["outcomes"]["api"]["result"] == "rolled back"


# A rollback


def test_two_rollbacks_in_a_row_go_two_releases_back(estate: Estate, runs: Runs) -> None:
    for tag in ("1.1", "1.2"):
        runs(service=["api"], image_tag=tag)
    assert not runs(verb="rollback").get("failed")
    assert estate.runs("api") == "1.1"
    assert not runs(verb="rollback").get("failed")
    assert estate.runs("api") == "1.0"
    assert [kind for kind, _tag, _result in estate.results("api")] == ["rollback", "rollback", "deploy", "deploy"]
    assert estate.latest("api") == estate.service("api")["taskDefinition"]


@pytest.mark.parametrize("word", ["run-1", "1.1"])
def test_a_release_is_named_by_its_id_or_tag(estate: Estate, runs: Runs, word: str) -> None:
    runs(image_tag="1.1")
    runs(image_tag="1.2")
    checked = runs(check_mode=True, verb="rollback", release=word)
    assert [step["to"]["image_tag"] for step in checked["steps"]] == ["1.1", "1.1"]
    assert (estate.runs("api"), estate.runs("web")) == ("1.2", "1.2")
    runs(verb="rollback", release=word)
    assert (estate.runs("api"), estate.runs("web")) == ("1.1", "1.1")
    assert runs.said("stage 1 of 2: web")


def test_a_release_whose_image_is_gone_is_refused_with_who_took_it(estate: Estate, runs: Runs) -> None:
    runs(service=["api"], image_tag="1.1")
    estate.lose("api", "1.0")
    result = runs(verb="rollback", service=["api"])
    assert "is in ECR no more" in result["msg"]
    assert "registry_keep_images" in result["msg"]


def test_an_inventory_that_names_the_tag_is_told_by_a_rollback(estate: Estate, runs: Runs) -> None:
    pinned = releases.services(image_tag="1.1")
    runs(service=["api"], image_tag="1.1", services=pinned)
    assert not runs(verb="rollback", service=["api"], services=pinned).get("failed")
    assert runs.said("stack_services.api.image_tag: the inventory says 1.1")


def test_a_deployment_in_progress_is_taken_back_by_ecs(shifting: Estate, runs: Runs) -> None:
    deployments.remember(API, {"hold": ["BAKE_TIME"]})
    shifting.ecs.register_task_definition(
        **{
            name: shifting.ecs.describe_task_definition(taskDefinition=API)["taskDefinition"][name]
            for name in ("family", "containerDefinitions", "networkMode", "requiresCompatibilities", "cpu", "memory")
        },
        executionRoleArn="arn:aws:iam::123456789012:role/x",
    )
    shifting.ecs.update_service(cluster=CLUSTER, service=API, taskDefinition=API)
    result = runs(verb="rollback", service=["api"])
    deployments.STEERED.clear()
    assert not result.get("failed"), result
    assert runs.said("the deployment in progress is taken back")
    assert shifting.deployment("api")["status"] == "ROLLBACK_SUCCESSFUL"


def test_what_is_in_progress_is_taken_back_before_a_named_release_is_deployed(shifting: Estate, runs: Runs) -> None:
    runs(service=["api"], image_tag="1.1")
    deployments.remember(API, {"hold": ["BAKE_TIME"]})
    shifting.ecs.update_service(cluster=CLUSTER, service=API, forceNewDeployment=True)
    runs.clock.meanwhile = deployments.STEERED.clear
    result = runs(verb="rollback", service=["api"], release="1.0")
    assert not result.get("failed"), result
    assert runs.said("the deployment in progress is taken back")
    assert shifting.runs("api") == "1.0"
    assert shifting.results("api")[0] == ("rollback", "1.0", "succeeded")


def test_a_call_that_fails_in_between_says_that_ecs_goes_on(
    shifting: Estate, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("no network")

    monkeypatch.setitem(stack_deploy.STEPS, "look", broken)
    result = runs(service=["api"], image_tag="1.1")
    assert result["msg"].startswith("no network. ECS goes on")


def test_what_a_run_did_not_see_the_end_of_is_asked_of_ecs(shifting: Estate, runs: Runs) -> None:
    deployments.remember(API, {"hold": ["BAKE_TIME"]})

    def interrupt() -> None:
        raise KeyboardInterrupt

    runs.clock.meanwhile = interrupt
    with pytest.raises(KeyboardInterrupt):
        runs(service=["api"], image_tag="1.1")
    assert shifting.results("api") == [("deploy", "1.1", "begun")]
    runs.clock.meanwhile = lambda: None
    assert not runs(verb="rollback").get("failed")
    deployments.STEERED.clear()
    assert shifting.results("api") == [("deploy", "1.1", "rolled back")]
    assert shifting.runs("api") == "1.0"


def test_the_first_tasks_of_a_service_are_started_by_a_deploy(aws: None, runs: Runs) -> None:
    estate = Estate(desired=0)
    result = runs(service=["api"], image_tag="1.1")
    assert [step["act"] for step in result["steps"]] == ["start"]
    assert estate.service("api")["desiredCount"] == 2
    assert estate.runs("api") == "1.1"
    refused = runs(verb="rollback", service=["api"])
    assert "no earlier release is recorded" in refused["msg"]


def test_a_pause_is_shown_with_the_command_that_ends_it(aws: None, runs: Runs) -> None:
    estate = Estate({**releases.BLUE_GREEN, "lifecycleHooks": [releases.PAUSE]})

    def proceed() -> None:
        shown = estate.deployment("api")
        hook = shown["lifecycleHookDetails"][0]["hookId"]
        estate.ecs.continue_service_deployment(serviceDeploymentArn=shown["serviceDeploymentArn"], hookId=hook)

    proceed()
    runs.clock.meanwhile = proceed
    result = runs(service=["api"], image_tag="1.1")
    assert not result.get("failed"), result
    assert runs.said("approve -e service=api -e decision=continue")
