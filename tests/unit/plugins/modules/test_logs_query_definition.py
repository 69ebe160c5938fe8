# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

from ansible_collections.uex.payments.plugins.modules.logs_query_definition import QueryDefinition
from ansible_collections.uex.payments.tests.support.contract import TAGS, Connect, Contract


def sample(connect: Connect) -> dict[str, Any]:
    connect("logs").create_log_group(logGroupName="uex-payments-test-alpha")
    return {
        "query_definitions": [
            {
                "name": f"uex-payments-test-{name}",
                "query_string": f"fields @message | filter @message like /{name}/",
                "log_group_names": ["uex-payments-test-alpha"],
            }
            for name in ("errors", "slow")
        ]
    }


CONTRACT = Contract(QueryDefinition, sample, change={"query_string": "fields @timestamp"}, unset=("log_group_names",))


def test_other_environments_queries_are_not_ours() -> None:
    resource = QueryDefinition(lambda service: None, {"tags": TAGS})
    assert resource.owned("uex-payments-test-errors", {})
    assert not resource.owned("uex-payments-testing-errors", {})
