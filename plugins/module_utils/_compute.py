# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What each service needs in the compute layer, as items of the modules that make it; pure.

A service is an entry of merge_services; the context says what the environment has, as roles/compute/vars describes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import _alarms, _aws, _deployments, _rollback, _step_scaling
from ._service_tasks import task_definitions

Item = dict[str, Any]
Services = Iterable[Mapping[str, Any]]
Context = Mapping[str, Any]

METRICS = {
    "cpu": "ECSServiceAverageCPUUtilization",
    "memory": "ECSServiceAverageMemoryUtilization",
    "requests": "ALBRequestCountPerTarget",
}


def names(services: Services, context: Context) -> list[Item]:
    """Nothing but the services' names, for a module that only takes others away."""
    return [{"name": service["full_name"]} for service in services]


def log_groups(services: Services, context: Context) -> list[Item]:
    """One for each service, one for executed commands, one for Container Insights."""
    name, retention = context["name"], context["retention_in_days"]
    days = {service["log_group"]: retention["services"] for service in services}
    days[f"{name}-exec"] = retention["exec"]
    days[f"/aws/ecs/containerinsights/{name}/performance"] = retention["insights"]
    key = context["kms_key_id"]
    return [{"name": group, "retention_in_days": number, "kms_key_id": key} for group, number in days.items()]


def ecs_services(services: Services, context: Context) -> list[Item]:
    """One for each service, in the application subnets, behind its target group and in the namespace."""
    return [_service(service, context) for service in services]


def _service(service: Mapping[str, Any], context: Context) -> Item:
    return {
        "name": service["full_name"],
        "task_definition": context["task_definitions"][service["full_name"]]["task_definition_arn"],
        "desired_count": service["desired_count"],
        "autoscaled": True,
        "image": {"repository_name": service["repository_name"], "tag": str(service["image_tag"])},
        "capacity_provider_strategy": _strategy(service["capacity"]),
        "load_balancers": [_balancer(service, context)],
        "health_check_grace_period_seconds": service["health_check"]["grace_period"],
        "service_connect_configuration": _connect(service, context),
        "enable_execute_command": service["exec"],
        "deployment_configuration": _deployment(service, context),
        **context["service"],
    }


def _deployment(service: Mapping[str, Any], context: Context) -> Item:
    """A rolling deployment gives up by itself; the others have alarms alone."""
    rolling = service["deployment"]["strategy"] == _deployments.ROLLING
    alarms = [*_rollback.names(service), *service["deployment"]["further_alarms"]]
    chosen = _deployments.of_service(service["deployment"])
    return {
        **context["percents"],
        **chosen,
        "deployment_circuit_breaker": {"enable": rolling, "rollback": rolling},
        "alarms": {"alarm_names": alarms, "enable": bool(alarms), "rollback": bool(alarms)},
        "lifecycle_hooks": [_hook(hook, context) for hook in chosen["lifecycle_hooks"]],
    }


def _hook(hook: Mapping[str, Any], context: Context) -> Item:
    """ECS calls functions with the role that it has for its own work, unless another one is given."""
    calls = (hook.get("target_type") or _deployments.LAMBDA) == _deployments.LAMBDA
    return {**hook, "role_arn": hook.get("role_arn") or context["infrastructure_role"]} if calls else dict(hook)


def _strategy(capacity: Mapping[str, int]) -> list[Item]:
    """Providers that would get no task are left out."""
    fargate = {"base": capacity["fargate_base"], "weight": capacity["fargate_weight"]}
    shares = {"FARGATE": fargate, "FARGATE_SPOT": {"base": 0, "weight": capacity["spot_weight"]}}
    return [{"capacity_provider": name, **share} for name, share in shares.items() if any(share.values())]


def _balancer(service: Mapping[str, Any], context: Context) -> Item:
    groups, alternate = context["target_groups"], service["alternate_target_group"]
    balancer = {
        "target_group_arn": groups[service["target_group"]]["target_group_arn"],
        "container_name": service["name"],
        "container_port": service["port"],
    }
    if not alternate:
        return balancer
    rules = context["rules"]
    shifting = {
        "alternate_target_group_arn": groups[alternate]["target_group_arn"],
        "production_listener_rule": rules[service["full_name"]]["rule_arn"],
        "test_listener_rule": rules[f"{service['full_name']}-test"]["rule_arn"],
        "role_arn": context["infrastructure_role"],
    }
    return {**balancer, "advanced_configuration": shifting}


def _connect(service: Mapping[str, Any], context: Context) -> Item:
    """Found as the service's short name on its own port."""
    alias = {"port": service["port"], "dns_name": service["name"]}
    offered: Item = {"port_name": service["name"], "discovery_name": service["name"], "client_aliases": [alias]}
    authority = context["authority"]
    if authority:
        issuer = {"aws_pca_authority_arn": authority}
        offered["tls"] = {"issuer_certificate_authority": issuer, "role_arn": context["infrastructure_role"]}
    return {"enabled": True, "namespace": context["namespace"], "services": [offered]}


def rollback_alarms(services: Services, context: Context) -> list[Item]:
    """The alarms that each service's deployments watch."""
    balancer, groups = context["load_balancer"], context["target_groups"]
    return [alarm for service in services for alarm in _rollback.alarms(service, balancer, groups)]


def scalable_targets(services: Services, context: Context) -> list[Item]:
    """One for each service; one that was never started, as its image isn't there, is held at no task."""
    return [_target(service, context["services"].get(service["full_name"]) or {}) for service in services]


def _target(service: Mapping[str, Any], made: Mapping[str, Any]) -> Item:
    held = bool(made.get("waiting_for_image") and not made.get("started"))
    return {
        "name": service["full_name"],
        "min_capacity": 0 if held else service["min_count"],
        "max_capacity": service["max_count"],
        "scheduled": _scheduled(service),
        "suspended": held,
    }


def _scheduled(service: Mapping[str, Any]) -> list[str]:
    """The counts that some schedule moves."""
    counts = [_counts(schedule) for schedule in service["schedules"]]
    return [name for name in ("min_capacity", "max_capacity") if any(each[name] is not None for each in counts)]


def scaling_policies(services: Services, context: Context) -> list[Item]:
    """One for each metric with a target, and one for each way to scale in steps, of each service that can scale."""
    return [
        policy
        for service in filter(_can_scale, services)
        for policy in (
            *(_policy(service, metric, context) for metric in METRICS if service["scaling"][metric] is not None),
            *(_step_policy(service, step) for step in _steps(service)),
        )
    ]


def _can_scale(service: Mapping[str, Any]) -> bool:
    """Whether there is room, or a schedule may make some."""
    return bool(service["min_count"] < service["max_count"] or service["schedules"])


def _steps(service: Mapping[str, Any]) -> list[Item]:
    """The service's ways to scale in steps, each with the name of its policy and alarm."""
    steps = map(_step_scaling.completed, service["scaling"]["steps"])
    return [{**step, "full_name": f"{service['full_name']}-step-{step['name']}"} for step in steps]


def _step_policy(service: Mapping[str, Any], step: Mapping[str, Any]) -> Item:
    return {
        "name": step["full_name"],
        "service": service["full_name"],
        "policy_type": "StepScaling",
        "adjustment_type": step["adjustment_type"],
        "step_adjustments": step["step_adjustments"],
        "cooldown": step["cooldown"],
        "metric_aggregation_type": "Average",
        "min_adjustment_magnitude": step["min_adjustment_magnitude"] or None,
    }


def step_alarms(services: Services, context: Context) -> list[Item]:
    """The alarm that carries out each policy with steps; missing data never moves anything."""
    return [
        {
            "name": step["full_name"],
            "description": f"Scales {service['full_name']} in steps; nobody has to do anything",
            **_measured(service, step["metric"], step["period"], context),
            "evaluation_periods": step["evaluation_periods"],
            "threshold": float(step["threshold"]),
            "comparison_operator": step["comparison_operator"],
            "treat_missing_data": "notBreaching",
            "alarm_actions": [context["scaling_policies"][step["full_name"]]["policy_arn"]],
        }
        for service in filter(_can_scale, services)
        for step in _steps(service)
    ]


def _measured(service: Mapping[str, Any], metric: str, period: int, context: Context) -> Item:
    """What an alarm on a metric of a service watches."""
    if metric == "requests":
        places = _rollback.places(service, context["load_balancer"], context["target_groups"])
        return _alarms.over_groups("RequestCountPerTarget", "Sum", places, _alarms.BOTH, period)
    dimensions = {"ClusterName": context["name"], "ServiceName": service["full_name"]}
    word = {"cpu": "CPUUtilization", "memory": "MemoryUtilization"}[metric]
    name = {"namespace": "AWS/ECS", "metric_name": word, "statistic": "Average"}
    return {**name, "dimensions": dimensions, "period": period}


def step_alarm_names(services: Services, context: Context) -> list[Item]:
    """The names of these alarms, which are known before their policies are."""
    return [{"name": step["full_name"]} for service in filter(_can_scale, services) for step in _steps(service)]


def _policy(service: Mapping[str, Any], metric: str, context: Context) -> Item:
    scaling = service["scaling"]
    return {
        "name": f"{service['full_name']}-{metric}",
        "service": service["full_name"],
        **_tracked(service, metric, context),
        "target_value": float(scaling[metric]),
        "scale_in_cooldown": scaling["scale_in_cooldown"],
        "scale_out_cooldown": scaling["scale_out_cooldown"],
    }


def _tracked(service: Mapping[str, Any], metric: str, context: Context) -> Item:
    """AWS's own metric; of requests to two target groups in turn, what reaches a task of either."""
    if metric == "requests" and service["alternate_target_group"]:
        places = _rollback.places(service, context["load_balancer"], context["target_groups"])
        return {"customized_metrics": _alarms.over_both("RequestCountPerTarget", "Sum", places, _alarms.BOTH)}
    label = _label(service, context) if metric == "requests" else None
    return {"predefined_metric_type": METRICS[metric], "resource_label": label}


def _label(service: Mapping[str, Any], context: Context) -> str:
    """The full names of balancer and target group; where one isn't known yet, its placeholder alone."""
    parts = [context["load_balancer"], context["target_groups"][service["target_group"]]["full_name"]]
    unknown = [part for part in parts if not _aws.is_known(part)]
    return str(unknown[0]) if unknown else "/".join(parts)


def scheduled_actions(services: Services, context: Context) -> list[Item]:
    """The schedules of all services."""
    return [
        {
            "name": f"{service['full_name']}-{schedule['name']}",
            "service": service["full_name"],
            "schedule": schedule["schedule"],
            **{name: schedule.get(name) for name in ("timezone", "min_capacity", "max_capacity")},
        }
        for service in services
        for schedule in (_counts(each) for each in service["schedules"])
    ]


def _counts(schedule: Mapping[str, Any]) -> Item:
    """In the words of Application Auto Scaling."""
    return {**schedule, "min_capacity": schedule.get("min_count"), "max_capacity": schedule.get("max_count")}


KINDS: dict[str, Callable[[Services, Context], list[Item]]] = {
    "names": names,
    "log_groups": log_groups,
    "task_definitions": task_definitions,
    "rollback_alarms": rollback_alarms,
    "services": ecs_services,
    "scalable_targets": scalable_targets,
    "scaling_policies": scaling_policies,
    "scheduled_actions": scheduled_actions,
    "step_alarms": step_alarms,
    "step_alarm_names": step_alarm_names,
}
