# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the action adds to the module: the controller's rows, the table, the file, the verdict."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.action import stack_preflight
from ansible_collections.uex.payments.plugins.module_utils._preflight import FAILED, OK, UNKNOWN, Row
from ansible_collections.uex.payments.tests.support import plugins

SECRET = "not-to-be-seen-anywhere"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Run the action on what the module finds; the result, what was shown, the module's arguments."""

    def play(found: dict[str, Any], **variables: Any) -> tuple[dict[str, Any], list[str], dict[str, Any]]:
        given: dict[str, Any] = {}

        def module(action: Any, task_vars: dict[str, Any]) -> dict[str, Any]:
            given.update(action._task.args)
            return found

        monkeypatch.setattr(stack_preflight, "run_module", module)
        monkeypatch.setattr(stack_preflight.controller, "rows", lambda path: [Row("Python", OK, path)])
        names = ["data_uex_api_key", "data_uex_api_secret"]
        options = {"environment": "dev", "directory": str(tmp_path), "credentials": names}
        action = plugins.action(stack_preflight.ActionModule, options)
        shown: list[str] = []
        action._display = SimpleNamespace(display=lambda line, color=None: shown.append(line))
        action._templar = SimpleNamespace(template=lambda value: value)
        return action.run(task_vars={"ansible_python_interpreter": "python", **variables}), shown, given

    return play


def checks(*rows: Row) -> dict[str, Any]:
    return {"changed": False, "checks": [row._asdict() for row in rows]}


def test_the_rows_are_shown_and_kept_in_order(run: Any, tmp_path: Path) -> None:
    result, shown, _given = run(checks(Row("One", OK, "fine"), Row("Two", UNKNOWN, "denied", "allow it")))
    assert "failed" not in result
    assert [each["name"] for each in result["checks"]] == ["Python", "One", "Two"]
    kept = json.loads((tmp_path / "dev" / "preflight.json").read_text("utf-8"))
    assert kept == {"environment": "dev", "checks": result["checks"], "summary": result["summary"]}
    assert [line.split()[:2] for line in shown[:3]] == [["ok", "Python"], ["ok", "One"], ["UNKNOWN", "Two"]]
    assert shown[-1] == f"Preflight: 2 ok, 0 warning, 0 failed, 1 unknown. Written to {tmp_path}/dev/preflight.json"


def test_a_failed_row_fails_the_task_after_all_were_shown(run: Any) -> None:
    result, shown, _given = run(checks(Row("One", FAILED, "bad", "mend it"), Row("Two", OK, "fine")))
    assert result["failed"]
    assert "1 of 3 checks failed: One" in result["msg"]
    assert any("Two" in line for line in shown)


def test_a_module_that_can_t_look_at_all_leaves_the_controller_s_rows(run: Any, tmp_path: Path) -> None:
    result, shown, _given = run({"failed": True, "msg": "boto3 is missing"})
    assert (result["failed"], result["msg"]) == (True, "boto3 is missing")
    assert shown[0].startswith("ok       Python")
    assert (tmp_path / "dev" / "preflight.json").exists()


def test_credentials_are_looked_at_here_and_go_nowhere(run: Any) -> None:
    result, shown, given = run(checks(), data_uex_api_key=SECRET, data_uex_api_secret="")
    assert given["missing_credentials"] == ["data_uex_api_secret"]
    assert SECRET not in json.dumps([result, shown, given])
