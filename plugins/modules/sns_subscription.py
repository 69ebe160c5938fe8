#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: sns_subscription
short_description: Manage the subscriptions of SNS topics as one set
description:
  - Subscribes endpoints to topics and prunes subscriptions of topics that are ours.
  - E-mail and HTTPS endpoints stay pending until their owner confirms. AWS can't remove a pending subscription, so
    pruning
    skips it; it goes with its topic or after three days.
  - Subscriptions can't be tagged. They are owned through their topic's name, which begins with project and
    environment.
version_added: "0.1.0"
options:
  subscriptions:
    description: The subscriptions; topic, protocol and endpoint identify one.
    type: list
    elements: dict
    required: true
    suboptions:
      topic_arn:
        description: The topic's ARN.
        type: str
        required: true
      protocol:
        description: How messages are delivered.
        type: str
        choices: [email, email-json, sms, http, https, sqs, lambda, firehose]
        required: true
      endpoint:
        description: E-mail address, phone number (E.164), URL or ARN, by protocol.
        type: str
        required: true
      raw_message_delivery:
        description: Deliver the bare message, for HTTP, SQS and Firehose.
        type: bool
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Who is told
  uex.payments.sns_subscription:
    subscriptions:
      - topic_arn: arn:aws:sns:us-east-1:123456789012:uex-payments-dev-critical
        protocol: email
        endpoint: pager@example.com
    tags: {Project: uex-payments, Environment: dev, Layer: monitoring, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
subscriptions:
  description: The subscriptions by topic name, protocol and endpoint, with C(subscription_arn) and C(pending).
  returned: success
  type: dict
"""

from collections.abc import Iterable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _chat, _sns, _tags
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource


def identity(topic_arn: str, protocol: str, endpoint: str) -> str:
    """What a subscription is called in plans: topic name, protocol and endpoint."""
    return f"{topic_arn.rpartition(':')[2]} {protocol} {endpoint}"


class Subscription(Resource):
    kind = "AWS::SNS::Subscription"
    service = "sns"
    plural = "subscriptions"
    computed = ("subscription_arn",)
    taggable = False

    @classmethod
    def identify(cls, item: Item) -> str:
        return identity(item["topic_arn"], item["protocol"], item["endpoint"])

    def validate(self, item: Item) -> Iterable[str]:
        problem = _sns.endpoint_problem(item["protocol"], item["endpoint"])
        if problem:
            yield problem

    def desired(self, item: Item) -> Item:
        return {key: item[key] for key in ("topic_arn", "protocol", "endpoint", "raw_message_delivery")}

    def owned(self, name: str, observed: Item) -> bool:
        """AWS subscribes chat applications by itself, and ends that with a channel's configuration."""
        chat = name.endswith(f" https {_chat.ENDPOINT}")
        return _tags.names(self.options["tags"], name) and not observed["pending"] and not chat

    def observe(self) -> dict[str, Item]:
        entries = _aws.pages(self.client, "list_subscriptions", "Subscriptions")
        found = {identity(each["TopicArn"], each["Protocol"], each["Endpoint"]): each for each in entries}
        declared = {self.identify(item) for item in self.options[self.plural]}
        meant = [entry for name, entry in found.items() if name in declared or self.owned(name, {"pending": False})]
        return dict(_aws.concurrently(self._observed, meant))

    def _observed(self, entry: dict[str, Any]) -> tuple[str, Item]:
        arn = entry["SubscriptionArn"]
        pending = arn in _sns.PENDING
        attributes = {} if pending else self.client.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
        raw = None if pending else attributes.get("RawMessageDelivery", "false") == "true"
        return identity(entry["TopicArn"], entry["Protocol"], entry["Endpoint"]), {
            "subscription_arn": arn,
            "topic_arn": entry["TopicArn"],
            "protocol": entry["Protocol"],
            "endpoint": entry["Endpoint"],
            "raw_message_delivery": raw,
            "pending": pending,
            "ready": not pending,
        }

    def create(self, name: str, desired: Item) -> None:
        raw = desired["raw_message_delivery"]
        self.client.subscribe(
            TopicArn=desired["topic_arn"],
            Protocol=desired["protocol"],
            Endpoint=desired["endpoint"],
            Attributes={} if raw is None else {"RawMessageDelivery": str(raw).lower()},
        )

    def update(self, name: str, plan: Plan) -> None:
        before, after = plan.before or {}, plan.after or {}
        value = str(after["raw_message_delivery"]).lower()
        self.client.set_subscription_attributes(
            SubscriptionArn=before["subscription_arn"], AttributeName="RawMessageDelivery", AttributeValue=value
        )

    def delete(self, name: str, observed: Item) -> None:
        arn = observed["subscription_arn"]
        _aws.absent_as(None, lambda: self.client.unsubscribe(SubscriptionArn=arn), "NotFound", "NotFoundException")


def main() -> None:
    run(Subscription, DOCUMENTATION)


if __name__ == "__main__":
    main()
