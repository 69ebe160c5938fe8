# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import time
from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.plugins.modules import stack_logs
from ansible_collections.uex.payments.tests.support import plugins

GROUP = "uex-payments-test-api"
SERVICE = {"name": "api", "log_group": GROUP, "log": {"driver": "awslogs"}}
OPTIONS: dict[str, Any] = {"services": [SERVICE], "service": "api"}


@pytest.fixture
def log(aws: None) -> None:
    """Lines of two containers, the oldest an hour old."""
    logs, now = boto3.client("logs"), int(time.time() * 1000)
    logs.create_log_group(logGroupName=GROUP)
    for stream, age, text in (("ecs/api/1", 3600, "old"), ("ecs/api/2", 20, "ERROR new"), ("ecs/proxy/2", 10, "newer")):
        logs.create_log_stream(logGroupName=GROUP, logStreamName=stream)
        event = {"timestamp": now - 1000 * age, "message": text}
        logs.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=[event])


def call(check_mode: bool = False, **more: Any) -> dict[str, Any]:
    return plugins.run_module(stack_logs, {**OPTIONS, **more}, check_mode)


def texts(result: dict[str, Any]) -> list[str]:
    events = sorted(result["events"].values(), key=lambda each: each["timestamp"])
    return [each["line"].split("  ", 1)[1] for each in events]


def test_the_command_is_shown(aws: None) -> None:
    result = call(follow=True, filter="ERROR", check_mode=True)
    words = "--since 15m --filter-pattern ERROR --follow --format short --region us-east-1"
    assert result["table"] == [f"aws logs tail {GROUP} {words}"]
    assert "events" not in result


@pytest.mark.parametrize(
    ("since", "pattern", "shown"),
    [
        ("15m", "", ["2  ERROR new", "2 proxy  newer"]),
        ("2h", "", ["1  old", "2  ERROR new", "2 proxy  newer"]),
        ("2h", "ERROR", ["2  ERROR new"]),
        ("5s", "", []),
    ],
)
def test_lines_are_read_by_time(log: None, since: str, pattern: str, shown: list[str]) -> None:
    assert texts(call(show=True, since=since, filter=pattern)) == shown


def test_no_more_than_some_are_read_at_once(log: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_logs, "MOST", 1)
    result = call(show=True, since="2h")
    assert (len(result["events"]), result["more"]) == (1, True)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"since": "soon"}, "since: a number and one of"),
        ({"service": "x"}, "there is no x; there are api"),
        (
            {"services": [{**SERVICE, "log": {"driver": "splunk"}}]},
            "stack_services.api.log.driver: its lines go to splunk",
        ),
        ({"show": True}, "ResourceNotFoundException"),
    ],
)
def test_what_is_wrong_is_said(aws: None, more: dict[str, Any], said: str) -> None:
    assert said in call(**more)["msg"]
