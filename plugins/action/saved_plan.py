# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plan afresh and compare with a saved plan."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.uex.payments.plugins.module_utils import _summary
from ansible_collections.uex.payments.plugins.plugin_utils import nested


class ActionModule(ActionBase):
    """Runs on the controller alone."""

    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        _validation, options = self.validate_argument_spec(argument_spec={"path": {"type": "path", "required": True}})
        if self._task.check_mode:
            return {**result, "changed": False, "msg": "a check is no apply"}
        saved = read(Path(options["path"]))
        with tempfile.TemporaryDirectory(prefix="uex-payments-") as folder:
            moved = _summary.moved(saved, self._fresh(Path(folder), str(saved["environment"])))
        if not moved:
            return {**result, "changed": False, "msg": f"{len(saved['actions'])} actions, as saved"}
        listed = "\n".join(f"  - {line}" for line in moved)
        msg = (
            f"The plan is no longer the saved one; nothing was done. What moved:\n{listed}\nPlan again and look at it."
        )
        return {**result, "failed": True, "msg": msg, "moved": moved}

    def _fresh(self, folder: Path, environment: str) -> dict[str, Any]:
        """What the command of this run would do now."""
        self._display.display("       planning afresh, to compare with the saved plan")
        command = [sys.executable, *sys.argv, "--check", "-e", json.dumps(overrides(folder))]
        nested.run(command, "plan_file: planning afresh failed, nothing was done")
        return read(folder / environment / "plan.json")


def overrides(folder: Path) -> dict[str, str]:
    """What the fresh plan is to do otherwise: write elsewhere, and compare with nothing."""
    return {"stack_build_directory": str(folder), "plan_file": "", "stack_plan_file": ""}


def read(path: Path) -> dict[str, Any]:
    """A plan's file; AnsibleActionFail where it is none."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {**found, "environment": found["environment"], "actions": list(found["actions"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AnsibleActionFail(f"plan_file: {path} is not the plan of this environment: {error}") from error
