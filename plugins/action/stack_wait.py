# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Call the short module of the same name until nothing is pending, and show what is awaited meanwhile."""

from __future__ import annotations

import math
import time
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.uex.payments.plugins.module_utils import _barrier, _wait
from ansible_collections.uex.payments.plugins.plugin_utils import live_line
from ansible_collections.uex.payments.plugins.plugin_utils.in_process import run_module

PAUSE = 10.0
SHOW_EVERY = 60.0


class ActionModule(ActionBase):
    _supports_check_mode = True
    table = _barrier.SLOW
    advice = "see its events in the AWS console, mend the cause and run again"

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        base: dict[str, Any] = super().run(tmp, task_vars)
        self._vars = task_vars or {}
        return {**base, **self._await(), "seconds": round(self._waited, 1)}

    def _await(self) -> dict[str, Any]:
        """Look until it is over: what was seen last, or a failure."""
        self._begun = time.monotonic()
        self._shown: tuple[list[str], float] = ([], 0.0)
        self._since: dict[tuple[str, str], tuple[str, float]] = {}
        return self._verdict(_wait.until(self._look, self._is_over, "readiness", math.inf, PAUSE))

    @property
    def _waited(self) -> float:
        return time.monotonic() - self._begun

    def _look(self) -> dict[str, Any]:
        return run_module(self, self._vars)

    def _is_over(self, result: dict[str, Any]) -> bool:
        """Nothing pending, or no use in waiting longer."""
        pending = self._pending(result)
        over = result.get("failed") or self._task.check_mode or not pending or _in_state(result, _barrier.FAILED)
        if not over:
            self._show(_barrier.progress(pending, self.table))
        return bool(over or _barrier.overdue(pending, self.table))

    def _pending(self, result: dict[str, Any]) -> list[dict[str, Any]]:
        """What is pending, and for how many seconds AWS has shown it as it is."""
        pending = _in_state(result, _barrier.PENDING)
        before, now = self._since, time.monotonic()
        self._since = {(each["kind"], each["name"]): (each["status"], now) for each in pending}
        self._since.update(
            {key: before[key] for key, seen in self._since.items() if seen[0] == before.get(key, ("",))[0]}
        )
        return [{**each, "unchanged": now - self._since[each["kind"], each["name"]][1]} for each in pending]

    def _show(self, lines: list[str]) -> None:
        """Say what is awaited when it changes, and once a minute."""
        if lines == self._shown[0] and self._waited - self._shown[1] < SHOW_EVERY:
            return
        self._shown = (lines, self._waited)
        live_line.announce(self._display, lines, self._waited)

    def _verdict(self, result: dict[str, Any]) -> dict[str, Any]:
        broken = [f"{each['name']}: {each['status']}" for each in _in_state(result, _barrier.FAILED)]
        broken += _barrier.overdue(self._pending(result), self.table)
        if result.get("failed") or not broken or self._task.check_mode:
            return result
        return {**result, "failed": True, "msg": f"{'; '.join(broken)} ({self.advice})"}


def _in_state(result: dict[str, Any], state: str) -> list[dict[str, Any]]:
    return [each for each in result.get("states") or [] if each["state"] == state]
