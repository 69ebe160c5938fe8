# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""SNS of the embedded AWS: what AWS documents and moto lacks."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

MAIL = "oncall@example.com"


@pytest.fixture
def sns(aws: None) -> Any:
    return boto3.client("sns")


@pytest.fixture
def topic(sns: Any) -> str:
    arn: str = sns.create_topic(Name="critical", Tags=[{"Key": "Layer", "Value": "monitoring"}])["TopicArn"]
    return arn


@pytest.mark.parametrize("protocol, endpoint", [("email", MAIL), ("https", "https://hook.example.com/x")])
def test_a_subscription_its_owner_confirms_stays_pending(sns: Any, topic: str, protocol: str, endpoint: str) -> None:
    answer = sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint)
    assert answer["SubscriptionArn"] == "pending confirmation"
    for listed in (sns.list_subscriptions(), sns.list_subscriptions_by_topic(TopicArn=topic)):
        assert [(s["SubscriptionArn"], s["Endpoint"]) for s in listed["Subscriptions"]] == [
            ("PendingConfirmation", endpoint)
        ]
    attributes = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    assert (attributes["SubscriptionsPending"], attributes["SubscriptionsConfirmed"]) == ("1", "0")


def test_sms_is_confirmed_at_once(sns: Any, topic: str) -> None:
    arn = sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint="+4915112345678")["SubscriptionArn"]
    assert arn.startswith(topic)
    assert sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["PendingConfirmation"] == "false"
    sns.unsubscribe(SubscriptionArn=arn)
    assert sns.list_subscriptions()["Subscriptions"] == []


@pytest.mark.parametrize("by_arn", [True, False])
def test_a_pending_subscription_cannot_be_unsubscribed(sns: Any, topic: str, by_arn: bool) -> None:
    answer = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=MAIL, ReturnSubscriptionArn=True)
    arn = answer["SubscriptionArn"] if by_arn else "PendingConfirmation"
    with pytest.raises(ClientError, match="InvalidParameter"):
        sns.unsubscribe(SubscriptionArn=arn)
    assert len(sns.list_subscriptions()["Subscriptions"]) == 1


def test_subscribing_again_changes_nothing(sns: Any, topic: str) -> None:
    arns = {
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=MAIL, ReturnSubscriptionArn=True)["SubscriptionArn"]
        for _time in range(2)
    }
    assert len(arns) == 1
    assert len(sns.list_subscriptions()["Subscriptions"]) == 1


def test_confirmation_takes_the_token_that_was_sent(sns: Any, topic: str) -> None:
    from moto.sns.models import sns_backends

    arn = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=MAIL, ReturnSubscriptionArn=True)["SubscriptionArn"]
    token = sns_backends["123456789012"]["us-east-1"].subscriptions[arn].token  # type: ignore[attr-defined]
    with pytest.raises(ClientError, match="InvalidParameter"):
        sns.confirm_subscription(TopicArn=topic, Token="wrong")
    assert sns.confirm_subscription(TopicArn=topic, Token=token)["SubscriptionArn"] == arn
    assert sns.list_subscriptions()["Subscriptions"][0]["SubscriptionArn"] == arn


def test_publishing_reaches_no_network(sns: Any, topic: str) -> None:
    sns.subscribe(TopicArn=topic, Protocol="https", Endpoint="https://unreachable.invalid/")
    assert sns.publish(TopicArn=topic, Message="m")["MessageId"]


def test_key_and_policy_read_back(sns: Any) -> None:
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sns:Publish"}]}
    arn = sns.create_topic(Name="info", Attributes={"KmsMasterKeyId": "alias/k", "Policy": json.dumps(policy)})[
        "TopicArn"
    ]
    attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    assert attributes["KmsMasterKeyId"] == "alias/k"
    assert json.loads(attributes["Policy"]) == policy
    sns.set_topic_attributes(TopicArn=arn, AttributeName="KmsMasterKeyId", AttributeValue="alias/other")
    assert sns.get_topic_attributes(TopicArn=arn)["Attributes"]["KmsMasterKeyId"] == "alias/other"


def test_a_broken_policy_is_refused(sns: Any, topic: str) -> None:
    with pytest.raises(ClientError, match="InvalidParameter"):
        sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue="{nonsense")
    with pytest.raises(ClientError, match="InvalidParameter"):
        sns.create_topic(Name="other", Attributes={"Policy": "{}"})


def test_creating_a_topic_again(sns: Any, topic: str) -> None:
    assert sns.create_topic(Name="critical")["TopicArn"] == topic
    with pytest.raises(ClientError, match="different tags"):
        sns.create_topic(Name="critical", Tags=[{"Key": "Layer", "Value": "other"}])
    assert sns.list_tags_for_resource(ResourceArn=topic)["Tags"] == [{"Key": "Layer", "Value": "monitoring"}]
