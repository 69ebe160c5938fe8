# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The file that a teardown leaves on the controller."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.action import stack_remains
from ansible_collections.uex.payments.tests.support import plugins
from ansible_collections.uex.payments.tests.support.contract import TAGS

FOUND = {"changed": False, "remains": [{"kind": "AWS::KMS::Key", "name": "k"}], "table": []}


@pytest.mark.parametrize(
    ("result", "check_mode", "written"),
    [
        (FOUND, False, {"environment": "test", "remains": FOUND["remains"]}),
        (FOUND, True, None),
        ({"failed": True, "msg": "AccessDenied"}, False, None),
    ],
)
def test_the_list_is_written_in_a_run_that_is_no_check(
    result: dict[str, Any], check_mode: bool, written: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "test" / "remains.json"
    monkeypatch.setattr(stack_remains, "run_module", lambda action, task_vars: result)
    action = plugins.action(stack_remains.ActionModule, {"path": str(path), "tags": TAGS}, check_mode)
    assert action.run(task_vars={}) == result
    assert (json.loads(path.read_text()) if path.exists() else None) == written
    assert [file.name for file in tmp_path.rglob("*.json*")] == (["remains.json"] if written else [])
