# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Changes behind the inventory's back, made through boto3, each with how a drift must tell of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from ansible_collections.uex.payments.tests.site.account import Connect

NAME = "uex-payments-dev"
BACKUPS = f"{NAME}-backups-123456789012-us-east-1"
APP_LOGS = f"{NAME}-app-logs-123456789012-us-east-1"
SERVICE = f"{NAME}-presentation"
REPOSITORY = f"{NAME}/presentation"
#: A policy statement that lets everybody do something.
OPEN = {"Sid": "Open", "Effect": "Allow", "Principal": "*", "Resource": "*"}


class Drift(NamedTuple):
    """A change, and the kind, name, verb and fields (the beginning of each) by which it is told."""

    make: Callable[[Connect], Any]
    kind: str
    name: str
    fields: tuple[str, ...]
    verb: str = "update"


def named(connect: Connect, operation: str, key: str, name: str) -> dict[str, Any]:
    """One of EC2's resources by its tag Name."""
    by = [{"Name": "tag:Name", "Values": [name]}]
    (found,) = getattr(connect("ec2"), operation)(Filters=by)[key]
    return dict(found)


def group(connect: Connect, name: str) -> dict[str, Any]:
    return named(connect, "describe_security_groups", "SecurityGroups", name)


def rule_removed(connect: Connect) -> None:
    rds = group(connect, f"{NAME}-rds")
    connect("ec2").revoke_security_group_ingress(GroupId=rds["GroupId"], IpPermissions=rds["IpPermissions"][:1])


def rule_added(connect: Connect) -> None:
    ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    connect("ec2").authorize_security_group_ingress(
        GroupId=group(connect, f"{NAME}-ecs")["GroupId"], IpPermissions=[ssh]
    )


def default_group_opened(connect: Connect) -> None:
    vpc = named(connect, "describe_vpcs", "Vpcs", f"{NAME}-vpc")["VpcId"]
    by = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    (default,) = connect("ec2").describe_security_groups(Filters=by)["SecurityGroups"]
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    connect("ec2").authorize_security_group_ingress(GroupId=default["GroupId"], IpPermissions=[everything])


def route_deleted(connect: Connect) -> None:
    table = named(connect, "describe_route_tables", "RouteTables", f"{NAME}-app-a")
    connect("ec2").delete_route(RouteTableId=table["RouteTableId"], DestinationCidrBlock="0.0.0.0/0")


def acl_opened(connect: Connect) -> None:
    acl = named(connect, "describe_network_acls", "NetworkAcls", f"{NAME}-data")["NetworkAclId"]
    entry = {"RuleNumber": 1, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0", "Egress": False}
    connect("ec2").create_network_acl_entry(NetworkAclId=acl, **entry)


def subnet_made_public(connect: Connect) -> None:
    subnet = named(connect, "describe_subnets", "Subnets", f"{NAME}-data-a")["SubnetId"]
    connect("ec2").modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})


def vpc_tag_changed(connect: Connect) -> None:
    vpc = named(connect, "describe_vpcs", "Vpcs", f"{NAME}-vpc")["VpcId"]
    connect("ec2").create_tags(Resources=[vpc], Tags=[{"Key": "Layer", "Value": "elsewhere"}])


def threshold_edited(connect: Connect) -> None:
    client = connect("cloudwatch")
    (alarm,) = client.describe_alarms(AlarmNames=[f"{NAME}-db-cpu"])["MetricAlarms"]
    members = client.meta.service_model.operation_model("PutMetricAlarm").input_shape.members
    kept = {key: value for key, value in alarm.items() if key in members}
    client.put_metric_alarm(**{**kept, "Threshold": 99.0, "AlarmActions": []})


def bucket_opened(connect: Connect) -> None:
    client = connect("s3")
    policy = json.loads(client.get_bucket_policy(Bucket=APP_LOGS)["Policy"])
    arn = f"arn:aws:s3:::{APP_LOGS}/*"
    policy["Statement"] = [*policy["Statement"], {**OPEN, "Action": "s3:GetObject", "Resource": arn}]
    client.delete_public_access_block(Bucket=APP_LOGS)
    client.put_bucket_policy(Bucket=APP_LOGS, Policy=json.dumps(policy))


def bucket_loosened(connect: Connect) -> None:
    client = connect("s3")
    client.put_bucket_versioning(Bucket=BACKUPS, VersioningConfiguration={"Status": "Suspended"})
    client.delete_bucket_lifecycle(Bucket=BACKUPS)


def service_changed(connect: Connect) -> None:
    """Its count belongs to scaling; how it is rolled out does not."""
    connect("ecs").update_service(
        cluster=NAME, service=SERVICE, healthCheckGracePeriodSeconds=7, enableExecuteCommand=True
    )


def scaling_limits_changed(connect: Connect) -> None:
    connect("application-autoscaling").register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId=f"service/{NAME}/{SERVICE}",
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=1,
        MaxCapacity=50,
    )


def scaling_target_changed(connect: Connect) -> None:
    client = connect("application-autoscaling")
    by = {"ServiceNamespace": "ecs", "ResourceId": f"service/{NAME}/{SERVICE}"}
    policies = client.describe_scaling_policies(**by)["ScalingPolicies"]
    (policy,) = [each for each in policies if each["PolicyName"] == f"{SERVICE}-cpu"]
    tracking = {**policy["TargetTrackingScalingPolicyConfiguration"], "TargetValue": 95.0}
    client.put_scaling_policy(
        **by,
        ScalableDimension=policy["ScalableDimension"],
        PolicyName=policy["PolicyName"],
        PolicyType=policy["PolicyType"],
        TargetTrackingScalingPolicyConfiguration=tracking,
    )


def parameter_changed(connect: Connect) -> None:
    (found,) = [
        each["DBParameterGroupName"]
        for each in connect("rds").describe_db_parameter_groups()["DBParameterGroups"]
        if each["DBParameterGroupName"].startswith(f"{NAME}-db-")
    ]
    changed = {"ParameterName": "log_min_duration_statement", "ParameterValue": "1", "ApplyMethod": "immediate"}
    connect("rds").modify_db_parameter_group(DBParameterGroupName=found, Parameters=[changed])


def database_changed(connect: Connect) -> None:
    connect("rds").modify_db_instance(
        DBInstanceIdentifier=f"{NAME}-db", BackupRetentionPeriod=1, PubliclyAccessible=True, ApplyImmediately=True
    )


def cache_changed(connect: Connect) -> None:
    connect("elasticache").modify_replication_group(
        ReplicationGroupId=f"{NAME}-redis", SnapshotRetentionLimit=9, ApplyImmediately=True
    )


def rule_changed(connect: Connect) -> None:
    client = connect("elbv2")
    (balancer,) = client.describe_load_balancers(Names=[f"{NAME}-alb"])["LoadBalancers"]
    listeners = client.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    (secure,) = [each["ListenerArn"] for each in listeners if each["Port"] == 443]
    rules = client.describe_rules(ListenerArn=secure)["Rules"]
    (rule,) = [each["RuleArn"] for each in rules if each["Priority"] == "20"]
    client.modify_rule(RuleArn=rule, Conditions=[{"Field": "path-pattern", "Values": ["/*"]}])


def health_check_changed(connect: Connect) -> None:
    client = connect("elbv2")
    (target,) = client.describe_target_groups(Names=[SERVICE])["TargetGroups"]
    client.modify_target_group(TargetGroupArn=target["TargetGroupArn"], HealthCheckPath="/", HealthyThresholdCount=9)


def balancer_loosened(connect: Connect) -> None:
    client = connect("elbv2")
    (balancer,) = client.describe_load_balancers(Names=[f"{NAME}-alb"])["LoadBalancers"]
    off = [{"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "false"}]
    client.modify_load_balancer_attributes(LoadBalancerArn=balancer["LoadBalancerArn"], Attributes=off)


def repository_changed(connect: Connect) -> None:
    client = connect("ecr")
    client.delete_lifecycle_policy(repositoryName=REPOSITORY)
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "ecr:*"}],
    }
    client.set_repository_policy(repositoryName=REPOSITORY, policyText=json.dumps(policy))
    client.put_image_tag_mutability(repositoryName=REPOSITORY, imageTagMutability="MUTABLE")


def key_opened(connect: Connect) -> None:
    client = connect("kms")
    (key,) = [e["TargetKeyId"] for e in client.list_aliases()["Aliases"] if e["AliasName"] == f"alias/{NAME}-logs"]
    policy = json.loads(client.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    policy["Statement"] = [*policy["Statement"], {**OPEN, "Action": "kms:Decrypt"}]
    client.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(policy))


def secret_opened(connect: Connect) -> None:
    statement = {**OPEN, "Principal": {"AWS": "*"}, "Action": "secretsmanager:GetSecretValue"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    client = connect("secretsmanager")
    client.put_resource_policy(SecretId=f"{NAME}/uex-api", ResourcePolicy=json.dumps(policy))
    client.tag_resource(SecretId=f"{NAME}/uex-api", Tags=[{"Key": "Layer", "Value": "elsewhere"}])


def role_widened(connect: Connect) -> None:
    client, role = connect("iam"), f"{NAME}-execution"
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    client.put_role_policy(RoleName=role, PolicyName="everything", PolicyDocument=json.dumps(policy))


def dashboard_changed(connect: Connect) -> None:
    client = connect("cloudwatch")
    body = json.loads(client.get_dashboard(DashboardName=NAME)["DashboardBody"])
    client.put_dashboard(DashboardName=NAME, DashboardBody=json.dumps({"widgets": body["widgets"][1:]}))


def topic_opened(connect: Connect) -> None:
    client = connect("sns")
    (topic,) = [e["TopicArn"] for e in client.list_topics()["Topics"] if e["TopicArn"].endswith(f":{NAME}-critical")]
    policy = {"Version": "2012-10-17", "Statement": [{**OPEN, "Action": "sns:Publish", "Resource": topic}]}
    client.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(policy))


def query_changed(connect: Connect) -> None:
    client = connect("logs")
    (query,) = client.describe_query_definitions(queryDefinitionNamePrefix=f"{NAME}-errors-by-service")[
        "queryDefinitions"
    ]
    client.put_query_definition(
        name=query["name"],
        queryDefinitionId=query["queryDefinitionId"],
        queryString="fields @message",
        logGroupNames=[],
    )


def cluster_changed(connect: Connect) -> None:
    off = [{"name": "containerInsights", "value": "disabled"}]
    connect("ecs").update_cluster_settings(cluster=NAME, settings=off)


def retention_changed(connect: Connect) -> None:
    connect("logs").delete_retention_policy(logGroupName=f"{NAME}-flow-logs")


def alarm_deleted(connect: Connect) -> None:
    connect("cloudwatch").delete_alarms(AlarmNames=[f"{NAME}-db-memory"])


#: Each change with what a drift says of it.
DRIFTS = (
    Drift(role_widened, "AWS::IAM::Role", f"{NAME}-execution", ("policy_names",)),
    Drift(key_opened, "AWS::KMS::Key", f"alias/{NAME}-logs", ("policy",)),
    Drift(bucket_opened, "AWS::S3::Bucket", APP_LOGS, ("policy", "public_access_block")),
    Drift(bucket_loosened, "AWS::S3::Bucket", BACKUPS, ("lifecycle_rules", "versioning")),
    Drift(acl_opened, "AWS::EC2::NetworkAcl", f"{NAME}-data", ("ingress",)),
    Drift(route_deleted, "AWS::EC2::RouteTable", f"{NAME}-app-a", ("routes",)),
    Drift(rule_added, "AWS::EC2::SecurityGroup", f"{NAME}-ecs", ("ingress",)),
    Drift(rule_removed, "AWS::EC2::SecurityGroup", f"{NAME}-rds", ("ingress",)),
    Drift(subnet_made_public, "AWS::EC2::Subnet", f"{NAME}-data-a", ("map_public_ip_on_launch",)),
    Drift(default_group_opened, "AWS::EC2::VPC", f"{NAME}-vpc", ("security_group_rules",)),
    Drift(vpc_tag_changed, "AWS::EC2::VPC", f"{NAME}-vpc", ("tags.Layer",)),
    Drift(retention_changed, "AWS::Logs::LogGroup", f"{NAME}-flow-logs", ("retention_in_days",)),
    Drift(cache_changed, "AWS::ElastiCache::ReplicationGroup", f"{NAME}-redis", ("snapshot_retention_limit",)),
    Drift(database_changed, "AWS::RDS::DBInstance", f"{NAME}-db", ("backup_retention_period", "publicly_accessible")),
    Drift(
        parameter_changed,
        "AWS::RDS::DBParameterGroup",
        f"{NAME}-db-postgres16",
        ("parameters.log_min_duration_statement",),
    ),
    Drift(secret_opened, "AWS::SecretsManager::Secret", f"{NAME}/uex-api", ("resource_policy", "tags.Layer")),
    Drift(
        repository_changed, "AWS::ECR::Repository", REPOSITORY, ("image_tag_mutability", "lifecycle_policy", "policy")
    ),
    Drift(rule_changed, "AWS::ElasticLoadBalancingV2::ListenerRule", f"{NAME}-client-tier", ("path_patterns",)),
    Drift(
        balancer_loosened, "AWS::ElasticLoadBalancingV2::LoadBalancer", f"{NAME}-alb", ("drop_invalid_header_fields",)
    ),
    Drift(
        health_check_changed,
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        SERVICE,
        ("health_check.healthy_threshold", "health_check.path"),
    ),
    Drift(
        scaling_limits_changed,
        "AWS::ApplicationAutoScaling::ScalableTarget",
        SERVICE,
        ("max_capacity", "min_capacity"),
    ),
    Drift(scaling_target_changed, "AWS::ApplicationAutoScaling::ScalingPolicy", f"{SERVICE}-cpu", ("target_value",)),
    Drift(cluster_changed, "AWS::ECS::Cluster", NAME, ("container_insights",)),
    Drift(
        service_changed,
        "AWS::ECS::Service",
        SERVICE,
        ("enable_execute_command", "health_check_grace_period_seconds"),
    ),
    Drift(threshold_edited, "AWS::CloudWatch::Alarm", f"{NAME}-db-cpu", ("alarm_actions", "threshold")),
    Drift(alarm_deleted, "AWS::CloudWatch::Alarm", f"{NAME}-db-memory", (), "create"),
    Drift(dashboard_changed, "AWS::CloudWatch::Dashboard", NAME, ("body",)),
    Drift(
        query_changed,
        "AWS::Logs::QueryDefinition",
        f"{NAME}-errors-by-service",
        ("log_group_names", "query_string"),
    ),
    Drift(topic_opened, "AWS::SNS::Topic", f"{NAME}-critical", ("policy",)),
)
