# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _elbv2, _plan, _wait
from ansible_collections.uex.payments.plugins.modules import elbv2_load_balancer
from ansible_collections.uex.payments.plugins.modules.elbv2_load_balancer import LoadBalancer
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject
from ansible_collections.uex.payments.tests.support.edge import log_bucket, network, without_pauses

UNSET = ("ip_address_type", *_elbv2.LOAD_BALANCER)


def item(name: str, **declared: Any) -> dict[str, Any]:
    return {"name": name, "scheme": "internet-facing", "tags": None, **dict.fromkeys(UNSET), **declared}


def sample(connect: Connect) -> dict[str, Any]:
    made = network(connect)
    declared = {
        "subnets": made.subnets,
        "security_groups": made.security_groups,
        "access_logs_enabled": True,
        "access_logs_bucket": log_bucket(connect, "uex-payments-test-alb-logs"),
        "access_logs_prefix": "alb",
        "connection_logs_enabled": True,
        "connection_logs_bucket": "uex-payments-test-alb-logs",
        "connection_logs_prefix": "connections",
        "health_check_logs_enabled": False,
        "client_keep_alive": 3600,
        "deletion_protection": False,
        "desync_mitigation_mode": "strictest",
        "drop_invalid_header_fields": True,
        "http2": True,
        "idle_timeout": 120,
    }
    return {"load_balancers": [item(f"uex-payments-test-{suffix}", **declared) for suffix in ("alb", "internal")]}


CONTRACT = Contract(LoadBalancer, sample, change={"idle_timeout": 30, "http2": False}, unset=UNSET)


@pytest.fixture
def subject(aws: None) -> Subject:
    made = Subject(CONTRACT, Account())
    assert made.run().failed == []
    return made


@pytest.mark.parametrize(
    ("declared", "options"),
    [
        ({}, []),
        ({"name": "x" * 33}, ["name"]),
        ({"name": "-alb"}, ["name"]),
        ({"name": "a--b"}, ["name"]),
        ({"access_logs_enabled": True}, ["access_logs_bucket"]),
        ({"access_logs_enabled": True, "access_logs_bucket": "logs"}, []),
        ({"connection_logs_enabled": True, "access_logs_bucket": "logs"}, ["connection_logs_bucket"]),
        ({"health_check_logs_enabled": True}, ["health_check_logs_bucket"]),
        ({"idle_timeout": 0}, ["idle_timeout"]),
        ({"idle_timeout": 4000, "client_keep_alive": 59}, ["client_keep_alive"]),
    ],
)
def test_what_aws_would_refuse_is_refused_by_name(declared: dict[str, Any], options: list[str]) -> None:
    resource = LoadBalancer(lambda service: None, {})
    problems = list(resource.validate(item("alb") | declared))
    assert [problem.partition(":")[0] for problem in problems] == options


def test_the_scheme_cannot_change(subject: Subject) -> None:
    first, *others = subject.items
    changed = subject.with_items([{**first, "scheme": "internal"}, *others])
    assert [error.code for error in subject.run(check_mode=True, **changed).failed] == ["Frozen"]


def test_subnets_and_security_groups_follow_the_declaration(subject: Subject) -> None:
    first, *others = subject.items
    groups = network(subject.account.connect, number=1)
    changed = {**first, "subnets": first["subnets"][:2], "security_groups": groups.security_groups}
    outcome = subject.run(**subject.with_items([changed, *others]))
    assert outcome.failed == []
    after = outcome.resources[first["name"]]
    assert after["subnets"] == sorted(first["subnets"][:2])
    assert after["security_groups"] == sorted(groups.security_groups)


def test_what_aws_is_making_is_waited_for_before_a_change() -> None:
    waits: list[tuple[str, str]] = []

    class Client:
        def get_waiter(self, name: str) -> Any:
            return SimpleNamespace(wait=lambda **arguments: waits.append((name, *arguments["LoadBalancerArns"])))

        def modify_load_balancer_attributes(self, **arguments: Any) -> None:
            waits.append(("modified", arguments["LoadBalancerArn"]))

    resource = LoadBalancer(lambda service: Client(), {"tags": {}, "load_balancers": []})
    before = {"load_balancer_arn": "arn", "ready": False, "idle_timeout": 60}
    resource.update("alb", _plan.plan("alb", {"idle_timeout": 30}, before))
    assert waits == [("load_balancer_available", "arn"), ("modified", "arn")]


def test_a_deletion_waits_for_the_network_interfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    left = [["eni-1"], []]
    asked: list[list[str]] = []
    resource = LoadBalancer(lambda service: None, {})
    monkeypatch.setattr(resource, "_interfaces", lambda names: asked.append(names) or left.pop(0))
    monkeypatch.setattr(_wait, "until", without_pauses)
    resource.settle([_plan.plan("alb", None, {"full_name": "app/alb/1"})])
    assert asked == [["app/alb/1"]] * 2
    assert left == []


@pytest.mark.parametrize(("state", "ready"), [("provisioning", False), ("active", True), ("failed", True)])
def test_a_load_balancer_is_ready_when_it_is_no_longer_being_made(state: str, ready: bool) -> None:
    entry = {
        "LoadBalancerArn": "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/alb/1",
        **dict.fromkeys(("DNSName", "CanonicalHostedZoneId", "Scheme", "IpAddressType"), ""),
        "AvailabilityZones": [{"SubnetId": "subnet-2"}, {"SubnetId": "subnet-1"}],
        "State": {"Code": state},
    }
    found = elbv2_load_balancer.properties(entry)
    assert found["ready"] is ready
    assert (found["full_name"], found["subnets"]) == ("app/alb/1", ["subnet-1", "subnet-2"])
