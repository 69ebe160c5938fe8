# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tell the module of the same name what the tasks of the play have declared and would delete."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.uex.payments.plugins.plugin_utils.in_process import run_module


def results(variables: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What tasks have registered, among all variables of a host."""
    return [
        value
        for value in variables.values()
        if isinstance(value, Mapping) and ("actions" in value or "before" in value)
    ]


def known(registered: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The ids and ARNs of what is declared: of our modules' resources, and of amazon.aws's by the view of before."""
    for result in registered:
        gone = {each["name"] for each in deleted(result)}
        for name, ids in (result.get("identities") or {}).items():
            yield from ids if name not in gone else ()
        for views in (result.get("before") or {}).values():
            yield from (view["id"].rpartition("/")[2] for view in views.values())


def deleted(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a task would delete, with its ids and the tag Layer; the diff holds the whole resource before."""
    ids, before = result.get("identities") or {}, (result.get("diff") or {}).get("before") or {}
    return [
        {
            "kind": each["kind"],
            "name": each["name"],
            "ids": ids.get(each["name"], []),
            "layer": (before.get(each["name"], {}).get("tags") or {}).get("Layer"),
        }
        for each in result.get("actions") or ()
        if each["verb"] == "delete"
    ]


class ActionModule(ActionBase):
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        base: dict[str, Any] = super().run(tmp, task_vars)
        registered = results(task_vars or {})
        arguments = dict(self._task.args)
        self._task.args = {
            **arguments,
            "known": sorted({*arguments.get("known", ()), *known(registered)}),
            "deletions": [
                *arguments.get("deletions", ()),
                *(each for result in registered for each in deleted(result)),
            ],
        }
        return {**base, **run_module(self, task_vars or {})}
