# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Price the environment, examine it by the module of the same name; show the findings, keep them, and judge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail

from ansible_collections.uex.payments.plugins.action import validate_inventory
from ansible_collections.uex.payments.plugins.module_utils import _cost_estimate, _findings, _rules
from ansible_collections.uex.payments.plugins.module_utils._findings import Finding
from ansible_collections.uex.payments.plugins.plugin_utils import files
from ansible_collections.uex.payments.plugins.plugin_utils.in_process import run_module

COLORS = {_findings.BROKEN: "red", _findings.WARNING: "yellow", _findings.UNKNOWN: "magenta"}
#: Of the prices, what the way of NAT's traffic is weighed by.
PRICES = ("nat.gb", "endpoint.hour", "endpoint.gb")


class ActionModule(validate_inventory.ActionModule):
    """An inventory that is not sound costs the estimate alone: what runs is examined all the same."""

    _requires_connection = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        base: dict[str, Any] = super(validate_inventory.ActionModule, self).run(tmp, task_vars)
        variables = task_vars or {}
        self._task.args = {**self._task.args, **self._priced(variables)}
        result = run_module(self, variables)
        if "findings" not in result:  # the module's own message says why nothing was examined
            return {**base, **result}
        findings = [Finding(**each) for each in result["findings"]]
        self._show(findings)
        return {**base, "changed": False, **self._verdict(findings, result["subjects"])}

    def _priced(self, variables: dict[str, Any]) -> dict[str, Any]:
        """Prices and the estimate by service; none, with a warning, where the inventory is not sound."""
        try:
            values = self._sound(variables, complete=False)
        except AnsibleActionFail as error:
            self._display.warning(f"No estimate of costs. {error}")
            return {}
        rates = validate_inventory.rates(values)
        estimate = _cost_estimate.by_service(_cost_estimate.items(values[_rules.ESTATE], rates))
        return {"prices": {name: rates.price(name) for name in PRICES}, "estimate": estimate}

    def _show(self, findings: Sequence[Finding]) -> None:
        """What is not in order, worst first; notes last."""
        for finding in findings:
            if finding.severity != _findings.OK:
                for line in _findings.lines(finding):
                    self._display.display(line, color=COLORS.get(finding.severity))

    def _verdict(self, findings: Sequence[Finding], subjects: Sequence[str]) -> dict[str, Any]:
        """The file, the last lines and the result."""
        args = self._task.args
        document = _findings.document(args["environment"], subjects, findings)
        file = files.write_json(Path(args["directory"]) / args["environment"], "diagnosis.json", document)
        for line in _findings.examined(subjects, findings):
            self._display.display(line)
        self._display.display(f"{_findings.total(document['summary'])}. Written to {file}")
        wrong = _findings.verdict(findings)
        told = {"failed": True, "msg": wrong} if wrong else {}
        return {"summary": document["summary"], "subjects": document["subjects"], "file": str(file), **told}
