# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS's Cost Explorer: monitors, subscriptions and cost allocation tags."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from embedded_aws.extensions import ce

pytestmark = pytest.mark.usefixtures("aws")

SERVICES = {"MonitorName": "m", "MonitorType": "DIMENSIONAL", "MonitorDimension": "SERVICE"}
THRESHOLD = {
    "Dimensions": {
        "Key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
        "MatchOptions": ["GREATER_THAN_OR_EQUAL"],
        "Values": ["100"],
    }
}
TOPIC = {"Type": "SNS", "Address": "arn:aws:sns:us-east-1:123456789012:t"}
MAIL = {"Type": "EMAIL", "Address": "a@example.com"}


def refused(code: str) -> Any:
    return pytest.raises(ClientError, match=rf"\({code}\)")


@pytest.fixture
def client(aws: None) -> Any:
    return boto3.client("ce")


@pytest.fixture
def monitor(client: Any) -> str:
    tags = [{"Key": "a", "Value": "1"}]
    return str(client.create_anomaly_monitor(AnomalyMonitor=SERVICES, ResourceTags=tags)["MonitorArn"])


def subscription(monitor: str, **changed: Any) -> dict[str, Any]:
    return {
        "SubscriptionName": "s",
        "MonitorArnList": [monitor],
        "Subscribers": [TOPIC],
        "Frequency": "IMMEDIATE",
        "ThresholdExpression": THRESHOLD,
        **changed,
    }


def test_there_is_one_of_a_dimension_and_any_number_of_others(client: Any, monitor: str) -> None:
    with refused("ValidationException"):
        client.create_anomaly_monitor(AnomalyMonitor={**SERVICES, "MonitorName": "other"})
    tagged = {"Tags": {"Key": "Environment", "Values": ["dev"]}}
    for name in ("a", "b"):
        custom = {"MonitorName": name, "MonitorType": "CUSTOM", "MonitorSpecification": tagged}
        client.create_anomaly_monitor(AnomalyMonitor=custom)
    with refused("ValidationException"):
        client.create_anomaly_monitor(AnomalyMonitor={"MonitorName": "c", "MonitorType": "CUSTOM"})
    assert len(client.get_anomaly_monitors()["AnomalyMonitors"]) == 3


def test_a_monitor_has_tags_and_another_name(client: Any, monitor: str) -> None:
    client.tag_resource(ResourceArn=monitor, ResourceTags=[{"Key": "b", "Value": "2"}])
    client.update_anomaly_monitor(MonitorArn=monitor, MonitorName="n")
    assert len(client.list_tags_for_resource(ResourceArn=monitor)["ResourceTags"]) == 2
    assert client.get_anomaly_monitors(MonitorArnList=[monitor])["AnomalyMonitors"][0]["MonitorName"] == "n"
    client.delete_anomaly_monitor(MonitorArn=monitor)
    with refused("UnknownMonitorException"):
        client.delete_anomaly_monitor(MonitorArn=monitor)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"MonitorArnList": ["arn:aws:ce::123456789012:anomalymonitor/none"]}, "UnknownMonitorException"),
        ({"Frequency": "DAILY"}, "ValidationException"),
        ({"Subscribers": [MAIL]}, "ValidationException"),
    ],
)
def test_a_topic_is_told_at_once_of_a_monitor_that_is_there(
    changed: dict[str, Any], code: str, client: Any, monitor: str
) -> None:
    with refused(code):
        client.create_anomaly_subscription(AnomalySubscription=subscription(monitor, **changed))


def test_a_subscription_changes_and_goes(client: Any, monitor: str) -> None:
    arn = client.create_anomaly_subscription(AnomalySubscription=subscription(monitor))["SubscriptionArn"]
    client.update_anomaly_subscription(SubscriptionArn=arn, Frequency="DAILY", Subscribers=[MAIL])
    (found,) = client.get_anomaly_subscriptions(MonitorArn=monitor)["AnomalySubscriptions"]
    assert (found["Frequency"], found["SubscriptionName"]) == ("DAILY", "s")
    client.delete_anomaly_subscription(SubscriptionArn=arn)
    with refused("UnknownSubscriptionException"):
        client.delete_anomaly_subscription(SubscriptionArn=arn)


def test_a_tag_can_be_activated_once_it_was_seen(client: Any) -> None:
    asked = [{"TagKey": key, "Status": "Active"} for key in ("Environment", "Layer")]
    ce.see("123456789012", "Environment")
    errors = client.update_cost_allocation_tags_status(CostAllocationTagsStatus=asked)["Errors"]
    assert [(each["TagKey"], each["Code"]) for each in errors] == [("Layer", "TagKeysNotFoundException")]
    listed = client.list_cost_allocation_tags(TagKeys=["Environment", "Layer"], Status="Active")["CostAllocationTags"]
    assert [each["TagKey"] for each in listed] == ["Environment"]
