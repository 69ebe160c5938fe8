# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every alarm that production's inventory makes goes off when it should, only then, and wakes somebody once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _alarm_set, _composite_alarms
from ansible_collections.uex.payments.tests.support import alarm_data, inventory_estate
from ansible_collections.uex.payments.tests.support import alarm_evaluator as evaluator

Alarm = dict[str, Any]
PREFIX = "uex-payments-prod-"
LEAST = 40
#: Nobody publishes its metric: what missing data count as is the switch.
SWITCH = f"{PREFIX}maintenance"


#: Read once, when the tests are collected, so that each alarm is a test of its own.
ESTATE = inventory_estate.read("inventories/prod")
ALARMS = {alarm["name"].removeprefix(PREFIX): alarm for alarm in _alarm_set.alarms(ESTATE) if alarm["name"] != SWITCH}
COMPOSITES = {alarm["name"].removeprefix(PREFIX): alarm for alarm in _alarm_set.composite_alarms(ESTATE)}


@pytest.fixture(scope="module")
def estate() -> dict[str, Any]:
    return ESTATE


@pytest.fixture(scope="module")
def alarms() -> dict[str, Alarm]:
    return {alarm["name"]: alarm for alarm in ALARMS.values()}


@pytest.fixture(scope="module")
def composites() -> dict[str, Alarm]:
    return {alarm["name"]: alarm for alarm in COMPOSITES.values()}


def state(alarm: Alarm, bad: bool) -> str:
    data = alarm_data.publish(alarm_data.feeds(alarm, bad), alarm_data.seconds(alarm))
    return evaluator.state(alarm, data, alarm_data.NOW)


@pytest.mark.parametrize("count", [len(ALARMS)], ids=[f"{len(ALARMS)} alarms and {len(COMPOSITES)} composite alarms"])
def test_production_has_many_alarms(count: int) -> None:
    assert count >= LEAST


@pytest.mark.parametrize("expected", ["ALARM", "OK"])
@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_goes_off_when_it_should_and_is_over(name: str, expected: str) -> None:
    """Its metrics are fed with what is wrong, and with what is well."""
    assert state(ALARMS[name], bad=expected == "ALARM") == expected


def test_no_alarm_goes_off_a_data_point_too_soon(alarms: dict[str, Alarm]) -> None:
    """All is well but for the latest data points, of which one is missing to those that it takes."""
    found = {}
    for name, alarm in alarms.items():
        late = (alarm["datapoints_to_alarm"] - 1) * evaluator.period_of(alarm)
        if late and "hours" not in str(alarm.get("metrics")):
            data = alarm_data.publish(alarm_data.feeds(alarm, bad=False), alarm_data.seconds(alarm))
            begin = alarm_data.NOW - late
            bad = alarm_data.publish(alarm_data.feeds(alarm, bad=True), late)
            mixed = {
                each: {**{at: value for at, value in values.items() if at < begin}, **bad.get(each, {})}
                for each, values in {**{key: {} for key in bad}, **data}.items()
            }
            found[name] = evaluator.state(alarm, mixed, alarm_data.NOW)
    assert len(found) >= LEAST
    assert {name: each for name, each in found.items() if each == "ALARM"} == {}


def test_silence_is_judged_as_it_should_be(alarms: dict[str, Alarm]) -> None:
    states = {name.removeprefix(PREFIX): evaluator.state(alarm, {}, alarm_data.NOW) for name, alarm in alarms.items()}
    for ending, expected in (("-5xx", "OK"), ("-silent", "ALARM"), ("-tasks", "ALARM"), ("-long", "OK")):
        assert {each for name, each in states.items() if name.endswith(ending)} == {expected}, ending
    assert states["db-cpu"] == "INSUFFICIENT_DATA"


@pytest.mark.parametrize("on", [True, False])
def test_maintenance_is_on_without_data_and_within_a_minute(estate: dict[str, Any], on: bool) -> None:
    (switch,) = (each for each in _alarm_set.alarms({**estate, "maintenance": on}) if each["name"] == SWITCH)
    assert evaluator.state(switch, {}, alarm_data.NOW) == ("ALARM" if on else "OK")
    assert evaluator.period_of(switch) * switch["evaluation_periods"] == 60


@pytest.mark.parametrize(("factor", "expected"), [(1, "OK"), (10, "ALARM")])
def test_anomalies_go_off_when_asked_for(estate: dict[str, Any], factor: int, expected: str) -> None:
    """A day of values that hardly change, and a quarter of an hour."""
    found = [each for each in _alarm_set.alarms({**estate, "anomaly_detection": True}) if "-anomaly-" in each["name"]]
    assert len(found) == 2
    for alarm in found:
        (watched,) = (each for each in alarm["metrics"] if "metric_name" in each)
        begin, end = alarm_data.NOW - 90000, alarm_data.NOW - 900
        values = {at: [10.0 + at // 60 % 2] for at in range(begin, end, 60)}
        values |= {at: [10.5 * factor] for at in range(end, alarm_data.NOW, 60)}
        key = evaluator.metric(watched["namespace"], watched["metric_name"], watched["dimensions"])
        assert evaluator.state(alarm, {key: values}, alarm_data.NOW) == expected, alarm["name"]


def causes(alarm: Alarm) -> list[str]:
    """The alarms of a rule before what quietens it."""
    return _composite_alarms.children(alarm["alarm_rule"].partition(" AND NOT ")[0])


def states_of(alarm: Alarm, *failing: str) -> dict[str, str]:
    """The states of all alarms that a rule names."""
    return {**dict.fromkeys(_composite_alarms.children(alarm["alarm_rule"]), "OK"), **dict.fromkeys(failing, "ALARM")}


@pytest.mark.parametrize("expected", ["ALARM", "OK"])
@pytest.mark.parametrize("name", COMPOSITES)
def test_a_composite_alarm_goes_off_and_is_over(name: str, expected: str) -> None:
    """With all of its causes, and with none."""
    failing = causes(COMPOSITES[name]) if expected == "ALARM" else []
    assert evaluator.composite_state(COMPOSITES[name], states_of(COMPOSITES[name], *failing)) == expected


@pytest.mark.parametrize("name", COMPOSITES)
def test_one_cause_is_enough_unless_all_are_meant(name: str) -> None:
    alarm = COMPOSITES[name]
    together = " AND " in alarm["alarm_rule"].partition(" AND NOT ")[0]
    found = {child: evaluator.composite_state(alarm, states_of(alarm, child)) for child in causes(alarm)}
    assert found == dict.fromkeys(causes(alarm), "OK" if together else "ALARM")


def test_composite_alarms_name_alarms_that_are_there(alarms: dict[str, Alarm], composites: dict[str, Alarm]) -> None:
    for alarm in composites.values():
        assert set(_composite_alarms.children(alarm["alarm_rule"])) <= alarms.keys()


# What happens, and who is woken


class World:
    """An estate in which all is well, but for what is said."""

    def __init__(self, alarms: dict[str, Alarm], composites: dict[str, Alarm]) -> None:
        self.alarms, self.composites = alarms, composites

    def after(self, failing: Iterable[str], maintenance: bool = False) -> dict[str, str]:
        """The states of all alarms when the metrics of some say that something is wrong."""
        feeds: alarm_data.Feeds = {}
        names = [f"{PREFIX}{name}" for name in failing]
        for name in [*self.alarms, *names]:
            feeds |= alarm_data.feeds(self.alarms[name], bad=name in names)
        feeds |= self._enough_requests()
        data = alarm_data.publish(feeds, 86400)
        states = {name: evaluator.state(alarm, data, alarm_data.NOW) for name, alarm in self.alarms.items()}
        states[SWITCH] = "ALARM" if maintenance else "OK"
        return {**states, **{name: evaluator.composite_state(each, states) for name, each in self.composites.items()}}

    def _enough_requests(self) -> alarm_data.Feeds:
        return {key: alarm_data.BUSY for alarm in self.alarms.values() for key in _counting(alarm)}

    def woken(self, states: dict[str, str]) -> list[str]:
        """The alarms that tell the topic for what is critical."""
        everything = {**self.alarms, **self.composites}
        return [
            name.removeprefix(PREFIX)
            for name, alarm in everything.items()
            if states[name] == "ALARM" and any(each.endswith("-critical") for each in evaluator.told(alarm, states))
        ]


def _counting(alarm: Alarm) -> list[evaluator.Metric]:
    return [
        evaluator.metric(each["namespace"], each["metric_name"], each["dimensions"])
        for each in alarm.get("metrics", ())
        if each.get("metric_name") == "RequestCount"
    ]


@pytest.fixture(scope="module")
def world(alarms: dict[str, Alarm], composites: dict[str, Alarm]) -> World:
    return World(alarms, composites)


OF_THE_EDGE = ("alb-target-5xx", "alb-p95", "slo-fast-long")


@pytest.mark.parametrize(
    ("failing", "woken"),
    [
        ((), []),
        (("uex-backend-5xx", "uex-backend-unhealthy-hosts", "uex-backend-tasks", *OF_THE_EDGE), ["uex-backend-down"]),
        (("uex-backend-tasks",), ["uex-backend-down"]),
        (("db-silent", *OF_THE_EDGE), ["database-down"]),
        (("redis-001-silent", "alb-5xx"), ["cache-down"]),
        (("alb-rejected", "alb-5xx"), ["edge-down"]),
        (("alb-p95",), ["edge-down"]),
        (("slo-fast-long",), ["slo-fast-burn"]),
        (("uex-backend-cpu", "db-cpu", "nat-a-ports"), []),
    ],
)
def test_one_cause_wakes_once(world: World, failing: tuple[str, ...], woken: list[str]) -> None:
    assert world.woken(world.after(failing)) == woken


def test_nobody_is_woken_during_maintenance(world: World) -> None:
    states = world.after(("alb-5xx", "alb-p95", "db-silent", "uex-backend-tasks", *OF_THE_EDGE), maintenance=True)
    assert {"ALARM"} == {states[f"{PREFIX}{name}"] for name in ("database-down", "uex-backend-down")}
    assert world.woken(states) == []
