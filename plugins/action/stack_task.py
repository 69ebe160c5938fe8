# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run a task once: show what runs, start it, show its log while it runs, and judge how it ended."""

from __future__ import annotations

import time
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.uex.payments.plugins.module_utils import _one_off, _one_off_shown, _wait
from ansible_collections.uex.payments.plugins.plugin_utils import live_line
from ansible_collections.uex.payments.plugins.plugin_utils.in_process import run_module

LINES, DEADLINE = 20, 3600


class Failed(Exception):
    """A step failed; the argument is its result."""


class ActionModule(ActionBase):
    """The module of the same name does one short step at a time."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        base: dict[str, Any] = super().run(tmp, task_vars)
        self._vars, self._status, self._begun = task_vars or {}, "", time.monotonic()
        try:
            shown = self._step("show")
            if self._task.check_mode:
                return {**base, **shown}
            for line in shown["table"]:
                self._say(line)
            return {**base, **self._judged(self._followed())}
        except Failed as failed:
            return {**base, **failed.args[0]}
        except (_wait.TimedOut, _one_off.Interrupted) as error:
            return {**base, "failed": True, "changed": True, "msg": "\n".join([str(error), *self._advice])}

    @property
    def _advice(self) -> list[str]:
        return list(self._task.args.get("advice") or ())

    def _step(self, step: str, **options: Any) -> dict[str, Any]:
        """The result of one step. Raises Failed."""
        given = {**self._task.args, "step": step, **options}
        result = run_module(self, self._vars, self._task.resolved_action, given)
        if result.get("failed"):
            raise Failed(result)
        return result

    def _followed(self) -> _one_off.Outcome:
        deadline = float(self._task.args.get("deadline") or DEADLINE)
        return _one_off.follow(self._start, self._look, self._stop, self._say, deadline)

    def _start(self) -> str:
        return str(self._step("start")["task_arn"])

    def _look(self, arn: str, position: str) -> _one_off.Look:
        """A look, which says the task's status when it changes; the end is said by what it was."""
        result = self._step("look", task_arn=arn, position=position)
        seen = _one_off.Look(**{name: result[name] for name in _one_off.Look._fields})
        if seen.status not in (self._status, _one_off.STOPPED):
            live_line.announce(self._display, [f"task {arn}: {seen.status}"], time.monotonic() - self._begun)
        self._status = seen.status
        return seen

    def _stop(self, arn: str, reason: str) -> None:
        self._say(f"stopping {arn}")
        self._step("stop", task_arn=arn, reason=reason)

    def _say(self, line: str) -> None:
        self._display.display(f"       {line}")

    def _judged(self, outcome: _one_off.Outcome) -> dict[str, Any]:
        lines = self._task.args.get("shown_lines")
        problem = _one_off_shown.problem(outcome, LINES if lines is None else int(lines), self._advice)
        result = {"changed": True, **outcome._asdict()}
        return {**result, "failed": True, "msg": problem} if problem else result
