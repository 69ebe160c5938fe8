# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _stopped_tasks
from embedded_aws.extensions import _ecs_one_off
from embedded_aws.extensions.ecs_tasks import NO_CAPACITY, pull_error


@pytest.mark.parametrize(
    ("reason", "code", "cause"),
    [
        ("Essential container in task exited", 1, "the command failed"),
        ("Essential container in task exited", 137, "the container was killed"),
        ("Essential container in task exited", 143, "the container was told to end"),
        ("Essential container in task exited", 127, "the image has no such command"),
        ("Essential container in task exited; OutOfMemoryError: Container killed", 137, "used up its memory"),
        (pull_error("1.dkr.ecr.us-east-1.amazonaws.com/a:1"), None, "the image is not in the registry"),
        ("CannotPullContainerError: dial tcp 10.0.3.17:443: i/o timeout", None, "no way to that service"),
        ("CannotPullContainerError: unexpected status code 403 Forbidden", None, "the execution role may not"),
        (f"{_ecs_one_off.NO_SECRET}AccessDeniedException: not authorized", None, "the execution role may not"),
        (f"{_ecs_one_off.NO_SECRET}ResourceNotFoundException: it", None, "a secret of the task definition is not"),
        (f"{_ecs_one_off.NO_SECRET}retrieved secret did not contain json key a", None, "a secret of the task"),
        (f"{_ecs_one_off.NO_SECRET}RequestError: send request failed", None, "no way to that service"),
        (_ecs_one_off.NO_GROUP, None, "the log group is not there"),
        ("CannotStartContainerError: exec format error", None, "the image is of another processor"),
        ('exec: "up": executable file not found in $PATH', None, "the image has no such command"),
        ("Your Spot Task was interrupted.", 143, "Fargate took its Spot capacity back"),
        ("Timeout waiting for network interface provisioning to complete.", None, "network interface"),
        ("something new", None, "AWS gives no known reason"),
    ],
)
def test_why(reason: str, code: int | None, cause: str) -> None:
    found = _stopped_tasks.why(reason, code)
    assert cause in found.cause
    assert found.remedy


@pytest.mark.parametrize(
    ("task", "container", "reason"),
    [
        ({}, {}, ""),
        ({"stoppedReason": "Exited"}, {}, "Exited"),
        ({"stoppedReason": "Exited"}, {"reason": "OutOfMemoryError"}, "Exited; OutOfMemoryError"),
        ({"stoppedReason": "Same"}, {"reason": "Same"}, "Same"),
    ],
)
def test_reason(task: dict[str, Any], container: dict[str, Any], reason: str) -> None:
    assert _stopped_tasks.reason(task, container) == reason


def test_problem() -> None:
    assert _stopped_tasks.problem("whatever", 0) == ""
    said = _stopped_tasks.problem("Essential container in task exited", 3)
    assert said == (
        "the container exited with 3: Essential container in task exited; the command failed (see what it logged)"
    )
    assert _stopped_tasks.problem("", None).startswith("the container never ran: no reason given")


def test_refusal() -> None:
    said = _stopped_tasks.refusal("job:1", [{"reason": NO_CAPACITY, "detail": "in us-east-1a"}])
    assert said.startswith(f"job:1 was not started: {NO_CAPACITY} in us-east-1a; Fargate has no capacity")
    assert "no reason given" in _stopped_tasks.refusal("job:1", [])
