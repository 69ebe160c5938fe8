# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Ask AWS where requests go by the module of the same name, run locust, show how it goes, and judge its numbers."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.uex.payments.plugins.module_utils import _load_test
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.plugin_utils import files, live_line, locust
from ansible_collections.uex.payments.plugins.plugin_utils.in_process import run_module
from ansible_collections.uex.payments.plugins.plugin_utils.session import Session

#: Columns of a table that goes to no terminal.
WIDTH = 120


class ActionModule(ActionBase):
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        base: dict[str, Any] = super().run(tmp, task_vars)
        self._vars = task_vars or {}
        found = {**base, **run_module(self, self._vars)}
        options = found.pop("options", {})
        if found.get("failed"):
            return found
        for line in _load_test.intent(options, found["url"]):
            self._display.display(line)
        try:
            program = locust.find(options["locust"])
            if self._task.check_mode:
                return {**found, "locust": program}
            return {**found, **self._loaded(program, options, found)}
        except locust.LocustError as error:
            return {**found, "failed": True, "msg": str(error)}

    def _loaded(self, program: str, options: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
        """Run it; its numbers, judged, shown and kept."""
        folder = Path(options["directory"]) / options["environment"]
        folder.mkdir(parents=True, exist_ok=True)
        report = folder / "load_test.html"
        try:
            asked = _load_test.asked(options, {**self._headers(options), **found["headers"]})
        except Exception as error:  # a secret that can't be read, or holds something else
            name = options["headers_stored_as"] or options["headers_variable"]
            return {"failed": True, "msg": str(failure(name, "read", error))}
        arguments = _load_test.arguments(options, found["url"], str(report))
        order = locust.Order(program, arguments, folder / "load_test.log", options["duration"])
        result = locust.run(order, asked, self._progress)
        document = _load_test.document(options, found["url"], result, datetime.datetime.now(datetime.UTC))
        return self._told(document, folder, report)

    def _told(self, document: dict[str, Any], folder: Path, report: Path) -> dict[str, Any]:
        file = files.write_json(folder, "load_test.json", document)
        passed = document["verdict"] == _load_test.PASSED
        lines = _load_test.table(document, live_line.columns(WIDTH))
        for line in [*lines, _load_test.total(document), f"Written to {file} and {report}"]:
            self._display.display(line, color="red" if "FAILED" in line or " failed: " in line else None)
        told = {**document, "files": [str(file), str(report)]}
        return told if passed else {**told, "failed": True, "msg": _load_test.total(document)}

    def _progress(self, numbers: dict[str, Any]) -> None:
        live_line.announce(self._display, [_load_test.progress(numbers)], numbers["seconds"])

    def _headers(self, options: dict[str, Any]) -> dict[str, str]:
        """Headers with credentials, from a variable or a secret; they go to locust's standard input alone."""
        found: dict[str, str] = {}
        if options["headers_variable"]:
            found |= self._templar.template(self._vars.get(options["headers_variable"]) or {})
        if options["headers_stored_as"]:
            found |= json.loads(self._secret(f"{options['name']}/{options['headers_stored_as']}"))
        return {str(name): str(value) for name, value in found.items()}

    def _secret(self, name: str) -> str:
        """The value of a secret, read with the session that modules have."""
        environment: dict[str, str] = {}
        self._compute_environment_string(raw_environment_out=environment)
        client = Session(self._task.args, environment).client("secretsmanager")
        return str(client.get_secret_value(SecretId=name)["SecretString"])
