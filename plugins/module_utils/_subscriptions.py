# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who is told by an environment's topics, and who has yet to confirm it; reads from AWS alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import _aws, _sns
from ._discovery import Connect

Subscription = dict[str, Any]
#: Stands in an ARN's place once a subscription has ended.
_ENDED = "Deleted"
ADVICE = "Each owner confirms by the link in the message that SNS sent there; it is good for three days."


def subscriptions(connect: Connect, name: str) -> list[Subscription]:
    """All of the topics whose names begin with the environment's, with the short name of the topic, sorted."""
    entries = _aws.pages(connect("sns"), "list_subscriptions", "Subscriptions")
    return sorted(_own(entries, f"{name}-"), key=lambda each: (each["topic"], each["protocol"], each["endpoint"]))


def _own(entries: Iterable[Mapping[str, str]], beginning: str) -> Iterable[Subscription]:
    for entry in entries:
        topic = entry["TopicArn"].rpartition(":")[2]
        if topic.startswith(beginning) and entry["SubscriptionArn"] != _ENDED:
            yield {
                "topic": topic.removeprefix(beginning),
                "protocol": entry["Protocol"],
                "endpoint": entry["Endpoint"],
                "pending": entry["SubscriptionArn"] in _sns.PENDING,
            }


def pending(found: Iterable[Subscription]) -> list[dict[str, str]]:
    """Those that nobody has confirmed, which are told nothing; pure."""
    return [
        {"topic": each["topic"], "protocol": each["protocol"], "endpoint": each["endpoint"]}
        for each in found
        if each["pending"]
    ]
