# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.action import stack_exec as action
from ansible_collections.uex.payments.plugins.modules import stack_exec
from ansible_collections.uex.payments.tests.support import plugins
from ansible_collections.uex.payments.tests.support.releases import CLUSTER, Estate

SERVICE = {"name": "api", "full_name": f"{CLUSTER}-api", "exec": True}
OPTIONS: dict[str, Any] = {"cluster": CLUSTER, "services": [SERVICE], "service": "api"}


@pytest.fixture
def estate(aws: None) -> Estate:
    return Estate()


@pytest.fixture
def opened(estate: Estate) -> Estate:
    """With commands allowed in the tasks of api."""
    estate.ecs.update_service(
        cluster=CLUSTER, service=SERVICE["full_name"], enableExecuteCommand=True, forceNewDeployment=True
    )
    return estate


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An AWS CLI that says whether it has a terminal, and executes the command here."""
    for name in ("aws", "session-manager-plugin"):
        (tmp_path / name).write_text(CLI, encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return tmp_path


CLI = """#!/bin/sh
echo "Starting session with SessionId: x"
test -t 0 || exit 7
for word; do test "$last" = --command && command=$word; last=$word; done
eval "$command"
"""


def call(**more: Any) -> dict[str, Any]:
    return plugins.run_module(stack_exec, {**OPTIONS, **more})


def run(monkeypatch: pytest.MonkeyPatch, check_mode: bool = False, **more: Any) -> dict[str, Any]:
    """A run of the action."""
    made = plugins.action(action.ActionModule, {**OPTIONS, **more}, check_mode)
    made._compute_environment_string = lambda raw_environment_out: raw_environment_out.update(MARK="here")
    made._display.warning = made.shown.append
    monkeypatch.setattr(action, "run_module", lambda *_arguments: call(**more))
    result: dict[str, Any] = made.run(task_vars={})
    return {**result, "shown": made.shown}


def test_a_service_that_lets_nobody_in_is_said_with_its_field(estate: Estate) -> None:
    assert "stack_services.api.exec: is true, but was not applied" in call()["msg"]
    closed = {**SERVICE, "exec": False}
    assert "stack_services.api.exec: is false; set it to true" in call(services=[closed])["msg"]
    lost = {**SERVICE, "full_name": "lost"}
    assert "ECS has no service lost" in call(services=[lost])["msg"]
    assert "there is no x; there are api" in call(service="x")["msg"]


def test_the_command_is_shown_whole(opened: Estate) -> None:
    result = call()
    tasks = opened.ecs.list_tasks(cluster=CLUSTER, serviceName=SERVICE["full_name"])["taskArns"]
    assert result["task"] in {arn.rpartition("/")[2] for arn in tasks}
    assert result["table"] == [
        f"aws ecs execute-command --cluster {CLUSTER} --task {result['task']} --container api --interactive "
        "--command /bin/sh --region us-east-1"
    ]
    assert call(command="id", run=True)["command"][-3] == "/bin/sh -c 'id; echo exit status $?'"


def test_a_shell_is_not_run(opened: Estate) -> None:
    assert "a shell needs a terminal" in call(run=True)["msg"]


def test_a_command_is_run_on_a_terminal_and_its_output_shown(
    opened: Estate, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(monkeypatch, run=True, command="echo $MARK; echo more")
    assert (result["lines"], result["changed"], result.get("failed")) == (["here", "more"], True, None)


@pytest.mark.parametrize(
    ("command", "said"),
    [("echo no; (exit 3)", "the command ended with status 3"), ("exit 5", "the session ended with status 5")],
)
def test_a_command_that_fails_fails_the_run(
    opened: Estate, tools: Path, monkeypatch: pytest.MonkeyPatch, command: str, said: str
) -> None:
    assert said in run(monkeypatch, run=True, command=command)["msg"]


def test_a_check_runs_nothing(opened: Estate, tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "lines" not in run(monkeypatch, check_mode=True, run=True, command="echo x")


def test_what_is_not_installed_is_said(opened: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_exec.shutil, "which", lambda tool: None)
    assert run(monkeypatch)["shown"] == [
        "install the AWS CLI, aws and its Session Manager plugin, session-manager-plugin on this machine first"
    ]
    assert run(monkeypatch, run=True, command="id")["failed"]
