# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the tasks of a run did or would do; every callback counts in the same way."""

from __future__ import annotations

from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _before


class Run:
    """The actions of a play, by layer."""

    def __init__(self) -> None:
        self.actions: list[dict[str, Any]] = []
        self.check_mode = False
        self.environment = ""
        self.directory = ""
        self.document = "plan"
        self.orphans: list[dict[str, Any]] | None = None
        self._before: dict[str, dict[str, Any]] = {}
        self._strangers: dict[str, list[str]] = {}

    def take(self, task: Any, outcome: dict[str, Any]) -> None:
        """Keep what a task's result says."""
        about = outcome.get("run") or {}
        self.environment = about.get("environment", self.environment)
        self.directory = about.get("directory", self.directory)
        self.document = about.get("document", self.document)
        self.orphans = outcome.get("orphans", self.orphans)
        self._before.update(outcome.get("before") or {})
        self._strangers.update(outcome.get("strangers") or {})
        self.actions += [{"layer": layer(task), **action} for action in self.of(task, outcome)]

    def of(self, task: Any, outcome: dict[str, Any]) -> list[dict[str, Any]]:
        """What one task did: the module's own actions, or what an amazon.aws task with C(stack_kind) did."""
        return [action for each in outcome.get("results", [outcome]) for action in self._of(task, each)]

    def _of(self, task: Any, outcome: dict[str, Any]) -> list[dict[str, Any]]:
        if "actions" in outcome:
            return list(outcome["actions"])
        kind = task.vars.get("stack_kind")
        if not kind or not outcome.get("changed"):
            return []
        arguments = outcome.get("invocation", {}).get("module_args", {})
        name = str(argument(arguments, task.vars["stack_name_option"]))
        done = _before.action(kind, name, arguments, self._before.get(kind, {}).get(name))
        return [done if name not in self._strangers.get(kind, ()) else _before.adoption(done)]


def layer(task: Any) -> str:
    """The role that a task belongs to; empty for a play's own task."""
    return str(task._role.get_name(include_role_fqcn=False)) if task._role else ""


def argument(arguments: dict[str, Any], path: str) -> Any:
    """The argument that holds the resource's name, such as C(name) or C(tags.Name)."""
    value: Any = arguments
    for part in path.split("."):
        value = value.get(part, "") if isinstance(value, dict) else ""
    return value
