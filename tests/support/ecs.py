# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An ECS cluster with services, for the tests of what scales and runs in one."""

from __future__ import annotations

from typing import Any

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
