# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is ours and in no inventory, and what bears our names and isn't ours any more; made through boto3."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible_collections.uex.payments.tests.site.account import Connect
from ansible_collections.uex.payments.tests.site.drifts import NAME, named

OWNER = {"Project": "uex-payments", "Environment": "dev", "ManagedBy": "uex.payments"}
STRAY = f"{NAME}-stray"
OWNER_KEYS = sorted(OWNER)

#: What pruning deletes, by kind and name; the group and the saved query have no tags.
PRUNED = {
    ("AWS::CloudWatch::Alarm", STRAY): "monitoring",
    ("AWS::EC2::SecurityGroup", STRAY): "network",
    ("AWS::IAM::Group", STRAY): None,
    ("AWS::IAM::ManagedPolicy", STRAY): "foundation",
    ("AWS::IAM::Role", STRAY): "foundation",
    ("AWS::Logs::LogGroup", STRAY): "compute",
    ("AWS::Logs::QueryDefinition", STRAY): None,
    ("AWS::S3::Bucket", STRAY): "foundation",
    ("AWS::SecretsManager::Secret", f"{NAME}/stray"): "data",
}
#: What it leaves, with the beginning of the reason.
LEFT = {
    ("AWS::EC2::Instance", STRAY): "no module handles this kind",
    ("AWS::EC2::Volume", STRAY): "no module handles this kind",
    ("AWS::EC2::VPC", STRAY): "an environment has what its inventory names",
    ("AWS::Logs::LogGroup", f"{STRAY}-elsewhere"): "its tag Layer=elsewhere is no layer",
    ("AWS::Logs::LogGroup", f"{STRAY}-nowhere"): "it has no tag Layer",
}
#: What bears our names and has lost our tags, by kind and name.
STRANGERS = {
    ("AWS::CloudWatch::Alarm", f"{NAME}-db-connections"),
    ("AWS::EC2::InternetGateway", f"{NAME}-igw"),
    ("AWS::EC2::Subnet", f"{NAME}-app-b"),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", f"{NAME}-client-tier"),
    ("AWS::IAM::Role", f"{NAME}-task-presentation"),
    ("AWS::KMS::Key", f"alias/{NAME}-data"),
    ("AWS::SNS::Topic", f"{NAME}-info"),
}


def pairs(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    return [{key: name, value: text} for name, text in tags.items()]


def of(layer: str) -> list[dict[str, str]]:
    return pairs({**OWNER, "Layer": layer})


def make(connect: Connect) -> None:
    """All strays."""
    _without_servers(connect)
    _on_ec2(connect)
    logs = connect("logs")
    logs.create_log_group(logGroupName=STRAY, tags={**OWNER, "Layer": "compute"})
    logs.create_log_group(logGroupName=f"{STRAY}-elsewhere", tags={**OWNER, "Layer": "elsewhere"})
    logs.create_log_group(logGroupName=f"{STRAY}-nowhere", tags=OWNER)
    logs.put_query_definition(name=STRAY, queryString="fields @message")


def _without_servers(connect: Connect) -> None:
    connect("s3").create_bucket(Bucket=STRAY)
    connect("s3").put_bucket_tagging(Bucket=STRAY, Tagging={"TagSet": of("foundation")})
    connect("secretsmanager").create_secret(Name=f"{NAME}/stray", SecretString="x", Tags=of("data"))
    trust = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    connect("iam").create_group(GroupName=STRAY, Path="/uex-payments/dev/")
    nothing = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [nothing]})
    connect("iam").create_policy(PolicyName=STRAY, PolicyDocument=document, Tags=of("foundation"))
    connect("iam").create_role(RoleName=STRAY, AssumeRolePolicyDocument=policy, Tags=of("foundation"))
    connect("cloudwatch").put_metric_alarm(
        AlarmName=STRAY,
        MetricName="CPUUtilization",
        Namespace="AWS/ECS",
        Statistic="Average",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanThreshold",
        Tags=of("monitoring"),
    )


def _on_ec2(connect: Connect) -> None:
    client = connect("ec2")

    def tagged(resource: str) -> list[dict[str, Any]]:
        return [{"ResourceType": resource, "Tags": [*of("network"), {"Key": "Name", "Value": STRAY}]}]

    vpc = named(connect, "describe_vpcs", "Vpcs", f"{NAME}-vpc")["VpcId"]
    client.create_security_group(
        GroupName=STRAY, Description="Stray", VpcId=vpc, TagSpecifications=tagged("security-group")
    )
    client.create_vpc(CidrBlock="10.99.0.0/16", TagSpecifications=tagged("vpc"))
    client.create_volume(AvailabilityZone="us-east-1a", Size=1, TagSpecifications=tagged("volume"))
    subnet = named(connect, "describe_subnets", "Subnets", f"{NAME}-app-a")["SubnetId"]
    client.run_instances(
        ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SubnetId=subnet, TagSpecifications=tagged("instance")
    )


def remove(connect: Connect) -> None:
    """What pruning leaves, by hand."""
    client, by = connect("ec2"), [{"Name": "tag:Name", "Values": [STRAY]}]
    for reservation in client.describe_instances(Filters=by)["Reservations"]:
        client.terminate_instances(InstanceIds=[each["InstanceId"] for each in reservation["Instances"]])
    for volume in client.describe_volumes(Filters=by)["Volumes"]:
        client.delete_volume(VolumeId=volume["VolumeId"])
    for vpc in client.describe_vpcs(Filters=by)["Vpcs"]:
        client.delete_vpc(VpcId=vpc["VpcId"])
    for end in ("elsewhere", "nowhere"):
        connect("logs").delete_log_group(logGroupName=f"{STRAY}-{end}")


def disown(connect: Connect) -> None:
    """Take our tags off the strangers."""
    ec2 = connect("ec2")
    subnet = named(connect, "describe_subnets", "Subnets", f"{NAME}-app-b")["SubnetId"]
    gateway = named(connect, "describe_internet_gateways", "InternetGateways", f"{NAME}-igw")["InternetGatewayId"]
    ec2.delete_tags(Resources=[subnet, gateway], Tags=[{"Key": key} for key in OWNER_KEYS])
    alarms = connect("cloudwatch").describe_alarms(AlarmNames=[f"{NAME}-db-connections"])["MetricAlarms"]
    connect("cloudwatch").untag_resource(ResourceARN=alarms[0]["AlarmArn"], TagKeys=OWNER_KEYS)
    (group,) = connect("elbv2").describe_target_groups(Names=[f"{NAME}-client-tier"])["TargetGroups"]
    connect("elbv2").remove_tags(ResourceArns=[group["TargetGroupArn"]], TagKeys=OWNER_KEYS)
    connect("iam").untag_role(RoleName=f"{NAME}-task-presentation", TagKeys=OWNER_KEYS)
    aliases = {each["AliasName"]: each.get("TargetKeyId") for each in connect("kms").list_aliases()["Aliases"]}
    connect("kms").untag_resource(KeyId=aliases[f"alias/{NAME}-data"], TagKeys=OWNER_KEYS)
    (topic,) = [
        e["TopicArn"] for e in connect("sns").list_topics()["Topics"] if e["TopicArn"].endswith(f":{NAME}-info")
    ]
    connect("sns").untag_resource(ResourceArn=topic, TagKeys=OWNER_KEYS)
