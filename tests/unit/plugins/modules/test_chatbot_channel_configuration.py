# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.chatbot_channel_configuration import SlackChannel, TeamsChannel
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account, Connect, Contract, Subject
from embedded_aws.extensions.chatbot import ENDPOINT, TEAM, WORKSPACE

READ_ONLY = "arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"
ROLE = "arn:aws:iam::123456789012:role/uex-payments-test-chat"
TOPIC = "arn:aws:sns:us-east-1:123456789012:uex-payments-test-"


def common(name: str, channel_id: str, **changed: Any) -> dict[str, Any]:
    return {
        "name": f"uex-payments-test-{name}",
        "channel_id": channel_id,
        "topic_arns": [f"{TOPIC}critical"],
        "role_arn": ROLE,
        "guardrail_policy_arns": [READ_ONLY],
        "logging_level": "NONE",
        "user_authorization_required": False,
        "tags": None,
        **changed,
    }


def slack(name: str, channel_id: str, **changed: Any) -> dict[str, Any]:
    return {**common(name, channel_id), "team_id": WORKSPACE["SlackTeamId"], **changed}


def teams(name: str, channel: str, **changed: Any) -> dict[str, Any]:
    place = {"team_id": TEAM["TeamId"], "tenant_id": TEAM["TenantId"]}
    return {**common(name, f"19%3A{channel}%40thread.tacv2"), **place, **changed}


def prepare(connect: Connect) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "chatbot.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    connect("iam").create_role(RoleName=ROLE.rpartition("/")[2], AssumeRolePolicyDocument=document)
    for severity in ("critical", "warning"):
        connect("sns").create_topic(Name=f"uex-payments-test-{severity}")


def sample(connect: Connect) -> dict[str, Any]:
    prepare(connect)
    return {"slack_channels": [slack("oncall", "C01"), slack("team", "C02")], "teams_channels": []}


def sample_of_teams(connect: Connect) -> dict[str, Any]:
    prepare(connect)
    return {"slack_channels": [], "teams_channels": [teams("oncall", "a"), teams("team", "b")]}


CHANGE = {"topic_arns": [f"{TOPIC}critical", f"{TOPIC}warning"]}
CONTRACT = Contract(SlackChannel, sample, change=CHANGE, unset=("logging_level", "user_authorization_required"))
CONTRACTS = {"teams": Contract(TeamsChannel, sample_of_teams, change=CHANGE, unset=("logging_level",))}


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    return subject


def subscribed(subject: Subject) -> set[str]:
    found = subject.account.connect("sns").list_subscriptions()["Subscriptions"]
    return {each["TopicArn"].rpartition("-")[2] for each in found if each["Endpoint"] == ENDPOINT}


def test_aws_subscribes_to_the_topics_and_ends_that_with_the_channels(made: Subject) -> None:
    assert subscribed(made) == {"critical"}
    first, *others = made.items
    made.run(**made.with_items([{**first, **CHANGE}, *others]))
    assert subscribed(made) == {"critical", "warning"}
    made.run(prune=True, **made.with_items([]))
    assert subscribed(made) == set()


def test_its_api_is_called_where_it_is(aws: None) -> None:
    account = Account()
    subject = Subject(CONTRACT, account)
    assert subject.resource().client.meta.region_name == "us-east-2"


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_workspace_that_let_nobody_in_is_refused_with_what_to_do(made: Subject, check_mode: bool) -> None:
    made.account.written()
    items = [*made.items, slack("other", "C03", team_id="T0ELSEWHERE")]
    (failed,) = made.run(check_mode=check_mode, **made.with_items(items)).failed
    assert "Slack workspace T0ELSEWHERE has not let this account in" in failed.message
    assert "https://console.aws.amazon.com/chatbot/, Configure new client, Slack, Allow" in failed.hint
    assert made.account.written() == []


def test_a_channel_is_of_one_configuration(made: Subject) -> None:
    (failed,) = made.run(**made.with_items([*made.items, slack("again", "C01")])).failed
    assert "channel C01 is told by configuration uex-payments-test-oncall already" in failed.message


def test_another_environment_s_channels_are_left(made: Subject) -> None:
    assert made.run(prune=True, tags={**TAGS, "Environment": "other"}, **made.with_items([])).done == []


@pytest.mark.parametrize(
    ("changed", "option"),
    [
        ({}, []),
        ({"name": "on call"}, ["name"]),
        ({"team_id": "my-team"}, ["team_id"]),
        ({"channel_id": "#alerts"}, ["channel_id"]),
        ({"topic_arns": []}, ["topic_arns"]),
        ({"guardrail_policy_arns": []}, ["guardrail_policy_arns"]),
    ],
)
def test_what_aws_refuses_of_slack(changed: dict[str, Any], option: list[str]) -> None:
    given = {**slack("a", "C01"), **changed}
    assert [each.partition(":")[0] for each in SlackChannel(lambda service: None, {}).validate(given)] == option


@pytest.mark.parametrize(
    ("changed", "option"),
    [
        ({}, []),
        ({"tenant_id": "x"}, ["tenant_id"]),
        ({"team_id": "T01"}, ["team_id"]),
        ({"channel_id": "19:a@thread.tacv2"}, ["channel_id"]),
    ],
)
def test_what_aws_refuses_of_teams(changed: dict[str, Any], option: list[str]) -> None:
    given = {**teams("a", "x"), **changed}
    assert [each.partition(":")[0] for each in TeamsChannel(lambda service: None, {}).validate(given)] == option
