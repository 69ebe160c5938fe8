# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Write what each task did as one line of JSON to the file that C(TALLY_FILE) names; the display stays the user's."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: tally
type: notification
short_description: Results of tasks as lines of JSON
description: [Used by the tests of the whole site.]
author:
  - UEX Payments (@uex)
"""

#: What a change of an amazon.aws task counts as: it tells no creation from an update.
CHANGED = "changed"


def actions(task: Any, outcome: dict[str, Any]) -> list[list[str]]:
    """Kind, name and verb of everything that a result says was done or would be."""
    if "results" in outcome:
        return [action for each in outcome["results"] for action in actions(task, each)]
    if "actions" in outcome:
        return [[each["kind"], each["name"], each["verb"]] for each in outcome["actions"]]
    if not outcome.get("changed"):
        return []
    value: Any = outcome.get("invocation", {}).get("module_args", {})
    for part in task.vars.get("stack_name_option", "name").split("."):
        value = value[part]
    return [[task.vars.get("stack_kind", task.action), str(value), CHANGED]]


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "tally"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result: Any) -> None:
        self._write(result, actions(result.task, result.result))

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._write(result, [])

    def _write(self, result: Any, done: list[list[str]]) -> None:
        changed = bool(result.result.get("changed"))
        line = {"task": result.task.get_name(), "action": result.task.action, "changed": changed, "actions": done}
        with Path(os.environ["TALLY_FILE"]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
