# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The edge layer against its specification: certificate, load balancer, listeners, target groups, rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import pytest

from ansible_collections.uex.payments.tests.integration.expected import PATHS, SERVICES, ZONES, Environment

LONGEST_NAME = 32
Rules = dict[str, dict[str, Any]]
Groups = dict[int, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def balancer(connect: Callable[[str], Any], stack_name: str) -> dict[str, Any]:
    (found,) = connect("elbv2").describe_load_balancers(Names=[f"{stack_name}-alb"])["LoadBalancers"]
    return dict(found)


@pytest.fixture(scope="module")
def listeners(connect: Callable[[str], Any], balancer: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """By port."""
    found = connect("elbv2").describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    return {int(each["Port"]): each for each in found}


@pytest.fixture(scope="module")
def rules(connect: Callable[[str], Any], listeners: dict[int, dict[str, Any]]) -> Rules:
    """The HTTPS listener's rules by their first path, without the default and those for tests."""
    return {path: rule for path, rule, conditions in by_path(connect, listeners) if len(conditions) == 1}


@pytest.fixture(scope="module")
def rules_for_tests(connect: Callable[[str], Any], listeners: dict[int, dict[str, Any]]) -> Rules:
    """Those for tests, by their first path."""
    return {path: rule for path, rule, conditions in by_path(connect, listeners) if "http-header" in conditions}


def by_path(
    connect: Callable[[str], Any], listeners: dict[int, dict[str, Any]]
) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Each rule of the HTTPS listener with its first path and its conditions by field."""
    for rule in connect("elbv2").describe_rules(ListenerArn=listeners[443]["ListenerArn"])["Rules"]:
        conditions = {each["Field"]: each for each in rule["Conditions"]}
        if not rule["IsDefault"]:
            yield min(conditions["path-pattern"]["PathPatternConfig"]["Values"]), rule, conditions


@pytest.fixture(scope="module")
def target_groups(connect: Callable[[str], Any], balancer: dict[str, Any]) -> Groups:
    """By port, of which each service has its own."""
    found = connect("elbv2").describe_target_groups(LoadBalancerArn=balancer["LoadBalancerArn"])["TargetGroups"]
    return {port: [each for each in found if each["Port"] == port] for port in {int(each["Port"]) for each in found}}


def attributes(answer: dict[str, Any]) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in answer["Attributes"]}


def test_the_load_balancer_faces_the_internet_from_public_subnets(
    balancer: dict[str, Any], ec2: Any, stack_name: str
) -> None:
    assert (balancer["Type"], balancer["Scheme"], balancer["State"]["Code"]) == (
        "application",
        "internet-facing",
        "active",
    )
    subnets = ec2.named("describe_subnets", "Subnets")
    wanted = {subnets[f"{stack_name}-public-{zone}"]["SubnetId"] for zone in ZONES}
    assert {each["SubnetId"] for each in balancer["AvailabilityZones"]} == wanted
    groups = {each["GroupName"]: each["GroupId"] for each in ec2.all("describe_security_groups", "SecurityGroups")}
    assert balancer["SecurityGroups"] == [groups[f"{stack_name}-alb"]]


def test_the_load_balancer_is_hardened_and_logs(
    balancer: dict[str, Any],
    connect: Callable[[str], Any],
    environment: Environment,
    stack_name: str,
    account: str,
    region: str,
) -> None:
    answer = connect("elbv2").describe_load_balancer_attributes(LoadBalancerArn=balancer["LoadBalancerArn"])
    found = attributes(answer)
    assert found["routing.http.drop_invalid_header_fields.enabled"] == "true"
    assert found["routing.http.desync_mitigation_mode"] in ("defensive", "strictest")
    assert found["access_logs.s3.enabled"] == "true"
    assert found["access_logs.s3.bucket"] == f"{stack_name}-alb-logs-{account}-{region}"
    assert found["deletion_protection.enabled"] == ("false" if environment.name == "dev" else "true")


def test_http_only_sends_to_https(listeners: dict[int, dict[str, Any]]) -> None:
    assert sorted(listeners) == [80, 443]
    (action,) = listeners[80]["DefaultActions"]
    redirect = action["RedirectConfig"]
    assert (redirect["Protocol"], redirect["Port"], redirect["StatusCode"]) == ("HTTPS", "443", "HTTP_301")


def test_https_takes_modern_tls_alone(listeners: dict[int, dict[str, Any]], connect: Callable[[str], Any]) -> None:
    assert listeners[443]["Protocol"] == "HTTPS"
    assert listeners[443]["SslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-")
    (certificate,) = listeners[443]["Certificates"]
    found = connect("acm").describe_certificate(CertificateArn=certificate["CertificateArn"])["Certificate"]
    assert found["Status"] == "ISSUED"


def test_an_unknown_path_is_not_found(listeners: dict[int, dict[str, Any]]) -> None:
    (action,) = listeners[443]["DefaultActions"]
    assert (action["Type"], action["FixedResponseConfig"]["StatusCode"]) == ("fixed-response", "404")


def forwarded(rule: dict[str, Any]) -> set[str]:
    """The target groups that a rule sends requests to or may come to."""
    (action,) = rule["Actions"]
    return {str(each["TargetGroupArn"]) for each in action["ForwardConfig"]["TargetGroups"]}


def test_each_path_and_what_is_below_it_goes_to_its_service(rules: Rules, target_groups: Groups) -> None:
    assert sorted(rules) == sorted(PATHS.values())
    for service, path in PATHS.items():
        (condition,) = rules[path]["Conditions"]
        assert (condition["Field"], sorted(condition["Values"])) == ("path-pattern", [path, f"{path}/*"])
        assert forwarded(rules[path]) == {group["TargetGroupArn"] for group in target_groups[SERVICES[service]]}


def test_test_requests_have_a_rule_ahead_of_production_s(
    rules: Rules, rules_for_tests: Rules, environment: Environment
) -> None:
    assert set(rules_for_tests) == (set(rules) if environment.shifting else set())
    for path, rule in rules_for_tests.items():
        assert int(rule["Priority"]) < int(rules[path]["Priority"])
        assert forwarded(rule) == forwarded(rules[path])


def test_rules_have_fixed_priorities_in_the_services_order(rules: Rules) -> None:
    order = sorted(rules, key=lambda path: int(rules[path]["Priority"]))
    assert order == list(PATHS.values())
    assert [int(rules[path]["Priority"]) for path in order] == [10, 20, 30, 40, 50, 60]


def test_every_service_has_its_target_groups_in_the_vpc(
    target_groups: Groups, ec2: Any, stack_name: str, environment: Environment
) -> None:
    assert sorted(target_groups) == sorted(SERVICES.values())
    vpc = ec2.named("describe_vpcs", "Vpcs")[f"{stack_name}-vpc"]["VpcId"]
    assert {len(groups) for groups in target_groups.values()} == {2 if environment.shifting else 1}
    for group in chain.from_iterable(target_groups.values()):
        assert (group["TargetType"], group["Protocol"], group["VpcId"]) == ("ip", "HTTP", vpc)
        assert (group["HealthCheckEnabled"], group["Matcher"]["HttpCode"]) == (True, "200")
        assert len(group["TargetGroupName"]) <= LONGEST_NAME


def test_draining_does_not_hold_a_deployment_up(target_groups: Groups, connect: Callable[[str], Any]) -> None:
    for group in chain.from_iterable(target_groups.values()):
        answer = connect("elbv2").describe_target_group_attributes(TargetGroupArn=group["TargetGroupArn"])
        assert int(attributes(answer)["deregistration_delay.timeout_seconds"]) <= 120


def test_all_of_it_carries_the_layer_s_tags(
    balancer: dict[str, Any],
    listeners: dict[int, dict[str, Any]],
    rules: Rules,
    target_groups: Groups,
    connect: Callable[[str], Any],
    owner_tags: Callable[[str], dict[str, str]],
) -> None:
    arns = [balancer["LoadBalancerArn"], *(each["ListenerArn"] for each in listeners.values())]
    arns += [
        *(each["RuleArn"] for each in rules.values()),
        *(each["TargetGroupArn"] for each in chain.from_iterable(target_groups.values())),
    ]
    for arn in arns:
        (answer,) = connect("elbv2").describe_tags(ResourceArns=[arn])["TagDescriptions"]
        assert owner_tags("edge").items() <= {tag["Key"]: tag["Value"] for tag in answer["Tags"]}.items(), arn
