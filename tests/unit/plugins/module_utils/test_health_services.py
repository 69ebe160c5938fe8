# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _health_services as services
from ansible_collections.uex.payments.plugins.module_utils._images import Image
from ansible_collections.uex.payments.plugins.module_utils._preflight import FAILED, OK, WARNING
from ansible_collections.uex.payments.tests.support.health import NAME, ago, options

IMAGE = Image(f"{NAME}/one", "1.0")


def live(running: int, desired: int, rollout: str = "COMPLETED") -> dict[str, Any]:
    primary = {"status": "PRIMARY", "rolloutState": rollout, "taskDefinition": "t", "createdAt": ago(hours=2)}
    return {
        "serviceArn": "arn:one",
        "serviceName": f"{NAME}-one",
        "clusterArn": f"arn:aws:ecs:us-east-1:1:cluster/{NAME}",
        "status": "ACTIVE",
        "taskDefinition": "t",
        "runningCount": running,
        "desiredCount": desired,
        "deployments": [primary],
    }


def newest(status: str, **more: Any) -> dict[str, Any]:
    about = {"serviceDeploymentArn": "arn:d", "serviceArn": "arn:one", "createdAt": ago(hours=1)}
    return {**about, "status": status, "finishedAt": ago(minutes=5), **more}


@pytest.mark.parametrize(
    ("entry", "deployment", "image", "state", "words"),
    [
        (None, None, True, FAILED, "is not there"),
        (live(2, 2), None, True, OK, "2 of 2 tasks run"),
        (live(2, 2), newest("SUCCESSFUL"), True, OK, "2 of 2 tasks run"),
        (live(1, 2), None, True, FAILED, "1 of 2 tasks run"),
        (live(0, 0), None, False, WARNING, f"waits for its image {NAME}/one:1.0"),
        (live(0, 0), None, True, WARNING, "is scaled to nothing"),
        (live(2, 2), newest("IN_PROGRESS"), True, WARNING, "a deployment is on its way"),
        (live(0, 2), newest("IN_PROGRESS"), True, FAILED, "0 of 2 tasks run; a deployment is on its way"),
        (live(2, 2), newest("ROLLBACK_SUCCESSFUL", statusReason="tasks died"), True, WARNING, "tasks died"),
        (live(1, 2), newest("ROLLBACK_FAILED"), True, FAILED, "ROLLBACK_FAILED"),
    ],
)
def test_a_service(entry: Any, deployment: Any, image: bool, state: str, words: str) -> None:
    found = services.Seen(
        {f"{NAME}-one": entry} if entry else {},
        {"arn:one": deployment} if deployment else {},
        {IMAGE: "sha256:1" if image else ""},
    )
    (row,) = services.judge(found, options())
    assert (row.name, row.state) == ("Service one", state)
    assert words in row.found
    assert row.advice or state in (OK, WARNING)


def test_a_service_below_its_count_says_where_ecs_says_why() -> None:
    (row,) = services.judge(services.Seen({f"{NAME}-one": live(1, 2)}, {}, {IMAGE: "x"}), options())
    assert f"--cluster {NAME} --services {NAME}-one" in row.advice
    assert (row.value, row.unit) == (1, "tasks")
