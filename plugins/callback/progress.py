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
  - With C(-v) or more it prints what the default callback prints as well. Failures and diffs are always the default
    callback's.
version_added: "0.1.0"
extends_documentation_fragment:
  - default_callback
  - result_format_callback
requirements:
  - set as stdout callback in the configuration
author:
  - UEX Payments (@uex)
"""

import time
from collections import Counter
from typing import Any

from ansible.plugins.callback.default import CallbackModule as Default

from ansible_collections.uex.payments.plugins.plugin_utils.run import Run, layer

PAST = {"create": "created", "update": "changed", "replace": "replaced", "delete": "deleted"}
FUTURE = {"create": "to create", "update": "to change", "replace": "to replace", "delete": "to delete"}


def phrase(verbs: Counter[str], check_mode: bool) -> str:
    """Such as C(3 created, 1 changed), or C(-) where there was nothing to do."""
    words = FUTURE if check_mode else PAST
    return ", ".join(f"{verbs[verb]} {word}" for verb, word in words.items() if verbs[verb]) or "-"


def elapsed(seconds: float) -> str:
    """Minutes and seconds, such as C(02:05)."""
    return f"{int(seconds) // 60:02d}:{int(seconds) % 60:02d}"


class CallbackModule(Default):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "uex.payments.progress"

    def __init__(self) -> None:
        super().__init__()
        self._run = Run()
        self._layer = ""
        self._table: list[str] = []
        self._check_mode = False
        self._begun = self._task_begun = time.monotonic()

    @property
    def _quiet(self) -> bool:
        return bool(self._display.verbosity == 0)

    def v2_playbook_on_play_start(self, play: Any) -> None:
        self._check_mode = bool(play.check_mode)
        super().v2_playbook_on_play_start(play)

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        self._task_begun = time.monotonic()
        now = layer(task) or self._layer
        if now != self._layer:
            self._layer = now
            self._display.display(f"{elapsed(time.monotonic() - self._begun)}  {now}", color="bright blue")
        if not self._quiet:
            super().v2_playbook_on_task_start(task, is_conditional)

    def v2_runner_on_ok(self, result: Any) -> None:
        outcome = result.result
        self._run.take(result.task, outcome)
        self._table = outcome.get("table") or self._table
        if not self._quiet:
            super().v2_runner_on_ok(result)
        elif result.task._role and result.task.resolved_action != "ansible.builtin.validate_argument_spec":
            self._line(result.task.get_name().rpartition(" : ")[2], self._run.of(result.task, outcome))

    def _line(self, name: str, done: list[dict[str, Any]]) -> None:
        verbs = Counter(action["verb"] for action in done)
        took = time.monotonic() - self._task_begun
        text = f"       {name:<44} {phrase(verbs, self._check_mode):<28} {took:6.1f} s"
        self._display.display(text, color="yellow" if done else "green")

    def v2_runner_item_on_ok(self, result: Any) -> None:
        if not self._quiet:
            super().v2_runner_item_on_ok(result)

    def v2_runner_item_on_skipped(self, result: Any) -> None:
        if not self._quiet:
            super().v2_runner_item_on_skipped(result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        if not self._quiet:
            super().v2_runner_on_skipped(result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        for line in self._table:
            self._display.display(line)
        self._display.display(f"Elapsed {elapsed(time.monotonic() - self._begun)}")
        super().v2_playbook_on_stats(stats)
