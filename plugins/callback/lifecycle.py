# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan of a run, for a person and as a file."""

from __future__ import annotations

DOCUMENTATION = r"""
name: lifecycle
type: aggregate
short_description: Collect what a run does or would do, show it and keep it
description:
  - Collects the C(actions) that modules return and, for amazon.aws tasks, works them out from the view of before that
    M(uex.payments.stack_info) found.
  - A check ends with the plan by layer, C(+) create, C(~) update, C(-/+) replace, C(-) delete, with the fields that
    change; an apply with the counts.
  - The same is written to C(plan.json) in the environment's folder below C(stack_build_directory). A check writes what
    would be done, an apply what it did. docs/lifecycle.md describes the file.
  - Keeps the lock that M(uex.payments.stack_lock) takes, and releases it when the run ends.
version_added: "0.1.0"
requirements:
  - enabled in the configuration, C(callbacks_enabled = uex.payments.lifecycle)
author:
  - UEX Payments (@uex)
"""

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

from ansible_collections.uex.payments.plugins.module_utils import _summary
from ansible_collections.uex.payments.plugins.plugin_utils import lock, session
from ansible_collections.uex.payments.plugins.plugin_utils.run import Run

COLORS = {"+": "green", "~": "yellow", "-/+": "magenta", "-": "red"}


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "uex.payments.lifecycle"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self.run = Run()
        self._refused = False

    def v2_playbook_on_play_start(self, play: Any) -> None:
        """Each play has a plan of its own; that of the last is the run's."""
        self.run = Run()
        self.run.check_mode = bool(play.check_mode)
        self._play = play

    def v2_runner_on_start(self, host: Any, task: Any) -> None:
        """What keeps the lock is there before the task that takes it."""
        if task.resolved_action == lock.ACTION and not self.run.check_mode:
            lock.prepare(*session.of_task(self._play, host, task))

    def v2_runner_on_ok(self, result: Any) -> None:
        self.run.take(result.task, result.result)
        if "fence" in result.result:
            lock.took(result.result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """What was done before something failed still counts. What a refused run didn't do replaces no plan."""
        self.run.take(result.task, result.result)
        self._refused = bool({"moved", "holder"} & set(result.result))

    def v2_playbook_on_stats(self, stats: Any) -> None:
        self._show()
        lock.release()

    def _show(self) -> None:
        if self._refused or not self.run.environment:
            return
        plan = _summary.document(self.run.environment, self.run.actions)
        for line in _summary.lines(plan) if self.run.check_mode else ["", _summary.total(plan, planning=False)]:
            self._display.display(line, color=COLORS.get(line[:5].strip()))
        self._display.display(f"Written to {self._write(plan)}")

    def _write(self, plan: dict[str, Any]) -> Path:
        """Put the plan where the environment's files are; the name appears only when the whole is there."""
        folder = Path(self.run.directory) / self.run.environment
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"plan.json.{os.getpid()}"
        fresh.write_text(json.dumps(plan, indent=2, default=str) + "\n", encoding="utf-8")
        return fresh.replace(folder / "plan.json")
