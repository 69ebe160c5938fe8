# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where a module runs, and that it makes no difference."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.plugin_utils import in_process
from ansible_collections.uex.payments.tests.support import emulator, playbooks
from ansible_collections.uex.payments.tests.support.contract import TAGS


def action(**changed: Any) -> Any:
    """An action whose module would run in the same place, but for what changed."""
    facts = {"transport": "local", "become": False, "async_val": 0, **changed}
    return SimpleNamespace(
        _templar=SimpleNamespace(template=lambda value: value),
        _connection=SimpleNamespace(transport=facts["transport"]),
        _task=SimpleNamespace(become=facts["become"], async_val=facts["async_val"]),
        _execute_module=lambda task_vars: {"transferred_with": task_vars},
    )


HERE = {"ansible_python_interpreter": sys.executable}


@pytest.mark.parametrize(
    ("changed", "task_vars", "expected"),
    [
        ({}, HERE, True),
        ({"transport": "ssh"}, HERE, False),
        ({"become": True}, HERE, False),
        ({"async_val": 60}, HERE, False),
        ({}, {"ansible_python_interpreter": "/usr/bin/another-python"}, False),
        ({}, {"ansible_python_interpreter": "auto"}, False),
        ({}, {}, False),
    ],
)
def test_only_the_same_user_machine_and_python_are_the_same_place(
    changed: dict[str, Any], task_vars: dict[str, str], expected: bool
) -> None:
    assert in_process.is_same_place(action(**changed), task_vars) is expected


def test_an_ansible_core_without_patched_arguments_transfers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_process, "patch_module_args", None)
    assert in_process.is_same_place(action(), HERE) is False


def test_elsewhere_the_module_is_transferred() -> None:
    assert in_process.run_module(action(become=True), HERE) == {"transferred_with": HERE}


def hosts(folder: Path) -> dict[str, dict[str, str]]:
    """Two that differ in the interpreter's name alone: one gets its modules in-process, the other transferred."""
    version = "python{}.{}".format(*sys.version_info)
    names = {"here": sys.executable, "there": str(Path(sys.executable).with_name(version)), "localhost": sys.executable}
    return {
        name: {
            "ansible_connection": "local",
            "ansible_python_interpreter": interpreter,
            "ansible_remote_tmp": str(folder / f"{name}-files"),
        }
        for name, interpreter in names.items()
    }


def play(folder: Path, port: int) -> dict[str, Any]:
    """Plan, make, look again and fail, on both hosts but for the making."""
    module = "uex.payments.logs_log_group"
    sets = {"log_groups": [{"name": name, "retention_in_days": 7} for name in ("one", "two")], "tags": TAGS}
    wrong = {**sets, "log_groups": [{"name": "one", "retention_in_days": 7}] * 2}
    credentials = {"access_key": "testing", "secret_key": "testing", "region": "us-east-1"}
    return {
        "hosts": "here:there",
        "gather_facts": False,
        "module_defaults": {"group/uex.payments.aws": {**credentials, "endpoint_url": f"http://127.0.0.1:{port}"}},
        "tasks": [
            playbooks.task("Plan", module, sets, check_mode=True, register="planned"),
            playbooks.task("Make", module, sets, register="made", when="inventory_hostname == 'here'"),
            playbooks.task("Look again", module, sets, register="again"),
            {
                "block": [playbooks.task("Fail", module, wrong)],
                "rescue": [playbooks.save(folder, "planned", "made", "again", "ansible_failed_result")],
            },
        ],
    }


def public(result: dict[str, Any]) -> dict[str, Any]:
    """A result without what Ansible notes in it for itself."""
    return {key: value for key, value in result.items() if not key.startswith("_ansible_")}


def test_in_process_and_transferred_give_the_same_results(tmp_path: Path) -> None:
    with emulator.running(tmp_path / "embedded_aws") as port:
        playbooks.run_play(tmp_path, hosts(tmp_path), play(tmp_path, port))
    here, there = playbooks.saved(tmp_path, ("here", "there"))
    assert here["made"]["changed"]
    assert [action["verb"] for action in here["planned"]["actions"]] == ["create", "create"]
    assert there["again"]["changed"] is False
    assert "log_groups[1].name: one is declared twice" in there["ansible_failed_result"]["msg"]
    for outcome in ("planned", "again", "ansible_failed_result"):
        assert public(here[outcome]) == public(there[outcome])
    assert [(tmp_path / f"{name}-files").exists() for name in ("here", "there")] == [False, True]
