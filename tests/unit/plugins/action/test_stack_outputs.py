# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which files the action writes, and when it writes none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.action import stack_outputs
from ansible_collections.uex.payments.tests.support import plugins

OUTPUTS: dict[str, Any] = {
    **dict.fromkeys(("account_id", "region", "base_url", "dashboard_url", "cluster")),
    "environment": "dev",
    **{named: {} for named in ("services", "databases", "caches", "secrets", "topics", "buckets")},
    "log_groups": [],
    "network": {"vpc_id": "vpc-1", "app_subnet_ids": [], "security_group_ids": {}},
}


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, check_mode: bool = False, **result: Any) -> dict[str, Any]:
    """The action's result, where the module's is C(result)."""
    found = {"changed": False, "outputs": OUTPUTS, "table": ["Services"], **result}
    monkeypatch.setattr(stack_outputs, "run_module", lambda action, task_vars: found)
    action = plugins.action(stack_outputs.ActionModule, {"directory": str(folder)}, check_mode)
    returned: dict[str, Any] = action.run(task_vars={})
    return returned


def test_both_files_are_written_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "dev"
    result = run(monkeypatch, folder)
    assert sorted(each.name for each in folder.iterdir()) == ["outputs.env", "outputs.json"]
    assert json.loads((folder / "outputs.json").read_text(encoding="utf-8")) == OUTPUTS
    assert (folder / "outputs.env").read_text(encoding="utf-8") == "UEX_ENVIRONMENT=dev\nUEX_VPC_ID=vpc-1\n"
    assert result["files"] == [f"{folder}/outputs.json", f"{folder}/outputs.env"]
    assert result["table"] == ["Services", "", f"Written to {folder}/outputs.json and {folder}/outputs.env"]


@pytest.mark.parametrize(("check_mode", "result"), [(True, {}), (False, {"failed": True, "msg": "denied"})])
def test_a_check_and_a_failure_write_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, check_mode: bool, result: dict[str, Any]
) -> None:
    returned = run(monkeypatch, tmp_path / "dev", check_mode, **result)
    assert "files" not in returned
    assert not (tmp_path / "dev").exists()
