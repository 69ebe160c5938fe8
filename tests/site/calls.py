# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What recorded calls did to which resource, as kind, name and verb: the third witness beside plan and apply; pure.

C(OPERATIONS) knows every operation that changes something; one that it doesn't know is an error, so that no kind slips
through. What belongs to the making of a resource, such as its tags, is part of its creation.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ansible_collections.uex.payments.tests.site.account import OWN

Resource = tuple[str, str]
Action = tuple[str, str, str]
Request = Mapping[str, Any]

#: An update of what wasn't there is a creation: many operations make what is not there and change what is.
CREATE, UPDATE, REPLACE, DELETE = "create", "update", "replace", "delete"
UNNAMED = "(unnamed)"


class Account(NamedTuple):
    """What an account holds: how often each kind and name is there, and whose each id and ARN is."""

    resources: Counter[Resource]
    ids: dict[str, Resource]


class UnknownOperation(Exception):
    """A call that may have changed something and that nobody has said the meaning of."""


class Operation(NamedTuple):
    """What an operation does, and to which resources."""

    verb: str
    resources: Callable[[Request, Mapping[str, Resource]], Iterable[Resource]]


# Whose an ARN is

ARNS: tuple[tuple[str, str], ...] = (
    (r":ecs:.*:service/[^/]+/(.+)", "AWS::ECS::Service"),
    (r":ecs:.*:cluster/(.+)", "AWS::ECS::Cluster"),
    (r":ecs:.*:task-definition/([^:]+)(?::\d+)?", "AWS::ECS::TaskDefinition"),
    (r":rds:.*:db:(.+)", "AWS::RDS::DBInstance"),
    (r":rds:.*:subgrp:(.+)", "AWS::RDS::DBSubnetGroup"),
    (r":rds:.*:pg:(.+)", "AWS::RDS::DBParameterGroup"),
    (r":rds:.*:og:(.+)", "AWS::RDS::OptionGroup"),
    (r":elasticache:.*:replicationgroup:(.+)", "AWS::ElastiCache::ReplicationGroup"),
    (r":elasticache:.*:subnetgroup:(.+)", "AWS::ElastiCache::SubnetGroup"),
    (r":elasticache:.*:parametergroup:(.+)", "AWS::ElastiCache::ParameterGroup"),
    (r":logs:.*:log-group:([^:]+)(?::\*)?", "AWS::Logs::LogGroup"),
    (r":ecr:.*:repository/(.+)", "AWS::ECR::Repository"),
    (r":sns:[^:]*:\d*:([^:]+)", "AWS::SNS::Topic"),
    (r":cloudwatch:.*:alarm:(.+)", "AWS::CloudWatch::Alarm"),
    (r":firehose:.*:deliverystream/(.+)", "AWS::KinesisFirehose::DeliveryStream"),
    (r":chatbot::\d*:chat-configuration/slack-channel/(.+)", "AWS::Chatbot::SlackChannelConfiguration"),
    (
        r":chatbot::\d*:chat-configuration/microsoft-teams-channel/(.+)",
        "AWS::Chatbot::MicrosoftTeamsChannelConfiguration",
    ),
    (r":backup:.*:backup-vault:(.+)", "AWS::Backup::BackupVault"),
    (r":budgets::\d*:budget/(.+)", "AWS::Budgets::Budget"),
    (r":cloudtrail:.*:trail/(.+)", "AWS::CloudTrail::Trail"),
    (r":config:.*:configuration-recorder/([^/]+)/.+", "AWS::Config::ConfigurationRecorder"),
    (r":events:.*:rule/(.+)", "AWS::Events::Rule"),
    (r":iam::\d*:policy/(.+)", "AWS::IAM::ManagedPolicy"),
    (r":lambda:.*:function:(.+)", "AWS::Lambda::Function"),
    (r":wafv2:.*:regional/webacl/([^/]+)/.+", "AWS::WAFv2::WebACL"),
    (r":wafv2:.*:regional/ipset/([^/]+)/.+", "AWS::WAFv2::IPSet"),
    (r":secretsmanager:.*:secret:(.+)-\w{6}", "AWS::SecretsManager::Secret"),
    (r":elasticloadbalancing:.*:loadbalancer/app/([^/]+)/\w+", "AWS::ElasticLoadBalancingV2::LoadBalancer"),
    (r":elasticloadbalancing:.*:targetgroup/([^/]+)/\w+", "AWS::ElasticLoadBalancingV2::TargetGroup"),
)


def owner(value: str, ids: Mapping[str, Resource], kind: str = "") -> Resource:
    """Whose an id, an ARN or, with its C(kind), a name is. KeyError where nobody can tell."""
    for each in (value, value.rpartition("/")[2]):
        if each in ids:
            return ids[each]
    matches = ((re.fullmatch(f"arn:aws{pattern}", value), found) for pattern, found in ARNS)
    named = next(((found, match[1]) for match, found in matches if match), None)
    if named is None and kind and not value.startswith("arn:"):
        named = (kind, value)
    if named is None:
        raise KeyError(value)
    return named


# How a request says which resource it means


def by(member: str, kind: str = "") -> Callable[[Request, Mapping[str, Resource]], Iterable[Resource]]:
    """The resources whose name, id or ARN (or a list of them) a member of the request is."""

    def resources(request: Request, ids: Mapping[str, Resource]) -> Iterator[Resource]:
        found = request[member]
        for value in found if isinstance(found, list) else [found]:
            yield owner(str(value), ids, kind)

    return resources


def tagged(kind: str) -> Callable[[Request, Mapping[str, Resource]], Iterable[Resource]]:
    """The resource that a request makes under the name in its tags."""

    def resources(request: Request, _ids: Mapping[str, Resource]) -> Iterator[Resource]:
        given = [*request.get("Tags", ()), *(t for s in request.get("TagSpecifications", ()) for t in s["Tags"])]
        yield kind, next((str(tag["Value"]) for tag in given if tag["Key"] == "Name"), UNNAMED)

    return resources


def both(*members: str) -> Callable[[Request, Mapping[str, Resource]], Iterable[Resource]]:
    """A subnet moves from one table or ACL to another: both change; a main table or default ACL is nobody's."""

    def resources(request: Request, ids: Mapping[str, Resource]) -> Iterator[Resource]:
        for value in (request[member] for member in members):
            if value in ids and ids[value][0] != "AWS::EC2::VPC":
                yield ids[value]

    return resources


def alarms(request: Request, ids: Mapping[str, Resource]) -> Iterator[Resource]:
    """Alarms of both kinds are deleted by name; which of the two one is, its ARN doesn't say either."""
    known = {known_as.partition(":alarm:")[2]: resource for known_as, resource in ids.items() if ":alarm:" in known_as}
    for name in request["AlarmNames"]:
        yield known.get(name, ("AWS::CloudWatch::Alarm", name))


def nothing(_request: Request, _ids: Mapping[str, Resource]) -> Iterable[Resource]:
    """A part of the making of something that another call names."""
    return ()


def scaled(request: Request, _ids: Mapping[str, Resource]) -> Iterable[Resource]:
    yield "AWS::ApplicationAutoScaling::ScalableTarget", str(request["ResourceId"]).rpartition("/")[2]


def family(request: Request, _ids: Mapping[str, Resource]) -> Iterable[Resource]:
    yield "AWS::ECS::TaskDefinition", str(request.get("family") or owner(str(request["taskDefinition"]), {})[1])


def moved_rules(request: Request, ids: Mapping[str, Resource]) -> Iterable[Resource]:
    return [owner(each["RuleArn"], ids) for each in request["RulePriorities"]]


def scanned(request: Request, _ids: Mapping[str, Resource]) -> Iterable[Resource]:
    """All whose repositories a registry's document names, as it is written as a whole."""
    filters = [each["filter"] for rule in request.get("rules") or [] for each in rule["repositoryFilters"]]
    return [("AWS::ECR::RegistryScanningConfiguration", str(each).removesuffix("*")) for each in filters]


def replicated(request: Request, _ids: Mapping[str, Resource]) -> Iterable[Resource]:
    rules = request["replicationConfiguration"]["rules"]
    filters = [each["filter"] for rule in rules for each in rule["repositoryFilters"]]
    return [("AWS::ECR::ReplicationConfiguration", str(each)) for each in filters]


def certificate(request: Request, ids: Mapping[str, Resource]) -> Iterable[Resource]:
    """An import is of an existing certificate where it names one."""
    again = request.get("CertificateArn")
    return [owner(again, ids)] if again else tagged("AWS::CertificateManager::Certificate")(request, ids)


def backup_plan(request: Request, _ids: Mapping[str, Resource]) -> Iterator[Resource]:
    yield "AWS::Backup::BackupPlan", str(request["BackupPlan"]["BackupPlanName"])


def subscription(request: Request, _ids: Mapping[str, Resource]) -> Iterable[Resource]:
    topic = str(request["TopicArn"]).rpartition(":")[2]
    yield "AWS::SNS::Subscription", f"{topic} {request['Protocol']} {request['Endpoint']}"


def budget(request: Request, _ids: Mapping[str, Resource]) -> Iterable[Resource]:
    yield "AWS::Budgets::Budget", str((request.get("Budget") or request["NewBudget"])["BudgetName"])


def hub(request: Request, _ids: Mapping[str, Resource]) -> Iterable[Resource]:
    """A region has one, whose name is in its tags."""
    yield "AWS::SecurityHub::Hub", str(request["Tags"]["Name"])


def detector(request: Request, _ids: Mapping[str, Resource]) -> Iterable[Resource]:
    yield "AWS::GuardDuty::Detector", str(request["Tags"]["Name"])


def recorder(request: Request, _ids: Mapping[str, Resource]) -> Iterable[Resource]:
    """A delivery channel is its recorder's, and has its name."""
    given = request.get("ConfigurationRecorder") or request.get("DeliveryChannel") or {}
    name = given.get("name") or request.get("ConfigurationRecorderName") or request["DeliveryChannelName"]
    yield "AWS::Config::ConfigurationRecorder", str(name)


def anomalies(request: Request, _ids: Mapping[str, Resource]) -> Iterable[Resource]:
    for kind, name in (("Monitor", "MonitorName"), ("Subscription", "SubscriptionName")):
        if f"Anomaly{kind}" in request:
            yield f"AWS::CE::Anomaly{kind}", str(request[f"Anomaly{kind}"][name])


def activated(request: Request, _ids: Mapping[str, Resource]) -> Iterable[Resource]:
    return [("AWS::CE::CostAllocationTag", str(each["TagKey"])) for each in request["CostAllocationTagsStatus"]]


def logged(request: Request, ids: Mapping[str, Resource]) -> Iterable[Resource]:
    """The web ACL whose log it is."""
    return [owner(request["LoggingConfiguration"]["ResourceArn"], ids)]


def passwords(_request: Request, _ids: Mapping[str, Resource]) -> Iterable[Resource]:
    """An account has one policy for them, and no request says which account's."""
    yield "AWS::IAM::AccountPasswordPolicy", OWN


def records(request: Request, ids: Mapping[str, Resource]) -> Iterable[Resource]:
    for change in request["ChangeBatch"]["Changes"]:
        entry = change["ResourceRecordSet"]
        yield owner(f"{entry['Name'].rstrip('.')} {entry['Type']}", ids, "AWS::Route53::RecordSet")


# What each operation does. A group of rows: service, how its requests name resources, then operations by verb.

_EC2 = "AWS::EC2::"
_ELB = "AWS::ElasticLoadBalancingV2::"
_SCALING = "AWS::ApplicationAutoScaling::"
_BUCKET = (
    "Encryption LifecycleConfiguration Logging NotificationConfiguration OwnershipControls Policy Tagging Versioning "
    "IntelligentTieringConfiguration"
)
ROWS: tuple[tuple[str, Any, dict[str, str]], ...] = (
    (
        "iam",
        by("RoleName", "AWS::IAM::Role"),
        {
            CREATE: "CreateRole",
            UPDATE: "UpdateAssumeRolePolicy UpdateRole TagRole UntagRole PutRolePermissionsBoundary "
            "DeleteRolePermissionsBoundary PutRolePolicy DeleteRolePolicy AttachRolePolicy DetachRolePolicy",
            DELETE: "DeleteRole",
        },
    ),
    (
        "iam",
        by("InstanceProfileName", "AWS::IAM::Role"),
        {
            UPDATE: "CreateInstanceProfile TagInstanceProfile AddRoleToInstanceProfile RemoveRoleFromInstanceProfile "
            "DeleteInstanceProfile"
        },
    ),
    (
        "iam",
        by("GroupName", "AWS::IAM::Group"),
        {
            CREATE: "CreateGroup",
            UPDATE: "UpdateGroup PutGroupPolicy DeleteGroupPolicy AttachGroupPolicy DetachGroupPolicy "
            "RemoveUserFromGroup",
            DELETE: "DeleteGroup",
        },
    ),
    ("iam", by("PolicyName", "AWS::IAM::ManagedPolicy"), {CREATE: "CreatePolicy"}),
    (
        "iam",
        by("PolicyArn"),
        {UPDATE: "CreatePolicyVersion DeletePolicyVersion TagPolicy DetachUserPolicy", DELETE: "DeletePolicy"},
    ),
    ("iam", nothing, {UPDATE: "CreateServiceLinkedRole"}),
    ("iam", passwords, {UPDATE: "UpdateAccountPasswordPolicy"}),
    ("kms", by("AliasName", "AWS::KMS::Key"), {CREATE: "CreateAlias", DELETE: "DeleteAlias"}),
    (
        "kms",
        by("KeyId"),
        {
            UPDATE: "EnableKeyRotation DisableKeyRotation PutKeyPolicy UpdateKeyDescription TagResource UntagResource "
            "EnableKey DisableKey CancelKeyDeletion",
            DELETE: "ScheduleKeyDeletion",
        },
    ),
    (
        "s3",
        by("Bucket", "AWS::S3::Bucket"),
        {
            CREATE: "CreateBucket",
            UPDATE: " ".join(f"{verb}Bucket{part}" for part in _BUCKET.split() for verb in ("Put", "Delete"))
            + " DeleteBucketLifecycle PutPublicAccessBlock DeletePublicAccessBlock PutObjectLockConfiguration"
            " PutObject DeleteObject DeleteObjects AbortMultipartUpload",
            DELETE: "DeleteBucket",
        },
    ),
    ("ec2", by("VpcId"), {UPDATE: "ModifyVpcAttribute", DELETE: "DeleteVpc"}),
    ("ec2", by("Resources"), {UPDATE: "CreateTags DeleteTags"}),
    ("ec2", by("SubnetId"), {UPDATE: "ModifySubnetAttribute", DELETE: "DeleteSubnet"}),
    (
        "ec2",
        by("InternetGatewayId"),
        {UPDATE: "AttachInternetGateway DetachInternetGateway", DELETE: "DeleteInternetGateway"},
    ),
    ("ec2", by("NatGatewayId"), {DELETE: "DeleteNatGateway"}),
    ("ec2", by("AllocationId"), {DELETE: "ReleaseAddress"}),
    (
        "ec2",
        by("RouteTableId"),
        {UPDATE: "AssociateRouteTable CreateRoute ReplaceRoute DeleteRoute", DELETE: "DeleteRouteTable"},
    ),
    ("ec2", both("AssociationId"), {UPDATE: "DisassociateRouteTable"}),
    ("ec2", both("AssociationId", "RouteTableId"), {UPDATE: "ReplaceRouteTableAssociation"}),
    ("ec2", both("AssociationId", "NetworkAclId"), {UPDATE: "ReplaceNetworkAclAssociation"}),
    (
        "ec2",
        by("NetworkAclId"),
        {UPDATE: "CreateNetworkAclEntry ReplaceNetworkAclEntry DeleteNetworkAclEntry", DELETE: "DeleteNetworkAcl"},
    ),
    (
        "ec2",
        by("GroupId"),
        {
            UPDATE: " ".join(
                f"{verb}SecurityGroup{what}"
                for what in ("Ingress", "Egress")
                for verb in ("Authorize", "Revoke", "UpdateRuleDescriptions")
            ).replace("UpdateRuleDescriptionsSecurityGroup", "UpdateSecurityGroupRuleDescriptions"),
            DELETE: "DeleteSecurityGroup",
        },
    ),
    ("ec2", by("VpcEndpointId"), {UPDATE: "ModifyVpcEndpoint"}),
    ("ec2", by("VpcEndpointIds"), {DELETE: "DeleteVpcEndpoints"}),
    ("ec2", by("FlowLogIds"), {DELETE: "DeleteFlowLogs"}),
    *(
        ("ec2", tagged(_EC2 + kind), {CREATE: operation})
        for kind, operation in (
            ("VPC", "CreateVpc"),
            ("Subnet", "CreateSubnet"),
            ("InternetGateway", "CreateInternetGateway"),
            ("NatGateway", "AllocateAddress"),
            ("NatGateway", "CreateNatGateway"),
            ("RouteTable", "CreateRouteTable"),
            ("NetworkAcl", "CreateNetworkAcl"),
            ("SecurityGroup", "CreateSecurityGroup"),
            ("VPCEndpoint", "CreateVpcEndpoint"),
            ("FlowLog", "CreateFlowLogs"),
        )
    ),
    (
        "logs",
        by("logGroupName", "AWS::Logs::LogGroup"),
        {
            CREATE: "CreateLogGroup",
            UPDATE: "PutRetentionPolicy DeleteRetentionPolicy AssociateKmsKey DisassociateKmsKey",
            DELETE: "DeleteLogGroup",
        },
    ),
    ("logs", by("resourceArn"), {UPDATE: "TagResource UntagResource"}),
    ("logs", by("name", "AWS::Logs::QueryDefinition"), {UPDATE: "PutQueryDefinition"}),
    (
        "logs",
        by("filterName", "AWS::Logs::MetricFilter"),
        {UPDATE: "PutMetricFilter", DELETE: "DeleteMetricFilter"},
    ),
    (
        "logs",
        by("filterName", "AWS::Logs::SubscriptionFilter"),
        {UPDATE: "PutSubscriptionFilter", DELETE: "DeleteSubscriptionFilter"},
    ),
    ("logs", by("queryDefinitionId"), {DELETE: "DeleteQueryDefinition"}),
    (
        "lambda",
        by("FunctionName", "AWS::Lambda::Function"),
        {
            CREATE: "CreateFunction",
            UPDATE: "UpdateFunctionCode UpdateFunctionConfiguration AddPermission RemovePermission",
            DELETE: "DeleteFunction",
        },
    ),
    ("lambda", by("Resource"), {UPDATE: "TagResource UntagResource"}),
    ("secretsmanager", by("Name", "AWS::SecretsManager::Secret"), {CREATE: "CreateSecret"}),
    (
        "secretsmanager",
        by("SecretId", "AWS::SecretsManager::Secret"),
        {
            CREATE: "RestoreSecret",
            UPDATE: "UpdateSecret PutSecretValue TagResource UntagResource PutResourcePolicy DeleteResourcePolicy "
            "RotateSecret CancelRotateSecret ReplicateSecretToRegions RemoveRegionsFromReplication",
            DELETE: "DeleteSecret",
        },
    ),
    (
        "rds",
        by("DBInstanceIdentifier", "AWS::RDS::DBInstance"),
        {
            CREATE: "CreateDBInstance CreateDBInstanceReadReplica RestoreDBInstanceFromDBSnapshot",
            UPDATE: "ModifyDBInstance RebootDBInstance",
            DELETE: "DeleteDBInstance",
        },
    ),
    (
        "rds",
        by("DBSubnetGroupName", "AWS::RDS::DBSubnetGroup"),
        {CREATE: "CreateDBSubnetGroup", UPDATE: "ModifyDBSubnetGroup", DELETE: "DeleteDBSubnetGroup"},
    ),
    (
        "rds",
        by("DBParameterGroupName", "AWS::RDS::DBParameterGroup"),
        {
            CREATE: "CreateDBParameterGroup",
            UPDATE: "ModifyDBParameterGroup ResetDBParameterGroup",
            DELETE: "DeleteDBParameterGroup",
        },
    ),
    (
        "rds",
        by("OptionGroupName", "AWS::RDS::OptionGroup"),
        {CREATE: "CreateOptionGroup", DELETE: "DeleteOptionGroup"},
    ),
    ("rds", by("ResourceName"), {UPDATE: "AddTagsToResource RemoveTagsFromResource"}),
    ("rds", nothing, {UPDATE: "CopyDBSnapshot DeleteDBSnapshot"}),  # they carry a replacement's data
    (
        "elasticache",
        by("ReplicationGroupId", "AWS::ElastiCache::ReplicationGroup"),
        {
            CREATE: "CreateReplicationGroup",
            UPDATE: "ModifyReplicationGroup ModifyReplicationGroupShardConfiguration IncreaseReplicaCount "
            "DecreaseReplicaCount",
            DELETE: "DeleteReplicationGroup",
        },
    ),
    (
        "elasticache",
        by("CacheSubnetGroupName", "AWS::ElastiCache::SubnetGroup"),
        {CREATE: "CreateCacheSubnetGroup", UPDATE: "ModifyCacheSubnetGroup", DELETE: "DeleteCacheSubnetGroup"},
    ),
    (
        "elasticache",
        by("CacheParameterGroupName", "AWS::ElastiCache::ParameterGroup"),
        {
            CREATE: "CreateCacheParameterGroup",
            UPDATE: "ModifyCacheParameterGroup ResetCacheParameterGroup",
            DELETE: "DeleteCacheParameterGroup",
        },
    ),
    ("elasticache", by("ResourceName"), {UPDATE: "AddTagsToResource RemoveTagsFromResource"}),
    ("elasticache", nothing, {UPDATE: "DeleteSnapshot"}),
    (
        "ecr",
        by("repositoryName", "AWS::ECR::Repository"),
        {
            CREATE: "CreateRepository",
            UPDATE: "PutLifecyclePolicy DeleteLifecyclePolicy SetRepositoryPolicy DeleteRepositoryPolicy "
            "PutImageTagMutability PutImageScanningConfiguration",
            DELETE: "DeleteRepository",
        },
    ),
    (
        "ecr",
        by("ecrRepositoryPrefix", "AWS::ECR::PullThroughCacheRule"),
        {
            CREATE: "CreatePullThroughCacheRule",
            UPDATE: "UpdatePullThroughCacheRule",
            DELETE: "DeletePullThroughCacheRule",
        },
    ),
    ("ecr", scanned, {UPDATE: "PutRegistryScanningConfiguration"}),
    ("ecr", replicated, {UPDATE: "PutReplicationConfiguration"}),
    ("ecr", by("resourceArn"), {UPDATE: "TagResource UntagResource"}),
    ("acm", certificate, {UPDATE: "ImportCertificate"}),
    ("acm", tagged("AWS::CertificateManager::Certificate"), {CREATE: "RequestCertificate"}),
    (
        "acm",
        by("CertificateArn"),
        {UPDATE: "AddTagsToCertificate RemoveTagsFromCertificate", DELETE: "DeleteCertificate"},
    ),
    ("elbv2", by("Name", f"{_ELB}LoadBalancer"), {CREATE: "CreateLoadBalancer"}),
    (
        "elbv2",
        by("LoadBalancerArn"),
        {UPDATE: "ModifyLoadBalancerAttributes SetSubnets SetSecurityGroups", DELETE: "DeleteLoadBalancer"},
    ),
    ("elbv2", by("Name", f"{_ELB}TargetGroup"), {CREATE: "CreateTargetGroup"}),
    (
        "elbv2",
        by("TargetGroupArn"),
        {UPDATE: "ModifyTargetGroup ModifyTargetGroupAttributes", DELETE: "DeleteTargetGroup"},
    ),
    ("elbv2", tagged(f"{_ELB}Listener"), {CREATE: "CreateListener"}),
    ("elbv2", by("ListenerArn"), {UPDATE: "ModifyListener", DELETE: "DeleteListener"}),
    ("elbv2", tagged(f"{_ELB}ListenerRule"), {CREATE: "CreateRule"}),
    ("elbv2", by("RuleArn"), {UPDATE: "ModifyRule", DELETE: "DeleteRule"}),
    ("elbv2", moved_rules, {UPDATE: "SetRulePriorities"}),
    ("elbv2", by("ResourceArns"), {UPDATE: "AddTags RemoveTags"}),
    ("route53", by("Name", "AWS::Route53::HostedZone"), {CREATE: "CreateHostedZone"}),
    ("route53", by("Id"), {UPDATE: "UpdateHostedZoneComment", DELETE: "DeleteHostedZone"}),
    ("route53", records, {UPDATE: "ChangeResourceRecordSets"}),
    ("route53", by("HealthCheckId"), {UPDATE: "UpdateHealthCheck", DELETE: "DeleteHealthCheck"}),
    ("route53", by("ResourceId"), {UPDATE: "ChangeTagsForResource"}),
    (
        "wafv2",
        by("Name", "AWS::WAFv2::WebACL"),
        {CREATE: "CreateWebACL", UPDATE: "UpdateWebACL", DELETE: "DeleteWebACL"},
    ),
    ("wafv2", by("WebACLArn"), {UPDATE: "AssociateWebACL"}),
    ("wafv2", nothing, {UPDATE: "DisassociateWebACL"}),
    ("wafv2", logged, {UPDATE: "PutLoggingConfiguration"}),
    ("wafv2", by("ResourceArn"), {UPDATE: "DeleteLoggingConfiguration"}),
    ("wafv2", by("ResourceARN"), {UPDATE: "TagResource UntagResource"}),
    (
        "wafv2",
        by("Name", "AWS::WAFv2::IPSet"),
        {CREATE: "CreateIPSet", UPDATE: "UpdateIPSet", DELETE: "DeleteIPSet"},
    ),
    (
        "backup",
        by("BackupVaultName", "AWS::Backup::BackupVault"),
        {
            CREATE: "CreateBackupVault",
            UPDATE: "PutBackupVaultAccessPolicy DeleteBackupVaultAccessPolicy "
            "PutBackupVaultLockConfiguration DeleteBackupVaultLockConfiguration",
            DELETE: "DeleteBackupVault",
        },
    ),
    ("backup", backup_plan, {CREATE: "CreateBackupPlan"}),
    (
        "backup",
        by("BackupPlanId"),
        {UPDATE: "UpdateBackupPlan CreateBackupSelection DeleteBackupSelection", DELETE: "DeleteBackupPlan"},
    ),
    ("backup", by("ResourceArn"), {UPDATE: "TagResource UntagResource"}),
    ("budgets", budget, {CREATE: "CreateBudget", UPDATE: "UpdateBudget"}),
    (
        "budgets",
        by("BudgetName", "AWS::Budgets::Budget"),
        {UPDATE: "CreateNotification DeleteNotification", DELETE: "DeleteBudget"},
    ),
    ("budgets", by("ResourceARN"), {UPDATE: "TagResource UntagResource"}),
    (
        "firehose",
        by("DeliveryStreamName", "AWS::KinesisFirehose::DeliveryStream"),
        {
            CREATE: "CreateDeliveryStream",
            UPDATE: "UpdateDestination StartDeliveryStreamEncryption TagDeliveryStream",
            DELETE: "DeleteDeliveryStream",
        },
    ),
    *(
        row
        for application in ("Slack", "MicrosoftTeams")
        for row in (
            (
                "chatbot",
                by("ConfigurationName", f"AWS::Chatbot::{application}ChannelConfiguration"),
                {CREATE: f"Create{application}ChannelConfiguration"},
            ),
            (
                "chatbot",
                by("ChatConfigurationArn"),
                {
                    UPDATE: f"Update{application}ChannelConfiguration",
                    DELETE: f"Delete{application}ChannelConfiguration",
                },
            ),
        )
    ),
    ("chatbot", by("ResourceARN"), {UPDATE: "TagResource UntagResource"}),
    (
        "cloudtrail",
        by("Name", "AWS::CloudTrail::Trail"),
        {CREATE: "CreateTrail", UPDATE: "UpdateTrail StartLogging", DELETE: "DeleteTrail"},
    ),
    ("cloudtrail", by("TrailName", "AWS::CloudTrail::Trail"), {UPDATE: "PutEventSelectors"}),
    ("cloudtrail", by("ResourceId"), {UPDATE: "AddTags"}),
    ("guardduty", detector, {CREATE: "CreateDetector"}),
    ("guardduty", by("DetectorId"), {UPDATE: "UpdateDetector", DELETE: "DeleteDetector"}),
    ("guardduty", by("ResourceArn"), {UPDATE: "TagResource"}),
    (
        "config",
        recorder,
        {
            UPDATE: "PutConfigurationRecorder PutDeliveryChannel StartConfigurationRecorder StopConfigurationRecorder "
            "DeleteDeliveryChannel",
            DELETE: "DeleteConfigurationRecorder",
        },
    ),
    ("config", by("ResourceArn"), {UPDATE: "TagResource"}),
    ("securityhub", hub, {CREATE: "EnableSecurityHub"}),
    ("securityhub", nothing, {UPDATE: "BatchEnableStandards BatchDisableStandards UpdateSecurityHubConfiguration"}),
    ("securityhub", by("ResourceArn"), {UPDATE: "TagResource"}),
    ("ce", anomalies, {CREATE: "CreateAnomalyMonitor CreateAnomalySubscription"}),
    ("ce", by("MonitorArn"), {DELETE: "DeleteAnomalyMonitor"}),
    ("ce", by("SubscriptionArn"), {UPDATE: "UpdateAnomalySubscription", DELETE: "DeleteAnomalySubscription"}),
    ("ce", activated, {UPDATE: "UpdateCostAllocationTagsStatus"}),
    ("ce", by("ResourceArn"), {UPDATE: "TagResource"}),
    ("events", by("Name", "AWS::Events::Rule"), {UPDATE: "PutRule", DELETE: "DeleteRule"}),
    ("events", by("Rule", "AWS::Events::Rule"), {UPDATE: "PutTargets RemoveTargets"}),
    ("events", by("ResourceARN"), {UPDATE: "TagResource UntagResource"}),
    ("ecs", by("clusterName", "AWS::ECS::Cluster"), {CREATE: "CreateCluster"}),
    (
        "ecs",
        by("cluster", "AWS::ECS::Cluster"),
        {UPDATE: "UpdateCluster UpdateClusterSettings PutClusterCapacityProviders", DELETE: "DeleteCluster"},
    ),
    ("ecs", by("serviceName", "AWS::ECS::Service"), {CREATE: "CreateService"}),
    ("ecs", by("service", "AWS::ECS::Service"), {UPDATE: "UpdateService", DELETE: "DeleteService"}),
    ("ecs", family, {UPDATE: "RegisterTaskDefinition", DELETE: "DeregisterTaskDefinition"}),
    ("ecs", by("resourceArn"), {UPDATE: "TagResource UntagResource"}),
    ("servicediscovery", by("Name", "AWS::ServiceDiscovery::HttpNamespace"), {CREATE: "CreateHttpNamespace"}),
    ("servicediscovery", by("Id"), {UPDATE: "UpdateHttpNamespace", DELETE: "DeleteNamespace"}),
    ("servicediscovery", by("ResourceARN"), {UPDATE: "TagResource UntagResource"}),
    ("application-autoscaling", scaled, {UPDATE: "RegisterScalableTarget", DELETE: "DeregisterScalableTarget"}),
    ("application-autoscaling", by("ResourceARN"), {UPDATE: "TagResource UntagResource"}),
    (
        "application-autoscaling",
        by("PolicyName", f"{_SCALING}ScalingPolicy"),
        {UPDATE: "PutScalingPolicy", DELETE: "DeleteScalingPolicy"},
    ),
    (
        "application-autoscaling",
        by("ScheduledActionName", f"{_SCALING}ScheduledAction"),
        {UPDATE: "PutScheduledAction", DELETE: "DeleteScheduledAction"},
    ),
    ("sns", by("Name", "AWS::SNS::Topic"), {CREATE: "CreateTopic"}),
    ("sns", by("TopicArn"), {UPDATE: "SetTopicAttributes", DELETE: "DeleteTopic"}),
    ("sns", by("ResourceArn"), {UPDATE: "TagResource UntagResource"}),
    ("sns", subscription, {CREATE: "Subscribe"}),
    ("sns", by("SubscriptionArn"), {UPDATE: "SetSubscriptionAttributes", DELETE: "Unsubscribe"}),
    (
        "cloudwatch",
        by("AlarmName", "AWS::CloudWatch::Alarm"),
        {UPDATE: "PutMetricAlarm"},
    ),
    ("cloudwatch", by("AlarmName", "AWS::CloudWatch::CompositeAlarm"), {UPDATE: "PutCompositeAlarm"}),
    ("cloudwatch", alarms, {DELETE: "DeleteAlarms"}),
    ("cloudwatch", by("ResourceARN"), {UPDATE: "TagResource UntagResource"}),
    ("cloudwatch", by("DashboardName", "AWS::CloudWatch::Dashboard"), {UPDATE: "PutDashboard"}),
    ("cloudwatch", by("DashboardNames", "AWS::CloudWatch::Dashboard"), {DELETE: "DeleteDashboards"}),
)
OPERATIONS: dict[tuple[str, str], Operation] = {
    (service, operation): Operation(verb, how)
    for service, how, verbs in ROWS
    for verb, operations in verbs.items()
    for operation in operations.split()
}
#: Made before they have the name that a later call gives them.
NAMED_LATER = {("kms", "CreateKey"): "AWS::KMS::Key", ("route53", "CreateHealthCheck"): "AWS::Route53::HealthCheck"}
OPERATIONS |= {key: Operation(CREATE, nothing) for key in NAMED_LATER}

#: The life cycle's own: the lock, the state, the deployer's role.
BOOKKEEPING = (
    ("TableName", "uex-payments-locks"),
    ("Bucket", "uex-payments-state-"),
    ("RoleName", "uex-payments-deploy"),
    ("PolicyName", "uex-payments-deploy"),
)


def is_bookkeeping(request: Request) -> bool:
    """Whether a call was one of those that runs make about themselves."""
    return any(str(request.get(member, "")).startswith(name) for member, name in BOOKKEEPING)


def counts(call: Mapping[str, Any]) -> bool:
    """Whether a recorded call changed the estate."""
    return bool(call["mutating"]) and int(call["status"]) < 300 and not is_bookkeeping(call["request"])


def changes(calls: Iterable[Mapping[str, Any]], before: Account, after: Account) -> set[Action]:
    """What calls did between two views of the account. UnknownOperation, KeyError for an id that nobody knows."""
    counted = [call for call in calls if counts(call)]
    done: dict[Resource, set[str]] = {}
    for call in counted:
        operation = _operation(call)
        for resource in operation.resources(call["request"], {**after.ids, **before.ids}):
            done.setdefault(resource, set()).add(operation.verb)
    actions = {(*resource, _together(resource, verbs, before, after)) for resource, verbs in done.items()}
    return actions | set(_nameless(counted, actions))


def _operation(call: Mapping[str, Any]) -> Operation:
    key = call["service"], call["operation"]
    if key not in OPERATIONS:
        raise UnknownOperation(f"{key[0]}:{key[1]} is not in OPERATIONS of {__name__}: {call['request']}")
    return OPERATIONS[key]


def _together(resource: Resource, verbs: set[str], before: Account, after: Account) -> str:
    """One verb for all that was done to a resource."""
    was, remains = before.resources[resource], after.resources[resource]
    if DELETE in verbs and (CREATE in verbs or remains):
        return REPLACE
    if CREATE in verbs or not was:
        return CREATE
    return UPDATE if remains else DELETE


def _nameless(calls: Iterable[Mapping[str, Any]], actions: Iterable[Action]) -> Iterator[Action]:
    """What was made and got no name: more were made than bear one."""
    made = Counter(NAMED_LATER.get((call["service"], call["operation"])) for call in calls)
    named = Counter(kind for kind, _name, verb in actions if verb in (CREATE, REPLACE))
    return ((kind, UNNAMED, CREATE) for kind in NAMED_LATER.values() if made[kind] > named[kind])
