# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An ECS cluster with services, for the tests of what scales and runs in one."""

from __future__ import annotations

from typing import Any

from ansible_collections.uex.payments.tests.support import edge
from ansible_collections.uex.payments.tests.support.contract import Connect

CLUSTER = "uex-payments-test"
SERVICES = ("uex-payments-test-api", "uex-payments-test-web")
REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
ROLE = "arn:aws:iam::123456789012:role/uex-payments-test-execution"


def network(connect: Connect) -> dict[str, Any]:
    """The ids of two subnets and a security group of a new VPC."""
    ec2 = connect("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ranges = ("10.0.0.0/24", "10.0.1.0/24")
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=each)["Subnet"]["SubnetId"] for each in ranges]
    group = ec2.create_security_group(GroupName="uex-payments-test-ecs", Description="Tasks", VpcId=vpc)["GroupId"]
    return {"subnets": subnets, "security_groups": [group], "assign_public_ip": False}


def definition(connect: Connect, family: str, image: str) -> str:
    """The ARN of a new task definition with one container that offers port 8080 as C(http)."""
    container = {"name": "app", "image": image, "portMappings": [{"containerPort": 8080, "name": "http"}]}
    made = connect("ecs").register_task_definition(
        family=family,
        containerDefinitions=[container],
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        executionRoleArn=ROLE,
    )
    return str(made["taskDefinition"]["taskDefinitionArn"])


def cluster(connect: Connect) -> None:
    """The cluster, with both of Fargate's capacity providers."""
    connect("ecs").create_cluster(clusterName=CLUSTER, capacityProviders=["FARGATE", "FARGATE_SPOT"])


def services(connect: Connect) -> None:
    """The cluster with its services, each without tasks."""
    cluster(connect)
    inner = network(connect)
    awsvpc = {"subnets": inner["subnets"], "securityGroups": inner["security_groups"]}
    for name in SERVICES:
        connect("ecs").create_service(
            cluster=CLUSTER,
            serviceName=name,
            taskDefinition=definition(connect, name, "public.ecr.aws/nginx/nginx:stable"),
            desiredCount=0,
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": awsvpc},
        )


def targets(connect: Connect) -> None:
    """The services with a scalable target each."""
    services(connect)
    for name in SERVICES:
        connect("application-autoscaling").register_scalable_target(
            ServiceNamespace="ecs",
            ResourceId=f"service/{CLUSTER}/{name}",
            ScalableDimension="ecs:service:DesiredCount",
            MinCapacity=0,
            MaxCapacity=4,
        )


def shifting(connect: Connect, inside: edge.Network | None = None) -> dict[str, Any]:
    """What a service needs whose traffic ECS shifts: two target groups, production's rule and the test's, a role."""
    elbv2, made = connect("elbv2"), inside or edge.network(connect, 1)
    balancer = edge.load_balancer(connect, made)
    blue, green = (_target_group(elbv2, made.vpc_id, colour) for colour in ("blue", "green"))
    not_found = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    listener = elbv2.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=[not_found])[
        "Listeners"
    ][0]["ListenerArn"]
    production, test = (_rule(elbv2, listener, number, blue, green) for number in (10, 9))
    return {
        "target_group_arn": blue,
        "container_name": "app",
        "container_port": 8080,
        "advanced_configuration": {
            "alternate_target_group_arn": green,
            "production_listener_rule": production,
            "test_listener_rule": test,
            "role_arn": ROLE,
        },
    }


def _target_group(elbv2: Any, vpc: str, name: str) -> str:
    made = elbv2.create_target_group(Name=name, Protocol="HTTP", Port=8080, VpcId=vpc, TargetType="ip")
    return str(made["TargetGroups"][0]["TargetGroupArn"])


def _rule(elbv2: Any, listener: str, priority: int, blue: str, green: str) -> str:
    condition = {"Field": "path-pattern", "PathPatternConfig": {"Values": [f"/{priority}"]}}
    made = elbv2.create_rule(
        ListenerArn=listener, Priority=priority, Conditions=[condition], Actions=[forward({blue: 1, green: 0})]
    )
    return str(made["Rules"][0]["RuleArn"])


def forward(weights: dict[str, int]) -> dict[str, Any]:
    """An action that forwards to target groups by weight, as AWS takes it."""
    groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weights.items()]
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}
