# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Call the module of the same name and keep its list on the controller."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.uex.payments.plugins.plugin_utils.in_process import run_module


class ActionModule(ActionBase):
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        base: dict[str, Any] = super().run(tmp, task_vars)
        result = run_module(self, task_vars or {})
        if not (result.get("failed") or self._task.check_mode):
            write(Path(self._task.args["path"]), self._task.args["tags"]["Environment"], result["remains"])
        return {**base, **result}


def write(path: Path, environment: str, remains: list[dict[str, Any]]) -> None:
    """The list as a file, whose name appears only when the whole is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    text = json.dumps({"environment": environment, "remains": remains}, indent=2)
    fresh.write_text(f"{text}\n", encoding="utf-8")
    fresh.replace(path)
