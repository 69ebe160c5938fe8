# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the action adds to the module: prices, the findings on screen, the file, the verdict."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.uex.payments.plugins.action import stack_diagnosis
from ansible_collections.uex.payments.plugins.module_utils import _findings
from ansible_collections.uex.payments.plugins.module_utils._findings import Finding, broken, note, ok, warning
from ansible_collections.uex.payments.tests.support import plugins

FINE = ok("tls", "TLS is forced")._replace(subject="database")
DOWN = broken("instance", "db is stopped", "stopped", "start it", "aws rds ...")._replace(subject="database")
SOON = warning("lock", "it is held", "me", "wait", "ansible-playbook ...")._replace(subject="state")
WORTH = note("cost", "100 USD")._replace(subject="cost")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Run the action on what the module finds; the result, what was shown, the module's arguments."""

    def play(found: dict[str, Any]) -> tuple[dict[str, Any], list[str], dict[str, Any]]:
        given: dict[str, Any] = {}

        def module(action: Any, task_vars: dict[str, Any]) -> dict[str, Any]:
            given.update(action._task.args)
            return found

        def unsound(self: Any, task_vars: Any, complete: bool) -> Any:
            raise AnsibleActionFail("The inventory is not sound")

        monkeypatch.setattr(stack_diagnosis, "run_module", module)
        monkeypatch.setattr(stack_diagnosis.ActionModule, "_sound", unsound)
        options = {"environment": "dev", "directory": str(tmp_path), "name": "uex-payments-dev"}
        action = plugins.action(stack_diagnosis.ActionModule, options)
        shown: list[str] = []
        tell = SimpleNamespace(display=lambda line, color=None: shown.append(line), warning=shown.append)
        action._display = tell
        return action.run(task_vars={}), shown, given

    return play


def found(*findings: Finding) -> dict[str, Any]:
    return {"changed": False, **_findings.document("dev", ["state", "database", "cost"], findings)}


def test_what_is_broken_fails_after_all_was_shown(run: Any, tmp_path: Path) -> None:
    result, shown, _given = run(found(FINE, SOON, WORTH, DOWN))
    assert (result["failed"], result["msg"]) == (True, "1 broken: database (1); the findings above say what to do")
    assert [line for line in shown if "database: " in line or "state: " in line or "cost: " in line] == [
        "BROKEN   database: db is stopped",
        "warning  state: it is held",
        "note     cost: 100 USD",
    ]
    assert shown[-2:] == [
        "Examined (checks): state 1, database 2, cost 1",
        f"Diagnosis: 1 broken, 1 warning, 0 unknown, 1 in order. Written to {tmp_path}/dev/diagnosis.json",
    ]
    kept = json.loads((tmp_path / "dev" / "diagnosis.json").read_text("utf-8"))
    assert [each["check"] for each in kept["findings"]] == ["instance", "lock", "cost", "tls"]


def test_warnings_fail_nothing(run: Any) -> None:
    result, _shown, _given = run(found(FINE, SOON))
    assert "failed" not in result


def test_a_healthy_environment_is_said_to_be(run: Any) -> None:
    _result, shown, _given = run(found(FINE, WORTH))
    assert shown[-1].startswith("Nothing found: 1 checks are in order. Written to ")


def test_an_inventory_that_is_not_sound_costs_the_estimate_alone(run: Any) -> None:
    result, shown, given = run(found(FINE))
    assert shown[0] == "No estimate of costs. The inventory is not sound"
    assert "estimate" not in given
    assert "failed" not in result


def test_what_the_module_itself_says_is_passed_on(run: Any, tmp_path: Path) -> None:
    result, _shown, _given = run({"failed": True, "msg": "boto3 is missing"})
    assert (result["failed"], result["msg"]) == (True, "boto3 is missing")
    assert not (tmp_path / "dev").exists()
