# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.uex.payments.plugins.filter import nat_gateway_plan

FILTER = nat_gateway_plan.FilterModule().filters()["nat_gateway_plan"]
PLAN = [{"name": f"uex-payments-dev-public-{zone}", "tags": {"Tier": "public"}} for zone in "ab"]
SUBNETS = {subnet["name"]: {"subnet_id": "subnet-0123456789abcdef0"} for subnet in PLAN}


def test_one_in_each_zone_unless_single() -> None:
    assert [item["name"] for item in FILTER(PLAN, SUBNETS)] == ["uex-payments-dev-nat-a", "uex-payments-dev-nat-b"]
    assert FILTER(PLAN, SUBNETS, "single") == [
        {"name": "uex-payments-dev-nat-a", "subnet_id": "subnet-0123456789abcdef0"}
    ]
