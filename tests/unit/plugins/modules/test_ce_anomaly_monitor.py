# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.uex.payments.plugins.module_utils import _cost_explorer
from ansible_collections.uex.payments.plugins.module_utils._resource import reconcile, together
from ansible_collections.uex.payments.plugins.modules.ce_anomaly_monitor import Monitor, Subscription
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account, Connect, Contract

ARNS = "MonitorArnList"
TOPIC = "arn:aws:sns:us-east-1:123456789012:uex-payments-test-warning"


def monitor(name: str, **changed: Any) -> dict[str, Any]:
    return {
        "name": f"uex-payments-test-{name}",
        "monitor_dimension": "SERVICE",
        "tag_key": None,
        "tag_values": None,
        "tags": None,
        **changed,
    }


def by_tag(name: str) -> dict[str, Any]:
    return monitor(name, monitor_dimension=None, tag_key="Environment", tag_values=["test"])


def subscription(name: str = "costs", **changed: Any) -> dict[str, Any]:
    return {
        "name": f"uex-payments-test-{name}",
        "monitors": ["uex-payments-test-services"],
        "threshold": 100.0,
        "topic_arn": TOPIC,
        "tags": None,
        **changed,
    }


def by_tags(_connect: Connect) -> dict[str, Any]:
    return {"anomaly_monitors": [by_tag("costs"), by_tag("more")], "anomaly_subscriptions": []}


def of_services(_connect: Connect) -> dict[str, Any]:
    return {"anomaly_monitors": [monitor("services")], "anomaly_subscriptions": []}


def subscribed(connect: Connect) -> dict[str, Any]:
    options = {
        "anomaly_monitors": [monitor("services"), by_tag("costs")],
        "anomaly_subscriptions": [
            subscription(),
            subscription("more", monitors=["uex-payments-test-costs", "uex-payments-test-services"]),
        ],
    }
    assert reconcile(Monitor(connect, {"tags": dict(TAGS), **options})).failed == []
    return options


CONTRACT = Contract(Monitor, by_tags, change={"tags": {"Team": "x"}})
CONTRACTS = {
    "services": Contract(Monitor, of_services, change={"tags": {"Team": "x"}}, shared=True),
    "subscriptions": Contract(Subscription, subscribed, change={"threshold": 250.5}),
}


@pytest.fixture
def account(aws: None) -> Account:
    return Account()


def both(account: Account, environment: str = "test", **options: Any) -> list[Any]:
    """A run of both kinds, as the module has it."""
    given = {"tags": {**TAGS, "Environment": environment}, "prune": False, "adopt": False, **options}
    return together([Monitor(account.connect, given), Subscription(account.connect, given)])


def of(environment: str) -> dict[str, Any]:
    """What an environment declares."""
    name = f"uex-payments-{environment}-services"
    return {
        "environment": environment,
        "anomaly_monitors": [{**monitor("services"), "name": name}],
        "anomaly_subscriptions": [{**subscription(monitors=[name]), "name": name}],
    }


def test_two_environments_share_the_monitor_of_all_services(account: Account) -> None:
    client = account.connect("ce")
    for _run in range(2):
        for environment in ("dev", "prod"):
            assert [outcome.failed for outcome in both(account, **of(environment))] == [[], []]
    (only,) = client.get_anomaly_monitors()["AnomalyMonitors"]
    assert {arn for each in client.get_anomaly_subscriptions()["AnomalySubscriptions"] for arn in each[ARNS]} == {
        only["MonitorArn"]
    }
    monitors, subscriptions = both(account, **of("prod"))
    assert [plan.verb for plan in (*monitors.plans, *subscriptions.plans)] == ["keep", "keep"]
    assert "uex-payments-dev-services" in monitors.plans[0].note


def test_once_the_owner_has_gone_the_other_makes_its_own(account: Account) -> None:
    for environment in ("dev", "prod"):
        both(account, **of(environment))
    gone = both(account, environment="dev", prune=True, anomaly_monitors=[], anomaly_subscriptions=[])
    assert [[plan.verb for plan in outcome.done] for outcome in gone] == [["delete"], ["delete"]]
    monitors, subscriptions = both(account, **of("prod"))
    assert [plan.verb for plan in (*monitors.done, *subscriptions.done)] == ["create", "update"]
    assert [outcome.done for outcome in both(account, **of("prod"))] == [[], []]


class Off:
    """Cost Explorer where nobody has switched it on."""

    def __init__(self, message: str) -> None:
        self.message = message

    def can_paginate(self, _operation: str) -> bool:
        return False

    def get_anomaly_monitors(self) -> Any:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": self.message}}, "GetAnomalyMonitors")

    get_anomaly_subscriptions = get_anomaly_monitors


@pytest.mark.parametrize("declared", [True, False])
def test_where_cost_explorer_is_off_that_is_told_and_a_teardown_goes_on(declared: bool) -> None:
    wanted = of("test") if declared else {"anomaly_monitors": [], "anomaly_subscriptions": []}
    options = {"tags": TAGS, "prune": not declared, **wanted}

    def connect(_service: str) -> Off:
        return Off("User not enabled for cost explorer access")

    outcomes = together([Monitor(connect, options), Subscription(connect, options)])
    assert [outcome.failed for outcome in outcomes] == [[], []]
    notes = {plan.note for outcome in outcomes for plan in outcome.plans}
    assert len(notes) == declared
    assert all("Cost Explorer is off" in note for note in notes)


def test_a_missing_right_is_an_error() -> None:
    with pytest.raises(ClientError, match="not authorized"):
        reconcile(Monitor(lambda _service: Off("User: x is not authorized"), {"tags": TAGS, **of("test")}))


@pytest.mark.parametrize(
    ("changed", "option"),
    [
        ({}, []),
        ({"tag_key": "Environment", "tag_values": ["dev"]}, ["monitor_dimension"]),
        ({"monitor_dimension": None}, ["monitor_dimension"]),
        ({"monitor_dimension": None, "tag_key": "Environment"}, ["tag_values"]),
    ],
)
def test_what_is_no_monitor(changed: dict[str, Any], option: list[str]) -> None:
    problems = _cost_explorer.monitor_problems(monitor("services", **changed))
    assert [problem.partition(":")[0] for problem in problems] == option


@pytest.mark.parametrize(
    ("changed", "option"),
    [
        ({}, []),
        ({"threshold": 0.0}, ["threshold"]),
        ({"monitors": []}, ["monitors"]),
        ({"monitors": ["x"]}, ["monitors"]),
    ],
)
def test_what_is_no_subscription(changed: dict[str, Any], option: list[str]) -> None:
    problems = _cost_explorer.subscription_problems(subscription(**changed), ["uex-payments-test-services"])
    assert [problem.partition(":")[0] for problem in problems] == option


@pytest.mark.parametrize(
    ("expression", "amount"),
    [
        (_cost_explorer.threshold(99.5), 99.5),
        (_cost_explorer.threshold(100), 100.0),
        ({"And": [_cost_explorer.threshold(1), _cost_explorer.threshold(2)]}, None),
        (None, None),
    ],
)
def test_the_threshold_is_an_amount_or_nothing_that_we_know(expression: Any, amount: float | None) -> None:
    assert _cost_explorer.amount({"ThresholdExpression": expression}) == amount
