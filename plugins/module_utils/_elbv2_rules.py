# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules of a listener between the options of elbv2_listener_rule and AWS's spelling; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import _aws
from ._plan import Plan

Item = dict[str, Any]
Weights = Mapping[str, int]  #: by the target group's ARN

PRIORITIES = (1, 50000)
VALUES = 5  #: condition values that AWS allows in one rule
CONDITIONS = ("path_patterns", "host_headers", "http_header")
#: Conditions that are a list of values: AWS's name for the field, and for its configuration.
_LISTS = {
    "path_patterns": ("path-pattern", "PathPatternConfig"),
    "host_headers": ("host-header", "HostHeaderConfig"),
}


def problems(item: Mapping[str, Any]) -> Iterable[str]:
    """What is wrong with a declared rule."""
    low, high = PRIORITIES
    if not low <= item["priority"] <= high:
        yield f"priority: from {low} to {high}, not {item['priority']}"
    values = [*(item["path_patterns"] or ()), *(item["host_headers"] or ()), *_header_values(item)]
    if not 1 <= len(values) <= VALUES:
        yield f"path_patterns: from 1 to {VALUES} values in all conditions together, not {len(values)}"
    if not item["target_groups"]:
        yield "target_groups: at least one"
    if len(_declared_rewrite(item["url_rewrite"]) or {}) == 1:
        yield "url_rewrite: regex and replace need each other"


def _header_values(item: Mapping[str, Any]) -> list[str]:
    return list((item["http_header"] or {}).get("values") or ())


def weights(item: Mapping[str, Any]) -> dict[str, int]:
    """The declared share of each target group."""
    return {group["target_group_arn"]: group["weight"] for group in item["target_groups"]}


def desired(item: Mapping[str, Any]) -> Item:
    """The declared rule; its weights are left out where somebody else owns them."""
    header = item["http_header"]
    return {
        "priority": item["priority"],
        **{option: None if item[option] is None else sorted(item[option]) for option in _LISTS},
        "http_header": {**header, "values": sorted(header["values"])} if header else header,
        "target_groups": sorted(weights(item)),
        "weights": None if item["ignore_weights"] else weights(item),
        "url_rewrite": _declared_rewrite(item["url_rewrite"]),
    }


def _declared_rewrite(url_rewrite: Mapping[str, str | None] | None) -> Item | None:
    """Ansible fills an empty mapping with nulls: it is still declared, as empty."""
    return None if url_rewrite is None else _aws.declared(url_rewrite)


def observed(entry: Mapping[str, Any]) -> Item:
    """The rule that AWS shows, in the words of C(desired)."""
    found = _forwarded(entry["Actions"])
    return {
        "rule_arn": entry["RuleArn"],
        "priority": int(entry["Priority"]),
        **{option: _values(entry["Conditions"], *names) for option, names in _LISTS.items()},
        "http_header": _header(entry["Conditions"]),
        "target_groups": sorted(found),
        "weights": found,
        "url_rewrite": _url_rewrite(entry.get("Transforms") or ()),
    }


def _forwarded(actions: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """The weights of a rule's last action; AWS shows a single target group with or without its weight."""
    last = list(actions)[-1]
    groups = last.get("ForwardConfig", {}).get("TargetGroups")
    if not groups:
        return {last["TargetGroupArn"]: 1} if "TargetGroupArn" in last else {}
    return {group["TargetGroupArn"]: group.get("Weight", 1) for group in groups}


def _values(conditions: Iterable[Mapping[str, Any]], field: str, config: str) -> list[str]:
    """AWS shows the values of old fields both under the condition and under its configuration."""
    found = [entry for entry in conditions if entry["Field"] == field]
    return sorted(value for entry in found for value in entry.get(config, entry).get("Values") or ())


def _header(conditions: Iterable[Mapping[str, Any]]) -> Item:
    configs = [entry["HttpHeaderConfig"] for entry in conditions if entry["Field"] == "http-header"]
    return {"http_header_name": configs[0]["HttpHeaderName"], "values": sorted(configs[0]["Values"])} if configs else {}


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
    header = properties.get("http_header")
    config = {"HttpHeaderName": header["http_header_name"], "Values": header["values"]} if header else None
    return [*lists, *([{"Field": "http-header", "HttpHeaderConfig": config}] if config else [])]


def forward(shares: Weights) -> dict[str, Any]:
    """The action that forwards to target groups by weight."""
    groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in sorted(shares.items())]
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}


def transforms(url_rewrite: Mapping[str, str] | None) -> list[dict[str, Any]]:
    """The rewriting of the path as AWS takes it; empty where none is declared."""
    if not url_rewrite:
        return []
    rewrite = {"Regex": url_rewrite["regex"], "Replace": url_rewrite["replace"]}
    return [{"Type": "url-rewrite", "UrlRewriteConfig": {"Rewrites": [rewrite]}}]


def moves(wanted: Mapping[str, Item], found: Mapping[str, Item]) -> list[dict[str, Any]]:
    """What SetRulePriorities needs for existing rules that are to have another priority."""
    return [
        {"RuleArn": found[name]["rule_arn"], "Priority": item["priority"]}
        for name, item in wanted.items()
        if name in found and found[name]["priority"] != item["priority"]
    ]


def modification(plan: Plan, shares: Weights) -> dict[str, Any]:
    """The arguments of ModifyRule beside the ARN, empty where it isn't needed; C(shares) are the declared weights."""
    before, after = dict(plan.before or {}), dict(plan.after or {})
    arguments: dict[str, Any] = {}
    if plan.options & set(CONDITIONS):
        arguments["Conditions"] = conditions({**before, **_aws.declared(after)})
    if plan.options & {"target_groups", "weights"}:
        arguments["Actions"] = [forward(_kept(shares, before["weights"]) if after["weights"] is None else shares)]
    if "url_rewrite" in plan.options:
        rewriting = transforms(after["url_rewrite"])
        arguments.update({"Transforms": rewriting} if rewriting else {"ResetTransforms": True})
    return arguments


def _kept(shares: Weights, found: Weights) -> dict[str, int]:
    """The weights that AWS shows, where it shows one: somebody else owns them."""
    return {arn: found.get(arn, weight) for arn, weight in shares.items()}
