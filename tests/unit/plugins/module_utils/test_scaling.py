# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import botocore.exceptions
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _scaling


@pytest.mark.parametrize(
    ("state", "suspended"),
    [
        ({}, False),
        ({"SuspendedState": _scaling.suspended_state(True)}, True),
        ({"SuspendedState": _scaling.suspended_state(False)}, False),
        ({"SuspendedState": {**_scaling.suspended_state(True), "ScheduledScalingSuspended": False}}, False),
    ],
)
def test_suspended_means_wholly(state: dict[str, Any], suspended: bool) -> None:
    assert _scaling.is_suspended(state) is suspended


def test_a_cluster_s_name_counts_as_a_whole() -> None:
    entries = [_scaling.resource(cluster, "api") for cluster in ("pay", "pay-dev")]
    assert _scaling.of_cluster(entries, "pay") == entries[:1]
    assert _scaling.service_of(entries[1]) == "api"


def calls(*codes: str) -> Any:
    """A call that fails with each of the codes in turn, then succeeds."""
    left = list(codes)

    def call() -> dict[str, Any]:
        if left:
            raise botocore.exceptions.ClientError({"Error": {"Code": left.pop(0), "Message": ""}}, "PutScalingPolicy")
        return {}

    return call


def test_a_busy_target_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_scaling, "PAUSE", 0)
    _scaling.change(calls("ConcurrentUpdateException", "ConcurrentUpdateException"))


def test_another_error_passes() -> None:
    with pytest.raises(botocore.exceptions.ClientError, match="ValidationException"):
        _scaling.change(calls("ValidationException"))


def test_a_target_that_stays_busy_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_scaling, "DEADLINE", 0)
    with pytest.raises(_scaling._wait.TimedOut, match="a free target"):
        _scaling.change(calls("ConcurrentUpdateException"))
