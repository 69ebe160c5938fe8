# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

from ansible_collections.uex.payments.plugins.modules.cloudwatch_dashboard import Dashboard
from ansible_collections.uex.payments.tests.support.contract import TAGS, Connect, Contract


def widget(text: str) -> dict[str, Any]:
    return {"type": "text", "x": 0, "y": 0, "width": 24, "height": 2, "properties": {"markdown": text}}


def sample(connect: Connect) -> dict[str, Any]:
    return {
        "dashboards": [
            {"name": name, "body": {"widgets": [widget(name)]}}
            for name in ("uex-payments-test", "uex-payments-test-two")
        ]
    }


CONTRACT = Contract(Dashboard, sample, change={"body": {"widgets": [widget("changed"), widget("added")]}})


def test_other_environments_dashboards_are_not_ours() -> None:
    resource = Dashboard(lambda service: None, {"tags": TAGS})
    assert resource.owned("uex-payments-test", {})
    assert not resource.owned("uex-payments-testing", {})


def test_a_body_without_widgets_is_refused() -> None:
    problems = Dashboard(lambda service: None, {}).validate({"name": "one", "body": {"start": "-PT3H"}})
    assert [problem.partition(":")[0] for problem in problems] == ["body"]
