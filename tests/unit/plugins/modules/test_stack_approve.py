# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules import stack_approve
from ansible_collections.uex.payments.tests.support import plugins, releases
from ansible_collections.uex.payments.tests.support.releases import CLUSTER, Estate

OPTIONS: dict[str, Any] = {
    "cluster": CLUSTER,
    "services": [{"name": name, "full_name": f"{CLUSTER}-{name}"} for name in releases.ORDERS],
    "command": "approve",
}


def call(check_mode: bool = False, **more: Any) -> dict[str, Any]:
    return plugins.run_module(stack_approve, {**OPTIONS, **more}, check_mode)


@pytest.fixture
def paused(aws: None) -> Estate:
    """The first deployment of api waits."""
    return Estate({**releases.BLUE_GREEN, "lifecycleHooks": [releases.PAUSE]})


def test_nothing_that_waits_is_said(aws: None) -> None:
    Estate()
    result = call(decision="continue")
    assert (result["changed"], result["table"]) == (False, ["No deployment waits at a pause."])


def test_who_waits_is_shown_with_the_command(paused: Estate) -> None:
    result = call()
    (pause,) = result["waiting"]
    assert (pause["name"], pause["action"], result["changed"]) == ("api", "ROLLBACK", False)
    assert pause["since"] < pause["until"]
    assert result["table"][-1].startswith("approve -e service=api -e decision=continue")


@pytest.mark.parametrize(("decision", "status"), [("continue", "SUCCESSFUL"), ("rollback", "ROLLBACK_FAILED")])
def test_a_pause_is_ended(paused: Estate, decision: str, status: str) -> None:
    checked = call(check_mode=True, decision=decision)
    assert (checked["changed"], checked["decided"]) == (True, ["api"])
    assert paused.deployment("api")["status"] == "IN_PROGRESS"
    assert call(decision=decision)["decided"] == ["api"]
    assert paused.deployment("api")["status"] == status


def test_another_service_is_left_alone_and_an_unknown_one_refused(paused: Estate) -> None:
    assert call(decision="continue", service=["web"])["waiting"] == []
    assert "there is no x; there are api, web" in call(service=["x"])["msg"]


@pytest.mark.parametrize(
    ("names", "decision", "service", "refused"),
    [
        (["api", "web"], "continue", [], True),
        (["api", "web"], "continue", ["all"], False),
        (["api", "web"], "", [], False),
        (["api"], "continue", [], False),
        ([], "continue", [], False),
    ],
)
def test_of_several_one_has_to_be_named(names: list[str], decision: str, service: list[str], refused: bool) -> None:
    pauses = [{"name": name} for name in names]
    assert bool(list(stack_approve.refusals(pauses, service, decision))) is refused
