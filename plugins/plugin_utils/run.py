# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the tasks of a run did or would do; every callback counts in the same way."""

from __future__ import annotations

from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _before, _summary
from ansible_collections.uex.payments.plugins.module_utils._cost_changes import Pricing
from ansible_collections.uex.payments.plugins.plugin_utils import prices

#: What Ansible does itself between tasks.
META = ("meta", "ansible.builtin.meta", "ansible.legacy.meta")


class Run:
    """The actions of a play, by layer."""

    def __init__(self) -> None:
        self.actions: list[dict[str, Any]] = []
        self.notes: list[str] = []  #: what a person is told besides, once
        self.check_mode = False
        self.environment = ""
        self.directory = ""
        self.planned = False  #: whether it compared anything with the account
        self.idle = _summary.IDLE
        self.document = "plan"
        self.orphans: list[dict[str, Any]] | None = None
        self.pricing: Pricing | None = None  #: what the plan's changes cost is worked out with
        self._before: dict[str, dict[str, Any]] = {}
        self._strangers: dict[str, list[str]] = {}

    def take(self, task: Any, outcome: dict[str, Any]) -> None:
        """Keep what a task's result says."""
        about = outcome.get("run") or {}
        self.environment = about.get("environment", self.environment)
        self.directory = about.get("directory", self.directory)
        self.planned = self.planned or "before" in outcome or "actions" in outcome
        self.idle = about.get("idle", self.idle)
        self.document = about.get("document", self.document)
        self.orphans = outcome.get("orphans", self.orphans)
        self.pricing = prices.pricing(about.get("costs")) or self.pricing
        self._before.update(outcome.get("before") or {})
        self._strangers.update(outcome.get("strangers") or {})
        self.actions += [{"layer": layer(task), **action} for action in self.of(task, outcome)]
        self.notes = list(dict.fromkeys([*self.notes, *(outcome.get("notes") or ())]))

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


class Layers:
    """Seconds that each layer took: a task's time ends where the next task begins."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._now: tuple[str, float] | None = None

    def enter(self, name: str, at: float) -> None:
        """A task of the layer begins; C(at) in seconds of any clock that only goes forward."""
        self.leave(at)
        self._now = (name, at)

    def leave(self, at: float) -> None:
        """The task that was begun last has ended."""
        if self._now:
            name, since = self._now
            self.seconds[name] = self.seconds.get(name, 0.0) + at - since
        self._now = None


def message(outcome: dict[str, Any]) -> str:
    """Why a task failed; of a loop, why its first failed turn did."""
    if "censored" in outcome:
        return str(outcome["censored"])
    turns = [each for each in outcome.get("results") or [] if isinstance(each, dict) and each.get("failed")]
    said = turns[0] if turns else outcome
    return str(said.get("censored") or said.get("msg") or "no message")


def layer(task: Any) -> str:
    """The role that a task belongs to; empty for a play's own task."""
    return str(task._role.get_name(include_role_fqcn=False)) if task._role else ""


def planned_tasks(playbook: Any) -> list[str]:
    """Ids of the tasks that a playbook will run by its tags, in order, but for those that it includes on the way."""
    found: list[str] = []
    for play in playbook.get_plays():
        variables = play.get_variable_manager().get_vars(play=play)
        blocks = [block.filter_tagged_tasks(variables) for block in play.compile()]
        found += [task._uuid for block in blocks for task in block.get_tasks() if task.action not in META]
    return found


def argument(arguments: dict[str, Any], path: str) -> Any:
    """The argument that holds the resource's name, such as C(name) or C(tags.Name)."""
    value: Any = arguments
    for part in path.split("."):
        value = value.get(part, "") if isinstance(value, dict) else ""
    return value
