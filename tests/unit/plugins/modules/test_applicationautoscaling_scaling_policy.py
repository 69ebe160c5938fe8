# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules import applicationautoscaling_scaling_policy as module
from ansible_collections.uex.payments.tests.support import ecs
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

LABEL = "app/uex-payments-test-alb/0123456789abcdef/targetgroup/uex-payments-test-web/0123456789abcdef"


def policy(service: str, **more: Any) -> dict[str, Any]:
    return {
        "name": f"{service}-cpu",
        "service": service,
        "policy_type": module.TRACKING,
        "predefined_metric_type": "ECSServiceAverageCPUUtilization",
        "resource_label": None,
        "customized_metrics": None,
        "target_value": 60.0,
        "scale_in_cooldown": 300,
        "scale_out_cooldown": 60,
        "disable_scale_in": None,
        **dict.fromkeys((*module.MEMBERS[module.STEPS], "step_adjustments")),
        **more,
    }


QUERIES = [
    {**dict.fromkeys(("expression", "label", "namespace", "metric_name", "dimensions", "stat")), **query}
    for query in (
        {"id": "both", "expression": "blue", "return_data": True},
        {
            "id": "blue",
            "namespace": "AWS/ApplicationELB",
            "metric_name": "RequestCountPerTarget",
            "dimensions": {"TargetGroup": "targetgroup/blue/1"},
            "stat": "Sum",
            "return_data": False,
        },
    )
]
STEPS = {
    **dict.fromkeys((*module.MEMBERS[module.TRACKING], *module.METRIC_MEMBERS, "customized_metrics")),
    "policy_type": module.STEPS,
    "adjustment_type": "ChangeInCapacity",
    "step_adjustments": [
        {"metric_interval_lower_bound": 10.0, "metric_interval_upper_bound": None, "scaling_adjustment": 4},
        {"metric_interval_lower_bound": 0.0, "metric_interval_upper_bound": 10.0, "scaling_adjustment": 2},
    ],
}


def sample(connect: Connect) -> dict[str, Any]:
    ecs.targets(connect)
    api, web = ecs.SERVICES
    requests = {"predefined_metric_type": module.REQUESTS, "resource_label": LABEL, "target_value": 1000.0}
    policies = [policy(api), policy(web), policy(web, name=f"{web}-requests", **requests)]
    queries = {"predefined_metric_type": None, "customized_metrics": QUERIES}
    policies.append(policy(api, name=f"{api}-requests", **queries))
    policies.append(policy(web, **{**STEPS, "name": f"{web}-step-burst"}))
    return {"cluster": ecs.CLUSTER, "services": list(ecs.SERVICES), "scaling_policies": policies}


CONTRACT = Contract(
    module.ScalingPolicy, sample, change={"target_value": 70.0}, unset=("scale_in_cooldown", "scale_out_cooldown")
)


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    return subject


def test_what_nobody_declares_is_written_as_it_was(made: Subject) -> None:
    first, *others = made.items
    change = {"target_value": 50.0, "scale_in_cooldown": None, "scale_out_cooldown": None}
    assert made.run(**made.with_items([{**first, **change}, *others])).failed == []
    assert made.resource().observe()[first["name"]]["scale_in_cooldown"] == 300


def test_what_is_tracked_changes_in_place(made: Subject) -> None:
    first, *others = made.items
    queries = {"predefined_metric_type": None, "resource_label": None, "customized_metrics": QUERIES}
    for change in (queries, {name: first[name] for name in queries}):
        items = made.with_items([{**first, **change}, *others])
        assert made.run(**items).failed == []
        assert made.run(**items).done == []
    assert made.resource().observe()[first["name"]]["customized_metrics"] == []


def test_the_policies_of_a_service_that_is_declared_no_more_go_with_its_target(made: Subject) -> None:
    api, _web = ecs.SERVICES
    left = [item for item in made.items if item["service"] == api]
    assert made.run(prune=True, services=[api], scaling_policies=left).done == []
    assert len(made.resource().observe()) == 5


def test_steps_change_in_place_and_keep_what_nobody_declares(made: Subject) -> None:
    *others, step = made.items
    arn = made.resource().observe()[step["name"]]["policy_arn"]
    assert made.run(**made.with_items([*others, {**step, "cooldown": 90}])).failed == []
    adjustments = [{"metric_interval_lower_bound": 0.0, "metric_interval_upper_bound": None, "scaling_adjustment": 1}]
    changed = made.with_items([*others, {**step, "step_adjustments": adjustments}])
    assert made.run(**changed).failed == []
    found = made.resource().observe()[step["name"]]
    assert (found["policy_arn"], found["cooldown"], found["step_adjustments"]) == (arn, 90, adjustments)
    assert made.run(**changed).done == []


def test_the_kind_of_a_policy_cannot_change(made: Subject) -> None:
    first, *others = made.items
    other = {**first, **STEPS}
    assert [error.code for error in made.run(**made.with_items([other, *others])).failed] == ["Frozen"]


def test_a_policy_under_another_name_is_not_ours(made: Subject) -> None:
    made.run(scaling_policies=[policy(ecs.SERVICES[0], name="by-hand")])
    assert made.run(prune=True).done == []


def test_a_policy_cannot_move_to_another_service(made: Subject) -> None:
    first, *others = made.items
    moved = {**first, "service": ecs.SERVICES[1]}
    assert [error.code for error in made.run(**made.with_items([moved, *others])).failed] == ["Frozen"]


@pytest.mark.parametrize(
    ("change", "options"),
    [
        ({}, []),
        ({"resource_label": LABEL}, ["resource_label"]),
        ({"predefined_metric_type": module.REQUESTS}, ["resource_label"]),
        ({"predefined_metric_type": module.REQUESTS, "resource_label": LABEL}, []),
        ({"service": "other"}, ["service"]),
        ({"target_value": None}, ["target_value"]),
        ({"cooldown": 1}, ["cooldown"]),
        (STEPS, []),
        ({**STEPS, "adjustment_type": None}, ["adjustment_type"]),
        ({**STEPS, "target_value": 1.0}, ["target_value"]),
        ({**STEPS, "step_adjustments": []}, ["step_adjustments"]),
    ],
)
def test_what_does_not_fit_together(change: dict[str, Any], options: list[str]) -> None:
    resource = module.ScalingPolicy(lambda service: None, {"services": list(ecs.SERVICES)})
    problems = list(resource.validate({**policy(ecs.SERVICES[0]), **change}))
    assert [problem.partition(":")[0] for problem in problems] == options
