# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS's Application Auto Scaling: targets, policies, scheduled actions."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.usefixtures("aws")

RESOURCE = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/pay/api",
    "ScalableDimension": "ecs:service:DesiredCount",
}
LABEL = "app/pay/0123456789abcdef/targetgroup/api/fedcba9876543210"
SUSPENDED = {
    "DynamicScalingInSuspended": True,
    "DynamicScalingOutSuspended": True,
    "ScheduledScalingSuspended": True,
}


def refused(code: str) -> Any:
    """A context that expects AWS to refuse with this error code."""
    return pytest.raises(ClientError, match=rf"\({code}\)")


@pytest.fixture
def scaling() -> Any:
    """A client, with an ECS service of three tasks to scale."""
    ecs = boto3.client("ecs")
    ecs.create_cluster(clusterName="pay")
    container = {"name": "api", "image": "public.ecr.aws/x/y:1", "memory": 128}
    ecs.register_task_definition(family="api", containerDefinitions=[container])
    ecs.create_service(cluster="pay", serviceName="api", taskDefinition="api", desiredCount=3)
    return boto3.client("application-autoscaling")


def desired() -> int:
    """The service's desired count."""
    found = boto3.client("ecs").describe_services(cluster="pay", services=["api"])["services"][0]
    assert found["runningCount"] == found["desiredCount"]
    return int(found["desiredCount"])


def target(scaling: Any) -> Any:
    """The scalable target as it is described."""
    return scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"][0]


def tracking(metric: str, value: float, **more: str) -> dict[str, Any]:
    """A target-tracking configuration."""
    specification = {"PredefinedMetricType": metric, **more}
    return {"TargetValue": value, "PredefinedMetricSpecification": specification, "ScaleInCooldown": 300}


@pytest.mark.parametrize(
    ("low", "high", "suspended", "expected"),
    [(1, 5, {}, 3), (4, 6, {}, 4), (1, 2, {}, 2), (5, 6, SUSPENDED, 3), (0, 1, SUSPENDED, 3)],
)
def test_registering_moves_into_the_bounds(
    scaling: Any, low: int, high: int, suspended: dict[str, bool], expected: int
) -> None:
    """The desired count moves into [min, max], unless scaling that way is suspended, and an activity says so."""
    scaling.register_scalable_target(**RESOURCE, MinCapacity=low, MaxCapacity=high, SuspendedState=suspended)
    assert desired() == expected
    activities = scaling.describe_scaling_activities(ServiceNamespace="ecs")["ScalingActivities"]
    moved = [f"Setting desired count to {expected}."] if expected != 3 else []
    assert [activity["Description"] for activity in activities] == moved


def test_a_target_is_read_back(scaling: Any) -> None:
    """Bounds, suspended state, role and tags; an update changes only what it names."""
    arn = scaling.register_scalable_target(
        **RESOURCE, MinCapacity=1, MaxCapacity=5, SuspendedState=SUSPENDED, Tags={"Layer": "compute"}
    )["ScalableTargetARN"]
    scaling.register_scalable_target(**RESOURCE, MaxCapacity=6)
    scaling.register_scalable_target(**RESOURCE, SuspendedState={"DynamicScalingInSuspended": False})
    found = target(scaling)
    assert (found["MinCapacity"], found["MaxCapacity"]) == (1, 6)
    assert found["SuspendedState"] == {**SUSPENDED, "DynamicScalingInSuspended": False}
    assert found["RoleARN"].endswith("AWSServiceRoleForApplicationAutoScaling_ECSService")
    scaling.tag_resource(ResourceARN=arn, Tags={"a": "b"})
    scaling.untag_resource(ResourceARN=arn, TagKeys=["Layer"])
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"a": "b"}
    with refused("ResourceNotFoundException"):
        scaling.list_tags_for_resource(ResourceARN=arn + "x")


@pytest.mark.parametrize(
    "wrong",
    [
        {"ResourceId": "service/nothing/api"},
        {"ResourceId": "service/pay/nothing"},
        {"MinCapacity": 9},
    ],
)
def test_a_refused_target(scaling: Any, wrong: dict[str, Any]) -> None:
    """An unknown service or cluster and bounds out of order are ValidationException."""
    with refused("ValidationException"):
        scaling.register_scalable_target(**{**RESOURCE, "MinCapacity": 1, "MaxCapacity": 5, **wrong})


def test_a_new_target_needs_bounds(scaling: Any) -> None:
    """Minimum and maximum are required once."""
    with refused("ValidationException"):
        scaling.register_scalable_target(**RESOURCE, MaxCapacity=5)


@pytest.mark.parametrize(
    ("configuration", "metric"),
    [
        (tracking("ECSServiceAverageCPUUtilization", 60.0), "CPUUtilization"),
        (tracking("ECSServiceAverageMemoryUtilization", 70.0), "MemoryUtilization"),
        (tracking("ALBRequestCountPerTarget", 1000.0, ResourceLabel=LABEL), "RequestCountPerTarget"),
    ],
)
def test_target_tracking(scaling: Any, configuration: dict[str, Any], metric: str) -> None:
    """Read back as given; put again it is the same policy; a change keeps its ARN and has two alarms on its metric."""
    scaling.register_scalable_target(**RESOURCE, MinCapacity=1, MaxCapacity=5)
    given = {**RESOURCE, "PolicyName": "p", "PolicyType": "TargetTrackingScaling"}
    policy = {**given, "TargetTrackingScalingPolicyConfiguration": configuration}
    first, again = scaling.put_scaling_policy(**policy), scaling.put_scaling_policy(**policy)
    assert (first["PolicyARN"], first["Alarms"]) == (again["PolicyARN"], again["Alarms"])
    changed = {**configuration, "TargetValue": 50.0}
    scaling.put_scaling_policy(**{**policy, "TargetTrackingScalingPolicyConfiguration": changed})
    found = scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]
    assert [(p["PolicyARN"], p["TargetTrackingScalingPolicyConfiguration"]) for p in found] == [
        (first["PolicyARN"], changed)
    ]
    alarms = boto3.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert [(a["MetricName"], a["Threshold"]) for a in sorted(alarms, key=lambda a: a["Threshold"])] == [
        (metric, 45.0),
        (metric, 50.0),
    ]


def test_step_scaling(scaling: Any) -> None:
    """A step policy is read back and deleted; deleted twice it isn't found."""
    scaling.register_scalable_target(**RESOURCE, MinCapacity=1, MaxCapacity=5)
    step = {"MetricIntervalLowerBound": 0.0, "ScalingAdjustment": 1}
    steps = {"AdjustmentType": "ChangeInCapacity", "StepAdjustments": [step], "Cooldown": 60}
    scaling.put_scaling_policy(
        **RESOURCE, PolicyName="p", PolicyType="StepScaling", StepScalingPolicyConfiguration=steps
    )
    found = scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"][0]
    assert found["StepScalingPolicyConfiguration"] == steps
    scaling.delete_scaling_policy(**RESOURCE, PolicyName="p")
    with refused("ObjectNotFoundException"):
        scaling.delete_scaling_policy(**RESOURCE, PolicyName="p")


def test_refused_policies(scaling: Any) -> None:
    """A policy needs its target, and a request count its target group."""
    policy = {**RESOURCE, "PolicyName": "p", "PolicyType": "TargetTrackingScaling"}
    cpu = tracking("ECSServiceAverageCPUUtilization", 60.0)
    with refused("ObjectNotFoundException"):
        scaling.put_scaling_policy(**policy, TargetTrackingScalingPolicyConfiguration=cpu)
    scaling.register_scalable_target(**RESOURCE, MinCapacity=1, MaxCapacity=5)
    unlabelled = tracking("ALBRequestCountPerTarget", 100.0)
    with refused("ValidationException"):
        scaling.put_scaling_policy(**policy, TargetTrackingScalingPolicyConfiguration=unlabelled)


def test_scheduled_actions(scaling: Any) -> None:
    """Put, put again, read back, deleted; the target must exist and the schedule be one."""
    action = {**RESOURCE, "ScheduledActionName": "night", "Schedule": "cron(0 20 * * ? *)", "Timezone": "Europe/Rome"}
    wanted = {"MinCapacity": 0, "MaxCapacity": 0}
    with refused("ObjectNotFoundException"):
        scaling.put_scheduled_action(**action, ScalableTargetAction=wanted)
    scaling.register_scalable_target(**RESOURCE, MinCapacity=1, MaxCapacity=5)
    with refused("ValidationException"):
        scaling.put_scheduled_action(**{**action, "Schedule": "tonight"}, ScalableTargetAction=wanted)
    for _time in range(2):
        scaling.put_scheduled_action(**action, ScalableTargetAction=wanted)
    found = scaling.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"]
    assert [(a["Schedule"], a["Timezone"], a["ScalableTargetAction"]) for a in found] == [
        (action["Schedule"], "Europe/Rome", wanted)
    ]
    scaling.delete_scheduled_action(**RESOURCE, ScheduledActionName="night")
    with refused("ObjectNotFoundException"):
        scaling.delete_scheduled_action(**RESOURCE, ScheduledActionName="night")


def test_deregistering_takes_everything_along(scaling: Any) -> None:
    """Policies, their alarms and scheduled actions go with the target; a second time it isn't found."""
    scaling.register_scalable_target(**RESOURCE, MinCapacity=1, MaxCapacity=5)
    cpu = tracking("ECSServiceAverageCPUUtilization", 60.0)
    scaling.put_scaling_policy(
        **RESOURCE, PolicyName="p", PolicyType="TargetTrackingScaling", TargetTrackingScalingPolicyConfiguration=cpu
    )
    scaling.put_scheduled_action(
        **RESOURCE, ScheduledActionName="n", Schedule="rate(1 day)", ScalableTargetAction={"MinCapacity": 1}
    )
    scaling.deregister_scalable_target(**RESOURCE)
    assert scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"] == []
    assert scaling.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"] == []
    assert boto3.client("cloudwatch").describe_alarms()["MetricAlarms"] == []
    with refused("ObjectNotFoundException"):
        scaling.deregister_scalable_target(**RESOURCE)


def step(low: float | None, high: float | None) -> dict[str, float]:
    """An adjustment that adds a task within these distances from the threshold."""
    bounds = {"MetricIntervalLowerBound": low, "MetricIntervalUpperBound": high}
    return {"ScalingAdjustment": 1, **{name: value for name, value in bounds.items() if value is not None}}


@pytest.mark.parametrize(
    ("steps", "taken"),
    [
        ([step(0, None)], True),
        ([step(0, 10), step(10, None)], True),
        ([step(None, 0)], True),
        ([step(None, 0), step(0, None)], True),
        ([], False),
        ([step(None, None)], False),
        ([step(10, 0), step(0, None)], False),
        ([step(0, 10), step(5, None)], False),
        ([step(0, 10), step(20, None)], False),
        ([step(0, 10)], False),
        ([step(-10, 0)], False),
    ],
)
def test_step_adjustments_cover_a_side_of_the_threshold(
    scaling: Any, steps: list[dict[str, float]], taken: bool
) -> None:
    """They neither overlap nor leave a gap, and the outermost is open; the policy comes back as it was put."""
    scaling.register_scalable_target(**RESOURCE, MinCapacity=1, MaxCapacity=5)
    configuration = {"AdjustmentType": "ChangeInCapacity", "StepAdjustments": steps}
    request = {"PolicyName": "burst", "PolicyType": "StepScaling", "StepScalingPolicyConfiguration": configuration}
    if not taken:
        with refused("ValidationException"):
            scaling.put_scaling_policy(**RESOURCE, **request)
        return
    scaling.put_scaling_policy(**RESOURCE, **request)
    found = scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"][0]
    assert (found["PolicyType"], found["StepScalingPolicyConfiguration"]) == ("StepScaling", configuration)
