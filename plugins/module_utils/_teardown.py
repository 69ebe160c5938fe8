# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""In which order an environment is taken down: a table of calls and waits by layer; pure.

Each kind goes by the module that makes it, with an empty set and C(prune), so how it is deleted is written once. What
takes minutes is started in the part C(start) of its layer, and the part C(finish) waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, Union

START, FINISH = "start", "finish"
PARTS = (START, FINISH)
_NONE: Mapping[str, Any] = MappingProxyType({})

Facts = Mapping[str, Any]


class Prune(NamedTuple):
    """One call of a module of ours with an empty set.

    C(given) names options that take a fact; the call is left out where one of these is not there. With C(each) it is
    made for every entry of that fact, which the option of C(given) named C(each) takes. C(unless) names a fact that
    leaves the call to a later part.
    """

    module: str
    plural: str
    given: Mapping[str, str] = _NONE
    fixed: Mapping[str, Any] = _NONE
    each: str = ""
    unless: str = ""


class Remove(NamedTuple):
    """One call of an amazon.aws module with state absent for everything that there is of a kind.

    C(given) names options that take a field of it, C(name) the one that takes its name.
    """

    module: str
    kind: str
    given: Mapping[str, str] = _NONE
    name: str = ""
    fixed: Mapping[str, Any] = _NONE


class Wait(NamedTuple):
    """Until nothing of these kinds, as in _going.py, is left."""

    kinds: tuple[str, ...]


Entry = Union[Prune, Remove, Wait]  # noqa: UP007 - a named tuple has no | before it is known
_VPC = {"vpc_id": "vpc_id"}
_ACCOUNT = {"account_id": "account_id"}
_CLUSTER = {"cluster": "name"}
_RECORDS = {"zone": "zone", "records": "records"}
_PROMOTED_TOO = {"spare_promoted": False}  # with a last snapshot, as they are nobody's replicas any more
_BELOW = {"prefix": "below"}
_SCALED = {"cluster": "name", "services": "services"}

TABLE: Mapping[tuple[str, str], tuple[Entry, ...]] = {
    ("monitoring", FINISH): (
        Prune("cloudwatch_alarm", "alarms"),
        Prune("cloudwatch_dashboard", "dashboards"),
        Prune("logs_query_definition", "query_definitions"),
        Prune("logs_metric_filter", "metric_filters"),
        Prune("logs_subscription_filter", "subscription_filters"),
        Prune("firehose_delivery_stream", "delivery_streams"),
        Prune("budgets_budget", "budgets", _ACCOUNT),
        Prune("securityhub_hub", "hubs"),
        Prune("guardduty_detector", "detectors", _ACCOUNT),
        Prune("config_recorder", "recorders", _ACCOUNT),
        Prune("cloudtrail_trail", "trails", _ACCOUNT),
        Prune("logs_log_group", "log_groups"),  # the trail's
        Prune("ce_anomaly_monitor", "anomaly_monitors", unless="elsewhere"),
        Prune("events_rule", "rules"),
        Prune("chatbot_channel_configuration", "slack_channels"),
        Prune("sns_subscription", "subscriptions"),
        Prune("sns_topic", "topics"),
    ),
    # Scaling first, so that nothing starts tasks again; log groups last, as tasks that end still write.
    ("compute", FINISH): (
        Prune("cloudwatch_alarm", "alarms"),
        Prune("applicationautoscaling_scheduled_action", "scheduled_actions", _SCALED),
        Prune("applicationautoscaling_scaling_policy", "scaling_policies", _SCALED),
        Prune("applicationautoscaling_scalable_target", "scalable_targets", _CLUSTER),
        Prune("ecs_service", "services", _CLUSTER, {"wait": False}),
        Prune("cloudwatch_alarm", "alarms"),
        Wait(("services",)),
        Prune("ecs_task_definition", "task_definitions", {"family_prefix": "prefix"}),
        Prune("ecs_cluster", "clusters"),
        Prune("servicediscovery_http_namespace", "namespaces"),
        Prune("logs_log_group", "log_groups"),
    ),
    # After the services are gone: a final snapshot has all that they wrote.
    ("data", START): (
        Wait(("busy_db_instances", "busy_replication_groups")),
        Prune("rds_db_instance", "db_instances", fixed={"replicas": True}),
        Prune("elasticache_replication_group", "replication_groups"),
        Prune("rds_db_instance", "db_instances", fixed=_PROMOTED_TOO, unless="replicas"),
    ),
    ("data", FINISH): (
        Wait(("replicas",)),
        Prune("rds_db_instance", "db_instances", fixed=_PROMOTED_TOO),
        Wait(("db_instances", "replication_groups")),
        Prune("backup_plan", "plans"),
        Prune("backup_vault", "vaults"),
        Remove("rds_subnet_group", "AWS::RDS::DBSubnetGroup", name="name"),
        Prune("rds_db_parameter_group", "db_parameter_groups"),
        Prune("rds_option_group", "option_groups", fixed={"spare_used": True}),
        Prune("elasticache_subnet_group", "cache_subnet_groups"),
        Prune("elasticache_parameter_group", "cache_parameter_groups"),
        Prune("secretsmanager_secret", "secrets"),
        Prune("lambda_function", "functions"),
        Prune("logs_log_group", "log_groups"),
    ),
    ("registry", FINISH): (
        Prune("ecr_pull_through_cache_rule", "pull_through_cache_rules", _BELOW, {"delete_repositories": True}),
        Prune("ecr_registry_replication", "replication_rules", _BELOW),
        Prune("ecr_registry_scanning", "scanning_rules", _BELOW),
        Prune("ecr_repository", "repositories", fixed={"force_delete": True}),
    ),
    # Names first, while what they point to can still be asked for.
    ("edge", START): (
        Prune("route53_record_set", "records", _RECORDS, {"absent": True}, unless="own_zone"),
        Prune("route53_record_set", "records", {"zone": "zone"}),
        Prune("route53_health_check", "health_checks"),
        Prune("wafv2_web_acl", "web_acls"),
        Prune("wafv2_ip_set", "ip_sets"),
        Prune("elbv2_listener_rule", "rules", {"load_balancer_arn": "each"}, each="load_balancers"),
        Prune("elbv2_listener", "listeners", {"load_balancer_arn": "each"}, each="load_balancers"),
        Prune("elbv2_load_balancer", "load_balancers", fixed={"wait": False}),
        Prune("elbv2_target_group", "target_groups", fixed={"vpc_id": ""}),
    ),
    ("edge", FINISH): (
        Wait(("load_balancer_interfaces", "certificates")),
        Prune("acm_certificate", "certificates", fixed={"wait_for_release": True}),
        Remove("route53_zone", "AWS::Route53::HostedZone", {"hosted_zone_id": "id"}, name="zone"),
    ),
    ("network", START): (
        Prune("ec2_flow_log", "flow_logs"),
        Prune("ec2_nat_gateway", "nat_gateways", _VPC, {"wait": False}),
        Prune("ec2_vpc_endpoint", "vpc_endpoints", _VPC, {"wait": False}),
    ),
    ("network", FINISH): (
        Wait(("nat_gateways", "vpc_endpoints", "network_interfaces")),
        Prune("ec2_nat_gateway", "nat_gateways", _VPC),  # now their addresses are free
        Remove("ec2_vpc_igw", "AWS::EC2::InternetGateway", {"internet_gateway_id": "id"}),
        Prune("ec2_route_table", "route_tables", _VPC),
        Prune("ec2_network_acl", "network_acls", _VPC),
        Prune("ec2_security_group", "security_groups", _VPC),
        Prune("ec2_subnet", "subnets", _VPC),
        Remove("ec2_vpc_net", "AWS::EC2::VPC", {"vpc_id": "id"}),
        Prune("logs_log_group", "log_groups"),
    ),
    # A key keeps its alias until AWS ends both: an environment that comes back sooner finds it, and can read its data.
    ("foundation", FINISH): (
        Prune("s3_bucket", "buckets", fixed={"force_delete": True}),
        Remove("kms_key", "AWS::KMS::Key", {"key_id": "id"}),
        Prune("iam_group", "groups"),
        Prune("iam_role", "roles"),
        Prune("iam_policy", "policies"),  # the boundary of the roles, among others
    ),
}


class Call(NamedTuple):
    """A module's full name, its options, and, for one of amazon.aws, what it deletes: kind and name."""

    module: str
    options: dict[str, Any]
    target: tuple[str, str] | None = None


def calls(entry: Prune | Remove, facts: Facts, tags: Mapping[str, Any]) -> Iterable[Call]:
    """What an entry of the table comes to with these facts."""
    return _removals(entry, facts) if isinstance(entry, Remove) else _prunings(entry, facts, tags)


def _prunings(entry: Prune, facts: Facts, tags: Mapping[str, Any]) -> Iterable[Call]:
    if entry.unless and facts.get(entry.unless):
        return
    for value in facts.get(entry.each) or [] if entry.each else [None]:
        known = {**facts, "each": value}
        given = {option: known.get(fact) for option, fact in entry.given.items()}
        if all(given.values()):
            options = {entry.plural: [], **given, **entry.fixed, "tags": dict(tags), "prune": True}
            yield Call(f"uex.payments.{entry.module}", options)


def _removals(entry: Remove, facts: Facts) -> Iterable[Call]:
    for name, view in (facts.get(entry.kind) or {}).items():
        given = {option: view[field] for option, field in entry.given.items()}
        named = {entry.name: name} if entry.name else {}
        options = {"state": "absent", **given, **named, **entry.fixed}
        yield Call(f"amazon.aws.{entry.module}", options, (entry.kind, name))
