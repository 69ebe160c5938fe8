# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules of a listener between the options of elbv2_listener_rule and AWS's spelling; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import _aws, _elbv2
from ._plan import Objection, Plan

Item = dict[str, Any]
Weights = Mapping[str, int]  #: by the target group's ARN

PRIORITIES = (1, 50000)
VALUES = 5  #: condition values that AWS allows in one rule
ACTIONS = ("target_groups", "redirect_config", "fixed_response_config")
#: Conditions that are a list of values: AWS's name for the field, and for its configuration.
_LISTS = {
    "path_patterns": ("path-pattern", "PathPatternConfig"),
    "host_headers": ("host-header", "HostHeaderConfig"),
    "source_ips": ("source-ip", "SourceIpConfig"),
    "http_request_methods": ("http-request-method", "HttpRequestMethodConfig"),
}
CONDITIONS = (*_LISTS, "http_headers", "query_strings")


def problems(item: Mapping[str, Any]) -> Iterable[str]:
    """What is wrong with a declared rule."""
    low, high = PRIORITIES
    if not low <= item["priority"] <= high:
        yield f"priority: from {low} to {high}, not {item['priority']}"
    count = values(item)
    if not 1 <= count <= VALUES:
        yield f"path_patterns: from 1 to {VALUES} values in all conditions together, not {count}"
    if sum(1 for option in ACTIONS if item[option]) != 1:
        yield f"target_groups: exactly one of {', '.join(ACTIONS)}"
    if len(_declared_rewrite(item["url_rewrite"]) or {}) == 1:
        yield "url_rewrite: regex and replace need each other"


def values(item: Mapping[str, Any]) -> int:
    """How many values the conditions of a rule have together."""
    lists = sum(len(item.get(option) or ()) for option in _LISTS)
    headers = sum(len(each["values"]) for each in item.get("http_headers") or ())
    return lists + headers + len(item.get("query_strings") or ())


def weights(item: Mapping[str, Any]) -> dict[str, int]:
    """The declared share of each target group."""
    return {group["target_group_arn"]: group["weight"] for group in item["target_groups"] or ()}


def desired(item: Mapping[str, Any]) -> Item:
    """The declared rule; its weights are left out where somebody else owns them."""
    forwards = bool(item["target_groups"])
    return {
        "port": item["port"],
        "priority": item["priority"],
        **{option: None if item[option] is None else sorted(item[option]) for option in _LISTS},
        "http_headers": None if item["http_headers"] is None else _sorted_headers(item["http_headers"]),
        "query_strings": None if item["query_strings"] is None else _sorted_pairs(item["query_strings"]),
        "target_groups": sorted(weights(item)) if forwards else None,
        "weights": None if item["ignore_weights"] or not forwards else weights(item),
        "target_group_stickiness": item["target_group_stickiness"] if forwards else None,
        **{option: item[option] or None for option in ACTIONS[1:]},
        "url_rewrite": _declared_rewrite(item["url_rewrite"]),
    }


def _sorted_headers(headers: Iterable[Mapping[str, Any]]) -> list[Item]:
    found = [{"http_header_name": each["http_header_name"], "values": sorted(each["values"])} for each in headers]
    return sorted(found, key=lambda each: (each["http_header_name"].lower(), each["values"]))


def _sorted_pairs(pairs: Iterable[Mapping[str, Any]]) -> list[Item]:
    found = [_aws.declared({"key": each.get("key"), "value": each["value"]}) for each in pairs]
    return sorted(found, key=lambda each: (each.get("key") or "", each["value"]))


def _declared_rewrite(url_rewrite: Mapping[str, str | None] | None) -> Item | None:
    """Ansible fills an empty mapping with nulls: it is still declared, as empty."""
    return None if url_rewrite is None else _aws.declared(url_rewrite)


def observed(entry: Mapping[str, Any]) -> Item:
    """The rule that AWS shows, in the words of C(desired)."""
    last = list(entry["Actions"])[-1]
    found = _forwarded(last)
    conditions = entry["Conditions"]
    return {
        "rule_arn": entry["RuleArn"],
        "priority": int(entry["Priority"]),
        **{option: _values(conditions, *names) for option, names in _LISTS.items()},
        "http_headers": _headers(conditions),
        "query_strings": _query_strings(conditions),
        "target_groups": sorted(found),
        "weights": found,
        "target_group_stickiness": _stickiness(last),
        "redirect_config": _elbv2.options(last.get("RedirectConfig") or {}),
        "fixed_response_config": _elbv2.options(last.get("FixedResponseConfig") or {}),
        "url_rewrite": _url_rewrite(entry.get("Transforms") or ()),
    }


def delegated(found: Item, item: Mapping[str, Any]) -> Item:
    """The rule that AWS shows where somebody else owns the declared one's weights.

    Who shifts traffic may leave a target group without any out of the rule: some of the declared ones are all of them.
    """
    declared, there = set(weights(item)), set(found["target_groups"])
    some = item["ignore_weights"] and there and there <= declared
    return {**found, "target_groups": sorted(declared)} if some else found


def _forwarded(action: Mapping[str, Any]) -> dict[str, int]:
    """The weights of a rule's action; AWS shows a single target group with or without its weight."""
    groups = action.get("ForwardConfig", {}).get("TargetGroups")
    if not groups:
        return {action["TargetGroupArn"]: 1} if "TargetGroupArn" in action else {}
    return {group["TargetGroupArn"]: group.get("Weight", 1) for group in groups}


def _stickiness(action: Mapping[str, Any]) -> int:
    """Seconds that a client stays with a target group; 0 if it does not."""
    config = action.get("ForwardConfig", {}).get("TargetGroupStickinessConfig") or {}
    return int(config.get("DurationSeconds") or 0) if config.get("Enabled") else 0


def _values(conditions: Iterable[Mapping[str, Any]], field: str, config: str) -> list[str]:
    """AWS shows the values of old fields both under the condition and under its configuration."""
    found = [entry for entry in conditions if entry["Field"] == field]
    return sorted(value for entry in found for value in entry.get(config, entry).get("Values") or ())


def _headers(conditions: Iterable[Mapping[str, Any]]) -> list[Item]:
    configs = [entry["HttpHeaderConfig"] for entry in conditions if entry["Field"] == "http-header"]
    return _sorted_headers({"http_header_name": each["HttpHeaderName"], "values": each["Values"]} for each in configs)


def _query_strings(conditions: Iterable[Mapping[str, Any]]) -> list[Item]:
    configs = [entry["QueryStringConfig"] for entry in conditions if entry["Field"] == "query-string"]
    return _sorted_pairs(_elbv2.options(pair) for each in configs for pair in each["Values"])


def _url_rewrite(transforms: Iterable[Mapping[str, Any]]) -> Item:
    rewrites = [each for entry in transforms for each in entry.get("UrlRewriteConfig", {}).get("Rewrites") or ()]
    return {"regex": rewrites[0]["Regex"], "replace": rewrites[0]["Replace"]} if rewrites else {}


def conditions(properties: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The conditions as AWS takes them."""
    lists = [
        {"Field": field, config: {"Values": properties[option]}}
        for option, (field, config) in _LISTS.items()
        if properties.get(option)
    ]
    headers = [
        {"Field": "http-header", "HttpHeaderConfig": _elbv2.request(each)}
        for each in properties.get("http_headers") or ()
    ]
    pairs = [_elbv2.request(each) for each in properties.get("query_strings") or ()]
    return [*lists, *headers, *([{"Field": "query-string", "QueryStringConfig": {"Values": pairs}}] if pairs else [])]


def action(properties: Mapping[str, Any], shares: Weights) -> dict[str, Any]:
    """What a rule does, as AWS takes it; C(shares) are the weights where it forwards."""
    for option, kind in (("redirect_config", "redirect"), ("fixed_response_config", "fixed-response")):
        if properties.get(option):
            return {"Type": kind, **_elbv2.request({option: properties[option]})}
    groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in sorted(shares.items())]
    seconds = properties.get("target_group_stickiness")
    sticky = {"Enabled": bool(seconds), **({"DurationSeconds": seconds} if seconds else {})}
    extra = {} if seconds is None else {"TargetGroupStickinessConfig": sticky}
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": groups, **extra}}


def transforms(url_rewrite: Mapping[str, str] | None) -> list[dict[str, Any]]:
    """The rewriting of the path as AWS takes it; empty where none is declared."""
    if not url_rewrite:
        return []
    rewrite = {"Regex": url_rewrite["regex"], "Replace": url_rewrite["replace"]}
    return [{"Type": "url-rewrite", "UrlRewriteConfig": {"Rewrites": [rewrite]}}]


def moves(wanted: Mapping[str, Item], found: Mapping[str, Item]) -> list[dict[str, Any]]:
    """What SetRulePriorities needs for existing rules that are to have another priority on the same port."""
    return [
        {"RuleArn": found[name]["rule_arn"], "Priority": item["priority"]}
        for name, item in wanted.items()
        if name in found and found[name]["port"] == item["port"] and found[name]["priority"] != item["priority"]
    ]


def modification(plan: Plan, shares: Weights) -> dict[str, Any]:
    """The arguments of ModifyRule beside the ARN, empty where it isn't needed; C(shares) are the declared weights."""
    before, after = dict(plan.before or {}), dict(plan.after or {})
    arguments: dict[str, Any] = {}
    if plan.options & set(CONDITIONS):
        arguments["Conditions"] = conditions({**before, **_aws.declared(after)})
    if plan.options & {*ACTIONS, "weights", "target_group_stickiness"}:
        kept = _kept(shares, before["weights"]) if after["weights"] is None else shares
        arguments["Actions"] = [action(after, kept)]
    if "url_rewrite" in plan.options:
        rewriting = transforms(after["url_rewrite"])
        arguments.update({"Transforms": rewriting} if rewriting else {"ResetTransforms": True})
    return arguments


def _kept(shares: Weights, found: Weights) -> dict[str, int]:
    """The weights that AWS shows, where it shows any of the declared target groups: somebody else owns them."""
    there = any(arn in found for arn in shares)
    return {arn: found.get(arn, 0) for arn in shares} if there else dict(shares)


def objection(plan: Plan, staying: Mapping[str, Item]) -> Objection | None:
    """Why a rule is not made so; C(staying) are the rules by name that are not declared and not deleted either."""
    return _occupied(plan, staying) or _shifted(plan)


def _occupied(plan: Plan, staying: Mapping[str, Item]) -> Objection | None:
    """A priority of a listener is that of one rule alone."""
    place = {"port", "priority"}
    after = plan.after or {}
    if not place <= after.keys() or (plan.before and not plan.options & place):
        return None
    holders = [name for name, rule in staying.items() if all(rule[each] == after[each] for each in place)]
    if not holders:
        return None
    where = f"priority {after['priority']} of port {after['port']}"
    return Objection(
        f"{where} is that of the rule {holders[0]}, which is not declared",
        "give this rule another priority, so that the other one goes on answering, or take that away first: "
        "playbooks/prune.yml does if it is ours",
    )


def _shifted(plan: Plan) -> Objection | None:
    """Weights are not taken back from who shifted traffic where the declared target groups have none."""
    before, after = plan.before or {}, plan.after or {}
    found, own = before.get("weights") or {}, after.get("weights")
    declared = [arn for arn in own or {} if arn in found]
    if not declared or any(found[arn] for arn in declared) or not any(found.values()):
        return None
    live = ", ".join(arn.rpartition(":")[2] for arn, weight in found.items() if weight)
    return Objection(
        f"all requests go to {live}, and the declared target group has no tasks",
        "deploy the service once more as it is deployed now, so that requests go to its first target group again",
    )
