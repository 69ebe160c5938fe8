# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Check the controller, then the account by the module of the same name; show all rows, keep them, and judge."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase

from ansible_collections.uex.payments.plugins.module_utils import _preflight
from ansible_collections.uex.payments.plugins.module_utils._preflight import Row
from ansible_collections.uex.payments.plugins.plugin_utils import controller, files
from ansible_collections.uex.payments.plugins.plugin_utils.in_process import run_module

COLORS = {_preflight.WARNING: "yellow", _preflight.FAILED: "red", _preflight.UNKNOWN: "magenta"}


class ActionModule(ActionBase):
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        base: dict[str, Any] = super().run(tmp, task_vars)
        self._vars = task_vars or {}
        values = {name: self._value(name) for name in self._task.args.get("credentials") or ()}
        self._task.args = {**self._task.args, "missing_credentials": controller.missing(values)}
        rows = controller.rows(self._value("ansible_python_interpreter"))
        result = run_module(self, self._vars)
        rows += [Row(**each) for each in result.get("checks") or ()]
        self._show(rows)
        return {**base, **result, **self._verdict(rows, result)}

    def _value(self, name: str) -> Any:
        """A variable's value; what can't be worked out, such as a vault without its password, is none."""
        try:
            return self._templar.template(self._vars.get(name, ""))
        except AnsibleError:
            return ""

    def _show(self, rows: Iterable[Row]) -> None:
        """The table, before anything fails."""
        for row in rows:
            for line in _preflight.lines([row]):
                self._display.display(line, color=COLORS.get(row.state))

    def _verdict(self, rows: Iterable[Row], result: dict[str, Any]) -> dict[str, Any]:
        """The file and the result. What keeps the module from looking at all is its own message."""
        args = self._task.args
        document = _preflight.document(args["environment"], rows)
        file = files.write_json(Path(args["directory"]) / args["environment"], "preflight.json", document)
        self._display.display(f"{_preflight.total(document['summary'])}. Written to {file}")
        failed = [each["name"] for each in document["checks"] if each["state"] == _preflight.FAILED]
        if failed and not result.get("failed"):
            counted = f"{len(failed)} of {len(document['checks'])} checks failed"
            msg = f"{counted}: {', '.join(failed)}; the table says what to do"
            return {"failed": True, "msg": msg, **document, "file": str(file)}
        return {**document, "file": str(file)}
