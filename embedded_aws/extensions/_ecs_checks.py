# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS: what AWS refuses in CreateService and UpdateService. Every check raises; none changes anything."""

from __future__ import annotations

from typing import Any

from moto.ecs.exceptions import EcsClientException, InvalidParameterException, TaskDefinitionNotFoundException
from moto.ecs.models import EC2ContainerServiceBackend, TaskDefinition
from moto.elbv2.models import ELBv2Backend, FakeTargetGroup, elbv2_backends

from ._ecs_strategy import ALTERNATE, RULES, errors
from ._ecs_traffic import forwards, found_rule, pair

Settings = dict[str, Any]


def usable_definition(backend: EC2ContainerServiceBackend, name: str) -> TaskDefinition:
    """The task definition of that name. Raises ClientException when it is missing or inactive."""
    try:
        definition = backend.describe_task_definition(name)
    except TaskDefinitionNotFoundException:
        raise EcsClientException("TaskDefinition not found.") from None
    if definition.status != "ACTIVE":
        raise EcsClientException("TaskDefinition is inactive")
    return definition


def check_capacity(settings: Settings) -> None:
    """A launch type and a strategy exclude each other."""
    if settings.get("launchType") and settings.get("capacityProviderStrategy"):
        raise InvalidParameterException(
            "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again."
        )


def check_counts(settings: Settings) -> None:
    """A replica service needs a desired count, and no count is negative."""
    desired = settings.get("desiredCount")
    if desired is None and settings.get("schedulingStrategy", "REPLICA") == "REPLICA":
        raise InvalidParameterException("desiredCount is required for services with the REPLICA scheduling strategy.")
    if desired is not None and desired < 0:
        raise InvalidParameterException("desiredCount must not be negative.")


def check_network(definition: TaskDefinition, settings: Settings) -> None:
    """Tasks in network mode awsvpc need subnets."""
    if definition.network_mode == "awsvpc" and not settings.get("networkConfiguration"):
        raise InvalidParameterException(
            "Network Configuration must be provided when networkMode 'awsvpc' is specified."
        )


def target_group(backend: EC2ContainerServiceBackend, arn: str) -> FakeTargetGroup | None:
    """The target group of that ARN, or None."""
    found: FakeTargetGroup | None = elbv2_backends[backend.account_id][backend.region_name].target_groups.get(arn)
    return found


def check_target_group(backend: EC2ContainerServiceBackend, arn: str, definition: TaskDefinition) -> None:
    """A service's target group exists, is in use by a load balancer and takes the tasks' kind of target."""
    group = target_group(backend, arn)
    if group is None:
        raise InvalidParameterException(f"The target group with targetGroupArn {arn} does not exist.")
    if not group.load_balancer_arns:
        raise InvalidParameterException(
            f"The target group with targetGroupArn {arn} does not have an associated load balancer."
        )
    if definition.network_mode == "awsvpc" and group.target_type != "ip":
        raise InvalidParameterException(
            f"The provided target group {arn} has target type {group.target_type}, which is incompatible with the "
            "awsvpc network mode specified in the task definition."
        )


def check_container(definition: Any, balancer: Settings) -> None:
    """The container and port that a load balancer entry names are in the task definition."""
    name, port = balancer.get("containerName"), balancer.get("containerPort")
    containers = [c for c in definition.container_definitions if c["name"] == name]
    if not containers:
        raise InvalidParameterException(f"The container {name} does not exist in the task definition.")
    if port not in [mapping.get("containerPort") for mapping in containers[0]["portMappings"]]:
        raise InvalidParameterException(f"The container {name} did not have a container port {port} defined.")


def check_balancers(backend: EC2ContainerServiceBackend, definition: TaskDefinition, settings: Settings) -> None:
    """Every load balancer entry fits the task definition, and its target groups exist."""
    for balancer in settings.get("loadBalancers") or []:
        check_container(definition, balancer)
        for arn in (balancer.get("targetGroupArn"), balancer.get("advancedConfiguration", {}).get(ALTERNATE)):
            if arn:
                check_target_group(backend, arn, definition)
        check_rules(backend, balancer.get("advancedConfiguration", {}))


def check_rules(backend: EC2ContainerServiceBackend, advanced: Settings) -> None:
    """The production and test listener rules exist."""
    for name in RULES:
        arn = advanced.get(name)
        if arn and ":listener-rule/" in arn and found_rule(elastic(backend), arn) is None:
            raise InvalidParameterException(f"The {name} {arn} does not exist.")


def elastic(backend: EC2ContainerServiceBackend) -> ELBv2Backend:
    """The load balancers of the same account and region."""
    found: ELBv2Backend = elbv2_backends[backend.account_id][backend.region_name]
    return found


def check_strategy(backend: EC2ContainerServiceBackend, settings: Settings) -> None:
    """The deployment strategy, its hooks and what it needs of the load balancers are in order."""
    for found in errors(settings):
        raise InvalidParameterException(found)
    for balancer in settings.get("loadBalancers") or []:
        if balancer.get("advancedConfiguration") and lacks_test_rule(elastic(backend), balancer):
            raise InvalidParameterException(
                "For Application LoadBalancer, testListenerRule is required when productionListenerRule is not "
                "associated with both targetGroup and alternateTargetGroup"
            )


def lacks_test_rule(backend: ELBv2Backend, balancer: Settings) -> bool:
    """Whether an application load balancer's one rule does not lead to both target groups."""
    production, test = (balancer["advancedConfiguration"].get(name) for name in RULES)
    alone = ":listener-rule/" in production and not test
    return alone and not set(pair(balancer)) <= set(forwards(backend, production))


def check_bake_time(given: Settings, before: str) -> None:
    """Whoever chooses BLUE_GREEN says how long it bakes."""
    if given.get("strategy") == "BLUE_GREEN" != before and given.get("bakeTimeInMinutes") is None:
        raise InvalidParameterException("bakeTimeInMinutes is required for the BLUE_GREEN deployment strategy.")


def check_service(backend: EC2ContainerServiceBackend, definition: TaskDefinition, settings: Settings) -> None:
    """All of the above, for a service as it would be afterwards."""
    check_capacity(settings)
    check_counts(settings)
    check_network(definition, settings)
    check_balancers(backend, definition, settings)
