# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Budgets in our words and in AWS's, and what AWS takes of them; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

Item = dict[str, Any]
MOST_NOTIFICATIONS = 10
#: How many a notification tells at most.
MOST_TOPICS, MOST_ADDRESSES = 1, 10
#: What AWS says of a budget and nobody may write.
_READ_ONLY = ("CalculatedSpend", "LastUpdatedTime", "HealthStatus")


def notification(item: Mapping[str, Any]) -> Item:
    """A declared notification as it is compared."""
    return {
        "notification_type": item["notification_type"],
        "comparison_operator": item.get("comparison_operator") or "GREATER_THAN",
        "threshold": float(item["threshold"]),
        "threshold_type": item.get("threshold_type") or "PERCENTAGE",
        "topic_arns": sorted(item.get("topic_arns") or []),
        "email_addresses": sorted(item.get("email_addresses") or []),
    }


def identity(item: Mapping[str, Any]) -> tuple[Any, ...]:
    """By what AWS tells a budget's notifications apart."""
    return tuple(item[key] for key in ("notification_type", "comparison_operator", "threshold", "threshold_type"))


def ordered(items: Iterable[Mapping[str, Any]]) -> list[Item]:
    return sorted(map(notification, items), key=identity)


def to_aws(item: Mapping[str, Any]) -> dict[str, Any]:
    kind, operator, threshold, threshold_type = identity(item)
    return {
        "NotificationType": kind,
        "ComparisonOperator": operator,
        "Threshold": threshold,
        "ThresholdType": threshold_type,
    }


def subscribers(item: Mapping[str, Any]) -> list[dict[str, str]]:
    topics = [{"SubscriptionType": "SNS", "Address": arn} for arn in item["topic_arns"]]
    return topics + [{"SubscriptionType": "EMAIL", "Address": each} for each in item["email_addresses"]]


def from_aws(details: Mapping[str, Any], told: Iterable[Mapping[str, str]]) -> Item:
    by_kind: dict[str, list[str]] = {"SNS": [], "EMAIL": []}
    for each in told:
        by_kind[each["SubscriptionType"]].append(each["Address"])
    return notification(
        {
            "notification_type": details["NotificationType"],
            "comparison_operator": details["ComparisonOperator"],
            "threshold": details["Threshold"],
            "threshold_type": details.get("ThresholdType"),
            "topic_arns": by_kind["SNS"],
            "email_addresses": by_kind["EMAIL"],
        }
    )


def budget(name: str, item: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The budget of a request; an update says again what it had besides, as AWS takes budgets as a whole."""
    kept = {key: value for key, value in (before or {}).items() if key not in _READ_ONLY}
    return {
        **kept,
        "BudgetName": name,
        "BudgetType": "COST",
        "BudgetLimit": {"Amount": f"{item['limit']:.2f}", "Unit": item["unit"]},
        "TimeUnit": item["time_unit"],
        **({} if item["cost_filters"] is None else {"CostFilters": dict(item["cost_filters"])}),
    }


def observed(entry: Mapping[str, Any]) -> Item:
    """A budget of AWS's without its notifications and tags; one that adjusts itself has no limit of ours."""
    limit = entry.get("BudgetLimit") or {}
    return {
        "limit": float(limit.get("Amount", 0)),
        "unit": limit.get("Unit", ""),
        "time_unit": entry["TimeUnit"],
        "cost_filters": {key: sorted(values) for key, values in (entry.get("CostFilters") or {}).items()},
        "budget": dict(entry),
    }


def problems(item: Mapping[str, Any]) -> Iterable[str]:
    """Why AWS would refuse a budget, as sentences that begin with the option's name."""
    if not re.fullmatch(r"[^:\\]{1,100}", item["name"]) or "/action/" in item["name"]:
        yield f"name: 1 to 100 characters without colon, backslash and /action/, not {item['name']!r}"
    if not item["limit"] > 0:
        yield f"limit: above 0, not {item['limit']}"
    given = [notification(each) for each in item["notifications"] or []]
    if len(given) > MOST_NOTIFICATIONS or len(set(map(identity, given))) < len(given):
        yield f"notifications: at most {MOST_NOTIFICATIONS}, no two with the same type and threshold"
    for each in given:
        yield from (f"notifications: {problem}" for problem in _notification_problems(each))


def _notification_problems(item: Item) -> Iterable[str]:
    label = f"{item['notification_type']} {item['threshold']:g}"
    topics, addresses = len(item["topic_arns"]), len(item["email_addresses"])
    if not topics + addresses or topics > MOST_TOPICS or addresses > MOST_ADDRESSES:
        yield f"{label}: tells {MOST_TOPICS} topic and {MOST_ADDRESSES} addresses at most, and somebody at least"
    if not 0 < item["threshold"] <= 1_000_000_000:
        yield f"{label}: a threshold is above 0"
