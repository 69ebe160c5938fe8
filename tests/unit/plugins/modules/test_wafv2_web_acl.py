# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import botocore.exceptions
import pytest

from ansible_collections.uex.payments.plugins.modules.wafv2_web_acl import WebAcl
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject
from ansible_collections.uex.payments.tests.support.edge import load_balancer, network

BUCKET = "arn:aws:s3:::aws-waf-logs-uex-payments-test-123456789012-us-east-1"
GROUPS = [
    {"name": "AWSManagedRulesCommonRuleSet", "overrides": {"SizeRestrictions_BODY": "count"}},
    {"name": "AWSManagedRulesSQLiRuleSet", "count": True, "version": "Version_2.0"},
]
TAGS = [{"Key": "Layer", "Value": "elsewhere"}]
REST = {"vendor_name": "AWS", "version": "", "count": False, "overrides": {}}


def item(name: str, **declared: Any) -> dict[str, Any]:
    return {
        "name": f"uex-payments-test-{name}",
        "default_action": "allow",
        **dict.fromkeys(("denied_ip_set_arn", "allowed_ip_set_arn", "rate_limit", "resource_arns", "logging", "tags")),
        "managed_rule_groups": [],
        **declared,
    }


def ip_set(connect: Connect, name: str) -> str:
    made = connect("wafv2").create_ip_set(
        Name=name, Scope="REGIONAL", IPAddressVersion="IPV4", Addresses=["203.0.113.0/24"], Tags=TAGS
    )
    return str(made["Summary"]["ARN"])


def sample(connect: Connect) -> dict[str, Any]:
    whole = item(
        "whole",
        denied_ip_set_arn=ip_set(connect, "denied"),
        allowed_ip_set_arn=ip_set(connect, "allowed"),
        rate_limit={"limit": 2000, "evaluation_window": 300},
        managed_rule_groups=[{**REST, **group} for group in GROUPS],
        resource_arns=[load_balancer(connect, network(connect))],
        logging={"log_destination": BUCKET, "redacted_headers": ["cookie", "authorization"]},
    )
    return {"web_acls": [whole, item("bare", default_action="block")]}


CONTRACT = Contract(
    WebAcl,
    sample,
    change={
        "default_action": "block",
        "rate_limit": {"limit": 100, "evaluation_window": 60},
        "managed_rule_groups": [],
        "logging": None,
        "resource_arns": [],
    },
    unset=("resource_arns",),
)


@pytest.fixture
def subject(aws: None) -> Subject:
    made = Subject(CONTRACT, Account())
    assert made.run().failed == []
    made.account.written()
    return made


def test_a_web_acl_s_rules_stand_in_their_order_with_their_cost(subject: Subject) -> None:
    found = subject.run().resources["uex-payments-test-whole"]
    groups = [group["name"] for group in GROUPS]
    assert found["order"] == ["denied-addresses", "allowed-addresses", "rate-limit", *groups]
    assert found["capacity"] == 1 + 1 + 2 + 700 + 200


def test_what_somebody_added_goes_and_what_else_they_set_stays(subject: Subject) -> None:
    client, name = subject.account.connect("wafv2"), "uex-payments-test-bare"
    (summary,) = [each for each in client.list_web_acls(Scope="REGIONAL")["WebACLs"] if each["Name"] == name]
    visibility = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
    statement = {"GeoMatchStatement": {"CountryCodes": ["AQ"]}}
    added = {
        "Name": "x",
        "Priority": 0,
        "Statement": statement,
        "Action": {"Block": {}},
        "VisibilityConfig": visibility,
    }
    client.update_web_acl(
        Name=name,
        Scope="REGIONAL",
        Id=summary["Id"],
        DefaultAction={"Block": {}},
        Rules=[added],
        VisibilityConfig={**visibility, "CloudWatchMetricsEnabled": False},
        TokenDomains=["example.com"],
        LockToken=summary["LockToken"],
    )
    subject.account.written()
    outcome = subject.run()
    assert [(plan.name, sorted(plan.options)) for plan in outcome.done] == [(name, ["metrics", "order"])]
    assert [operation for _service, operation in subject.account.written()] == ["UpdateWebACL"]
    shown = client.get_web_acl(Name=name, Scope="REGIONAL", Id=summary["Id"])["WebACL"]
    assert (shown.get("Rules") or [], shown["TokenDomains"]) == ([], ["example.com"])


def test_a_load_balancer_that_is_not_seen_yet_is_tried_again(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    client, tries = subject.account.connect("wafv2"), []
    associate = client.associate_web_acl

    def late(**arguments: Any) -> Any:
        tries.append(arguments)
        if len(tries) < 3:
            error = {"Error": {"Code": "WAFUnavailableEntityException", "Message": "not yet"}}
            raise botocore.exceptions.ClientError(error, "AssociateWebACL")
        return associate(**arguments)

    whole, bare = subject.items
    assert subject.run(**subject.with_items([{**whole, "resource_arns": []}, bare])).failed == []
    monkeypatch.setattr(client, "associate_web_acl", late)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    outcome = subject.run()
    assert outcome.failed == []
    assert outcome.resources[whole["name"]]["resource_arns"] == whole["resource_arns"]
    assert len(tries) == 3


def test_a_web_acl_in_use_is_let_go_before_it_is_deleted(subject: Subject) -> None:
    outcome = subject.run(prune=True, **subject.with_items([]))
    assert outcome.failed == []
    calls = [operation for _service, operation in subject.account.written()]
    assert sorted(calls) == ["DeleteWebACL", "DeleteWebACL", "DisassociateWebACL"]
