# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run the module of the same name, and write what it found on the controller."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.uex.payments.plugins.module_utils import _dotenv, _outputs
from ansible_collections.uex.payments.plugins.plugin_utils import files
from ansible_collections.uex.payments.plugins.plugin_utils.in_process import run_module


class ActionModule(ActionBase):
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        base: dict[str, Any] = super().run(tmp, task_vars)
        result = {**base, **run_module(self, task_vars or {})}
        folder = self._task.args.get("directory")
        if result.get("failed") or self._task.check_mode or not folder:
            return result
        written = write(Path(folder), result["outputs"])
        return {**result, "files": written, "table": [*result["table"], "", f"Written to {' and '.join(written)}"]}


def write(folder: Path, outputs: dict[str, Any]) -> list[str]:
    """Put both files into the folder: their paths."""
    texts = {"outputs.json": _outputs.text(outputs), "outputs.env": _dotenv.text(outputs)}
    return [str(files.write(folder, name, text)) for name, text in texts.items()]
