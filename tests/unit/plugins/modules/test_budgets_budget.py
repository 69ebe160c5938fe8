# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.budgets_budget import Budget
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

ACCOUNT = "123456789012"
FILTERS = {"TagKeyValue": ["user:Environment$test"]}


def told(kind: str, threshold: float, *topics: str, addresses: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "notification_type": kind,
        "comparison_operator": "GREATER_THAN",
        "threshold": threshold,
        "threshold_type": "PERCENTAGE",
        "topic_arns": list(topics),
        "email_addresses": list(addresses),
    }


def item(name: str, **changed: Any) -> dict[str, Any]:
    notifications = [
        told("FORECASTED", 100, "arn:aws:sns:us-east-1:1:w"),
        told("ACTUAL", 80, addresses=("a@example.com",)),
    ]
    return {
        "name": f"uex-payments-test-{name}",
        "limit": 150.0,
        "unit": "USD",
        "time_unit": "MONTHLY",
        "cost_filters": FILTERS,
        "notifications": notifications,
        "tags": None,
        **changed,
    }


def sample(connect: Connect) -> dict[str, Any]:
    return {"account_id": ACCOUNT, "budgets": [item("monthly"), item("daily", time_unit="DAILY")]}


CONTRACT = Contract(Budget, sample, change={"limit": 200.5}, unset=("cost_filters", "notifications"))


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    subject.account.written()
    return subject


def test_an_update_keeps_what_somebody_set_besides(made: Subject) -> None:
    client, name = made.account.connect("budgets"), made.items[0]["name"]
    own = client.describe_budget(AccountId=ACCOUNT, BudgetName=name)["Budget"]
    own = {key: value for key, value in own.items() if key not in ("CalculatedSpend", "LastUpdatedTime")}
    client.update_budget(AccountId=ACCOUNT, NewBudget={**own, "CostTypes": {**own["CostTypes"], "IncludeTax": False}})
    first, *others = made.items
    assert made.run(**made.with_items([{**first, "limit": 99.0}, *others])).failed == []
    budget = client.describe_budget(AccountId=ACCOUNT, BudgetName=name)["Budget"]
    assert budget["CostTypes"]["IncludeTax"] is False
    assert float(budget["BudgetLimit"]["Amount"]) == 99
    assert budget["TimePeriod"] == own["TimePeriod"]


def test_only_notifications_that_differ_are_written(made: Subject) -> None:
    first, *others = made.items
    changed = [
        first["notifications"][0],
        told("ACTUAL", 80, "arn:aws:sns:us-east-1:1:c"),
        told("ACTUAL", 90, "arn:aws:sns:us-east-1:1:c"),
    ]
    assert made.run(**made.with_items([{**first, "notifications": changed}, *others])).failed == []
    assert sorted(call for _service, call in made.account.written()) == [
        "CreateNotification",
        "CreateNotification",
        "DeleteNotification",
    ]
    assert [
        plan.verb for plan in made.run(**made.with_items([{**first, "notifications": changed}, *others])).plans
    ] == [
        "keep",
        "keep",
    ]


def test_another_environment_s_budget_is_not_looked_at(made: Subject) -> None:
    made.account.connect("budgets").create_budget(
        AccountId=ACCOUNT,
        Budget={
            "BudgetName": "uex-payments-other-monthly",
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": {"Amount": "1", "Unit": "USD"},
        },
    )
    made.account.written()
    assert "uex-payments-other-monthly" not in made.resource().observe()
    assert {plan.name for plan in made.run(prune=True, budgets=[]).done} == set(made.names())


@pytest.mark.parametrize(
    ("changed", "option"),
    [
        ({}, []),
        ({"name": "a:b"}, ["name"]),
        ({"name": "x" * 101}, ["name"]),
        ({"limit": 0.0}, ["limit"]),
        ({"notifications": [told("ACTUAL", 80)]}, ["notifications"]),
        ({"notifications": [told("ACTUAL", 80, "a", "b")]}, ["notifications"]),
        ({"notifications": [told("ACTUAL", 0, "a")]}, ["notifications"]),
        ({"notifications": [told("ACTUAL", 80, "a"), told("ACTUAL", 80, "b")]}, ["notifications"]),
        ({"notifications": [told("ACTUAL", number + 1, "a") for number in range(11)]}, ["notifications"]),
        ({"notifications": None}, []),
    ],
)
def test_what_aws_refuses(changed: dict[str, Any], option: list[str]) -> None:
    given = {**item("monthly"), **changed}
    assert [problem.partition(":")[0] for problem in Budget(lambda service: None, {}).validate(given)] == option
