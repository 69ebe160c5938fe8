# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _plan
from ansible_collections.uex.payments.plugins.modules.route53_health_check import HealthCheck
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject


def item(name: str, **declared: Any) -> dict[str, Any]:
    base = {"name": name, "type": "HTTPS", "fully_qualified_domain_name": "pay.example.com", "port": 443, "tags": None}
    timing = {"request_interval": 30, "failure_threshold": 3, "measure_latency": None}
    return {**base, **timing, "resource_path": None, "search_string": None, **declared}


def sample(connect: Connect) -> dict[str, Any]:
    return {
        "health_checks": [
            item("uex-payments-test-https", resource_path="/client/health"),
            item("uex-payments-test-tcp", type="TCP"),
            item("uex-payments-test-text", type="HTTPS_STR_MATCH", search_string="ok", resource_path="/"),
        ]
    }


CONTRACT = Contract(
    HealthCheck, sample, change={"resource_path": "/ready", "failure_threshold": 5}, unset=("measure_latency",)
)


@pytest.mark.parametrize(
    ("declared", "options"),
    [
        ({}, []),
        ({"type": "HTTPS_STR_MATCH"}, ["search_string"]),
        ({"search_string": "ok"}, ["search_string"]),
        ({"type": "TCP", "resource_path": "/"}, ["resource_path"]),
        ({"failure_threshold": 0}, ["failure_threshold"]),
        ({"failure_threshold": 11}, ["failure_threshold"]),
    ],
)
def test_what_aws_would_refuse_is_refused_by_name(declared: dict[str, Any], options: list[str]) -> None:
    problems = HealthCheck(lambda service: None, {}).validate(item("check", **declared))
    assert [problem.partition(":")[0] for problem in problems] == options


def test_what_aws_cannot_change_replaces_the_health_check(aws: None) -> None:
    subject = Subject(CONTRACT, Account())
    before = subject.run().resources
    first, *others = subject.items
    outcome = subject.run(**subject.with_items([{**first, "request_interval": 10}, *others]))
    assert outcome.failed == []
    assert [(plan.name, plan.verb) for plan in outcome.done] == [(first["name"], _plan.REPLACE)]
    assert outcome.resources[first["name"]]["health_check_id"] != before[first["name"]]["health_check_id"]
