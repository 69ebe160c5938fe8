# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _diagnose_nat, _diagnose_outside
from ansible_collections.uex.payments.tests.support.diagnosis import about, endpoint, estate, judged, rule, wrong

Break = Callable[[dict[str, Any]], None]
LOGS = endpoint("logs", SubnetIds=["subnet-app"], Groups=[{"GroupId": "sg-endpoints"}])
NEEDED = [
    {**LOGS, "ServiceName": f"com.amazonaws.us-east-1.{name}"} for name in ("ecr.api", "ecr.dkr", "secretsmanager")
]


def nat(**values: Any) -> Break:
    return lambda facts: facts["nat_gateways"][0].update(values)


def default(table: int, **values: Any) -> Break:
    return lambda facts: facts["route_tables"][table]["Routes"][1].update(values)


def no_default(facts: dict[str, Any]) -> None:
    del facts["route_tables"][0]["Routes"][1]


def through_endpoints(facts: dict[str, Any]) -> None:
    no_default(facts)
    facts["endpoints"] += [LOGS, *NEEDED]


def with_endpoint(**values: Any) -> Break:
    return lambda facts: facts["endpoints"].append({**LOGS, **values})


def closed_endpoint(facts: dict[str, Any]) -> None:
    facts["endpoints"].append(LOGS)
    facts["groups"]["sg-endpoints"]["IpPermissions"] = []


def no_https(facts: dict[str, Any]) -> None:
    facts["groups"]["sg-ecs"]["IpPermissionsEgress"].pop()


def denied(acl: int, *entry: Any) -> Break:
    return lambda facts: facts["acls"][acl]["Entries"].append(rule(*entry))


FAR = "203.0.113.0/24"


@pytest.mark.parametrize(
    ("break_", "expected"),
    [
        (lambda facts: None, {}),
        (nat(State="pending"), {"nat": "warning"}),
        (nat(State="failed", FailureMessage="no address"), {"nat": "broken", "default-route": "broken"}),
        (lambda facts: facts.update(nat_gateways=[]), {"default-route": "broken"}),
        (default(0, State="blackhole"), {"default-route": "broken"}),
        (no_default, {"default-route": "broken"}),
        (through_endpoints, {"default-route": "warning"}),
        (default(0, NatGatewayId="", GatewayId="igw-1"), {"default-route": "broken"}),
        (default(2, GatewayId="igw-2"), {"public-route": "broken"}),
        (lambda facts: facts.update(internet_gateways=[]), {"internet-gateway": "broken"}),
        (no_https, {"group-egress": "broken"}),
        (denied(0, 1, True, "deny", "0.0.0.0/0", (443, 443)), {"acl-call-out": "broken"}),
        (denied(0, 1, True, "deny", FAR, (443, 443)), {"acl-call-out": "warning"}),
        (denied(2, 1, False, "deny", "0.0.0.0/0"), {"acl-call-in": "broken", "acl-answer-in": "broken"}),
        (with_endpoint(), {}),
        (with_endpoint(State="failed"), {"endpoint": "broken"}),
        (with_endpoint(PrivateDnsEnabled=False), {"endpoint-dns": "warning"}),
        (closed_endpoint, {"group-ingress": "broken"}),
        (lambda facts: facts.update(endpoints=[]), {"endpoint-s3": "warning"}),
    ],
)
def test_what_keeps_tasks_inside(break_: Break, expected: dict[str, str]) -> None:
    facts = estate()
    break_(facts)
    assert wrong(_diagnose_outside.SUBJECT, facts) == expected


def seen(facts: dict[str, Any], **options: Any) -> dict[str, str]:
    found = judged(_diagnose_nat.SUBJECT, {"flows": None, **facts}, about(**options))
    return {each.check: f"{each.seen}; {each.evidence}" for each in found}


def test_traffic_that_nobody_has_counted_is_unknown_and_assumed() -> None:
    found = seen(estate())
    assert found["nat-traffic"].startswith("how much went through NAT is unknown; 20 GB a month are assumed")
    assert found["endpoint-pays"].startswith("no further endpoint would pay: ecr.api, ecr.dkr, logs")
    assert "pays from 626 GB a month on; NAT carries 20.0 (assumed)" in found["endpoint-pays"]


def test_much_traffic_makes_an_endpoint_pay() -> None:
    """1,000 GB: 45 USD through NAT; through one endpoint over three zones 10 and 21.90 for its hours."""
    found = seen({**estate(), "nat_bytes": {"nat-1": 1e12, "nat-2": None}})
    assert found["nat-traffic"].startswith("1,000.00 GB went through NAT in 30 days: 45.00 USD; nat-1: 1,000.00 GB")
    assert found["endpoint-pays"].startswith("an endpoint could save up to 13.10 USD a month: ecr.api (questions")


def test_endpoints_that_cost_more_than_they_save_are_told() -> None:
    facts = estate()
    facts["endpoints"] += [LOGS, *NEEDED]
    assert seen(facts)["endpoint-costs"].startswith("4 endpoints cost 87.60 USD a month; they save nothing")


def test_unknown_prices_are_unknown() -> None:
    assert "unknown: a price is missing" in seen(estate(), prices={"nat.gb": 0.045})["endpoint-pays"]
    assert _diagnose_nat.offer({"nat.gb": 0.01, "endpoint.hour": 1, "endpoint.gb": 0.02}, 730, 3) is None
    assert "at an unknown price" in seen({**estate(), "nat_bytes": {"nat-1": 1e9}}, prices={})["nat-traffic"]


def test_destinations_are_listed() -> None:
    assert seen({**estate(), "flows": {"s3": 2e9, "203.0.113.1": 1e6}})["destinations"].endswith(
        "s3 2.000 GB; 203.0.113.1 0.001 GB"
    )
    assert seen({**estate(), "flows": {}})["destinations"].startswith("the flow log has nothing of NAT")
    assert "nat-traffic" in seen({**estate(), "nat_bytes": {}})
