# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _alarms
from ansible_collections.uex.payments.plugins.modules.cloudwatch_alarm import Alarm
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

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


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"metric_name": None}, "metric_name"),
        ({"statistic": None}, "statistic"),
        ({"extended_statistic": "p95"}, "statistic"),
        ({"metric_name": None, "metrics": [{"return_data": False}]}, "metrics"),
        ({"name": ""}, "name"),
    ],
)
def test_contradictions_are_refused_by_name(changed: dict[str, Any], field: str) -> None:
    item = {**METRIC, "name": "one", **changed}
    problems = Alarm(lambda service: None, {}).validate(item)
    assert [problem.partition(":")[0] for problem in problems] == [field]


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
