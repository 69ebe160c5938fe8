# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an ECS service of the embedded AWS needs around it, for the tests of its extensions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
REGISTRY = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/execution"
MANIFEST = '{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "n": "%s"}'
FAST = {"Delay": 0, "MaxAttempts": 1}


def refused(code: str) -> Any:
    """A context that expects AWS to refuse with this error code."""
    return pytest.raises(ClientError, match=rf"\({code}\)")


@dataclass
class Estate:
    """A VPC with two zones, a balancer with a target group on a rule, an image and a cluster."""

    ecs: Any
    elb: Any
    ec2: Any
    subnets: list[str]
    group: str
    target_groups: list[str]
    rule: str

    def definition(self, tag: str = "1", **more: Any) -> str:
        """Register a task definition for the image with this tag; its ARN."""
        container = {
            "name": "api",
            "image": f"{REGISTRY}/api:{tag}",
            "portMappings": [{"name": "http", "containerPort": 8080}],
            "healthCheck": {"command": ["CMD", "true"]},
        }
        given = {
            "family": "api",
            "containerDefinitions": [container],
            "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"],
            "cpu": "256",
            "memory": "512",
            "executionRoleArn": ROLE,
            **more,
        }
        return str(self.ecs.register_task_definition(**given)["taskDefinition"]["taskDefinitionArn"])

    def create(self, **more: Any) -> Any:
        """Create the service `api` behind the first target group; the answer."""
        balancer = {"targetGroupArn": self.target_groups[0], "containerName": "api", "containerPort": 8080}
        given = {
            "cluster": "pay",
            "serviceName": "api",
            "taskDefinition": "api",
            "desiredCount": 2,
            "launchType": "FARGATE",
            "loadBalancers": [balancer],
            "networkConfiguration": {
                "awsvpcConfiguration": {"subnets": self.subnets, "securityGroups": [self.group]},
            },
            **more,
        }
        return self.ecs.create_service(**{k: v for k, v in given.items() if v is not None})["service"]

    def service(self) -> Any:
        """The service as DescribeServices shows it, tags included."""
        return self.ecs.describe_services(cluster="pay", services=["api"], include=["TAGS"])["services"][0]

    def tasks(self, **filters: Any) -> Any:
        """The service's tasks as DescribeTasks shows them."""
        arns = self.ecs.list_tasks(cluster="pay", **{"serviceName": "api", **filters})["taskArns"]
        return self.ecs.describe_tasks(cluster="pay", tasks=arns)["tasks"] if arns else []

    def health(self, number: int = 0) -> list[tuple[str, int, str]]:
        """Address, port and state of each target of a target group, sorted."""
        found = self.elb.describe_target_health(TargetGroupArn=self.target_groups[number])["TargetHealthDescriptions"]
        return sorted((t["Target"]["Id"], t["Target"]["Port"], t["TargetHealth"]["State"]) for t in found)


def address(task: Any) -> str:
    """A task's private address."""
    return next(d["value"] for d in task["attachments"][0]["details"] if d["name"] == "privateIPv4Address")


def push(tag: str) -> None:
    """Push an image with this tag."""
    boto3.client("ecr").put_image(repositoryName="api", imageManifest=MANIFEST % tag, imageTag=tag)


def target_group(elb: Any, name: str, vpc: str) -> str:
    """Make a target group of addresses; its ARN."""
    made = elb.create_target_group(Name=name, Protocol="HTTP", Port=8080, VpcId=vpc, TargetType="ip")
    return str(made["TargetGroups"][0]["TargetGroupArn"])


def forward_rule(elb: Any, subnets: list[str], groups: list[str]) -> str:
    """A balancer whose one rule forwards all traffic to the first group and none to the second; the rule's ARN."""
    balancer = elb.create_load_balancer(Name="pay", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    listener = elb.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=[answer])
    weights = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in zip(groups, (100, 0), strict=True)]
    return str(
        elb.create_rule(
            ListenerArn=listener["Listeners"][0]["ListenerArn"],
            Priority=10,
            Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api", "/api/*"]}}],
            Actions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": weights}}],
        )["Rules"][0]["RuleArn"]
    )


def built() -> Estate:
    """What a service needs around it, in the account that boto3 finds."""
    ec2, elb, ecs = boto3.client("ec2"), boto3.client("elbv2"), boto3.client("ecs")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = {"us-east-1a": "10.0.1.0/24", "us-east-1b": "10.0.2.0/24"}
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for zone, cidr in zones.items()
    ]
    group = ec2.create_security_group(GroupName="ecs", Description="ecs", VpcId=vpc)["GroupId"]
    groups = [target_group(elb, "api-blue", vpc), target_group(elb, "api-green", vpc)]
    rule = forward_rule(elb, subnets, groups)
    boto3.client("ecr").create_repository(repositoryName="api")
    push("1")
    ecs.create_cluster(clusterName="pay", capacityProviders=["FARGATE", "FARGATE_SPOT"])
    made = Estate(ecs, elb, ec2, subnets, group, groups, rule)
    made.definition()
    return made


@dataclass
class Shifted:
    """An estate whose service is deployed by shifting traffic: a rule for tests beside that of production."""

    estate: Estate
    test_rule: str
    role: str

    def balancer(self, **advanced: Any) -> dict[str, Any]:
        """The service's load balancer entry; members that are None are left out of its advanced configuration."""
        estate, given = self.estate, {"testListenerRule": self.test_rule, **advanced}
        known = {"alternateTargetGroupArn": estate.target_groups[1], "productionListenerRule": estate.rule}
        whole = {name: value for name, value in {**known, "roleArn": self.role, **given}.items() if value is not None}
        container = {"containerName": "api", "containerPort": 8080}
        return {"targetGroupArn": estate.target_groups[0], **container, "advancedConfiguration": whole}

    def create(self, configuration: dict[str, Any] | None = None, **more: Any) -> Any:
        """Create the service, BLUE_GREEN unless the configuration says otherwise."""
        whole = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 5, **(configuration or {})}
        return self.estate.create(**{"loadBalancers": [self.balancer()], "deploymentConfiguration": whole, **more})

    def update(self, **more: Any) -> Any:
        """Update the service."""
        return self.estate.ecs.update_service(cluster="pay", service="api", **more)["service"]

    def deploy(self, tag: str = "1") -> str:
        """Deploy a new task definition with the image of this tag; its ARN."""
        arn = self.estate.definition(tag)
        self.update(taskDefinition=arn)
        return arn

    def deployment(self, number: int = 0) -> Any:
        """A service deployment, the latest first."""
        listed = self.estate.ecs.list_service_deployments(cluster="pay", service="api")["serviceDeployments"]
        arn = listed[number]["serviceDeploymentArn"]
        return self.estate.ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"][0]

    def weights(self, rule: str | None = None) -> list[int]:
        """The weights of the two target groups in a rule, that of production unless told otherwise."""
        found = self.estate.elb.describe_rules(RuleArns=[rule or self.estate.rule])["Rules"][0]["Actions"]
        forwards = [action["ForwardConfig"]["TargetGroups"] for action in found if action["Type"] == "forward"]
        known = {group["TargetGroupArn"]: group["Weight"] for group in forwards[0]}
        return [known.get(arn, 0) for arn in self.estate.target_groups]

    def targets(self) -> list[int]:
        """How many targets each target group has."""
        return [len(self.estate.health(number)) for number in range(2)]

    def seen(self) -> tuple[Any, ...]:
        """Status, stage, weights of production and test, targets, tasks by revision of the task definition."""
        found, definitions = self.deployment(), [task["taskDefinitionArn"] for task in self.estate.tasks()]
        revisions = sorted(arn.rsplit(":", 1)[-1] for arn in definitions)
        return found["status"], found.get("lifecycleStage"), self.weights(), self.weights(self.test_rule), revisions


def shifted(estate: Estate) -> Shifted:
    """The estate with what a service needs that is deployed by shifting traffic."""
    listener = estate.rule.replace(":listener-rule/", ":listener/").rsplit("/", 1)[0]
    weights = [{"TargetGroupArn": arn, "Weight": w} for arn, w in zip(estate.target_groups, (100, 0), strict=True)]
    rule = estate.elb.create_rule(
        ListenerArn=listener,
        Priority=20,
        Conditions=[{"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "x-test", "Values": ["1"]}}],
        Actions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": weights}}],
    )["Rules"][0]["RuleArn"]
    return Shifted(estate, rule, service_role("infrastructure"))


def service_role(name: str, service: str = "ecs.amazonaws.com") -> str:
    """Make a role that an AWS service may assume; its ARN."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return str(boto3.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"])
