# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils._resource import reconcile
from ansible_collections.uex.payments.plugins.modules.sns_subscription import Subscription
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account, Connect, Contract


def sample(connect: Connect) -> dict[str, Any]:
    topic = connect("sns").create_topic(Name="uex-payments-test-critical")["TopicArn"]
    queues = [f"arn:aws:sqs:us-east-1:123456789012:{name}" for name in ("first", "second")]
    return {
        "subscriptions": [
            {"topic_arn": topic, "protocol": "sqs", "endpoint": queue, "raw_message_delivery": False}
            for queue in queues
        ]
    }


CONTRACT = Contract(Subscription, sample, change={"raw_message_delivery": True}, unset=("raw_message_delivery",))


@pytest.mark.parametrize(
    ("protocol", "endpoint", "sound"),
    [
        ("email", "pager@example.com", True),
        ("email", "pager", False),
        ("sms", "+4915112345678", True),
        ("sms", "0151 12345678", False),
        ("https", "https://example.com/hook", True),
        ("https", "http://example.com/hook", False),
        ("sqs", "arn:aws:sqs:us-east-1:123456789012:queue", True),
    ],
)
def test_an_endpoint_must_fit_its_protocol(protocol: str, endpoint: str, sound: bool) -> None:
    problems = list(Subscription(lambda service: None, {}).validate({"protocol": protocol, "endpoint": endpoint}))
    assert (problems == []) is sound


def test_a_pending_subscription_is_kept_and_never_pruned(aws: None) -> None:
    account = Account()
    topic = account.connect("sns").create_topic(Name="uex-payments-test-critical")["TopicArn"]
    item = {"topic_arn": topic, "protocol": "email", "endpoint": "pager@example.com", "raw_message_delivery": None}
    options = {"tags": TAGS, "prune": True, "adopt": False}
    first = reconcile(Subscription(account.connect, {**options, "subscriptions": [item]}))
    assert [state["pending"] for state in first.resources.values()] == [True]
    account.written()
    assert reconcile(Subscription(account.connect, {**options, "subscriptions": [item]})).done == []
    assert reconcile(Subscription(account.connect, {**options, "subscriptions": []})).done == []
    assert account.written() == []


def test_other_environments_subscriptions_are_not_ours() -> None:
    resource = Subscription(lambda service: None, {"tags": TAGS})
    assert resource.owned("uex-payments-test-critical sms +4915112345678", {"pending": False})
    assert not resource.owned("uex-payments-testing-critical sms +4915112345678", {"pending": False})


def test_what_aws_subscribes_for_chat_applications_is_left() -> None:
    resource = Subscription(lambda service: None, {"tags": TAGS})
    place = "uex-payments-test-critical https https://"
    assert resource.owned(f"{place}example.com/hook", {"pending": False})
    assert not resource.owned(f"{place}global.sns-api.chatbot.amazonaws.com", {"pending": False})
