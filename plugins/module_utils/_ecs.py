# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS in one normal form: what is declared and what AWS returns in the same words, server defaults filled in; pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict, snake_dict_to_camel_dict

from . import _aws, _deployments, _tags

Item = dict[str, Any]

# Sizes

_GIB = 1024
_SIZES: dict[int, tuple[int, ...]] = {
    256: (512, 1 * _GIB, 2 * _GIB),
    512: tuple(range(1 * _GIB, 5 * _GIB, _GIB)),
    1024: tuple(range(2 * _GIB, 9 * _GIB, _GIB)),
    2048: tuple(range(4 * _GIB, 17 * _GIB, _GIB)),
    4096: tuple(range(8 * _GIB, 31 * _GIB, _GIB)),
    8192: tuple(range(16 * _GIB, 61 * _GIB, 4 * _GIB)),
    16384: tuple(range(32 * _GIB, 121 * _GIB, 8 * _GIB)),
}


def fargate_sizes() -> dict[int, tuple[int, ...]]:
    """The memory sizes in MiB that Fargate offers, by CPU units."""
    return dict(_SIZES)


def size_problem(cpu: int, memory: int) -> str:
    """Why Fargate offers no task of C(cpu) units with C(memory) MiB, as a sentence; empty where it does."""
    if cpu not in _SIZES:
        return f"Fargate offers no {cpu} CPU units; there are {', '.join(map(str, _SIZES))}"
    if memory not in _SIZES[cpu]:
        return f"Fargate offers no {memory} MiB with {cpu} CPU units; there are {', '.join(map(str, _SIZES[cpu]))}"
    return ""


# Words


def camel(value: Mapping[str, Any]) -> Item:
    """In the API's words, which begin small; a log driver's options keep theirs, as they hold no underscore to turn."""
    return dict(snake_dict_to_camel_dict(dict(value)))


# Services

#: Which properties of a service start a deployment when they change; the others take effect at once.
STARTS_DEPLOYMENT = frozenset(
    {"task_definition", "platform_version", "network_configuration", "load_balancers", "service_connect_configuration"}
)
#: What ECS changes of a service that has it already only together with a new deployment, which has to be asked for.
FORCES_DEPLOYMENT = frozenset({"capacity_provider_strategy"})
SERVICE_PROPERTIES = (
    "task_definition",
    "desired_count",
    "capacity_provider_strategy",
    "platform_version",
    "network_configuration",
    "load_balancers",
    "health_check_grace_period_seconds",
    "service_connect_configuration",
    "deployment_configuration",
    "enable_execute_command",
    "enable_ecs_managed_tags",
    "propagate_tags",
    "availability_zone_rebalancing",
)


def starts_deployment(properties: Iterable[str]) -> bool:
    """Whether a change of these properties makes ECS replace the tasks."""
    return not (STARTS_DEPLOYMENT | FORCES_DEPLOYMENT).isdisjoint(properties)


def declared_service(item: Mapping[str, Any], image_missing: bool = False) -> Item:
    """A declared service in the normal form.

    While its image is missing a new service gets no task, and an existing one keeps its task definition and its count.
    Once autoscaling owns the count it is given at the start only: C(started) false to true is that start.
    """
    count = item["desired_count"]
    owned = item["autoscaled"] or image_missing
    normal = {
        **{name: _property(name, item.get(name)) for name in SERVICE_PROPERTIES},
        "task_definition": None if image_missing else item["task_definition"],
        "desired_count": None if owned else count,
        "started": True if item["autoscaled"] and count and not image_missing else None,
        "waiting_for_image": image_missing,
        "initial": {"task_definition": item["task_definition"], "desired_count": 0 if image_missing else count},
    }
    return _aws.declared(normal)


def deployment_problems(item: Mapping[str, Any]) -> Iterable[str]:
    """What AWS would refuse in how a declared service is deployed."""
    configuration = item.get("deployment_configuration") or {}
    yield from _deployments.problems("deployment_configuration", configuration)
    shifting = (configuration.get("strategy") or _deployments.ROLLING) != _deployments.ROLLING
    for index, balancer in enumerate(item.get("load_balancers") or []):
        if shifting and not balancer.get("advanced_configuration"):
            place = f"load_balancers[{index}].advanced_configuration"
            yield f"{place}: needed to shift traffic, as {configuration['strategy']} does"
    most = configuration.get("maximum_percent")
    if item.get("availability_zone_rebalancing") == "ENABLED" and most is not None and most <= 100:
        yield "deployment_configuration.maximum_percent: above 100, as tasks change zones by starting elsewhere first"


def described_service(service: Mapping[str, Any]) -> Item:
    """An entry of DescribeServices in the normal form, with its state."""
    primary = _primary(service)
    entry = camel_dict_to_snake_dict({**service, "serviceConnectConfiguration": _connect(primary)})
    shown = _deployments.shown(service.get("deploymentConfiguration"))
    entry["deployment_configuration"] = {**_AS_MADE, **shown}
    state = rollout(service)
    return {
        "service_arn": service["serviceArn"],
        **{name: _property(name, entry.get(name)) for name in SERVICE_PROPERTIES},
        "running_count": service["runningCount"],
        "pending_count": service["pendingCount"],
        "rollout": state.state,
        "rollout_reason": state.reason,
        "ready": state.state != IN_PROGRESS,
        "tags": _tags.to_dict(service.get("tags"), "key", "value"),
    }


def service_request(properties: Mapping[str, Any]) -> Item:
    """The arguments of CreateService or UpdateService for some properties in the normal form."""
    given = _aws.declared({name: properties.get(name) for name in SERVICE_PROPERTIES})
    network = given.get("network_configuration")
    if network:
        address = "ENABLED" if network.get("assign_public_ip") else "DISABLED"
        given["network_configuration"] = {"awsvpc_configuration": {**network, "assign_public_ip": address}}
    deployment = given.pop("deployment_configuration", None)
    request = camel(given)
    if deployment is not None:
        request["deploymentConfiguration"] = _deployments.request(deployment)
    managed = request.pop("enableEcsManagedTags", None)
    return request if managed is None else {**request, "enableECSManagedTags": managed}


def _connect(deployment: Mapping[str, Any]) -> Item:
    """Service Connect as the deployment has it: AWS returns it nowhere else; none at all is a disabled one."""
    return dict(deployment.get("serviceConnectConfiguration") or {"enabled": False})


def _property(name: str, value: Any) -> Any:
    normal = _NORMAL.get(name)
    return value if value is None or normal is None else normal(value)


def _network(value: Mapping[str, Any]) -> Item:
    """Declared flat, and by AWS below C(awsvpcConfiguration)."""
    inner = value.get("awsvpc_configuration") or value
    return {
        "subnets": sorted(inner["subnets"]),
        "security_groups": sorted(inner.get("security_groups") or []),
        "assign_public_ip": inner.get("assign_public_ip") in (True, "ENABLED"),
    }


def _strategy(value: Iterable[Mapping[str, Any]]) -> list[Item]:
    entries = [{"base": 0, "weight": 0, **_aws.declared(entry)} for entry in value]
    return sorted(entries, key=lambda entry: str(entry["capacity_provider"]))


def _balancers(value: Iterable[Mapping[str, Any]]) -> list[Item]:
    return sorted((_balancer(entry) for entry in value), key=str)


def _balancer(entry: Mapping[str, Any]) -> Item:
    names = ("target_group_arn", "container_name", "container_port")
    advanced = entry.get("advanced_configuration")
    shifting = {"advanced_configuration": _aws.declared(advanced)} if advanced else {}
    return {**{name: entry.get(name) for name in names}, **shifting}


def aligned(found: list[Item], declared: Iterable[Mapping[str, Any]] | None) -> list[Item]:
    """The balancers that AWS shows, their two target groups in the order of the declared: ECS uses them in turn."""
    orders = {_pair(entry): entry for entry in declared or () if entry.get("advanced_configuration")}
    return sorted((_in_order(entry, orders.get(_pair(entry))) for entry in found), key=str)


def _pair(entry: Mapping[str, Any]) -> frozenset[str]:
    alternate = (entry.get("advanced_configuration") or {}).get("alternate_target_group_arn")
    return frozenset(filter(None, (entry.get("target_group_arn"), alternate)))


def _in_order(found: Item, declared: Mapping[str, Any] | None) -> Item:
    if declared is None or found["target_group_arn"] == declared["target_group_arn"]:
        return found
    alternate = declared["advanced_configuration"]["alternate_target_group_arn"]
    advanced = {**found["advanced_configuration"], "alternate_target_group_arn": alternate}
    return {**found, "target_group_arn": declared["target_group_arn"], "advanced_configuration": advanced}


def production_rules(balancers: Iterable[Mapping[str, Any]] | None) -> list[str]:
    """The listener rules whose weights ECS moves, of balancers in the normal form."""
    found = [(entry.get("advanced_configuration") or {}).get("production_listener_rule") for entry in balancers or ()]
    return [rule for rule in found if rule]


def _connected(value: Mapping[str, Any]) -> Item:
    services = [
        {
            "port_name": entry["port_name"],
            "discovery_name": entry.get("discovery_name") or entry["port_name"],
            "client_aliases": [_aws.declared(alias) for alias in entry.get("client_aliases") or []],
            **({"tls": _tls(entry["tls"])} if entry.get("tls") else {}),
        }
        for entry in value.get("services") or []
    ]
    return {
        **_aws.declared({"enabled": value["enabled"], "namespace": value.get("namespace")}),
        "services": sorted(services, key=lambda entry: str(entry["port_name"])),
    }


def _tls(tls: Mapping[str, Any]) -> Item:
    authority = {"aws_pca_authority_arn": tls["issuer_certificate_authority"]["aws_pca_authority_arn"]}
    return {"issuer_certificate_authority": authority, **_aws.declared({"role_arn": tls.get("role_arn")})}


#: What AWS does where a service says nothing, and may not show.
_AS_MADE: Item = {
    "strategy": _deployments.ROLLING,
    "deployment_circuit_breaker": {"enable": False, "rollback": False},
    "alarms": {},
}

_NORMAL: dict[str, Callable[[Any], Any]] = {
    "network_configuration": _network,
    "capacity_provider_strategy": _strategy,
    "load_balancers": _balancers,
    "service_connect_configuration": _connected,
    "deployment_configuration": _deployments.normal,
}


# What becomes of a deployment

DONE = "done"
IN_PROGRESS = "in progress"
FAILED = "failed"


class Rollout(NamedTuple):
    """Whether a service's latest deployment is C(done), C(in progress) or C(failed), and why, in AWS's words."""

    state: str
    reason: str


def rollout(service: Mapping[str, Any], task_definition: str = "") -> Rollout:
    """The state of the latest deployment of an entry of DescribeServices.

    With C(task_definition), the ARN that was deployed, a rollback is seen also when ECS has completed it and shows the
    failed deployment no more.
    """
    if service["status"] != "ACTIVE":
        return Rollout(FAILED, f"the service is {service['status']}")
    reason = _rolled_back(service, task_definition)
    if reason:
        return Rollout(FAILED, reason)
    primary = _primary(service)
    state = primary.get("rolloutState") or _counted(service)
    text = primary.get("rolloutStateReason") or f"{service['runningCount']} of {service['desiredCount']} tasks run"
    return Rollout({"COMPLETED": DONE, "FAILED": FAILED}.get(state, IN_PROGRESS), text)


def _rolled_back(service: Mapping[str, Any], task_definition: str) -> str:
    """Why the deployment is being or was undone; empty where it isn't."""
    primary = _primary(service)
    reason = str(primary.get("rolloutStateReason") or "")
    if "rolling back" in reason or "rolled back" in reason:
        return reason
    if task_definition and primary.get("taskDefinition") != task_definition:
        return f"ECS runs {primary.get('taskDefinition')} instead"
    return ""


def _primary(service: Mapping[str, Any]) -> Mapping[str, Any]:
    deployments: list[Mapping[str, Any]] = service.get("deployments") or []
    return next((each for each in deployments if each.get("status") == "PRIMARY"), {})


def _counted(service: Mapping[str, Any]) -> str:
    """For a service whose deployments have no state of their own: alone and with all its tasks it is complete."""
    complete = len(service["deployments"]) == 1 and service["runningCount"] == service["desiredCount"]
    return "COMPLETED" if complete else IN_PROGRESS


def cannot_assume(code: str, message: str) -> bool:
    """Whether ECS cannot use a role that it was given, as it cannot for some seconds after the role was made."""
    unseen = code == "InvalidParameterException" and "unable to assume" in message.lower()
    return unseen and not lacks_linked_role(code, message)


def lacks_linked_role(code: str, message: str) -> bool:
    """Whether AWS says that the account has no service-linked role of ECS yet."""
    return code == "InvalidParameterException" and "service linked role" in message.lower()


def unreleased(desired_count: int, suspended: Collection[bool]) -> bool:
    """Whether a service has never been started: no task wanted, and scaling suspended, or no scaling target at all."""
    return desired_count == 0 and all(suspended)


# Clusters

PROVIDERS = ("capacity_providers", "default_capacity_provider_strategy")
PROVIDER_MEMBERS = ("capacityProviders", "defaultCapacityProviderStrategy")
_LOG_MEMBERS = ("cloud_watch_log_group_name", "cloud_watch_encryption_enabled")


def strategy_problems(option: str, strategy: Iterable[Mapping[str, Any]] | None) -> Iterable[str]:
    """What AWS would refuse in a capacity provider strategy, as sentences that begin with the option's name."""
    entries = list(strategy or [])
    if sum(1 for entry in entries if entry.get("base")) > 1:
        yield f"{option}: only one capacity provider can have a base"
    if entries and not any(entry.get("weight") for entry in entries):
        yield f"{option}: at least one capacity provider needs a weight above 0"


def declared_cluster(item: Mapping[str, Any]) -> Item:
    """A declared cluster in the normal form."""
    strategy, audit = item["default_capacity_provider_strategy"], item["execute_command_configuration"]
    providers = item["capacity_providers"]
    normal = {
        "container_insights": item["container_insights"],
        "capacity_providers": None if providers is None else sorted(providers),
        "default_capacity_provider_strategy": None if strategy is None else _strategy(strategy),
        "execute_command_configuration": None if audit is None else _aws.declared(audit),
        "service_connect_namespace": item["service_connect_namespace"],
    }
    return _aws.declared(normal)


def described_cluster(cluster: Mapping[str, Any]) -> Item:
    """An entry of DescribeClusters in the normal form."""
    entry = camel_dict_to_snake_dict(dict(cluster))
    settings = {setting["name"]: setting["value"] for setting in cluster.get("settings") or []}
    audit = (entry.get("configuration") or {}).get("execute_command_configuration") or {}
    return {
        "cluster_arn": cluster["clusterArn"],
        "container_insights": settings.get("containerInsights"),
        "capacity_providers": sorted(cluster.get("capacityProviders") or []),
        "default_capacity_provider_strategy": _strategy(entry.get("default_capacity_provider_strategy") or []),
        "execute_command_configuration": _audit(audit),
        "service_connect_namespace": (entry.get("service_connect_defaults") or {}).get("namespace"),
        "ready": cluster["status"] == "ACTIVE",
        "tags": _tags.to_dict(cluster.get("tags"), "key", "value"),
    }


def _audit(configuration: Mapping[str, Any]) -> Item:
    """AWS keeps what is about the log one level deeper."""
    flat = {**configuration, **(configuration.get("log_configuration") or {})}
    return _aws.declared({name: flat.get(name) for name in ("logging", "kms_key_id", *_LOG_MEMBERS)})


def cluster_request(properties: Mapping[str, Any]) -> Item:
    """The arguments of CreateCluster or UpdateCluster for some properties in the normal form."""
    insights, audit = properties.get("container_insights"), properties.get("execute_command_configuration")
    namespace = properties.get("service_connect_namespace")
    request = {
        **{name: properties.get(name) for name in PROVIDERS},
        "settings": [{"name": "containerInsights", "value": insights}] if insights else None,
        "configuration": {"execute_command_configuration": _audit_request(audit)} if audit else None,
        "service_connect_defaults": None if namespace is None else {"namespace": namespace},
    }
    return camel(_aws.declared(request))


def _audit_request(audit: Mapping[str, Any]) -> Item:
    log = {name: audit[name] for name in _LOG_MEMBERS if name in audit}
    rest = {name: value for name, value in audit.items() if name not in _LOG_MEMBERS}
    return {**rest, "log_configuration": log} if audit.get("logging") == "OVERRIDE" else rest
