# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _dashboard, _dashboard_rules
from ansible_collections.uex.payments.tests.support.estate import ESTATE as SMALL
from ansible_collections.uex.payments.tests.unit.plugins.module_utils.test_alarm_set import ESTATE


def widgets(**changed: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _dashboard.dashboard({**ESTATE, **changed})["widgets"]
    return found


def titles(**changed: Any) -> list[str]:
    texts = [each["properties"]["markdown"] for each in widgets(**changed) if each["type"] == "text"]
    return [text.removeprefix("## ").partition("\n")[0] for text in texts]


def graphs(title: str, **changed: Any) -> list[dict[str, Any]]:
    return [each["properties"] for each in widgets(**changed) if each["properties"].get("title") == title]


def test_every_part_has_its_section_without_overlap() -> None:
    services = ["Service alpha", "Service beta"]
    assert titles() == ["Alarms", "Objectives", "Edge", *services, "Data", "Network", "Cost"]
    cells = [
        (x, y)
        for widget in widgets()
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _y in cells) == 23


def test_cloudwatch_takes_it() -> None:
    for estate in (ESTATE, SMALL, {**ESTATE, "anomaly_detection": True}):
        assert list(_dashboard_rules.problems(_dashboard.dashboard(estate))) == []


def test_a_graph_shows_the_threshold_of_its_alarm() -> None:
    (cpu, *_others) = graphs("CPU in %")
    assert cpu["annotations"]["horizontal"] == [{"label": "alarm", "value": 70.0, "fill": "above"}]
    (storage,) = graphs("Database free storage in bytes")
    assert len(storage["metrics"]) == 2
    assert [(line["value"], line["fill"]) for line in storage["annotations"]["horizontal"]] == [
        (5.0 * 1024**3, "below")
    ]


def test_an_expression_is_shown_and_its_metrics_are_not() -> None:
    (tasks, _other) = graphs("Missing tasks")
    shown = {each[-1]["id"]: each[-1]["visible"] for each in tasks["metrics"]}
    assert shown == {"missing": True, "desired": False, "running": False}


def test_composite_alarms_are_first() -> None:
    (alarms,) = (each["properties"]["alarms"] for each in widgets() if each["type"] == "alarm")
    assert "arn:aws:cloudwatch:us-east-1:123456789012:alarm:uex-payments-dev-alpha-down" in alarms


def test_charges_are_in_one_region_and_not_in_every_partition() -> None:
    (cost,) = graphs("Charges of this month in USD", region="eu-west-1")
    assert cost["region"] == "us-east-1"
    topics = {name: arn.replace("arn:aws:", "arn:aws-us-gov:") for name, arn in ESTATE["topics"].items()}
    assert graphs("Charges of this month in USD", topics=topics) == []
    assert "Cost" in titles(topics=topics)


def test_what_is_not_there_is_not_shown() -> None:
    shown = json.dumps(widgets(databases=[], cache_nodes=[], services=[]))
    assert "Database CPU in %" not in shown
    assert "Redis CPU in %" not in shown
    assert "Service" not in shown
