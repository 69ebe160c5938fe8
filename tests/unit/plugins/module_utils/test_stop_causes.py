# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _stop_causes

PULL = "CannotPullContainerError: pull image manifest has been retried 1 time(s)"
INIT = "ResourceInitializationError: unable to pull secrets or registry auth"


@pytest.mark.parametrize(
    ("reason", "name"),
    [
        ("OutOfMemoryError: Container killed due to memory usage", "out-of-memory"),
        (f"{PULL}: failed to resolve ref x: not found", "image-missing"),
        (f"{PULL}: httpReadSeeker: failed open: unexpected status: 403 Forbidden", "pull-denied"),
        (f"{PULL}: dial tcp 1.2.3.4:443: i/o timeout", "no-way-out"),
        (f"{PULL}: toomanyrequests: You have reached your pull rate limit", "pull-limit"),
        (f"{PULL}: write /var/lib: no space left on device", "storage"),
        (f"{PULL}: image Manifest does not contain descriptor matching platform 'linux/arm64'", "architecture"),
        (f"{INIT}: execution resource retrieval failed: AccessDeniedException: not authorized", "secret-denied"),
        (f"{INIT}: RequestError: send request failed caused by: context deadline exceeded", "no-way-out"),
        (f"{INIT}: retrieved secret from Secrets Manager did not contain json key token", "secret-key"),
        (f"{INIT}: InvalidRequestException: secret was marked for deletion", "secret-missing"),
        (f"{INIT}: ResourceNotFoundException: Secrets Manager can't find the specified secret", "secret-missing"),
        ("ResourceInitializationError: failed to validate logger args: log group does not exist", "log-group"),
        ("Task failed ELB health checks in (target-group arn:x)", "balancer-check"),
        (
            "(service x) (port 80) is unhealthy in (target-group arn:x) due to (reason Request timed out)",
            "balancer-check",
        ),
        ("Task failed container health checks", "container-check"),
        ("Capacity is unavailable at this time. Please try again later", "capacity"),
        ("unable to place a task because no container instance met all of its requirements: RESOURCE:ENI", "addresses"),
        ("ECS was unable to assume the role 'arn:x' that was provided for this task", "assume"),
        ("Unable to assume the service linked role. Please verify that the ECS service linked role exists", "assume"),
        ("has reached a steady state.", None),
    ],
)
def test_reasons_of_ecs(reason: str, name: str | None) -> None:
    cause = _stop_causes.by_reason(reason)
    assert (cause.name if cause else None) == name


def task(
    code: int | None, stop: str = "EssentialContainerExited", reason: str = "Essential container in task exited"
) -> Any:
    return {"stopCode": stop, "stoppedReason": reason, "containers": [{"exitCode": code, "reason": None}]}


@pytest.mark.parametrize(
    ("stopped", "name", "word"),
    [
        (task(137), "out-of-memory", "more memory"),
        (task(1), "exit", "exit code 1"),
        (task(127), "exit", "isn't in the image"),
        (task(139), "exit", "crashed"),
        (task(0), "exit", "must keep running"),
        (task(None), "exit", "must keep running"),
        (task(143, "SpotInterruption", "Your Spot Task was interrupted."), "spot", "Spot"),
        (task(None, "TaskFailedToStart", f"{PULL}: not found"), "image-missing", "registry"),
        (task(None, "TaskFailedToStart", "Timeout waiting for network interface"), "interface", "network interface"),
        (task(137, "ServiceSchedulerInitiated", "Scaling activity initiated by (deployment x)"), None, ""),
        (task(143, "UserInitiated", "Task stopped by user"), None, ""),
        (task(0, "ServiceSchedulerInitiated", "Task failed ELB health checks"), "balancer-check", "health check"),
    ],
)
def test_why_a_task_ended(stopped: dict[str, Any], name: str | None, word: str) -> None:
    """What somebody or ECS asked for is no fault."""
    cause = _stop_causes.of_task(stopped)
    assert (cause.name if cause else None) == name
    assert word in (cause.words if cause else "")


def test_every_cause_says_what_to_do() -> None:
    causes = [cause for _pattern, cause in _stop_causes.REASONS] + list(_stop_causes.EXITS.values())
    assert [cause.name for cause in causes if not (cause.words and cause.remedy and cause.command)] == []
