# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.action import stack_info
from ansible_collections.uex.payments.tests.support import plugins


@pytest.mark.parametrize("check_mode", [False, True])
def test_the_module_s_result_is_the_task_s(check_mode: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, dict[str, Any]]] = []

    def run_module(action: Any, task_vars: dict[str, Any]) -> dict[str, Any]:
        asked.append((action, task_vars))
        return {"changed": True, "subnets": {}}

    monkeypatch.setattr(stack_info, "run_module", run_module)
    action = plugins.action(stack_info.ActionModule, {}, check_mode)
    result = action.run(task_vars={"some": "variable"})
    assert (result["changed"], result["subnets"]) == (True, {})
    assert "skipped" not in result
    assert asked == [(action, {"some": "variable"})]
