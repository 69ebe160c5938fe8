# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Call several modules of this collection, each with its own set, and put their results together."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.uex.payments.plugins.module_utils._module import joined
from ansible_collections.uex.payments.plugins.plugin_utils.in_process import PREFIX, run_module

EMPTY: dict[str, Any] = {
    "changed": False,
    "actions": [],
    "notes": [],
    "diff": {"before": {}, "after": {}},
    "identities": {},
}


class ActionModule(ActionBase):
    """Each module's own options go to it alone, all others of the task to all."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        base: dict[str, Any] = super().run(tmp, task_vars)
        shared = {name: value for name, value in self._task.args.items() if name != "sets"}
        sets = self._task.args.get("sets")
        if not isinstance(sets, dict) or not sets:
            raise AnsibleActionFail("sets: needs the options of at least one module, by its name")
        results = [EMPTY]
        for module, own in sets.items():
            results.append({**EMPTY, **run_module(self, task_vars or {}, f"{PREFIX}{module}", {**shared, **own})})
            if results[-1].get("failed"):
                break
        return {**base, **joined(results)}
