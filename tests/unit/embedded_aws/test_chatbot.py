# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS's chat applications: what is refused, subscriptions, tags, and the tagging API."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from embedded_aws.extensions.chatbot import ADMINISTRATOR, ENDPOINT, TEAM, WORKSPACE

pytestmark = pytest.mark.usefixtures("aws")

ACCOUNT = "123456789012"


def refused(code: str) -> Any:
    """A context that expects AWS to refuse with this error code."""
    return pytest.raises(ClientError, match=rf"\({code}\)")


@pytest.fixture
def given(aws: None) -> dict[str, Any]:
    """What makes a configuration; its role and its topic are there."""
    trust = {"Effect": "Allow", "Principal": {"Service": "chatbot.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = boto3.client("iam").create_role(RoleName="chat", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    topic = boto3.client("sns").create_topic(Name="t")["TopicArn"]
    place = {"SlackTeamId": WORKSPACE["SlackTeamId"], "SlackChannelId": "C01"}
    return {"ConfigurationName": "a", "IamRoleArn": role, "SnsTopicArns": [topic], **place}


@pytest.fixture
def client() -> Any:
    return boto3.client("chatbot", region_name="us-east-2")


def test_a_configuration_is_of_the_account_in_every_region(client: Any, given: dict[str, Any]) -> None:
    made = client.create_slack_channel_configuration(**given)["ChannelConfiguration"]
    assert made["ChatConfigurationArn"] == f"arn:aws:chatbot::{ACCOUNT}:chat-configuration/slack-channel/a"
    assert (made["State"], made["GuardrailPolicyArns"]) == ("ENABLED", [ADMINISTRATOR])
    elsewhere = boto3.client("chatbot", region_name="eu-west-1").describe_slack_channel_configurations()
    assert [each["ConfigurationName"] for each in elsewhere["SlackChannelConfigurations"]] == ["a"]
    assert client.list_microsoft_teams_channel_configurations()["TeamChannelConfigurations"] == []


def test_what_is_taken_not_let_in_or_cannot_be_assumed_is_refused(client: Any, given: dict[str, Any]) -> None:
    client.create_slack_channel_configuration(**given)
    with refused("ConflictException"):
        client.create_slack_channel_configuration(**{**given, "SlackChannelId": "C02"})
    with refused("ConflictException"):
        client.create_slack_channel_configuration(**{**given, "ConfigurationName": "b"})
    with refused("InvalidRequestException"):
        client.create_slack_channel_configuration(**{**given, "ConfigurationName": "b", "SlackTeamId": "T02"})
    with refused("InvalidRequestException"):
        client.create_slack_channel_configuration(**{**given, "ConfigurationName": "b", "IamRoleArn": "arn:aws:iam::1"})


def test_a_team_s_channel_comes_changes_and_goes(client: Any, given: dict[str, Any]) -> None:
    place = {"TeamId": TEAM["TeamId"], "TenantId": TEAM["TenantId"], "ChannelId": "19%3Aa%40thread.tacv2"}
    common = {key: value for key, value in given.items() if not key.startswith("Slack")}
    made = client.create_microsoft_teams_channel_configuration(**common, **place)["ChannelConfiguration"]
    arn = made["ChatConfigurationArn"]
    client.update_microsoft_teams_channel_configuration(
        ChatConfigurationArn=arn, ChannelId=place["ChannelId"], LoggingLevel="ERROR"
    )
    (found,) = client.list_microsoft_teams_channel_configurations()["TeamChannelConfigurations"]
    assert (found["LoggingLevel"], found["SnsTopicArns"]) == ("ERROR", given["SnsTopicArns"])
    client.delete_microsoft_teams_channel_configuration(ChatConfigurationArn=arn)
    with refused("ResourceNotFoundException"):
        client.delete_microsoft_teams_channel_configuration(ChatConfigurationArn=arn)


def test_topics_are_subscribed_to_as_long_as_a_channel_is_told(client: Any, given: dict[str, Any]) -> None:
    sns = boto3.client("sns")
    arn = client.create_slack_channel_configuration(**given)["ChannelConfiguration"]["ChatConfigurationArn"]
    (found,) = sns.list_subscriptions()["Subscriptions"]
    assert (found["Endpoint"], found["TopicArn"]) == (ENDPOINT, given["SnsTopicArns"][0])
    assert found["SubscriptionArn"].startswith("arn:")
    client.delete_slack_channel_configuration(ChatConfigurationArn=arn)
    assert sns.list_subscriptions()["Subscriptions"] == []


def test_tags_are_kept_and_found(client: Any, given: dict[str, Any]) -> None:
    tags = [{"TagKey": "Layer", "TagValue": "monitoring"}]
    made = client.create_slack_channel_configuration(**given, Tags=tags)["ChannelConfiguration"]
    arn = made["ChatConfigurationArn"]
    client.tag_resource(ResourceARN=arn, Tags=[{"TagKey": "Layer", "TagValue": "x"}, {"TagKey": "A", "TagValue": "b"}])
    client.untag_resource(ResourceARN=arn, TagKeys=["A"])
    assert client.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"TagKey": "Layer", "TagValue": "x"}]
    listed = boto3.client("resourcegroupstaggingapi").get_resources(TagFilters=[{"Key": "Layer", "Values": ["x"]}])
    assert [each["ResourceARN"] for each in listed["ResourceTagMappingList"]] == [arn]
