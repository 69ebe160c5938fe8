# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Take down one layer: the modules that made it with empty sets, in order, and waits that show what is awaited."""

from __future__ import annotations

from typing import Any

from ansible_collections.uex.payments.plugins.action import stack_wait
from ansible_collections.uex.payments.plugins.module_utils import _going, _plan, _report, _teardown
from ansible_collections.uex.payments.plugins.plugin_utils.in_process import run_module

#: What the task says to this action; every other option (region, credentials) goes to each module.
OWN = ("name", "tags", "managed", "layer", "part", "kinds", "options", "kept", "zone", "domains", "cnames")


class Stopped(Exception):
    """A module failed; the argument is its result."""


class ActionModule(stack_wait.ActionModule):
    """The module of the same name looks; this asks it what there is and what is awaited, and calls the others."""

    table = _going.GOING

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        base: dict[str, Any] = super(stack_wait.ActionModule, self).run(tmp, task_vars)
        self._vars = task_vars or {}
        self._kinds: tuple[str, ...] = ()
        self._actions: list[dict[str, Any]] = []
        failed: dict[str, Any] = {}
        try:
            self._take_down()
        except Stopped as stopped:
            failed = stopped.args[0]
        return {**base, **failed, "changed": bool(self._actions), "actions": self._actions}

    def _take_down(self) -> None:
        options = self._task.args
        facts = _succeeded(self._look())["facts"]
        for entry in _teardown.TABLE[options["layer"], options.get("part") or _teardown.FINISH]:
            if isinstance(entry, _teardown.Wait):
                self._until_gone(entry)
            elif entry.module not in (options.get("kept") or ()):
                for call in _teardown.calls(entry, facts, {**options["tags"], "Layer": options["layer"]}):
                    self._call(entry.module, call)

    def _look(self) -> dict[str, Any]:
        """What there is, and how far the awaited kinds are."""
        return run_module(self, self._vars, self._task.resolved_action, {**self._task.args, "kinds": [*self._kinds]})

    def _until_gone(self, wait: _teardown.Wait) -> None:
        """Not in check mode, where nothing goes."""
        if not self._task.check_mode:
            self._kinds = wait.kinds
            _succeeded(self._await())

    def _call(self, module: str, call: _teardown.Call) -> None:
        session = {name: value for name, value in self._task.args.items() if name not in OWN}
        own = self._task.args.get("options", {}).get(module, {})
        result = run_module(self, self._vars, call.module, {**session, **call.options, **own})
        found = result.get("actions") or []
        if call.target and result.get("changed"):
            kind, name = call.target
            found = _report.actions(kind, (), [_plan.Plan(name, _plan.DELETE, {}, None)])
        self._actions += found
        _succeeded(result)


def _succeeded(result: dict[str, Any]) -> dict[str, Any]:
    """The result itself; Stopped if it is a failure."""
    if result.get("failed"):
        told = {key: result[key] for key in ("failed", "msg", "exception") if key in result}
        raise Stopped(told)
    return result
