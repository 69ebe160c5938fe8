# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _edge_rules

CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/0123"
SOUND: dict[str, Any] = {
    "stack_region": "us-east-1",
    "edge_certificate_arn": "",
    "edge_domain_name": "pay.example.com",
    "edge_subject_alternative_names": [],
    "edge_zone_name": "",
    "edge_test_header_name": "X-Uex-Test",
    "edge_test_header_value": "true",
    "edge_test_listener_port": 0,
    "edge_test_listener_cidrs": [],
    "edge_maintenance_message": "closed",
    "edge_maintenance_allowed_cidrs": [],
    "stack_service_list": [],
    "edge_waf_enabled": True,
    "edge_waf_managed_rule_groups": [{"name": "AWSManagedRulesCommonRuleSet"}],
    "edge_waf_rate_limit": 2000,
    "edge_waf_rate_limit_window": 300,
    "edge_waf_allowed_cidrs": [],
    "edge_waf_denied_cidrs": [],
}
#: What a service says of how requests find it.
ROUTED: dict[str, Any] = {
    "full_name": "uex-payments-dev-alpha",
    "target_group": "uex-payments-dev-alpha",
    "alternate_target_group": "",
    "conditions": {"header": {}, "source_cidrs": [], "hosts": []},
    "stickiness": {"enabled": False, "duration": 86400},
}
RANGE = ["203.0.113.0/24"]
OFFICE = {"edge_test_listener_cidrs": RANGE}
IRELAND = {"stack_region": "eu-west-1"}


def problems(**changed: Any) -> list[str]:
    """The variables that the rules complain of."""
    values = {**SOUND, **changed}
    return [problem.partition(":")[0] for rule in _edge_rules.RULES for problem in rule(values)]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {**IRELAND, "edge_certificate_arn": CERTIFICATE},
        {"edge_zone_name": "example.com", "edge_subject_alternative_names": ["*.pay.example.com"]},
        {"edge_zone_name": "pay.example.com"},
        {"edge_domain_name": ""},
        {"edge_waf_rate_limit": 0},
        {"edge_waf_enabled": False, "edge_waf_rate_limit": 9},
    ],
)
def test_sound_names_have_no_problems(changed: dict[str, Any]) -> None:
    assert problems(**changed) == []


@pytest.mark.parametrize(
    ("changed", "variable"),
    [
        ({"edge_certificate_arn": CERTIFICATE}, "edge_certificate_arn"),
        ({"edge_certificate_arn": "0123"}, "edge_certificate_arn"),
        ({"edge_domain_name": "pay_example"}, "edge_domain_name"),
        ({"edge_subject_alternative_names": ["https://pay.example.com"]}, "edge_domain_name"),
        ({"edge_zone_name": "example.org"}, "edge_zone_name"),
        ({"edge_domain_name": "pay.badexample.com", "edge_zone_name": "example.com"}, "edge_zone_name"),
    ],
)
def test_a_wrong_name_is_said_with_its_variable(changed: dict[str, Any], variable: str) -> None:
    assert problems(**changed) == [variable]


def service(name: str = "alpha", priority: int = 10, shifted: bool = False, **conditions: Any) -> dict[str, Any]:
    return {
        **ROUTED,
        "name": name,
        "path": f"/{name}",
        "priority": priority,
        "alternate_target_group": f"{name}-green" if shifted else "",
        "conditions": {**ROUTED["conditions"], **conditions},
    }


HEADER = {"name": "X-Partner", "values": ["a"]}


def routed(*services: dict[str, Any], **changed: Any) -> list[str]:
    return problems(stack_service_list=list(services), **changed)


@pytest.mark.parametrize(
    ("services", "changed"),
    [
        ([service(priority=2), service("beta", 3)], {}),
        ([service(priority=3, shifted=True), service("beta", 5, shifted=True)], {}),
        ([service(priority=2, shifted=True), service("beta", 3)], {"edge_test_listener_port": 8443, **OFFICE}),
        ([service(header=HEADER, hosts=["*.example.com"], shifted=True)], {}),
        ([service(header=HEADER, source_cidrs=["203.0.113.0/28"])], {"edge_maintenance_allowed_cidrs": RANGE}),
        ([service(source_cidrs=["10.0.0.0/8", "2001:db8::/32"])], {}),
    ],
)
def test_sound_routes_have_no_problems(services: list[dict[str, Any]], changed: dict[str, Any]) -> None:
    assert routed(*services, **changed) == []


@pytest.mark.parametrize(
    ("services", "changed", "variable"),
    [
        ([service(priority=1)], {}, "stack_services.alpha.priority"),
        ([service(priority=2, shifted=True)], {}, "stack_services.alpha.priority"),
        ([service(priority=9), service("beta", 10, shifted=True)], {}, "stack_services.beta.priority"),
        ([service(priority=50000)], {}, "stack_services.alpha.priority"),
        ([service(header={"name": "X"})], {}, "stack_services.alpha.conditions.header"),
        ([service(header={"name": "Host", "values": ["a"]})], {}, "stack_services.alpha.conditions.header.name"),
        ([service(hosts=["https://x"])], {}, "stack_services.alpha.conditions.hosts"),
        ([service(source_cidrs=["10.0.0.1/8"])], {}, "stack_services.alpha.conditions.source_cidrs"),
        ([service(source_cidrs=["10.0.0.1"])], {}, "stack_services.alpha.conditions.source_cidrs"),
        ([service(header=HEADER, hosts=["a", "b"], shifted=True)], {}, "stack_services.alpha.conditions"),
        (
            [service(header=HEADER, hosts=["a", "b"])],
            {"edge_maintenance_allowed_cidrs": RANGE},
            "stack_services.alpha.conditions",
        ),
        (
            [service(source_cidrs=["10.0.0.0/8"])],
            {"edge_maintenance_allowed_cidrs": RANGE},
            "stack_services.alpha.conditions.source_cidrs",
        ),
        (
            [{**service(), "stickiness": {"enabled": True, "duration": 0}}],
            {},
            "stack_services.alpha.stickiness.duration",
        ),
        (
            [{**service(shifted=True), "stickiness": {"enabled": True, "duration": 60}}],
            {},
            "stack_services.alpha.stickiness.enabled",
        ),
        ([], {"edge_test_listener_port": 443, **OFFICE}, "edge_test_listener_port"),
        ([], {"edge_test_listener_port": 8443}, "edge_test_listener_cidrs"),
        ([], {"edge_test_listener_cidrs": ["0.0.0.0"]}, "edge_test_listener_cidrs"),
        ([], {"edge_test_header_name": "host"}, "edge_test_header_name"),
        ([], {"edge_test_header_value": ""}, "edge_test_header_value"),
        ([], {"edge_maintenance_message": "ä" * 513}, "edge_maintenance_message"),
        ([], {"edge_maintenance_allowed_cidrs": ["office"]}, "edge_maintenance_allowed_cidrs"),
        ([], {"edge_waf_denied_cidrs": ["0.0.0.0/0"]}, "edge_waf_denied_cidrs"),
        ([], {"edge_waf_allowed_cidrs": ["2001:db8::/32"]}, "edge_waf_allowed_cidrs"),
        ([], {"edge_waf_rate_limit": 9}, "edge_waf_rate_limit"),
        ([], {"edge_waf_rate_limit_window": 61}, "edge_waf_rate_limit_window"),
        ([], {"edge_waf_managed_rule_groups": [{"name": "A"}, {"name": "A"}]}, "edge_waf_managed_rule_groups"),
    ],
)
def test_a_wrong_route_is_said_with_its_variable(
    services: list[dict[str, Any]], changed: dict[str, Any], variable: str
) -> None:
    assert routed(*services, **changed) == [variable]
