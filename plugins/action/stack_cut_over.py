# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Call the short module of the same name until the cut-over is done, and keep what each step did and when."""

from __future__ import annotations

from typing import Any

from ansible_collections.uex.payments.plugins.action import stack_wait
from ansible_collections.uex.payments.plugins.module_utils import _cut_over


class ActionModule(stack_wait.ActionModule):
    """Waits as the barrier does."""

    table = _cut_over.SLOW
    advice = "mend the cause and run the same command again: it goes on from here"

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        self._steps: list[dict[str, str]] = []
        result = super().run(tmp, task_vars)
        if self._task.check_mode:
            return result
        shown = {**result, "steps": self._steps, "changed": bool(self._steps)}
        return {**shown, "table": _cut_over.table(shown)}

    def _look(self) -> dict[str, Any]:
        result = super()._look()
        self._steps += result.get("steps") or []
        return result
