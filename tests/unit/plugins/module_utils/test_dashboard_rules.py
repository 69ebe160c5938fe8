# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _dashboard_rules

TEXT = {"type": "text", "properties": {"markdown": "hello"}}
METRIC = ["AWS/EC2", "CPUUtilization", "InstanceId", "i-1", {"stat": "Average"}]


def metric(**properties: Any) -> dict[str, Any]:
    return {"type": "metric", "properties": {"region": "us-east-1", "metrics": [METRIC], **properties}}


def problems(*widgets: Any) -> list[str]:
    return [problem.partition(": ")[0] for problem in _dashboard_rules.problems({"widgets": list(widgets)})]


@pytest.mark.parametrize(
    "widget",
    [
        TEXT,
        {**TEXT, "x": 0, "y": 7, "width": 24, "height": 1000},
        metric(),
        metric(metrics=[METRIC, ["...", "i-2"], [".", ".", ".", "i-3"], [{"expression": "a + 1", "id": "b"}]]),
        metric(metrics=[], annotations={"alarms": ["arn:aws:cloudwatch:us-east-1:1:alarm:a"]}),
        metric(view="gauge", yAxis={"left": {"min": 0, "max": 100}}),
        metric(annotations={"horizontal": [{"value": 1}, [{"value": 2}, {"value": 3.5}]]}),
        {"type": "alarm", "properties": {"alarms": ["arn"], "states": ["ALARM"], "sortBy": "timestamp"}},
        {"type": "log", "properties": {"query": "SOURCE 'a' | fields @message", "region": "us-east-1"}},
    ],
)
def test_what_aws_documents_is_sound(widget: dict[str, Any]) -> None:
    assert problems(widget) == []


@pytest.mark.parametrize(
    ("widget", "place"),
    [
        ("text", ""),
        ({"type": "graph", "properties": {}}, ".type"),
        ({"type": "text"}, ".properties"),
        ({"type": "text", "properties": {}}, ".properties.markdown"),
        ({"type": "text", "properties": {"markdown": 1}}, ".properties.markdown"),
        ({**TEXT, "x": 24, "y": 0}, ".x"),
        ({**TEXT, "x": 0}, ""),
        ({**TEXT, "x": 20, "y": 0, "width": 8}, ".width"),
        ({**TEXT, "width": 25}, ".width"),
        ({**TEXT, "height": 0}, ".height"),
        ({**TEXT, "height": True}, ".height"),
        ({**TEXT, "colour": "red"}, ".colour"),
        ({"type": "metric", "properties": {"metrics": [METRIC]}}, ".properties.region"),
        (metric(view="line"), ".properties.view"),
        (metric(view="gauge"), ".properties.yAxis.left"),
        (metric(metrics=[]), ".properties.metrics"),
        (metric(metrics=[METRIC] * 501), ".properties.metrics"),
        (metric(metrics=[["AWS/EC2"]]), ".properties.metrics[0]"),
        (metric(metrics=[["AWS/EC2", "CPU", "InstanceId"]]), ".properties.metrics[0]"),
        (metric(metrics=[["AWS/EC2", "CPU", "InstanceId", 7]]), ".properties.metrics[0]"),
        (metric(metrics=[["...", "i-2"]]), ".properties.metrics[0]"),
        (metric(metrics=[[]]), ".properties.metrics[0]"),
        (metric(metrics=[["AWS/EC2", "CPU", {"expression": "a"}]]), ".properties.metrics[0]"),
        (metric(metrics=[["AWS/EC2", "CPU", {"id": "Big"}]]), ".properties.metrics[0].id"),
        (metric(metrics=[["AWS/EC2", "CPU", {"color": "red"}]]), ".properties.metrics[0].color"),
        (metric(metrics=[["AWS/EC2", "CPU", {"yAxis": "top"}]]), ".properties.metrics[0].yAxis"),
        (metric(metrics=[["AWS/EC2", "CPU", {"period": 61}]]), ".properties.metrics[0].period"),
        (metric(metrics=[["AWS/EC2", "CPU", {"statistic": "Sum"}]]), ".properties.metrics[0].statistic"),
        (metric(metrics=[["A", "B", {"id": "a"}], ["A", "C", {"id": "a"}]]), ".properties.metrics"),
        (metric(period=7), ".properties.period"),
        (metric(annotations={"horizontal": [{"label": "x"}]}), ".properties.annotations.horizontal[0].value"),
        (metric(annotations={"alarms": ["a", "b"]}), ".properties.annotations.alarms"),
        (metric(annotations={"diagonal": []}), ".properties.annotations.diagonal"),
        ({"type": "alarm", "properties": {"alarms": []}}, ".properties.alarms"),
        ({"type": "alarm", "properties": {"alarms": ["a"], "states": ["FINE"]}}, ".properties.states"),
        ({"type": "log", "properties": {"region": "us-east-1"}}, ".properties.query"),
    ],
)
def test_what_aws_refuses_is_found_with_its_place(widget: Any, place: str) -> None:
    assert problems(widget) == [f"body.widgets[0]{place}"]


def test_a_body_is_a_list_of_widgets_that_has_an_end() -> None:
    assert list(_dashboard_rules.problems({})) == ["body: needs a list of widgets"]
    assert problems(*[TEXT] * 501) == ["body.widgets"]
