# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The stages of service deployments: which there are, when each is over, and what ends a deployment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import botocore.session
import pytest

from embedded_aws.extensions import _ecs_rollout as rollouts
from embedded_aws.extensions._ecs_rollout import Facts, Fault, Hook, Rollout, Step, advance, steps

FAULT = Fault("it rained.", rollback=True)
NO_WAY_BACK = Fault("it rained.", rollback=False)
BACK = ["ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL"]
SCALE = ["PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP"]
SHIFT = ["PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"]
BLUE_GREEN = [
    *("PENDING", *SCALE, "TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT", *SHIFT),
    *("POST_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP", "SUCCESSFUL"),
]


def stages(settings: dict[str, Any], first: bool = False, reconcile: bool = False) -> list[str]:
    return [step.stage for step in steps(settings, first, reconcile)]


def at(stage: str, settings: dict[str, Any] | None = None, **more: Any) -> Rollout:
    """A blue/green deployment that came to this stage at second 0."""
    found = steps(settings or {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 5}, False, False)
    return Rollout(found, 0.0, [step.stage for step in found].index(stage), **more)


def hook(**more: Any) -> Hook:
    """A pause at the third step, of ten seconds."""
    settings = {"target_type": "PAUSE", "target_arn": None, "status": "AWAITING_ACTION", "expires_at": 10.0}
    return Hook(**{"hook_id": "ecs-pause-1", "position": 3, "stage": "POST_SCALE_UP", **settings, **more})


def paused(**more: Any) -> Rollout:
    return at("POST_SCALE_UP", hooks=(hook(**more),))


def passed(rollout: Rollout, facts: Facts) -> list[str]:
    """The stages from here on, until one has to be waited for or the deployment is over."""
    found = [rollout.stage]
    while (following := advance(rollout, facts)).position != rollout.position:
        rollout = following
        found.append(rollout.stage)
    return found


def test_stages_and_states_are_aws_s_own() -> None:
    shapes = botocore.session.get_session().get_service_model("ecs")
    shown = {rollouts.shown_stage(at(stage)) for stage in BLUE_GREEN[1:]}
    assert shown | {"RECONCILE_SERVICE"} == set(shapes.shape_for("ServiceDeploymentLifecycleStage").enum)
    assert set(rollouts.HOOKED) == set(shapes.shape_for("DeploymentLifecycleHookStage").enum)
    ways = {rollouts.PENDING, *rollouts.ENDS, rollouts.STOP_REQUESTED, rollouts.ROLLBACK_REQUESTED}
    assert ways | {"IN_PROGRESS", rollouts.ROLLING_BACK} == set(shapes.shape_for("ServiceDeploymentStatus").enum)


@pytest.mark.parametrize(
    ("settings", "more", "expected"),
    [
        ({}, {}, ["PENDING", *SCALE, "CLEAN_UP", "BAKE_TIME", "SUCCESSFUL"]),
        ({"strategy": "BLUE_GREEN"}, {}, BLUE_GREEN),
        ({"strategy": "BLUE_GREEN"}, {"first": True}, BLUE_GREEN),
        ({"strategy": "BLUE_GREEN"}, {"reconcile": True}, ["PENDING", "RECONCILE_SERVICE", *BLUE_GREEN[1:]]),
        ({"strategy": "CANARY"}, {"first": True}, BLUE_GREEN),
        ({"strategy": "CANARY"}, {}, [*BLUE_GREEN[:6], *SHIFT, *BLUE_GREEN[6:]]),
    ],
)
def test_the_stages_of_a_strategy(settings: dict[str, Any], more: dict[str, bool], expected: list[str]) -> None:
    assert stages(settings, **more) == expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"strategy": "BLUE_GREEN"}, [(100, 0)]),
        ({"strategy": "CANARY"}, [(5, 10), (100, 0)]),
        ({"strategy": "CANARY", "canaryConfiguration": {"canaryPercent": 0.1}}, [(0.1, 10), (100, 0)]),
        ({"strategy": "CANARY", "canaryConfiguration": {"canaryPercent": 100.0}}, [(100, 0)]),
        ({"strategy": "LINEAR"}, [*((share, 6) for share in range(10, 100, 10)), (100, 0)]),
        (
            {"strategy": "LINEAR", "linearConfiguration": {"stepPercent": 33.3, "stepBakeTimeInMinutes": 1}},
            [(33.3, 1), (66.6, 1), (99.9, 1), (100, 0)],
        ),
        ({"strategy": "LINEAR", "linearConfiguration": {"stepPercent": 50.0}}, [(50, 6), (100, 0)]),
        ({"strategy": "LINEAR", "linearConfiguration": {"stepPercent": 100.0}}, [(100, 0)]),
    ],
)
def test_the_shares_of_a_strategy(settings: dict[str, Any], expected: list[tuple[float, float]]) -> None:
    found = [step for step in steps(settings, False, False) if step.stage == "PRODUCTION_TRAFFIC_SHIFT"]
    assert [(step.share, step.minutes) for step in found] == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(0), BLUE_GREEN),
        (Facts(0, ready=False), BLUE_GREEN[:3]),
        (Facts(0, hold=("BAKE_TIME",)), BLUE_GREEN[:-2]),
        (Facts(0, hold=("PRODUCTION_TRAFFIC_SHIFT@100",)), BLUE_GREEN[:8]),
        (Facts(0, hold=("PRODUCTION_TRAFFIC_SHIFT@10",)), BLUE_GREEN),
        (Facts(0, stage_seconds=10), BLUE_GREEN[:1]),
        (Facts(25, stage_seconds=10), BLUE_GREEN[:3]),
        (Facts(59, minute_seconds=12), BLUE_GREEN[:-2]),
        (Facts(60, minute_seconds=12), BLUE_GREEN),
        (Facts(0, fault=FAULT), ["PENDING", *BACK]),
        (Facts(0, fault=NO_WAY_BACK), ["PENDING", "STOP_REQUESTED", "STOPPED"]),
        (Facts(0, fault=FAULT, source=False), ["PENDING", *BACK[:2], "ROLLBACK_FAILED"]),
        (Facts(0, fault=FAULT, hold=("ROLLBACK_IN_PROGRESS",)), ["PENDING", *BACK[:2]]),
        (Facts(5, fault=FAULT, stage_seconds=10), ["PENDING", "ROLLBACK_REQUESTED"]),
    ],
)
def test_how_far_it_comes(facts: Facts, expected: list[str]) -> None:
    assert passed(at("PENDING"), facts) == expected


@pytest.mark.parametrize(
    ("rollout", "now", "expected"),
    [
        (paused(), 0, "POST_SCALE_UP"),
        (paused(), 10, "ROLLBACK_REQUESTED"),
        (paused(timeout_action="CONTINUE"), 10, "TEST_TRAFFIC_SHIFT"),
        (paused(status="SUCCEEDED"), 10, "TEST_TRAFFIC_SHIFT"),
        (paused(status="FAILED"), 0, "ROLLBACK_REQUESTED"),
        (paused(target_type="AWS_LAMBDA", status="IN_PROGRESS"), 0, "POST_SCALE_UP"),
        (paused(target_type="AWS_LAMBDA", status="FAILED"), 0, "ROLLBACK_REQUESTED"),
        (paused(position=2, status="FAILED"), 0, "TEST_TRAFFIC_SHIFT"),
    ],
)
def test_a_hook_is_waited_for_and_decides(rollout: Rollout, now: float, expected: str) -> None:
    assert advance(rollout, Facts(now)).stage == expected


@pytest.mark.parametrize(
    ("rollout", "now", "reason"),
    [
        (paused(), 10, "rolled back because POST_SCALE_UP pause hook timed out."),
        (paused(status="FAILED", detail="was ended."), 0, "rolled back because POST_SCALE_UP pause hook was ended."),
        (
            paused(target_type="AWS_LAMBDA", status="FAILED", detail="failed. No."),
            *(0, "rolled back because POST_SCALE_UP lifecycle hook(s) failed. No."),
        ),
    ],
)
def test_a_hook_says_why(rollout: Rollout, now: float, reason: str) -> None:
    assert advance(rollout, Facts(now)).reason == f"Service deployment {reason}"


@pytest.mark.parametrize(
    ("fault", "reason", "event"),
    [
        (FAULT, "Service deployment rolled back because it rained.", None),
        (NO_WAY_BACK, "Service deployment stopped because it rained.", None),
        (FAULT._replace(event="rain"), "Service deployment rolled back because it rained.", "rain"),
    ],
)
def test_a_fault_says_why(fault: Fault, reason: str, event: str | None) -> None:
    failed = advance(at("SCALE_UP"), Facts(0, fault=fault))
    assert (failed.reason, failed.event, failed.undone) == (reason, event or reason, True)


@pytest.mark.parametrize("stage", [*BACK, "ROLLBACK_FAILED", "STOPPED"])
def test_what_fails_fails_once(stage: str) -> None:
    rollout = Rollout((Step("SCALE_UP"), Step(stage), Step("SUCCESSFUL")), 0.0, 1, reason="first")
    assert advance(rollout, Facts(0, fault=FAULT)).reason == "first"


def test_what_is_over_stays() -> None:
    assert advance(at("SUCCESSFUL"), Facts(99, fault=FAULT)) == at("SUCCESSFUL")


@pytest.mark.parametrize("reads", [(35.0,), (10.0, 20.0, 35.0), (12.0, 35.0)])
def test_stages_end_when_their_time_is_over_however_often_somebody_looks(reads: tuple[float, ...]) -> None:
    rollout = at("PENDING")
    for now in reads:
        while (following := advance(rollout, Facts(now, stage_seconds=10))).position != rollout.position:
            rollout = following
    assert (rollout.stage, rollout.entered) == ("POST_SCALE_UP", 30.0)


def test_the_time_in_which_it_is_held_is_not_the_next_stage_s() -> None:
    held = advance(at("BAKE_TIME"), Facts(1000, minute_seconds=1, hold=("BAKE_TIME",)))
    following = advance(held, Facts(1000, minute_seconds=1))
    assert (following.stage, following.entered) == ("CLEAN_UP", 1000)


def test_a_newer_deployment_ends_it() -> None:
    ended = rollouts.superseded(at("BAKE_TIME"), 7.0)
    assert (ended.status, ended.over, rollouts.shown_stage(ended)) == ("STOPPED", True, "BAKE_TIME")


@pytest.mark.parametrize(
    ("rollout", "expected"),
    [
        (at("POST_SCALE_UP"), (0, 0)),
        (at("TEST_TRAFFIC_SHIFT"), (100, 0)),
        (at("PRE_PRODUCTION_TRAFFIC_SHIFT"), (100, 0)),
        (at("SUCCESSFUL"), (100, 100)),
        (at("PRODUCTION_TRAFFIC_SHIFT", {"strategy": "CANARY"}), (100, 5)),
        (at("SCALE_UP", {"strategy": "ROLLING"}), (0, 0)),
        (at("SUCCESSFUL", {"strategy": "ROLLING"}), (0, 100)),
        (Rollout((Step("TEST_TRAFFIC_SHIFT"), Step("ROLLBACK_REQUESTED")), 0, 1), (100, 0)),
        (Rollout((Step("PRODUCTION_TRAFFIC_SHIFT", 50), Step("ROLLBACK_IN_PROGRESS")), 0, 1), (0, 0)),
    ],
)
def test_shares_of_the_traffic(rollout: Rollout, expected: tuple[float, float]) -> None:
    assert rollouts.shares(rollout) == expected


def test_only_open_hooks_of_the_present_step_are_waited_for() -> None:
    rollout = paused()
    assert rollouts.open_hooks(rollout) == rollout.hooks
    assert rollouts.open_hooks(replace(rollout, position=4)) == ()
    assert rollouts.open_hooks(rollouts.answered(rollout, hook(status="SUCCEEDED"))) == ()
