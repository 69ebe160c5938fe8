# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the action adds to the module: locust's run, headers that nobody sees, the table, the files, the verdict."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.plugins.action import stack_load_test
from ansible_collections.uex.payments.plugins.plugin_utils import locust
from ansible_collections.uex.payments.tests.support import plugins
from ansible_collections.uex.payments.tests.unit.plugins.module_utils.test_load_test import numbers, options

CANARY = "Bearer LOAD-CANARY"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Run the action where locust's result is given; the result, what was shown, what locust was given."""

    def play(result: Any, check_mode: bool = False, **changed: Any) -> tuple[dict[str, Any], list[str], list[Any]]:
        own = options(**{"directory": str(tmp_path), "locust": sys.executable, **changed})
        found = {"changed": False, "url": "https://x", "headers": {"Host": "pay"}, "options": own}
        given: list[Any] = []

        def pretend(*arguments: Any) -> Any:
            given.extend(arguments)
            arguments[-1]({"users": 3, "seconds": 5, **numbers(10)})
            return result

        monkeypatch.setattr(stack_load_test, "run_module", lambda action, task_vars: dict(found))
        monkeypatch.setattr(locust, "run", pretend)
        action = plugins.action(stack_load_test.ActionModule, {"region": "us-east-1"}, check_mode)
        action._connection._shell.env_prefix = lambda **variables: ""
        action._task.environment = [{"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}]
        shown: list[str] = []
        action._display = SimpleNamespace(display=lambda line, color=None, **more: shown.append(line))
        action._templar = SimpleNamespace(template=lambda value: value)
        outcome = action.run(task_vars={"operations_load_test_headers": {"Authorization": CANARY}})
        return outcome, shown, given

    return play


GOOD = {"paths": {"one": numbers(), "two": numbers()}, "all": numbers(2000), "errors": []}
BAD = {**GOOD, "paths": {"one": numbers(p95=2500), "two": numbers()}}


def test_what_passes_is_shown_and_kept(run: Any, tmp_path: Path) -> None:
    result, shown, _given = run(GOOD)
    assert (result["verdict"], "failed" in result) == ("passed", False)
    assert "Load test of staging passed" in shown
    assert any("3 users, 10 requests, 0 failed" in line for line in shown)
    kept = json.loads((tmp_path / "staging" / "load_test.json").read_text("utf-8"))
    assert kept["verdict"] == "passed"


def test_what_misses_fails_the_task_with_the_path_and_the_criterion(run: Any) -> None:
    result, _shown, _given = run(BAD)
    assert result["failed"]
    assert "one: p95 of 2500 ms is not below 2000 ms" in result["msg"]


def test_a_check_sends_nothing(run: Any) -> None:
    result, shown, given = run(GOOD, check_mode=True)
    assert (given, "failed" in result) == ([], False)
    assert shown[0].startswith("50 users")


def test_credentials_go_to_locust_s_standard_input_alone(run: Any, tmp_path: Path) -> None:
    result, shown, given = run(GOOD, headers_variable="operations_load_test_headers")
    order, asked = given[:2]
    assert asked["headers"] == {"Authorization": CANARY, "Host": "pay"}
    kept = [file.read_text("utf-8") for file in (tmp_path / "staging").iterdir()]
    assert CANARY not in json.dumps([result, shown, list(order.arguments), kept])


def test_headers_may_be_in_a_secret_of_the_environment(run: Any, aws: None) -> None:
    secret = {"Name": "uex-payments-test/load-test", "SecretString": json.dumps({"Authorization": CANARY})}
    boto3.client("secretsmanager").create_secret(**secret)
    result, shown, given = run(GOOD, headers_stored_as="load-test")
    assert "failed" not in result, result["msg"]
    assert given[1]["headers"] == {"Authorization": CANARY, "Host": "pay"}
    assert CANARY not in json.dumps([result, shown])


@pytest.mark.parametrize("text", ["", f"no JSON: {CANARY}"])
def test_a_secret_that_cannot_be_used_is_named_and_not_shown(run: Any, aws: None, text: str) -> None:
    if text:
        boto3.client("secretsmanager").create_secret(Name="uex-payments-test/load-test", SecretString=text)
    result, shown, given = run(GOOD, headers_stored_as="load-test")
    assert (result["failed"], given) == (True, [])
    assert result["msg"].startswith("load-test: read failed: ")
    assert CANARY not in json.dumps([result, shown])


def test_a_missing_locust_is_said_with_what_brings_it(run: Any) -> None:
    result, _shown, _given = run(GOOD, locust="/nowhere/locust")
    assert result["failed"]
