# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import time
from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _health, _health_edge
from ansible_collections.uex.payments.plugins.module_utils._preflight import FAILED, UNKNOWN
from ansible_collections.uex.payments.plugins.modules import stack_health
from ansible_collections.uex.payments.tests.support import health, plugins
from ansible_collections.uex.payments.tests.support.contract import Account


def run(check_mode: bool = False, **changed: Any) -> dict[str, Any]:
    return plugins.run_module(stack_health, {**health.REQUIRED, **changed}, check_mode)


def states(result: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["state"] for each in result["checks"]}


def test_of_an_empty_account_everything_is_missing_and_said(aws: None) -> None:
    result = run()
    assert (result["verdict"], result["changed"], result["told"]) == (_health.UNHEALTHY, False, [])
    assert {name for name, state in states(result).items() if state == FAILED} == {
        "Load balancer",
        "Targets of one",
        "Service one",
        "Certificate",
        "Database uex-payments-test-db",
        "Cache uex-payments-test-redis",
        "Alarms",
        "Paths",
    }
    assert UNKNOWN not in states(result).values()


def test_a_check_finds_the_same(aws: None) -> None:
    assert states(run()) == states(run(check_mode=True))


def test_a_denied_read_is_never_well(aws: None) -> None:
    account = Account()
    account.deny_reads = True
    checks = [*stack_health.CHECKS, *_health_edge.REQUESTS]
    results = _health.carry_out(checks, account.connect, health.options(), 20)
    assert {row.state for _subject, row in results} == {UNKNOWN}
    assert len(results) == len(checks)
    assert all(" is denied" in row.found and row.advice for _subject, row in results)
    assert _health.verdict(results, [FAILED]) == UNKNOWN


def test_wrong_options_are_refused_before_the_first_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_health, "connector", lambda module: pytest.fail("AWS was called"))
    result = run(timeout=40, uex_url="http://uex.example.com")
    assert result["failed"]
    assert "operations_health_check_deadline" in result["msg"]
    assert "operations_health_check_uex_url" in result["msg"]


def test_others_are_told_but_in_check_mode(aws: None) -> None:
    topic = f"{health.NAME}-critical"
    boto3.client("sns").create_topic(Name=topic)
    checked = run(check_mode=True, metric=True, topic=topic)
    assert (checked["told"], checked["changed"]) == ([], False)
    result = run(metric=True, topic=topic)
    assert (len(result["told"]), result["changed"]) == (2, True)


def test_a_topic_that_is_not_there_fails_with_what_was_found(aws: None) -> None:
    result = run(topic="nobody")
    assert (result["failed"], "--tags monitoring" in result["msg"]) == (True, True)
    assert result["checks"]


def test_reads_that_hang_end_with_the_deadline(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = _health.Check("lock", "Lock", "dynamodb", lambda *about: time.sleep(10), lambda found, options: [])
    monkeypatch.setattr(stack_health, "CHECKS", (hanging,))
    monkeypatch.setattr(_health_edge, "REQUESTS", ())
    begun = time.monotonic()
    result = run(deadline=1, timeout=0.5)
    assert states(result)["Lock"] == UNKNOWN
    assert time.monotonic() - begun < 8
