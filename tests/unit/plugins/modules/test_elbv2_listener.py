# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _plan, _wait
from ansible_collections.uex.payments.plugins.modules import elbv2_listener
from ansible_collections.uex.payments.plugins.modules.elbv2_listener import Listener
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account, Connect, Contract, Subject
from ansible_collections.uex.payments.tests.support.edge import certificate, load_balancer, network, without_pauses

NOW = datetime.datetime.now(datetime.UTC)
REDIRECT = dict.fromkeys(("protocol", "port", "host", "path", "query", "status_code"))
TO_HTTPS = {**REDIRECT, "protocol": "HTTPS", "port": "443", "status_code": "HTTP_301"}
NOT_FOUND = {"status_code": "404", "content_type": "text/plain", "message_body": None}
PARTS = dict.fromkeys(("redirect_config", "fixed_response_config", "target_group_arn"))
REDIRECTED = {**PARTS, "type": "redirect", "redirect_config": TO_HTTPS}
ANSWERED = {**PARTS, "type": "fixed-response", "fixed_response_config": NOT_FOUND}


def item(name: str, port: int, protocol: str, action: dict[str, Any], **declared: Any) -> dict[str, Any]:
    base = {"name": name, "port": port, "protocol": protocol, "default_action": action, "tags": None}
    return {**base, "ssl_policy": None, "certificate_arn": None, **declared}


def sample(connect: Connect) -> dict[str, Any]:
    secure = {
        "ssl_policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "certificate_arn": certificate(connect, NOW),
    }
    return {
        "load_balancer_arn": load_balancer(connect, network(connect)),
        "listeners": [
            item("uex-payments-test-https", 443, "HTTPS", ANSWERED, **secure),
            item("uex-payments-test-http", 80, "HTTP", REDIRECTED),
        ],
    }


CONTRACT = Contract(
    Listener,
    sample,
    change={"default_action": {**ANSWERED, "fixed_response_config": {**NOT_FOUND, "status_code": "503"}}},
    unset=("ssl_policy",),
)


@pytest.fixture
def subject(aws: None) -> Subject:
    made = Subject(CONTRACT, Account())
    assert made.run().failed == []
    return made


@pytest.mark.parametrize(
    ("declared", "options"),
    [
        (item("x", 80, "HTTP", REDIRECTED), []),
        (item("x", 443, "HTTPS", ANSWERED), ["certificate_arn"]),
        (item("x", 443, "HTTPS", ANSWERED, certificate_arn="arn"), []),
        (item("x", 80, "HTTP", ANSWERED, certificate_arn="arn", ssl_policy="p"), ["certificate_arn", "ssl_policy"]),
        (item("x", 80, "HTTP", {**PARTS, "type": "redirect"}), ["default_action.redirect_config"]),
        (item("x", 80, "HTTP", {**REDIRECTED, "type": "forward"}), ["default_action.target_group_arn"]),
    ],
)
def test_what_does_not_fit_is_refused_by_name(declared: dict[str, Any], options: list[str]) -> None:
    problems = Listener(lambda service: None, {}).validate(declared)
    assert [problem.partition(":")[0] for problem in problems] == options


@pytest.mark.parametrize(
    ("tags", "by_port", "name"),
    [
        ({"Name": "tagged"}, {443: "declared"}, "declared"),
        ({"Name": "tagged"}, {80: "declared"}, "tagged"),
        ({}, {}, "arn"),
    ],
)
def test_a_listener_is_known_by_its_port_first(tags: dict[str, str], by_port: dict[int, str], name: str) -> None:
    assert elbv2_listener.listener_name({"Port": 443, "ListenerArn": "arn"}, tags, by_port) == name


def test_a_listener_moves_to_another_port(subject: Subject) -> None:
    secure, plain = subject.items
    moved = subject.with_items([secure, {**plain, "port": 8080}])
    outcome = subject.run(**moved)
    assert outcome.failed == []
    assert [(plan.name, plan.verb) for plan in outcome.done] == [(plain["name"], _plan.UPDATE)]
    assert outcome.resources[plain["name"]]["port"] == 8080


def test_someone_else_s_listener_on_a_declared_port_is_refused(aws: None) -> None:
    subject = Subject(CONTRACT, Account())
    subject.account.connect("elbv2").create_listener(
        LoadBalancerArn=subject.options["load_balancer_arn"],
        Port=80,
        Protocol="HTTP",
        DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
    )
    assert [(error.name, error.code) for error in subject.run().failed] == [("uex-payments-test-http", "NotOurs")]


def test_nothing_is_asked_of_a_load_balancer_that_is_to_come() -> None:
    options = {"load_balancer_arn": _plan.UNKNOWN, "listeners": [], "tags": TAGS}
    assert Listener(lambda service: pytest.fail("a call"), options).observe() == {}


def test_a_certificate_that_is_being_validated_is_waited_for_and_its_records_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record = {"Name": "_a.pay.example.com.", "Type": "CNAME", "Value": "_b.acm-validations.aws."}
    pending = {"Status": "PENDING_VALIDATION", "DomainValidationOptions": [{"ResourceRecord": record}, {}]}
    answers = [pending, pending, {"Status": "ISSUED"}]
    said: list[str] = []

    class Client:
        def describe_certificate(self, CertificateArn: str) -> dict[str, Any]:
            return {"Certificate": answers.pop(0)}

    def until(check: Any, done: Any, what: str, *limits: float) -> None:
        said.append(what)
        without_pauses(check, done, what, *limits)

    monkeypatch.setattr(_wait, "until", until)
    Listener(lambda service: Client(), {})._wait_for_certificate("arn:aws:acm:us-east-1:123456789012:certificate/1")
    assert answers == []
    assert "_a.pay.example.com. CNAME _b.acm-validations.aws." in said[0]


@pytest.mark.parametrize("arn", [None, "arn:aws:iam::123456789012:server-certificate/x"])
def test_no_other_certificate_is_waited_for(arn: str | None) -> None:
    Listener(lambda service: pytest.fail("a call"), {})._wait_for_certificate(arn)
