# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run the module of the same name, and show what it says while it works."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.uex.payments.plugins.module_utils import _progress
from ansible_collections.uex.payments.plugins.plugin_utils.in_process import run_module


class ActionModule(ActionBase):
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        base: dict[str, Any] = super().run(tmp, task_vars)
        with _progress.heard(lambda line: self._display.display(f"       {line}")):
            return {**base, **run_module(self, task_vars or {})}
