# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS's Budgets: changes, subscribers, tags and errors."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.usefixtures("aws")

ACCOUNT = {"AccountId": "123456789012"}
PLACE = {**ACCOUNT, "BudgetName": "b"}
BUDGET = {
    "BudgetName": "b",
    "BudgetType": "COST",
    "TimeUnit": "MONTHLY",
    "BudgetLimit": {"Amount": "100", "Unit": "USD"},
}
NOTIFICATION = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80.0}
TOPIC = {"SubscriptionType": "SNS", "Address": "arn:aws:sns:us-east-1:123456789012:t"}
MAIL = {"SubscriptionType": "EMAIL", "Address": "a@example.com"}
ARN = "arn:aws:budgets::123456789012:budget/b"


def refused(code: str) -> Any:
    """A context that expects AWS to refuse with this error code."""
    return pytest.raises(ClientError, match=rf"\({code}\)")


@pytest.fixture
def client(aws: None) -> Any:
    made = boto3.client("budgets")
    made.create_budget(
        **ACCOUNT,
        Budget=BUDGET,
        NotificationsWithSubscribers=[{"Notification": NOTIFICATION, "Subscribers": [TOPIC]}],
        ResourceTags=[{"Key": "Layer", "Value": "monitoring"}],
    )
    return made


def subscribers(client: Any, **changed: Any) -> list[Any]:
    found = client.describe_subscribers_for_notification(**PLACE, Notification={**NOTIFICATION, **changed})
    return list(found["Subscribers"])


def test_a_change_keeps_notifications_and_period(client: Any) -> None:
    before = client.describe_budget(**PLACE)["Budget"]["TimePeriod"]
    client.update_budget(**ACCOUNT, NewBudget={**BUDGET, "BudgetLimit": {"Amount": "5", "Unit": "USD"}})
    after = client.describe_budget(**PLACE)["Budget"]
    assert (after["BudgetLimit"]["Amount"], after["TimePeriod"]) == ("5", before)
    assert subscribers(client) == [TOPIC]
    with refused("NotFoundException"):
        client.update_budget(**ACCOUNT, NewBudget={**BUDGET, "BudgetName": "x"})


def test_notifications_have_a_state_and_are_told_apart_without_it(client: Any) -> None:
    (found,) = client.describe_notifications_for_budget(**PLACE)["Notifications"]
    assert found["NotificationState"] == "OK"
    assert subscribers(client, NotificationState="ALARM", ThresholdType="PERCENTAGE") == [TOPIC]
    with refused("NotFoundException"):
        subscribers(client, Threshold=81.0)
    with refused("DuplicateRecordException"):
        client.create_notification(**PLACE, Notification=NOTIFICATION, Subscribers=[MAIL])
    client.update_notification(
        **PLACE, OldNotification=NOTIFICATION, NewNotification={**NOTIFICATION, "Threshold": 90.0}
    )
    assert subscribers(client, Threshold=90.0) == [TOPIC]
    client.delete_notification(**PLACE, Notification={**NOTIFICATION, "Threshold": 90.0})
    assert client.describe_notifications_for_budget(**PLACE)["Notifications"] == []
    with refused("NotFoundException"):
        client.delete_notification(**PLACE, Notification=NOTIFICATION)


def test_a_notification_tells_somebody_and_one_topic_at_most(client: Any) -> None:
    place = {**PLACE, "Notification": NOTIFICATION}
    client.create_subscriber(**place, Subscriber=MAIL)
    assert subscribers(client) == [TOPIC, MAIL]
    with refused("DuplicateRecordException"):
        client.create_subscriber(**place, Subscriber=MAIL)
    with refused("InvalidParameterException"):
        client.create_subscriber(**place, Subscriber={**TOPIC, "Address": f"{TOPIC['Address']}2"})
    client.delete_subscriber(**place, Subscriber=MAIL)
    with refused("InvalidParameterException"):
        client.delete_subscriber(**place, Subscriber=TOPIC)
    with refused("NotFoundException"):
        client.delete_subscriber(**place, Subscriber=MAIL)


def test_budgets_come_in_pages(client: Any) -> None:
    client.create_budget(**ACCOUNT, Budget={**BUDGET, "BudgetName": "c"})
    first = client.describe_budgets(**ACCOUNT, MaxResults=1)
    second = client.describe_budgets(**ACCOUNT, MaxResults=1, NextToken=first["NextToken"])
    assert [each["BudgetName"] for page in (first, second) for each in page["Budgets"]] == ["b", "c"]
    assert "NextToken" not in second
    with refused("InvalidNextTokenException"):
        client.describe_budgets(**ACCOUNT, NextToken="none")


def test_tags_are_kept_and_found(client: Any) -> None:
    client.tag_resource(ResourceARN=ARN, ResourceTags=[{"Key": "Project", "Value": "p"}])
    found = boto3.client("resourcegroupstaggingapi", region_name="us-east-1").get_resources()["ResourceTagMappingList"]
    assert ARN in [each["ResourceARN"] for each in found]
    client.untag_resource(ResourceARN=ARN, ResourceTagKeys=["Layer"])
    assert client.list_tags_for_resource(ResourceARN=ARN)["ResourceTags"] == [{"Key": "Project", "Value": "p"}]
    with refused("NotFoundException"):
        client.list_tags_for_resource(ResourceARN=f"{ARN}x")


def test_too_many_notifications_are_refused(client: Any) -> None:
    for threshold in range(1, 10):
        client.create_notification(
            **PLACE, Notification={**NOTIFICATION, "Threshold": float(threshold)}, Subscribers=[TOPIC]
        )
    with refused("CreationLimitExceededException"):
        client.create_notification(**PLACE, Notification={**NOTIFICATION, "Threshold": 99.0}, Subscribers=[TOPIC])
    many = [{"Notification": {**NOTIFICATION, "Threshold": float(n + 1)}, "Subscribers": [MAIL]} for n in range(11)]
    with refused("InvalidParameterException"):
        client.create_budget(**ACCOUNT, Budget={**BUDGET, "BudgetName": "m"}, NotificationsWithSubscribers=many)
