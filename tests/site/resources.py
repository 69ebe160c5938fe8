# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which resource each id and ARN of an account is, in the kinds and names that plans use; read through boto3 alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.uex.payments.tests.site.account import OWN, Connect, pages, subscription_filters
from ansible_collections.uex.payments.tests.site.calls import Account, Resource

Found = Iterator[tuple[Resource, list[str]]]

#: EC2's kinds: operation, the answer's key, the id's key.
EC2 = (
    ("describe_vpcs", "Vpcs", "VpcId", "VPC"),
    ("describe_subnets", "Subnets", "SubnetId", "Subnet"),
    ("describe_internet_gateways", "InternetGateways", "InternetGatewayId", "InternetGateway"),
    ("describe_nat_gateways", "NatGateways", "NatGatewayId", "NatGateway"),
    ("describe_route_tables", "RouteTables", "RouteTableId", "RouteTable"),
    ("describe_network_acls", "NetworkAcls", "NetworkAclId", "NetworkAcl"),
    ("describe_security_groups", "SecurityGroups", "GroupId", "SecurityGroup"),
    ("describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId", "VPCEndpoint"),
    ("describe_flow_logs", "FlowLogs", "FlowLogId", "FlowLog"),
    ("describe_addresses", "Addresses", "AllocationId", "EIP"),
)
ADDRESS = "AWS::EC2::EIP"
#: Begins the name of what AWS makes with a VPC.
DEFAULT = "default of "
#: Kinds whose name is in the list: service, operation, the answer's key, the name's key, kind, keys of its ids.
NAMED: tuple[tuple[str, str, str, str, str, tuple[str, ...]], ...] = (
    ("iam", "list_roles", "Roles", "RoleName", "AWS::IAM::Role", ()),
    ("iam", "list_groups", "Groups", "GroupName", "AWS::IAM::Group", ()),
    ("s3", "list_buckets", "Buckets", "Name", "AWS::S3::Bucket", ()),
    ("kms", "list_aliases", "Aliases", "AliasName", "AWS::KMS::Key", ("TargetKeyId",)),
    ("logs", "describe_log_groups", "logGroups", "logGroupName", "AWS::Logs::LogGroup", ()),
    (
        "logs",
        "describe_query_definitions",
        "queryDefinitions",
        "name",
        "AWS::Logs::QueryDefinition",
        ("queryDefinitionId",),
    ),
    ("logs", "describe_metric_filters", "metricFilters", "filterName", "AWS::Logs::MetricFilter", ()),
    ("lambda", "list_functions", "Functions", "FunctionName", "AWS::Lambda::Function", ()),
    ("secretsmanager", "list_secrets", "SecretList", "Name", "AWS::SecretsManager::Secret", ()),
    ("rds", "describe_db_instances", "DBInstances", "DBInstanceIdentifier", "AWS::RDS::DBInstance", ()),
    ("rds", "describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupName", "AWS::RDS::DBSubnetGroup", ()),
    (
        "rds",
        "describe_db_parameter_groups",
        "DBParameterGroups",
        "DBParameterGroupName",
        "AWS::RDS::DBParameterGroup",
        (),
    ),
    ("rds", "describe_option_groups", "OptionGroupsList", "OptionGroupName", "AWS::RDS::OptionGroup", ()),
    (
        "elasticache",
        "describe_replication_groups",
        "ReplicationGroups",
        "ReplicationGroupId",
        "AWS::ElastiCache::ReplicationGroup",
        (),
    ),
    (
        "elasticache",
        "describe_cache_subnet_groups",
        "CacheSubnetGroups",
        "CacheSubnetGroupName",
        "AWS::ElastiCache::SubnetGroup",
        (),
    ),
    (
        "elasticache",
        "describe_cache_parameter_groups",
        "CacheParameterGroups",
        "CacheParameterGroupName",
        "AWS::ElastiCache::ParameterGroup",
        (),
    ),
    (
        *("backup", "list_backup_vaults", "BackupVaultList", "BackupVaultName", "AWS::Backup::BackupVault"),
        ("BackupVaultArn",),
    ),
    (
        *("backup", "list_backup_plans", "BackupPlansList", "BackupPlanName", "AWS::Backup::BackupPlan"),
        ("BackupPlanId", "BackupPlanArn"),
    ),
    ("ecr", "describe_repositories", "repositories", "repositoryName", "AWS::ECR::Repository", ()),
    (
        "elbv2",
        "describe_load_balancers",
        "LoadBalancers",
        "LoadBalancerName",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        (),
    ),
    (
        "elbv2",
        "describe_target_groups",
        "TargetGroups",
        "TargetGroupName",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        (),
    ),
    (
        "servicediscovery",
        "list_namespaces",
        "Namespaces",
        "Name",
        "AWS::ServiceDiscovery::HttpNamespace",
        ("Id",),
    ),
    ("events", "list_rules", "Rules", "Name", "AWS::Events::Rule", ()),
    ("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName", "AWS::CloudWatch::Dashboard", ()),
)
SCALING = "AWS::ApplicationAutoScaling::"
ELB = "AWS::ElasticLoadBalancingV2::"


def read(clients: Connect) -> Account:
    """The account as it is now."""
    readers = (
        *(_ec2, _named, _policies, _balancing, _certificates, _ecs, _scaling, _notifications),
        *(_firewall, _alarms, _budgets, _chat, _archive, _guards, _anomalies),
    )
    found = [pair for reader in readers for pair in reader(clients)]
    ids = {each: _part_of(resource) for resource, known_as in found for each in known_as}
    return Account(Counter(resource for resource, _ids in found), ids)


def _part_of(resource: Resource) -> Resource:
    """What plans count a resource to: an address to its gateway, a default group or ACL to its VPC."""
    kind, name = resource
    if kind == ADDRESS:
        return "AWS::EC2::NatGateway", name
    return ("AWS::EC2::VPC", name.removeprefix(DEFAULT)) if name.startswith(DEFAULT) else resource


def doubled(account: Account) -> list[Resource]:
    """Kinds and names that are there more than once; what AWS makes by itself has no name."""
    return sorted(resource for resource, times in account.resources.items() if times > 1 and resource[1])


def name_tag(entry: Mapping[str, Any]) -> str:
    return next((str(tag["Value"]) for tag in entry.get("Tags", ()) if tag["Key"] == "Name"), "")


def _ec2(clients: Connect) -> Found:
    client = clients("ec2")
    vpcs = {each["VpcId"]: name_tag(each) for each in pages(client, "describe_vpcs", "Vpcs")}
    for operation, key, identifier, noun in EC2:
        for entry in pages(client, operation, key):
            if entry.get("State") not in ("deleted", "deleting"):
                yield _of_ec2(entry, noun, vpcs), list(_ec2_ids(entry, identifier))


def _of_ec2(entry: Mapping[str, Any], noun: str, vpcs: Mapping[str, str]) -> Resource:
    if (entry.get("IsDefault") and noun == "NetworkAcl") or entry.get("GroupName") == "default":
        return f"AWS::EC2::{noun}", f"{DEFAULT}{vpcs[entry['VpcId']]}"
    return f"AWS::EC2::{noun}", name_tag(entry)


def _ec2_ids(entry: Mapping[str, Any], identifier: str) -> Iterator[str]:
    """The ids of the resource itself and of what places it, such as a route table's association."""
    yield str(entry[identifier])
    for each in entry.get("Associations", ()):
        yield from (str(each[key]) for key in ("RouteTableAssociationId", "NetworkAclAssociationId") if key in each)


def _named(clients: Connect) -> Found:
    for service, operation, key, name, kind, ids in NAMED:
        for entry in pages(clients(service), operation, key):
            yield (kind, str(entry[name])), [str(entry[each]) for each in ids if each in entry]


def _alarms(clients: Connect) -> Found:
    for listed in ("Alarm", "CompositeAlarm"):
        key, types = ("MetricAlarms", ["MetricAlarm"]) if listed == "Alarm" else ("CompositeAlarms", [listed])
        for entry in pages(clients("cloudwatch"), "describe_alarms", key, AlarmTypes=types):
            yield (f"AWS::CloudWatch::{listed}", str(entry["AlarmName"])), [str(entry["AlarmArn"])]


def _policies(clients: Connect) -> Found:
    """Without those of AWS's own."""
    for entry in pages(clients("iam"), "list_policies", "Policies", Scope="Local"):
        yield ("AWS::IAM::ManagedPolicy", str(entry["PolicyName"])), [entry["Arn"]]


def _balancing(clients: Connect) -> Found:
    client = clients("elbv2")
    listeners = [
        arn
        for balancer in pages(client, "describe_load_balancers", "LoadBalancers")
        for arn in _arns(client, "describe_listeners", "Listener", LoadBalancerArn=balancer["LoadBalancerArn"])
    ]
    rules = [arn for each in listeners for arn in _arns(client, "describe_rules", "Rule", ListenerArn=each)]
    yield from _tagged(client, "Listener", listeners)
    yield from _tagged(client, "ListenerRule", rules)


def _arns(client: Any, operation: str, noun: str, **arguments: str) -> Iterable[str]:
    """The ARNs of listeners or rules; a listener's default rule is its own part."""
    return [
        str(each[f"{noun}Arn"])
        for each in pages(client, operation, f"{noun}s", **arguments)
        if not each.get("IsDefault")
    ]


def _tagged(client: Any, noun: str, arns: list[str]) -> Found:
    for start in range(0, len(arns), 20):
        for each in client.describe_tags(ResourceArns=arns[start : start + 20])["TagDescriptions"]:
            yield (f"{ELB}{noun}", name_tag(each)), [each["ResourceArn"]]


def _firewall(clients: Connect) -> Found:
    """Web ACLs and the addresses that they name."""
    client = clients("wafv2")
    listed = (
        ("AWS::WAFv2::WebACL", client.list_web_acls(Scope="REGIONAL")["WebACLs"]),
        ("AWS::WAFv2::IPSet", client.list_ip_sets(Scope="REGIONAL")["IPSets"]),
    )
    for kind, entries in listed:
        for entry in entries:
            yield (kind, entry["Name"]), [entry["ARN"], entry["Id"]]


def _budgets(clients: Connect) -> Found:
    for entry in pages(clients("budgets"), "describe_budgets", "Budgets", AccountId=OWN):
        yield ("AWS::Budgets::Budget", str(entry["BudgetName"])), []


def _chat(clients: Connect) -> Found:
    client = clients("chatbot")
    for application, operation, key in (
        ("Slack", "describe_slack_channel_configurations", "SlackChannelConfigurations"),
        ("MicrosoftTeams", "list_microsoft_teams_channel_configurations", "TeamChannelConfigurations"),
    ):
        for entry in pages(client, operation, key):
            kind = f"AWS::Chatbot::{application}ChannelConfiguration"
            yield (kind, str(entry["ConfigurationName"])), [entry["ChatConfigurationArn"]]


def _archive(clients: Connect) -> Found:
    for name in pages(clients("firehose"), "list_delivery_streams", "DeliveryStreamNames"):
        yield ("AWS::KinesisFirehose::DeliveryStream", str(name)), []
    for name in subscription_filters(clients("logs")):
        yield ("AWS::Logs::SubscriptionFilter", name), []


def _guards(clients: Connect) -> Found:
    """Detector and hub bear their names as a tag."""
    for trail in clients("cloudtrail").describe_trails()["trailList"]:
        yield ("AWS::CloudTrail::Trail", trail["Name"]), [trail["TrailARN"]]
    for recorder in clients("config").describe_configuration_recorders()["ConfigurationRecorders"]:
        yield ("AWS::Config::ConfigurationRecorder", recorder["name"]), [recorder["arn"]]
    for detector in pages(clients("guardduty"), "list_detectors", "DetectorIds"):
        tags = clients("guardduty").get_detector(DetectorId=detector)["Tags"]
        yield ("AWS::GuardDuty::Detector", tags.get("Name", "")), [detector]
    for hub in _hubs(clients("securityhub")):
        yield hub, []


def _hubs(client: Any) -> Iterable[Resource]:
    """One, or none, which is an error to ask for."""
    try:
        arn = client.describe_hub()["HubArn"]
    except client.exceptions.InvalidAccessException:
        return []
    return [("AWS::SecurityHub::Hub", client.list_tags_for_resource(ResourceArn=arn)["Tags"].get("Name", ""))]


def _anomalies(clients: Connect) -> Found:
    for noun in ("Monitor", "Subscription"):
        for entry in pages(clients("ce"), f"get_anomaly_{noun.lower()}s", f"Anomaly{noun}s"):
            yield (f"AWS::CE::Anomaly{noun}", entry[f"{noun}Name"]), [entry[f"{noun}Arn"]]


def _certificates(clients: Connect) -> Found:
    client = clients("acm")
    for entry in pages(client, "list_certificates", "CertificateSummaryList"):
        arn = entry["CertificateArn"]
        tags = client.list_tags_for_certificate(CertificateArn=arn)
        yield ("AWS::CertificateManager::Certificate", name_tag(tags)), [arn]


def _ecs(clients: Connect) -> Found:
    client = clients("ecs")
    for family in pages(client, "list_task_definition_families", "families", status="ACTIVE"):
        yield ("AWS::ECS::TaskDefinition", str(family)), []
    for cluster in pages(client, "list_clusters", "clusterArns"):
        yield ("AWS::ECS::Cluster", cluster.rpartition("/")[2]), []
        for service in pages(client, "list_services", "serviceArns", cluster=cluster):
            yield ("AWS::ECS::Service", service.rpartition("/")[2]), []


def _scaling(clients: Connect) -> Found:
    client, ecs = clients("application-autoscaling"), {"ServiceNamespace": "ecs"}
    for entry in pages(client, "describe_scalable_targets", "ScalableTargets", **ecs):
        name = entry["ResourceId"].rpartition("/")[2]
        yield (f"{SCALING}ScalableTarget", name), [entry["ScalableTargetARN"]]
    for entry in pages(client, "describe_scaling_policies", "ScalingPolicies", **ecs):
        yield (f"{SCALING}ScalingPolicy", entry["PolicyName"]), []
    for entry in pages(client, "describe_scheduled_actions", "ScheduledActions", **ecs):
        yield (f"{SCALING}ScheduledAction", entry["ScheduledActionName"]), []


def _notifications(clients: Connect) -> Found:
    client = clients("sns")
    for entry in pages(client, "list_topics", "Topics"):
        yield ("AWS::SNS::Topic", entry["TopicArn"].rpartition(":")[2]), []
    for entry in pages(client, "list_subscriptions", "Subscriptions"):
        topic = entry["TopicArn"].rpartition(":")[2]
        name = f"{topic} {entry['Protocol']} {entry['Endpoint']}"
        yield ("AWS::SNS::Subscription", name), [entry["SubscriptionArn"]]
