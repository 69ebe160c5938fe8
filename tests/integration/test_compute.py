# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The compute layer against its specification: cluster, task definitions, services, scaling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.uex.payments.tests.integration.expected import SERVICES, ZONES, Environment

#: Services that reach the databases, and those of them that call the UEX API.
WITH_STORES = {"uex-backend", "processing-tier", "management-backend"}
WITH_API = {"uex-backend", "processing-tier"}
STORE_SECRETS = {
    "DATABASE_USERNAME": "database:username",
    "DATABASE_PASSWORD": "database:password",
    "REDIS_AUTH_TOKEN": "redis:auth_token",
    "DATA_ENCRYPTION_KEY": "data-encryption:key",
    "JWT_SIGNING_KEY": "jwt-signing:key",
}
API_SECRETS = {
    "UEX_API_KEY": "uex-api:key",
    "UEX_API_SECRET": "uex-api:secret",
    "UEX_API_REFERRAL_CODE": "uex-api:referral_code",
}
METRICS = {
    "ECSServiceAverageCPUUtilization",
    "ECSServiceAverageMemoryUtilization",
    "ALBRequestCountPerTarget",
}


def lower_tags(entry: dict[str, Any]) -> dict[str, str]:
    return {tag["key"]: tag["value"] for tag in entry["tags"]}


# The cluster


@pytest.fixture(scope="module")
def cluster(connect: Callable[[str], Any], stack_name: str) -> dict[str, Any]:
    details = ["CONFIGURATIONS", "SETTINGS", "TAGS"]
    (found,) = connect("ecs").describe_clusters(clusters=[stack_name], include=details)["clusters"]
    return dict(found)


@pytest.fixture(scope="module")
def namespace(connect: Callable[[str], Any], stack_name: str) -> dict[str, Any]:
    pages = connect("servicediscovery").get_paginator("list_namespaces").paginate()
    (found,) = (each for page in pages for each in page["Namespaces"] if each["Name"] == stack_name)
    return dict(found)


def test_the_cluster_has_insights_and_both_providers(cluster: dict[str, Any]) -> None:
    assert cluster["status"] == "ACTIVE"
    assert {"name": "containerInsights", "value": "enabled"} in cluster["settings"]
    assert sorted(cluster["capacityProviders"]) == ["FARGATE", "FARGATE_SPOT"]


def test_commands_run_in_containers_are_written_down(
    cluster: dict[str, Any], stack_name: str, connect: Callable[[str], Any]
) -> None:
    audit = cluster["configuration"]["executeCommandConfiguration"]
    assert audit["logging"] == "OVERRIDE"
    assert audit["logConfiguration"]["cloudWatchLogGroupName"] == f"{stack_name}-exec"
    assert log_group(connect, f"{stack_name}-exec")["retentionInDays"] >= 365


def test_the_cluster_and_its_namespace_carry_the_layer_s_tags(
    cluster: dict[str, Any],
    namespace: dict[str, Any],
    connect: Callable[[str], Any],
    owner_tags: Callable[[str], dict[str, str]],
) -> None:
    wanted = owner_tags("compute").items()
    assert wanted <= lower_tags(cluster).items()
    found = connect("servicediscovery").list_tags_for_resource(ResourceARN=namespace["Arn"])["Tags"]
    assert wanted <= {tag["Key"]: tag["Value"] for tag in found}.items()


# Services


@pytest.fixture(scope="module", params=sorted(SERVICES))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def service(name: str, connect: Callable[[str], Any], stack_name: str) -> dict[str, Any]:
    names = [f"{stack_name}-{name}"]
    (found,) = connect("ecs").describe_services(cluster=stack_name, services=names, include=["TAGS"])["services"]
    return dict(found)


@pytest.fixture(scope="module")
def deployment(service: dict[str, Any]) -> dict[str, Any]:
    (found,) = (each for each in service["deployments"] if each["status"] == "PRIMARY")
    return dict(found)


@pytest.fixture(scope="module")
def task(service: dict[str, Any], connect: Callable[[str], Any]) -> dict[str, Any]:
    answer = connect("ecs").describe_task_definition(taskDefinition=service["taskDefinition"], include=["TAGS"])
    return {**answer["taskDefinition"], "tags": answer["tags"]}


@pytest.fixture(scope="module")
def container(task: dict[str, Any]) -> dict[str, Any]:
    (found,) = task["containerDefinitions"]
    return dict(found)


def log_group(connect: Callable[[str], Any], name: str) -> dict[str, Any]:
    found = connect("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    (group,) = (each for each in found if each["logGroupName"] == name)
    return dict(group)


def test_a_task_s_image_is_named_by_its_digest_and_the_tag_is_told(
    task: dict[str, Any], container: dict[str, Any], connect: Callable[[str], Any]
) -> None:
    name, _at, digest = container["image"].partition("@")
    wanted = {"imageTag": lower_tags(task)[f"ImageTag/{container['name']}"]}
    found = connect("ecr").describe_images(repositoryName=name.partition("/")[2], imageIds=[wanted])["imageDetails"]
    assert [image["imageDigest"] for image in found] == [digest]


def test_there_are_the_specified_services_and_no_other(connect: Callable[[str], Any], stack_name: str) -> None:
    pages = connect("ecs").get_paginator("list_services").paginate(cluster=stack_name)
    names = sorted(str(arn).rpartition("/")[2] for page in pages for arn in page["serviceArns"])
    assert names == sorted(f"{stack_name}-{name}" for name in SERVICES)


def test_a_service_runs_all_its_tasks(service: dict[str, Any], environment: Environment) -> None:
    assert service["status"] == "ACTIVE"
    assert service["desiredCount"] == environment.tasks.least
    assert (service["runningCount"], service["pendingCount"]) == (service["desiredCount"], 0)


def test_a_failed_deployment_is_taken_back(service: dict[str, Any], environment: Environment) -> None:
    """By the circuit breaker where tasks are replaced some at a time, and on alarms everywhere."""
    configuration = service["deploymentConfiguration"]
    breaker = not environment.shifting
    assert configuration["strategy"] == ("BLUE_GREEN" if environment.shifting else "ROLLING")
    assert configuration["deploymentCircuitBreaker"] == {"enable": breaker, "rollback": breaker}
    assert (configuration["alarms"]["enable"], configuration["alarms"]["rollback"]) == (True, True)
    assert configuration["minimumHealthyPercent"] == 100


def test_the_alarms_that_take_it_back_watch_its_target_groups(
    service: dict[str, Any], connect: Callable[[str], Any]
) -> None:
    names = service["deploymentConfiguration"]["alarms"]["alarmNames"]
    alarms = connect("cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"]
    assert sorted(alarm["AlarmName"] for alarm in alarms) == sorted(names)
    groups = {arn.rpartition(":")[2] for arn in target_groups(service)}
    for alarm in alarms:
        sources = [each["MetricStat"]["Metric"] for each in alarm.get("Metrics", []) if "MetricStat" in each] or [alarm]
        found = {each["Value"] for source in sources for each in source["Dimensions"] if each["Name"] == "TargetGroup"}
        assert found == groups


def target_groups(service: dict[str, Any]) -> list[str]:
    """One, or the two that ECS uses in turn."""
    (target,) = service["loadBalancers"]
    alternate = target.get("advancedConfiguration", {}).get("alternateTargetGroupArn")
    return [target["targetGroupArn"], *([alternate] if alternate else [])]


def test_tasks_run_in_application_subnets_without_an_address_of_their_own(
    deployment: dict[str, Any], ec2: Any, stack_name: str
) -> None:
    network = deployment["networkConfiguration"]["awsvpcConfiguration"]
    subnets = ec2.named("describe_subnets", "Subnets")
    assert set(network["subnets"]) == {subnets[f"{stack_name}-app-{zone}"]["SubnetId"] for zone in ZONES}
    groups = {each["GroupName"]: each["GroupId"] for each in ec2.all("describe_security_groups", "SecurityGroups")}
    assert network["securityGroups"] == [groups[f"{stack_name}-ecs"]]
    assert network["assignPublicIp"] == "DISABLED"


def test_the_load_balancer_finds_healthy_tasks(
    service: dict[str, Any], name: str, connect: Callable[[str], Any]
) -> None:
    (target,) = service["loadBalancers"]
    assert (target["containerName"], target["containerPort"]) == (name, SERVICES[name])
    answers = [connect("elbv2").describe_target_health(TargetGroupArn=arn) for arn in target_groups(service)]
    states = [each["TargetHealth"]["State"] for answer in answers for each in answer["TargetHealthDescriptions"]]
    assert states == ["healthy"] * service["desiredCount"]


def test_services_find_each_other_by_name(deployment: dict[str, Any], namespace: dict[str, Any], name: str) -> None:
    connection = deployment["serviceConnectConfiguration"]
    assert (connection["enabled"], connection["namespace"]) == (True, namespace["Arn"])
    (offered,) = connection["services"]
    assert offered["clientAliases"] == [{"port": SERVICES[name], "dnsName": name}]


def test_a_task_has_the_specified_size_and_port(
    task: dict[str, Any], container: dict[str, Any], name: str, environment: Environment
) -> None:
    assert (int(task["cpu"]), int(task["memory"])) == (environment.tasks.cpu, environment.tasks.memory)
    assert task["requiresCompatibilities"] == ["FARGATE"]
    assert [each["containerPort"] for each in container["portMappings"]] == [SERVICES[name]]


def test_a_task_is_confined(container: dict[str, Any], service: dict[str, Any]) -> None:
    assert container["readonlyRootFilesystem"] is True
    assert container["user"] not in ("", "0", "root")
    assert not container.get("privileged")
    assert service.get("enableExecuteCommand", False) is False


def test_a_task_has_the_roles_made_for_it(task: dict[str, Any], name: str, account: str, stack_name: str) -> None:
    roles = f"arn:aws:iam::{account}:role/{stack_name}"
    assert (task["executionRoleArn"], task["taskRoleArn"]) == (f"{roles}-execution", f"{roles}-task-{name}")


def test_a_task_logs_to_a_group_that_forgets(
    container: dict[str, Any], name: str, stack_name: str, connect: Callable[[str], Any]
) -> None:
    configuration = container["logConfiguration"]
    assert configuration["logDriver"] == "awslogs"
    assert configuration["options"]["awslogs-group"] == f"{stack_name}-{name}"
    group = log_group(connect, f"{stack_name}-{name}")
    assert group["retentionInDays"] > 0
    assert group["kmsKeyId"]


def test_secrets_are_injected_by_arn(
    container: dict[str, Any], name: str, stack_name: str, connect: Callable[[str], Any]
) -> None:
    wanted = {**(STORE_SECRETS if name in WITH_STORES else {}), **(API_SECRETS if name in WITH_API else {})}
    found = {each["name"]: each["valueFrom"] for each in container.get("secrets", [])}
    assert sorted(found) == sorted(wanted)
    for variable, reference in wanted.items():
        secret, key = reference.split(":")
        arn = connect("secretsmanager").describe_secret(SecretId=f"{stack_name}/{secret}")["ARN"]
        assert found[variable] == f"{arn}:{key}::"


def test_ecs_asks_the_container_for_its_health(container: dict[str, Any], name: str) -> None:
    check = container["healthCheck"]
    assert check["command"][0] == "CMD-SHELL"
    assert "$PORT/health" in check["command"][1]
    assert check["retries"] >= 1


def test_a_task_is_told_where_it_is_and_no_secret_in_clear(
    container: dict[str, Any], name: str, environment: Environment
) -> None:
    variables = {each["name"]: each["value"] for each in container["environment"]}
    assert (variables["ENVIRONMENT"], variables["PORT"]) == (environment.name, str(SERVICES[name]))
    assert [variable for variable in variables if variable in {**STORE_SECRETS, **API_SECRETS}] == []


def test_a_service_and_its_task_carry_the_layer_s_tags(
    service: dict[str, Any], task: dict[str, Any], owner_tags: Callable[[str], dict[str, str]]
) -> None:
    wanted = owner_tags("compute").items()
    assert wanted <= lower_tags(service).items()
    assert wanted <= lower_tags(task).items()
    assert service["propagateTags"] == "SERVICE"


# Scaling


def test_a_service_scales_within_its_bounds(
    name: str, stack_name: str, environment: Environment, connect: Callable[[str], Any]
) -> None:
    resource = f"service/{stack_name}/{stack_name}-{name}"
    client = connect("application-autoscaling")
    answer = client.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[resource])
    (target,) = answer["ScalableTargets"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (environment.tasks.least, environment.tasks.most)
    assert set(target["SuspendedState"].values()) == {False}


def metric_of(settings: dict[str, Any]) -> str:
    """What is tracked; requests to two target groups are put together."""
    if "PredefinedMetricSpecification" in settings:
        return str(settings["PredefinedMetricSpecification"]["PredefinedMetricType"])
    groups = [each for each in settings["CustomizedMetricSpecification"]["Metrics"] if "MetricStat" in each]
    assert [each["MetricStat"]["Metric"]["MetricName"] for each in groups] == ["RequestCountPerTarget"] * 2
    return "ALBRequestCountPerTarget"


def test_a_service_scales_on_cpu_memory_and_requests(name: str, stack_name: str, connect: Callable[[str], Any]) -> None:
    resource = f"service/{stack_name}/{stack_name}-{name}"
    client = connect("application-autoscaling")
    found = client.describe_scaling_policies(ServiceNamespace="ecs", ResourceId=resource)["ScalingPolicies"]
    settings = [each["TargetTrackingScalingPolicyConfiguration"] for each in found]
    assert {metric_of(each) for each in settings} == METRICS
    assert len(found) == len(METRICS)
    assert all(each["TargetValue"] > 0 for each in settings)
