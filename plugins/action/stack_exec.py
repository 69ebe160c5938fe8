# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run the command that the module of the same name finds, on a terminal of its own, and show what it prints."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import struct
import subprocess
import termios
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.uex.payments.plugins.module_utils import _cli
from ansible_collections.uex.payments.plugins.plugin_utils.in_process import run_module

ROWS, COLUMNS = 50, 200  #: of the terminal; lines are folded at its width
CHUNK = 65536


class ActionModule(ActionBase):
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        base: dict[str, Any] = super().run(tmp, task_vars)
        result = {**base, **run_module(self, task_vars or {})}
        if result.get("failed"):
            return result
        runs = self._task.args.get("run") and not self._task.check_mode
        if result["missing"]:
            missing = f"install {' and '.join(result['missing'])} on this machine first"
            if runs:
                return {**result, "failed": True, "msg": missing}
            self._display.warning(missing)
        return {**result, **self._ran(result["command"])} if runs else result

    def _ran(self, command: list[str]) -> dict[str, Any]:
        """What it printed, and a failure where it ended with another status than 0, or not at all."""
        environment: dict[str, str] = {}
        self._compute_environment_string(raw_environment_out=environment)
        code, output = on_terminal(command, {**os.environ, **environment})
        lines, status = _cli.printed(output)
        told = {"changed": True, "lines": lines, "table": lines}
        if code or status is None:
            return {**told, "failed": True, "msg": f"the session ended with status {code}: {' '.join(lines[-3:])}"}
        return {**told, "failed": True, "msg": f"the command ended with status {status}"} if status else told


def on_terminal(command: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Run a command on a terminal that nobody types at: its status and what it printed.

    The Session Manager plugin ends at once where its input is no terminal.
    """
    primary, secondary = pty.openpty()
    fcntl.ioctl(secondary, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    streams: Any = {"stdin": secondary, "stdout": secondary, "stderr": secondary}
    with subprocess.Popen(command, env=environment, start_new_session=True, **streams) as process:  # noqa: S603
        os.close(secondary)
        output = bytearray()
        with contextlib.suppress(OSError):  # the terminal's other end is closed: all is read
            while chunk := os.read(primary, CHUNK):
                output += chunk
    os.close(primary)
    return process.returncode, output.decode(errors="replace")
