# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _cost_fields, _cost_kinds
from ansible_collections.uex.payments.plugins.module_utils._cost_prices import Rates, total
from ansible_collections.uex.payments.tests.support import costs

ROOT = Path(__file__).resolve().parents[4]
RATES = costs.rates()
DATABASE = {
    "db_instance_class": "db.r5.xlarge",
    "multi_az": False,
    "storage_type": "gp3",
    "allocated_storage": 500,
    "enable_performance_insights": True,
    "performance_insights_retention_period": 7,
}
QUERY = {"id": "blue", "metric_name": "RequestCount"}
EXPRESSION = {"id": "both", "expression": "blue + green"}
RATE = {"limit": 2000, "evaluation_window": 300}


def cost(kind: str, item: dict[str, Any], rates: Rates = RATES) -> float | None:
    return total(part.amount for part in _cost_kinds.parts(kind, item, rates))


@pytest.mark.parametrize(
    ("kind", "item", "expected"),
    [
        # a gateway and its address
        ("AWS::EC2::NatGateway", {}, 730 * 0.045 + 730 * 0.005),
        ("AWS::EC2::VPCEndpoint", {"vpc_endpoint_type": "Gateway"}, 0.0),
        ("AWS::EC2::VPCEndpoint", {"vpc_endpoint_type": "Interface", "subnet_ids": ["a", "b", "c"]}, 3 * 7.30),
        # the balancer and an address in each subnet
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", {"scheme": "internal", "subnets": ["a"]}, 730 * 0.0225),
        (
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            {"scheme": "internet-facing", "subnets": ["a", "b", "c"]},
            730 * 0.0225 + 3 * 3.65,
        ),
        ("AWS::RDS::DBInstance", DATABASE, 730 * 0.50 + 500 * 0.115),
        ("AWS::RDS::DBInstance", {**DATABASE, "multi_az": True}, 2 * (730 * 0.50 + 500 * 0.115)),
        ("AWS::RDS::DBInstance", {**DATABASE, "db_instance_class": "db.x2g.large"}, None),
        ("AWS::RDS::DBInstance", {**DATABASE, "storage_type": "io2"}, None),
        ("AWS::RDS::DBInstance", {**DATABASE, "iops": 20000}, None),
        ("AWS::RDS::DBInstance", {**DATABASE, "storage_throughput": 501}, None),
        # AWS shows what gp3 has for nothing
        ("AWS::RDS::DBInstance", {**DATABASE, "iops": 12000, "storage_throughput": 500}, 730 * 0.50 + 500 * 0.115),
        ("AWS::RDS::DBInstance", {**DATABASE, "performance_insights_retention_period": 731}, None),
        ("AWS::RDS::DBInstance", {**DATABASE, "engine_lifecycle_support": "open-source-rds-extended-support"}, None),
        (
            "AWS::ElastiCache::ReplicationGroup",
            {"engine": "redis", "cache_node_type": "cache.r5.large", "num_cache_clusters": 3},
            3 * 730 * 0.216,
        ),
        # Valkey at 0.8 of Redis; two shards of a primary and a replica each
        (
            "AWS::ElastiCache::ReplicationGroup",
            {
                "engine": "valkey",
                "cache_node_type": "cache.t4g.micro",
                "num_node_groups": 2,
                "replicas_per_node_group": 1,
            },
            4 * 730 * 0.016 * 0.8,
        ),
        ("AWS::ElastiCache::ReplicationGroup", {"engine": "redis", "cache_node_type": "cache.m5.large"}, None),
        ("AWS::SecretsManager::Secret", {}, 0.40),
        ("AWS::SecretsManager::Secret", {"replica_regions": ["eu-west-1"]}, 0.80),
        ("AWS::KMS::Key", {}, 1.00),
        ("AWS::CloudWatch::Dashboard", {}, 3.00),
        ("AWS::CloudWatch::Alarm", {"metrics": None}, 0.10),
        ("AWS::CloudWatch::Alarm", {"metrics": [EXPRESSION, QUERY, QUERY]}, 0.20),
        ("AWS::CloudWatch::CompositeAlarm", {}, 0.50),
        ("AWS::ApplicationAutoScaling::ScalingPolicy", {"policy_type": "StepScaling"}, 0.0),
        ("AWS::ApplicationAutoScaling::ScalingPolicy", {"customized_metrics": None}, 0.20),
        ("AWS::ApplicationAutoScaling::ScalingPolicy", {"customized_metrics": [EXPRESSION, QUERY, QUERY]}, 0.40),
        ("AWS::Route53::HostedZone", {}, 0.50),
        ("AWS::Route53::HealthCheck", {"type": "TCP", "request_interval": 30}, 0.50),
        ("AWS::Route53::HealthCheck", {"type": "HTTPS", "request_interval": 30}, None),
        # four managed groups and the rate limit
        ("AWS::WAFv2::WebACL", {"managed_rule_groups": [{}] * 4, "rate_limit": RATE}, 5 + 5),
        ("AWS::WAFv2::WebACL", {"managed_rule_groups": [], "rate_limit": {}, "denied_ip_set_arn": "arn"}, 5 + 1),
        ("AWS::ECS::Cluster", {"container_insights": "disabled"}, 0.0),
        ("AWS::ECS::Cluster", {"container_insights": "enabled"}, None),
        ("AWS::ECR::ReplicationConfiguration", {}, None),
        ("AWS::ECR::RegistryScanningConfiguration", {}, None),
        ("AWS::EC2::Subnet", {}, 0.0),
    ],
)
def test_what_a_resource_costs_by_being_there(kind: str, item: dict[str, Any], expected: float | None) -> None:
    assert cost(kind, item) == (None if expected is None else pytest.approx(expected))


def test_reservations_are_for_hours_and_not_for_storage() -> None:
    rates = RATES._replace(usage={**RATES.usage, "rds_commitment": 0.3, "cache_commitment": 0.5})
    assert cost("AWS::RDS::DBInstance", DATABASE, rates) == pytest.approx(0.7 * 365 + 57.5)
    group = {"engine": "redis", "cache_node_type": "cache.t3.micro", "num_cache_clusters": 1}
    assert cost("AWS::ElastiCache::ReplicationGroup", group, rates) == pytest.approx(730 * 0.017 / 2)


def test_what_is_not_known_becomes_known_with_a_price_and_an_amount() -> None:
    rates = Rates({**RATES.prices, "insights.metric_month": 0.3}, {**RATES.usage, "insights": 100})
    assert cost("AWS::ECS::Cluster", {"container_insights": "enabled"}, rates) == pytest.approx(30.0)


def test_every_kind_that_a_plan_can_make_is_priced_or_free_or_known_not_to_be_known() -> None:
    sources = [*ROOT.glob("plugins/modules/*.py"), *ROOT.glob("roles/*/tasks/*.yml")]
    found = {
        kind
        for source in sources
        for kind in re.findall(r'(?:^    kind = |stack_kind: )"?(AWS::\w+::\w+)', source.read_text("utf-8"), re.M)
    }
    assert len(found) > 40
    assert found - _cost_kinds.KINDS.keys() == set()


def test_every_kind_has_a_price_or_a_reason_for_none() -> None:
    assert [kind for kind, known in _cost_kinds.KINDS.items() if bool(known.price) == bool(known.why)] == []
    assert _cost_kinds.free()["AWS::EC2::Subnet"] == "free"


class Read(dict[str, Any]):
    """A resource that notes which of its properties somebody asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return "Interface" if key == "vpc_endpoint_type" else default


#: What tasks cost, a plan says in several resources.
ALONE = [kind for kind, known in _cost_kinds.KINDS.items() if known.price and kind != _cost_fields.SERVICE]


@pytest.mark.parametrize("kind", ALONE)
def test_a_plan_says_every_property_that_a_price_asks_for(kind: str) -> None:
    read = Read()
    _cost_kinds.parts(kind, read, RATES)
    assert read.asked - set(_cost_fields.FIELDS.get(kind, ())) == set()
