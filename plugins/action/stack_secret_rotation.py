# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Call the module of the same name once to begin, then look until every rotation is through; show how far they are."""

from __future__ import annotations

from typing import Any

from ansible_collections.uex.payments.plugins.action import stack_wait
from ansible_collections.uex.payments.plugins.module_utils import _barrier, _secret_rotation
from ansible_collections.uex.payments.plugins.plugin_utils.in_process import run_module


class ActionModule(stack_wait.ActionModule):
    """What does not come through is among the failures: the others' readers have still to be told."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        slow = _secret_rotation.SLOW[_secret_rotation.KIND]
        deadline = int(self._task.args.get("deadline", slow.deadline))
        self.table = {_secret_rotation.KIND: slow._replace(deadline=deadline)}
        self._first: dict[str, Any] = {}
        return super().run(tmp, task_vars)

    def _look(self) -> dict[str, Any]:
        """The first look begins; the result of all is what was begun, and how far it is."""
        if not self._first:
            self._first = run_module(self, self._vars)
            return self._first
        begun = {**self._task.args, "begun": self._first["rotations"]}
        found = run_module(self, self._vars, self._task.resolved_action, begun)
        return found if found.get("failed") else {**self._first, "states": found["states"]}

    def _verdict(self, result: dict[str, Any]) -> dict[str, Any]:
        if result.get("failed"):
            return result
        overdue = _barrier.overdue(self._pending(result), self.table)
        return {**result, "failures": [*result["failures"], *overdue]}
