# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action of every module of this collection that has none of its own; meta/runtime.yml sends them here.

It bears the name of discovery, the first of them in a run: Ansible loads an action of a module's own name before it
forks the task's worker, so what all modules import is there for every worker that follows.
"""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.uex.payments.plugins.plugin_utils.in_process import run_module


class ActionModule(ActionBase):
    """Adds nothing to the module but the place where it runs."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        base: dict[str, Any] = super().run(tmp, task_vars)
        return {**base, **run_module(self, task_vars or {})}
