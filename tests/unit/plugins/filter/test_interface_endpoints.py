# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.uex.payments.plugins.filter import interface_endpoints

FILTER = interface_endpoints.FilterModule().filters()["interface_endpoints"]
PLACE = {"stack_name": "uex-payments-dev", "region": "us-east-1", "subnet_ids": [], "security_group_id": "sg-1"}


def test_one_for_each_service() -> None:
    endpoints = FILTER(["ecr.api", "logs"], {**PLACE, "policy": None})
    assert [item["name"] for item in endpoints] == [
        "uex-payments-dev-endpoint-ecr-api",
        "uex-payments-dev-endpoint-logs",
    ]
    assert FILTER([], {**PLACE, "policy": None}) == []
