# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run a module or an action plugin within the test."""

from __future__ import annotations

import contextlib
import io
import json
from types import ModuleType, SimpleNamespace
from typing import Any

from ansible.module_utils.testing import patch_module_args
from ansible.plugins.action import ActionBase

#: The documentation fragment of a module that talks to AWS.
SESSION = "amazon.aws.common.modules"


def run_module(module: ModuleType, options: dict[str, Any], check_mode: bool = False) -> dict[str, Any]:
    """The result of a module's main(), on the account of fixture aws if it talks to AWS."""
    session = {"region": "us-east-1", "access_key": "testing", "secret_key": "testing"}
    arguments = {**(session if SESSION in module.DOCUMENTATION else {}), **options, "_ansible_check_mode": check_mode}
    printed = io.StringIO()
    with patch_module_args(arguments), contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        module.main()
    result: dict[str, Any] = json.loads(printed.getvalue())
    return result


def action(kind: type[ActionBase], options: dict[str, Any], check_mode: bool = False) -> Any:
    """An action plugin with a task of these options; what it displays is in C(shown)."""
    task = SimpleNamespace(args=options, check_mode=check_mode, async_val=0, become=False, diff=False, delegate_to=None)
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir=None), transport="local")
    made: Any = kind(task, connection, None, None, None, None)
    made.shown = []
    made._display = SimpleNamespace(display=made.shown.append)
    return made
