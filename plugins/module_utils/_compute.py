# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What each service needs in the compute layer, as items of the modules that make it; pure.

A service is an entry of merge_services; the context says what the environment has, as roles/compute/vars describes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import _aws, _deployments, _rollback

Item = dict[str, Any]
Services = Iterable[Mapping[str, Any]]
Context = Mapping[str, Any]

MAX_START_PERIOD = 300  #: seconds, AWS's limit for a container's health check
WRITABLE = {"source_volume": "tmp", "container_path": "/tmp"}  # noqa: S108
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


def task_definitions(services: Services, context: Context) -> list[Item]:
    """One for each service. ValueError names a secret that the environment doesn't have."""
    return [
        {
            "family": service["full_name"],
            "cpu": service["cpu"],
            "memory": service["memory"],
            "runtime_platform": {"cpu_architecture": service["architecture"], "operating_system_family": "LINUX"},
            "task_role_arn": _role(service["role_name"], context),
            "execution_role_arn": _role(f"{context['name']}-execution", context),
            "volumes": [] if service["exec"] else [WRITABLE["source_volume"]],
            "container_definitions": [_container(service, context)],
        }
        for service in services
    ]


def _role(name: str, context: Context) -> str:
    return f"arn:{context['partition']}:iam::{context['account']}:role/{name}"


def _container(service: Mapping[str, Any], context: Context) -> Item:
    return {
        **_restrictions(service),
        "name": service["name"],
        "image": _image(service, context),
        "essential": True,
        "environment": _environment(service, context),
        "secrets": {name: _secret(service, text, context) for name, text in service["secrets"].items()},
        "port_mappings": [{"container_port": service["port"], "name": service["name"], "app_protocol": "http"}],
        "health_check": _health_check(service["health_check"]),
        "log_configuration": {"log_driver": "awslogs", "options": _log_options(service, context)},
        "stop_timeout": service["stop_timeout"],
    }


def _restrictions(service: Mapping[str, Any]) -> Item:
    """Commands cannot be executed in a container whose root is read-only, so exec has the price of a writable one."""
    return {
        "readonly_root_filesystem": not service["exec"],
        "mount_points": [] if service["exec"] else [WRITABLE],
        "user": str(service["user"]),
        "linux_parameters": {"init_process_enabled": True},
    }


def _image(service: Mapping[str, Any], context: Context) -> str:
    suffix = ".cn" if context["partition"] == "aws-cn" else ""
    registry = f"{context['account']}.dkr.ecr.{context['region']}.amazonaws.com{suffix}"
    return f"{registry}/{service['repository_name']}:{service['image_tag']}"


def _environment(service: Mapping[str, Any], context: Context) -> dict[str, str]:
    """Where everything is, then what holds for all services, then the service's own word."""
    own = {"PORT": service["port"], "SERVICE_NAME": service["name"], "SERVICE_PATH": service["path"]}
    database, redis = context.get("database") or {}, context.get("redis") or {}
    found = {
        "DATABASE_HOST": database.get("endpoint_address"),
        "DATABASE_PORT": database.get("endpoint_port"),
        "REDIS_HOST": redis.get("primary_endpoint_address"),
        "REDIS_PORT": redis.get("primary_endpoint_port"),
    }
    variables = {**own, **found, **context["environment"], **service["environment"]}
    return {name: str(value) for name, value in variables.items() if value is not None}


def _secret(service: Mapping[str, Any], text: str, context: Context) -> str:
    """What ECS reads, from C(name:key), or C(name) for the whole secret."""
    short, _colon, key = text.partition(":")
    secret = context["secrets"].get(f"{context['name']}/{short}")
    if secret is None:
        known = ", ".join(sorted(name.partition("/")[2] for name in context["secrets"]))
        raise ValueError(f"stack_services.{service['name']}.secrets: there is no secret {short}; there are {known}")
    return f"{secret['arn']}:{key}::" if key else str(secret["arn"])


def _health_check(check: Mapping[str, Any]) -> Item | None:
    if not check["command"]:
        return None
    return {
        "command": check["command"],
        "interval": check["interval"],
        "timeout": check["timeout"],
        "retries": check["unhealthy_threshold"],
        "start_period": min(check["grace_period"], MAX_START_PERIOD),
    }


def _log_options(service: Mapping[str, Any], context: Context) -> dict[str, str]:
    """Without blocking: a service goes on when CloudWatch Logs doesn't take its lines for a while."""
    return {
        "awslogs-group": service["log_group"],
        "awslogs-region": context["region"],
        "awslogs-stream-prefix": "ecs",
        "mode": "non-blocking",
        "max-buffer-size": "25m",
    }


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
    return {"role_arn": context["infrastructure_role"], **hook} if calls else dict(hook)


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
        "scheduled": bool(service["schedules"]),
        "suspended": held,
    }


def scaling_policies(services: Services, context: Context) -> list[Item]:
    """One for each metric with a target, of each service that has room to scale."""
    return [
        _policy(service, metric, context)
        for service in services
        if service["min_count"] < service["max_count"] or service["schedules"]
        for metric in METRICS
        if service["scaling"][metric] is not None
    ]


def _policy(service: Mapping[str, Any], metric: str, context: Context) -> Item:
    scaling = service["scaling"]
    return {
        "name": f"{service['full_name']}-{metric}",
        "service": service["full_name"],
        "predefined_metric_type": METRICS[metric],
        "resource_label": _label(service, context) if metric == "requests" else None,
        "target_value": float(scaling[metric]),
        "scale_in_cooldown": scaling["scale_in_cooldown"],
        "scale_out_cooldown": scaling["scale_out_cooldown"],
    }


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
}
