# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _elbv2_rules, _plan

RULE = {
    "name": "rule",
    "priority": 10,
    "path_patterns": ["/x/*", "/x"],
    "host_headers": None,
    "http_header": None,
    "target_groups": [{"target_group_arn": "blue", "weight": 1}],
    "ignore_weights": False,
    "url_rewrite": None,
}
HEADER = {"http_header_name": "x-uex-test", "values": ["b", "a"]}


@pytest.mark.parametrize(
    ("declared", "options"),
    [
        ({}, []),
        ({"priority": 0}, ["priority"]),
        ({"priority": 50001}, ["priority"]),
        ({"path_patterns": None}, ["path_patterns"]),
        ({"path_patterns": None, "http_header": HEADER}, []),
        ({"path_patterns": ["/a", "/b"], "host_headers": ["a", "b"], "http_header": HEADER}, ["path_patterns"]),
        ({"target_groups": []}, ["target_groups"]),
        ({"url_rewrite": {"regex": "x", "replace": None}}, ["url_rewrite"]),
        ({"url_rewrite": {"regex": None, "replace": None}}, []),
        ({"url_rewrite": {"regex": "x", "replace": ""}}, []),
    ],
)
def test_what_aws_would_refuse_is_refused_by_name(declared: dict[str, Any], options: list[str]) -> None:
    problems = _elbv2_rules.problems({**RULE, **declared})
    assert [problem.partition(":")[0] for problem in problems] == options


@pytest.mark.parametrize(
    ("condition", "option", "value"),
    [
        ({"Field": "path-pattern", "Values": ["/b", "/a"]}, "path_patterns", ["/a", "/b"]),
        (
            {"Field": "path-pattern", "Values": ["/a"], "PathPatternConfig": {"Values": ["/a"]}},
            "path_patterns",
            ["/a"],
        ),
        ({"Field": "host-header", "HostHeaderConfig": {"Values": ["h"]}}, "host_headers", ["h"]),
        (
            {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "x", "Values": ["b", "a"]}},
            "http_header",
            {"http_header_name": "x", "values": ["a", "b"]},
        ),
    ],
)
def test_conditions_are_read_in_each_of_aws_s_spellings(condition: dict[str, Any], option: str, value: Any) -> None:
    entry = {"RuleArn": "arn", "Priority": "7", "Conditions": [condition], "Actions": [{"Type": "forward"}]}
    found = _elbv2_rules.observed(entry)
    assert found[option] == value
    assert found["priority"] == 7


@pytest.mark.parametrize(
    ("action", "weights"),
    [
        ({"Type": "forward", "TargetGroupArn": "blue"}, {"blue": 1}),
        ({"ForwardConfig": {"TargetGroups": [{"TargetGroupArn": "blue"}]}, "TargetGroupArn": "blue"}, {"blue": 1}),
        (
            {"ForwardConfig": {"TargetGroups": [{"TargetGroupArn": n, "Weight": w} for n, w in (("b", 2), ("a", 0))]}},
            {"a": 0, "b": 2},
        ),
        ({"Type": "redirect"}, {}),
    ],
)
def test_weights_are_read_in_each_of_aws_s_spellings(action: dict[str, Any], weights: dict[str, int]) -> None:
    found = _elbv2_rules.observed({"RuleArn": "arn", "Priority": "1", "Conditions": [], "Actions": [action]})
    assert found["weights"] == weights
    assert found["target_groups"] == sorted(weights)


def test_what_is_written_reads_as_declared() -> None:
    declared = {**RULE, "host_headers": ["h"], "http_header": HEADER, "url_rewrite": {"regex": "^/x", "replace": "/"}}
    desired = _elbv2_rules.desired(declared)
    entry = {
        "RuleArn": "arn",
        "Priority": "10",
        "Conditions": _elbv2_rules.conditions(desired),
        "Actions": [_elbv2_rules.forward(_elbv2_rules.weights(declared))],
        "Transforms": _elbv2_rules.transforms(desired["url_rewrite"]),
    }
    assert _plan.differences(desired, _elbv2_rules.observed(entry)) == []


def test_only_rules_that_exist_elsewhere_move() -> None:
    wanted = {"new": {"priority": 1}, "stays": {"priority": 2}, "moves": {"priority": 3}}
    found = {name: {"priority": 2, "rule_arn": f"arn-{name}"} for name in ("stays", "moves", "other")}
    assert _elbv2_rules.moves(wanted, found) == [{"RuleArn": "arn-moves", "Priority": 3}]


@pytest.mark.parametrize(
    ("declared", "keys"),
    [
        ({}, set()),
        ({"priority": 11}, set()),
        ({"path_patterns": ["/y"]}, {"Conditions"}),
        ({"target_groups": [{"target_group_arn": "green", "weight": 1}]}, {"Actions"}),
        ({"url_rewrite": {"regex": "a", "replace": "b"}}, {"Transforms"}),
        ({"url_rewrite": {"regex": None, "replace": None}}, {"ResetTransforms"}),
    ],
)
def test_only_what_changes_is_sent(declared: dict[str, Any], keys: set[str]) -> None:
    rewrite = {"regex": "^/x", "replace": "/"}
    before = {**_elbv2_rules.desired({**RULE, "url_rewrite": rewrite}), "rule_arn": "arn"}
    item = {**RULE, **declared}
    plan = _plan.plan("rule", _elbv2_rules.desired(item), before)
    assert set(_elbv2_rules.modification(plan, _elbv2_rules.weights(item))) == keys


def test_conditions_that_nobody_declared_stay_when_others_change() -> None:
    before = _elbv2_rules.desired({**RULE, "host_headers": ["h"]})
    plan = _plan.plan("rule", _elbv2_rules.desired({**RULE, "path_patterns": ["/y"]}), before)
    fields = [condition["Field"] for condition in _elbv2_rules.modification(plan, {})["Conditions"]]
    assert fields == ["path-pattern", "host-header"]
