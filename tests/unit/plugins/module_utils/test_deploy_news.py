# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _deploy_news
from ansible_collections.uex.payments.plugins.module_utils._deploy_news import Outcome

LOOK: dict[str, Any] = {
    **{"state": "in progress", "status": "IN_PROGRESS", "words": "SCALE_UP", "stage": "SCALE_UP", "allowance": 0},
    **{"tasks": "1 of 2 new tasks run", "steady": False, "desired": 2, "failed": 0, "breaker": False},
    **{"stopped": {}, "alarms": [], "hooks": []},
}
HOOK = {"hook_id": "h", "stage": "PRE_SCALE_UP", "since": "10:00", "until": "11:00", "action": "ROLLBACK"}


@pytest.mark.parametrize(
    ("before", "now", "lines"),
    [
        (None, LOOK, ["api: SCALE_UP", "api: 1 of 2 new tasks run"]),
        (LOOK, LOOK, []),
        (LOOK, {**LOOK, "words": "BAKE_TIME", "stage": "BAKE_TIME"}, ["api: BAKE_TIME (after 32 s of SCALE_UP)"]),
        (LOOK, {**LOOK, "stopped": {"t1": "no image"}}, ["api: task t1 stopped: no image"]),
        ({**LOOK, "stopped": {"t1": "no image"}}, {**LOOK, "stopped": {"t1": "no image"}}, []),
        (LOOK, {**LOOK, "alarms": ["5xx"]}, ["api: in alarm: 5xx"]),
        (
            LOOK,
            {**LOOK, "hooks": [HOOK]},
            [
                "api: waits at PRE_SCALE_UP since 10:00, by itself ROLLBACK at 11:00: "
                "approve -e service=api -e decision=continue"
            ],
        ),
    ],
)
def test_only_what_is_new_is_told(before: Any, now: Any, lines: list[str]) -> None:
    assert _deploy_news.news("api", before, now, 32.4, "approve") == lines


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ({"stoppedReason": "CannotPull"}, "CannotPull"),
        ({"stopCode": "TaskFailedToStart"}, "TaskFailedToStart"),
        ({}, "no reason is given"),
        (
            {
                "stoppedReason": "Essential container in task exited",
                "containers": [
                    {"name": "api", "exitCode": 137, "reason": "OutOfMemoryError"},
                    {"name": "proxy", "exitCode": 0},
                ],
            },
            "Essential container in task exited; api: exit 137 OutOfMemoryError",
        ),
    ],
)
def test_why_a_task_stopped(task: dict[str, Any], reason: str) -> None:
    assert _deploy_news.reason_of(task) == reason


def test_only_failed_tasks_of_the_deployment_count() -> None:
    tasks = [
        {"taskArn": "arn:task/c/1", "startedBy": "ecs-svc/1", "stoppedReason": "CannotPull"},
        {"taskArn": "arn:task/c/2", "startedBy": "ecs-svc/0", "stoppedReason": "CannotPull"},
        {"taskArn": "arn:task/c/3", "startedBy": "ecs-svc/1", "stoppedReason": "Scaling activity initiated by x"},
    ]
    assert _deploy_news.failed_tasks(tasks, "ecs-svc/1") == {"1": "CannotPull"}


@pytest.mark.parametrize(
    ("act", "look", "result"),
    [
        ("deploy", {}, None),
        ("deploy", {"state": "done"}, None),
        ("deploy", {"state": "done", "steady": True}, "succeeded"),
        ("deploy", {"state": "failed", "status": "ROLLBACK_SUCCESSFUL"}, "rolled back"),
        ("deploy", {"state": "failed", "status": "ROLLBACK_FAILED"}, "failed"),
        ("deploy", {"state": "failed", "status": ""}, "failed"),
        ("stop", {"status": "ROLLBACK_IN_PROGRESS"}, None),
        ("stop", {"status": "ROLLBACK_SUCCESSFUL"}, None),
        ("stop", {"status": "ROLLBACK_SUCCESSFUL", "steady": True}, "succeeded"),
        ("stop", {"status": "SUCCESSFUL", "steady": True}, "failed"),
        ("stop", {"status": "ROLLBACK_FAILED"}, "failed"),
    ],
)
def test_what_became_of_a_step(act: str, look: dict[str, Any], result: str | None) -> None:
    found = _deploy_news.outcome({"act": act}, {**LOOK, **look}, 5.0)
    assert (found and found.result) == result


@pytest.mark.parametrize(
    ("look", "unchanged", "said"),
    [
        ({}, 0, ""),
        ({"failed": 2}, 0, ""),
        ({"failed": 3, "stopped": {"t": "no image"}}, 0, "3 tasks failed to start, the last: no image"),
        ({"failed": 3, "breaker": True}, 0, ""),
        ({"failed": 3, "desired": 10}, 0, ""),
        ({"failed": 5, "desired": 10}, 0, "5 tasks failed to start"),
        ({}, 901, "it has been at SCALE_UP for 901 s"),
        ({"allowance": 300}, 901, ""),
    ],
)
def test_when_there_is_no_hope(look: dict[str, Any], unchanged: float, said: str) -> None:
    assert _deploy_news.hopeless({**LOOK, **look}, unchanged, 900) == said


def test_a_verdict_names_what_broke_and_what_was_not_begun() -> None:
    outcomes = {"api": Outcome("rolled back", "alarm", 9), "web": Outcome("succeeded", "", 9)}
    assert _deploy_news.verdict(outcomes, ["app"]) == "api: rolled back: alarm; not begun: app"
    assert _deploy_news.verdict({"web": outcomes["web"]}, []) == ""


def test_the_last_table_has_a_row_for_each() -> None:
    ran = {"image_tag": "1.0", "digest": ""}
    steps = [{"name": name, "act": act, "from": None, "to": ran} for name, act in (("a", "deploy"), ("b", "nothing"))]
    steps.append({**steps[0], "name": "c"})
    rows = _deploy_news.table(steps, {"a": Outcome("succeeded", "", 65)})
    assert [row[0::2] for row in rows[1:]] == [
        ("a", "1.0", "succeeded"),
        ("b", "1.0", "unchanged"),
        ("c", "1.0", "not begun"),
    ]
    assert rows[1][3] == "1:05"


@pytest.mark.parametrize(
    ("stage", "others", "since"),
    [
        ("POST_TEST_TRAFFIC_SHIFT", [], "2026-11-27T10:00:00Z"),
        ("PRODUCTION_TRAFFIC_SHIFT", [], "2026-11-27T10:00:00Z"),
        ("PRODUCTION_TRAFFIC_SHIFT", [{"lifecycleStages": ["PRE_SCALE_UP"], "timeout": 30}], None),
    ],
)
def test_a_pause_tells_since_when_it_lasts(stage: str, others: list[Any], since: str | None) -> None:
    pauses = [{"lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"], "timeout": 60}, *others]
    record = {
        "serviceDeploymentArn": "d",
        "lifecycleStage": stage,
        "lifecycleHookDetails": [
            {
                "hookId": "h",
                "targetType": "PAUSE",
                "status": "AWAITING_ACTION",
                "timeoutAction": "ROLLBACK",
                "expiresAt": datetime.datetime(2026, 11, 27, 11, tzinfo=datetime.UTC),
            }
        ],
        "deploymentConfiguration": {
            "strategy": "BLUE_GREEN",
            "lifecycleHooks": [
                {
                    "targetType": "PAUSE",
                    "lifecycleStages": each["lifecycleStages"],
                    "timeoutConfiguration": {"timeoutInMinutes": each["timeout"]},
                }
                for each in pauses
            ],
        },
    }
    (hook,) = _deploy_news.hooks(record)
    assert (hook["since"], hook["until"], hook["action"]) == (since, "2026-11-27T11:00:00Z", "ROLLBACK")
    assert _deploy_news.hooks(None) == []
