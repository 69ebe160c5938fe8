# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.validate import ParamValidator

from ansible_collections.uex.payments.plugins.module_utils import _calls, _one_off, _wait
from ansible_collections.uex.payments.plugins.module_utils._one_off import Look, OneOff, Outcome
from ansible_collections.uex.payments.tests.support.one_off import Place, place
from embedded_aws import tasks

ARN = "arn:aws:ecs:us-east-1:123456789012:task/pay/0123456789abcdef0123456789abcdef"
REQUEST = OneOff("pay", "job:1", ["subnet-1"], ["sg-1"], "job")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_one_off, "PAUSE", 0.01)


@pytest.fixture
def found(aws: None, quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(tasks, "FILE", tmp_path / tasks.NAME)
    return place()


def runs(code: str) -> None:
    tasks.remember(tasks.FILE, "job", {"entry_point": [sys.executable, "-uc", code]})


# What is asked of AWS


@pytest.mark.parametrize(
    ("more", "members"),
    [
        ({}, {"overrides": None, "tags": None, "startedBy": None}),
        (
            {"command": ["up", "-v"], "environment": {"B": "2", "A": "1"}},
            {
                "overrides": {
                    "containerOverrides": [
                        {
                            "name": "job",
                            "command": ["up", "-v"],
                            "environment": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
                        }
                    ]
                }
            },
        ),
        ({"tags": {"Project": "uex"}}, {"tags": [{"key": "Project", "value": "uex"}]}),
        ({"started_by": "x" * 200}, {"startedBy": "x" * 128}),
    ],
)
def test_arguments(more: dict[str, Any], members: dict[str, Any]) -> None:
    made = _one_off.arguments(REQUEST._replace(**more), "a-token")
    shape = botocore.session.get_session().get_service_model("ecs").operation_model("RunTask").input_shape
    assert not ParamValidator().validate(made, shape).has_errors()
    assert {name: made.get(name) for name in members} == members
    assert (made["clientToken"], made["count"], made["launchType"]) == ("a-token", 1, "FARGATE")
    assert made["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"] == "DISABLED"


class Refusing:
    """A client whose RunTask fails so many times before it starts something."""

    def __init__(self, reason: str, times: int) -> None:
        self.reason, self.left = reason, times
        self.tokens: list[str] = []

    def run_task(self, **given: Any) -> dict[str, Any]:
        self.tokens.append(given["clientToken"])
        self.left -= 1
        failures = [{"arn": "arn", "reason": self.reason}]
        return {"tasks": [], "failures": failures} if self.left >= 0 else {"tasks": [{"taskArn": ARN}], "failures": []}


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Time passes only by pauses, which are kept."""
    pauses: list[float] = []
    until = _wait.until

    def quick(*args: Any, **more: Any) -> Any:
        return until(*args, **more, clock=lambda: sum(pauses), sleep=pauses.append)

    monkeypatch.setattr(_calls._wait, "until", quick)
    return pauses


def test_while_there_is_no_capacity_the_start_is_tried_again_with_a_token_of_its_own(passing: list[float]) -> None:
    client = Refusing("Capacity is unavailable at this time.", 3)
    assert _one_off.start(client, REQUEST) == ARN
    assert len(set(client.tokens)) == 4


def test_want_of_capacity_is_not_waited_for_without_end(passing: list[float]) -> None:
    with pytest.raises(_one_off.NotStarted, match="AWS has no capacity"):
        _one_off.start(Refusing("Capacity is unavailable at this time.", 1000), REQUEST)
    assert sum(passing) == _one_off.CAPACITY_SECONDS


def test_another_failure_is_told_at_once(passing: list[float]) -> None:
    with pytest.raises(_one_off.NotStarted, match="job:1 was not started: LOCATION"):
        _one_off.start(Refusing("LOCATION", 1), REQUEST)
    assert passing == []


# A whole run


def test_a_task_that_says_something_and_ends(found: Place) -> None:
    runs("print('one'); print('two'); raise SystemExit(3)")
    said: list[str] = []
    outcome = _one_off.run(boto3.client, found.request._replace(started_by="test"), said.append)
    assert (outcome.exit_code, outcome.lines, said) == (3, ["one", "two"], ["one", "two"])
    assert outcome.stopped_reason == tasks.EXITED
    assert found.task(outcome.task_arn)["startedBy"] == "test"


def test_a_task_that_never_ran_has_no_exit_code_and_no_line(found: Place) -> None:
    tasks.remember(tasks.FILE, "job", {"exit_code": None, "reason": "CannotPullContainerError: not found"})
    outcome = _one_off.run(boto3.client, found.request, pytest.fail)
    assert outcome[1:] == (None, "CannotPullContainerError: not found", [])


def test_without_a_log_group_nothing_is_read(found: Place) -> None:
    runs("print('unheard')")
    assert _one_off.run(boto3.client, found.request._replace(log_group=""), pytest.fail).exit_code == 0


def test_at_the_deadline_the_task_is_stopped(found: Place) -> None:
    runs("import time; time.sleep(60)")
    with pytest.raises(_wait.TimedOut, match="the end of arn:"):
        _one_off.run(boto3.client, found.request._replace(deadline=0.1), pytest.fail)
    assert _ended(found)["stoppedReason"] == "Nobody waits for it any more: TimedOut"


@pytest.mark.parametrize("number", _one_off.SIGNALS)
def test_an_interrupted_run_stops_its_task_and_then_ends_as_it_would(
    found: Place, number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs("import time; print('begun'); time.sleep(60)")
    met: list[int] = []
    before = signal.signal(number, lambda *seen: met.append(seen[0]))
    try:
        with pytest.raises(_one_off.Interrupted, match="is being stopped"):
            _one_off.run(boto3.client, found.request, lambda line: os.kill(os.getpid(), number))
        assert signal.getsignal(number) is not None
    finally:
        signal.signal(number, before)
    assert met == [number]
    assert _ended(found)["stoppedReason"] == "The run that waited for it was interrupted"


def _ended(found: Place) -> Any:
    (arn,) = found.estate.ecs.list_tasks(cluster="pay", desiredStatus="STOPPED")["taskArns"]
    return _wait.until(lambda: found.task(arn), lambda task: task["lastStatus"] == "STOPPED", "end", 10, pause=0.02)


def test_tasks_that_have_not_ended_are_found_also_while_they_are_being_stopped(found: Place, tmp_path: Path) -> None:
    deaf = tmp_path / "deaf"
    runs(f"import signal, time; signal.signal(15, signal.SIG_IGN); open({str(deaf)!r}, 'w'); time.sleep(60)")
    ecs = found.estate.ecs
    arn = _one_off.start(ecs, found.request)
    _wait.until(deaf.exists, bool, "the process", 30, pause=0.02)
    assert [task["taskArn"] for task in _one_off.running(ecs, "pay", "job")] == [arn]
    assert _one_off.running(ecs, "pay", "other") == []
    ecs.stop_task(cluster="pay", task=arn)
    assert [task["desiredStatus"] for task in _one_off.running(ecs, "pay", "job")] == ["STOPPED"]


# Following


def follow(*looks: Look, start: Callable[[], str] = lambda: ARN) -> tuple[Outcome, list[str], list[str]]:
    """Follow a task that is seen so; the outcome, what was said and the positions that were asked for."""
    rest, said, positions = list(looks), [], []

    def look(arn: str, position: str) -> Look:
        positions.append(position)
        return rest.pop(0)

    return _one_off.follow(start, look, lambda *_: None, said.append, 10), said, positions


def seen(status: str, *lines: str, position: str = "") -> Look:
    return Look(status, 0 if status == _one_off.STOPPED else None, "", list(lines), position)


def test_what_is_logged_after_the_end_is_still_read(quick: None) -> None:
    outcome, said, positions = follow(
        seen("RUNNING", position="f/1"),
        seen("STOPPED", "a", position="f/2"),
        seen("STOPPED", "b", position="f/3"),
        seen("STOPPED", position="f/3"),
    )
    assert outcome == Outcome(ARN, 0, "", ["a", "b"])
    assert (said, positions) == (["a", "b"], ["", "f/1", "f/2", "f/3"])


def test_a_start_that_fails_stops_nothing(quick: None) -> None:
    def fails() -> str:
        raise _one_off.NotStarted("no")

    with pytest.raises(_one_off.NotStarted):
        follow(start=fails)


@pytest.mark.parametrize(
    ("message", "line"),
    [("plain\n", "plain"), ("a\tb", "a\tb"), ("\x1b[31mred\x07", " [31mred "), ("über", "über"), ("a\r\nb", "a  b")],
)
def test_a_line_has_nothing_that_a_terminal_obeys(message: str, line: str) -> None:
    assert _one_off.printable(message) == line


def test_the_stream_of_a_container() -> None:
    assert _one_off.stream(REQUEST, ARN) == "ecs/job/0123456789abcdef0123456789abcdef"
