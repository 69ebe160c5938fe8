# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a resource of each kind costs by being there, from its properties as its module has them; pure.

What passes through it or is kept in it is a matter of usage, which _cost_usage.py prices.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from . import _cost_fargate
from ._cost_prices import Part, Rates, committed, hourly

Item = Mapping[str, Any]
ADDRESSES = "Public IPv4 addresses"
ALARMS = "CloudWatch"
#: Performance Insights keeps so many days for nothing.
FREE_INSIGHTS_DAYS = 7
#: What gp3 has without asking where it can have more, and AWS shows for all of it.
INCLUDED = {"iops": 12000, "storage_throughput": 500}
#: The support of engine versions that costs nothing.
STANDARD_SUPPORT = "open-source-rds-extended-support-disabled"


class Kind(NamedTuple):
    """How a kind is priced: whose bill it is on, and what it costs, of the properties that _cost_fields.py names.

    Without C(price) a resource costs nothing by being there; C(why) says why.
    """

    service: str
    price: Callable[[Item, Rates], list[Part]] | None = None
    why: str = ""


def monthly(what: str, key: str, unit: str = "month") -> Callable[[Item, Rates], list[Part]]:
    """Of a kind that costs the same each month."""
    return lambda item, rates: [Part(what, 1, unit, rates.price(key))]


def nat_gateway(item: Item, rates: Rates) -> list[Part]:
    return [hourly(rates, "gateway", "nat.hour"), hourly(rates, "address", "ipv4.hour", 1, ADDRESSES)]


def endpoint(item: Item, rates: Rates) -> list[Part]:
    """An interface in each subnet; a gateway endpoint is free."""
    if item.get("vpc_endpoint_type") != "Interface":
        return []
    return [hourly(rates, "interfaces", "endpoint.hour", len(item.get("subnet_ids") or ()))]


def load_balancer(item: Item, rates: Rates) -> list[Part]:
    """Where the Internet reaches it, it has an address in each subnet."""
    public = item.get("scheme") == "internet-facing"
    addresses = len(item.get("subnets") or ()) if public else 0
    return [hourly(rates, "balancer", "alb.hour"), hourly(rates, "addresses", "ipv4.hour", addresses, ADDRESSES)]


def db_instance(item: Item, rates: Rates) -> list[Part]:
    """Multi-AZ is twice of everything."""
    copies = 2 if item.get("multi_az") else 1
    storage = str(item.get("storage_type") or "gp2")
    gb = float(item.get("allocated_storage") or 0) * copies
    instance = hourly(
        rates, str(item.get("db_instance_class")), f"rds.postgres.{item.get('db_instance_class')}", copies
    )
    return [
        committed(instance, rates, "rds_commitment"),
        Part(f"{storage} storage", gb, "GB", rates.price(f"rds.{storage}_gb_month")),
        *_db_extras(item),
    ]


def _db_extras(item: Item) -> list[Part]:
    """What the table has no price of."""
    days = int(item.get("performance_insights_retention_period") or 0)
    kept = bool(item.get("enable_performance_insights")) and days > FREE_INSIGHTS_DAYS
    extras = {
        "provisioned IOPS or throughput": any(int(item.get(name) or 0) > most for name, most in INCLUDED.items()),
        "Performance Insights beyond 7 days": kept,
        "extended support": (item.get("engine_lifecycle_support") or STANDARD_SUPPORT) != STANDARD_SUPPORT,
    }
    return [Part(what, None, "month", None) for what, there in extras.items() if there]


def replication_group(item: Item, rates: Rates) -> list[Part]:
    """Every node alike."""
    engine, node_type = item.get("engine") or "redis", item.get("cache_node_type")
    shards, replicas = item.get("num_node_groups"), item.get("replicas_per_node_group")
    nodes = int(shards) * (1 + int(replicas or 0)) if shards else int(item.get("num_cache_clusters") or 1)
    return [committed(hourly(rates, str(node_type), f"cache.{engine}.{node_type}", nodes), rates, "cache_commitment")]


def secret(item: Item, rates: Rates) -> list[Part]:
    """A copy in another region is a secret there."""
    return [Part("secret", 1 + len(item.get("replica_regions") or ()), "secret", rates.price("secret.month"))]


def metrics_of(queries: Any) -> int:
    """How many metrics an alarm looks at: one, or those of an expression."""
    return sum(1 for query in queries or () if not query.get("expression")) or 1


def alarm(item: Item, rates: Rates) -> list[Part]:
    """By the metrics that it looks at."""
    return [Part("metrics", metrics_of(item.get("metrics")), "metric", rates.price("alarm.metric_month"))]


def scaling_policy(item: Item, rates: Rates) -> list[Part]:
    """AWS makes two alarms for a target that is tracked; those of a policy with steps are alarms of ours."""
    if item.get("policy_type") == "StepScaling":
        return []
    count = 2 * metrics_of(item.get("customized_metrics"))
    return [Part("metrics of its two alarms", count, "metric", rates.price("alarm.metric_month"))]


def health_check(item: Item, rates: Rates) -> list[Part]:
    """Of an address inside AWS. What it does beyond opening a connection each 30 seconds has no price here."""
    plain = item.get("type") in ("TCP", "HTTP", None) and int(item.get("request_interval") or 30) == 30
    options = [] if plain else [Part("HTTPS, text search or fast interval", 1, "month", rates.price(_OPTION))]
    return [Part("health check", 1, "check", rates.price("route53.health_check_month")), *options]


_OPTION = "route53.health_check_option_month"


def web_acl(item: Item, rates: Rates) -> list[Part]:
    """A rule for each managed group, each list of addresses and the rate limit."""
    switches = ("denied_ip_set_arn", "allowed_ip_set_arn", "rate_limit")
    rules = len(item.get("managed_rule_groups") or ()) + sum(1 for each in switches if item.get(each))
    return [
        Part("web ACL", 1, "ACL", rates.price("waf.acl_month")),
        Part("rules", rules, "rule", rates.price("waf.rule_month")),
    ]


def cluster(item: Item, rates: Rates) -> list[Part]:
    """Container Insights is billed by metrics and logs that nobody can count ahead."""
    if item.get("container_insights") in (None, "disabled"):
        return []
    return [Part("Container Insights", rates.usage["insights"], "metric", rates.price("insights.metric_month"), ALARMS)]


def tasks(item: Item, rates: Rates) -> list[Part]:
    return _cost_fargate.parts(item, rates)


def replication(item: Item, rates: Rates) -> list[Part]:
    return [Part("copies of images in other regions", None, "GB", None)]


def scanning(item: Item, rates: Rates) -> list[Part]:
    return [Part("images scanned by Inspector", None, "image", None)]


def by_use(what: str, unit: str) -> Callable[[Item, Rates], list[Part]]:
    """Of a kind that costs by what it looks at, which nobody can count ahead and no price is known of."""
    return lambda item, rates: [Part(what, None, unit, None)]


def vault(item: Item, rates: Rates) -> list[Part]:
    """What it will hold, nobody can say ahead."""
    return [Part("recovery points", None, "GB", None)]


_BY_GB = "by what is kept in it"
_PLAN = "a rule or setting"

#: Everything that a plan can make. What has a price, first.
KINDS: Mapping[str, Kind] = {
    "AWS::ApplicationAutoScaling::ScalingPolicy": Kind(ALARMS, scaling_policy),
    "AWS::Backup::BackupVault": Kind("AWS Backup", vault),
    "AWS::CloudWatch::Alarm": Kind(ALARMS, alarm),
    "AWS::CloudWatch::CompositeAlarm": Kind(ALARMS, monthly("composite alarm", "alarm.composite_month", "alarm")),
    "AWS::CloudWatch::Dashboard": Kind(ALARMS, monthly("dashboard", "dashboard.month", "dashboard")),
    "AWS::Config::ConfigurationRecorder": Kind("Config", by_use("changes that it records", "change")),
    "AWS::EC2::NatGateway": Kind("NAT gateways", nat_gateway),
    "AWS::EC2::VPCEndpoint": Kind("VPC endpoints", endpoint),
    "AWS::ECR::RegistryScanningConfiguration": Kind("ECR", scanning),
    "AWS::ECR::ReplicationConfiguration": Kind("ECR", replication),
    "AWS::ECS::Cluster": Kind("ECS", cluster),
    "AWS::ECS::Service": Kind("Fargate", tasks),
    "AWS::ElastiCache::ReplicationGroup": Kind("ElastiCache", replication_group),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": Kind("Load balancing", load_balancer),
    "AWS::GuardDuty::Detector": Kind("GuardDuty", by_use("events and logs that it looks at", "GB")),
    "AWS::KMS::Key": Kind("KMS", monthly("key", "kms.key_month", "key")),
    "AWS::RDS::DBInstance": Kind("RDS", db_instance),
    "AWS::Route53::HealthCheck": Kind("Route 53", health_check),
    "AWS::Route53::HostedZone": Kind("Route 53", monthly("zone", "route53.zone_month", "zone")),
    "AWS::SecurityHub::Hub": Kind("Security Hub", by_use("checks of its controls", "check")),
    "AWS::SecretsManager::Secret": Kind("Secrets Manager", secret),
    "AWS::WAFv2::WebACL": Kind("WAF", web_acl),
    # What costs nothing by being there. Of services and definitions, what tasks cost is the service's.
    "AWS::ApplicationAutoScaling::ScalableTarget": Kind("Fargate", why="its tasks are its service's cost"),
    "AWS::ApplicationAutoScaling::ScheduledAction": Kind("Fargate", why="its tasks are its service's cost"),
    "AWS::Backup::BackupPlan": Kind("AWS Backup", why="its recovery points are its vault's cost"),
    "AWS::Budgets::Budget": Kind("Budgets", why="free without actions"),
    "AWS::CE::AnomalyMonitor": Kind("Cost Explorer", why="free, but for each run's requests to Cost Explorer"),
    "AWS::CE::AnomalySubscription": Kind("Cost Explorer", why="free, but for each run's requests to Cost Explorer"),
    "AWS::CE::CostAllocationTag": Kind("Cost Explorer", why="free, but for each run's requests to Cost Explorer"),
    "AWS::CertificateManager::Certificate": Kind("ACM", why="free, public or imported"),
    "AWS::Chatbot::MicrosoftTeamsChannelConfiguration": Kind("Chat", why="free"),
    "AWS::Chatbot::SlackChannelConfiguration": Kind("Chat", why="free"),
    "AWS::CloudTrail::Trail": Kind("CloudTrail", why="the first copy of management events is free, and S3's to keep"),
    "AWS::DynamoDB::Table": Kind("DynamoDB", why="by requests, a few a run"),
    "AWS::EC2::FlowLog": Kind("VPC", why="by the log that it writes"),
    "AWS::EC2::InternetGateway": Kind("VPC", why="free; traffic is not"),
    "AWS::EC2::NetworkAcl": Kind("VPC", why=_PLAN),
    "AWS::EC2::RouteTable": Kind("VPC", why=_PLAN),
    "AWS::EC2::SecurityGroup": Kind("VPC", why=_PLAN),
    "AWS::EC2::Subnet": Kind("VPC", why="free"),
    "AWS::EC2::VPC": Kind("VPC", why="free"),
    "AWS::ECR::PullThroughCacheRule": Kind("ECR", why=_PLAN),
    "AWS::ECR::Repository": Kind("ECR", why=_BY_GB),
    "AWS::ECS::TaskDefinition": Kind("Fargate", why="its tasks are its service's cost"),
    "AWS::ElastiCache::ParameterGroup": Kind("ElastiCache", why=_PLAN),
    "AWS::ElastiCache::SubnetGroup": Kind("ElastiCache", why=_PLAN),
    "AWS::ElasticLoadBalancingV2::Listener": Kind("Load balancing", why=_PLAN),
    "AWS::ElasticLoadBalancingV2::ListenerRule": Kind("Load balancing", why=_PLAN),
    "AWS::ElasticLoadBalancingV2::TargetGroup": Kind("Load balancing", why=_PLAN),
    "AWS::Events::Rule": Kind("EventBridge", why="free for AWS's own events"),
    "AWS::IAM::AccountPasswordPolicy": Kind("IAM", why="free"),
    "AWS::IAM::Group": Kind("IAM", why="free"),
    "AWS::IAM::ManagedPolicy": Kind("IAM", why="free"),
    "AWS::IAM::Role": Kind("IAM", why="free"),
    "AWS::KinesisFirehose::DeliveryStream": Kind("Firehose", why=_BY_GB),
    "AWS::Lambda::Function": Kind("Lambda", why="by calls, a few a month"),
    "AWS::Logs::LogGroup": Kind(ALARMS, why="by what is written to it and kept in it"),
    "AWS::Logs::MetricFilter": Kind(ALARMS, monthly("metric of its own", "metric.month", "metric")),
    "AWS::Logs::QueryDefinition": Kind(ALARMS, why="by the logs that a query reads"),
    "AWS::Logs::SubscriptionFilter": Kind(ALARMS, why="free; the stream that it sends to is not"),
    "AWS::RDS::DBParameterGroup": Kind("RDS", why=_PLAN),
    "AWS::RDS::DBSubnetGroup": Kind("RDS", why=_PLAN),
    "AWS::RDS::OptionGroup": Kind("RDS", why=_PLAN),
    "AWS::Route53::RecordSet": Kind("Route 53", why="by queries; those of aliases are free"),
    "AWS::S3::Bucket": Kind("S3", why=_BY_GB),
    "AWS::SNS::Subscription": Kind("SNS", why="by messages"),
    "AWS::SNS::Topic": Kind("SNS", why="by messages"),
    "AWS::ServiceDiscovery::HttpNamespace": Kind("Cloud Map", why="free for Service Connect"),
    "AWS::WAFv2::IPSet": Kind("WAF", why="free; the rule that uses it is not"),
}


def parts(kind: str, item: Item, rates: Rates) -> list[Part]:
    """What a resource costs by being there, in parts. KeyError for a kind that nobody has priced."""
    price = KINDS[kind].price
    return price(item, rates) if price else []


def free() -> dict[str, str]:
    """The kinds that cost nothing by being there, and why."""
    return {kind: known.why for kind, known in KINDS.items() if not known.price}
