# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _diagnose_alarms, _diagnose_cost, _diagnose_read_use
from ansible_collections.uex.payments.tests.support.diagnosis import NAME, about, judged, wrong

RDS, NAT = "Amazon Relational Database Service", "EC2 - Other"


@pytest.mark.parametrize(
    ("spent", "expected"),
    [
        ({}, {"cost": "note"}),
        ({RDS: 61.0}, {"cost": "note"}),
        ({RDS: 89.0}, {"cost": "note"}),
        ({RDS: 91.0}, {"cost": "note", "cost-above-estimate": "warning"}),
        ({"AWS Lambda": 19.0}, {"cost": "note"}),
        ({"AWS Lambda": 21.0}, {"cost": "note", "cost-above-estimate": "warning"}),
    ],
)
def test_what_costs_far_more_than_estimated_is_a_warning(spent: dict[str, float], expected: dict[str, str]) -> None:
    """Half as much again, and 20 USD; without a bill nothing is known, and said to be."""
    assert wrong(_diagnose_cost.SUBJECT, {"spent": spent}) == expected


def test_both_sides_are_shown_by_service() -> None:
    finding = judged(_diagnose_cost.SUBJECT, {"spent": {RDS: 61.0, NAT: 0.001, "Tax": 9.5}})[0]
    assert finding.seen == "70.50 USD in 30 days, estimated 160.00 USD a month"
    assert finding.evidence == "RDS 61.00 (estimate 60.00); Tax 9.50 (estimate -); NAT gateways - (estimate 100.00)"
    unknown = judged(_diagnose_cost.SUBJECT, {"spent": {}})[0]
    assert "what it has cost is unknown" in unknown.seen
    assert "RDS unknown (estimate 60.00)" in unknown.evidence


def test_without_an_estimate_nothing_is_too_much() -> None:
    assert wrong(_diagnose_cost.SUBJECT, {"spent": {RDS: 999.0}}, about(estimate={})) == {"cost": "note"}


def alarm(topic: str, description: str = "") -> dict[str, object]:
    return {
        "AlarmName": f"{NAME}-x",
        "AlarmActions": [f"arn:aws:sns:r:1:{NAME}-{topic}"],
        "AlarmDescription": description,
    }


def test_alarms_that_are_on_lead_to_their_runbook() -> None:
    section = "critical: down. Runbook: https://example.com/docs/runbooks/alarms.md#service-down"
    found = {"alarms": {"on": [alarm("critical", section), alarm("warning")], "total": 9}}
    first, second = judged(_diagnose_alarms.SUBJECT, found)
    assert (first.severity, first.remedy) == (
        "broken",
        "the runbook: https://example.com/docs/runbooks/alarms.md#service-down",
    )
    assert (second.severity, second.remedy) == ("warning", "the runbook: docs/runbooks/alarms.md")
    assert wrong(_diagnose_alarms.SUBJECT, {"alarms": {"on": [], "total": 9}}) == {}


def test_the_flow_log_is_asked_for_what_passes_a_gateway_and_leaves_the_vpc() -> None:
    question = _diagnose_read_use.question([{"NetworkInterfaceId": "eni-1"}], "10.0.0.0/16", "srcAddr", "dstAddr")
    assert question.startswith('filter interfaceId in ["eni-1"] and isIpv4InSubnet(srcAddr, "10.0.0.0/16")')
    assert 'not isIpv4InSubnet(dstAddr, "10.0.0.0/16")' in question
    assert "stats sum(bytes) as total by dstAddr as peer" in question


def test_destinations_are_services_where_their_ranges_are_known() -> None:
    rows = [
        {"peer": "52.216.0.9", "total": "10"},
        {"peer": "8.8.8.8", "total": "30"},
        {"peer": "52.216.1.1", "total": "25"},
    ]
    known = {"s3": ["52.216.0.0/15"]}
    assert _diagnose_read_use.by_destination([*rows, {"@ptr": "x"}], known) == {"s3": 35.0, "8.8.8.8": 30.0}
