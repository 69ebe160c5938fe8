# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime
from typing import Any

import pytest
import yaml

from ansible_collections.uex.payments.plugins.module_utils import _load_test as load
from ansible_collections.uex.payments.plugins.modules import stack_load_test

SERVICES = [{"name": "one", "path": "/one"}, {"name": "two", "path": "/api/two"}]
REQUIRED = {"name": "uex-payments-test", "environment": "staging", "services": SERVICES}
NOW = datetime.datetime(2026, 11, 27, 12, tzinfo=datetime.UTC)


def options(**changed: Any) -> dict[str, Any]:
    described = yaml.safe_load(stack_load_test.DOCUMENTATION)["options"]
    return {**{name: each.get("default") for name, each in described.items()}, **REQUIRED, **changed}


@pytest.mark.parametrize(
    ("environment", "confirm", "emulated", "refused"),
    [
        ("dev", "", False, False),
        ("staging", "", False, False),
        ("prod", "", False, True),
        ("prod", "dev", False, True),
        ("prod", "prod", False, False),
        ("prod", "", True, False),
    ],
)
def test_production_is_loaded_by_name_alone(environment: str, confirm: str, emulated: bool, refused: bool) -> None:
    said = load.refusal(options(environment=environment, confirm=confirm, emulated=emulated))
    assert bool(said) == refused
    assert "Nothing was sent" in said or not refused


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"users": 0}, "users"),
        ({"spawn_rate": 0}, "spawn_rate"),
        ({"duration": -1}, "duration"),
        ({"p95_ms": 0}, "p95_ms"),
        ({"availability": 101}, "availability"),
        ({"think_min": 3}, "think_min"),
        ({"weights": {"three": 1}}, "weights.three"),
        ({"weights": {"one": 1.5}}, "weights.one"),
        ({"weights": {"one": 0, "two": 0}}, "weights"),
        ({"paths": {"one": "x"}}, "paths.one"),
        ({"url": "pay.example.com"}, "url"),
        ({"url": "http://pay.example.com", "headers_stored_as": "load-test"}, "url"),
    ],
)
def test_what_is_refused_names_its_variable(changed: dict[str, Any], named: str) -> None:
    (problem,) = load.problems(options(**changed))
    assert problem.startswith(f"operations_load_test_{named}: ")


def test_what_is_fine() -> None:
    given = {"weights": {"one": 5, "two": 0}, "paths": {"one": "/one/x"}, "headers_stored_as": "load-test"}
    assert list(load.problems(options(**given, url="http://127.0.0.1:80"))) == []


@pytest.mark.parametrize(
    ("changed", "url", "headers"),
    [
        ({}, "https://alb.example", {}),
        ({"domain": "pay.example.com"}, "https://pay.example.com", {}),
        ({"domain": "pay.example.com", "address": "127.0.0.1:1"}, "https://127.0.0.1:1", {"Host": "pay.example.com"}),
        ({"address": "127.0.0.1:1"}, "https://127.0.0.1:1", {"Host": "alb.example"}),
        ({"domain": "pay.example.com", "url": "https://other.example/"}, "https://other.example", {}),
    ],
)
def test_where_requests_go(changed: dict[str, Any], url: str, headers: dict[str, str]) -> None:
    assert load.target(options(**changed), "alb.example") == (url, headers)


def test_what_locust_is_told() -> None:
    asked = load.asked(options(weights={"one": 3, "two": 0}, statuses=["200", "300-399"]), {"X": "y"})
    assert asked["requests"] == [{"name": "one", "path": "/one/", "weight": 3}]
    assert asked["statuses"] == [[200, 200], [300, 399]]
    assert (asked["headers"], asked["insecure"]) == ({"X": "y"}, False)
    assert "y" not in load.arguments(options(), "https://x", "r.html")


def numbers(sent: int = 1000, failed: int = 0, p95: float | None = 300) -> dict[str, Any]:
    times = {"p50_ms": 10, "p95_ms": p95, "p99_ms": 900}
    return {"requests": sent, "failures": failed, "requests_per_second": 5.0, **times}


@pytest.mark.parametrize(
    ("found", "misses"),
    [
        (numbers(), []),
        (numbers(failed=1), []),
        (numbers(p95=1999), []),
        (numbers(failed=2), ["availability of 99.80 % is below 99.9 % (2 of 1000 failed)"]),
        (numbers(p95=2000), ["p95 of 2000 ms is not below 2000 ms"]),
        (numbers(sent=0, p95=None), ["no request was sent"]),
    ],
)
def test_criteria(found: dict[str, Any], misses: list[str]) -> None:
    assert load.misses(found, options()) == misses


def document(one: dict[str, Any], width: int = 120) -> tuple[dict[str, Any], list[str]]:
    errors = [{"name": "one", "error": "status 500", "times": 2}]
    result = {"paths": {"one": one, "two": numbers()}, "all": numbers(2000), "errors": errors}
    found = load.document(options(), "https://x", result, NOW)
    return found, load.table(found, width)


def test_one_path_that_misses_fails_all_of_it() -> None:
    found, lines = document(numbers(failed=2, p95=2400))
    assert found["verdict"] == load.FAILED
    assert [each["name"] for each in found["results"]] == ["one", "two", "all"]
    assert load.total(found).startswith("Load test of staging failed: one: p95 of 2400 ms")
    assert any(line.split()[0] == "one" and line.endswith("FAILED") for line in lines)
    assert "  2 x one: status 500" in lines


def test_a_path_that_nobody_asked_is_no_success() -> None:
    found = load.document(options(), "https://x", {"paths": {}, "all": numbers(0, 0, None), "errors": []}, NOW)
    assert found["verdict"] == load.FAILED
    assert all(each["misses"] == ["no request was sent"] for each in found["results"])


def test_what_passes_and_a_narrow_table() -> None:
    found, lines = document(numbers(), 80)
    assert (found["verdict"], load.total(found)) == (load.PASSED, "Load test of staging passed")
    assert max(map(len, lines)) <= 80


def test_what_it_is_going_to_do_is_said_with_shares() -> None:
    lines = load.intent(options(weights={"one": 3}), "https://x")
    assert lines[0] == "50 users, 5 more each second, for 120 s, to https://x"
    assert any(line.split() == ["one", "/one/", "75", "%"] for line in lines)
