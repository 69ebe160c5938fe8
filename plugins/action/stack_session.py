# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Assume the role that every later call of the run is made with."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.uex.payments.plugins.plugin_utils import assume_role, assumed_roles

SPEC: dict[str, dict[str, Any]] = {
    "role_arn": {"type": "str", "required": True},
    "external_id": {"type": "str", "default": "", "no_log": True},
    "duration": {"type": "int", "default": assume_role.HOUR},
    "project": {"type": "str", "default": "uex-payments"},
    "region": {"type": "str", "required": True},
    "endpoint_url": {"type": "str", "default": ""},
    "environment": {"type": "dict", "default": {}, "no_log": True},
}
UNKEPT = "nobody would renew and remove the credentials; set callbacks_enabled = uex.payments.lifecycle in ansible.cfg"


class ActionModule(ActionBase):
    """Runs on the controller, in check mode too: a session is what a plan reads with."""

    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        _validation, options = self.validate_argument_spec(argument_spec=SPEC)
        if not assumed_roles.KEEPERS:
            raise AnsibleActionFail(f"role_arn: {UNKEPT}")
        session = self._session(assumed_roles.Order.of(options, Path(tempfile.mkdtemp(prefix="uex-payments-"))))
        self._display.display(f"       acting as {session['arn']}")
        environment = assume_role.environment(Path(session["file"]))
        return {**result, "changed": False, "assumed_role": session, "environment": environment}

    def _session(self, order: assumed_roles.Order) -> dict[str, Any]:
        """What came of the order; without a session its folder goes at once."""
        answer = order.carry_out()
        if "failed" in answer:
            shutil.rmtree(order.file.parent)
            raise AnsibleActionFail(answer["failed"])
        return {**answer, "file": str(order.file)}
