# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import functools
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.action import stack_logs
from ansible_collections.uex.payments.plugins.module_utils import _wait
from ansible_collections.uex.payments.tests.support import plugins


class Interrupted(Exception):
    """Somebody pressed Ctrl-C."""


def looks(*each: list[int]) -> list[dict[str, Any]]:
    return [
        {"changed": False, "events": {f"e{n}": {"line": f"line {n}", "timestamp": 60_000 + n} for n in some}}
        for some in each
    ]


def follow(monkeypatch: pytest.MonkeyPatch, found: list[dict[str, Any]], **options: Any) -> tuple[list[str], list[Any]]:
    """What a run shows, and where each look began."""
    begins: list[Any] = []

    def look(action: Any, task_vars: Any, name: Any, given: dict[str, Any]) -> dict[str, Any]:
        if len(begins) == len(found):
            raise Interrupted
        begins.append(given.get("begin"))
        return found[len(begins) - 1]

    monkeypatch.setattr(stack_logs, "run_module", look)
    patient = functools.partial(_wait.until, sleep=lambda _seconds: None)
    monkeypatch.setattr(stack_logs, "_wait", SimpleNamespace(until=patient))
    made = plugins.action(stack_logs.ActionModule, options)
    made._task.resolved_action = "uex.payments.stack_logs"
    made._display.warning = made.shown.append
    try:
        made.run(task_vars={})
    except Interrupted:
        made.shown.append("interrupted")
    return made.shown, begins


def test_lines_are_shown_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shown, begins = follow(monkeypatch, looks([2, 1]), show=True)
    assert (shown, begins) == (["line 1", "line 2"], [None])


def test_it_follows_until_it_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    shown, begins = follow(monkeypatch, looks([1, 2], [], [2, 3], [3]), follow="true")
    assert shown == ["line 1", "line 2", "line 3", "interrupted"]
    assert begins == [None, 30_002, 30_002, 30_003]


def test_a_failure_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    shown, begins = follow(monkeypatch, [{"failed": True, "msg": "no"}], follow=True)
    assert (shown, len(begins)) == ([], 1)


def test_what_was_cut_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = looks([1])
    shown, _begins = follow(monkeypatch, [{**found, "more": True}], show=True)
    assert shown[-1] == stack_logs.CUT
