# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""In which order the action asks for steps, what it shows meanwhile and how it judges."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.action import stack_task
from ansible_collections.uex.payments.plugins.module_utils import _one_off
from ansible_collections.uex.payments.tests.support import plugins

TABLE = ["image  this"]
LOOK = {"changed": False, "exit_code": None, "stopped_reason": "", "lines": [], "position": "p"}


def look(status: str, *lines: str, exit_code: int | None = None) -> dict[str, Any]:
    return {**LOOK, "status": status, "lines": list(lines), "exit_code": exit_code}


def ran(
    monkeypatch: pytest.MonkeyPatch, looks: list[dict[str, Any]], check_mode: bool = False, **options: Any
) -> tuple[dict[str, Any], list[str], list[str]]:
    """The action's result, what it showed and which steps it asked for."""
    steps: list[str] = []

    def module(action: Any, task_vars: Any, name: str, given: dict[str, Any]) -> dict[str, Any]:
        steps.append(given["step"])
        answers = {"show": {"changed": False, "table": TABLE}, "start": {"changed": True, "task_arn": "arn"}}
        return answers.get(given["step"]) or (looks.pop(0) if given["step"] == "look" else {"changed": True})

    monkeypatch.setattr(stack_task, "run_module", module)
    monkeypatch.setattr(_one_off, "PAUSE", 0.0)
    action = plugins.action(stack_task.ActionModule, options, check_mode)
    action._task.resolved_action = "uex.payments.stack_task"
    return action.run(task_vars={}), [line.strip() for line in action.shown], steps


def test_lines_are_shown_as_they_come_and_the_end_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = [look("RUNNING", "one"), look("STOPPED", "two", exit_code=0), look("STOPPED", exit_code=0)]
    result, shown, steps = ran(monkeypatch, looks)
    assert steps == ["show", "start", "look", "look", "look"]
    assert [line for line in shown if not line.startswith("waiting")] == [*TABLE, "one", "two"]
    assert [line.rpartition(" ")[2] for line in shown if line.startswith("waiting")] == ["RUNNING"]
    assert (result["changed"], result["exit_code"], result["lines"]) == (True, 0, ["one", "two"])
    assert not result.get("failed")


def test_another_exit_code_is_a_failure_with_the_last_lines_and_the_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = [look("STOPPED", "a", "b", exit_code=3), look("STOPPED", exit_code=3)]
    result, _shown, _steps = ran(monkeypatch, looks, shown_lines=1, advice=["Restore it."])
    assert (result["failed"], result["exit_code"]) == (True, 3)
    assert result["msg"].split("\n")[1:] == ["The end of its log:", "  b", "Restore it."]


def test_in_check_mode_it_only_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    result, _shown, steps = ran(monkeypatch, [], check_mode=True)
    assert (steps, result["table"], result["changed"]) == (["show"], TABLE, False)


def test_a_refused_task_is_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_task, "run_module", lambda *_: {"failed": True, "msg": "another one"})
    action = plugins.action(stack_task.ActionModule, {})
    action._task.resolved_action = "uex.payments.stack_task"
    assert action.run(task_vars={})["msg"] == "another one"


def test_at_the_deadline_the_task_is_stopped_and_the_advice_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    result, shown, steps = ran(monkeypatch, [look("RUNNING")] * 99999, deadline=0.01, advice=["Restore it."])
    assert (steps[-1], shown[-1]) == ("stop", "stopping arn")
    assert result["failed"]
    assert result["msg"].split("\n") == ["the end of arn was not reached within 0.01 s", "Restore it."]


def test_a_look_that_fails_stops_the_task(monkeypatch: pytest.MonkeyPatch) -> None:
    result, _shown, steps = ran(monkeypatch, [{"failed": True, "msg": "denied"}])
    assert (steps[-1], result["msg"]) == ("stop", "denied")
