# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _plan
from ansible_collections.uex.payments.plugins.modules.elbv2_listener_rule import Rule
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject
from ansible_collections.uex.payments.tests.support.edge import load_balancer, network

UNSET = (
    *("host_headers", "source_ips", "http_request_methods", "http_headers", "query_strings", "url_rewrite"),
    *("redirect_config", "fixed_response_config", "target_group_stickiness"),
)


def item(name: str, priority: int, arns: list[str], **declared: Any) -> dict[str, Any]:
    paths = [f"/{name}", f"/{name}/*"]
    groups = [{"target_group_arn": arn, "weight": 1} for arn in arns]
    base = {"name": f"uex-payments-test-{name}", "priority": priority, "path_patterns": paths, "target_groups": groups}
    return {**base, **dict.fromkeys(UNSET), "port": 80, "ignore_weights": False, "tags": None, **declared}


def target_group(connect: Connect, vpc_id: str, name: str) -> str:
    created = connect("elbv2").create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=vpc_id, TargetType="ip")
    return str(created["TargetGroups"][0]["TargetGroupArn"])


def listener(connect: Connect, balancer: str, port: int) -> None:
    answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    connect("elbv2").create_listener(LoadBalancerArn=balancer, Port=port, Protocol="HTTP", DefaultActions=[answer])


def sample(connect: Connect) -> dict[str, Any]:
    made = network(connect)
    balancer = load_balancer(connect, made)
    for port in (80, 8080):
        listener(connect, balancer, port)
    blue, green = (target_group(connect, made.vpc_id, name) for name in ("blue", "green"))
    rewrite = {"regex": "^/presentation/?(.*)$", "replace": "/$1"}
    headers = [{"http_header_name": "x-uex-test", "values": ["green"]}]
    conditions = {"host_headers": ["pay.example.com"], "http_headers": headers, "source_ips": ["10.0.0.0/8"]}
    closed = {"status_code": "503", "content_type": "application/json", "message_body": "{}"}
    return {
        "load_balancer_arn": balancer,
        "retired": [],
        "rules": [
            item("presentation", 10, [blue], url_rewrite=rewrite),
            item("client", 20, [green], path_patterns=["/c"], **conditions),
            item("management", 30, [blue, green]),
            item("elsewhere", 10, [green], port=8080),
            item("closed", 1, [], target_groups=None, fixed_response_config=closed, port=8080),
        ],
    }


CONTRACT = Contract(
    Rule,
    sample,
    change={"path_patterns": ["/presentation"], "url_rewrite": {"regex": None, "replace": None}},
    unset=("url_rewrite",),
)


@pytest.fixture
def subject(aws: None) -> Subject:
    made = Subject(CONTRACT, Account())
    assert made.run().failed == []
    made.account.written()
    return made


def test_rules_swap_priorities_in_one_call_and_one_more_takes_a_priority_that_becomes_free(subject: Subject) -> None:
    first, second, third, other, closed = subject.items
    arns = [group["target_group_arn"] for group in third["target_groups"]]
    moved = [{**first, "priority": 20}, {**second, "priority": 10}, {**third, "priority": 40}, item("new", 30, arns)]
    moved += [{**other, "priority": 1}, {**closed, "priority": 10}]
    outcome = subject.run(**subject.with_items(moved))
    assert outcome.failed == []
    calls = [operation for _service, operation in subject.account.written()]
    assert sorted(calls) == ["CreateRule", "SetRulePriorities", "SetRulePriorities"]  # one a listener
    assert [outcome.resources[each["name"]]["priority"] for each in moved] == [20, 10, 40, 30, 1, 10]


def test_weights_that_somebody_else_owns_are_neither_compared_nor_written_back(subject: Subject) -> None:
    *others, last = subject.items[:3]
    arn, (blue, green) = rule_arn(subject, last), [group["target_group_arn"] for group in last["target_groups"]]
    shifted = [{"TargetGroupArn": blue, "Weight": 0}, {"TargetGroupArn": green, "Weight": 100}]
    subject.account.connect("elbv2").modify_rule(
        RuleArn=arn, Actions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": shifted}}]
    )
    ignoring = {**last, "ignore_weights": True}
    assert subject.run(**subject.with_items([*others, ignoring])).done == []
    outcome = subject.run(**subject.with_items([*others, {**ignoring, "path_patterns": ["/m"]}]))
    assert outcome.resources[last["name"]]["weights"] == {blue: 0, green: 100}
    dropped = {"Type": "forward", "TargetGroupArn": green}
    subject.account.connect("elbv2").modify_rule(RuleArn=arn, Actions=[dropped])
    assert subject.run(**subject.with_items([*others, {**ignoring, "path_patterns": ["/m"]}])).done == []
    assert subject.run().resources[last["name"]]["weights"] == {blue: 1, green: 1}


def rule_arn(subject: Subject, declared: dict[str, Any]) -> str:
    return str(subject.resource().observe()[declared["name"]]["rule_arn"])


def test_only_pruning_touches_nothing_that_is_declared(subject: Subject) -> None:
    first, second, _third, *others = subject.items
    changed = subject.with_items([{**first, "priority": 11}, second, *others])
    for prune, names in ((False, []), (True, ["uex-payments-test-management"])):
        outcome = subject.run(prune=prune, only_prune=True, **changed)
        assert [(plan.name, plan.verb) for plan in outcome.done] == [(name, _plan.DELETE) for name in names]
    assert subject.resource().observe()[first["name"]]["priority"] == 10


def test_what_is_retired_goes_without_pruning_and_nothing_else_does(subject: Subject) -> None:
    *others, closed = subject.items
    kept = subject.with_items(others[:-1])
    outcome = subject.run(retired=[closed["name"], others[0]["name"], "never there"], **kept)
    assert [(plan.name, plan.verb) for plan in outcome.done] == [(closed["name"], _plan.DELETE)]
    assert subject.run(retired=[closed["name"]], **kept).done == []


@pytest.mark.parametrize("moves", [False, True])
def test_a_priority_that_a_rule_declared_no_more_has_is_refused_before_anything_is_done(
    subject: Subject, moves: bool
) -> None:
    first, second, *others = subject.items
    renamed = {**second, "priority": 10} if moves else {**first, "name": "uex-payments-test-renamed"}
    wanted = subject.with_items([renamed, *others] if moves else [renamed, second, *others])
    for check_mode in (True, False):
        outcome = subject.run(check_mode=check_mode, **wanted)
        assert [failure.name for failure in outcome.failed] == [renamed["name"]]
        assert f"priority 10 of port 80 is that of the rule {first['name']}" in str(outcome.failed[0])
    assert subject.account.written() == []
    outcome = subject.run(prune=True, **wanted)
    assert outcome.failed == [] and outcome.resources[renamed["name"]]["priority"] == 10


def test_a_priority_of_somebody_else_s_rule_is_refused_whether_we_prune_or_not(subject: Subject) -> None:
    arn = rule_arn(subject, subject.items[0])
    subject.account.connect("elbv2").remove_tags(ResourceArns=[arn], TagKeys=["Name", "Project", "Environment"])
    first, *others = subject.items
    renamed = subject.with_items([{**first, "name": "uex-payments-test-renamed"}, *others])
    for prune in (False, True):
        (failure,) = subject.run(prune=prune, **renamed).failed
        assert f"is that of the rule {arn}, which is not declared" in str(failure)


def test_a_rule_goes_to_another_listener(subject: Subject) -> None:
    first, *others = subject.items
    outcome = subject.run(**subject.with_items([{**first, "port": 8080, "priority": 2}, *others]))
    assert [(plan.name, plan.verb) for plan in outcome.done] == [(first["name"], _plan.REPLACE)]
    assert outcome.resources[first["name"]]["port"] == 8080


def test_requests_that_somebody_shifted_are_not_sent_back_to_where_no_tasks_are(subject: Subject) -> None:
    *others, last = subject.items[:3]
    blue, green = (group["target_group_arn"] for group in last["target_groups"])
    shifted = [{"TargetGroupArn": blue, "Weight": 0}, {"TargetGroupArn": green, "Weight": 100}]
    subject.account.connect("elbv2").modify_rule(
        RuleArn=rule_arn(subject, last), Actions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": shifted}}]
    )
    rolling = {**last, "target_groups": [{"target_group_arn": blue, "weight": 1}]}
    outcome = subject.run(**subject.with_items([*others, rolling]))
    assert [error.name for error in outcome.failed] == [last["name"]]
    assert "green" in str(outcome.failed[0])


def test_nothing_is_asked_of_a_listener_that_is_to_come() -> None:
    options = {"load_balancer_arn": _plan.UNKNOWN, "rules": [], "tags": {}}
    assert Rule(lambda service: pytest.fail("a call"), options).observe() == {}
