# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Refuse what the command line says and nothing reads."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.vars import load_extra_vars

from ansible_collections.uex.payments.plugins.plugin_utils import extra_vars

SPEC = {"operation": {"type": "str"}}


class ActionModule(ActionBase):
    """Runs on the controller alone."""

    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        _validation, options = self.validate_argument_spec(argument_spec=SPEC)
        try:
            problems = extra_vars.problems(self, task_vars or {}, options["operation"])
        except ValueError as error:
            raise AnsibleActionFail(str(error)) from error
        if problems:
            raise AnsibleActionFail("\n".join([*problems, "Nothing was done"]))
        return {**result, "changed": False, "words": sorted(load_extra_vars(self._loader))}
