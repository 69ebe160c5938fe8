# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Services whose traffic ECS shifts between two target groups."""

from __future__ import annotations

from typing import Any

import botocore.exceptions
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _plan, _production, _wait
from ansible_collections.uex.payments.plugins.modules.ecs_service import Service
from ansible_collections.uex.payments.tests.support import ecs
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject
from ansible_collections.uex.payments.tests.support.edge import without_pauses
from ansible_collections.uex.payments.tests.unit.plugins.modules import test_ecs_service as rolling

API = ecs.SERVICES[0]
BLUE_GREEN = {
    "strategy": "BLUE_GREEN",
    "maximum_percent": 200,
    "minimum_healthy_percent": 100,
    "bake_time_in_minutes": 5,
    "deployment_circuit_breaker": {"enable": False, "rollback": False},
    "alarms": {"alarm_names": ["b", "a"], "enable": True, "rollback": True},
    "lifecycle_hooks": [],
}


def sample(connect: Connect) -> dict[str, Any]:
    options = rolling.sample(connect)
    balancer, configuration = ecs.shifting(connect), {"deployment_configuration": BLUE_GREEN}
    first, second = options["services"]
    return {**options, "services": [{**first, "load_balancers": [balancer], **configuration}, second]}


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(Contract(Service, sample, change={}), Account())
    assert subject.run().failed == []
    subject.account.written()
    return subject


def balancer(subject: Subject) -> dict[str, Any]:
    return dict(subject.items[0]["load_balancers"][0])


def weigh(subject: Subject, blue: int, green: int) -> None:
    """Move production's traffic, as ECS does."""
    entry = balancer(subject)
    advanced = entry["advanced_configuration"]
    shares = {entry["target_group_arn"]: blue, advanced["alternate_target_group_arn"]: green}
    subject.account.connect("elbv2").modify_rule(
        RuleArn=advanced["production_listener_rule"], Actions=[ecs.forward(shares)]
    )


def new_definition(subject: Subject) -> dict[str, Any]:
    arn = ecs.definition(subject.account.connect, API, f"{ecs.REGISTRY}/{rolling.REPOSITORY}:1")
    return rolling.changed(subject, task_definition=arn)


def emptied(subject: Subject) -> None:
    """Nobody is left in the two target groups."""
    entry, elbv2 = balancer(subject), subject.account.connect("elbv2")
    for arn in (entry["target_group_arn"], entry["advanced_configuration"]["alternate_target_group_arn"]):
        found = elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        if found:
            elbv2.deregister_targets(TargetGroupArn=arn, Targets=[each["Target"] for each in found])


def test_it_is_made_with_what_shifts_its_traffic(made: Subject) -> None:
    found = made.resource().observe()[API]
    assert found["load_balancers"] == [balancer(made)]
    assert found["deployment_configuration"]["strategy"] == "BLUE_GREEN"
    assert found["deployment_configuration"]["alarms"]["alarm_names"] == ["a", "b"]
    assert made.run().done == []


def test_the_target_groups_may_have_been_swapped(made: Subject) -> None:
    entry = balancer(made)
    swapped = {
        **entry,
        "target_group_arn": entry["advanced_configuration"]["alternate_target_group_arn"],
        "advanced_configuration": {
            **entry["advanced_configuration"],
            "alternate_target_group_arn": entry["target_group_arn"],
        },
    }
    assert made.run(**rolling.changed(made, load_balancers=[swapped])).done == []


@pytest.mark.parametrize("strategy", ["LINEAR", "CANARY"])
def test_another_strategy_starts_no_deployment(made: Subject, strategy: str) -> None:
    given = {"linear_configuration": {"step_percent": 25.0, "step_bake_time_in_minutes": 1}}
    configuration = {**BLUE_GREEN, "strategy": strategy, **(given if strategy == "LINEAR" else {})}
    items = rolling.changed(made, deployment_configuration=configuration)
    (plan,) = made.run(**items).done
    assert list(made.resource().effects(plan)) == []
    assert made.run(**items).done == []


def test_a_deployment_is_refused_while_production_points_at_nobody(made: Subject) -> None:
    emptied(made)
    items = new_definition(made)
    made.account.written()
    (failure,) = made.run(**items).failed
    assert "where no target is healthy" in str(failure)
    assert f"-e compute_unhealthy_deployment_confirmed={API}" in str(failure)
    assert made.account.written() == []


def test_what_starts_no_deployment_is_not_refused(made: Subject) -> None:
    emptied(made)
    assert made.run(**rolling.changed(made, health_check_grace_period_seconds=30)).failed == []


def test_a_service_is_mended_by_a_confirmed_deployment(made: Subject) -> None:
    emptied(made)
    items = new_definition(made)
    assert made.run(unhealthy_deployment_confirmed=["another"], **items).failed
    assert made.run(unhealthy_deployment_confirmed=["another", API], **items).failed == []


@pytest.mark.parametrize(
    ("targets", "refused"),
    [
        ({}, True),
        ({"arn:tg/blue": 0}, True),
        ({"arn:tg/blue": 0, "arn:tg/green": 1}, False),
        ({"arn:tg/blue": 2}, False),
    ],
)
def test_who_takes_production_s_requests(targets: dict[str, int], refused: bool) -> None:
    assert (_production.misdirected(API, targets) is not None) is refused


def test_only_groups_with_a_weight_count(made: Subject) -> None:
    entry, elbv2 = balancer(made), made.account.connect("elbv2")
    rules = [entry["advanced_configuration"]["production_listener_rule"]]
    blue, green = entry["target_group_arn"], entry["advanced_configuration"]["alternate_target_group_arn"]
    weigh(made, 1, 0)
    assert list(_production.healthy(elbv2, rules)) == [blue]
    weigh(made, 0, 100)
    assert list(_production.healthy(elbv2, rules)) == [green]
    elbv2.delete_rule(RuleArn=rules[0])
    assert _production.healthy(elbv2, rules) == {}


@pytest.mark.parametrize(
    ("change", "option"),
    [
        ({"load_balancers": [{"advanced_configuration": None}]}, "load_balancers[0].advanced_configuration"),
        (
            {"deployment_configuration": {**BLUE_GREEN, "bake_time_in_minutes": -1}},
            "deployment_configuration.bake_time",
        ),
        ({"deployment_configuration": {"maximum_percent": 100}}, "deployment_configuration.maximum_percent"),
    ],
)
def test_what_aws_would_refuse(change: dict[str, Any], option: str) -> None:
    item = {
        "task_definition": "api:1",
        "desired_count": 1,
        "capacity_provider_strategy": None,
        "availability_zone_rebalancing": "ENABLED",
        "deployment_configuration": BLUE_GREEN,
        **change,
    }
    (problem,) = Service(lambda service: None, {}).validate(item)
    assert problem.startswith(option)


UNSEEN = ("InvalidParameterException", "ECS was unable to assume role arn:aws:iam::123456789012:role/ecs.")


def test_a_role_that_ecs_does_not_see_yet_is_met_with_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_wait, "until", without_pauses)
    calls = rolling.Calls(UNSEEN, UNSEEN)
    Service(lambda service: calls, {"cluster": "c"}).create("api", rolling.DESIRED)
    assert (calls.errors, calls.roles) == ([], [])


def test_any_other_error_of_an_update_passes(made: Subject) -> None:
    plan = _plan.Plan(API, _plan.UPDATE, {}, {"task_definition": "none:1"}, [_plan.Change("task_definition", "", "")])
    with pytest.raises(botocore.exceptions.ClientError):
        made.resource().update(API, plan)
