# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import re
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _edge, _plan

CHECK = {
    "path": "/health",
    "interval": 30,
    "timeout": 5,
    "healthy_threshold": 2,
    "unhealthy_threshold": 3,
    "matcher": "200",
}
SERVICE = {
    "name": "uex-backend",
    "full_name": "uex-payments-dev-uex-backend",
    "target_group": "uex-payments-dev-uex-backend",
    "alternate_target_group": "",
    "port": 3903,
    "path": "/api/uex",
    "priority": 40,
    "health_check": {**CHECK, "grace_period": 60, "command": []},
    "conditions": {"header": {}, "source_cidrs": [], "hosts": []},
    "stickiness": {"enabled": False, "duration": 86400},
}
SHIFTED = {**SERVICE, "alternate_target_group": "uex-payments-dev-uex-backend-green"}
GROUPS = {
    "uex-payments-dev-uex-backend": {"target_group_arn": "arn"},
    "uex-payments-dev-uex-backend-green": {"target_group_arn": "green"},
}
BALANCER = {"dns_name": "alb.elb.amazonaws.com", "canonical_hosted_zone_id": "Z"}
RECORD = {"domain_name": "pay.example.com", "name": "_a.pay.example.com.", "type": "CNAME", "value": "_b.aws."}


def certificate(**changed: Any) -> dict[str, Any]:
    base = {"domain_name": "pay.example.com", "subject_alternative_names": [], "self_signed": False}
    return {**base, "validation_records": [RECORD], **changed}


def test_a_service_s_target_group_has_its_port_and_the_check_that_a_load_balancer_knows() -> None:
    (group,) = _edge.target_groups([SERVICE], {"deregistration_delay": 60})
    assert group == {
        "name": "uex-payments-dev-uex-backend",
        "port": 3903,
        "health_check": CHECK,
        "deregistration_delay": 60,
        "stickiness": False,
        "stickiness_duration": None,
        "tags": {"Service": "uex-backend"},
    }


def test_a_service_that_ecs_shifts_has_two_target_groups_that_differ_in_name_alone() -> None:
    blue, green = _edge.target_groups([{**SHIFTED, "stickiness": {"enabled": True, "duration": 60}}], {})
    assert (blue["name"], green["name"]) == (SHIFTED["target_group"], SHIFTED["alternate_target_group"])
    assert {**blue, "name": ""} == {**green, "name": ""}
    assert (blue["stickiness"], blue["stickiness_duration"]) == (True, 60)


@pytest.mark.parametrize(("stripped", "rewritten"), [([], False), (["uex-backend"], True)])
def test_a_service_s_rule_forwards_its_path_and_all_below(stripped: list[str], rewritten: bool) -> None:
    (rule,) = _edge.listener_rules([SERVICE], GROUPS, _edge.Routing(stripped))
    assert (rule["port"], rule["priority"], rule["path_patterns"]) == (443, 40, ["/api/uex", "/api/uex/*"])
    assert rule["target_groups"] == [{"target_group_arn": "arn", "weight": 1}]
    assert bool(rule["url_rewrite"]) is rewritten
    assert rule["ignore_weights"] is False


def test_a_service_that_ecs_shifts_has_a_rule_for_tests_and_leaves_the_weights_of_both_to_ecs() -> None:
    rule, test = _edge.listener_rules([SHIFTED], GROUPS, _edge.Routing(["uex-backend"]))
    assert rule["target_groups"] == [
        {"target_group_arn": "arn", "weight": 1},
        {"target_group_arn": "green", "weight": 0},
    ]
    assert rule["ignore_weights"] is True
    header = {"http_header_name": "X-Uex-Test", "values": ["true"]}
    differing = {key: value for key, value in test.items() if value != rule[key]}
    assert differing == {"name": "uex-payments-dev-uex-backend-test", "priority": 39, "http_headers": [header]}


def test_a_listener_of_their_own_needs_neither_header_nor_priority_for_tests() -> None:
    rule, test = _edge.listener_rules([SHIFTED], GROUPS, _edge.Routing(test_port=8443))
    differing = {key: value for key, value in test.items() if value != rule[key]}
    assert differing == {"name": "uex-payments-dev-uex-backend-test", "port": 8443}


def test_conditions_of_a_service_hold_for_its_tests_too() -> None:
    header = {"name": "X-Partner", "values": ["a", "b"]}
    conditions = {"header": header, "source_cidrs": ["10.0.0.0/8"], "hosts": ["pay.example.com"]}
    rule, test = _edge.listener_rules([{**SHIFTED, "conditions": conditions}], GROUPS)
    partner = {"http_header_name": "X-Partner", "values": ["a", "b"]}
    assert (rule["host_headers"], rule["source_ips"], rule["http_headers"]) == (
        ["pay.example.com"],
        ["10.0.0.0/8"],
        [partner],
    )
    assert test["http_headers"] == [partner, {"http_header_name": "X-Uex-Test", "values": ["true"]}]


@pytest.mark.parametrize(
    ("own", "allowed", "expected"),
    [
        ([], None, []),
        (["10.0.0.0/8"], None, ["10.0.0.0/8"]),
        ([], ["192.0.2.0/24"], ["192.0.2.0/24"]),
        (["10.0.0.0/8"], ["10.1.0.0/16", "192.0.2.0/24"], ["10.1.0.0/16"]),
        (["10.1.0.0/16"], ["10.0.0.0/8"], ["10.1.0.0/16"]),
        (["10.0.0.0/8"], ["192.0.2.0/24"], []),
        (["2001:db8::/32"], ["192.0.2.0/24"], []),
    ],
)
def test_during_maintenance_a_service_is_open_to_no_more_than_before(
    own: list[str], allowed: list[str] | None, expected: list[str]
) -> None:
    assert _edge.sources(own, allowed) == expected


def test_stripping_for_a_service_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no service typo"):
        _edge.listener_rules([SERVICE], GROUPS, _edge.Routing(["typo"]))


@pytest.mark.parametrize("path", ["/", ""])
def test_the_root_is_one_pattern(path: str) -> None:
    assert _edge.path_patterns(path) == ["/*"]


@pytest.mark.parametrize(
    ("path", "request_path", "seen"),
    [
        ("/client", "/client", "/"),
        ("/client", "/client/", "/"),
        ("/api/uex", "/api/uex/v1/orders", "/v1/orders"),
        ("/a.b", "/a.b/x", "/x"),
        ("/a.b", "/aXb/x", "/aXb/x"),
    ],
)
def test_a_stripped_prefix_leaves_the_rest_of_the_path(path: str, request_path: str, seen: str) -> None:
    rewrite = _edge.without_prefix(path)
    assert re.sub(rewrite["regex"], rewrite["replace"].replace("$", "\\"), request_path) == seen


def names(records: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(record["name"], record["record_name"]) for record in records]


def test_names_in_the_zone_stand_for_the_load_balancer() -> None:
    domains = ["pay.example.com", "www.example.com", "*.example.com", "pay.example.org"]
    records = _edge.dns_records("example.com", domains, BALANCER)
    assert names(records) == [("pay.example.com A", "pay.example.com"), ("www.example.com A", "www.example.com")]
    assert records[0]["alias_target"] == {"dns_name": "alb.elb.amazonaws.com", "hosted_zone_id": "Z"}


def test_the_first_name_is_kept_for_the_module_to_refuse() -> None:
    assert names(_edge.dns_records("example.com", ["pay.example.org"], BALANCER)) == [
        ("pay.example.org A", "pay.example.org")
    ]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, [("validation of pay.example.com", "_a.pay.example.com")]),
        (
            {"subject_alternative_names": ["*.pay.example.com"]},
            [("validation of pay.example.com", "_a.pay.example.com")],
        ),
        (
            {
                "domain_name": "*.pay.example.com",
                "validation_records": [{**RECORD, "domain_name": "*.pay.example.com"}],
            },
            [("validation of pay.example.com", "_a.pay.example.com")],
        ),
        ({"validation_records": _plan.UNKNOWN}, [("validation of pay.example.com", _plan.UNKNOWN)]),
        ({"domain_name": "pay.example.org"}, []),
        ({"self_signed": True}, []),
    ],
)
def test_requested_certificates_get_their_validation_records(
    changed: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert names(_edge.dns_records("example.com", [], BALANCER, [certificate(**changed)])) == expected


def test_further_names_are_cnames() -> None:
    (record,) = _edge.dns_records("example.com", [], BALANCER, cnames={"www.example.com": "pay.example.com"})
    assert record == {
        "name": "www.example.com CNAME",
        "record_name": "www.example.com",
        "type": "CNAME",
        "resource_records": ["pay.example.com"],
    }
