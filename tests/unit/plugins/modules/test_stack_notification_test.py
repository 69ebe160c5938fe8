# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _notification_test
from ansible_collections.uex.payments.plugins.modules.stack_notification_test import proven
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account

NAME = "uex-payments-test"
OPTIONS: dict[str, Any] = {"name": NAME, "tags": TAGS, "text": "A test.", "deadline": 0}
ALARM = f"{NAME}-notification-test"


@pytest.fixture
def account(aws: None) -> Account:
    """With the three topics, of which critical has a listener and warning one that is pending."""
    account = Account()
    sns = account.connect("sns")
    arns = {each: sns.create_topic(Name=f"{NAME}-{each}")["TopicArn"] for each in _notification_test.SEVERITIES}
    sns.subscribe(TopicArn=arns["critical"], Protocol="sms", Endpoint="+15555550100")
    sns.subscribe(TopicArn=arns["warning"], Protocol="email", Endpoint="a@example.com")
    account.written()
    return account


def test_a_message_goes_through_every_topic_and_an_alarm_goes_off_is_over_and_goes(account: Account) -> None:
    result = proven(account.connect, OPTIONS, check_mode=False)
    assert all(each["message_id"] for each in result["messages"].values())
    assert result["messages"].keys() == {"critical", "warning", "info"}
    assert result["alarm"]["state"] == "OK"
    assert [action.partition(" ")[0] for action in result["alarm"]["actions"]] == ["Successfully", "Successfully"]
    assert account.connect("cloudwatch").describe_alarms()["MetricAlarms"] == []
    assert _notification_test.problems(result) == []
    assert [line.partition(":")[0] for line in _notification_test.silent(result)] == ["topic warning", "topic info"]


def test_a_second_test_counts_its_own_actions(account: Account) -> None:
    proven(account.connect, OPTIONS, check_mode=False)
    assert len(proven(account.connect, OPTIONS, check_mode=False)["alarm"]["actions"]) == 2


def test_check_mode_sends_nothing_and_makes_no_alarm(account: Account) -> None:
    result = proven(account.connect, OPTIONS, check_mode=True)
    assert account.written() == []
    assert (len(result["topics"]), len(result["subscriptions"])) == (3, 2)
    assert any("not sent" in line for line in _notification_test.table(result))


def test_a_topic_that_lets_alarms_not_in_is_a_problem_and_the_alarm_goes_all_the_same(account: Account) -> None:
    sns = account.connect("sns")
    (topic,) = [each["TopicArn"] for each in sns.list_topics()["Topics"] if each["TopicArn"].endswith("-critical")]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    result = proven(account.connect, OPTIONS, check_mode=False)
    assert len([line for line in _notification_test.problems(result) if "not authorized" in line]) == 2
    assert account.connect("cloudwatch").describe_alarms()["MetricAlarms"] == []


def test_an_alarm_that_aws_notes_no_action_of_is_an_error_and_goes_all_the_same(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_notification_test, "_actions", lambda client, alarm: [])
    with pytest.raises(Exception, match=f"an action of {ALARM} was not reached"):
        proven(account.connect, OPTIONS, check_mode=False)
    assert account.connect("cloudwatch").describe_alarms()["MetricAlarms"] == []


def test_one_refused_message_hides_no_other(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    topics = {
        "critical": "arn:aws:sns:us-east-1:123456789012:gone",
        **_notification_test.found(account.connect, NAME)["topics"],
    }
    topics["critical"] = "arn:aws:sns:us-east-1:123456789012:gone"
    messages = _notification_test.publish(account.connect, topics, NAME, "A test.")
    assert "NotFound" in messages["critical"]["problem"]
    assert messages["info"]["message_id"]


def test_a_missing_topic_is_a_problem(aws: None) -> None:
    result = proven(Account().connect, OPTIONS, check_mode=False)
    assert len(_notification_test.problems(result)) == 3
    assert "alarm" not in result


def test_what_sns_has_counted_is_shown(account: Account) -> None:
    import datetime

    client = account.connect("cloudwatch")
    data = [
        {
            "MetricName": "NumberOfNotificationsDelivered",
            "Dimensions": [{"Name": "TopicName", "Value": f"{NAME}-critical"}],
            "Value": 2,
            "Timestamp": datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=2),
        }
    ]
    client.put_metric_data(Namespace="AWS/SNS", MetricData=data)
    result = proven(account.connect, OPTIONS, check_mode=False)
    assert result["deliveries"]["critical"] == {"delivered": 2, "failed": None}
    lines = [line.split() for line in _notification_test.table(result)]
    (critical,) = [line for line in lines if line[:1] == ["critical"] and "sms" not in line]
    assert critical[2:] == ["1", "0", "2", "not", "yet"]


@pytest.mark.parametrize(
    ("alarm", "words"),
    [
        ({"name": "a", "state": "OK", "actions": ["Successfully executed action x"]}, []),
        ({"name": "a", "state": "ALARM", "actions": []}, ["a: ended in ALARM, not in OK"]),
        ({"name": "a", "state": "OK", "actions": ["Failed to execute action x"]}, ["Failed to execute action x"]),
    ],
)
def test_what_of_an_alarm_is_a_problem(alarm: dict[str, Any], words: list[str]) -> None:
    topics = dict.fromkeys(_notification_test.SEVERITIES, "arn")
    assert _notification_test.problems({"topics": topics, "subscriptions": [], "alarm": alarm}) == words
