# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _elbv2_rules, _plan

RULE = {
    "name": "rule",
    "port": 443,
    "priority": 10,
    "path_patterns": ["/x/*", "/x"],
    **dict.fromkeys(("host_headers", "source_ips", "http_request_methods", "http_headers", "query_strings")),
    **dict.fromkeys(("redirect_config", "fixed_response_config", "target_group_stickiness")),
    "target_groups": [{"target_group_arn": "blue", "weight": 1}],
    "ignore_weights": False,
    "url_rewrite": None,
}
HEADERS = [
    {"http_header_name": "x-uex-test", "values": ["b", "a"]},
    {"http_header_name": "X-Partner", "values": ["c"]},
]
SORTED = [
    {"http_header_name": "X-Partner", "values": ["c"]},
    {"http_header_name": "x-uex-test", "values": ["a", "b"]},
]
RESPONSE = {"status_code": "503", "content_type": "text/html", "message_body": "closed"}
REDIRECT = {"protocol": None, "port": None, "host": "b", "path": None, "query": None, "status_code": "HTTP_302"}


@pytest.mark.parametrize(
    ("declared", "options"),
    [
        ({}, []),
        ({"priority": 0}, ["priority"]),
        ({"priority": 50001}, ["priority"]),
        ({"path_patterns": None}, ["path_patterns"]),
        ({"path_patterns": None, "http_headers": HEADERS}, []),
        ({"path_patterns": ["/a", "/b"], "host_headers": ["a"], "http_headers": HEADERS}, ["path_patterns"]),
        ({"source_ips": ["a", "b"], "http_request_methods": ["GET", "PUT"]}, ["path_patterns"]),
        ({"query_strings": [{"key": None, "value": str(each)} for each in range(4)]}, ["path_patterns"]),
        ({"target_groups": []}, ["target_groups"]),
        ({"fixed_response_config": RESPONSE}, ["target_groups"]),
        ({"target_groups": None, "fixed_response_config": RESPONSE}, []),
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
            "http_headers",
            [{"http_header_name": "x", "values": ["a", "b"]}],
        ),
        ({"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.0/8"]}}, "source_ips", ["10.0.0.0/8"]),
        (
            {"Field": "query-string", "QueryStringConfig": {"Values": [{"Value": "v"}, {"Key": "k", "Value": "v"}]}},
            "query_strings",
            [{"value": "v"}, {"key": "k", "value": "v"}],
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


@pytest.mark.parametrize(
    "declared",
    [
        {"host_headers": ["h"], "http_headers": HEADERS, "url_rewrite": {"regex": "^/x", "replace": "/"}},
        {"source_ips": ["10.0.0.0/8"], "http_request_methods": ["PUT", "GET"]},
        {"path_patterns": None, "query_strings": [{"key": "b", "value": "1"}, {"key": None, "value": "a"}]},
        {"target_groups": [{"target_group_arn": "a", "weight": 1}, {"target_group_arn": "b", "weight": 2}]},
        {"target_group_stickiness": 60},
        {"target_group_stickiness": 0},
        {"target_groups": None, "fixed_response_config": RESPONSE},
        {"target_groups": None, "redirect_config": REDIRECT},
    ],
)
def test_what_is_written_reads_as_declared(declared: dict[str, Any]) -> None:
    item = {**RULE, **declared}
    desired = _elbv2_rules.desired(item)
    entry = {
        "RuleArn": "arn",
        "Priority": "10",
        "Conditions": _elbv2_rules.conditions(desired),
        "Actions": [_elbv2_rules.action(desired, _elbv2_rules.weights(item))],
        "Transforms": _elbv2_rules.transforms(desired["url_rewrite"]),
    }
    assert _plan.differences(desired, {**_elbv2_rules.observed(entry), "port": 443}) == []


def test_only_rules_that_exist_elsewhere_move() -> None:
    priorities = {"new": 1, "stays": 2, "moves": 3, "elsewhere": 3}
    wanted = {name: {"priority": each, "port": 443} for name, each in priorities.items()}
    found = {name: {"priority": 2, "port": 443, "rule_arn": f"arn-{name}"} for name in ("stays", "moves", "other")}
    found["elsewhere"] = {"priority": 2, "port": 8443, "rule_arn": "arn-elsewhere"}
    assert _elbv2_rules.moves(wanted, found) == [{"RuleArn": "arn-moves", "Priority": 3}]


@pytest.mark.parametrize(
    ("declared", "keys"),
    [
        ({}, set()),
        ({"priority": 11}, set()),
        ({"path_patterns": ["/y"]}, {"Conditions"}),
        ({"target_groups": [{"target_group_arn": "green", "weight": 1}]}, {"Actions"}),
        ({"target_groups": None, "fixed_response_config": RESPONSE}, {"Actions"}),
        ({"target_group_stickiness": 60}, {"Actions"}),
        ({"http_headers": HEADERS, "source_ips": ["10.0.0.0/8"]}, {"Conditions"}),
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


BLUE, GREEN = {"target_group_arn": "blue", "weight": 1}, {"target_group_arn": "green", "weight": 0}
SHIFTED = {**RULE, "target_groups": [BLUE, GREEN], "ignore_weights": True}


def seen(weights: dict[str, int]) -> dict[str, Any]:
    groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weights.items()]
    entry = {
        "RuleArn": "arn",
        "Priority": "10",
        "Conditions": [{"Field": "path-pattern", "Values": ["/x", "/x/*"]}],
        "Actions": [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}],
    }
    return {**_elbv2_rules.observed(entry), "port": 443}


@pytest.mark.parametrize(
    ("item", "weights", "written"),
    [
        (SHIFTED, {"blue": 1, "green": 0}, None),
        (SHIFTED, {"blue": 0, "green": 100}, None),
        (SHIFTED, {"blue": 60, "green": 40}, None),
        (SHIFTED, {"green": 100}, None),  # who shifts left the other one out
        (SHIFTED, {"blue": 1}, None),  # deployed rolling until now: who shifts puts the other one in
        (SHIFTED, {"old": 1}, {"blue": 1, "green": 0}),
        (SHIFTED, {"old": 0, "green": 100}, {"blue": 0, "green": 100}),
        (SHIFTED, {}, {"blue": 1, "green": 0}),
        (RULE, {"blue": 1}, None),
        (RULE, {"blue": 100, "green": 0}, {"blue": 1}),  # deployed rolling again
        (RULE, {"old": 1}, {"blue": 1}),
    ],
)
def test_weights_of_somebody_else_are_no_difference_and_are_kept_when_target_groups_change(
    item: dict[str, Any], weights: dict[str, int], written: dict[str, int] | None
) -> None:
    before = _elbv2_rules.delegated(seen(weights), item)
    plan = _plan.plan("rule", _elbv2_rules.desired(item), before)
    arguments = _elbv2_rules.modification(plan, _elbv2_rules.weights(item))
    actions = arguments.get("Actions")
    assert (_elbv2_rules.observed({**ENTRY, "Actions": actions})["weights"] if actions else None) == written
    assert (plan.verb == _plan.KEEP) is (written is None)


ENTRY: dict[str, Any] = {"RuleArn": "arn", "Priority": "10", "Conditions": []}


@pytest.mark.parametrize(
    ("item", "weights", "refused"),
    [
        (RULE, {"blue": 0, "green": 100}, True),
        (RULE, {"blue": 1, "green": 99}, False),
        (RULE, {"blue": 0}, False),
        (RULE, {"old": 1}, False),
        (SHIFTED, {"blue": 0, "green": 100}, False),
        ({**RULE, "target_groups": None, "fixed_response_config": RESPONSE}, {"blue": 0, "green": 1}, False),
    ],
)
def test_production_is_not_sent_to_a_target_group_that_has_no_tasks(
    item: dict[str, Any], weights: dict[str, int], refused: bool
) -> None:
    plan = _plan.plan("rule", _elbv2_rules.desired(item), seen(weights))
    objection = _elbv2_rules.objection(plan, {})
    assert bool(objection) is refused
