# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.logs_metric_filter import MetricFilter
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account, Connect, Contract, Subject

GROUP, OTHER = "uex-payments-test-alpha", "uex-payments-test-beta"


def item(name: str, **changed: Any) -> dict[str, Any]:
    return {
        "name": f"uex-payments-test-{name}",
        "log_group_name": GROUP,
        "filter_pattern": "?ERROR ?Exception",
        "metric_name": f"{name}-errors",
        "metric_namespace": "UEX/test",
        "metric_value": "1",
        "default_value": 0.0,
        "unit": "Count",
        **changed,
    }


def sample(connect: Connect) -> dict[str, Any]:
    for group in (GROUP, OTHER):
        connect("logs").create_log_group(logGroupName=group)
    return {"metric_filters": [item("alpha"), item("slow", filter_pattern='"duration: "')]}


CONTRACT = Contract(MetricFilter, sample, change={"filter_pattern": "?FATAL"}, unset=("default_value", "unit"))


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    return subject


def test_other_environments_filters_are_not_ours() -> None:
    resource = MetricFilter(lambda service: None, {"tags": TAGS})
    assert resource.owned("uex-payments-test-errors", {})
    assert not resource.owned("uex-payments-testing-errors", {})


def test_a_filter_on_another_group_is_made_anew_there(made: Subject) -> None:
    first, *others = made.items
    outcome = made.run(**made.with_items([{**first, "log_group_name": OTHER}, *others]))
    assert [(plan.name, plan.verb) for plan in outcome.done] == [(first["name"], "replace")]
    found = made.account.connect("logs").describe_metric_filters(filterNamePrefix=first["name"])["metricFilters"]
    assert [each["logGroupName"] for each in found] == [OTHER]


def test_a_change_keeps_what_is_not_declared(made: Subject) -> None:
    first, *others = made.items
    changed = {**first, "metric_value": "2", "default_value": None, "unit": None}
    assert made.run(**made.with_items([changed, *others])).failed == []
    shown = made.resource().observe()[first["name"]]
    assert (shown["metric_value"], shown["default_value"], shown["unit"]) == ("2", 0.0, "Count")


def test_a_group_that_is_not_there_is_named_with_what_to_do(made: Subject) -> None:
    outcome = made.run(**made.with_items([item("gamma", log_group_name="uex-payments-test-gamma")]))
    (failed,) = outcome.failed
    assert failed.code == "ResourceNotFoundException"
    assert "uex-payments-test-gamma does not exist; the layer that makes it comes first" in failed.message


@pytest.mark.parametrize(
    ("changed", "option"),
    [
        ({}, []),
        ({"name": "a:b"}, ["name"]),
        ({"filter_pattern": "x" * 1025}, ["filter_pattern"]),
        ({"metric_namespace": "AWS/RDS"}, ["metric_namespace"]),
        ({"metric_namespace": ""}, ["metric_namespace"]),
    ],
)
def test_what_aws_refuses(changed: dict[str, Any], option: list[str]) -> None:
    given = {**item("alpha"), **changed}
    assert [each.partition(":")[0] for each in MetricFilter(lambda service: None, {}).validate(given)] == option
