# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS's WAF: associations, what is in use, capacity and errors."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from ansible_collections.uex.payments.tests.support.edge import load_balancer, network

pytestmark = pytest.mark.usefixtures("aws")

VISIBILITY = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
PLACE = {"Scope": "REGIONAL"}
TAGS = [{"Key": "Layer", "Value": "edge"}]


def refused(code: str) -> Any:
    """A context that expects AWS to refuse with this error code."""
    return pytest.raises(ClientError, match=rf"\({code}\)")


def rule(name: str, priority: int, statement: dict[str, Any]) -> dict[str, Any]:
    action = {"OverrideAction": {"None": {}}} if "ManagedRuleGroupStatement" in statement else {"Action": {"Block": {}}}
    return {"Name": name, "Priority": priority, "Statement": statement, "VisibilityConfig": VISIBILITY, **action}


def made(name: str = "w", rules: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    answer = boto3.client("wafv2").create_web_acl(
        Name=name, DefaultAction={"Allow": {}}, VisibilityConfig=VISIBILITY, Rules=list(rules), Tags=TAGS, **PLACE
    )
    return dict(answer["Summary"])


def place(summary: dict[str, Any]) -> dict[str, Any]:
    return {"Name": summary["Name"], "Id": summary["Id"], **PLACE}


def ip_set(name: str = "s") -> dict[str, Any]:
    answer = boto3.client("wafv2").create_ip_set(
        Name=name, IPAddressVersion="IPV4", Addresses=["203.0.113.0/24"], Tags=TAGS, **PLACE
    )
    return dict(answer["Summary"])


RATE = {"RateBasedStatement": {"Limit": 100, "AggregateKeyType": "IP"}}
COMMON = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}


def test_a_web_acl_has_the_capacity_of_its_rules_and_their_defaults() -> None:
    found = boto3.client("wafv2").get_web_acl(**place(made(rules=(rule("a", 0, RATE), rule("b", 1, COMMON)))))["WebACL"]
    assert found["Capacity"] == 702
    assert found["Rules"][0]["Statement"]["RateBasedStatement"]["EvaluationWindowSec"] == 300


def test_a_load_balancer_has_one_web_acl_and_keeps_it_from_being_deleted() -> None:
    client, balancer = boto3.client("wafv2"), load_balancer(boto3.client, network(boto3.client))
    first, second = made("first"), made("second")
    client.associate_web_acl(WebACLArn=first["ARN"], ResourceArn=balancer)
    client.associate_web_acl(WebACLArn=second["ARN"], ResourceArn=balancer)
    behind = [client.list_resources_for_web_acl(WebACLArn=each["ARN"])["ResourceArns"] for each in (first, second)]
    assert behind == [[], [balancer]]
    with refused("WAFAssociatedItemException"):
        client.delete_web_acl(**place(second), LockToken=second["LockToken"])
    boto3.client("elbv2").delete_load_balancer(LoadBalancerArn=balancer)
    assert client.list_resources_for_web_acl(WebACLArn=second["ARN"])["ResourceArns"] == []
    client.delete_web_acl(**place(second), LockToken=second["LockToken"])


def test_a_load_balancer_that_is_not_there_is_not_available() -> None:
    arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/x/0123"
    with refused("WAFUnavailableEntityException"):
        boto3.client("wafv2").associate_web_acl(WebACLArn=made()["ARN"], ResourceArn=arn)


def test_resources_of_a_web_acl_that_is_not_there_are_refused() -> None:
    with refused("WAFNonexistentItemException"):
        boto3.client("wafv2").list_resources_for_web_acl(WebACLArn=made()["ARN"] + "x")


def test_an_ip_set_that_a_rule_names_is_not_deleted() -> None:
    client, addresses = boto3.client("wafv2"), ip_set()
    acl = made(rules=(rule("a", 0, {"IPSetReferenceStatement": {"ARN": addresses["ARN"]}}),))
    with refused("WAFAssociatedItemException"):
        client.delete_ip_set(**place(addresses), LockToken=addresses["LockToken"])
    client.update_web_acl(
        **place(acl),
        DefaultAction={"Allow": {}},
        VisibilityConfig=VISIBILITY,
        Rules=[],
        LockToken=acl["LockToken"],
    )
    assert not client.get_web_acl(**place(acl))["WebACL"].get("Rules")
    client.delete_ip_set(**place(addresses), LockToken=addresses["LockToken"])


def test_names_are_unique() -> None:
    made(), ip_set()
    with refused("WAFDuplicateItemException"):
        made()
    with refused("WAFDuplicateItemException"):
        ip_set()


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ((rule("a", 0, RATE), rule("b", 0, RATE)), "WAFInvalidParameterException"),
        ((rule("a", 0, RATE), rule("a", 1, RATE)), "WAFInvalidParameterException"),
        ((rule("a", 0, {"RateBasedStatement": {"Limit": 9}}),), "WAFInvalidParameterException"),
        (
            (rule("a", 0, {"RateBasedStatement": {"Limit": 10, "EvaluationWindowSec": 61}}),),
            "WAFInvalidParameterException",
        ),
        ((rule("a", 0, {"IPSetReferenceStatement": {"ARN": "arn:aws:none"}}),), "WAFNonexistentItemException"),
        (tuple(rule(str(place), place, COMMON) for place in range(8)), "WAFLimitsExceededException"),
    ],
)
def test_rules_that_aws_does_not_take_are_refused(rules: tuple[dict[str, Any], ...], code: str) -> None:
    client = boto3.client("wafv2", config=Config(parameter_validation=False))
    with refused(code):
        client.create_web_acl(
            Name="w", DefaultAction={"Allow": {}}, VisibilityConfig=VISIBILITY, Rules=list(rules), Tags=TAGS, **PLACE
        )


def test_a_log_goes_to_a_destination_of_the_name_that_aws_wants_and_ends_with_its_web_acl() -> None:
    client, acl = boto3.client("wafv2"), made()
    wrong = {"ResourceArn": acl["ARN"], "LogDestinationConfigs": ["arn:aws:s3:::some-other-logs"]}
    with refused("WAFInvalidParameterException"):
        client.put_logging_configuration(LoggingConfiguration=wrong)
    right = {**wrong, "LogDestinationConfigs": ["arn:aws:s3:::aws-waf-logs-x"]}
    client.put_logging_configuration(LoggingConfiguration=right)
    client.delete_web_acl(**place(acl), LockToken=acl["LockToken"])
    with refused("WAFNonexistentItemException"):
        client.get_logging_configuration(ResourceArn=acl["ARN"])
    with refused("WAFNonexistentItemException"):
        client.put_logging_configuration(LoggingConfiguration=right)
