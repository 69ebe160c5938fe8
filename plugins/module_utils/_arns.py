# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ARNs in their parts, and CloudFormation's type of what they name; pure."""

from __future__ import annotations

import re
from typing import NamedTuple

#: CloudFormation's types by service and type in an ARN: the kinds that roles of this collection make.
MANAGED = {
    "acm:certificate": "AWS::CertificateManager::Certificate",
    "application-autoscaling:scalable-target": "AWS::ApplicationAutoScaling::ScalableTarget",
    "backup:backup-plan": "AWS::Backup::BackupPlan",
    "backup:backup-vault": "AWS::Backup::BackupVault",
    "budgets:budget": "AWS::Budgets::Budget",
    "ce:anomalymonitor": "AWS::CE::AnomalyMonitor",
    "ce:anomalysubscription": "AWS::CE::AnomalySubscription",
    "chatbot:microsoft-teams-channel": "AWS::Chatbot::MicrosoftTeamsChannelConfiguration",
    "chatbot:slack-channel": "AWS::Chatbot::SlackChannelConfiguration",
    "cloudtrail:trail": "AWS::CloudTrail::Trail",
    "cloudwatch:alarm": "AWS::CloudWatch::Alarm",
    "config:configuration-recorder": "AWS::Config::ConfigurationRecorder",
    "ec2:elastic-ip": "AWS::EC2::EIP",
    "ec2:internet-gateway": "AWS::EC2::InternetGateway",
    "ec2:natgateway": "AWS::EC2::NatGateway",
    "ec2:network-acl": "AWS::EC2::NetworkAcl",
    "ec2:route-table": "AWS::EC2::RouteTable",
    "ec2:security-group": "AWS::EC2::SecurityGroup",
    "ec2:subnet": "AWS::EC2::Subnet",
    "ec2:vpc": "AWS::EC2::VPC",
    "ec2:vpc-endpoint": "AWS::EC2::VPCEndpoint",
    "ec2:vpc-flow-log": "AWS::EC2::FlowLog",
    "ecr:repository": "AWS::ECR::Repository",
    "ecs:cluster": "AWS::ECS::Cluster",
    "ecs:service": "AWS::ECS::Service",
    "ecs:task-definition": "AWS::ECS::TaskDefinition",
    "elasticache:parametergroup": "AWS::ElastiCache::ParameterGroup",
    "elasticache:replicationgroup": "AWS::ElastiCache::ReplicationGroup",
    "elasticache:subnetgroup": "AWS::ElastiCache::SubnetGroup",
    "elasticloadbalancing:listener": "AWS::ElasticLoadBalancingV2::Listener",
    "elasticloadbalancing:listener-rule": "AWS::ElasticLoadBalancingV2::ListenerRule",
    "elasticloadbalancing:loadbalancer": "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "elasticloadbalancing:targetgroup": "AWS::ElasticLoadBalancingV2::TargetGroup",
    "events:rule": "AWS::Events::Rule",
    "firehose:deliverystream": "AWS::KinesisFirehose::DeliveryStream",
    "guardduty:detector": "AWS::GuardDuty::Detector",
    "iam:policy": "AWS::IAM::ManagedPolicy",
    "iam:role": "AWS::IAM::Role",
    "kms:key": "AWS::KMS::Key",
    "lambda:function": "AWS::Lambda::Function",
    "logs:log-group": "AWS::Logs::LogGroup",
    "rds:db": "AWS::RDS::DBInstance",
    "rds:og": "AWS::RDS::OptionGroup",
    "rds:pg": "AWS::RDS::DBParameterGroup",
    "rds:subgrp": "AWS::RDS::DBSubnetGroup",
    "route53:healthcheck": "AWS::Route53::HealthCheck",
    "route53:hostedzone": "AWS::Route53::HostedZone",
    "s3:": "AWS::S3::Bucket",
    "secretsmanager:secret": "AWS::SecretsManager::Secret",
    "securityhub:hub": "AWS::SecurityHub::Hub",
    "servicediscovery:namespace": "AWS::ServiceDiscovery::HttpNamespace",
    "sns:": "AWS::SNS::Topic",
    "wafv2:ipset": "AWS::WAFv2::IPSet",
    "wafv2:webacl": "AWS::WAFv2::WebACL",
}
#: What others go by whose words in an ARN are not CloudFormation's.
OTHERS = {
    "ec2:key-pair": "AWS::EC2::KeyPair",
    "elasticache:cluster": "AWS::ElastiCache::CacheCluster",
    "elasticfilesystem:file-system": "AWS::EFS::FileSystem",
    "rds:cluster": "AWS::RDS::DBCluster",
    "sqs:": "AWS::SQS::Queue",
}
_SERVICES = {
    "dynamodb": "DynamoDB",
    "ec2": "EC2",
    "ecr": "ECR",
    "ecs": "ECS",
    "elasticfilesystem": "EFS",
    "iam": "IAM",
    "kms": "KMS",
    "rds": "RDS",
    "wafv2": "WAFv2",
}


class Arn(NamedTuple):
    """A resource's ARN in parts: C(kind) is service and type, such as C(ec2:subnet); C(rest) what comes after."""

    text: str
    service: str
    region: str
    kind: str
    rest: str

    @property
    def identifier(self) -> str:
        """The id, or the last part of a name."""
        return self.rest.rpartition("/")[2]


def parse(text: str) -> Arn:
    """An ARN in its parts; topics, queues and buckets have no type in theirs, WAF's and chat's more before it."""
    _arn, _partition, service, region, _account, resource = text.split(":", 5)
    resource = resource.partition("/")[2] if service in ("chatbot", "wafv2") else resource
    typed = re.match(r"([a-z0-9-]+)[:/](.+)", resource) if service not in ("s3", "sns", "sqs") else None
    return Arn(text, service, region, f"{service}:{typed[1] if typed else ''}", typed[2] if typed else resource)


def kind_of(arn: Arn) -> str:
    """CloudFormation's type, or one made of the ARN's words for what this collection doesn't know."""
    known = MANAGED.get(arn.kind) or OTHERS.get(arn.kind)
    noun = "".join(word.capitalize() for word in re.split(r"[-_]", arn.kind.partition(":")[2])) or "Resource"
    return known or f"AWS::{_SERVICES.get(arn.service, arn.service.capitalize())}::{noun}"
