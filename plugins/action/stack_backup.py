# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Call the short module of the same name until all snapshots are there, and measure how long each took."""

from __future__ import annotations

from typing import Any

from ansible_collections.uex.payments.plugins.action import stack_wait
from ansible_collections.uex.payments.plugins.module_utils import _barrier, _snapshots


class ActionModule(stack_wait.ActionModule):
    """Waits as the barrier does."""

    table = _snapshots.SLOW
    advice = "see its events in the AWS console; a snapshot that failed is deleted and taken anew by another run"

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        self._took: dict[str, float] = {}
        result = super().run(tmp, task_vars)
        if result.get("failed") or self._task.check_mode:
            return result
        command = str(self._task.args.get("command", ""))
        return {**result, "table": _snapshots.table(result, self._took, command)}

    def _look(self) -> dict[str, Any]:
        """One look, which notes when each snapshot was first seen to be there."""
        result = super()._look()
        for each in result.get("states") or []:
            if each["state"] == _barrier.READY:
                self._took.setdefault(each["name"], self._waited)
        return result
