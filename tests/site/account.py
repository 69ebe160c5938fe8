# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an account holds, by kind and name, read through boto3 alone."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import boto3

CREDENTIALS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
REGION = "us-east-1"
#: The account of these credentials.
OWN = "123456789012"
LOCK_TABLE = "uex-payments-locks"
STATE_BUCKET = f"uex-payments-state-{OWN}-{REGION}"

Connect = Callable[[str], Any]
Names = dict[str, list[str]]

#: Kinds that one call lists: service, operation, the answer's key, the name's key where it lists more than names.
LISTED = (
    ("iam", "list_roles", "Roles", "RoleName"),
    ("iam", "list_groups", "Groups", "GroupName"),
    ("iam", "list_instance_profiles", "InstanceProfiles", "InstanceProfileName"),
    ("s3", "list_buckets", "Buckets", "Name"),
    ("kms", "list_aliases", "Aliases", "AliasName"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("logs", "describe_query_definitions", "queryDefinitions", "name"),
    ("logs", "describe_metric_filters", "metricFilters", "filterName"),
    ("firehose", "list_delivery_streams", "DeliveryStreamNames", ""),
    ("chatbot", "describe_slack_channel_configurations", "SlackChannelConfigurations", "ConfigurationName"),
    ("chatbot", "list_microsoft_teams_channel_configurations", "TeamChannelConfigurations", "ConfigurationName"),
    ("lambda", "list_functions", "Functions", "FunctionName"),
    ("secretsmanager", "list_secrets", "SecretList", "Name"),
    ("rds", "describe_db_instances", "DBInstances", "DBInstanceIdentifier"),
    ("rds", "describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupName"),
    ("rds", "describe_db_parameter_groups", "DBParameterGroups", "DBParameterGroupName"),
    ("elasticache", "describe_replication_groups", "ReplicationGroups", "ReplicationGroupId"),
    ("ecr", "describe_repositories", "repositories", "repositoryName"),
    ("elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerName"),
    ("elbv2", "describe_target_groups", "TargetGroups", "TargetGroupName"),
    ("acm", "list_certificates", "CertificateSummaryList", "DomainName"),
    ("servicediscovery", "list_namespaces", "Namespaces", "Name"),
    ("sns", "list_topics", "Topics", "TopicArn"),
    ("events", "list_rules", "Rules", "Name"),
    ("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
)
EC2 = (
    ("describe_vpcs", "Vpcs"),
    ("describe_subnets", "Subnets"),
    ("describe_route_tables", "RouteTables"),
    ("describe_internet_gateways", "InternetGateways"),
    ("describe_nat_gateways", "NatGateways"),
    ("describe_network_acls", "NetworkAcls"),
    ("describe_security_groups", "SecurityGroups"),
    ("describe_vpc_endpoints", "VpcEndpoints"),
)


def connect(endpoint: str, region: str = REGION, number: str = OWN) -> Connect:
    """Clients of an embedded AWS in this region and account, by service name."""
    session = boto3.Session(region_name=region)

    def name_account(request: Any, **_about: Any) -> None:
        request.headers["x-moto-account-id"] = number

    def client(service: str) -> Any:
        made = session.client(service, endpoint_url=endpoint, **CREDENTIALS)
        made.meta.events.register("before-send", name_account)
        return made

    return functools.cache(client)


def pages(client: Any, operation: str, key: str, **arguments: Any) -> Iterator[Any]:
    if not client.can_paginate(operation):
        yield from getattr(client, operation)(**arguments)[key]
        return
    for page in client.get_paginator(operation).paginate(**arguments):
        yield from page[key]


def names(clients: Connect) -> Names:
    """Every name of every kind that the site makes, sorted; what a layer of AWS's own adds is in it too."""
    found = {
        f"{service} {key}": [str(each[name] if name else each) for each in pages(clients(service), operation, key)]
        for service, operation, key, name in LISTED
    }
    vpcs = _vpcs(clients("ec2"))
    found |= {f"ec2 {key}": list(_named(pages(clients("ec2"), operation, key), vpcs)) for operation, key in EC2}
    policies = pages(clients("iam"), "list_policies", "Policies", Scope="Local")
    found["logs SubscriptionFilters"] = list(subscription_filters(clients("logs")))
    found["iam Policies"] = [str(each["PolicyName"]) for each in policies]
    found |= {"elbv2 Rules": list(_rules(clients("elbv2"))), "cloudwatch Alarms": list(_alarms(clients("cloudwatch")))}
    found |= {f"ecs {kind}": each for kind, each in _ecs(clients("ecs")).items()}
    found |= {f"scaling {kind}": each for kind, each in _scaling(clients("application-autoscaling")).items()}
    return {kind: sorted(each) for kind, each in found.items()}


def subscription_filters(client: Any) -> Iterator[str]:
    """Of each log group, as AWS lists them by group only."""
    for group in pages(client, "describe_log_groups", "logGroups"):
        listing = {"logGroupName": group["logGroupName"]}
        for each in pages(client, "describe_subscription_filters", "subscriptionFilters", **listing):
            yield str(each["filterName"])


def _vpcs(client: Any) -> dict[str, str]:
    """What the VPCs are called, by id; the default one has no name."""
    entries = list(pages(client, "describe_vpcs", "Vpcs"))
    return {entry["VpcId"]: name for entry, name in zip(entries, _named(entries, {}), strict=True)}


def _named(entries: Iterable[dict[str, Any]], vpcs: Mapping[str, str]) -> Iterator[str]:
    """The tag Name of EC2's resources; a default group or ACL has none, but a VPC. What is deleted lingers on."""
    for entry in entries:
        if entry.get("State") != "deleted":
            unnamed = f"(unnamed) of {vpcs.get(entry.get('VpcId', ''), 'no VPC')}"
            yield next((tag["Value"] for tag in entry.get("Tags", ()) if tag["Key"] == "Name"), unnamed)


#: What only a teardown is measured by: service, operation, the answer's key, and what says which one it is.
FURTHER = (
    ("rds", "describe_option_groups", "OptionGroupsList", ("OptionGroupName",)),
    ("rds", "describe_db_snapshots", "DBSnapshots", ("DBSnapshotIdentifier",)),
    ("rds", "describe_db_instance_automated_backups", "DBInstanceAutomatedBackups", ("DBInstanceIdentifier", "Status")),
    ("elasticache", "describe_cache_subnet_groups", "CacheSubnetGroups", ("CacheSubnetGroupName",)),
    ("elasticache", "describe_cache_parameter_groups", "CacheParameterGroups", ("CacheParameterGroupName",)),
    ("elasticache", "describe_snapshots", "Snapshots", ("SnapshotName",)),
    ("sns", "list_subscriptions", "Subscriptions", ("TopicArn", "Protocol", "Endpoint")),
    ("route53", "list_hosted_zones", "HostedZones", ("Name",)),
    ("route53", "list_health_checks", "HealthChecks", ("Id",)),
    ("ec2", "describe_flow_logs", "FlowLogs", ("LogGroupName",)),
    ("ecr", "describe_pull_through_cache_rules", "pullThroughCacheRules", ("ecrRepositoryPrefix",)),
    ("lambda", "list_functions", "Functions", ("FunctionName",)),
    ("cloudtrail", "describe_trails", "trailList", ("Name",)),
    ("config", "describe_configuration_recorders", "ConfigurationRecorders", ("name",)),
    ("config", "describe_delivery_channels", "DeliveryChannels", ("name",)),
    ("ce", "get_anomaly_monitors", "AnomalyMonitors", ("MonitorName",)),
    ("ce", "get_anomaly_subscriptions", "AnomalySubscriptions", ("SubscriptionName",)),
)


def holdings(clients: Connect) -> Names:
    """All that C(names) finds and what else a teardown could leave: addresses, snapshots, ends of keys and secrets."""
    more = {
        f"{service} {key}": [" ".join(str(each.get(part)) for part in parts) for each in listed]
        for service, operation, key, parts in FURTHER
        for listed in [list(pages(clients(service), operation, key))]
    }
    more["ec2 Addresses"] = list(_named(clients("ec2").describe_addresses()["Addresses"], {}))
    more["ec2 NetworkInterfaces"] = list(_interfaces(clients("ec2")))
    more["kms Keys"] = list(_keys(clients("kms")))
    more["secretsmanager deleted"] = list(_deleted_secrets(clients("secretsmanager")))
    budgets = pages(clients("budgets"), "describe_budgets", "Budgets", AccountId=OWN)
    more["budgets Budgets"] = [str(each["BudgetName"]) for each in budgets]
    firewall = clients("wafv2")
    more["wafv2 WebACLs"] = [str(each["Name"]) for each in firewall.list_web_acls(Scope="REGIONAL")["WebACLs"]]
    more["guardduty Detectors"] = list(pages(clients("guardduty"), "list_detectors", "DetectorIds"))
    more["securityhub Hub"] = list(_hub(clients("securityhub")))
    more["wafv2 IPSets"] = [str(each["Name"]) for each in firewall.list_ip_sets(Scope="REGIONAL")["IPSets"]]
    families = pages(clients("ecs"), "list_task_definition_families", "families", status="INACTIVE")
    more["ecs inactive"] = [str(family) for family in families]
    actions = pages(clients("application-autoscaling"), *SCHEDULED, ServiceNamespace="ecs")
    more["scaling actions"] = [str(each["ScheduledActionName"]) for each in actions]
    return {**names(clients), **{kind: sorted(found) for kind, found in more.items()}}


def _hub(client: Any) -> Iterator[str]:
    """Security Hub's, where it is on."""
    try:
        yield str(client.describe_hub()["HubArn"])
    except client.exceptions.InvalidAccessException:
        return


def _interfaces(client: Any) -> Iterator[str]:
    vpcs = _vpcs(client)
    for each in pages(client, "describe_network_interfaces", "NetworkInterfaces"):
        yield f"{vpcs.get(each['VpcId'])} {each.get('Description')}"


SCHEDULED = ("describe_scheduled_actions", "ScheduledActions")


def _keys(client: Any) -> Iterator[str]:
    """Customers' keys with their aliases and state; AWS makes its own as it needs them."""
    names: dict[str, list[str]] = {}
    for alias in pages(client, "list_aliases", "Aliases"):
        names.setdefault(alias.get("TargetKeyId", ""), []).append(alias["AliasName"])
    for listed in pages(client, "list_keys", "Keys"):
        key = client.describe_key(KeyId=listed["KeyId"])["KeyMetadata"]
        own = names.get(key["KeyId"], [])
        if key["KeyManager"] == "CUSTOMER" and not any(name.startswith("alias/aws/") for name in own):
            yield f"{key['Description']} {own} {key['KeyId']} {key['KeyState']}"


def _deleted_secrets(client: Any) -> Iterator[str]:
    for secret in pages(client, "list_secrets", "SecretList", IncludePlannedDeletion=True):
        if secret.get("DeletedDate"):
            yield str(secret["Name"])


def _rules(client: Any) -> Iterator[str]:
    """Rules by their paths: they have no name."""
    for balancer in pages(client, "describe_load_balancers", "LoadBalancers"):
        for listener in pages(client, "describe_listeners", "Listeners", LoadBalancerArn=balancer["LoadBalancerArn"]):
            for rule in pages(client, "describe_rules", "Rules", ListenerArn=listener["ListenerArn"]):
                paths = [value for each in rule["Conditions"] for value in _condition(each)]
                yield f"{balancer['LoadBalancerName']} {listener['Port']} {' '.join(paths) or 'default'}"


def _condition(condition: Mapping[str, Any]) -> list[str]:
    """The values of a condition of any kind, which AWS shows below the kind's own configuration."""
    configurations = [value for name, value in condition.items() if name.endswith("Config")] or [condition]
    return [str(value) for each in configurations for value in each["Values"]]


def _alarms(client: Any) -> Iterator[str]:
    """Ours; those of target tracking have a new name each time."""
    yield from (
        each["AlarmName"] for each in pages(client, "describe_alarms", "CompositeAlarms", AlarmTypes=["CompositeAlarm"])
    )
    for alarm in pages(client, "describe_alarms", "MetricAlarms"):
        name = str(alarm["AlarmName"])
        yield name if not name.startswith("TargetTracking-") else name.partition("-Alarm")[0]


def _ecs(client: Any) -> Names:
    clusters = list(pages(client, "list_clusters", "clusterArns"))
    services = [str(arn) for each in clusters for arn in pages(client, "list_services", "serviceArns", cluster=each)]
    families = pages(client, "list_task_definition_families", "families", status="ACTIVE")
    return {
        "clusters": [str(arn) for arn in clusters],
        "services": services,
        "families": [str(family) for family in families],
    }


def _scaling(client: Any) -> Names:
    targets = pages(client, "describe_scalable_targets", "ScalableTargets", ServiceNamespace="ecs")
    policies = pages(client, "describe_scaling_policies", "ScalingPolicies", ServiceNamespace="ecs")
    return {
        "targets": [str(each["ResourceId"]) for each in targets],
        "policies": [str(each["PolicyName"]) for each in policies],
    }


def unlock(clients: Connect, environment: str) -> None:
    """Release the environment's lock, whoever holds it."""
    clients("dynamodb").delete_item(TableName=LOCK_TABLE, Key={"id": {"S": f"uex-payments/{environment}"}})


def state(clients: Connect) -> dict[str, str]:
    """What runs have kept, by key."""
    client = clients("s3")
    keys = [str(entry["Key"]) for entry in pages(client, "list_objects_v2", "Contents", Bucket=STATE_BUCKET)]
    return {key: client.get_object(Bucket=STATE_BUCKET, Key=key)["Body"].read().decode() for key in keys}


def difference(before: Names, after: Names) -> Names:
    """What C(after) has and C(before) hasn't, by kind."""
    more = {kind: sorted(set(found) - set(before.get(kind, ()))) for kind, found in after.items()}
    return {kind: found for kind, found in more.items() if found}


def secret_texts(clients: Connect, prefix: str) -> list[str]:
    """Every text of every secret whose name begins so."""
    client = clients("secretsmanager")
    found: list[str] = []
    for secret in pages(client, "list_secrets", "SecretList"):
        if secret["Name"].startswith(prefix):
            value = json.loads(client.get_secret_value(SecretId=secret["ARN"])["SecretString"])
            found += [str(text) for text in value.values()]
    return found
