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
  - Renews the credentials of a role that the run has assumed, and removes them when it ends.
  - Keeps the lock that M(uex.payments.stack_lock) takes, and releases it when the run ends.
  - The play of playbooks/drift.yml is shown and written to C(drift.json) before the next begins; C(plan.json) stays.
version_added: "0.1.0"
requirements:
  - enabled in the configuration, C(callbacks_enabled = uex.payments.lifecycle)
author:
  - UEX Payments (@uex)
"""

import functools
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

from ansible_collections.uex.payments.plugins.module_utils import _drift, _summary
from ansible_collections.uex.payments.plugins.module_utils._state import Store
from ansible_collections.uex.payments.plugins.plugin_utils import files, interrupts, lock, session
from ansible_collections.uex.payments.plugins.plugin_utils.assumed_roles import Keeper
from ansible_collections.uex.payments.plugins.plugin_utils.record import Recorder
from ansible_collections.uex.payments.plugins.plugin_utils.run import Run

COLORS = {"+": "green", "~": "yellow", "-/+": "magenta", "-": "red", "?": "magenta", "!": "red"}


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "uex.payments.lifecycle"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self.run = Run()
        self.recorder = Recorder()
        self._refused = False
        self._keeper = Keeper(self._display.warning)

    def v2_playbook_on_start(self, playbook: Any) -> None:
        interrupts.heed()
        self._keeper.watch()
        self.recorder.begin(playbook)

    def v2_playbook_on_play_start(self, play: Any) -> None:
        """Each play has a plan of its own; that of the last is the run's. A drift is told before more is done."""
        self._tell_drift()
        self.run = Run()
        self.run.check_mode = bool(play.check_mode)
        self._play = play
        self.recorder.play(play, self.run)

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        self.recorder.task(task)

    def v2_runner_on_start(self, host: Any, task: Any) -> None:
        """What keeps the lock is there before the task that takes it."""
        if task.resolved_action == lock.ACTION and not self.run.check_mode:
            lock.prepare(*session.of_task(self._play, host, task), self._record, self.recorder.identity)
            self.recorder.changes()

    def _record(self, keeper: lock.Keeper) -> None:
        """Keep what the run was and did, while nobody else can begin another."""
        if keeper.bucket:
            connect = functools.cache(keeper.session.client)
            store = Store(connect, keeper.bucket, keeper.place.name, keeper.account)
            self._display.display(self.recorder.keep(connect, store, keeper.fence))

    def v2_runner_on_ok(self, result: Any) -> None:
        self.run.take(result.task, result.result)
        self._keeper.take(self._play, result)
        if "fence" in result.result:
            lock.took(result.result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """What was done before something failed still counts. What a refused run didn't do replaces no plan."""
        self.run.take(result.task, result.result)
        self._refused = bool({"moved", "holder"} & set(result.result))
        if not ignore_errors:
            self.recorder.fail(result)
            self.run.idle = _summary.CUT_SHORT if self.run.idle == _summary.IDLE else self.run.idle

    def v2_runner_on_skipped(self, result: Any) -> None:
        if result.task.resolved_action == lock.ACTION:
            lock.forget()

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self.recorder.fail(result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        self.recorder.end(stats)
        self._tell_drift()
        self._tell_plan()
        lock.release()

    def _tell_plan(self) -> None:
        """Nothing of a run that looked at no resource, such as a validation."""
        if self._refused or not (self.run.environment and self.run.planned) or self.run.document != "plan":
            return
        plan = _summary.document(self.run.environment, self.run.actions, self.run.pricing)
        idle = self.run.idle
        total = ["", _summary.total(plan, False, idle)]
        self._tell(plan, _summary.lines(plan, idle=idle) if self.run.check_mode else total)

    def _tell_drift(self) -> None:
        """Nothing of a run that ended before all was looked at: what it didn't see would pass for sound."""
        if self.run.document == "drift" and self.run.orphans is not None:
            drift = _drift.document(self.run.environment, self.run.actions, self.run.orphans, self.run.pricing)
            self._tell(drift, _drift.lines(drift))

    def _tell(self, document: dict[str, Any], lines: list[str]) -> None:
        for line in [*_summary.noted(self.run.notes), *lines]:
            self._display.display(line, color=COLORS.get(line[:5].strip()))
        self._display.display(f"Written to {self._write(document)}")

    def _write(self, document: dict[str, Any]) -> Path:
        """Put it where the environment's files are."""
        folder = Path(self.run.directory) / self.run.environment
        return files.write_json(folder, f"{self.run.document}.json", document)
