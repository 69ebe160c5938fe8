# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.applicationautoscaling_scalable_target import ScalableTarget
from ansible_collections.uex.payments.tests.support import ecs
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

BOTH = ("min_capacity", "max_capacity")


def target(name: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "min_capacity": 2,
        "max_capacity": 4,
        "scheduled": [],
        "suspended": False,
        "tags": None,
        **more,
    }


def sample(connect: Connect) -> dict[str, Any]:
    ecs.services(connect)
    return {"cluster": ecs.CLUSTER, "scalable_targets": [target(name) for name in ecs.SERVICES]}


CONTRACT = Contract(ScalableTarget, sample, change={"max_capacity": 8}, unset=("tags",))


@pytest.fixture
def subject(aws: None) -> Subject:
    return Subject(CONTRACT, Account())


def with_first(subject: Subject, **change: Any) -> dict[str, Any]:
    return subject.with_items([target(ecs.SERVICES[0], **change), *subject.items[1:]])


def counts(subject: Subject) -> tuple[int, int]:
    """Fewest and most tasks of the first target."""
    found = subject.resource().observe()[ecs.SERVICES[0]]
    return found["min_capacity"], found["max_capacity"]


def test_what_a_schedule_moves_is_left_alone(subject: Subject) -> None:
    items = with_first(subject, scheduled=list(BOTH))
    assert subject.run(**items).failed == []
    identity = {
        "ResourceId": f"service/{ecs.CLUSTER}/{ecs.SERVICES[0]}",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    subject.account.connect("application-autoscaling").register_scalable_target(
        ServiceNamespace="ecs", MinCapacity=0, MaxCapacity=0, **identity
    )
    assert subject.run(**items).done == []
    assert counts(subject) == (0, 0)


def test_a_count_that_no_schedule_moves_follows_the_inventory(subject: Subject) -> None:
    assert subject.run(**with_first(subject, scheduled=["min_capacity"])).failed == []
    identity = {
        "ResourceId": f"service/{ecs.CLUSTER}/{ecs.SERVICES[0]}",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    subject.account.connect("application-autoscaling").register_scalable_target(
        ServiceNamespace="ecs", MinCapacity=0, **identity
    )
    items = with_first(subject, scheduled=["min_capacity"], max_capacity=8)
    assert [change.field for plan in subject.run(**items).done for change in plan.changes] == ["max_capacity"]
    assert counts(subject) == (0, 8)
    assert subject.run(**items).done == []


@pytest.mark.parametrize("scheduled", [["min_capacity", "max_capacity"], ["max_capacity"], []])
def test_a_target_that_is_resumed_leaves_the_zero_it_waited_with(subject: Subject, scheduled: list[str]) -> None:
    waiting = with_first(subject, scheduled=scheduled, min_capacity=0, suspended=True)
    assert subject.run(**waiting).failed == []
    assert counts(subject) == (0, 4)
    assert subject.run(**waiting).done == []
    resumed = with_first(subject, scheduled=scheduled)
    assert subject.run(**resumed).failed == []
    assert counts(subject) == (2, 4)
    assert subject.run(**resumed).done == []


def test_other_clusters_are_not_looked_at(subject: Subject) -> None:
    subject.run()
    assert subject.resource(cluster="uex-payments-tes").observe() == {}


@pytest.mark.parametrize(
    ("low", "high", "right"), [(0, 0, True), (2, 2, True), (2, 4, True), (-1, 4, False), (5, 4, False)]
)
def test_the_fewest_are_not_more_than_the_most(low: int, high: int, right: bool) -> None:
    item = {"min_capacity": low, "max_capacity": high}
    problems = list(ScalableTarget(lambda service: None, {}).validate(item))
    assert [problem.partition(":")[0] for problem in problems] == ([] if right else ["min_capacity"])
