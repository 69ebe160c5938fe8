# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from ansible_collections.uex.payments.plugins.module_utils import _subscriptions
from ansible_collections.uex.payments.tests.support.contract import Account

NAME = "uex-payments-test"


def test_own_topics_alone_are_looked_at_and_who_is_pending_is_told(aws: None) -> None:
    connect = Account().connect
    sns = connect("sns")
    for name in (f"{NAME}-critical", f"{NAME}2-critical"):
        arn = sns.create_topic(Name=name)["TopicArn"]
        sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="a@example.com")
        sns.subscribe(TopicArn=arn, Protocol="sms", Endpoint="+15555550100")
    found = _subscriptions.subscriptions(connect, NAME)
    assert [(each["topic"], each["protocol"], each["pending"]) for each in found] == [
        ("critical", "email", True),
        ("critical", "sms", False),
    ]
    assert _subscriptions.pending(found) == [{"topic": "critical", "protocol": "email", "endpoint": "a@example.com"}]
