# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What somebody does to an estate by hand, through boto3 alone: C(LOSSES) take resources away, C(DRIFTS) change them.

Each is given clients by service and the beginning of every name. Each touches resources that no other does, so that any
choice of them can be made together.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from typing import Any

from ansible_collections.uex.payments.tests.site.account import Connect, pages

Damage = Callable[[Connect, str], Any]
CIDR = "192.0.2.0/24"
ALL = "0.0.0.0/0"
TAGS = [{"Key": "ManagedBy", "Value": "nobody"}]


def ec2(clients: Connect, operation: str, key: str, name: str) -> dict[str, Any]:
    """The resource of EC2 with this tag Name."""
    by = [{"Name": "tag:Name", "Values": [name]}]
    found: dict[str, Any] = next(iter(pages(clients("ec2"), operation, key, Filters=by)))
    return found


def table(clients: Connect, name: str) -> dict[str, Any]:
    return ec2(clients, "describe_route_tables", "RouteTables", name)


def acl(clients: Connect, name: str) -> dict[str, Any]:
    return ec2(clients, "describe_network_acls", "NetworkAcls", name)


def group_id(clients: Connect, name: str) -> str:
    return str(ec2(clients, "describe_security_groups", "SecurityGroups", name)["GroupId"])


def vpc_id(clients: Connect, name: str) -> str:
    return str(ec2(clients, "describe_vpcs", "Vpcs", f"{name}-vpc")["VpcId"])


def placed(entry: dict[str, Any], index: int = 0) -> str:
    """A route table's association with a subnet."""
    found = sorted((e for e in entry["Associations"] if "SubnetId" in e), key=lambda each: str(each["SubnetId"]))
    return str(found[index]["RouteTableAssociationId"])


def balancer(clients: Connect, name: str) -> str:
    found = clients("elbv2").describe_load_balancers(Names=[f"{name}-alb"])["LoadBalancers"][0]
    return str(found["LoadBalancerArn"])


def listener(clients: Connect, name: str, port: int) -> str:
    found = clients("elbv2").describe_listeners(LoadBalancerArn=balancer(clients, name))["Listeners"]
    return str(next(each["ListenerArn"] for each in found if each["Port"] == port))


def rule(clients: Connect, name: str, path: str) -> str:
    """The rule that takes a path."""
    found = clients("elbv2").describe_rules(ListenerArn=listener(clients, name, 443))["Rules"]
    return str(next(each["RuleArn"] for each in found if path in json.dumps(each["Conditions"])))


def targets(clients: Connect, name: str) -> str:
    return str(clients("elbv2").describe_target_groups(Names=[name])["TargetGroups"][0]["TargetGroupArn"])


def query(clients: Connect, name: str) -> dict[str, Any]:
    found = clients("logs").describe_query_definitions(queryDefinitionNamePrefix=name)["queryDefinitions"]
    return dict(found[0])


def key_id(clients: Connect, alias: str) -> str:
    return str(clients("kms").describe_key(KeyId=f"alias/{alias}")["KeyMetadata"]["KeyId"])


def bucket(clients: Connect, beginning: str) -> str:
    return next(str(e["Name"]) for e in clients("s3").list_buckets()["Buckets"] if e["Name"].startswith(beginning))


def topic(clients: Connect, name: str) -> str:
    return next(
        str(e["TopicArn"]) for e in pages(clients("sns"), "list_topics", "Topics") if e["TopicArn"].endswith(name)
    )


def scaled(name: str) -> dict[str, str]:
    resource = f"service/{name.rpartition('|')[0]}/{name.rpartition('|')[2]}"
    return {"ServiceNamespace": "ecs", "ResourceId": resource, "ScalableDimension": "ecs:service:DesiredCount"}


def lost_targets(clients: Connect, name: str) -> None:
    """A target group with the rule that forwards to it."""
    clients("elbv2").delete_rule(RuleArn=rule(clients, name, "/presentation"))
    clients("elbv2").delete_target_group(TargetGroupArn=targets(clients, f"{name}-presentation"))


def lost_service(clients: Connect, name: str) -> None:
    clients("ecs").delete_service(cluster=name, service=f"{name}-processing-tier", force=True)


def lost_flow_log(clients: Connect, name: str) -> None:
    found = clients("ec2").describe_flow_logs(Filters=[{"Name": "tag:Name", "Values": [f"{name}-flow-logs"]}])
    clients("ec2").delete_flow_logs(FlowLogIds=[found["FlowLogs"][0]["FlowLogId"]])


def lost_nat(clients: Connect, name: str) -> None:
    """The gateway; its address stays, and a route to nowhere."""
    entries = clients("ec2").describe_nat_gateways(
        Filters=[{"Name": "tag:Name", "Values": [f"{name}-nat-a"]}, {"Name": "state", "Values": ["available"]}]
    )
    clients("ec2").delete_nat_gateway(NatGatewayId=entries["NatGateways"][0]["NatGatewayId"])


def lost_family(clients: Connect, name: str) -> None:
    client = clients("ecs")
    for arn in pages(client, "list_task_definitions", "taskDefinitionArns", familyPrefix=f"{name}-client-tier"):
        client.deregister_task_definition(taskDefinition=arn)


LOSSES: dict[str, Damage] = {
    "two route associations gone": lambda c, n: [
        c("ec2").disassociate_route_table(AssociationId=placed(table(c, f"{n}-{each}"))) for each in ("app-a", "data")
    ],
    "the NAT gateway of zone a gone": lost_nat,
    "the flow log gone": lost_flow_log,
    "the gateway endpoint gone": lambda c, n: c("ec2").delete_vpc_endpoints(
        VpcEndpointIds=[ec2(c, "describe_vpc_endpoints", "VpcEndpoints", f"{n}-endpoint-s3")["VpcEndpointId"]]
    ),
    "a repository gone": lambda c, n: c("ecr").delete_repository(repositoryName=f"{n}/management-tier", force=True),
    "two alarms gone": lambda c, n: c("cloudwatch").delete_alarms(AlarmNames=[f"{n}-alb-4xx", f"{n}-db-cpu"]),
    "a target group and its rule gone": lost_targets,
    "a rule gone": lambda c, n: c("elbv2").delete_rule(RuleArn=rule(c, n, "/client")),
    "a service gone": lost_service,
    "a task definition gone": lost_family,
    "a log group gone": lambda c, n: c("logs").delete_log_group(logGroupName=f"{n}-client-tier"),
    "a secret gone": lambda c, n: c("secretsmanager").delete_secret(
        SecretId=f"{n}/jwt-signing", RecoveryWindowInDays=7
    ),
    "the dashboard gone": lambda c, n: c("cloudwatch").delete_dashboards(DashboardNames=[n]),
    "a saved query gone": lambda c, n: c("logs").delete_query_definition(
        queryDefinitionId=query(c, f"{n}-slow-sql")["queryDefinitionId"]
    ),
    "a topic gone": lambda c, n: c("sns").delete_topic(TopicArn=topic(c, f"{n}-info")),
    "a scaling policy gone": lambda c, n: c("application-autoscaling").delete_scaling_policy(
        PolicyName=f"{n}-uex-backend-cpu", **scaled(f"{n}|{n}-uex-backend")
    ),
    "a scalable target gone": lambda c, n: c("application-autoscaling").deregister_scalable_target(
        **scaled(f"{n}|{n}-management-backend")
    ),
    "a role's policy gone": lambda c, n: c("iam").delete_role_policy(RoleName=f"{n}-execution", PolicyName="images"),
    "a bucket's policy gone": lambda c, n: c("s3").delete_bucket_policy(Bucket=bucket(c, f"{n}-app-logs")),
    "a bucket gone": lambda c, n: c("s3").delete_bucket(Bucket=bucket(c, f"{n}-backups")),
}


def drifted_group(clients: Connect, name: str) -> None:
    """A rule less in one direction, a rule more in the other."""
    client, group = clients("ec2"), group_id(clients, f"{name}-rds")
    found = client.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
    client.revoke_security_group_ingress(GroupId=group, IpPermissions=found[:1])
    more = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": CIDR}]}]
    client.authorize_security_group_egress(GroupId=group, IpPermissions=more)


def drifted_defaults(clients: Connect, name: str) -> None:
    client = clients("ec2")
    by = [{"Name": "vpc-id", "Values": [vpc_id(clients, name)]}, {"Name": "group-name", "Values": ["default"]}]
    group = client.describe_security_groups(Filters=by)["SecurityGroups"][0]["GroupId"]
    more = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": CIDR}]}]
    client.authorize_security_group_ingress(GroupId=group, IpPermissions=more)


def drifted_acl(clients: Connect, name: str) -> None:
    """An entry less, an entry more, and a subnet under another tier's ACL."""
    client, public, data = clients("ec2"), acl(clients, f"{name}-public"), acl(clients, f"{name}-data")
    client.delete_network_acl_entry(NetworkAclId=public["NetworkAclId"], RuleNumber=100, Egress=False)
    client.create_network_acl_entry(
        NetworkAclId=public["NetworkAclId"],
        RuleNumber=900,
        Egress=False,
        Protocol="-1",
        RuleAction="allow",
        CidrBlock=CIDR,
    )
    association = data["Associations"][0]["NetworkAclAssociationId"]
    client.replace_network_acl_association(AssociationId=association, NetworkAclId=public["NetworkAclId"])


def drifted_routes(clients: Connect, name: str) -> None:
    """A route less, and a subnet with another zone's table."""
    client, one, other = clients("ec2"), table(clients, f"{name}-app-b"), table(clients, f"{name}-app-c")
    client.delete_route(RouteTableId=one["RouteTableId"], DestinationCidrBlock=ALL)
    client.replace_route_table_association(AssociationId=placed(other), RouteTableId=one["RouteTableId"])


def drifted_alarm(clients: Connect, name: str) -> None:
    client = clients("cloudwatch")
    alarm = client.describe_alarms(AlarmNames=[f"{name}-alb-rejected"])["MetricAlarms"][0]
    kept = (
        "AlarmName AlarmDescription Namespace MetricName Statistic Dimensions Period EvaluationPeriods "
        "ComparisonOperator TreatMissingData AlarmActions OKActions DatapointsToAlarm"
    )
    client.put_metric_alarm(Threshold=12345.0, **{each: alarm[each] for each in kept.split() if each in alarm})


def drifted_key(clients: Connect, name: str) -> None:
    client, key = clients("kms"), key_id(clients, f"{name}-data")
    client.update_key_description(KeyId=key, Description="Somebody's")
    client.disable_key_rotation(KeyId=key)
    client.tag_resource(KeyId=key, Tags=[{"TagKey": "Layer", "TagValue": "data"}])


def drifted_policy(clients: Connect, name: str) -> None:
    """A scaling policy with another target."""
    place = scaled(f"{name}|{name}-client-tier")
    client = clients("application-autoscaling")
    found = client.describe_scaling_policies(PolicyNames=[f"{name}-client-tier-cpu"], ServiceNamespace="ecs")
    settings = found["ScalingPolicies"][0]["TargetTrackingScalingPolicyConfiguration"]
    client.put_scaling_policy(
        PolicyName=f"{name}-client-tier-cpu",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={**settings, "TargetValue": 11.0},
        **place,
    )


def drifted_dashboard_of_queries(clients: Connect, name: str) -> None:
    """A saved query that asks something else."""
    found = query(clients, f"{name}-payment-trace")
    clients("logs").put_query_definition(
        name=found["name"], queryDefinitionId=found["queryDefinitionId"], queryString="fields @message"
    )


def drifted_cache_parameter(clients: Connect, name: str) -> None:
    clients("elasticache").modify_cache_parameter_group(
        CacheParameterGroupName=f"{name}-redis-redis7",
        ParameterNameValues=[{"ParameterName": "maxmemory-policy", "ParameterValue": "noeviction"}],
    )


def drifted_parameters(clients: Connect, name: str) -> None:
    """A static parameter, and the reboots of all that have it, which make it work."""
    parameter = {
        "ParameterName": "shared_preload_libraries",
        "ParameterValue": "auto_explain",
        "ApplyMethod": "pending-reboot",
    }
    client = clients("rds")
    client.modify_db_parameter_group(DBParameterGroupName=f"{name}-db-postgres16", Parameters=[parameter])
    for each in client.describe_db_instances()["DBInstances"]:
        if each["DBInstanceIdentifier"].startswith(f"{name}-db"):
            client.reboot_db_instance(DBInstanceIdentifier=each["DBInstanceIdentifier"])


def drifted_database(clients: Connect, name: str) -> None:
    """Another backup time and another owner of the tag."""
    client = clients("rds")
    client.modify_db_instance(DBInstanceIdentifier=f"{name}-db", BackupRetentionPeriod=1, ApplyImmediately=True)


def drifted_cache(clients: Connect, name: str) -> None:
    clients("elasticache").modify_replication_group(
        ReplicationGroupId=f"{name}-redis", SnapshotRetentionLimit=3, ApplyImmediately=True
    )


def drifted_subnet_groups(clients: Connect, name: str) -> None:
    """The database's, which amazon.aws keeps, and the cache's."""
    found = clients("rds").describe_db_subnet_groups(DBSubnetGroupName=f"{name}-db")["DBSubnetGroups"][0]
    subnets = [each["SubnetIdentifier"] for each in found["Subnets"]][:2]
    clients("rds").modify_db_subnet_group(
        DBSubnetGroupName=f"{name}-db", DBSubnetGroupDescription="Somebody's", SubnetIds=subnets
    )
    clients("elasticache").modify_cache_subnet_group(
        CacheSubnetGroupName=f"{name}-redis", CacheSubnetGroupDescription="Somebody's"
    )


def drifted_service(clients: Connect, name: str) -> None:
    clients("ecs").update_service(
        cluster=name, service=f"{name}-uex-backend", healthCheckGracePeriodSeconds=7, enableExecuteCommand=True
    )


def drifted_revision(clients: Connect, name: str) -> None:
    """A revision by hand, with more memory, that no service runs."""
    client, family = clients("ecs"), f"{name}-management-backend"
    found = client.describe_task_definition(taskDefinition=family)["taskDefinition"]
    kept = (
        "containerDefinitions taskRoleArn executionRoleArn networkMode requiresCompatibilities runtimePlatform volumes"
    )
    settings = {each: found[each] for each in kept.split() if each in found}
    memory = str(2 * int(found["memory"]))
    tags = client.describe_task_definition(taskDefinition=family, include=["TAGS"])["tags"]
    client.register_task_definition(family=family, cpu=found["cpu"], memory=memory, tags=tags, **settings)


DRIFTS: dict[str, Damage] = {
    "tags of VPC, gateway and a subnet": lambda c, n: c("ec2").create_tags(
        Resources=[
            vpc_id(c, n),
            ec2(c, "describe_internet_gateways", "InternetGateways", f"{n}-igw")["InternetGatewayId"],
            ec2(c, "describe_subnets", "Subnets", f"{n}-data-b")["SubnetId"],
        ],
        Tags=[{"Key": "Layer", "Value": "data"}],
    ),
    "no host names in the VPC": lambda c, n: c("ec2").modify_vpc_attribute(
        VpcId=vpc_id(c, n), EnableDnsHostnames={"Value": False}
    ),
    "a subnet gives public addresses": lambda c, n: c("ec2").modify_subnet_attribute(
        SubnetId=ec2(c, "describe_subnets", "Subnets", f"{n}-app-b")["SubnetId"], MapPublicIpOnLaunch={"Value": True}
    ),
    "rules of a security group": drifted_group,
    "the default security group": drifted_defaults,
    "network ACLs": drifted_acl,
    "routes": drifted_routes,
    "retention of a log group": lambda c, n: c("logs").put_retention_policy(
        logGroupName=f"{n}-flow-logs", retentionInDays=3
    ),
    "a key": drifted_key,
    "a role's trust": lambda c, n: c("iam").update_assume_role_policy(
        RoleName=f"{n}-flow-logs",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}
                ],
            }
        ),
    ),
    "versions of a bucket": lambda c, n: c("s3").put_bucket_versioning(
        Bucket=bucket(c, f"{n}-app-logs"), VersioningConfiguration={"Status": "Suspended"}
    ),
    "parameters of the database": drifted_parameters,
    "the database": drifted_database,
    "a parameter of the cache": drifted_cache_parameter,
    "the cache": drifted_cache,
    "subnet groups": drifted_subnet_groups,
    "a secret": lambda c, n: c("secretsmanager").update_secret(SecretId=f"{n}/uex-api", Description="Somebody's"),
    "a secret's policy": lambda c, n: c("secretsmanager").delete_resource_policy(SecretId=f"{n}/redis"),
    "scanning of a repository": lambda c, n: c("ecr").put_image_scanning_configuration(
        repositoryName=f"{n}/uex-backend", imageScanningConfiguration={"scanOnPush": False}
    ),
    "life cycle of a repository": lambda c, n: c("ecr").delete_lifecycle_policy(repositoryName=f"{n}/client-tier"),
    "the load balancer": lambda c, n: c("elbv2").modify_load_balancer_attributes(
        LoadBalancerArn=balancer(c, n), Attributes=[{"Key": "idle_timeout.timeout_seconds", "Value": "7"}]
    ),
    "a listener": lambda c, n: c("elbv2").modify_listener(
        ListenerArn=listener(c, n, 443), SslPolicy="ELBSecurityPolicy-2016-08"
    ),
    "a target group": lambda c, n: c("elbv2").modify_target_group(
        TargetGroupArn=targets(c, f"{n}-uex-backend"), HealthCheckIntervalSeconds=77
    ),
    "a rule": lambda c, n: c("elbv2").modify_rule(
        RuleArn=rule(c, n, "/api/uex"),
        Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api/uex", "/other"]}}],
    ),
    "priorities": lambda c, n: c("elbv2").set_rule_priorities(
        RulePriorities=[{"RuleArn": rule(c, n, "/api/processing"), "Priority": 9}]
    ),
    "a service": drifted_service,
    "a revision": drifted_revision,
    "the cluster": lambda c, n: c("ecs").update_cluster_settings(
        cluster=n, settings=[{"name": "containerInsights", "value": "disabled"}]
    ),
    "a scalable target": lambda c, n: c("application-autoscaling").register_scalable_target(
        MinCapacity=1, MaxCapacity=9, **scaled(f"{n}|{n}-management-tier")
    ),
    "a scaling policy": drifted_policy,
    "a topic": lambda c, n: c("sns").set_topic_attributes(
        TopicArn=topic(c, f"{n}-warning"), AttributeName="DisplayName", AttributeValue="Somebody's"
    ),
    "a threshold": drifted_alarm,
    "the dashboard": lambda c, n: c("cloudwatch").put_dashboard(DashboardName=n, DashboardBody='{"widgets": []}'),
    "a saved query": drifted_dashboard_of_queries,
}


def drawn(seed: int, losses: int, drifts: int) -> list[str]:
    """So many of both, the same for the same seed."""
    choice = random.Random(seed)
    return [*choice.sample(sorted(LOSSES), losses), *choice.sample(sorted(DRIFTS), drifts)]


def do(names: Iterable[str], clients: Connect, prefix: str) -> None:
    """Do these to the estate whose names begin so."""
    for name in names:
        {**LOSSES, **DRIFTS}[name](clients, prefix)
