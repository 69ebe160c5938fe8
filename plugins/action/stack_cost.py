# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Estimate what an environment costs a month, show it and keep it; needs no credentials."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.uex.payments.plugins.action import validate_inventory
from ansible_collections.uex.payments.plugins.module_utils import _cost_report, _rules
from ansible_collections.uex.payments.plugins.plugin_utils import files


class ActionModule(validate_inventory.ActionModule):
    """Checks the inventory as a run of the site does, but for what only the operator can give."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super(validate_inventory.ActionModule, self).run(tmp, task_vars)
        self.validate_argument_spec(argument_spec={})
        values = self._sound(task_vars or {}, complete=False, problems=self._words(task_vars or {}))
        about, rates = validate_inventory.about(values), validate_inventory.rates(values)
        document = _cost_report.document(about, values[_rules.ESTATE], rates)
        folder = Path(values["stack_build_directory"]) / about.environment
        written = [
            str(files.write_json(folder, "cost.json", document)),
            str(files.write(folder, "cost.md", _cost_report.markdown(document))),
        ]
        for line in [*_cost_report.lines(document), "", f"Written to {' and '.join(written)}"]:
            self._display.display(line)
        return {**result, "changed": False, "monthly_total": document["monthly_total"], "files": written}
