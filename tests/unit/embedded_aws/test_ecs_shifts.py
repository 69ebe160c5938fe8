# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS deployments that shift traffic, fail, are rolled back, paused, stopped and replaced."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.tests.support.ecs_estate import (
    ACCOUNT,
    FAST,
    Estate,
    Shifted,
    push,
    refused,
    service_role,
    shifted,
)
from embedded_aws import deployments as steering
from embedded_aws.extensions._ecs_traffic import weights

BREAKER = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
ALARMS = {"alarms": {"alarmNames": ["errors"], "enable": True, "rollback": True}}
ROLLING = {"strategy": "ROLLING"}
PAUSE = {"targetType": "PAUSE", "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"]}
NO_CANDIDATE = "No rollback candidate was found to run the rollback."
ROLLED_BACK = "Service deployment rolled back because"

pytestmark = pytest.mark.usefixtures("aws")

Hold = Callable[..., None]


class Clock:
    """Seconds since 1970, as the test says."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(steering, "clock", found)
    return found


@pytest.fixture(autouse=True)
def hold(monkeypatch: pytest.MonkeyPatch) -> Hold:
    """Hold the deployments of the test at stages; without any, let them go."""
    monkeypatch.setattr(steering, "STEERED", {})
    return lambda *places: steering.remember("api", {"hold": places})


@pytest.fixture
def shift(estate: Estate) -> Shifted:
    for tag in ("2", "3"):
        push(tag)
    return shifted(estate)


def alarm(state: str, name: str = "errors") -> None:
    client = boto3.client("cloudwatch")
    client.put_metric_alarm(
        AlarmName=name,
        MetricName="Errors",
        Namespace="pay",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        Statistic="Sum",
        ComparisonOperator="GreaterThanThreshold",
    )
    client.set_alarm_state(AlarmName=name, StateValue=state, StateReason="test")


def function(name: str = "check") -> str:
    """Make a Lambda function; its ARN."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("f.py", "")
    made = boto3.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.12",
        Role=service_role(f"{name}-runs", "lambda.amazonaws.com"),
        Handler="f.handler",
        Code={"ZipFile": code.getvalue()},
    )
    return str(made["FunctionArn"])


@pytest.mark.parametrize(
    ("share", "expected"), [(0, [100, 0]), (100.0, [0, 100]), (10.0, [90, 10]), (12.5, [875, 125]), (0.1, [999, 1])]
)
def test_weights_are_whole_numbers(share: float, expected: list[int]) -> None:
    assert list(weights("blue", "green", share).values()) == expected


class TestBlueGreen:
    """From one target group to the other, and back again."""

    def test_the_first_comes_up_in_the_first_group(self, shift: Shifted) -> None:
        shift.create()
        assert shift.seen() == ("SUCCESSFUL", "CLEAN_UP", [100, 0], [100, 0], ["1", "1"])
        found = shift.deployment()
        assert (shift.targets(), found["sourceServiceRevisions"]) == ([2, 0], [])
        shift.estate.ecs.get_waiter("services_stable").wait(cluster="pay", services=["api"], WaiterConfig=FAST)

    def test_later_ones_go_to_and_fro(self, shift: Shifted) -> None:
        shift.create()
        shift.deploy("2")
        assert shift.seen() == ("SUCCESSFUL", "CLEAN_UP", [0, 100], [0, 100], ["2", "2"])
        shift.deploy("3")
        assert shift.seen() == ("SUCCESSFUL", "CLEAN_UP", [100, 0], [100, 0], ["3", "3"])
        assert shift.targets() == [2, 0]

    @pytest.mark.parametrize(
        ("stage", "production", "test", "tasks"),
        [
            ("PRE_SCALE_UP", [100, 0], [100, 0], ["1", "1"]),
            ("SCALE_UP", [100, 0], [100, 0], ["1", "1", "2", "2"]),
            ("POST_SCALE_UP", [100, 0], [100, 0], ["1", "1", "2", "2"]),
            ("TEST_TRAFFIC_SHIFT", [100, 0], [0, 100], ["1", "1", "2", "2"]),
            ("POST_TEST_TRAFFIC_SHIFT", [100, 0], [0, 100], ["1", "1", "2", "2"]),
            ("PRODUCTION_TRAFFIC_SHIFT", [0, 100], [0, 100], ["1", "1", "2", "2"]),
            ("POST_PRODUCTION_TRAFFIC_SHIFT", [0, 100], [0, 100], ["1", "1", "2", "2"]),
            ("BAKE_TIME", [0, 100], [0, 100], ["1", "1", "2", "2"]),
            ("CLEAN_UP", [0, 100], [0, 100], ["2", "2"]),
        ],
    )
    def test_what_each_stage_does(
        self, shift: Shifted, hold: Hold, stage: str, production: list[int], test: list[int], tasks: list[str]
    ) -> None:
        shift.create()
        hold(stage)
        shift.deploy("2")
        assert shift.seen() == ("IN_PROGRESS", stage, production, test, tasks)
        service = shift.estate.service()
        assert service["deployments"][0]["rolloutState"] == "IN_PROGRESS"
        assert [d["status"] for d in service["deployments"]] == ["PRIMARY", "ACTIVE"][: 1 + (stage != "CLEAN_UP")]
        hold()
        assert shift.seen() == ("SUCCESSFUL", "CLEAN_UP", [0, 100], [0, 100], ["2", "2"])

    def test_before_a_shift_the_stage_is_one_that_aws_has_a_word_for(self, shift: Shifted, hold: Hold) -> None:
        shift.create()
        hold("PRE_PRODUCTION_TRAFFIC_SHIFT")
        shift.deploy("2")
        assert shift.seen()[:3] == ("IN_PROGRESS", "PRODUCTION_TRAFFIC_SHIFT", [100, 0])

    def test_shares_of_the_revisions(self, shift: Shifted, hold: Hold) -> None:
        shift.create({"strategy": "CANARY", "canaryConfiguration": {"canaryPercent": 10.0}})
        hold("PRODUCTION_TRAFFIC_SHIFT@10")
        shift.deploy("2")
        found = shift.deployment()
        both = [*found["sourceServiceRevisions"], found["targetServiceRevision"]]
        assert [revision["requestedProductionTrafficWeight"] for revision in both] == [90, 10]
        assert [revision["requestedTestTrafficWeight"] for revision in both] == [0, 100]
        assert [revision["runningTaskCount"] for revision in both] == [2, 2]

    @pytest.mark.parametrize(
        ("configuration", "expected"),
        [
            ({"strategy": "CANARY", "canaryConfiguration": {"canaryPercent": 2.5}}, ([975, 25], [0, 100])),
            ({"strategy": "LINEAR", "linearConfiguration": {"stepPercent": 40.0}}, ([60, 40], [20, 80], [0, 100])),
        ],
    )
    def test_production_is_shifted_in_steps(
        self, shift: Shifted, clock: Clock, configuration: dict[str, Any], expected: tuple[list[int], ...]
    ) -> None:
        """Each step bakes its minutes: ten for a canary, six for a linear one."""
        shift.create(configuration)
        steering.remember("api", {"bake_minute_seconds": 1})
        shift.deploy("2")
        found = []
        for _second in range(20):
            found += [shift.weights()] if shift.weights() not in found else []
            clock.now += 1
            shift.deployment()
        assert tuple(found) == expected

    def test_without_a_load_balancer_it_passes_too(self, shift: Shifted, hold: Hold) -> None:
        """Service Connect alone: the same stages, and no rule is touched."""
        boto3.client("servicediscovery").create_http_namespace(Name="pay.local")
        connect = {"enabled": True, "namespace": "pay.local", "services": [{"portName": "http"}]}
        shift.create(loadBalancers=[], serviceConnectConfiguration=connect)
        hold("BAKE_TIME")
        shift.deploy("2")
        assert shift.seen() == ("IN_PROGRESS", "BAKE_TIME", [100, 0], [100, 0], ["1", "1", "2", "2"])
        hold()
        assert shift.seen()[0] == "SUCCESSFUL"

    def test_other_actions_and_stickiness_of_a_rule_stay(self, shift: Shifted) -> None:
        sticky = {"Enabled": True, "DurationSeconds": 60}
        groups = [{"TargetGroupArn": shift.estate.target_groups[0], "Weight": 1}]
        login = {
            "Type": "authenticate-cognito",
            "Order": 1,
            "AuthenticateCognitoConfig": dict.fromkeys(("UserPoolArn", "UserPoolClientId", "UserPoolDomain"), "x"),
        }
        forward = {"Type": "forward", "Order": 2}
        config = {"TargetGroups": groups, "TargetGroupStickinessConfig": sticky}
        shift.estate.elb.modify_rule(RuleArn=shift.estate.rule, Actions=[login, {**forward, "ForwardConfig": config}])
        shift.create()
        actions = shift.estate.elb.describe_rules(RuleArns=[shift.estate.rule])["Rules"][0]["Actions"]
        assert [action["Type"] for action in actions] == ["authenticate-cognito", "forward"]
        assert (shift.weights(), "TargetGroupArn" in actions[1]) == ([100, 0], False)
        assert actions[1]["ForwardConfig"]["TargetGroupStickinessConfig"] == sticky

    def test_scaling_meanwhile_is_of_both(self, shift: Shifted, hold: Hold) -> None:
        shift.create()
        hold("BAKE_TIME")
        shift.deploy("2")
        shift.update(desiredCount=3)
        assert shift.targets() == [3, 3]

    def test_rolling_again_uses_the_group_with_the_traffic(self, shift: Shifted) -> None:
        shift.create()
        shift.deploy("2")
        shift.update(deploymentConfiguration=ROLLING, taskDefinition=shift.estate.definition("3"))
        assert (shift.seen()[0], shift.targets(), shift.weights()) == ("SUCCESSFUL", [0, 2], [0, 100])


class TestTime:
    """How long deployments take."""

    def test_stages_and_bake_time_take_what_is_asked_for(self, shift: Shifted, clock: Clock) -> None:
        """Ten seconds for each stage, and two for each of the five minutes of bake time."""
        shift.create()
        steering.remember("api", {"stage_seconds": 10, "bake_minute_seconds": 2})
        shift.deploy("2")
        found = []
        for _reads in range(13):
            found.append(shift.deployment().get("lifecycleStage") or shift.deployment()["status"])
            clock.now += 10
        assert found[:4] == ["PENDING", "PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP"]
        assert found[6:] == [
            *("PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT"),
            *("BAKE_TIME", "BAKE_TIME", "CLEAN_UP", "CLEAN_UP"),
        ]
        assert shift.deployment()["status"] == "SUCCESSFUL"

    def test_another_service_is_not_meant(self, shift: Shifted) -> None:
        steering.remember("other", {"hold": ["BAKE_TIME"]})
        shift.create()
        assert shift.deployment()["status"] == "SUCCESSFUL"

    def test_rolling_takes_its_time_as_well(self, shift: Shifted, clock: Clock) -> None:
        """New tasks run beside the old ones until it cleans up, and then it bakes."""
        shift.create({**ROLLING, "bakeTimeInMinutes": 1}, loadBalancers=[])
        steering.remember("api", {"stage_seconds": 10, "bake_minute_seconds": 60})
        shift.deploy("2")
        clock.now += 35
        assert shift.seen()[:2] + shift.seen()[4:] == ("IN_PROGRESS", None, ["1", "1", "2", "2"])
        clock.now += 10
        assert shift.seen()[4] == ["2", "2"]
        clock.now += 50
        assert shift.deployment()["status"] == "IN_PROGRESS"
        clock.now += 60
        assert shift.deployment()["status"] == "SUCCESSFUL"


class TestAlarms:
    """Deployment alarms."""

    @pytest.mark.parametrize("stage", ["SCALE_UP", "TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME"])
    def test_one_that_goes_off_brings_the_old_revision_back(self, shift: Shifted, hold: Hold, stage: str) -> None:
        alarm("OK")
        old = shift.create(ALARMS)["deployments"][0]["id"]
        hold(stage)
        shift.deploy("2")
        alarm("ALARM")
        assert shift.seen() == ("ROLLBACK_SUCCESSFUL", stage, [100, 0], [100, 0], ["1", "1"])
        found, service = shift.deployment(), shift.estate.service()
        assert found["statusReason"] == found["rollback"]["reason"] == f"{ROLLED_BACK} of one or more active alarms."
        assert found["rollback"]["serviceRevisionArn"] == found["sourceServiceRevisions"][0]["arn"]
        assert found["alarms"] == {"status": "TRIGGERED", "alarmNames": ["errors"], "triggeredAlarmNames": ["errors"]}
        assert [(d["id"], d["status"], d["rolloutState"]) for d in service["deployments"]] == [
            (old, "PRIMARY", "COMPLETED")
        ]
        assert (service["taskDefinition"].rsplit(":", 1)[-1], shift.targets()) == ("1", [2, 0])

    def test_on_the_way_back(self, shift: Shifted, hold: Hold) -> None:
        """Requested, then in progress: the failed deployment stands behind the one that is primary again."""
        alarm("OK")
        shift.create(ALARMS)
        hold("BAKE_TIME", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS")
        shift.deploy("2")
        alarm("ALARM")
        requested = shift.estate.service()["deployments"]
        assert (shift.seen()[0], requested[0]["rolloutState"]) == ("ROLLBACK_REQUESTED", "FAILED")
        assert requested[0]["rolloutStateReason"].endswith("failed: alarm detected.")
        hold("ROLLBACK_IN_PROGRESS")
        assert shift.seen() == ("ROLLBACK_IN_PROGRESS", "BAKE_TIME", [100, 0], [100, 0], ["1", "1"])
        back, failed = shift.estate.service()["deployments"]
        assert (back["status"], back["rolloutState"], failed["status"]) == ("PRIMARY", "IN_PROGRESS", "ACTIVE")
        assert back["rolloutStateReason"].endswith(f"rolling back to deploymentId {back['id']}.")
        assert (failed["rolloutState"], failed["desiredCount"]) == ("FAILED", 0)

    def test_without_rollback_it_stops_where_it_is(self, shift: Shifted, hold: Hold) -> None:
        alarm("OK")
        shift.create({"alarms": {**ALARMS["alarms"], "rollback": False}})
        hold("BAKE_TIME")
        shift.deploy("2")
        alarm("ALARM")
        assert shift.seen() == ("STOPPED", "BAKE_TIME", [0, 100], [0, 100], ["1", "1", "2", "2"])
        assert shift.deployment()["statusReason"] == "Service deployment stopped because of one or more active alarms."
        assert shift.estate.service()["deployments"][0]["rolloutState"] == "FAILED"

    def test_one_that_is_on_already_is_ignored(self, shift: Shifted) -> None:
        """A new deployment may be what mends it."""
        alarm("ALARM")
        shift.create(ALARMS)
        found = shift.deployment()
        assert (found["status"], found["alarms"]["status"]) == ("SUCCESSFUL", "DISABLED")

    def test_a_composite_alarm_counts(self, shift: Shifted, hold: Hold) -> None:
        alarm("OK", "one")
        boto3.client("cloudwatch").put_composite_alarm(AlarmName="errors", AlarmRule="ALARM(one)")
        shift.create(ALARMS)
        hold("BAKE_TIME")
        shift.deploy("2")
        alarm("ALARM", "one")
        assert shift.deployment()["status"] == "ROLLBACK_SUCCESSFUL"

    def test_a_rolling_deployment_starts_the_old_tasks_again(self, shift: Shifted, hold: Hold) -> None:
        alarm("OK")
        shift.create({**ROLLING, **ALARMS}, loadBalancers=[])
        hold("BAKE_TIME")
        shift.deploy("2")
        assert shift.seen()[4] == ["2", "2"]
        alarm("ALARM")
        assert (shift.seen()[0], shift.seen()[4]) == ("ROLLBACK_SUCCESSFUL", ["1", "1"])

    def test_after_the_deployment_nothing_happens(self, shift: Shifted) -> None:
        alarm("OK")
        shift.create(ALARMS)
        alarm("ALARM")
        found = shift.deployment()
        assert (found["status"], found["alarms"]["status"]) == ("SUCCESSFUL", "MONITORING_COMPLETE")


class TestCircuitBreaker:
    """Tasks that cannot start because their image is missing."""

    def reads(self, shift: Shifted, number: int) -> Any:
        """The latest service deployment after so many looks, each of which finds another failed start."""
        return [shift.deployment() for _look in range(number)][-1]

    @pytest.mark.parametrize("configuration", [ROLLING, {}])
    def test_after_three_failures_it_rolls_back(self, shift: Shifted, configuration: dict[str, str]) -> None:
        shift.create({**configuration, **BREAKER})
        before = shift.estate.health()
        shift.deploy("missing")
        found = self.reads(shift, 3)
        assert found["statusReason"] == f"{ROLLED_BACK} the circuit breaker threshold was exceeded."
        assert (found["status"], found["deploymentCircuitBreaker"]) == (
            "ROLLBACK_SUCCESSFUL",
            {"status": "TRIGGERED", "failureCount": 3, "threshold": 3},
        )
        service = shift.estate.service()
        assert (service["taskDefinition"].rsplit(":", 1)[-1], len(service["deployments"])) == ("1", 1)
        assert shift.estate.health() == before
        assert any("deployment failed: tasks failed to start." in event["message"] for event in service["events"])

    def test_on_the_way_back_it_says_so(self, shift: Shifted, hold: Hold) -> None:
        shift.create({**ROLLING, **BREAKER})
        hold("ROLLBACK_IN_PROGRESS")
        shift.deploy("missing")
        self.reads(shift, 3)
        back, failed = shift.estate.service()["deployments"]
        assert failed["rolloutStateReason"] == "ECS deployment circuit breaker: tasks failed to start."
        assert (failed["rolloutState"], failed["failedTasks"]) == ("FAILED", 3)
        assert back["rolloutStateReason"].startswith("ECS deployment circuit breaker: rolling back to deploymentId ")

    def test_without_rollback_it_fails(self, shift: Shifted) -> None:
        shift.create({**ROLLING, "deploymentCircuitBreaker": {"enable": True, "rollback": False}})
        shift.deploy("missing")
        assert self.reads(shift, 3)["status"] == "STOPPED"
        deployments = shift.estate.service()["deployments"]
        assert [(d["status"], d["rolloutState"], d["runningCount"]) for d in deployments] == [
            ("PRIMARY", "FAILED", 0),
            ("ACTIVE", "COMPLETED", 2),
        ]

    def test_a_first_deployment_has_nothing_to_go_back_to(self, shift: Shifted) -> None:
        """It fails for good: the image that arrives later starts nothing, a new deployment does."""
        shift.create({**ROLLING, **BREAKER}, taskDefinition=shift.estate.definition("late"))
        found = self.reads(shift, 3)
        assert (found["status"], found["statusReason"]) == ("ROLLBACK_FAILED", NO_CANDIDATE)
        assert found["rollback"]["reason"] == f"{ROLLED_BACK} the circuit breaker threshold was exceeded."
        assert shift.estate.service()["deployments"][0]["rolloutState"] == "FAILED"
        push("late")
        assert shift.estate.service()["runningCount"] == 0
        assert shift.update(forceNewDeployment=True)["runningCount"] == 2

    def test_an_image_in_time_mends_it(self, shift: Shifted) -> None:
        shift.create({**ROLLING, **BREAKER})
        shift.deploy("late")
        assert shift.estate.service()["deployments"][0]["failedTasks"] == 2
        push("late")
        assert shift.deployment()["status"] == "SUCCESSFUL"

    def test_without_a_breaker_it_keeps_trying(self, shift: Shifted) -> None:
        shift.create()
        shift.deploy("missing")
        found = self.reads(shift, 9)
        assert (found["status"], found["lifecycleStage"]) == ("IN_PROGRESS", "SCALE_UP")

    @pytest.mark.parametrize(
        ("desired", "configuration", "expected"),
        [
            (2, {}, 3),
            (20, {}, 10),
            (1000, {}, 200),
            (20, {"thresholdConfiguration": {"type": "BOUNDED_PERCENT", "value": 10}}, 3),
            (20, {"thresholdConfiguration": {"type": "UNBOUNDED_PERCENT", "value": 10}}, 2),
            (1000, {"thresholdConfiguration": {"type": "UNBOUNDED_PERCENT", "value": 50}}, 500),
            (20, {"thresholdConfiguration": {"type": "COUNT", "value": 1}}, 1),
        ],
    )
    def test_threshold(self, desired: int, configuration: dict[str, Any], expected: int) -> None:
        from embedded_aws.extensions._ecs_deployments import breaker_threshold

        assert breaker_threshold(desired, configuration) == expected


class TestHooks:
    """Lambda functions and pauses."""

    def hook(self, arn: str, role: str, *stages: str) -> dict[str, Any]:
        return {"lifecycleHooks": [{"hookTargetArn": arn, "roleArn": role, "lifecycleStages": list(stages)}]}

    def test_a_function_that_is_there_succeeds(self, shift: Shifted) -> None:
        arn = function()
        shift.create(self.hook(arn, shift.role, "PRE_SCALE_UP", "POST_PRODUCTION_TRAFFIC_SHIFT"))
        found = shift.deployment()
        assert found["status"] == "SUCCESSFUL"
        details = [(h["targetType"], h["targetArn"], h["status"]) for h in found["lifecycleHookDetails"]]
        assert details == [("AWS_LAMBDA", arn, "SUCCEEDED")] * 2

    @pytest.mark.parametrize("key", ["POST_TEST_TRAFFIC_SHIFT", "check"])
    def test_one_that_fails_rolls_back(self, shift: Shifted, key: str) -> None:
        arn = function()
        shift.create(self.hook(arn, shift.role, "POST_TEST_TRAFFIC_SHIFT"))
        steering.remember("*", {"hooks": {key: "FAILED"}})
        shift.deploy("2")
        assert shift.seen() == ("ROLLBACK_SUCCESSFUL", "POST_TEST_TRAFFIC_SHIFT", [100, 0], [100, 0], ["1", "1"])
        assert shift.deployment()["statusReason"] == (
            f"{ROLLED_BACK} POST_TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. Lifecycle hook target {arn} returned "
            "FAILED status."
        )

    def test_one_that_is_busy_is_asked_again(self, shift: Shifted) -> None:
        steering.remember("api", {"hooks": {"PRE_SCALE_UP": "IN_PROGRESS"}})
        shift.create(self.hook(function(), shift.role, "PRE_SCALE_UP"))
        found = shift.deployment()
        assert (found["lifecycleStage"], found["lifecycleHookDetails"][0]["status"]) == ("PRE_SCALE_UP", "IN_PROGRESS")
        steering.remember("api", {"hooks": None})
        assert shift.deployment()["status"] == "SUCCESSFUL"

    @pytest.mark.parametrize("there", [True, False])
    def test_what_cannot_be_called_fails(self, shift: Shifted, there: bool) -> None:
        """A function that does not exist, and a role that ECS may not assume."""
        shift.create()
        arn = function() if there else f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:check"
        role = service_role("other", "ec2.amazonaws.com") if there else shift.role
        shift.update(deploymentConfiguration=self.hook(arn, role, "PRE_SCALE_UP"))
        shift.deploy("2")
        reason = shift.deployment()["statusReason"]
        assert reason.startswith(f"{ROLLED_BACK} PRE_SCALE_UP lifecycle hook(s) failed. ECS was unable to")
        assert ("assume role" in reason) == there

    def test_a_shift_in_steps_calls_its_hooks_at_each(self, shift: Shifted) -> None:
        shift.create()
        linear = {"strategy": "LINEAR", "linearConfiguration": {"stepPercent": 50.0}}
        stages = ("PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT", "POST_SCALE_UP")
        shift.update(deploymentConfiguration={**linear, **self.hook(function(), shift.role, *stages)})
        shift.deploy("2")
        assert len(shift.deployment()["lifecycleHookDetails"]) == 5

    def paused(self, shift: Shifted, **timeout: Any) -> tuple[str, str]:
        """A deployment that has come to its pause; ARN and the hook's id."""
        shift.create({"lifecycleHooks": []})
        shift.update(deploymentConfiguration={"lifecycleHooks": [{**PAUSE, **timeout}]})
        shift.deploy("2")
        found = shift.deployment()
        return found["serviceDeploymentArn"], found["lifecycleHookDetails"][-1]["hookId"]

    def test_a_pause_waits(self, shift: Shifted, clock: Clock) -> None:
        self.paused(shift, timeoutConfiguration={"timeoutInMinutes": 30, "action": "CONTINUE"})
        assert shift.seen() == ("IN_PROGRESS", "POST_TEST_TRAFFIC_SHIFT", [100, 0], [0, 100], ["1", "1", "2", "2"])
        (hook,) = shift.deployment()["lifecycleHookDetails"]
        assert (hook["targetType"], hook["status"], hook["timeoutAction"]) == ("PAUSE", "AWAITING_ACTION", "CONTINUE")
        assert hook["expiresAt"].timestamp() == clock.now + 30 * 60
        assert hook["hookId"].startswith("ecs-pause-")
        assert "targetArn" not in hook

    @pytest.mark.parametrize(
        ("action", "status", "hook"),
        [
            ({}, "SUCCESSFUL", "SUCCEEDED"),
            ({"action": "CONTINUE"}, "SUCCESSFUL", "SUCCEEDED"),
            ({"action": "ROLLBACK"}, "ROLLBACK_SUCCESSFUL", "FAILED"),
        ],
    )
    def test_a_pause_is_ended(self, shift: Shifted, action: dict[str, str], status: str, hook: str) -> None:
        arn, identifier = self.paused(shift)
        answer = shift.estate.ecs.continue_service_deployment(serviceDeploymentArn=arn, hookId=identifier, **action)
        assert answer["serviceDeploymentArn"] == arn
        found = shift.deployment()
        assert (found["status"], found["lifecycleHookDetails"][0]["status"]) == (status, hook)
        assert shift.weights() == ([0, 100] if status == "SUCCESSFUL" else [100, 0])

    @pytest.mark.parametrize(("action", "status"), [("CONTINUE", "SUCCESSFUL"), ("ROLLBACK", "ROLLBACK_SUCCESSFUL")])
    def test_a_pause_times_out(self, shift: Shifted, clock: Clock, action: str, status: str) -> None:
        self.paused(shift, timeoutConfiguration={"timeoutInMinutes": 30, "action": action})
        clock.now += 30 * 60
        found = shift.deployment()
        assert (found["status"], found["lifecycleHookDetails"][0]["status"]) == (status, "TIMED_OUT")

    def test_a_minute_of_a_pause_can_be_shorter(self, shift: Shifted, clock: Clock) -> None:
        steering.remember("api", {"hook_minute_seconds": 0.1})
        self.paused(shift)
        clock.now += 143
        assert shift.deployment()["status"] == "IN_PROGRESS"
        clock.now += 1
        found = shift.deployment()
        assert found["statusReason"] == f"{ROLLED_BACK} POST_TEST_TRAFFIC_SHIFT pause hook timed out."

    def test_what_cannot_be_continued(self, shift: Shifted) -> None:
        arn, identifier = self.paused(shift)
        go_on = shift.estate.ecs.continue_service_deployment
        for hook, message in (("mine", "Invalid hookId"), ("ecs-pause-1", "Provided hookId is either completed")):
            with pytest.raises(shift.estate.ecs.exceptions.InvalidParameterException, match=message):
                go_on(serviceDeploymentArn=arn, hookId=hook)
        with refused("InvalidParameterException"):
            go_on(serviceDeploymentArn=arn, hookId=identifier, action="HOLD")
        with refused("ServiceDeploymentNotFoundException"):
            go_on(serviceDeploymentArn=f"{arn}0", hookId=identifier)
        go_on(serviceDeploymentArn=arn, hookId=identifier)
        with pytest.raises(shift.estate.ecs.exceptions.InvalidParameterException, match="terminal states"):
            go_on(serviceDeploymentArn=arn, hookId=identifier)


class TestStop:
    """StopServiceDeployment."""

    @pytest.mark.parametrize(
        ("kind", "expected", "primary"),
        [
            ({}, ("ROLLBACK_SUCCESSFUL", [100, 0], ["1", "1"]), "COMPLETED"),
            ({"stopType": "ROLLBACK"}, ("ROLLBACK_SUCCESSFUL", [100, 0], ["1", "1"]), "COMPLETED"),
            ({"stopType": "ABORT"}, ("STOPPED", [0, 100], ["1", "1", "2", "2"]), "FAILED"),
        ],
    )
    def test_stopped(
        self, shift: Shifted, hold: Hold, kind: dict[str, str], expected: tuple[Any, ...], primary: str
    ) -> None:
        shift.create()
        hold("BAKE_TIME")
        shift.deploy("2")
        arn = shift.deployment()["serviceDeploymentArn"]
        answer = shift.estate.ecs.stop_service_deployment(serviceDeploymentArn=arn, **kind)
        status, _stage, production, _test, tasks = shift.seen()
        assert (answer["serviceDeploymentArn"], (status, production, tasks)) == (arn, expected)
        assert shift.estate.service()["deployments"][0]["rolloutState"] == primary

    def test_twice_is_once(self, shift: Shifted, hold: Hold) -> None:
        shift.create()
        hold("BAKE_TIME", "ROLLBACK_REQUESTED")
        shift.deploy("2")
        arn = shift.deployment()["serviceDeploymentArn"]
        for _time in range(2):
            shift.estate.ecs.stop_service_deployment(serviceDeploymentArn=arn)
            assert shift.deployment()["status"] == "ROLLBACK_REQUESTED"

    def test_what_cannot_be_stopped(self, shift: Shifted) -> None:
        shift.create()
        arn = shift.deployment()["serviceDeploymentArn"]
        with refused("ConflictException"):
            shift.estate.ecs.stop_service_deployment(serviceDeploymentArn=arn)
        with refused("ServiceDeploymentNotFoundException"):
            shift.estate.ecs.stop_service_deployment(serviceDeploymentArn="arn:nothing")
        with refused("InvalidParameterException"):
            shift.estate.ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="MAYBE")


class TestUpdates:
    """What starts a deployment, and what becomes of one in progress."""

    def test_a_newer_one_reconciles_the_service_first(self, shift: Shifted, hold: Hold) -> None:
        """Traffic goes back to the completed revision, and the tasks of the one in between stop."""
        shift.create({"strategy": "CANARY"})
        hold("PRODUCTION_TRAFFIC_SHIFT@5", "RECONCILE_SERVICE")
        shift.deploy("2")
        assert shift.seen()[2:] == ([95, 5], [0, 100], ["1", "1", "2", "2"])
        shift.deploy("3")
        status, stage, production, _test, tasks = shift.seen()
        assert (status, stage, production, tasks) == ("IN_PROGRESS", "RECONCILE_SERVICE", [100, 0], ["1", "1"])
        assert shift.deployment(1)["status"] == "STOPPED"
        hold()
        assert shift.seen() == ("SUCCESSFUL", "CLEAN_UP", [0, 100], [0, 100], ["3", "3"])

    def test_a_rolling_one_is_replaced(self, shift: Shifted, hold: Hold) -> None:
        shift.create(ROLLING)
        hold("SCALE_UP")
        shift.deploy("2")
        shift.deploy("3")
        hold()
        assert (shift.seen()[4], shift.deployment(1)["status"]) == (["3", "3"], "STOPPED")
        assert shift.deployment(1)["statusReason"] == "Superseded by a newer deployment."

    @pytest.mark.parametrize(
        ("change", "starts"),
        [
            ({"platformVersion": "1.4.0"}, True),
            ({"networkConfiguration": None}, True),
            ({"loadBalancers": []}, True),
            ({"serviceConnectConfiguration": {"enabled": False}}, True),
            ({"volumeConfigurations": [{"name": "data"}]}, True),
            ({"taskDefinition": "api"}, False),
            ({"forceNewDeployment": True}, True),
            ({"desiredCount": 3}, False),
            ({"deploymentConfiguration": {"maximumPercent": 150, "bakeTimeInMinutes": 7}}, False),
            ({"healthCheckGracePeriodSeconds": 5}, False),
            ({"enableExecuteCommand": True}, False),
            ({"propagateTags": "SERVICE"}, False),
            ({"enableECSManagedTags": True}, False),
            ({"availabilityZoneRebalancing": "DISABLED"}, False),
            ({"capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1}]}, False),
            ({"placementStrategy": [{"type": "random"}]}, False),
        ],
    )
    def test_only_what_a_revision_consists_of_starts_one(
        self, shift: Shifted, change: dict[str, Any], starts: bool
    ) -> None:
        shift.create()
        if "networkConfiguration" in change:
            change = {"networkConfiguration": {"awsvpcConfiguration": {"subnets": shift.estate.subnets[:1]}}}
        before = shift.deployment()["serviceDeploymentArn"]
        shift.update(**change)
        assert (shift.deployment()["serviceDeploymentArn"] != before) == starts

    def test_a_deleted_service_has_none(self, shift: Shifted, hold: Hold) -> None:
        shift.create()
        hold("BAKE_TIME")
        shift.deploy("2")
        arn = shift.deployment()["serviceDeploymentArn"]
        shift.estate.ecs.delete_service(cluster="pay", service="api", force=True)
        answer = shift.estate.ecs.describe_service_deployments(serviceDeploymentArns=[arn])
        assert [failure["reason"] for failure in answer["failures"]] == ["MISSING"]
        with refused("ServiceDeploymentNotFoundException"):
            shift.estate.ecs.stop_service_deployment(serviceDeploymentArn=arn)
        hold()
        assert shift.create()["deployments"][0]["rolloutState"] == "COMPLETED"


class TestRefusals:
    """What CreateService refuses at once, and what ECS only finds out when it deploys."""

    @pytest.mark.parametrize(
        ("message", "configuration", "advanced"),
        [
            ("bakeTimeInMinutes is required", {"bakeTimeInMinutes": None}, {}),
            ("roleArn is required", {}, {"roleArn": None}),
            ("stepPercent must be between", {"strategy": "LINEAR", "linearConfiguration": {"stepPercent": 1.0}}, {}),
            ("Invalid lifecycle stage", {"lifecycleHooks": [{**PAUSE, "lifecycleStages": ["TEST_TRAFFIC_SHIFT"]}]}, {}),
        ],
    )
    def test_refused(
        self, shift: Shifted, message: str, configuration: dict[str, Any], advanced: dict[str, Any]
    ) -> None:
        whole = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 5, **configuration}
        given = {name: value for name, value in whole.items() if value is not None}
        with pytest.raises(shift.estate.ecs.exceptions.InvalidParameterException, match=message):
            shift.estate.create(loadBalancers=[shift.balancer(**advanced)], deploymentConfiguration=given)

    def test_an_update_is_refused_as_well(self, shift: Shifted) -> None:
        shift.create(ROLLING)
        with pytest.raises(shift.estate.ecs.exceptions.InvalidParameterException, match="bakeTimeInMinutes"):
            shift.update(deploymentConfiguration={"strategy": "BLUE_GREEN"})

    def test_one_rule_for_both_groups_or_a_rule_for_tests(self, shift: Shifted) -> None:
        groups = shift.estate.target_groups
        alone = [{"Type": "forward", "TargetGroupArn": groups[0]}]
        shift.estate.elb.modify_rule(RuleArn=shift.estate.rule, Actions=alone)
        with pytest.raises(shift.estate.ecs.exceptions.InvalidParameterException, match="testListenerRule is required"):
            shift.create(loadBalancers=[shift.balancer(testListenerRule=None)])
        shift.create()
        shift.deploy("2")
        assert shift.seen()[:3] == ("SUCCESSFUL", "CLEAN_UP", [0, 100])

    @pytest.mark.parametrize(
        ("weights", "words"),
        [
            ((50, 50), "should have exactly one target group serving traffic but found 2"),
            ((0, 0), "should have exactly one target group serving traffic but found 0"),
        ],
    )
    def test_weights_that_ecs_cannot_shift(self, shift: Shifted, weights: tuple[int, int], words: str) -> None:
        shift.create()
        groups = [{"TargetGroupArn": g, "Weight": w} for g, w in zip(shift.estate.target_groups, weights, strict=True)]
        forward = [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]
        shift.estate.elb.modify_rule(RuleArn=shift.estate.rule, Actions=forward)
        shift.deploy("2")
        found = shift.deployment()
        assert (found["status"], shift.weights()) == ("ROLLBACK_SUCCESSFUL", list(weights))
        assert found["statusReason"].startswith(f"{ROLLED_BACK} of invalid networking configuration. ")
        assert words in found["statusReason"]

    def test_a_rule_that_leads_elsewhere(self, shift: Shifted) -> None:
        shift.create()
        group = shift.estate.elb.describe_target_groups(TargetGroupArns=shift.estate.target_groups[:1])["TargetGroups"]
        made = shift.estate.elb.create_target_group(
            Name="elsewhere", Protocol="HTTP", Port=80, VpcId=group[0]["VpcId"], TargetType="ip"
        )["TargetGroups"][0]["TargetGroupArn"]
        forward = [{"Type": "forward", "TargetGroupArn": made}]
        shift.estate.elb.modify_rule(RuleArn=shift.estate.rule, Actions=forward)
        shift.deploy("2")
        assert f"unexpected target group {made}" in shift.deployment()["statusReason"]

    @pytest.mark.parametrize("service", [None, "ec2.amazonaws.com"])
    def test_a_role_that_ecs_cannot_assume(self, shift: Shifted, service: str | None) -> None:
        """The first deployment fails, with nothing to go back to."""
        role = service_role("wrong", service) if service else f"arn:aws:iam::{ACCOUNT}:role/nobody"
        shift.create(loadBalancers=[shift.balancer(roleArn=role)])
        found = shift.deployment()
        assert (found["status"], found["statusReason"]) == ("ROLLBACK_FAILED", NO_CANDIDATE)
        assert f"missing permissions on ECS Infrastructure Role '{role}'" in found["rollback"]["reason"]
        assert shift.targets() == [0, 0]

    def test_a_rule_that_is_gone(self, shift: Shifted) -> None:
        shift.create()
        shift.estate.elb.delete_rule(RuleArn=shift.test_rule)
        arn = shift.estate.definition("2")
        with pytest.raises(shift.estate.ecs.exceptions.InvalidParameterException, match="does not exist"):
            shift.update(taskDefinition=arn)
