# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an account holds, by kind and name, read through boto3 alone."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import boto3

CREDENTIALS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
REGION = "us-east-1"
#: The account of these credentials.
OWN = "123456789012"
STATE_BUCKET = f"uex-payments-state-{OWN}-{REGION}"

Connect = Callable[[str], Any]
Names = dict[str, list[str]]

#: Kinds that one paginated call lists: service, operation, the answer's key, the name's key.
LISTED = (
    ("iam", "list_roles", "Roles", "RoleName"),
    ("s3", "list_buckets", "Buckets", "Name"),
    ("kms", "list_aliases", "Aliases", "AliasName"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("logs", "describe_query_definitions", "queryDefinitions", "name"),
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
        f"{service} {key}": [str(each[name]) for each in pages(clients(service), operation, key)]
        for service, operation, key, name in LISTED
    }
    found |= {f"ec2 {key}": list(_named(pages(clients("ec2"), operation, key))) for operation, key in EC2}
    found |= {"elbv2 Rules": list(_rules(clients("elbv2"))), "cloudwatch Alarms": list(_alarms(clients("cloudwatch")))}
    found |= {f"ecs {kind}": each for kind, each in _ecs(clients("ecs")).items()}
    found |= {f"scaling {kind}": each for kind, each in _scaling(clients("application-autoscaling")).items()}
    return {kind: sorted(each) for kind, each in found.items()}


def _named(entries: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The tag Name of EC2's resources; a default group or ACL has none."""
    for entry in entries:
        yield next((tag["Value"] for tag in entry.get("Tags", ()) if tag["Key"] == "Name"), "(unnamed)")


def _rules(client: Any) -> Iterator[str]:
    """Rules by their paths: they have no name."""
    for balancer in pages(client, "describe_load_balancers", "LoadBalancers"):
        for listener in pages(client, "describe_listeners", "Listeners", LoadBalancerArn=balancer["LoadBalancerArn"]):
            for rule in pages(client, "describe_rules", "Rules", ListenerArn=listener["ListenerArn"]):
                paths = [value for each in rule["Conditions"] for value in each["Values"]]
                yield f"{balancer['LoadBalancerName']} {listener['Port']} {' '.join(paths) or 'default'}"


def _alarms(client: Any) -> Iterator[str]:
    """Ours; those of target tracking have a new name each time."""
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
