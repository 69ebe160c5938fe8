# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Several modules in one task: who gets which options, and what becomes of their results."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.uex.payments.plugins.action import stack_sets
from ansible_collections.uex.payments.tests.support import plugins

SETS = {"one_thing": {"ones": ["a"]}, "other_thing": {"others": ["b"], "adopt": True}}
TAGS = {"Project": "uex-payments"}


def result(name: str, changed: bool = True, **more: Any) -> dict[str, Any]:
    return {
        "changed": changed,
        "actions": [{"name": name}] if changed else [],
        "diff": {"before": {}, "after": {name: {}}},
        "identities": {"same": [name]},
        **more,
    }


def run(monkeypatch: pytest.MonkeyPatch, *results: dict[str, Any], **options: Any) -> tuple[dict[str, Any], list[Any]]:
    """The action's result, and the modules that it called with their options."""
    left, called = list(results), []

    def module(_action: Any, _variables: Any, name: str, given: dict[str, Any]) -> dict[str, Any]:
        called.append((name, given))
        return left.pop(0)

    monkeypatch.setattr(stack_sets, "run_module", module)
    action = plugins.action(stack_sets.ActionModule, {"sets": SETS, "tags": TAGS, **options})
    return action.run(task_vars={}), called


def test_each_module_gets_its_own_set_and_what_all_share(monkeypatch: pytest.MonkeyPatch) -> None:
    _result, called = run(monkeypatch, result("a"), result("b"))
    assert called == [
        ("uex.payments.one_thing", {"tags": TAGS, "ones": ["a"]}),
        ("uex.payments.other_thing", {"tags": TAGS, "others": ["b"], "adopt": True}),
    ]


def test_results_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    found, _called = run(monkeypatch, result("a", ones={"a": {}}, notes=["x"]), result("b", changed=False))
    assert found["notes"] == ["x"]
    assert (found["changed"], found["actions"], found["ones"]) == (True, [{"name": "a"}], {"a": {}})
    assert found["diff"]["after"] == {"a": {}, "b": {}}
    assert found["identities"] == {"same": ["a", "b"]}


def test_the_first_that_fails_ends_it_and_says_what_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    found, called = run(monkeypatch, result("a", failed=True, msg="a: create failed"))
    assert (found["failed"], found["msg"], found["actions"]) == (True, "a: create failed", [{"name": "a"}])
    assert len(called) == 1


@pytest.mark.parametrize("sets", [None, {}, ["one_thing"]])
def test_without_sets_it_is_refused(sets: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AnsibleActionFail, match="sets"):
        run(monkeypatch, sets=sets)
