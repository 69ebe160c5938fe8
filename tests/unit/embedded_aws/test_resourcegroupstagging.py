# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Resource Groups Tagging of the embedded AWS: every tagged resource is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

TAGS = {"Project": "uex-payments", "Layer": "test"}
PAIRS = [{"Key": key, "Value": value} for key, value in TAGS.items()]
LOWER = [{"key": key, "value": value} for key, value in TAGS.items()]
CONTAINER = {"name": "c", "image": "i", "memory": 128}
METRIC = {
    "Namespace": "N",
    "MetricName": "M",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "GreaterThanThreshold",
}


@pytest.fixture
def tagging(aws: None) -> Any:
    return boto3.client("resourcegroupstaggingapi")


def ec2_tags(kind: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": PAIRS}]


def subnets() -> tuple[str, list[str]]:
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = enumerate(("us-east-1a", "us-east-1b"))
    made = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=zone) for n, zone in zones]
    return vpc, [each["Subnet"]["SubnetId"] for each in made]


def make_acl() -> None:
    boto3.client("ec2").create_network_acl(VpcId=subnets()[0], TagSpecifications=ec2_tags("network-acl"))


def make_endpoint() -> None:
    boto3.client("ec2").create_vpc_endpoint(
        VpcId=subnets()[0], ServiceName="com.amazonaws.us-east-1.s3", TagSpecifications=ec2_tags("vpc-endpoint")
    )


def make_balancer() -> None:
    elb, (vpc, ids) = boto3.client("elbv2"), subnets()
    balancer = elb.create_load_balancer(Name="b", Subnets=ids, Tags=PAIRS)["LoadBalancers"][0]["LoadBalancerArn"]
    group = elb.create_target_group(Name="g", Protocol="HTTP", Port=80, VpcId=vpc, Tags=PAIRS)["TargetGroups"][0]
    forward = [{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}]
    listener = elb.create_listener(
        LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=forward, Tags=PAIRS
    )["Listeners"][0]["ListenerArn"]
    condition = [{"Field": "path-pattern", "Values": ["/a"]}]
    elb.create_rule(ListenerArn=listener, Priority=1, Conditions=condition, Actions=forward, Tags=PAIRS)


def make_ecs() -> None:
    ecs = boto3.client("ecs")
    ecs.create_cluster(clusterName="c", tags=LOWER)
    ecs.register_task_definition(family="t", containerDefinitions=[CONTAINER], tags=LOWER)
    ecs.create_service(cluster="c", serviceName="s", taskDefinition="t", desiredCount=0, tags=LOWER)


def make_rds() -> None:
    rds = boto3.client("rds")
    rds.create_db_subnet_group(DBSubnetGroupName="s", DBSubnetGroupDescription="d", SubnetIds=subnets()[1], Tags=PAIRS)
    rds.create_db_parameter_group(
        DBParameterGroupName="p", DBParameterGroupFamily="postgres16", Description="d", Tags=PAIRS
    )
    rds.create_option_group(
        OptionGroupName="o", EngineName="postgres", MajorEngineVersion="16", OptionGroupDescription="d", Tags=PAIRS
    )
    rds.create_db_instance(
        DBInstanceIdentifier="db",
        DBInstanceClass="db.t3.medium",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="uex",
        MasterUserPassword="long-enough",
        DBSubnetGroupName="s",
        Tags=PAIRS,
    )


def make_elasticache() -> None:
    cache = boto3.client("elasticache")
    cache.create_cache_subnet_group(
        CacheSubnetGroupName="s", CacheSubnetGroupDescription="d", SubnetIds=subnets()[1], Tags=PAIRS
    )
    cache.create_cache_parameter_group(
        CacheParameterGroupName="p", CacheParameterGroupFamily="redis7", Description="d", Tags=PAIRS
    )
    cache.create_replication_group(
        ReplicationGroupId="r", ReplicationGroupDescription="d", CacheNodeType="cache.t3.micro", Tags=PAIRS
    )


def make_waf() -> None:
    visibility = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
    boto3.client("wafv2").create_web_acl(
        Name="w", Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=visibility, Tags=PAIRS
    )


def make_alarm() -> None:
    cloudwatch = boto3.client("cloudwatch")
    cloudwatch.put_metric_alarm(AlarmName="a", **METRIC, Tags=PAIRS)
    cloudwatch.put_dashboard(DashboardName="d", DashboardBody='{"widgets": []}', Tags=PAIRS)


def make_zone() -> None:
    route53 = boto3.client("route53")
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"].split("/")[-1]
    route53.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone, AddTags=PAIRS)


MAKERS: dict[str, tuple[Callable[[], Any], set[str]]] = {
    "acl": (make_acl, {"ec2:network-acl"}),
    "endpoint": (make_endpoint, {"ec2:vpc-endpoint"}),
    "address": (
        lambda: boto3.client("ec2").allocate_address(Domain="vpc", TagSpecifications=ec2_tags("elastic-ip")),
        {"ec2:elastic-ip"},
    ),
    "ecr": (lambda: boto3.client("ecr").create_repository(repositoryName="repository", tags=PAIRS), {"ecr:repository"}),
    "logs": (lambda: boto3.client("logs").create_log_group(logGroupName="/g", tags=TAGS), {"logs:log-group"}),
    "events": (
        lambda: boto3.client("events").put_rule(Name="r", ScheduleExpression="rate(1 day)", Tags=PAIRS),
        {"events:rule"},
    ),
    "waf": (make_waf, {"wafv2:regional"}),
    "elasticache": (
        make_elasticache,
        {
            "elasticache:subnetgroup",
            "elasticache:parametergroup",
            "elasticache:replicationgroup",
            "elasticache:cluster",
        },
    ),
    "rds": (make_rds, {"rds:db", "rds:subgrp", "rds:pg", "rds:og"}),
    "secret": (
        lambda: boto3.client("secretsmanager").create_secret(Name="s", SecretString="x", Tags=PAIRS),
        {"secretsmanager:secret"},
    ),
    "kms": (
        lambda: boto3.client("kms").create_key(Tags=[{"TagKey": k, "TagValue": v} for k, v in TAGS.items()]),
        {"kms:key"},
    ),
    "sns": (lambda: boto3.client("sns").create_topic(Name="t", Tags=PAIRS), {"sns:t"}),
    "ecs": (make_ecs, {"ecs:cluster", "ecs:service", "ecs:task-definition"}),
    "balancer": (
        make_balancer,
        {f"elasticloadbalancing:{kind}" for kind in ("loadbalancer", "targetgroup", "listener", "listener-rule")},
    ),
    "alarm": (make_alarm, {"cloudwatch:alarm", "cloudwatch:dashboard"}),
    "zone": (make_zone, {"route53:hostedzone"}),
    "queue": (lambda: boto3.client("sqs").create_queue(QueueName="q", tags=TAGS), {"sqs:q"}),
}


def kinds(found: list[dict[str, Any]]) -> set[str]:
    parts = (each["ResourceARN"].split(":", 5) for each in found)
    return {f"{part[2]}:{part[5].replace('/', ':').split(':')[0]}" for part in parts}


@pytest.mark.parametrize("name", MAKERS)
def test_a_tagged_resource_is_found(tagging: Any, name: str) -> None:
    make, expected = MAKERS[name]
    make()
    project = [{"Key": "Project", "Values": ["uex-payments"]}]
    found = tagging.get_resources(TagFilters=project)["ResourceTagMappingList"]
    assert kinds(found) == expected
    assert all({tag["Key"]: tag["Value"] for tag in each["Tags"]} == TAGS for each in found)
    assert tagging.get_resources(TagFilters=[{"Key": "Project", "Values": ["x"]}])["ResourceTagMappingList"] == []
    service = next(iter(expected)).split(":")[0]
    assert kinds(tagging.get_resources(ResourceTypeFilters=[service])["ResourceTagMappingList"]) == expected


@pytest.mark.parametrize(
    "types, expected",
    [
        (["elasticloadbalancing:listener-rule"], {"elasticloadbalancing:listener-rule"}),
        (["elasticloadbalancing:loadbalancer/app", "ecr"], {"elasticloadbalancing:loadbalancer", "ecr:repository"}),
        (["ecs"], set()),
    ],
)
def test_types_filter(tagging: Any, types: list[str], expected: set[str]) -> None:
    make_balancer()
    MAKERS["ecr"][0]()
    assert kinds(tagging.get_resources(ResourceTypeFilters=types)["ResourceTagMappingList"]) == expected


def test_filters_combine_and_values_are_alternatives(tagging: Any) -> None:
    sns = boto3.client("sns")
    for name, layer in (("a", "edge"), ("b", "data"), ("c", "network")):
        sns.create_topic(Name=name, Tags=[{"Key": "Project", "Value": "p"}, {"Key": "Layer", "Value": layer}])
    filters = [{"Key": "Project"}, {"Key": "Layer", "Values": ["edge", "data"]}]
    found = tagging.get_resources(TagFilters=filters)["ResourceTagMappingList"]
    assert [each["ResourceARN"][-1] for each in found] == ["a", "b"]
    assert tagging.get_tag_values(Key="Layer")["TagValues"] == ["data", "edge", "network"]
    assert tagging.get_tag_keys()["TagKeys"] == ["Layer", "Project"]


def test_results_come_in_pages_that_do_not_move(tagging: Any) -> None:
    sns = boto3.client("sns")
    arns = [sns.create_topic(Name=f"t{n}", Tags=PAIRS)["TopicArn"] for n in range(5)]
    first = tagging.get_resources(ResourcesPerPage=2)
    sns.create_topic(Name="later", Tags=PAIRS)
    rest = tagging.get_resources(ResourcesPerPage=100, PaginationToken=first["PaginationToken"])
    found = first["ResourceTagMappingList"] + rest["ResourceTagMappingList"]
    assert [each["ResourceARN"] for each in found] == arns
    assert rest.get("PaginationToken", "") == ""


def test_what_is_untagged_or_gone_is_not_listed(tagging: Any) -> None:
    boto3.client("sns").create_topic(Name="untagged")
    make_ecs()
    ecs = boto3.client("ecs")
    ecs.delete_service(cluster="c", service="s", force=True)
    ecs.delete_cluster(cluster="c")
    assert kinds(tagging.get_resources()["ResourceTagMappingList"]) == {"ecs:task-definition"}


def test_arns_exclude_filters(tagging: Any) -> None:
    arn = boto3.client("sns").create_topic(Name="t", Tags=PAIRS)["TopicArn"]
    boto3.client("sns").create_topic(Name="u", Tags=PAIRS)
    found = tagging.get_resources(ResourceARNList=[arn])["ResourceTagMappingList"]
    assert [each["ResourceARN"] for each in found] == [arn]
    with pytest.raises(ClientError, match="InvalidParameterException"):
        tagging.get_resources(ResourceARNList=[arn], ResourceTypeFilters=["sns"])
