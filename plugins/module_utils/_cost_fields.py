# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Of which properties a resource's cost is, by kind: what an action of a plan has to say of it; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Properties = Mapping[str, Any]

BEFORE, AFTER = "before", "after"
SERVICE = "AWS::ECS::Service"
TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
DEFINITION = "AWS::ECS::TaskDefinition"
SCHEDULE = "AWS::ApplicationAutoScaling::ScheduledAction"

FIELDS: Mapping[str, tuple[str, ...]] = {
    "AWS::ApplicationAutoScaling::ScalingPolicy": ("policy_type", "customized_metrics"),
    "AWS::CloudWatch::Alarm": ("metrics",),
    "AWS::EC2::VPCEndpoint": ("vpc_endpoint_type", "subnet_ids"),
    "AWS::ECS::Cluster": ("container_insights",),
    "AWS::ElastiCache::ReplicationGroup": (
        *("engine", "cache_node_type", "num_cache_clusters", "num_node_groups", "replicas_per_node_group"),
    ),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("scheme", "subnets"),
    "AWS::RDS::DBInstance": (
        *("db_instance_class", "multi_az", "storage_type", "allocated_storage", "iops", "storage_throughput"),
        *("enable_performance_insights", "performance_insights_retention_period", "engine_lifecycle_support"),
    ),
    "AWS::Route53::HealthCheck": ("type", "request_interval"),
    "AWS::SecretsManager::Secret": ("replica_regions",),
    "AWS::WAFv2::WebACL": ("denied_ip_set_arn", "allowed_ip_set_arn", "rate_limit", "managed_rule_groups"),
    SERVICE: ("desired_count", "capacity_provider_strategy"),
    TARGET: ("min_capacity", "max_capacity", "initial"),
    DEFINITION: ("cpu", "memory", "runtime_platform", "ephemeral_storage"),
    SCHEDULE: ("service", "schedule", "min_capacity", "max_capacity"),
}


def priced(declared: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of an estate with what the prices of their resources depend on alone, each with its name."""
    return [{**row, "resources": [_priced(row["kind"], each) for each in row["resources"]]} for row in declared]


def _priced(kind: str, resource: Properties | str) -> Properties | str:
    whole = kind == SERVICE  # as it is declared, with the size of its tasks
    return resource if whole or isinstance(resource, str) else _fields(resource, ("name", *FIELDS.get(kind, ())))


def sides(kind: str, before: Properties | None, after: Properties | None) -> dict[str, Any]:
    """The properties that the cost depends on, before and after; null where there is nothing."""
    declared = {key: value for key, value in (after or {}).items() if value is not None}
    becomes = None if after is None else {**(before or {}), **declared}
    return {side: _picked(kind, each) for side, each in ((BEFORE, before), (AFTER, becomes))}


def _picked(kind: str, properties: Properties | None) -> dict[str, Any] | None:
    return None if properties is None else _fields(properties, FIELDS.get(kind, ()))


def _fields(properties: Properties, names: Iterable[str]) -> dict[str, Any]:
    return {name: properties[name] for name in names if name in properties}
