# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Application Auto Scaling: targets that hold an ECS service within its bounds, tags, and policies put in place."""

from __future__ import annotations

import itertools
import json
import re
import time
from typing import Any

from moto.applicationautoscaling.exceptions import AWSValidationException
from moto.applicationautoscaling.models import (
    ApplicationAutoscalingBackend,
    FakeApplicationAutoscalingPolicy,
    FakeScalableTarget,
)
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse as Response
from moto.cloudwatch.models import Alarm, cloudwatch_backends
from moto.core.exceptions import JsonRESTError
from moto.moto_api._internal import mock_random

from ._operations import add, page
from ._patch import after, before

SUSPENDABLE = ("DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended")
ROLE = "aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService"
SCHEDULE = re.compile(r"(at|rate|cron)\(.+\)")
REQUESTS = "ALBRequestCountPerTarget"
# Predefined metric to namespace, name and statistic of what CloudWatch measures.
METRICS = {
    "ECSServiceAverageCPUUtilization": ("AWS/ECS", "CPUUtilization", "Average"),
    "ECSServiceAverageMemoryUtilization": ("AWS/ECS", "MemoryUtilization", "Average"),
    REQUESTS: ("AWS/ApplicationELB", "RequestCountPerTarget", "Sum"),
}
SCALE_IN_MARGIN = 0.9
LOWER, UPPER = "MetricIntervalLowerBound", "MetricIntervalUpperBound"


def object_not_found(what: str, key: tuple[str, ...], name: str = "") -> JsonRESTError:
    """The error for a target, policy or action that isn't there."""
    namespace, resource_id, dimension = key
    suffix = f", {name}" if name else ""
    where = f"service namespace: {namespace}, resource ID: {resource_id}, scalable dimension: {dimension}{suffix}"
    return JsonRESTError("ObjectNotFoundException", f"No {what} found for {where}")


def bounded(desired: int, low: int, high: int, suspended: dict[str, bool]) -> int:
    """The desired count a target moves to: into [low, high], but not in a direction that is suspended."""
    if desired < low and not suspended["DynamicScalingOutSuspended"]:
        return low
    if desired > high and not suspended["DynamicScalingInSuspended"]:
        return high
    return desired


def find_service(backend: ApplicationAutoscalingBackend, resource_id: str) -> Any:
    """The active ECS service of a resource id `service/<cluster>/<name>`. Raises ValidationException."""
    _service, cluster, name = resource_id.split("/")
    service = backend.ecs_backend.services.get(f"{cluster}:{name}")
    if service is None or service.status == "INACTIVE":
        raise AWSValidationException(f"ECS service doesn't exist: {resource_id}")
    return service


def service_exists(self: ApplicationAutoscalingBackend, r_id: str) -> bool:
    """In place of moto's check: whatever is missing, the answer is ValidationException."""
    return bool(find_service(self, r_id))


def check_bounds(self: Response) -> None:
    """Before RegisterScalableTarget: a new target has both bounds, and they are in order."""
    known = self.applicationautoscaling_backend.targets.get(self._get_param("ScalableDimension"), {})
    existing = known.get(self._get_param("ResourceId"))
    low = self._get_int_param("MinCapacity", existing.min_capacity if existing else None)
    high = self._get_int_param("MaxCapacity", existing.max_capacity if existing else None)
    if low is None or high is None:
        raise AWSValidationException("MinCapacity and MaxCapacity must be specified for a new scalable target")
    if low > high:
        raise AWSValidationException("Maximum capacity cannot be less than minimum capacity")


def registered(self: Response, result: str) -> str:
    """After RegisterScalableTarget: tags of a new target are kept, and its ECS service moves into the bounds."""
    backend = self.applicationautoscaling_backend
    target: Any = backend.targets[self._get_param("ScalableDimension")][self._get_param("ResourceId")]
    if not hasattr(target, "tags"):
        target.tags = dict(self._get_param("Tags") or {})
    if target.service_namespace == "ecs":
        move(backend, target)
    return result


def move(backend: Any, target: FakeScalableTarget) -> None:
    """Move a target's ECS service into its bounds, and note the scaling activity."""
    service = find_service(backend, target.resource_id)
    state: Any = target.suspended_state
    desired = bounded(service.desired_count, int(target.min_capacity or 0), int(target.max_capacity or 0), state)
    if desired != service.desired_count:
        bound = "minimum" if desired > service.desired_count else "maximum"
        service.desired_count = desired
        activities(backend).insert(0, activity(target, desired, f"{bound} capacity was set to {desired}"))


def activities(backend: Any) -> list[dict[str, Any]]:
    """The scaling activities, newest first, kept on moto's backend so that a reset clears them."""
    found: list[dict[str, Any]] = vars(backend).setdefault("scaling_activities", [])
    return found


def activity(target: FakeScalableTarget, desired: int, cause: str) -> dict[str, Any]:
    """A successful scaling activity."""
    now = time.time()
    return {
        "ActivityId": str(mock_random.uuid4()),
        "ServiceNamespace": target.service_namespace,
        "ResourceId": target.resource_id,
        "ScalableDimension": target.scalable_dimension,
        "Description": f"Setting desired count to {desired}.",
        "Cause": cause,
        "StartTime": now,
        "EndTime": now,
        "StatusCode": "Successful",
        "StatusMessage": f"Successfully set desired count to {desired}. Change successfully fulfilled by ecs.",
    }


def aws_target(self: FakeScalableTarget, result: None, *_: Any, **__: Any) -> None:
    """After FakeScalableTarget.__init__: nothing suspended, and the service-linked role, unless the caller said so."""
    backend = self.applicationautoscaling_backend
    self.role_arn = self.role_arn or f"arn:{backend.partition}:iam::{backend.account_id}:role/{ROLE}"
    self.suspended_state = {**dict.fromkeys(SUSPENDABLE, False), **(self.suspended_state or {})}  # type: ignore[assignment,dict-item]


_update = FakeScalableTarget.update


def update_target(self: FakeScalableTarget, min_capacity: Any, max_capacity: Any, suspended_state: Any) -> None:
    """In place of moto's update: what the given suspended state doesn't name stays."""
    current: Any = self.suspended_state
    _update(self, min_capacity, max_capacity, {**current, **(suspended_state or {})})  # type: ignore[arg-type]


def describe_scaling_activities(self: Response) -> str:
    """DescribeScalingActivities, filtered by resource and dimension."""
    names = ("ServiceNamespace", "ResourceId", "ScalableDimension")
    wanted = {name: self._get_param(name) for name in names}
    every = activities(self.applicationautoscaling_backend)
    found = [a for a in every if all(value in (None, a[name]) for name, value in wanted.items())]
    items, token = page(found, self._get_int_param("MaxResults"), self._get_param("NextToken"), 50)
    return json.dumps({"ScalingActivities": items, **({"NextToken": token} if token else {})})


def key_of(self: Response) -> tuple[str, str, str]:
    """Namespace, resource id and dimension that a request names."""
    return self._get_param("ServiceNamespace"), self._get_param("ResourceId"), self._get_param("ScalableDimension")


def target_of(self: ApplicationAutoscalingBackend, key: tuple[str, str, str]) -> Any:
    """The scalable target. Raises ObjectNotFoundException."""
    target = self.targets.get(key[2], {}).get(key[1])
    if target is None:
        raise object_not_found("scalable target", key)
    return target


def check_policy(self: Response) -> None:
    """Before PutScalingPolicy: the target is registered, and a request count names its target group."""
    target_of(self.applicationautoscaling_backend, key_of(self))
    check_steps(self._get_param("StepScalingPolicyConfiguration"))
    configuration = self._get_param("TargetTrackingScalingPolicyConfiguration") or {}
    metric = configuration.get("PredefinedMetricSpecification", {})
    if metric.get("PredefinedMetricType") == REQUESTS and not metric.get("ResourceLabel"):
        raise AWSValidationException(f"ResourceLabel is required for the predefined metric type {REQUESTS}")


def check_steps(configuration: dict[str, Any] | None) -> None:
    """Raise ValidationException for a step policy whose adjustments AWS doesn't take."""
    if configuration is None:
        return
    steps = configuration.get("StepAdjustments") or []
    if not configuration.get("AdjustmentType") or not steps:
        raise AWSValidationException("Step scaling policies need an adjustment type and step adjustments")
    error = step_error([(step.get(LOWER), step.get(UPPER)) for step in steps])
    if error:
        raise AWSValidationException(error)


def step_error(bounds: list[tuple[float | None, float | None]]) -> str | None:
    """What AWS says of spans that overlap, leave a gap, or end although the metric may go on; None where they fit."""
    infinity = float("inf")
    if (None, None) in bounds:
        return "A step adjustment must have a lower or an upper bound"
    spans = sorted((-infinity if low is None else low, infinity if high is None else high) for low, high in bounds)
    if any(low >= high for low, high in spans):
        return "The upper bound of a step adjustment must be greater than its lower bound"
    if any(before[1] != after[0] for before, after in itertools.pairwise(spans)):
        return "Step adjustment intervals can't overlap or have a gap"
    if -infinity < spans[0][0] < 0:
        return "There must be a step adjustment with an unspecified lower bound when one has a negative lower bound"
    if 0 < spans[-1][1] < infinity:
        return "There must be a step adjustment with an unspecified upper bound when one has a positive upper bound"
    return None


_put_scaling_policy = ApplicationAutoscalingBackend.put_scaling_policy


def put_scaling_policy(self: ApplicationAutoscalingBackend, **given: Any) -> FakeApplicationAutoscalingPolicy:
    """In place of moto's: a policy put again keeps its ARN and age, and its alarms are replaced."""
    key = FakeApplicationAutoscalingPolicy.formulate_key(
        given["service_namespace"], given["resource_id"], given["scalable_dimension"], given["policy_name"]
    )
    old = self.policies.get(key)
    if old and old._policy_body == given["policy_body"]:
        return old
    if old:
        old.delete_alarms(self.account_id, self.region_name)
    policy = _put_scaling_policy(self, **given)
    if old:
        policy.policy_arn, policy.creation_time = old.policy_arn, old.creation_time
    return policy


def metric_of(policy: FakeApplicationAutoscalingPolicy) -> dict[str, Any] | None:
    """Namespace, name, statistic and dimensions of a policy's predefined metric, or None for a custom one."""
    configuration: dict[str, Any] = policy.target_tracking_scaling_policy_configuration or {}
    given = configuration.get("PredefinedMetricSpecification", {})
    namespace, name, statistic = METRICS.get(given.get("PredefinedMetricType"), (None, None, None))
    _word, cluster, service = policy.resource_id.split("/")
    dimensions = {"ClusterName": cluster, "ServiceName": service}
    if name == "RequestCountPerTarget":
        balancer, group = str(given["ResourceLabel"]).split("/targetgroup/")
        dimensions = {"TargetGroup": f"targetgroup/{group}", "LoadBalancer": balancer}
    pairs = [{"Name": key, "Value": value} for key, value in dimensions.items()]
    found = {"namespace": namespace, "metric_name": name, "statistic": statistic, "dimensions": pairs}
    return found if name else None


def ecs_alarms(self: FakeApplicationAutoscalingPolicy) -> list[Alarm]:
    """In place of moto's: the two alarms target tracking makes, on the policy's own metric and target value."""
    metric = metric_of(self)
    configuration: dict[str, Any] = self.target_tracking_scaling_policy_configuration or {}
    target = float(configuration.get("TargetValue", 0))
    sides = [("High", "GreaterThanThreshold", 3, target), ("Low", "LessThanThreshold", 15, target * SCALE_IN_MARGIN)]
    if metric is None:
        return []
    return [ecs_alarm(self, metric, *side) for side in sides]


def ecs_alarm(
    policy: FakeApplicationAutoscalingPolicy, metric: dict[str, Any], side: str, operator: str, periods: int, at: float
) -> Alarm:
    """One of a policy's alarms, above or below a threshold for so many minutes."""
    return cloudwatch_backends[policy.account_id][policy.region_name].put_metric_alarm(
        name=f"TargetTracking-{policy.resource_id}-Alarm{side}-{mock_random.uuid4()}",
        metric_data_queries=[],
        comparison_operator=operator,
        evaluation_periods=periods,
        period=60,
        threshold=at,
        description=f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {policy.policy_arn}.",
        alarm_actions=[policy.policy_arn],
        **metric,
    )


def check_action(self: Response) -> None:
    """Before PutScheduledAction: the target is registered, and the schedule is at(), rate() or cron()."""
    target_of(self.applicationautoscaling_backend, key_of(self))
    schedule = self._get_param("Schedule")
    if schedule and not SCHEDULE.fullmatch(schedule):
        raise AWSValidationException(f"Invalid schedule expression: {schedule}")


def check_deregistration(self: Response) -> None:
    """Before DeregisterScalableTarget: it is registered; its policies and scheduled actions go with it."""
    backend = self.applicationautoscaling_backend
    key = key_of(self)
    target_of(backend, key)
    for policy in list(backend.policies.values()):
        if (policy.service_namespace, policy.resource_id, policy.scalable_dimension) == key:
            backend.delete_scaling_policy(policy.policy_name, *key)
    backend.scheduled_actions = [
        a for a in backend.scheduled_actions if (a.service_namespace, a.resource_id, a.scalable_dimension) != key
    ]


def check_named(self: Response, what: str, name: str, found: list[str]) -> None:
    """Raise ObjectNotFoundException unless the name a request gives is among those found."""
    wanted = self._get_param(name)
    if wanted not in found:
        raise object_not_found(what, key_of(self), wanted)


def check_policy_deletion(self: Response) -> None:
    """Before DeleteScalingPolicy: it exists."""
    policies = self.applicationautoscaling_backend.policies.values()
    found = [p.policy_name for p in policies if p.resource_id == self._get_param("ResourceId")]
    check_named(self, "scaling policy", "PolicyName", found)


def check_action_deletion(self: Response) -> None:
    """Before DeleteScheduledAction: it exists."""
    actions = self.applicationautoscaling_backend.scheduled_actions
    found = [a.scheduled_action_name for a in actions if a.resource_id == self._get_param("ResourceId")]
    check_named(self, "scheduled action", "ScheduledActionName", found)


def tagged_target(self: Response) -> Any:
    """The target whose ARN a tagging request gives. Raises ResourceNotFoundException."""
    arn = self._get_param("ResourceARN")
    for targets in self.applicationautoscaling_backend.targets.values():
        for target in targets.values():
            if target.arn == arn:
                return target
    raise JsonRESTError("ResourceNotFoundException", f"The specified resource doesn't exist: {arn}")


def list_tags_for_resource(self: Response) -> str:
    """ListTagsForResource."""
    return json.dumps({"Tags": tagged_target(self).tags})


def tag_resource(self: Response) -> str:
    """TagResource adds and replaces."""
    tagged_target(self).tags.update(self._get_param("Tags"))
    return "{}"


def untag_resource(self: Response) -> str:
    """UntagResource removes what is there."""
    target, keys = tagged_target(self), self._get_param("TagKeys")
    target.tags = {key: value for key, value in target.tags.items() if key not in keys}
    return "{}"


OPERATIONS = (describe_scaling_activities, list_tags_for_resource, tag_resource, untag_resource)


def install() -> None:
    """Complete moto's Application Auto Scaling; a second call changes nothing."""
    Backend: Any = ApplicationAutoscalingBackend
    add(Response, *OPERATIONS)
    add(Backend, put_scaling_policy)
    Backend._ecs_service_exists_for_target = service_exists
    FakeScalableTarget.update = update_target  # type: ignore[method-assign]
    FakeApplicationAutoscalingPolicy._generate_ecs_alarms = ecs_alarms  # type: ignore[method-assign]
    after(FakeScalableTarget, "__init__", aws_target)
    after(Response, "register_scalable_target", registered)
    before(Response, "register_scalable_target", check_bounds)
    before(Response, "put_scaling_policy", check_policy)
    before(Response, "put_scheduled_action", check_action)
    before(Response, "deregister_scalable_target", check_deregistration)
    before(Response, "delete_scaling_policy", check_policy_deletion)
    before(Response, "delete_scheduled_action", check_action_deletion)
