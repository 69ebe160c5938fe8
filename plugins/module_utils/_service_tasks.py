# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The task definition of each service, as items of the module that registers them; pure.

A service is an entry of merge_services; the context says what the environment has, as roles/compute/vars describes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Item = dict[str, Any]
Service = Mapping[str, Any]
Context = Mapping[str, Any]

MAX_START_PERIOD = 300  #: seconds, AWS's limit for a container's health check
WRITABLE = {"tmp": "/tmp"}  # noqa: S108


def task_definitions(services: Iterable[Service], context: Context) -> list[Item]:
    """One for each service. ValueError names a secret that the environment doesn't have."""
    return [task_definition(service, context) for service in services]


def task_definition(service: Service, context: Context) -> Item:
    """The service's own container and its sidecars."""
    return {
        "family": service["full_name"],
        "cpu": service["cpu"],
        "memory": service["memory"],
        "ephemeral_storage": service["ephemeral_storage"],
        "runtime_platform": {"cpu_architecture": service["architecture"], "operating_system_family": "LINUX"},
        "task_role_arn": _role(service["role_name"], context),
        "execution_role_arn": _role(f"{context['name']}-execution", context),
        "volumes": list(_volumes(service)),
        "container_definitions": [
            _container(service, context),
            *(_sidecar(each, service, context) for each in service["sidecars"]),
        ],
    }


def _role(name: str, context: Context) -> str:
    return f"arn:{context['partition']}:iam::{context['account']}:role/{name}"


def _volumes(service: Service) -> dict[str, str]:
    """Where the container may write beside a read-only root; null takes one away."""
    given = {**({} if service["exec"] else WRITABLE), **service["volumes"]}
    return {name: path for name, path in given.items() if path is not None}


def _container(service: Service, context: Context) -> Item:
    place = f"stack_services.{service['name']}"
    return {
        **_restrictions(service),
        "name": service["name"],
        "image": f"{context['registry']}/{service['repository_name']}:{service['image_tag']}",
        "pinned": context["pin_images"],
        "essential": True,
        "environment": _environment(service, context),
        "secrets": _secrets(service["secrets"], f"{place}.secrets", context),
        "port_mappings": [{"container_port": service["port"], "name": service["name"], "app_protocol": "http"}],
        "depends_on": [{"container_name": name, "condition": word} for name, word in service["depends_on"].items()],
        "health_check": _health_check(service["health_check"]),
        "log_configuration": _log(service, context),
        "stop_timeout": service["stop_timeout"],
    }


def _restrictions(service: Service) -> Item:
    """Commands cannot be executed in a container whose root is read-only, so exec has the price of a writable one."""
    mounts = [{"source_volume": name, "container_path": path} for name, path in _volumes(service).items()]
    return {
        "readonly_root_filesystem": not service["exec"],
        "mount_points": mounts,
        "user": str(service["user"]),
        "linux_parameters": {"init_process_enabled": True},
        "ulimits": [{"name": name, **limits} for name, limits in service["ulimits"].items()],
    }


def _sidecar(container: Mapping[str, Any], service: Service, context: Context) -> Item:
    """A container beside the service's own; without a word of its own it logs where that one does by default."""
    place = f"stack_services.{service['name']}.sidecars.{container['name']}"
    log = container.get("log_configuration") or _awslogs(service, {}, context)
    secrets = _secrets(log.get("secret_options") or {}, f"{place}.log_configuration.secret_options", context)
    return {
        **container,
        **_sidecar_image(str(container["image"]), context),
        "secrets": _secrets(container.get("secrets") or {}, f"{place}.secrets", context),
        "log_configuration": {**log, "secret_options": secrets},
    }


def _sidecar_image(text: str, context: Context) -> Item:
    """As it is given; what names no registry is in a repository of the environment.

    What a cache pulls through is not pinned: its tag is in ECR only after the first task was started with it.
    """
    host, slash, _rest = text.partition("/")
    if slash and ("." in host or ":" in host):
        return {"image": text}
    own = f"{context['registry']}/{context['name']}/{text}"
    return {"image": own, "pinned": context["pin_images"] and host not in context["cached"]}


def _environment(service: Service, context: Context) -> dict[str, str]:
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


def _secrets(references: Mapping[str, str], place: str, context: Context) -> dict[str, str]:
    """What ECS reads, from C(name:key), or C(name) for the whole secret."""
    return {name: _secret(text, place, context) for name, text in references.items()}


def _secret(text: str, place: str, context: Context) -> str:
    short, _colon, key = text.partition(":")
    secret = context["secrets"].get(f"{context['name']}/{short}")
    if secret is None:
        known = ", ".join(sorted(name.partition("/")[2] for name in context["secrets"]))
        raise ValueError(f"{place}: there is no secret {short}; there are {known}")
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


def _log(service: Service, context: Context) -> Item:
    """Another driver's options are the service's own alone."""
    log = service["log"]
    place = f"stack_services.{service['name']}.log.secret_options"
    secrets = {"secret_options": _secrets(log["secret_options"], place, context)}
    if log["driver"] == "awslogs":
        return {**_awslogs(service, log["options"], context), **secrets}
    return {"log_driver": log["driver"], "options": log["options"], **secrets}


def _awslogs(service: Service, options: Mapping[str, Any], context: Context) -> Item:
    """Without blocking: a service goes on when CloudWatch Logs doesn't take its lines for a while."""
    ours = {
        "awslogs-group": service["log_group"],
        "awslogs-region": context["region"],
        "awslogs-stream-prefix": "ecs",
        "mode": "non-blocking",
        "max-buffer-size": "25m",
    }
    return {"log_driver": "awslogs", "options": {**ours, **options}}
