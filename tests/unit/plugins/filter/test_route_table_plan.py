# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.uex.payments.plugins.filter import route_table_plan
from ansible_collections.uex.payments.plugins.module_utils import _network

FILTER = route_table_plan.FilterModule().filters()["route_table_plan"]
PLAN = _network.subnet_plan("10.0.0.0/16", ["us-east-1a", "us-east-1b"], "uex-payments-dev", {})
SUBNETS = {subnet["name"]: {"subnet_id": subnet["name"]} for subnet in PLAN}
NATS = {"uex-payments-dev-nat-a": {"nat_gateway_id": "nat-1"}}


def test_it_is_the_shared_plan() -> None:
    assert FILTER(PLAN, SUBNETS) == _network.route_table_plan(PLAN, SUBNETS, None, None)
    assert FILTER(PLAN, SUBNETS, NATS, "igw-1") == _network.route_table_plan(PLAN, SUBNETS, NATS, "igw-1")
    assert FILTER(PLAN, SUBNETS) != FILTER(PLAN, SUBNETS, NATS, "igw-1")
