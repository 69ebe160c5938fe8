# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _ecs, _rollouts
from ansible_collections.uex.payments.plugins.module_utils._rollouts import Wish

NEW, OLD = "arn:task-definition/api:2", "arn:task-definition/api:1"
ARN = "arn:aws:ecs:us-east-1:123456789012:service-deployment/pay-dev/api/1"
BAKED = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 5}
HOOK = {"hookId": "hook-1", "targetType": "PAUSE", "status": "AWAITING_ACTION", "timeoutAction": "ROLLBACK"}


def service(definition: str = NEW, rollout: str = "COMPLETED", strategy: str = "BLUE_GREEN") -> dict[str, Any]:
    return {
        "status": "ACTIVE",
        "taskDefinition": definition,
        "deploymentConfiguration": {"strategy": strategy},
        "deployments": [{"status": "PRIMARY", "taskDefinition": definition, "rolloutState": rollout}],
        "runningCount": 2,
        "desiredCount": 2,
    }


def deployment(status: str, **more: Any) -> dict[str, Any]:
    return {"serviceDeploymentArn": ARN, "status": status, "deploymentConfiguration": BAKED, **more}


BACK = deployment(
    "ROLLBACK_SUCCESSFUL", rollback={"reason": "alarm detected"}, alarms={"triggeredAlarmNames": ["pay-dev-api-5xx"]}
)


@pytest.mark.parametrize(
    ("found", "newest", "wish", "state"),
    [
        (service(), None, Wish(), _ecs.DONE),
        (service(), deployment("SUCCESSFUL"), Wish(NEW, True), _ecs.DONE),
        (service(), deployment("IN_PROGRESS", lifecycleStage="BAKE_TIME"), Wish(NEW), _ecs.IN_PROGRESS),
        (service(), deployment("PENDING"), Wish(), _ecs.IN_PROGRESS),
        (service(), deployment("ROLLBACK_IN_PROGRESS"), Wish(), _ecs.IN_PROGRESS),
        (service(OLD), BACK, Wish(NEW, True), _ecs.FAILED),
        (service(OLD), BACK, Wish(NEW), _ecs.FAILED),
        (service(OLD), BACK, Wish(OLD, True), _ecs.FAILED),
        (service(OLD), BACK, Wish(OLD), _ecs.DONE),
        (service(OLD), BACK, Wish(), _ecs.DONE),
        (service(), deployment("STOPPED", statusReason="stopped by a user"), Wish(NEW, True), _ecs.FAILED),
        (service(OLD), deployment("SUCCESSFUL"), Wish(NEW), _ecs.FAILED),
        (service(rollout="IN_PROGRESS"), deployment("SUCCESSFUL"), Wish(NEW, True), _ecs.IN_PROGRESS),
        (service(rollout="FAILED", strategy="ROLLING"), None, Wish(NEW), _ecs.FAILED),
    ],
)
def test_what_to_make_of_a_deployment(found: Any, newest: Any, wish: Wish, state: str) -> None:
    assert _rollouts.verdict(found, newest, wish).state == state


def test_what_was_taken_back_says_why_and_what_went_off() -> None:
    words = _rollouts.verdict(service(OLD), BACK, Wish(NEW, True)).words
    assert words == "deployment ROLLBACK_SUCCESSFUL: alarm detected; in alarm: pay-dev-api-5xx"


@pytest.mark.parametrize(
    ("newest", "words"),
    [
        (deployment("PENDING"), "PENDING"),
        (deployment("IN_PROGRESS", lifecycleStage="SCALE_UP"), "SCALE_UP"),
        (
            deployment(
                "IN_PROGRESS",
                lifecycleStage="PRODUCTION_TRAFFIC_SHIFT",
                targetServiceRevision={"requestedProductionTrafficWeight": 30.0},
            ),
            "PRODUCTION_TRAFFIC_SHIFT, 30 % of requests on the new tasks",
        ),
        (deployment("ROLLBACK_IN_PROGRESS", lifecycleStage="BAKE_TIME"), "ROLLBACK_IN_PROGRESS"),
        (
            deployment("IN_PROGRESS", lifecycleStage="POST_TEST_TRAFFIC_SHIFT", lifecycleHookDetails=[HOOK]),
            "POST_TEST_TRAFFIC_SHIFT, paused: aws ecs continue-service-deployment --service-deployment-arn "
            f"{ARN} --hook-id hook-1 --action CONTINUE (or ROLLBACK)",
        ),
    ],
)
def test_how_far_it_is(newest: dict[str, Any], words: str) -> None:
    assert _rollouts.progress(newest) == words


PAUSED = {"targetType": "PAUSE", "lifecycleStages": ["PRE_SCALE_UP"], "timeoutConfiguration": {"timeoutInMinutes": 60}}


ASKING = {
    "hookTargetArn": "arn:function",
    "lifecycleStages": ["POST_SCALE_UP"],
    "timeoutConfiguration": {"timeoutInMinutes": 120},
}


@pytest.mark.parametrize(
    ("configuration", "stage", "hooks", "seconds"),
    [
        (BAKED, "SCALE_UP", [], 0),
        (BAKED, "BAKE_TIME", [], 300),
        ({"linearConfiguration": {"stepBakeTimeInMinutes": 6}}, "PRODUCTION_TRAFFIC_SHIFT", [], 360),
        ({"canaryConfiguration": {"canaryBakeTimeInMinutes": 10}}, "PRODUCTION_TRAFFIC_SHIFT", [], 600),
        ({**BAKED, "lifecycleHooks": [PAUSED]}, "PRE_SCALE_UP", [HOOK], 3600),
        ({**BAKED, "lifecycleHooks": [PAUSED]}, "SCALE_UP", [{**HOOK, "status": "SUCCEEDED"}], 0),
        ({**BAKED, "lifecycleHooks": [ASKING]}, "POST_SCALE_UP", [], 7200),
        ({**BAKED, "lifecycleHooks": [ASKING]}, "SCALE_UP", [], 0),
    ],
)
def test_it_may_stay_as_long_as_it_is_told_to(configuration: Any, stage: str, hooks: Any, seconds: int) -> None:
    newest = deployment("IN_PROGRESS", lifecycleStage=stage, lifecycleHookDetails=hooks)
    assert _rollouts.allowance({**newest, "deploymentConfiguration": configuration}) == seconds


NOON, LATER = datetime.datetime(2026, 1, 1, 12), datetime.datetime(2026, 1, 1, 13)


@pytest.mark.parametrize(("begun", "state"), [(NOON, _ecs.FAILED), (LATER, _ecs.IN_PROGRESS)])
def test_one_that_ended_before_the_present_one_began_is_not_the_present_one(begun: Any, state: str) -> None:
    present = service(OLD, rollout="IN_PROGRESS")
    present["deployments"][0]["createdAt"] = begun
    ended = {**BACK, "finishedAt": NOON + datetime.timedelta(minutes=1)}
    assert _rollouts.verdict(present, ended, Wish(OLD, True)).state == state


def test_a_rolling_one_says_what_the_service_says() -> None:
    found = {**service(rollout="IN_PROGRESS", strategy="ROLLING"), "runningCount": 1}
    verdict = _rollouts.verdict(found, deployment("IN_PROGRESS"), Wish(NEW, True))
    assert (verdict.state, verdict.words) == (_ecs.IN_PROGRESS, "1 of 2 tasks run")


def test_what_does_not_end_is_said_with_its_failures_and_how_it_is_taken_back() -> None:
    found = service(rollout="IN_PROGRESS")
    found["deployments"][0]["failedTasks"] = 4
    hint = _rollouts.verdict(found, deployment("IN_PROGRESS", lifecycleStage="SCALE_UP"), Wish(NEW, True)).hint
    assert hint.startswith("4 tasks failed; aws ecs stop-service-deployment --service-deployment-arn")


@pytest.mark.parametrize(("strategy", "expected"), [("ROLLING", False), ("BLUE_GREEN", True), ("CANARY", True)])
def test_whose_deployments_are_looked_at(strategy: str, expected: bool) -> None:
    assert _rollouts.shifts(service(strategy=strategy)) is expected
