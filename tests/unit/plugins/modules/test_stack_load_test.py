# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.plugins.modules import stack_load_test
from ansible_collections.uex.payments.tests.support import plugins

OPTIONS = {"name": "uex-payments-test", "environment": "prod", "services": [{"name": "one", "path": "/one"}]}


def run(check_mode: bool = False, **changed: Any) -> dict[str, Any]:
    return plugins.run_module(stack_load_test, {**OPTIONS, **changed}, check_mode)


def test_production_and_wrong_options_are_refused_before_the_first_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_load_test, "connector", lambda module: pytest.fail("AWS was called"))
    result = run(users=0, address="127.0.0.1:1")
    assert result["failed"]
    assert all(each in result["msg"] for each in ("confirm=prod", "load_test_users", "load_test_address"))


def test_without_a_load_balancer_nothing_is_sent(aws: None) -> None:
    result = run(confirm="prod")
    assert (result["failed"], result["msg"]) == (True, "uex-payments-test-alb is not there: --tags edge makes it")


def test_behind_the_emulator_nobody_answers(aws: None) -> None:
    assert "make load-test" in run(emulated=True)["msg"]


def test_requests_go_to_the_environment_s_own_load_balancer(aws: None) -> None:
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    places = (("10.0.1.0/24", "us-east-1a"), ("10.0.2.0/24", "us-east-1b"))
    made = [ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone) for cidr, zone in places]
    subnets = [each["Subnet"]["SubnetId"] for each in made]
    (balancer,) = boto3.client("elbv2").create_load_balancer(Name="uex-payments-test-alb", Subnets=subnets)[
        "LoadBalancers"
    ]
    for result in (run(confirm="prod"), run(check_mode=True)):
        assert (result["url"], result["headers"]) == (f"https://{balancer['DNSName']}", {})
        assert set(result["options"]) == set(stack_load_test.SENT)


def test_another_url_asks_nothing_of_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_load_test, "connector", lambda module: pytest.fail("AWS was called"))
    assert run(confirm="prod", url="https://pay.example.com/")["url"] == "https://pay.example.com"
