# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the action adds to the module: the table, the file, the verdict."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.action import stack_health
from ansible_collections.uex.payments.plugins.module_utils import _health
from ansible_collections.uex.payments.plugins.module_utils._health import Row
from ansible_collections.uex.payments.plugins.module_utils._preflight import FAILED, OK
from ansible_collections.uex.payments.plugins.plugin_utils import live_line
from ansible_collections.uex.payments.tests.support import plugins

BAD = [("paths", Row("One", OK, "fine")), ("targets", Row("Two", FAILED, "bad", "mend it"))]


def found(*rows: tuple[str, Row]) -> dict[str, Any]:
    return {"changed": False, "told": [], **_health.document("uex-payments-dev", "dev", list(rows), [FAILED], 1)}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Run the action on what the module finds; the result, and what was shown."""

    def play(result: dict[str, Any], check_mode: bool = False, **options: Any) -> tuple[dict[str, Any], list[str]]:
        monkeypatch.setattr(stack_health, "run_module", lambda action, task_vars: result)
        action = plugins.action(stack_health.ActionModule, {"directory": str(tmp_path), **options}, check_mode)
        shown: list[str] = []
        action._display = SimpleNamespace(display=lambda line, color=None: shown.append(line))
        return action.run(task_vars={}), shown

    return play


def test_the_table_is_shown_worst_first_and_the_file_is_kept(run: Any, tmp_path: Path) -> None:
    result, shown = run(found(*BAD))
    assert [line.split()[:2] for line in shown if line[:1] != " "][:2] == [["FAILED", "Two"], ["ok", "One"]]
    assert shown[-1].startswith("uex-payments-dev is UNHEALTHY: 1 failed, 1 ok")
    kept = json.loads((tmp_path / "dev" / "health.json").read_text("utf-8"))
    assert list(kept) == list(stack_health.KEPT)
    assert [each["name"] for each in kept["checks"]] == ["One", "Two"]
    assert result["file"] == str(tmp_path / "dev" / "health.json")


def test_on_a_narrow_terminal_the_table_is_narrow(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_line, "LINES", [SimpleNamespace(width=50)])
    _result, shown = run(found(("targets", Row("Two", FAILED, "bad " * 30, "mend it"))))
    assert max(map(len, shown[:-1])) <= 50


def test_what_is_not_well_fails_the_task_unless_nobody_wants_that(run: Any) -> None:
    result, _shown = run(found(*BAD))
    assert (result["failed"], "UNHEALTHY" in result["msg"]) == (True, True)
    assert "failed" not in run(found(*BAD), fail=False)[0]
    assert "failed" not in run(found(BAD[0]))[0]


def test_quietly_there_is_one_line(run: Any) -> None:
    _result, shown = run(found(*BAD), quiet=True)
    assert shown == ["uex-payments-dev is UNHEALTHY: 1 failed, 1 ok, in 1 s. Two"]


def test_a_module_that_could_not_begin_leaves_no_file(run: Any, tmp_path: Path) -> None:
    result, shown = run({"failed": True, "msg": "wrong option"})
    assert (result["failed"], result["msg"], shown) == (True, "wrong option", [])
    assert not (tmp_path / "dev").exists()


@pytest.mark.parametrize(("check_mode", "said"), [(False, True), (True, False)])
def test_a_task_is_announced_as_it_takes_its_time(run: Any, check_mode: bool, said: bool) -> None:
    _result, shown = run(found(BAD[0]), check_mode, probe="task")
    assert any("one-off task" in line for line in shown) == said
