# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _stopped_tasks
from embedded_aws.extensions import _ecs_one_off
from embedded_aws.extensions.ecs_tasks import NO_CAPACITY, pull_error
from embedded_aws.tasks import EXITED

GONE = "Secrets Manager can't find the specified secret."


@pytest.mark.parametrize(
    ("reason", "code", "cause"),
    [
        (EXITED, 1, "exit"),
        (EXITED, 137, "killed"),
        (EXITED, 143, "terminated"),
        (EXITED, 127, "exit"),
        (f"{EXITED}; OutOfMemoryError: Container killed", 137, "out-of-memory"),
        (pull_error("1.dkr.ecr.us-east-1.amazonaws.com/a:1"), None, "image-missing"),
        (f"{_ecs_one_off.NO_SECRET}ResourceNotFoundException: {GONE}", None, "secret-missing"),
        (f"{_ecs_one_off.NO_SECRET}retrieved secret did not contain json key a", None, "secret-key"),
        (f"{_ecs_one_off.NO_SECRET}RequestError: send request failed", None, "no-way-out"),
        (_ecs_one_off.NO_GROUP, None, "log-group"),
        ('CannotStartContainerError: exec: "up": executable file not found in $PATH', None, "command"),
        ("Your Spot Task was interrupted.", 143, "spot"),
        ("Timeout waiting for network interface provisioning to complete.", None, "interface"),
        ("something new", None, "unknown"),
    ],
)
def test_why(reason: str, code: int | None, cause: str) -> None:
    assert _stopped_tasks.why(reason, code).name == cause


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
    assert said.startswith(f"job:1 was not started: {NO_CAPACITY} in us-east-1a; AWS has no capacity")
    assert "no reason given" in _stopped_tasks.refusal("job:1", [])
