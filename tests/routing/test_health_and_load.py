# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A health check and a load test of a real nginx with real servers, well and not."""

from __future__ import annotations

import contextlib
import datetime
import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.uex.payments.plugins.module_utils import _health_edge, _load_test
from ansible_collections.uex.payments.plugins.module_utils._health import Row
from ansible_collections.uex.payments.plugins.module_utils._preflight import FAILED, OK, WARNING
from ansible_collections.uex.payments.plugins.modules import stack_load_test
from ansible_collections.uex.payments.plugins.plugin_utils import locust
from ansible_collections.uex.payments.tests.routing.test_routes import CLOSED, NAME, SERVICES, Edge, maintenance
from ansible_collections.uex.payments.tests.support import front, health, routes, routing
from ansible_collections.uex.payments.tests.support.routes import Fault, Front

#: Those that answer whoever asks.
OPEN = ("client", "api", "green")
CANARY = "Bearer LOAD-CANARY"
Faults = Mapping[str, Fault]


def services() -> list[dict[str, Any]]:
    return [health.service(name, SERVICES[name].get("path", f"/{name}")) for name in OPEN]


@contextlib.contextmanager
def standing(edge: Edge, faults: Faults, seen: list[Any] | None = None) -> Iterator[Front]:
    with edge.front(server=functools.partial(routes.target, faults=faults, seen=seen), proxied=False) as front:
        yield front


def places(front: Front) -> dict[str, str]:
    here = front.places.listeners
    return {"address": f"127.0.0.1:{here[443]}", "http_address": f"127.0.0.1:{here[80]}"}


def look(edge: Edge, faults: Faults, **changed: Any) -> dict[str, Row]:
    with standing(edge, faults) as front:
        given = health.options(services=services(), self_signed=True, **places(front), **changed)
        rows = _health_edge.judge_paths(_health_edge.look_paths(edge.account.connect, given), given)
        return {row.name: row for row in rows}


@pytest.fixture
def edge(aws: None) -> Edge:
    made = Edge()
    made.rules()
    return made


def test_where_all_is_well_every_path_answers(edge: Edge) -> None:
    rows = look(edge, {})
    assert {row.state for row in rows.values()} == {OK}
    assert rows["Path of api"].found.startswith("/api/v1.0 200 in ")
    assert 300 < (rows["Certificate that is served"].value or 0) < 366
    assert rows["HTTP redirects"].found.startswith("301 to https://")


def test_faults_are_found_and_named(edge: Edge) -> None:
    faults = {"client": Fault(500), "api": Fault(seconds=0.6), "green": Fault(seconds=5)}
    rows = look(edge, faults, slow_ms=500, timeout=1.5)
    assert {name: row.state for name, row in rows.items() if name.startswith("Path")} == {
        "Path of client": FAILED,
        "Path of api": WARNING,
        "Path of green": FAILED,
    }
    assert "/client 500 in " in rows["Path of client"].found
    assert "ms (slow)" in rows["Path of api"].found
    assert "no answer within 1.5 s" in rows["Path of green"].found


def test_a_path_that_no_rule_sends_on_is_found(edge: Edge) -> None:
    rows = look(edge, {}, paths={"client": "/elsewhere"})
    assert (rows["Path of client"].state, "/elsewhere 404" in rows["Path of client"].found) == (FAILED, True)


def test_maintenance_is_a_warning(aws: None) -> None:
    edge = Edge()
    edge.rules(maintenance())
    rows = look(edge, {}, maintenance_message=CLOSED.body)
    assert {row.state for name, row in rows.items() if name.startswith("Path")} == {WARNING}


@pytest.mark.parametrize(
    ("asked", "words"),
    [({443, 80}, ["http_address=127.0.0.1:2", "address=127.0.0.1:1"]), ({443}, ["address=127.0.0.1:1"])],
)
def test_a_playbook_is_told_of_the_listeners_that_it_asks(asked: set[int], words: list[str]) -> None:
    places = routing.Places({443: 1, 80: 2, 8443: 3}, {}, "")
    assert front.said(places, asked) == [part for word in words for part in ("-e", word)]


# Load


def load(edge: Edge, faults: Faults, folder: Path, seen: list[Any] | None = None) -> tuple[dict[str, Any], list[Any]]:
    """The verdict's document of some seconds of locust, and what it said as it went."""
    described = yaml.safe_load(stack_load_test.DOCUMENTATION)["options"]
    wanted = [{"name": each["name"], "path": each["path"]} for each in services()]
    own = {"name": NAME, "environment": "test", "services": wanted, "self_signed": True}
    quick = {"users": 12, "spawn_rate": 12.0, "duration": 7, "think_min": 0.05, "think_max": 0.1, "timeout": 5.0}
    said: list[Any] = []
    with standing(edge, faults, seen) as front:
        options = {**{name: each.get("default") for name, each in described.items()}, **own, **quick}
        options["address"] = places(front)["address"]
        url, headers = _load_test.target(options, "alb.example")
        asked = _load_test.asked(options, {**headers, "Authorization": CANARY})
        arguments = _load_test.arguments(options, url, str(folder / "load_test.html"))
        result = locust.run(locust.Order(locust.find(""), arguments, folder / "log", 7), asked, said.append)
    return _load_test.document(options, url, result, datetime.datetime.now(datetime.UTC)), said


def misses(found: Mapping[str, Any]) -> dict[str, list[str]]:
    return {each["name"]: each["misses"] for each in found["results"] if each["misses"]}


def test_a_load_test_of_what_is_well_passes(edge: Edge, tmp_path: Path) -> None:
    seen: list[Any] = []
    found, said = load(edge, {}, tmp_path, seen)
    assert (found["verdict"], found["errors"]) == (_load_test.PASSED, []), (tmp_path / "log").read_text()
    assert [each["name"] for each in found["results"]] == [*OPEN, _load_test.ALL]
    assert found["results"][-1]["requests"] == len(seen) > 50
    assert said[0]["users"] == 12
    assert {(each["Host"], each["Authorization"]) for each in seen} == {("alb.example", CANARY)}
    kept = [file.read_text("utf-8") for file in tmp_path.iterdir()]
    assert len(kept) == 2
    assert CANARY not in "".join(kept)


def test_a_load_test_names_what_is_slow_and_what_fails(edge: Edge, tmp_path: Path) -> None:
    found, _said = load(edge, {"client": Fault(500), "api": Fault(seconds=2.2)}, tmp_path)
    missed = misses(found)
    assert found["verdict"] == _load_test.FAILED
    assert set(missed) == {"client", "api", _load_test.ALL}
    assert missed["client"][0].startswith("availability of 0.00 % is below 99.9 %")
    assert missed["api"][0].endswith("ms is not below 2000 ms")
    assert found["errors"][0]["error"].endswith("status 500")
