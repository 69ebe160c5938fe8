# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Show the lines that the module of the same name reads; with C(follow) again and again, until it is interrupted."""

from __future__ import annotations

import math
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ansible_collections.uex.payments.plugins.module_utils import _wait
from ansible_collections.uex.payments.plugins.plugin_utils.in_process import run_module

PAUSE = 3.0
#: Milliseconds for which the same time is looked at again: CloudWatch Logs shows lines of several tasks out of order.
LATE = 30_000
CUT = "there are more lines; narrow them with -e since= or -e filter="


class ActionModule(ActionBase):
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        base: dict[str, Any] = super().run(tmp, task_vars)
        self._vars, self._seen, self._newest = task_vars or {}, set[str](), 0
        follows = boolean(self._task.args.get("follow", False)) and not self._task.check_mode
        result = _wait.until(self._look, lambda found: found.get("failed") or not follows, "a line", math.inf, PAUSE)
        return {**base, **{name: value for name, value in result.items() if name != "events"}}

    def _look(self) -> dict[str, Any]:
        """Read once, and show what is new."""
        begin = {"begin": self._newest - LATE} if self._newest else {}
        result = run_module(self, self._vars, self._task.resolved_action, {**self._task.args, **begin})
        found = result.get("events") or {}
        fresh = {key: event for key, event in found.items() if key not in self._seen}
        for event in sorted(fresh.values(), key=lambda each: each["timestamp"]):
            self._display.display(event["line"])
        self._seen = set(found) | (self._seen if not found else set())
        self._newest = max((event["timestamp"] for event in found.values()), default=self._newest)
        if result.get("more"):
            self._display.warning(CUT)
        return result
