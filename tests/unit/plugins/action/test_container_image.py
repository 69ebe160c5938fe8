# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.action import container_image, ecr_image
from ansible_collections.uex.payments.plugins.module_utils import _progress
from ansible_collections.uex.payments.tests.support import plugins


@pytest.mark.parametrize("kind", [container_image.ActionModule, ecr_image.ActionModule])
def test_what_the_module_says_is_shown_while_it_runs_and_not_after(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def run_module(action: Any, task_vars: Any) -> dict[str, Any]:
        _progress.say("api built")
        return {"changed": True}

    monkeypatch.setattr(container_image, "run_module", run_module)
    action = plugins.action(kind, {})
    assert action.run(task_vars={})["changed"] is True
    _progress.say("nobody listens")
    assert action.shown == ["       api built"]
