# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Check an environment by the module of the same name; show all rows, keep them, and judge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ansible_collections.uex.payments.plugins.module_utils import _health
from ansible_collections.uex.payments.plugins.plugin_utils import files, live_line
from ansible_collections.uex.payments.plugins.plugin_utils.in_process import run_module

COLORS = {"warning": "yellow", "failed": "red", "unknown": "magenta", "skipped": "bright blue"}
FILE = "health.json"
#: What of the module's result the file has.
KEPT = ("name", "environment", "time", "seconds", "verdict", "checks", "summary")


class ActionModule(ActionBase):
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        base: dict[str, Any] = super().run(tmp, task_vars)
        args = self._task.args
        if args.get("probe") == "task" and not self._task.check_mode:
            live_line.announce(self._display, ["one-off task, usually 1-2 min"], 0)
        result = run_module(self, task_vars or {})
        if "checks" not in result:
            return {**base, **result}
        document = {name: result[name] for name in KEPT}
        file = files.write_json(Path(args.get("directory") or "build") / document["environment"], FILE, document)
        self._show(document, boolean(args.get("quiet", False)), file)
        return {**base, **result, "file": str(file), **self._verdict(document, boolean(args.get("fail", True)))}

    def _show(self, document: dict[str, Any], quiet: bool, file: Path) -> None:
        """The table and the line that says all; quietly only the latter."""
        if not quiet:
            for state, line in _health.lines(document, live_line.columns(_health.WIDTH)):
                self._display.display(line, color=COLORS.get(state))
        self._display.display(_health.total(document) + ("" if quiet else f". Written to {file}"))

    def _verdict(self, document: dict[str, Any], fails: bool) -> dict[str, Any]:
        if document["verdict"] == _health.HEALTHY or not fails:
            return {}
        return {"failed": True, "msg": _health.total(document)}
