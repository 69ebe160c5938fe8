# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run a module of this collection inside the controller's worker, where that is the same place.

Starting Python and importing boto3 takes most of a module's time. Ansible forks a worker for each task anyway; where
the target is the controller itself (a local connection, the same interpreter, nobody else's rights, nothing in the
background), the module runs in that worker, which inherits the imports. Everywhere else it is transferred as usual.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import sys
from typing import Any

from ansible.module_utils.common.json import Direction, get_module_decoder
from ansible.plugins.action import ActionBase

try:
    from ansible.module_utils.testing import patch_module_args
except ImportError:  # an ansible-core without it: modules are transferred as usual
    patch_module_args = None

PREFIX = "uex.payments."
#: How arguments and results are written; patch_module_args knows no other.
PROFILE = "legacy"
MODULES = "ansible_collections.uex.payments.plugins.modules."
UTILS = "ansible_collections.uex.payments.plugins.module_utils."
#: What modules spend most of their start on.
COSTLY = ("boto3", *(f"{UTILS}{name}" for name in ("_aws", "_module", "_owned", "_policy")))

# Imported once, before the workers are forked. What is missing, each module reports itself.
with contextlib.suppress(ImportError):
    for costly in COSTLY:
        importlib.import_module(costly)


def is_same_place(action: ActionBase, task_vars: dict[str, Any]) -> bool:
    """Whether a transferred module would run as the same user, on the same machine, with the same Python."""
    interpreter = action._templar.template(task_vars.get("ansible_python_interpreter", ""))
    return bool(
        patch_module_args
        and action._connection.transport == "local"
        and interpreter == sys.executable
        and not action._task.become
        and not action._task.async_val
    )


def run_module(
    action: ActionBase, task_vars: dict[str, Any], name: str = "", options: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The result of the task's module, or of another with its full name and options, run here if this is its place."""
    result: dict[str, Any]
    other = {"module_name": name, "module_args": options} if name else {}
    if (name and not name.startswith(PREFIX)) or not is_same_place(action, task_vars):
        result = action._execute_module(task_vars=task_vars, **other)
        return result
    full_name = name or action._task.resolved_action
    module = importlib.import_module(f"{MODULES}{full_name.removeprefix(PREFIX)}")
    arguments = dict(action._task.args if options is None else options)
    action._update_module_args(full_name, arguments, task_vars)
    return _result(action, _output(action, module, arguments))


def _result(action: ActionBase, printed: str) -> dict[str, Any]:
    """The result in what the module printed; its warnings are shown here, as only Ansible transports them."""
    decoder = get_module_decoder(PROFILE, Direction.MODULE_TO_CONTROLLER)
    result: dict[str, Any] = json.loads(printed, cls=decoder)
    for each in (*result.pop("warnings", ()), *result.pop("deprecations", ())):
        action._display.warning(str(each.get("msg", each) if isinstance(each, dict) else each))
    result.pop("exception", None)  # the message says it; what a module doesn't catch is raised, with its traceback
    return result


def _output(action: ActionBase, module: Any, arguments: dict[str, Any]) -> str:
    """What the module prints. The worker is this task's own, so its environment can be too."""
    environment: dict[str, str] = {}
    action._compute_environment_string(raw_environment_out=environment)
    os.environ.update(environment)
    printed = io.StringIO()
    with patch_module_args(arguments), contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        module.main()
    return printed.getvalue()
