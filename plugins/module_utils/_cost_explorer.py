# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What Cost Explorer refuses to whom, and its anomalies in our words and in AWS's; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ._errors import code_of

Item = dict[str, Any]

#: Refusals that nobody's rights in this account could change, by what AWS says in them, and what to do instead.
_ELSEWHERE = {
    "Linked account doesn't have access": (
        "cost allocation tags are the payer account's: activate them there (Billing, Cost allocation tags),"
        " or run this with its credentials"
    ),
    "not enabled for cost explorer": (
        "Cost Explorer is off: open it once in the payer account's console and let members in; AWS then needs a day"
    ),
}
SERVICE_DIMENSION = "SERVICE"
_IMPACT = "ANOMALY_TOTAL_IMPACT_ABSOLUTE"
_AT_LEAST = "GREATER_THAN_OR_EQUAL"


def elsewhere(error: BaseException) -> str:
    """What to do about a refusal that is none of a missing right, and so no error; empty for every other error."""
    said = str(error).lower()
    told = (text for mark, text in _ELSEWHERE.items() if mark.lower() in said)
    return next(told, "") if code_of(error) == "AccessDeniedException" else ""


# Monitors


def monitor(item: Mapping[str, Any]) -> Item:
    """A declared monitor as it is compared: of one dimension, or of the values of a tag."""
    tagged = item["tag_key"] and {"key": item["tag_key"], "values": sorted(item["tag_values"] or [])}
    return {"monitor_dimension": item["monitor_dimension"] or "", "tag": tagged or {}}


def monitor_to_aws(name: str, item: Mapping[str, Any]) -> dict[str, Any]:
    if item["monitor_dimension"]:
        return {"MonitorName": name, "MonitorType": "DIMENSIONAL", "MonitorDimension": item["monitor_dimension"]}
    tags = {"Key": item["tag"]["key"], "Values": item["tag"]["values"], "MatchOptions": ["EQUALS"]}
    return {"MonitorName": name, "MonitorType": "CUSTOM", "MonitorSpecification": {"Tags": tags}}


def monitor_from_aws(entry: Mapping[str, Any]) -> Item:
    tags = (entry.get("MonitorSpecification") or {}).get("Tags") or {}
    tagged = {"key": tags["Key"], "values": sorted(tags["Values"])} if tags else {}
    return {"monitor_dimension": entry.get("MonitorDimension") or "", "tag": tagged}


def monitor_problems(item: Mapping[str, Any]) -> Iterable[str]:
    if bool(item["monitor_dimension"]) == bool(item["tag_key"]):
        yield "monitor_dimension: a monitor watches either a dimension or the values of a tag (tag_key, tag_values)"
    if bool(item["tag_key"]) != bool(item["tag_values"]):
        yield "tag_values: a tag's key and its values go together"


# Subscriptions


def threshold(amount: float) -> dict[str, Any]:
    """The expression of a least impact in USD."""
    return {"Dimensions": {"Key": _IMPACT, "MatchOptions": [_AT_LEAST], "Values": [f"{amount:g}"]}}


def amount(entry: Mapping[str, Any]) -> float | None:
    """The least impact that a subscription of AWS's tells of; None for any other condition."""
    said = (entry.get("ThresholdExpression") or {}).get("Dimensions") or {}
    plain = said.get("Key") == _IMPACT and said.get("MatchOptions") == [_AT_LEAST]
    return float(said["Values"][0]) if plain else None


def subscription_from_aws(entry: Mapping[str, Any], names: Mapping[str, str]) -> Item:
    """C(names) are the monitors' by ARN; one that is nobody's any more shows its ARN."""
    topics = [each["Address"] for each in entry["Subscribers"] if each["Type"] == "SNS"]
    return {
        "monitors": sorted(names.get(arn, arn) for arn in entry["MonitorArnList"]),
        "threshold": amount(entry),
        "topic_arn": topics[0] if len(topics) == len(entry["Subscribers"]) == 1 else "",
    }


def subscription_to_aws(name: str, item: Mapping[str, Any], arns: Mapping[str, str]) -> dict[str, Any]:
    """A topic is told of each anomaly at once; AWS sums up for e-mail addresses only."""
    return {
        "SubscriptionName": name,
        "MonitorArnList": [arns[each] for each in item["monitors"]],
        "Subscribers": [{"Type": "SNS", "Address": item["topic_arn"]}],
        "Frequency": "IMMEDIATE",
        "ThresholdExpression": threshold(item["threshold"]),
    }


def subscription_problems(item: Mapping[str, Any], monitors: Iterable[str]) -> Iterable[str]:
    if not item["threshold"] > 0:
        yield f"threshold: above 0, not {item['threshold']:g}"
    strange = sorted(set(item["monitors"]) - set(monitors))
    if strange or not item["monitors"]:
        yield f"monitors: names of anomaly_monitors, at least one{', not ' + ', '.join(strange) if strange else ''}"
