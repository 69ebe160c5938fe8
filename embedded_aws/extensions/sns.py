# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""SNS: subscriptions that their owner has to confirm stay pending, cannot be removed and receive nothing."""

from __future__ import annotations

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.moto_api._internal import mock_random
from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import SNSBackend, Subscription, Topic
from moto.sns.responses import SNSResponse

from ._operations import add
from ._patch import after, before

CONFIRMED_BY_OWNER = ("email", "email-json", "http", "https")
PENDING = "PendingConfirmation"


def _invalid(message: str) -> SNSInvalidParameter:
    return SNSInvalidParameter(f"Invalid parameter: {message}")


def _is_pending(subscription: Subscription) -> bool:
    return str(subscription.attributes.get(PENDING, False)).lower() == "true"


def _undelivered(*_: Any, **__: Any) -> None:
    """Nothing leaves this machine: what is published is recorded, and the endpoint hears nothing."""


def _subscribed(_backend: SNSBackend, subscription: Subscription, *_: Any, **__: Any) -> Subscription:
    """Leave a new subscription of a kind that its owner confirms pending, with the token that would be mailed."""
    if subscription.protocol in CONFIRMED_BY_OWNER and not hasattr(subscription, "token"):
        subscription.publish = _undelivered  # type: ignore[method-assign]
        subscription.token = mock_random.get_random_hex(64)  # type: ignore[attr-defined]
        subscription.attributes.update({PENDING: True, "ConfirmationWasAuthenticated": False})
    return subscription


def _hide_pending_arn(response: SNSResponse, result: ActionResult, *_: Any, **__: Any) -> ActionResult:
    """Subscribe names a pending subscription only to a caller who asks for its ARN."""
    arn = result.result["SubscriptionArn"]  # type: ignore[index]
    if _is_pending(response.backend.subscriptions[arn]) and not response._get_bool_param(
        "ReturnSubscriptionArn", False
    ):
        return ActionResult({"SubscriptionArn": "pending confirmation"})
    return result


def _listed(subscription: Subscription) -> dict[str, Any]:
    arn = PENDING if _is_pending(subscription) else subscription.arn
    return {
        "SubscriptionArn": arn,
        "Owner": subscription.owner,
        "Protocol": subscription.protocol,
        "Endpoint": subscription.endpoint,
        "TopicArn": subscription.topic_arn,
    }


def _list_pending(_response: SNSResponse, result: ActionResult, *_: Any, **__: Any) -> ActionResult:
    listing: dict[str, Any] = result.result  # type: ignore[assignment]
    return ActionResult({**listing, "Subscriptions": [_listed(each) for each in listing["Subscriptions"]]})


def _refuse_pending(backend: SNSBackend, subscription_arn: str) -> None:
    """Only a confirmed subscription has an ARN to unsubscribe. Raises InvalidParameter otherwise."""
    parts = subscription_arn.count(":") + 1
    if parts < 6:
        raise _invalid(f"SubscriptionArn Reason: An ARN must have at least 6 elements, not {parts}")
    subscription = backend.subscriptions.get(subscription_arn)
    if subscription is not None and _is_pending(subscription):
        raise _invalid("This operation is not permitted on a subscription that is pending confirmation")


def _check_topic(backend: SNSBackend, name: str, attributes: dict[str, Any] | None = None, tags: Any = None) -> None:
    """Creating a topic again is fine with the same settings. Raises InvalidParameter for others or a broken policy."""
    _check_attributes(attributes or {})
    topic = next((each for each in backend.topics.values() if each.name == name), None)
    if topic is None:
        return
    if tags and tags != topic._tags:
        raise _invalid("Tags Reason: Topic already exists with different tags")
    if any(_attribute(topic, key) != value for key, value in (attributes or {}).items()):
        raise _invalid("Attributes Reason: Topic already exists with different attributes")


def _attribute(topic: Topic, name: str) -> Any:
    known = {"KmsMasterKeyId": topic.kms_master_key_id, "DisplayName": topic.display_name}
    return known.get(name, getattr(topic, "policy", None) if name == "Policy" else None)


def _check_attributes(attributes: dict[str, Any]) -> None:
    policy = attributes.get("Policy")
    try:
        document = json.loads(policy) if policy else {"Statement": []}
    except ValueError:
        document = None
    if not isinstance(document, dict) or "Statement" not in document:
        raise _invalid("Policy Error: null")


def _check_attribute(_backend: SNSBackend, topic_arn: str, attribute_name: str, attribute_value: str) -> None:
    if attribute_name == "policy":
        _check_attributes({"Policy": attribute_value})


def _count_subscriptions(response: SNSResponse, result: ActionResult) -> ActionResult:
    attributes: dict[str, Any] = result.result["Attributes"]  # type: ignore[index]
    mine = [each for each in response.backend.subscriptions.values() if each.topic_arn == attributes["TopicArn"]]
    pending = sum(map(_is_pending, mine))
    counts = {"SubscriptionsPending": str(pending), "SubscriptionsConfirmed": str(len(mine) - pending)}
    return ActionResult({"Attributes": {**attributes, **counts}})


def confirm_subscription(self: SNSResponse) -> ActionResult:
    """Confirm the subscription whose token this is. Raises InvalidParameter for any other, NotFound without topic."""
    topic = self.backend.get_topic(self._get_param("TopicArn"))
    for subscription in self.backend._get_topic_subscriptions(topic):
        if getattr(subscription, "token", None) == self._get_param("Token"):
            subscription.attributes.update({PENDING: False, "ConfirmationWasAuthenticated": True})
            return ActionResult({"SubscriptionArn": subscription.arn})
    raise _invalid("Token")


def install() -> None:
    """Install into moto's SNS."""
    after(SNSBackend, "subscribe", _subscribed)
    before(SNSBackend, "unsubscribe", _refuse_pending)
    before(SNSBackend, "create_topic", _check_topic)
    before(SNSBackend, "set_topic_attribute", _check_attribute)
    after(SNSResponse, "subscribe", _hide_pending_arn)
    after(SNSResponse, "list_subscriptions", _list_pending)
    after(SNSResponse, "list_subscriptions_by_topic", _list_pending)
    after(SNSResponse, "get_topic_attributes", _count_subscriptions)
    add(SNSResponse, confirm_subscription)
