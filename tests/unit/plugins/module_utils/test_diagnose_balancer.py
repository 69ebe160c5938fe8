# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _diagnose_balancer as balancer
from ansible_collections.uex.payments.tests.support.diagnosis import NAME, SERVICE, about, estate, judged, wrong

NOW = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
GROUP, GREEN = "arn:tg/api", "arn:tg/green"
BOTH = about(services=[{**SERVICE, "alternate_target_group": f"{NAME}-api-green"}])


def target(state: str = "healthy", reason: str = "", address: str = "10.0.64.10") -> dict[str, Any]:
    health = {"State": state, **({"Reason": reason, "Description": "said"} if reason else {})}
    return {"Target": {"Id": address, "Port": 8080}, "TargetHealth": health}


def forward(**weights: int) -> dict[str, Any]:
    arns = {"blue": GROUP, "green": GREEN}
    groups = [{"TargetGroupArn": arns[name], "Weight": weight} for name, weight in weights.items()]
    return {
        "RuleArn": "arn:rule",
        "Conditions": [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api", "/api/*"]}}],
        "Actions": [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}],
    }


PLAIN = {**forward(), "Actions": [{"Type": "forward", "TargetGroupArn": GROUP}]}
CLOSED = {"RuleArn": "arn:m", "Conditions": [], "Actions": [{"FixedResponseConfig": {"StatusCode": "503"}}]}
DETAIL = {"DomainName": "pay.example.com", "Status": "ISSUED", "NotAfter": NOW + datetime.timedelta(200)}


def facts(**changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "balancer": {
            "State": {"Code": "active"},
            "DNSName": "alb.example.com",
            "AvailabilityZones": [{"SubnetId": "subnet-public"}],
            "SecurityGroups": ["sg-alb"],
        },
        "listeners": [{"Protocol": "HTTPS", "Port": 443}],
        "rules": {"arn:l": [forward(blue=1)]},
        "groups": {f"{NAME}-api": {"TargetGroupArn": GROUP}, f"{NAME}-api-green": {"TargetGroupArn": GREEN}},
        "health": {GROUP: [target(), target(address="10.0.64.11")], GREEN: []},
    }
    environment = estate()
    environment["acls"][0]["Entries"].append(
        {**environment["acls"][0]["Entries"][0], "RuleNumber": 150, "PortRange": {"From": 8080, "To": 8080}}
    )
    certificates = {"found": changed.pop("certificates", {"arn:c": DETAIL}), "now": NOW}
    return {**environment, "balancer": {**found, **changed}, "certificates": certificates}


def certificate(**values: Any) -> dict[str, Any]:
    return {"certificates": {"arn:c": {**DETAIL, **values}}}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, {}),
        ({"balancer": None, "listeners": [], "rules": {}, "certificates": {}}, {"balancer": "broken"}),
        ({"balancer": {**facts()["balancer"]["balancer"], "State": {"Code": "failed"}}}, {"balancer": "broken"}),
        ({"listeners": [{"Protocol": "HTTP", "Port": 80}]}, {"listener": "broken"}),
        (certificate(NotAfter=NOW - datetime.timedelta(1)), {"certificate": "broken"}),
        (certificate(NotAfter=NOW + datetime.timedelta(5)), {"certificate": "warning"}),
        (certificate(Status="PENDING_VALIDATION", NotAfter=None), {"certificate": "broken"}),
        ({"rules": {"arn:l": []}}, {"rule": "broken"}),
        ({"rules": {"arn:l": [PLAIN]}}, {}),
        ({"rules": {"arn:l": [{**PLAIN, "Conditions": []}]}}, {"rule": "broken"}),
        ({"rules": {"arn:l": [forward(blue=1), CLOSED]}}, {"maintenance": "note"}),
        ({"health": {GROUP: [target("unhealthy", "Target.Timeout")]}}, {"targets": "broken"}),
        ({"health": {GROUP: [target(), target("initial", "Elb.RegistrationInProgress")]}}, {}),
        ({"health": {GROUP: [target(), target("draining", "Target.DeregistrationInProgress")]}}, {}),
        ({"health": {}}, {"targets": "broken"}),
    ],
)
def test_what_keeps_requests_from_services(changed: dict[str, Any], expected: dict[str, str]) -> None:
    found = wrong(balancer.SUBJECT, facts(**changed))
    if changed.get("balancer", True) is None:
        found.pop("targets", None)
    assert found == expected


@pytest.mark.parametrize(
    ("rule", "health", "expected"),
    [
        (forward(blue=100, green=0), {GROUP: [target()], GREEN: []}, {}),
        (forward(blue=100, green=0), {GROUP: [], GREEN: [target()]}, {"rule-weight": "broken"}),
        (forward(blue=90, green=10), {GROUP: [target()], GREEN: []}, {"rule-weight": "broken"}),
        (
            forward(blue=0, green=100),
            {GROUP: [target("unhealthy", "Target.Timeout")], GREEN: [target()]},
            {"targets": "broken"},
        ),
    ],
)
def test_requests_go_where_the_tasks_are(rule: Any, health: Any, expected: dict[str, str]) -> None:
    assert wrong(balancer.SUBJECT, facts(rules={"arn:l": [rule]}, health=health), BOTH) == expected


def test_reasons_are_told_with_what_they_mean() -> None:
    health = {
        GROUP: [
            target("unhealthy", "Target.Timeout"),
            target("unhealthy", "Target.ResponseCodeMismatch"),
            target("unhealthy", "Target.New"),
        ]
    }
    found = [each for each in judged(balancer.SUBJECT, facts(health=health)) if each.check == "targets"]
    assert ["nothing answered in time" in found[0].seen, "another code" in found[1].seen] == [True, True]
    assert "its health check fails" in found[2].seen
    assert found[0].evidence == "10.0.64.10:8080: Target.Timeout (said)"
    assert found[1].remedy == "see its log; the check asks for /health"


def test_the_way_to_the_tasks_is_worked_out() -> None:
    closed = facts()
    closed["groups"]["sg-ecs"]["IpPermissions"] = []
    assert wrong(balancer.SUBJECT, closed) == {"group-ingress": "broken"}
