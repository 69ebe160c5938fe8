# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _diagnose_tasks as tasks
from ansible_collections.uex.payments.tests.support.diagnosis import LIVE, NAME, about, estate, judged, wrong

SERVICE = f"{NAME}-api"
THEN = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC)
OLD = LIVE["taskDefinition"].replace(":2", ":1")
FIRST = [{"status": "PRIMARY", "rolloutState": "IN_PROGRESS", "failedTasks": 0}]


def stopped(code: int = 137, definition: str = LIVE["taskDefinition"], **more: Any) -> dict[str, Any]:
    return {
        "taskArn": f"arn:aws:ecs:us-east-1:123456789012:task/{NAME}/abc",
        "taskDefinitionArn": definition,
        "stopCode": "EssentialContainerExited",
        "stoppedReason": "Essential container in task exited",
        "containers": [{"exitCode": code}],
        **more,
    }


def facts(live: dict[str, Any] | None = None, *ended: dict[str, Any], **changed: Any) -> dict[str, Any]:
    services = {SERVICE: {**LIVE, **(live or {})}}
    return {**estate(), "services": services, "stopped": {SERVICE: list(ended)}, **changed}


def rollout(status: str, created: datetime.datetime = THEN) -> dict[str, Any]:
    return {LIVE["serviceArn"]: {"status": status, "createdAt": created, "serviceDeploymentArn": "arn:d"}}


def events(*messages: str) -> list[dict[str, str]]:
    return [{"message": f"(service {SERVICE}) {each}"} for each in messages]


SHORT = {"runningCount": 0}
STEADY = "has reached a steady state."
NO_PLACE = "was unable to place a task. Reason: Capacity is unavailable at this time."


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (facts(), {}),
        (facts(cluster=None, services={}, stopped={}), {"cluster": "broken", "service": "broken"}),
        (facts({"desiredCount": 0, "runningCount": 0}), {"desired-count": "warning"}),
        (facts(SHORT), {"running-count": "broken"}),
        (facts({**SHORT, "deployments": FIRST}), {"running-count": "warning", "deployment": "note"}),
        (facts(SHORT, stopped()), {"running-count": "broken", "out-of-memory": "broken"}),
        (facts({}, stopped(1)), {"exit": "warning"}),
        (facts({}, stopped(1, OLD)), {}),
        (
            facts({}, stopped(1, OLD, createdAt=THEN), rollouts=rollout("ROLLBACK_SUCCESSFUL")),
            {"exit": "warning", "deployment": "warning"},
        ),
        (
            facts({}, stopped(1, OLD, createdAt=THEN - datetime.timedelta(1)), rollouts=rollout("ROLLBACK_SUCCESSFUL")),
            {"deployment": "warning"},
        ),
        (facts({}, rollouts=rollout("SUCCESSFUL")), {}),
        (facts({}, rollouts=rollout("IN_PROGRESS")), {"deployment": "note"}),
        (facts({**SHORT, "events": events(NO_PLACE)}), {"running-count": "broken", "event-capacity": "broken"}),
        (facts({**SHORT, "events": events(STEADY, NO_PLACE)}), {"running-count": "broken"}),
        (facts({"events": events(NO_PLACE)}), {}),
        (facts(task_network={"subnets": ["subnet-gone"], "groups": []}), {"subnet": "broken"}),
    ],
)
def test_what_keeps_tasks_from_running(found: dict[str, Any], expected: dict[str, str]) -> None:
    assert wrong(tasks.SUBJECT, found) == expected


@pytest.mark.parametrize(("free", "expected"), [(0, "broken"), (15, "warning"), (16, None)])
def test_every_task_needs_an_address(free: int, expected: str | None) -> None:
    found = facts()
    found["subnets"]["subnet-app"]["AvailableIpAddressCount"] = free
    assert wrong(tasks.SUBJECT, found).get("addresses") == expected


def test_the_service_linked_role_is_aws_s_own() -> None:
    """An emulator never makes it."""
    missing = facts(linked_roles=["AWSServiceRoleForECS"])
    assert wrong(tasks.SUBJECT, missing, about(emulated=False)) == {"linked-role": "broken"}
    assert wrong(tasks.SUBJECT, missing) == {}
    assert wrong(tasks.SUBJECT, facts(), about(emulated=False)) == {}


@pytest.mark.parametrize(
    ("ended", "command"),
    [
        (stopped(137), f"aws logs tail {NAME}-api --since 1h --region us-east-1"),
        (
            stopped(1, stopCode="TaskFailedToStart", stoppedReason="CannotPullContainerError: not found"),
            "subject=images",
        ),
        (stopped(1, stopCode="TaskFailedToStart", stoppedReason="something new"), "ecs describe-tasks --cluster"),
        (stopped(1, stopCode="SpotInterruption"), "ecs describe-services --cluster"),
    ],
)
def test_the_next_command_leads_to_the_cause(ended: dict[str, Any], command: str) -> None:
    (finding,) = [each for each in judged(tasks.SUBJECT, facts({}, ended)) if each.severity == "warning"]
    assert command in finding.command
    assert "1 tasks, the last abc: " in finding.evidence
