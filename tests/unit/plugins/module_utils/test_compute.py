# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _compute, _ecs_tasks, _services
from ansible_collections.uex.payments.plugins.module_utils._plan import UNKNOWN

API = "pay-dev-api"
BUILTIN = {
    "api": {"port": 8080, "path": "/api", "priority": 10},
    "web": {"port": 3900, "path": "/web", "priority": 20},
}


def services(api: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    return _services.service_list(BUILTIN, {"api": api or {}}, {}, "pay-dev", "1.0")


CONTEXT: dict[str, Any] = {
    "name": "pay-dev",
    "region": "eu-west-1",
    "partition": "aws",
    "account": "123456789012",
    "registry": "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
    "pin_images": True,
    "cached": ["public"],
    "environment": {"ENVIRONMENT": "dev"},
    "database": {"endpoint_address": "db.internal", "endpoint_port": 5432},
    "redis": {"primary_endpoint_address": "redis.internal", "primary_endpoint_port": 6379},
    "secrets": {
        "pay-dev/database": {"arn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:pay-dev/database-AbCdEf"}
    },
    "retention_in_days": {"services": 30, "exec": 365, "insights": 7},
    "kms_key_id": "arn:key",
    "task_definitions": {name: {"task_definition_arn": f"arn:{name}:7"} for name in (API, "pay-dev-web")},
    "target_groups": {
        name: {"target_group_arn": f"arn:{name}", "full_name": f"targetgroup/{name}/1"} for name in (API, "pay-dev-web")
    },
    "namespace": "arn:namespace",
    "load_balancer": "app/pay-dev-alb/2",
    "rules": {name: {"rule_arn": f"arn:rule/{name}"} for name in (API, f"{API}-test")},
    "authority": "",
    "infrastructure_role": "arn:infrastructure",
    "percents": {"maximum_percent": 200, "minimum_healthy_percent": 100},
    "service": {"platform_version": "LATEST"},
}


def task(api: dict[str, Any] | None = None, **context: Any) -> dict[str, Any]:
    return _compute.task_definitions(services(api), {**CONTEXT, **context})[0]


def container(api: dict[str, Any] | None = None, **context: Any) -> Any:
    return task(api, **context)["container_definitions"][0]


def test_log_groups() -> None:
    found = {group["name"]: group["retention_in_days"] for group in _compute.log_groups(services(), CONTEXT)}
    assert found == {
        "pay-dev-api": 30,
        "pay-dev-web": 30,
        "pay-dev-exec": 365,
        "/aws/ecs/containerinsights/pay-dev/performance": 7,
    }


def test_a_task_has_its_roles_its_image_and_its_name() -> None:
    found = task()
    assert found["family"] == API
    assert found["task_role_arn"] == "arn:aws:iam::123456789012:role/pay-dev-task-api"
    assert found["execution_role_arn"] == "arn:aws:iam::123456789012:role/pay-dev-execution"
    assert container()["image"] == "123456789012.dkr.ecr.eu-west-1.amazonaws.com/pay-dev/api:1.0"
    assert (container()["pinned"], container(pin_images=False)["pinned"]) == (True, False)


def test_a_service_s_own_variables_win_over_the_environment_s() -> None:
    given = {"environment": {"ENVIRONMENT": "mine", "REDIS_HOST": "elsewhere"}}
    assert container(given)["environment"] == {
        "PORT": "8080",
        "SERVICE_NAME": "api",
        "SERVICE_PATH": "/api",
        "ENVIRONMENT": "mine",
        "DATABASE_HOST": "db.internal",
        "DATABASE_PORT": "5432",
        "REDIS_HOST": "elsewhere",
        "REDIS_PORT": "6379",
    }


def test_without_a_database_there_is_no_variable_for_one() -> None:
    names = set(container(database={}, redis={})["environment"])
    assert not {"DATABASE_HOST", "DATABASE_PORT", "REDIS_HOST", "REDIS_PORT"} & names


@pytest.mark.parametrize(
    ("text", "suffix"), [("database:password", "-AbCdEf:password::"), ("database", "secret:pay-dev/database-AbCdEf")]
)
def test_secrets_are_injected_by_arn(text: str, suffix: str) -> None:
    assert container({"secrets": {"PASSWORD": text}})["secrets"]["PASSWORD"].endswith(suffix)


def test_a_secret_that_is_not_there_is_named() -> None:
    message = r"^stack_services\.api\.secrets: there is no secret databse; there are database$"
    with pytest.raises(ValueError, match=message):
        task({"secrets": {"PASSWORD": "databse:password"}})


def test_a_container_may_write_to_tmp_alone() -> None:
    found = container()
    assert (found["readonly_root_filesystem"], found["user"]) == (True, "1000")
    assert [mount["source_volume"] for mount in found["mount_points"]] == task()["volumes"]


def test_exec_has_the_price_of_a_writable_root() -> None:
    found = container({"exec": True})
    assert (found["readonly_root_filesystem"], found["mount_points"], task({"exec": True})["volumes"]) == (
        False,
        [],
        [],
    )
    (service, _other) = _compute.ecs_services(services({"exec": True}), CONTEXT)
    assert service["enable_execute_command"] is True


@pytest.mark.parametrize(
    ("api", "mounted"),
    [
        ({"volumes": {"cache": "/var/cache"}}, {"tmp": "/tmp", "cache": "/var/cache"}),
        ({"volumes": {"tmp": None}}, {}),
        ({"volumes": {"tmp": "/var/tmp"}}, {"tmp": "/var/tmp"}),
        ({"volumes": {"cache": "/var/cache"}, "exec": True}, {"cache": "/var/cache"}),
    ],
)
def test_declared_volumes_can_be_written_to(api: dict[str, Any], mounted: dict[str, str]) -> None:
    found = {mount["source_volume"]: mount["container_path"] for mount in container(api)["mount_points"]}
    assert (found, task(api)["volumes"]) == (mounted, list(mounted))


def test_a_log_goes_to_the_service_s_group() -> None:
    log = container()["log_configuration"]
    assert (log["log_driver"], log["options"]["awslogs-group"], log["secret_options"]) == ("awslogs", API, {})
    assert container({"log": {"options": {"mode": "blocking"}}})["log_configuration"]["options"]["mode"] == "blocking"


def test_another_driver_has_options_of_its_own() -> None:
    secrets = {"splunk-token": "database:token"}
    log = {"driver": "splunk", "options": {"splunk-url": "https://x"}, "secret_options": secrets}
    found = container({"log": log})["log_configuration"]
    assert (found["log_driver"], found["options"]) == ("splunk", {"splunk-url": "https://x"})
    assert found["secret_options"]["splunk-token"].endswith(":token::")


def test_limits_and_dependencies_in_the_module_s_words() -> None:
    found = container({"ulimits": {"nofile": {"soft_limit": 1, "hard_limit": 2}}, "depends_on": {"log": "START"}})
    assert found["ulimits"] == [{"name": "nofile", "soft_limit": 1, "hard_limit": 2}]
    assert found["depends_on"] == [{"container_name": "log", "condition": "START"}]


ROUTER = {"name": "log", "image": "log-router:1", "firelens_configuration": {"type": "fluentbit"}}


@pytest.mark.parametrize(
    ("image", "expected", "pinned"),
    [
        ("router:1", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/pay-dev/router:1", True),
        ("tools/router:1", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/pay-dev/tools/router:1", True),
        ("public/aws/router:1", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/pay-dev/public/aws/router:1", False),
        ("public.ecr.aws/aws/router:1", "public.ecr.aws/aws/router:1", None),
        ("localhost:5000/router:1", "localhost:5000/router:1", None),
    ],
)
def test_the_image_of_a_sidecar(image: str, expected: str, pinned: bool | None) -> None:
    (_own, found) = task({"sidecars": [{**ROUTER, "image": image}]})["container_definitions"]
    assert (found["image"], found.get("pinned")) == (expected, pinned)


def test_a_sidecar_logs_to_the_service_s_group_unless_it_says_otherwise() -> None:
    other = {"log_driver": "splunk", "options": {}}
    sidecars = [{**ROUTER, "secrets": {"A": "database:a"}}, {**ROUTER, "name": "b", "log_configuration": other}]
    (_own, first, second) = task({"sidecars": sidecars})["container_definitions"]
    assert first["log_configuration"]["options"]["awslogs-group"] == API
    assert first["secrets"]["A"].endswith(":a::")
    assert second["log_configuration"] == {**other, "secret_options": {}}
    given = {**other, "secret_options": {"splunk-token": "database:token"}}
    (_own, third) = task({"sidecars": [{**ROUTER, "log_configuration": given}]})["container_definitions"]
    assert third["log_configuration"]["secret_options"]["splunk-token"].endswith(":token::")


def test_a_secret_that_a_sidecar_lacks_is_named() -> None:
    with pytest.raises(ValueError, match=r"^stack_services\.api\.sidecars\.log\.secrets: there is no secret x;"):
        task({"sidecars": [{**ROUTER, "secrets": {"A": "x"}}]})


def test_a_container_check_only_where_there_is_a_command() -> None:
    assert container()["health_check"] is None
    check = {"command": ["CMD", "/ok"], "grace_period": 600, "unhealthy_threshold": 4}
    found = container({"health_check": check})["health_check"]
    assert found == {"command": ["CMD", "/ok"], "interval": 30, "timeout": 5, "retries": 4, "start_period": 300}


def test_what_is_given_is_what_the_module_understands() -> None:
    request = _ecs_tasks.task_request(API, _ecs_tasks.declared_task(task()))
    (given,) = request["containerDefinitions"]
    assert given["portMappings"] == [{"containerPort": 8080, "protocol": "tcp", "name": "api", "appProtocol": "http"}]


def test_a_service_stands_behind_its_target_group_and_in_the_namespace() -> None:
    (api, _web) = _compute.ecs_services(services(), CONTEXT)
    assert api["task_definition"] == "arn:pay-dev-api:7"
    assert api["load_balancers"] == [
        {"target_group_arn": f"arn:{API}", "container_name": "api", "container_port": 8080}
    ]
    assert api["image"] == {"repository_name": "pay-dev/api", "tag": "1.0"}
    connect = api["service_connect_configuration"]
    assert connect["namespace"] == "arn:namespace"
    assert connect["services"] == [
        {"port_name": "api", "discovery_name": "api", "client_aliases": [{"port": 8080, "dns_name": "api"}]}
    ]
    assert api["platform_version"] == "LATEST"


@pytest.mark.parametrize(
    ("capacity", "expected"),
    [
        ({}, [("FARGATE", 1, 1)]),
        ({"spot_weight": 3}, [("FARGATE", 1, 1), ("FARGATE_SPOT", 0, 3)]),
        ({"fargate_base": 0, "fargate_weight": 0, "spot_weight": 1}, [("FARGATE_SPOT", 0, 1)]),
        ({"fargate_weight": 0, "spot_weight": 1}, [("FARGATE", 1, 0), ("FARGATE_SPOT", 0, 1)]),
    ],
)
def test_capacity(capacity: dict[str, int], expected: list[tuple[str, int, int]]) -> None:
    (api, _web) = _compute.ecs_services(services({"capacity": capacity}), CONTEXT)
    found = [(each["capacity_provider"], each["base"], each["weight"]) for each in api["capacity_provider_strategy"]]
    assert found == expected


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ({}, (2, 4, False)),
        ({"waiting_for_image": False, "started": True}, (2, 4, False)),
        ({"waiting_for_image": True, "started": False}, (0, 4, True)),
        ({"waiting_for_image": True}, (0, 4, True)),
        ({"waiting_for_image": True, "started": True}, (2, 4, False)),
    ],
)
def test_only_what_was_never_started_is_held(made: dict[str, bool], expected: tuple[int, int, bool]) -> None:
    (api, _web) = _compute.scalable_targets(services(), {"services": {API: made}})
    assert (api["min_capacity"], api["max_capacity"], api["suspended"]) == expected


NIGHT = {"name": "night", "schedule": "cron(0 20 * * ? *)", "min_count": 0, "max_count": 0}


def test_schedules() -> None:
    given = services({"schedules": [NIGHT]})
    assert [target["scheduled"] for target in _compute.scalable_targets(given, {"services": {}})] == [
        ["min_capacity", "max_capacity"],
        [],
    ]
    one = services({"schedules": [{**NIGHT, "max_count": None}]})
    assert _compute.scalable_targets(one, {"services": {}})[0]["scheduled"] == ["min_capacity"]
    assert _compute.scheduled_actions(given, {}) == [
        {
            "name": "pay-dev-api-night",
            "service": API,
            "schedule": "cron(0 20 * * ? *)",
            "timezone": None,
            "min_capacity": 0,
            "max_capacity": 0,
        }
    ]


@pytest.mark.parametrize(
    ("api", "metrics"),
    [
        ({}, ["cpu", "memory", "requests"]),
        ({"scaling": {"requests": None}}, ["cpu", "memory"]),
        ({"min_count": 2, "max_count": 2}, []),
        ({"min_count": 2, "max_count": 2, "schedules": [NIGHT]}, ["cpu", "memory", "requests"]),
    ],
)
def test_policies_where_there_is_room(api: dict[str, Any], metrics: list[str]) -> None:
    found = [policy for policy in _compute.scaling_policies(services(api), CONTEXT) if policy["service"] == API]
    assert [policy["name"] for policy in found] == [f"{API}-{metric}" for metric in metrics]
    labels = {policy["name"].rpartition("-")[2]: policy["resource_label"] for policy in found}
    assert labels.get("requests") in (None, f"app/pay-dev-alb/2/targetgroup/{API}/1")
    assert labels.get("cpu") is None


GREEN = f"{API}-green"
SHIFTING = {
    **CONTEXT,
    "target_groups": {
        **CONTEXT["target_groups"],
        GREEN: {"target_group_arn": f"arn:{GREEN}", "full_name": f"targetgroup/{GREEN}/1"},
    },
}


def test_requests_to_two_target_groups_are_tracked_together() -> None:
    given = services({"deployment": {"strategy": "BLUE_GREEN"}})
    policies = {policy["name"]: policy for policy in _compute.scaling_policies(given, SHIFTING)}
    both, *groups = policies[f"{API}-requests"]["customized_metrics"]
    assert both["expression"] == "SUM([FILL(blue, 0), FILL(green, 0)])"
    assert [each["dimensions"]["TargetGroup"] for each in groups] == [f"targetgroup/{name}/1" for name in (API, GREEN)]
    assert "predefined_metric_type" not in policies[f"{API}-requests"]
    assert policies[f"{API}-cpu"]["predefined_metric_type"] == _compute.METRICS["cpu"]


@pytest.mark.parametrize("strategy", ["BLUE_GREEN", "LINEAR", "CANARY"])
def test_ecs_shifts_between_the_target_groups_of_a_service(strategy: str) -> None:
    hooks = [
        {"target_type": "PAUSE", "lifecycle_stages": ["PRE_SCALE_UP"]},
        {"hook_target_arn": "arn:function", "lifecycle_stages": ["POST_SCALE_UP"]},
    ]
    (found,) = _compute.ecs_services(
        services({"deployment": {"strategy": strategy, "lifecycle_hooks": hooks, "further_alarms": ["mine"]}})[:1],
        SHIFTING,
    )
    (balancer,) = found["load_balancers"]
    assert balancer["advanced_configuration"] == {
        "alternate_target_group_arn": f"arn:{GREEN}",
        "production_listener_rule": f"arn:rule/{API}",
        "test_listener_rule": f"arn:rule/{API}-test",
        "role_arn": "arn:infrastructure",
    }
    configuration = found["deployment_configuration"]
    assert configuration["deployment_circuit_breaker"] == {"enable": False, "rollback": False}
    assert configuration["alarms"]["alarm_names"] == [f"{API}-rollback-5xx", f"{API}-rollback-slow", "mine"]
    assert [hook.get("role_arn") for hook in configuration["lifecycle_hooks"]] == [None, "arn:infrastructure"]
    assert ("linear_configuration" in configuration) is (strategy == "LINEAR")


def test_services_talk_with_tls_where_somebody_issues_certificates() -> None:
    (found,) = _compute.ecs_services(services()[:1], {**CONTEXT, "authority": "arn:authority"})
    (offered,) = found["service_connect_configuration"]["services"]
    assert offered["tls"]["issuer_certificate_authority"] == {"aws_pca_authority_arn": "arn:authority"}


@pytest.mark.parametrize(
    ("change", "label"),
    [
        ({"load_balancer": UNKNOWN}, UNKNOWN),
        (
            {"load_balancer": "(missing: load balancer x, made by --tags edge)"},
            "(missing: load balancer x, made by --tags edge)",
        ),
    ],
)
def test_a_label_that_is_not_known_yet(change: dict[str, str], label: str) -> None:
    policies = _compute.scaling_policies(services(), {**CONTEXT, **change})
    assert {policy["resource_label"] for policy in policies} == {None, label}


STEP = {
    "name": "burst",
    "metric": "cpu",
    "threshold": 80,
    "step_adjustments": [{"metric_interval_lower_bound": 0, "scaling_adjustment": 2}],
}


def stepped(**more: Any) -> list[dict[str, Any]]:
    return services({"scaling": {"cpu": None, "memory": None, "requests": None, "steps": [{**STEP, **more}]}})


def test_a_step_policy_is_carried_out_by_its_alarm() -> None:
    (policy,) = (each for each in _compute.scaling_policies(stepped(), CONTEXT) if each["service"] == API)
    assert (policy["name"], policy["policy_type"], policy["cooldown"]) == ("pay-dev-api-step-burst", "StepScaling", 60)
    context = {**CONTEXT, "scaling_policies": {policy["name"]: {"policy_arn": "arn:policy"}}}
    (alarm,) = _compute.step_alarms(stepped(), context)
    assert (alarm["name"], alarm["alarm_actions"], alarm["threshold"]) == (policy["name"], ["arn:policy"], 80.0)
    assert alarm["dimensions"] == {"ClusterName": "pay-dev", "ServiceName": API}
    assert _compute.step_alarm_names(stepped(), {}) == [{"name": alarm["name"]}]


def test_a_step_on_requests_watches_the_target_group() -> None:
    context = {**CONTEXT, "scaling_policies": {"pay-dev-api-step-burst": {"policy_arn": UNKNOWN}}}
    (alarm,) = _compute.step_alarms(stepped(metric="requests"), context)
    assert alarm["dimensions"] == {"LoadBalancer": "app/pay-dev-alb/2", "TargetGroup": f"targetgroup/{API}/1"}
    assert (alarm["metric_name"], alarm["statistic"]) == ("RequestCountPerTarget", "Sum")


def test_where_nothing_can_scale_there_is_no_alarm() -> None:
    fixed = [{**service, "max_count": service["min_count"]} for service in stepped()]
    assert (_compute.step_alarms(fixed, CONTEXT), _compute.step_alarm_names(fixed, {})) == ([], [])
