# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _alarms, _composite_alarms
from ansible_collections.uex.payments.plugins.module_utils._resource import Outcome, together
from ansible_collections.uex.payments.plugins.modules.cloudwatch_alarm import Alarm, CompositeAlarm
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account, Connect, Contract, Subject

BLANK = dict.fromkeys(
    (
        "description",
        "namespace",
        "metric_name",
        "dimensions",
        "statistic",
        "extended_statistic",
        "period",
        "unit",
        "metrics",
        "datapoints_to_alarm",
        "threshold",
        "threshold_metric_id",
        "alarm_actions",
        "ok_actions",
        "insufficient_data_actions",
        "tags",
    )
)
COMMON = {
    **BLANK,
    "actions_enabled": True,
    "evaluation_periods": 3,
    "threshold": 80.0,
    "comparison_operator": "GreaterThanThreshold",
    "treat_missing_data": "missing",
}
METRIC = {
    **COMMON,
    "namespace": "AWS/RDS",
    "metric_name": "CPUUtilization",
    "dimensions": {"DBInstanceIdentifier": "uex-payments-test-db"},
    "statistic": "Average",
    "period": 300,
}
QUERY = dict.fromkeys(("expression", "label", "namespace", "metric_name", "dimensions", "period", "stat"))


def sample(connect: Connect) -> dict[str, Any]:
    topic = connect("sns").create_topic(Name="uex-payments-test-warning")["TopicArn"]
    source = {
        "namespace": "ECS/ContainerInsights",
        "dimensions": {"ClusterName": "one"},
        "period": 60,
        "stat": "Average",
    }
    math = [
        {**QUERY, "id": "missing", "expression": "desired - running", "label": "Missing tasks", "return_data": True},
        {**QUERY, **source, "id": "desired", "metric_name": "DesiredTaskCount", "return_data": False},
        {**QUERY, **source, "id": "running", "metric_name": "RunningTaskCount", "return_data": False},
    ]
    return {
        "alarms": [
            {**METRIC, "name": "uex-payments-test-db-cpu", "alarm_actions": [topic], "description": "busy"},
            {**COMMON, "name": "uex-payments-test-tasks", "metrics": math, "threshold": 0.0},
            {**METRIC, "name": "uex-payments-test-db-slow", "statistic": None, "extended_statistic": "p95"},
        ]
    }


CONTRACT = Contract(
    Alarm, sample, change={"threshold": 90.0}, unset=("description", "alarm_actions", "datapoints_to_alarm")
)


COMPOSITE = {
    **dict.fromkeys(("description", "insufficient_data_actions", "tags")),
    "actions_enabled": True,
    "actions_suppressor": "uex-payments-test-maintenance",
    "actions_suppressor_wait_period": 120,
    "actions_suppressor_extension_period": 300,
    "alarm_actions": ["arn:aws:sns:us-east-1:123456789012:uex-payments-test-critical"],
    "ok_actions": None,
}


def composites(connect: Connect) -> dict[str, Any]:
    """Two composite alarms over what exists already."""
    watched = _alarms.request("", {**METRIC, "treat_missing_data": "notBreaching"})
    for name in ("a", "b", "maintenance"):
        connect("cloudwatch").put_metric_alarm(**{**watched, "AlarmName": f"uex-payments-test-{name}"})
    both = 'ALARM("uex-payments-test-a") AND ALARM("uex-payments-test-b")'
    return {
        "alarms": [{"name": f"uex-payments-test-{name}"} for name in ("a", "b", "maintenance")],
        "composite_alarms": [
            {**COMPOSITE, "name": "uex-payments-test-down", "alarm_rule": 'ALARM("uex-payments-test-a")'},
            {**COMPOSITE, "name": "uex-payments-test-burn", "alarm_rule": both, "description": "too fast"},
        ],
    }


CONTRACTS = {
    "composite": Contract(
        CompositeAlarm,
        composites,
        change={"alarm_rule": 'ALARM("uex-payments-test-b")'},
        unset=("description", "alarm_actions"),
    )
}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"metric_name": None}, "metric_name"),
        ({"statistic": None}, "statistic"),
        ({"extended_statistic": "p95"}, "statistic"),
        ({"metric_name": None, "metrics": [{"id": "a", "period": 60, "return_data": False}]}, "metrics"),
        ({"name": ""}, "name"),
        ({"threshold": None}, "threshold"),
        ({"comparison_operator": "GreaterThanUpperThreshold"}, "comparison_operator"),
        ({"period": 300, "evaluation_periods": 289}, "evaluation_periods"),
        ({"period": 3600, "evaluation_periods": 169}, "evaluation_periods"),
    ],
)
def test_contradictions_are_refused_by_name(changed: dict[str, Any], field: str) -> None:
    item = {**METRIC, "name": "one", **changed}
    problems = Alarm(lambda service: None, {}).validate(item)
    assert [problem.partition(":")[0] for problem in problems] == [field]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "x" * 256}, "name"),
        ({"alarm_rule": ""}, "alarm_rule"),
        ({"alarm_rule": " OR ".join(f'ALARM("{number}")' for number in range(101))}, "alarm_rule"),
        ({"alarm_rule": 'ALARM("other")'}, "alarm_rule"),
        ({"actions_suppressor": None}, "actions_suppressor_wait_period"),
        ({"actions_suppressor_extension_period": None}, "actions_suppressor_extension_period"),
    ],
)
def test_of_composite_alarms_too(changed: dict[str, Any], field: str) -> None:
    item = {**COMPOSITE, "name": "one", "alarm_rule": 'ALARM("a")', **changed}
    problems = CompositeAlarm(lambda service: None, {"composite_alarms": [item, {"name": "other"}]}).validate(item)
    assert next(iter(problems)).partition(":")[0] == field


@pytest.mark.parametrize(
    ("period", "periods"), [(300, 288), (3600, 168), (86400, 7)], ids=["a day of minutes", "a week of hours", "of days"]
)
def test_aws_looks_back_as_far_as_it_does(period: int, periods: int) -> None:
    item = {**METRIC, "name": "one", "period": period, "evaluation_periods": periods}
    assert list(Alarm(lambda service: None, {}).validate(item)) == []


def test_a_request_keeps_what_it_must_and_leaves_out_what_nobody_gave() -> None:
    request = _alarms.request("one", {**METRIC, "ok_actions": ["arn:b"]})
    assert request["Dimensions"] == [{"Name": "DBInstanceIdentifier", "Value": "uex-payments-test-db"}]
    assert request["OKActions"] == ["arn:b"]
    assert "ExtendedStatistic" not in request
    assert "Metrics" not in request


def test_metric_math_survives_the_way_there_and_back() -> None:
    declared = _alarms.declared_metrics(sample(lambda service: FakeTopic())["alarms"][1]["metrics"])
    assert declared is not None
    assert _alarms.metrics([_alarms.metric_request(query) for query in declared]) == declared


class FakeTopic:
    def create_topic(self, Name: str) -> dict[str, str]:
        return {"TopicArn": f"arn:aws:sns:us-east-1:123456789012:{Name}"}


def test_pruning_leaves_what_another_set_declares(aws: None) -> None:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    first, second, third = subject.names()
    left = subject.run(prune=True, kept=[second], **subject.with_items(subject.items[:1]))
    assert [plan.name for plan in left.done] == [third]
    assert sorted(subject.resource().observe()) == sorted([first, second])


def test_tags_are_read_one_by_one_only_where_they_may_differ(aws: None) -> None:
    """Hundreds of alarms would be hundreds of calls, of which AWS takes few a second."""
    subject = Subject(CONTRACT, Account())
    subject.run()
    subject.account.written()
    subject.run()
    assert ("cloudwatch", "ListTagsForResource") not in subject.account.calls
    tags = {**subject.options["tags"], "Team": "payments"}
    assert {plan.verb for plan in subject.run(tags=tags).done} == {"update"}
    assert {plan.verb for plan in subject.run(tags=tags).plans} == {"keep"}


def test_a_band_is_forgotten_with_its_number_and_the_other_way_round() -> None:
    band, number = {"threshold_metric_id": "band"}, {"threshold": 1.0}
    assert _alarms.changed(number, band) == band
    assert _alarms.changed(band, number) == number


def test_composite_alarms_come_after_their_alarms_and_release_them_first(aws: None) -> None:
    """AWS makes none over alarms that are not there, and deletes no alarm that one refers to."""
    account = Account()
    options = {"tags": dict(TAGS), "prune": True, "adopt": False, "alarms": [], "composite_alarms": []}
    first = {**METRIC, "name": "uex-payments-test-first"}
    second = {**METRIC, "name": "uex-payments-test-second"}
    silent = dict.fromkeys(
        ("actions_suppressor", "actions_suppressor_wait_period", "actions_suppressor_extension_period")
    )
    over = {**COMPOSITE, **silent, "name": "uex-payments-test-over"}

    def verbs(alarm: dict[str, Any] | None) -> list[dict[str, str]]:
        rule = {**over, "alarm_rule": f'ALARM("{alarm["name"]}")'} if alarm else None
        given = {**options, "alarms": [alarm] if alarm else [], "composite_alarms": [rule] if rule else []}
        outcomes = together([kind(account.connect, copy.deepcopy(given)) for kind in (Alarm, CompositeAlarm)])
        assert [error for outcome in outcomes for error in outcome.failed] == []
        return [{plan.name.rpartition("-")[2]: plan.verb for plan in outcome.done} for outcome in outcomes]

    assert verbs(first) == [{"first": "create"}, {"over": "create"}]
    assert verbs(second) == [{"second": "create", "first": "delete"}, {"over": "update"}]
    assert verbs(None) == [{"second": "delete"}, {"over": "delete"}]


def test_only_pruning_takes_an_alarm_out_of_the_rules_of_what_stays(aws: None) -> None:
    """AWS deletes none that a rule names; the rest of the rule stays until the next apply."""
    account = Account()
    options = {"tags": dict(TAGS), "prune": False, "adopt": False}
    stays = {**METRIC, "name": "uex-payments-test-stays"}
    goes = {**METRIC, "name": "uex-payments-test-goes"}
    silent = dict.fromkeys(_composite_alarms.MEMBERS)
    rule = 'ALARM("uex-payments-test-stays") AND NOT (ALARM("uex-payments-test-goes"))'
    over = {**COMPOSITE, **silent, "actions_enabled": True, "name": "uex-payments-test-over", "alarm_rule": rule}

    def run(alarms: list[dict[str, Any]], **changed: Any) -> list[Outcome]:
        given = {**options, "alarms": alarms, "composite_alarms": [over], **changed}
        outcomes = together([kind(account.connect, copy.deepcopy(given)) for kind in (Alarm, CompositeAlarm)])
        assert [error for outcome in outcomes for error in outcome.failed] == []
        return outcomes

    run([stays, goes])
    alarms, composites = run([stays], prune=True, only_prune=True)
    assert [(plan.name, plan.verb) for plan in alarms.done] == [(goes["name"], "delete")]
    (plan,) = composites.done
    assert [tuple(change) for change in plan.changes] == [
        ("alarm_rule", rule, 'ALARM("uex-payments-test-stays") AND NOT (FALSE)')
    ]
    again = run([stays], prune=True, only_prune=True)
    assert [outcome.done for outcome in again] == [[], []]
