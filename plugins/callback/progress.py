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
  - Collects the C(actions) that modules return and, for amazon.aws tasks, works them out from the view of before that
    M(uex.payments.stack_info) found; ends with the counts by kind.
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

from ansible_collections.uex.payments.plugins.module_utils import _before

PAST = {"create": "created", "update": "changed", "replace": "replaced", "delete": "deleted"}
FUTURE = {"create": "to create", "update": "to change", "replace": "to replace", "delete": "to delete"}
SIGNS = {"create": "+", "update": "~", "replace": "-/+", "delete": "-"}


def phrase(verbs: Counter[str], check_mode: bool) -> str:
    """Such as C(3 created, 1 changed), or C(-) where there was nothing to do."""
    words = FUTURE if check_mode else PAST
    return ", ".join(f"{verbs[verb]} {word}" for verb, word in words.items() if verbs[verb]) or "-"


def elapsed(seconds: float) -> str:
    """Minutes and seconds, such as C(02:05)."""
    return f"{int(seconds) // 60:02d}:{int(seconds) % 60:02d}"


def table(actions: list[dict[str, Any]]) -> list[str]:
    """The counts by kind and verb, one line each."""
    counts = Counter((action["kind"], action["verb"]) for action in actions)
    return [f"  {SIGNS[verb]:>3} {count:4d}  {kind}" for (kind, verb), count in sorted(counts.items())]


class CallbackModule(Default):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "uex.payments.progress"

    def __init__(self) -> None:
        super().__init__()
        self.actions: list[dict[str, Any]] = []
        self._before: dict[str, dict[str, Any]] = {}
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
        layer = task._role.get_name(include_role_fqcn=False) if task._role else self._layer
        if layer != self._layer:
            self._layer = layer
            self._display.display(f"{elapsed(time.monotonic() - self._begun)}  {layer}", color="bright blue")
        if not self._quiet:
            super().v2_playbook_on_task_start(task, is_conditional)

    def v2_runner_on_ok(self, result: Any) -> None:
        outcome = result.result
        self._before.update(outcome.get("before") or {})
        self._table = outcome.get("table") or self._table
        done = [action for each in outcome.get("results", [outcome]) for action in self._actions(result.task, each)]
        self._account(done)
        if not self._quiet:
            super().v2_runner_on_ok(result)
        elif result.task._role and result.task.resolved_action != "ansible.builtin.validate_argument_spec":
            self._line(result.task.get_name().rpartition(" : ")[2], done)

    def _account(self, done: list[dict[str, Any]]) -> None:
        """Keep the actions; what two tasks do to one resource, such as a VPC and its defaults, is one action."""
        for action in done:
            same = [each for each in self.actions if (each["kind"], each["name"]) == (action["kind"], action["name"])]
            if same:
                same[0]["changes"] = [*same[0]["changes"], *action["changes"]]
            else:
                self.actions.append({"layer": self._layer, **action})

    def _actions(self, task: Any, outcome: dict[str, Any]) -> list[dict[str, Any]]:
        """The module's own, or what an amazon.aws task with C(stack_kind) did."""
        if "actions" in outcome:
            return list(outcome["actions"])
        kind = task.vars.get("stack_kind")
        if not kind or not outcome.get("changed"):
            return []
        arguments = outcome.get("invocation", {}).get("module_args", {})
        name = str(_argument(arguments, task.vars["stack_name_option"]))
        return [_before.action(kind, name, arguments, self._before.get(kind, {}).get(name))]

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

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """What was done before something failed still counts."""
        self._account(result.result.get("actions") or [])
        super().v2_runner_on_failed(result, ignore_errors)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        title = "Planned changes by kind" if self._check_mode else "Changes by kind"
        for line in [*self._table, "", f"{title}", *(table(self.actions) or ["  none"])]:
            self._display.display(line)
        self._display.display(f"Elapsed {elapsed(time.monotonic() - self._begun)}")
        super().v2_playbook_on_stats(stats)


def _argument(arguments: dict[str, Any], path: str) -> Any:
    """The argument that holds the resource's name, such as C(name) or C(tags.Name)."""
    value: Any = arguments
    for part in path.split("."):
        value = value.get(part, "") if isinstance(value, dict) else ""
    return value
