# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.applicationautoscaling_scheduled_action import ScheduledAction
from ansible_collections.uex.payments.tests.support import ecs
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject


def action(service: str, **more: Any) -> dict[str, Any]:
    return {
        "name": f"{service}-evening",
        "service": service,
        "schedule": "cron(0 20 * * ? *)",
        "timezone": "Europe/Berlin",
        "min_capacity": 0,
        "max_capacity": 0,
        **more,
    }


def sample(connect: Connect) -> dict[str, Any]:
    ecs.targets(connect)
    actions = [action(service) for service in ecs.SERVICES]
    return {"cluster": ecs.CLUSTER, "services": list(ecs.SERVICES), "scheduled_actions": actions}


CONTRACT = Contract(
    ScheduledAction, sample, change={"schedule": "cron(0 21 * * ? *)"}, unset=("timezone", "max_capacity")
)


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    return subject


def test_the_actions_of_a_service_that_is_declared_no_more_go_with_its_target(made: Subject) -> None:
    api, web = ecs.SERVICES
    assert made.run(prune=True, services=[api], scheduled_actions=[action(api)]).done == []
    assert f"{web}-evening" in made.resource().observe()


def test_an_action_under_another_name_is_not_ours(made: Subject) -> None:
    made.run(scheduled_actions=[action(ecs.SERVICES[0], name="by-hand")])
    assert made.run(prune=True).done == []


@pytest.mark.parametrize(
    ("change", "options"),
    [
        ({}, []),
        ({"max_capacity": None}, []),
        ({"min_capacity": None, "max_capacity": None}, ["min_capacity"]),
        ({"schedule": "rate(1 day)"}, []),
        ({"schedule": "0 20 * * *"}, ["schedule"]),
        ({"schedule": "cron()"}, ["schedule"]),
        ({"service": "other"}, ["service"]),
    ],
)
def test_what_aws_would_refuse(change: dict[str, Any], options: list[str]) -> None:
    resource = ScheduledAction(lambda service: None, {"services": list(ecs.SERVICES)})
    problems = list(resource.validate({**action(ecs.SERVICES[0]), **change}))
    assert [problem.partition(":")[0] for problem in problems] == options
