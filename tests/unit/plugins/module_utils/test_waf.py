# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _plan, _waf

BUCKET = "arn:aws:s3:::aws-waf-logs-x"
ACL: dict[str, Any] = {
    "name": "acl",
    "default_action": "allow",
    "denied_ip_set_arn": "denied",
    "allowed_ip_set_arn": None,
    "rate_limit": {"limit": 2000, "evaluation_window": 300},
    "managed_rule_groups": [
        {"name": "AWSManagedRulesCommonRuleSet", "overrides": {"B": "count", "A": "captcha"}},
        {"name": "Theirs", "vendor_name": "Somebody", "version": "1.0", "count": True},
    ],
    "resource_arns": None,
    "logging": None,
}


def shown(item: dict[str, Any]) -> dict[str, Any]:
    """What AWS would show of it."""
    return {"ARN": "arn", "Id": "id", **_waf.request(_waf.desired(item), "acl")}


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"default_action": "block", "rate_limit": None, "managed_rule_groups": []},
        {"denied_ip_set_arn": None, "allowed_ip_set_arn": "allowed"},
    ],
)
def test_what_is_written_reads_as_declared(changed: dict[str, Any]) -> None:
    item = {**ACL, **changed}
    assert _plan.differences(_waf.desired(item), _waf.observed(shown(item))) == []


def test_the_order_of_rules_counts_and_their_priorities_do_not() -> None:
    acl = shown(ACL)
    for rule in acl["Rules"]:
        rule["Priority"] += 7
    assert _plan.differences(_waf.desired(ACL), _waf.observed(acl)) == []
    acl["Rules"][0]["Priority"] = 99
    assert {each.option for each in _plan.differences(_waf.desired(ACL), _waf.observed(acl))} == {"order"}


@pytest.mark.parametrize(
    ("place", "change", "option"),
    [
        (0, {"Action": {"Count": {}}}, "denied_ip_set_arn"),
        (1, {"Action": {"Count": {}}}, "rate_limit"),
        (1, {"Statement": {"RateBasedStatement": {"Limit": 9, "AggregateKeyType": "IP"}}}, "rate_limit"),
        (2, {"OverrideAction": {"Count": {}}}, "managed_rule_groups"),
        (3, {"Name": "renamed"}, "order"),
        (3, {"VisibilityConfig": {**_waf.visibility("m"), "CloudWatchMetricsEnabled": False}}, "metrics"),
    ],
)
def test_a_rule_that_somebody_changed_is_a_difference(place: int, change: dict[str, Any], option: str) -> None:
    acl = shown(ACL)
    acl["Rules"][place].update(change)
    assert {each.option for each in _plan.differences(_waf.desired(ACL), _waf.observed(acl))} == {option}


def many(*names: str) -> list[dict[str, Any]]:
    return [{"name": name} for name in names]


@pytest.mark.parametrize(
    ("changed", "option"),
    [
        ({}, ""),
        ({"rate_limit": {"limit": 9, "evaluation_window": 300}}, "rate_limit.limit"),
        ({"rate_limit": {"limit": 100, "evaluation_window": 61}}, "rate_limit.evaluation_window"),
        ({"managed_rule_groups": many("A", "A")}, "managed_rule_groups"),
        ({"logging": {"log_destination": "arn:aws:s3:::logs", "redacted_headers": []}}, "logging.log_destination"),
        ({"logging": {"log_destination": BUCKET, "redacted_headers": []}}, ""),
    ],
)
def test_what_aws_would_refuse_is_refused_by_name(changed: dict[str, Any], option: str) -> None:
    problems = [each.partition(":")[0] for each in _waf.problems({**ACL, **changed})]
    assert problems == ([option] if option else [])


def test_only_known_groups_count_towards_the_capacity() -> None:
    assert _waf.capacity(["AWSManagedRulesCommonRuleSet", "AWSManagedRulesSQLiRuleSet", "Theirs"]) == 900


def test_a_log_reads_as_declared() -> None:
    logging = {"log_destination": BUCKET, "redacted_headers": ["authorization", "cookie"]}
    assert _waf.logging_of(_waf.logging_request("arn", logging)) == logging
