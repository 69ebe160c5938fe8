# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Start the embedded AWS on the controller, unless it runs, and put sample images into its registry."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

ROOT = Path(__file__).resolve().parents[2]


class ActionModule(ActionBase):
    """Runs in check mode too, and never counts as a change: the emulator is where the run goes, not what it makes."""

    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        _validation, options = self.validate_argument_spec(
            argument_spec={
                "port": {"type": "int", "required": True},
                "directory": {"type": "path", "required": True},
                "images": {"type": "list", "elements": "dict", "default": []},
            }
        )
        if str(ROOT) not in sys.path:
            sys.path.insert(0, str(ROOT))
        started = self._start(options["port"], options["directory"])
        self._name_samples(options["port"], options["images"])
        return {**result, "changed": False, "started": started}

    def _start(self, port: int, directory: str) -> bool:
        from embedded_aws import launcher

        try:
            started: bool = launcher.start(port, directory)
        except launcher.LauncherError as error:
            raise AnsibleActionFail(str(error)) from error
        if started:
            self._display.display(f"       embedded AWS started on 127.0.0.1:{port} (state in memory only)")
        return started

    def _name_samples(self, port: int, samples: list[dict[str, str]]) -> None:
        """Images are part of the account, so a check leaves them alone."""
        from embedded_aws import images

        if samples and not self._task.check_mode:
            images.request(port, samples)
