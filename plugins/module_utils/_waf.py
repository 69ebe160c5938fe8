# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Web ACLs and IP sets between the options of their modules and AWS's spelling; pure but for the calls at the end."""

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from . import _aws, _calls, _tags

Item = dict[str, Any]

SCOPE = "REGIONAL"
WINDOWS = (60, 120, 300, 600)
RATES = (10, 2_000_000_000)
DENIED, ALLOWED, RATE = "denied-addresses", "allowed-addresses", "rate-limit"
#: Of a web ACL, what its rules and visibility come to; everything else has calls of its own.
CONTENT = ("default_action", "denied_ip_set_arn", "allowed_ip_set_arn", "rate_limit", "managed_rule_groups", "order")
#: Capacity units that AWS documents for its groups; the most that a web ACL may have.
CAPACITY = {
    "AWSManagedRulesAdminProtectionRuleSet": 100,
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesAnonymousIpList": 50,
    "AWSManagedRulesBotControlRuleSet": 50,
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesLinuxRuleSet": 200,
    "AWSManagedRulesPHPRuleSet": 100,
    "AWSManagedRulesSQLiRuleSet": 200,
    "AWSManagedRulesUnixRuleSet": 100,
    "AWSManagedRulesWindowsRuleSet": 200,
    "AWSManagedRulesWordPressRuleSet": 100,
}
MOST_CAPACITY = 5000
#: What of a web ACL UpdateWebACL would take away if it were not said again.
KEPT = (
    *("Description", "CustomResponseBodies", "CaptchaConfig", "ChallengeConfig"),
    *("TokenDomains", "AssociationConfig", "DataProtectionConfig", "OnSourceDDoSProtectionConfig", "ApplicationConfig"),
)
STALE = "WAFOptimisticLockException"
ABSENT = "WAFNonexistentItemException"
LATE = 120.0  #: seconds in which AWS WAF finds what was made a moment ago, or lets go of what used it


def problems(item: Mapping[str, Any]) -> Iterable[str]:
    """What is wrong with a declared web ACL."""
    rate = item["rate_limit"]
    if rate and not RATES[0] <= rate["limit"] <= RATES[1]:
        yield f"rate_limit.limit: from {RATES[0]} to {RATES[1]}, not {rate['limit']}"
    if rate and rate["evaluation_window"] not in WINDOWS:
        yield f"rate_limit.evaluation_window: one of {', '.join(map(str, WINDOWS))}, not {rate['evaluation_window']}"
    names = [group["name"] for group in item["managed_rule_groups"]]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"managed_rule_groups: {name} is there twice"
    if capacity(names) > MOST_CAPACITY:
        yield f"managed_rule_groups: {capacity(names)} capacity units, a web ACL may have {MOST_CAPACITY}"
    logging = item["logging"]
    if logging and not logging["log_destination"].rpartition(":")[2].startswith("aws-waf-logs-"):
        yield "logging.log_destination: its name must begin with aws-waf-logs-"


def capacity(groups: Iterable[str]) -> int:
    """The capacity units of groups of AWS's; others are not counted."""
    return sum(CAPACITY.get(name, 0) for name in groups)


def range_problem(text: str, version: str) -> str:
    """Why a range can't be in an IP set of this version; empty if it can."""
    try:
        found = ipaddress.ip_network(text)
    except ValueError:
        return f"{text!r} is no range in CIDR notation"
    if f"IPV{found.version}" != version:
        return f"{text} is not {version}"
    return "" if "/" in text and found.prefixlen else f"{text} must be a range, from /1"


def desired(item: Mapping[str, Any]) -> Item:
    """The declared web ACL in the words of C(observed)."""
    logging = item["logging"]
    return {
        "default_action": item["default_action"],
        "denied_ip_set_arn": item["denied_ip_set_arn"] or "",
        "allowed_ip_set_arn": item["allowed_ip_set_arn"] or "",
        "rate_limit": dict(item["rate_limit"] or {}),
        "managed_rule_groups": [_group(each) for each in item["managed_rule_groups"]],
        "order": [name for name, _rule_of in _parts(item)],
        "metrics": True,
        "resource_arns": None if item["resource_arns"] is None else sorted(item["resource_arns"]),
        "logging": {**logging, "redacted_headers": sorted(logging["redacted_headers"])} if logging else {},
    }


def _group(group: Mapping[str, Any]) -> Item:
    return {
        "name": group["name"],
        "vendor_name": group.get("vendor_name") or "AWS",
        "version": group.get("version") or "",
        "count": bool(group.get("count")),
        "overrides": dict(sorted((group.get("overrides") or {}).items())),
    }


def _parts(item: Mapping[str, Any]) -> list[tuple[str, Item]]:
    """The rules by name in their order: who is kept out, who is let in, who asks too often, then AWS's groups."""
    found: list[tuple[str, Item]] = []
    for name, option, action in ((DENIED, "denied_ip_set_arn", "Block"), (ALLOWED, "allowed_ip_set_arn", "Allow")):
        if item.get(option):
            found.append((name, _rule({"IPSetReferenceStatement": {"ARN": item[option]}}, Action={action: {}})))
    rate = item.get("rate_limit")
    if rate:
        statement = {
            "Limit": rate["limit"],
            "EvaluationWindowSec": rate["evaluation_window"],
            "AggregateKeyType": "IP",
        }
        found.append((RATE, _rule({"RateBasedStatement": statement}, Action={"Block": {}})))
    return [*found, *((group["name"], _managed(_group(group))) for group in item.get("managed_rule_groups") or ())]


def _managed(group: Item) -> Item:
    overrides = [
        {"Name": name, "ActionToUse": {action.capitalize(): {}}} for name, action in group["overrides"].items()
    ]
    statement = {
        "VendorName": group["vendor_name"],
        "Name": group["name"],
        **({"Version": group["version"]} if group["version"] else {}),
        **({"RuleActionOverrides": overrides} if overrides else {}),
    }
    override: Item = {"Count": {}} if group["count"] else {"None": {}}
    return _rule({"ManagedRuleGroupStatement": statement}, OverrideAction=override)


def _rule(statement: Item, **action: Any) -> Item:
    return {"Statement": statement, **action}


def request(properties: Mapping[str, Any], name: str) -> Item:
    """A web ACL's rules, default action and visibility as AWS takes them."""
    rules = [
        {"Name": part, "Priority": place, **rule, "VisibilityConfig": visibility(f"{name}-{part}")}
        for place, (part, rule) in enumerate(_parts(properties))
    ]
    return {
        "DefaultAction": {properties["default_action"].capitalize(): {}},
        "Rules": rules,
        "VisibilityConfig": visibility(name),
    }


def visibility(metric: str) -> Item:
    """Metrics and samples, always."""
    return {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": metric}


def observed(acl: Mapping[str, Any]) -> Item:
    """The web ACL that AWS shows, in the words of C(desired); rules of other kinds are in its order alone."""
    rules = sorted(acl.get("Rules") or (), key=lambda rule: rule["Priority"])
    shown = [acl, *rules]
    return {
        "arn": acl["ARN"],
        "id": acl["Id"],
        "capacity": acl.get("Capacity", 0),
        "default_action": next(iter(acl["DefaultAction"])).lower(),
        "denied_ip_set_arn": _ip_set(rules, DENIED, "Block"),
        "allowed_ip_set_arn": _ip_set(rules, ALLOWED, "Allow"),
        "rate_limit": next((_rate(each) for each in rules if each["Name"] == RATE), {}),
        "managed_rule_groups": [
            _seen_group(each) for each in rules if "ManagedRuleGroupStatement" in each["Statement"]
        ],
        "order": [each["Name"] for each in rules],
        "metrics": all(each["VisibilityConfig"]["CloudWatchMetricsEnabled"] for each in shown),
    }


def _ip_set(rules: Iterable[Mapping[str, Any]], name: str, action: str) -> str:
    found = [each for each in rules if each["Name"] == name and action in (each.get("Action") or {})]
    return next((str(each["Statement"].get("IPSetReferenceStatement", {}).get("ARN", "")) for each in found), "")


def _rate(rule: Mapping[str, Any]) -> Item:
    """Empty for a rule that does something else than to block an address."""
    statement = rule["Statement"].get("RateBasedStatement") or {}
    usual = "Block" in (rule.get("Action") or {}) and statement.get("AggregateKeyType") == "IP"
    if not usual or "ScopeDownStatement" in statement:
        return {}
    return {"limit": statement["Limit"], "evaluation_window": statement.get("EvaluationWindowSec", 300)}


def _seen_group(rule: Mapping[str, Any]) -> Item:
    statement = rule["Statement"]["ManagedRuleGroupStatement"]
    overrides = {
        each["Name"]: next(iter(each["ActionToUse"])).lower() for each in statement.get("RuleActionOverrides") or ()
    }
    count = "Count" in (rule.get("OverrideAction") or {})
    return _group(
        {
            "name": statement["Name"],
            "vendor_name": statement["VendorName"],
            "version": statement.get("Version"),
            "count": count,
            "overrides": overrides,
        }
    )


def logging_request(arn: str, logging: Mapping[str, Any]) -> Item:
    """Where a web ACL's requests are logged, and which headers are not."""
    redacted = [{"SingleHeader": {"Name": name}} for name in logging["redacted_headers"]]
    return {"ResourceArn": arn, "LogDestinationConfigs": [logging["log_destination"]], "RedactedFields": redacted}


def logging_of(configuration: Mapping[str, Any]) -> Item:
    """The logging that AWS shows."""
    fields = configuration.get("RedactedFields") or ()
    return {
        "log_destination": configuration["LogDestinationConfigs"][0],
        "redacted_headers": sorted(each["SingleHeader"]["Name"] for each in fields if "SingleHeader" in each),
    }


# Calls that both kinds share


def summaries(client: Any, operation: str, key: str) -> list[Item]:
    """All web ACLs or IP sets of the region; botocore has no paginator for them."""
    found: list[Item] = []
    marker: Item = {}
    while True:
        answer = getattr(client, operation)(Scope=SCOPE, Limit=100, **marker)
        found += answer[key]
        if not answer.get("NextMarker") or not answer[key]:
            return found
        marker = {"NextMarker": answer["NextMarker"]}


def relevant(client: Any, entries: Sequence[Item], declared: Iterable[str], owner: Mapping[str, Any]) -> list[Item]:
    """What is declared by name or ours by tag, with its tags."""
    tags = _aws.concurrently(lambda each: tags_of(client, each["ARN"]), entries)
    names = set(declared)
    pairs = zip(entries, tags, strict=True)
    return [{**entry, "tags": own} for entry, own in pairs if entry["Name"] in names or _tags.owns(owner, own)]


def tags_of(client: Any, arn: str) -> dict[str, str]:
    """None of what went a moment ago."""
    none: Item = {"TagInfoForResource": {"TagList": []}}
    answer = _aws.absent_as(none, lambda: client.list_tags_for_resource(ResourceARN=arn), ABSENT)
    return _tags.to_dict(answer["TagInfoForResource"]["TagList"])


def changed(call: Callable[[], Any], *excused: str, deadline: float = LATE) -> Any:
    """A call that is tried again where somebody else was quicker, or where AWS is late."""
    return _calls.patiently(call, _calls.has_code(STALE, *excused), deadline, pause=2.0)


def delete(client: Any, noun: str, name: str, identifier: str) -> None:
    """Delete a web ACL or an IP set with its latest lock token; what used it a moment ago may still count."""
    place = {"Name": name, "Scope": SCOPE, "Id": identifier}

    def once() -> None:
        token = getattr(client, f"get_{noun}")(**place)["LockToken"]
        getattr(client, f"delete_{noun}")(**place, LockToken=token)

    patient = functools.partial(changed, once, "WAFAssociatedItemException")
    _aws.absent_as(None, patient, ABSENT)
