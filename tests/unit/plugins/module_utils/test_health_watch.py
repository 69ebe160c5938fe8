# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _health_watch as watch
from ansible_collections.uex.payments.plugins.module_utils._health import SKIPPED
from ansible_collections.uex.payments.plugins.module_utils._lock import Holder
from ansible_collections.uex.payments.plugins.module_utils._preflight import FAILED, OK, WARNING
from ansible_collections.uex.payments.tests.support.health import NAME, ago, options


def alarm(state: str = "OK", topic: str = "critical", hours: float = 3, **more: Any) -> dict[str, Any]:
    actions = [f"arn:aws:sns:us-east-1:1:{NAME}-{topic}"] if topic else []
    about = {"AlarmName": f"{NAME}-db-cpu", "AlarmActions": actions, "StateReason": "crossed 80"}
    return {**about, "StateValue": state, "StateTransitionedTimestamp": ago(hours=hours, seconds=9), **more}


@pytest.mark.parametrize(
    ("topic", "state", "words"),
    [
        ("critical", FAILED, "critical, on for 3 h: crossed 80"),
        ("warning", WARNING, "warning, on for 3 h: crossed 80"),
        ("info", WARNING, "info, on for 3 h: crossed 80"),
        ("", WARNING, "tells nobody itself, on for 3 h: crossed 80"),
    ],
)
def test_an_alarm_that_is_on(topic: str, state: str, words: str) -> None:
    (row,) = watch.judge_alarms([alarm(), alarm("ALARM", topic)], options())
    assert (row.name, row.state, row.found) == ("Alarm db-cpu", state, words)


def test_alarms_that_are_on_come_by_severity_and_say_if_they_are_silent() -> None:
    ringing = [alarm("ALARM", "warning"), alarm("ALARM", "critical", ActionsEnabled=False)]
    rows = list(watch.judge_alarms(ringing, options()))
    assert [row.state for row in rows] == [FAILED, WARNING]
    assert "its actions are off" in rows[0].found


@pytest.mark.parametrize(("found", "state"), [([alarm()], OK), ([], FAILED)])
def test_where_no_alarm_is_on(found: list[dict[str, Any]], state: str) -> None:
    (row,) = watch.judge_alarms(found, options())
    assert (row.state, row.found) == (state, f"{len(found)} alarms, none is on")


@pytest.mark.parametrize(
    ("hours", "emulated", "states"), [(0.5, False, [OK]), (2, False, [OK, WARNING]), (2, True, [OK, SKIPPED])]
)
def test_an_alarm_may_be_without_data_for_a_while(hours: float, emulated: bool, states: list[str]) -> None:
    found = [alarm("INSUFFICIENT_DATA", hours=hours)]
    assert [row.state for row in watch.judge_alarms(found, options(emulated=emulated))] == states


def subscription(topic: str, pending: bool) -> dict[str, Any]:
    return {"topic": topic, "protocol": "email", "endpoint": "pager@example.com", "pending": pending}


@pytest.mark.parametrize(
    ("found", "states"),
    [
        ([subscription("critical", False)], [OK]),
        ([subscription("critical", True)], [WARNING, WARNING]),
        ([subscription("critical", False), subscription("info", True)], [WARNING]),
        ([], [OK, WARNING]),
    ],
)
def test_subscriptions(found: list[dict[str, Any]], states: list[str]) -> None:
    assert [row.state for row in watch.judge_subscriptions(found, options())] == states


def test_a_pending_subscription_is_named() -> None:
    row = next(iter(watch.judge_subscriptions([subscription("critical", True)], options())))
    assert row.found == "1 pending: email pager@example.com (critical)"


HOLDER = Holder("4f2b", "root@vm", 12, "ansible-playbook site.yml", since=1000, expires=2000, fence=1)


@pytest.mark.parametrize(
    ("held", "state", "words", "advice"),
    [
        (watch.Held(None, 0, False), WARNING, "table uex-payments-locks is not there", "bootstrap"),
        (watch.Held(None, 1500), OK, "is free", ""),
        (
            watch.Held(HOLDER, 1500),
            WARNING,
            "held by root@vm (process 12) since 1970-01-01 00:16:40 UTC, 8 min",
            "wait",
        ),
        (watch.Held(HOLDER, 2001), WARNING, "stale, held by root@vm", "force_unlock=4f2b"),
        (watch.Held(HOLDER._replace(expires=30000), 20000), WARNING, "5 h", "if it is gone"),
    ],
)
def test_the_lock(held: watch.Held, state: str, words: str, advice: str) -> None:
    (row,) = watch.judge_lock(held, options())
    assert row.state == state
    assert words in row.found
    assert advice in row.advice
