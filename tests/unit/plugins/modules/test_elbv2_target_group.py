# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _elbv2
from ansible_collections.uex.payments.plugins.modules import elbv2_target_group
from ansible_collections.uex.payments.plugins.modules.elbv2_target_group import TargetGroup
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject
from ansible_collections.uex.payments.tests.support.edge import network

CHECK = {"path": "/health", "interval": 15, "timeout": 5, "healthy_threshold": 2, "unhealthy_threshold": 3}
UNSET = ("health_check", *_elbv2.TARGET_GROUP)


def item(name: str, **declared: Any) -> dict[str, Any]:
    fixed = {"name": name, "protocol": "HTTP", "port": 3900, "target_type": "ip", "tags": None}
    return {**fixed, **dict.fromkeys(UNSET), **declared}


def sample(connect: Connect) -> dict[str, Any]:
    declared = {
        "health_check": {**CHECK, "matcher": "200-299"},
        "deregistration_delay": 60,
        "load_balancing_algorithm": "least_outstanding_requests",
        "slow_start": 0,
        "stickiness": True,
        "stickiness_duration": 3600,
    }
    names = ("presentation", "client-tier")
    groups = [item(f"uex-payments-test-{name}", **declared) for name in names]
    return {"vpc_id": network(connect).vpc_id, "target_groups": groups}


CONTRACT = Contract(
    TargetGroup,
    sample,
    change={"health_check": {**CHECK, "path": "/ready", "matcher": "200"}, "deregistration_delay": 30},
    unset=UNSET,
)


@pytest.mark.parametrize(
    ("changed", "options"),
    [
        ({}, []),
        ({"interval": 4, "timeout": 2}, ["health_check.interval"]),
        ({"timeout": 15}, ["health_check.timeout"]),
        ({"interval": None, "timeout": 120}, []),
        ({"timeout": None}, []),
        (
            {"healthy_threshold": 1, "unhealthy_threshold": 11},
            ["health_check.healthy_threshold", "health_check.unhealthy_threshold"],
        ),
    ],
)
def test_a_health_check_that_aws_would_refuse_is_refused_by_name(changed: dict[str, Any], options: list[str]) -> None:
    problems = elbv2_target_group.health_check_problems({**CHECK, **changed})
    assert [problem.partition(":")[0] for problem in problems] == options


@pytest.mark.parametrize(
    ("declared", "options"),
    [
        ({"slow_start": 30, "load_balancing_algorithm": "weighted_random"}, ["slow_start"]),
        ({"slow_start": 30, "load_balancing_algorithm": "round_robin"}, []),
        ({"slow_start": 0, "load_balancing_algorithm": "weighted_random"}, []),
        ({"name": "uex-payments-staging-management-backend"}, ["name"]),
        ({"stickiness_duration": 0}, ["stickiness_duration"]),
        ({"stickiness_duration": 604801}, ["stickiness_duration"]),
        ({"stickiness_duration": 604800}, []),
    ],
)
def test_what_aws_would_refuse_is_refused_by_name(declared: dict[str, Any], options: list[str]) -> None:
    problems = TargetGroup(lambda service: None, {}).validate(item("group") | declared)
    assert [problem.partition(":")[0] for problem in problems] == options


def test_only_what_is_declared_of_a_health_check_is_sent() -> None:
    assert elbv2_target_group.health_check_request(None) == {}
    assert elbv2_target_group.health_check_request({"path": "/x", "timeout": None, "matcher": "200"}) == {
        "HealthCheckPath": "/x",
        "Matcher": {"HttpCode": "200"},
    }


@pytest.mark.parametrize("changed", [{"protocol": "HTTPS"}, {"target_type": "instance"}])
def test_what_aws_cannot_change_is_refused_as_its_targets_would_be_lost(aws: None, changed: dict[str, Any]) -> None:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    first, *others = subject.items
    outcome = subject.run(check_mode=True, **subject.with_items([{**first, **changed}, *others]))
    assert [error.code for error in outcome.failed] == ["Frozen"]


def test_another_port_changes_nothing_as_each_target_names_its_own(aws: None) -> None:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    first, *others = subject.items
    outcome = subject.run(check_mode=True, **subject.with_items([{**first, "port": 3901}, *others]))
    assert {plan.verb for plan in outcome.plans} == {"keep"}
