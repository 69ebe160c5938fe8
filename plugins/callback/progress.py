# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A run by layers: what each task changed, how long it took; the default output with -v."""

from __future__ import annotations

DOCUMENTATION = r"""
name: progress
type: stdout
short_description: One line a task, by layer, with what changed and the elapsed time
description:
  - Shows each layer as it begins and, for each task, how many resources it created, changed or deleted, and how
    long it took.
  - On a terminal a line at the bottom shows how much of the run is done, the task at work, the elapsed time, and what
    is awaited and how long it usually takes. It is not there in a pipe or a file, on a dumb terminal, with C(-v) or
    with C(--step). The colours follow Ansible's settings.
  - With C(-v) or more it prints what the default callback prints as well. Failures, warnings, diffs and the output of
    M(ansible.builtin.debug) are always the default callback's.
version_added: "0.1.0"
extends_documentation_fragment:
  - default_callback
  - result_format_callback
requirements:
  - set as stdout callback in the configuration
author:
  - UEX Payments (@uex)
"""

import atexit
import os
import sys
import time
from collections import Counter
from typing import Any

from ansible import constants, context
from ansible.plugins.callback.default import CallbackModule as Default
from ansible.utils.color import stringc

from ansible_collections.uex.payments.plugins.plugin_utils.live_line import LiveLine, clock, is_wanted
from ansible_collections.uex.payments.plugins.plugin_utils.run import Run, layer, planned_tasks

PAST = {"create": "created", "update": "changed", "replace": "replaced", "delete": "deleted"}
#: Tasks that ask somebody at the terminal.
ASKING = ("ansible.builtin.pause", "ansible.legacy.pause", "pause")
FUTURE = {"create": "to create", "update": "to change", "replace": "to replace", "delete": "to delete"}


def phrase(verbs: Counter[str], check_mode: bool) -> str:
    """Such as C(3 created, 1 changed), or C(-) where there was nothing to do."""
    words = FUTURE if check_mode else PAST
    return ", ".join(f"{verbs[verb]} {word}" for verb, word in words.items() if verbs[verb]) or "-"


def highlighted(text: str) -> str:
    return str(stringc(text, constants.COLOR_HIGHLIGHT))


def short(task: Any) -> str:
    """A task's name without its role's."""
    return str(task.get_name().rpartition(" : ")[2])


class CallbackModule(Default):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "uex.payments.progress"

    def __init__(self) -> None:
        super().__init__()
        self._run = Run()
        self._layer = ""
        self._tables: dict[str, list[str]] = {}
        self._check_mode = False
        self._begun = self._task_begun = time.monotonic()
        self._planned: list[str] = []
        self._done = 0
        self._live: LiveLine | None = None

    @property
    def _quiet(self) -> bool:
        return bool(self._display.verbosity == 0)

    def v2_playbook_on_start(self, playbook: Any) -> None:
        super().v2_playbook_on_start(playbook)
        asks = context.CLIARGS.get("step") or constants.config.get_config_value("ENABLE_TASK_DEBUGGER")
        if asks or not is_wanted(sys.stdout, os.environ.get("TERM", ""), self._display.verbosity):
            return
        self._planned, self._done = planned_tasks(playbook), 0
        if not self._live:
            self._live = LiveLine(sys.stdout, self._display._lock, highlighted)
            self._live.begin(self._begun)
            atexit.register(self._live.end)

    def v2_playbook_on_vars_prompt(self, *_about: Any, **_more: Any) -> None:
        if self._live:
            self._live.hide()

    def v2_playbook_on_play_start(self, play: Any) -> None:
        self._check_mode = bool(play.check_mode)
        super().v2_playbook_on_play_start(play)

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        self._task_begun = time.monotonic()
        now = layer(task) or self._layer
        if now != self._layer:
            self._layer = now
            self._display.display(f"{clock(time.monotonic() - self._begun)}  {now}", color="bright blue")
        self._show_live(task)
        if not self._quiet:
            super().v2_playbook_on_task_start(task, is_conditional)

    def _show_live(self, task: Any) -> None:
        """Where the run is; a task that was included on the way is where its includer is."""
        if not self._live:
            return
        if task._uuid in self._planned:
            self._done = self._planned.index(task._uuid)
        self._live.task(self._done, len(self._planned), self._layer, short(task))
        if task.action in ASKING:
            self._live.hide()

    def v2_runner_on_ok(self, result: Any) -> None:
        outcome = result.result
        self._run.take(result.task, outcome)
        self._take_table(result)
        if not self._quiet or self._run_is_verbose(result):
            super().v2_runner_on_ok(result)
            return
        self._handle_warnings_and_exception(result)
        if result.task.resolved_action != "ansible.builtin.validate_argument_spec":
            self._line(short(result.task), self._run.of(result.task, outcome), bool(outcome.get("changed")))

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._take_table(result)
        super().v2_runner_on_failed(result, ignore_errors)

    def _take_table(self, result: Any) -> None:
        """Keep what the end of the run shows, a table a task."""
        if result.result.get("table"):
            self._tables[result.task._uuid] = result.result["table"]

    def _line(self, name: str, done: list[dict[str, Any]], changed: bool) -> None:
        if not changed and not done and not self.get_option("display_ok_hosts"):
            return
        verbs = Counter(action["verb"] for action in done)
        what = phrase(verbs, self._check_mode) if done or not changed else "changed"
        took = time.monotonic() - self._task_begun
        self._display.display(f"       {name:<44} {what:<28} {took:6.1f} s", color="yellow" if changed else "green")

    def v2_runner_item_on_ok(self, result: Any) -> None:
        if not self._quiet or self._run_is_verbose(result):
            super().v2_runner_item_on_ok(result)

    def v2_runner_item_on_skipped(self, result: Any) -> None:
        if not self._quiet:
            super().v2_runner_item_on_skipped(result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        if not self._quiet:
            super().v2_runner_on_skipped(result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        self._end_live(bool(stats.failures or stats.dark))
        for number, table in enumerate(self._tables.values()):
            for line in [""] * bool(number) + table:
                self._display.display(line)
        self._display.display(f"Elapsed {clock(time.monotonic() - self._begun)}")
        super().v2_playbook_on_stats(stats)

    def _end_live(self, failed: bool) -> None:
        """The line goes; of a run that reached its end with all done."""
        if self._live:
            done = self._done if failed else len(self._planned)
            self._live.task(done, len(self._planned), self._layer, "")
            self._live.end()
            self._live = None
