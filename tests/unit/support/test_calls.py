# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the tests of the whole site take recorded calls for."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from ansible_collections.uex.payments.tests.site.calls import (
    OPERATIONS,
    Account,
    Resource,
    UnknownOperation,
    changes,
    owner,
)
from ansible_collections.uex.payments.tests.site.damage import DRIFTS, LOSSES, drawn
from ansible_collections.uex.payments.tests.site.marks import SERVICE, brought_about, planned
from ansible_collections.uex.payments.tests.site.witness import disagreements
from ansible_collections.uex.payments.tests.support.playbooks import children, kill_family
from embedded_aws.recorder import is_mutating

VPC, SUBNET, TABLE = ("AWS::EC2::VPC", "v"), ("AWS::EC2::Subnet", "s"), ("AWS::EC2::RouteTable", "t")
OTHER, ACL, GROUP = ("AWS::EC2::RouteTable", "u"), ("AWS::EC2::NetworkAcl", "a"), ("AWS::EC2::SecurityGroup", "g")
NAT, RULE = ("AWS::EC2::NatGateway", "n"), ("AWS::ElasticLoadBalancingV2::ListenerRule", "r")
DOWN = ("AWS::CloudWatch::CompositeAlarm", "down")
KEY, ALARM, CHECK = ("AWS::KMS::Key", "alias/k"), ("AWS::CloudWatch::Alarm", "x"), ("AWS::Route53::HealthCheck", "h")
SECRET, CERTIFICATE = ("AWS::SecretsManager::Secret", "p/s"), ("AWS::CertificateManager::Certificate", "c")
FAMILY, LOGS = ("AWS::ECS::TaskDefinition", "f"), ("AWS::Logs::LogGroup", "l")
IDS: dict[str, Resource] = {
    "vpc-1": VPC,
    "sg-0": VPC,
    "acl-0": VPC,
    "subnet-1": SUBNET,
    "rtb-1": TABLE,
    "rtbassoc-1": TABLE,
    "rtb-2": OTHER,
    "acl-1": ACL,
    "aclassoc-0": VPC,
    "sg-1": GROUP,
    "nat-1": NAT,
    "eipalloc-1": NAT,
    "key-1": KEY,
    "check-1": CHECK,
    "arn:aws:cloudwatch:r:1:alarm:down": DOWN,
    "arn:aws:acm:r:1:certificate/c-1": CERTIFICATE,
    "arn:aws:elasticloadbalancing:r:1:listener-rule/app/b/1/2/3": RULE,
}
NAMED = {"Tags": [{"Key": "Layer", "Value": "x"}, {"Key": "Name", "Value": "s"}]}
UNKNOWN_GROUP = {"GroupId": "sg-9"}


def call(service: str, operation: str, status: int = 200, **request: Any) -> dict[str, Any]:
    mutating = is_mutating(service, operation)
    return {"service": service, "operation": operation, "mutating": mutating, "status": status, "request": request}


DATABASE = ("AWS::RDS::DBInstance", "db")
CACHE = ("AWS::ElastiCache::ReplicationGroup", "redis")


def account(*there: Resource) -> Account:
    return Account(Counter(there), {key: each for key, each in IDS.items() if each in there})


@pytest.mark.parametrize(
    ("before", "after", "calls", "expected"),
    [
        pytest.param(
            [],
            [SUBNET, VPC],
            [
                call("ec2", "CreateSubnet", TagSpecifications=[NAMED]),
                call("ec2", "ModifySubnetAttribute", SubnetId="subnet-1"),
            ],
            {(*SUBNET, "create")},
            id="what belongs to a creation is part of it",
        ),
        pytest.param(
            [GROUP],
            [GROUP],
            [call("ec2", "RevokeSecurityGroupEgress", GroupId="sg-1")],
            {(*GROUP, "update")},
            id="a rule is its group's",
        ),
        pytest.param(
            [DATABASE, CACHE],
            [DATABASE, CACHE],
            [
                call("rds", "DeleteDBInstance", DBInstanceIdentifier="db", FinalDBSnapshotIdentifier="last"),
                call("rds", "CopyDBSnapshot", SourceDBSnapshotIdentifier="last", TargetDBSnapshotIdentifier="copy"),
                call("rds", "RestoreDBInstanceFromDBSnapshot", DBInstanceIdentifier="db", DBSnapshotIdentifier="copy"),
                call("rds", "DeleteDBSnapshot", DBSnapshotIdentifier="copy"),
                call("elasticache", "DeleteReplicationGroup", ReplicationGroupId="redis"),
                call("elasticache", "CreateReplicationGroup", ReplicationGroupId="redis", SnapshotName="last"),
                call("elasticache", "DeleteSnapshot", SnapshotName="last"),
            ],
            {(*DATABASE, "replace"), (*CACHE, "replace")},
            id="a replacement by way of a snapshot is one",
        ),
        pytest.param(
            [VPC],
            [VPC],
            [
                call("ec2", "RevokeSecurityGroupEgress", GroupId="sg-0"),
                call("ec2", "DeleteNetworkAclEntry", NetworkAclId="acl-0"),
            ],
            {(*VPC, "update")},
            id="the default group and ACL are the VPC's",
        ),
        pytest.param(
            [TABLE, OTHER],
            [TABLE, OTHER],
            [call("ec2", "ReplaceRouteTableAssociation", AssociationId="rtbassoc-1", RouteTableId="rtb-2")],
            {(*TABLE, "update"), (*OTHER, "update")},
            id="a subnet that moves changes both tables",
        ),
        pytest.param(
            [VPC, ACL],
            [VPC, ACL],
            [call("ec2", "ReplaceNetworkAclAssociation", AssociationId="aclassoc-0", NetworkAclId="acl-1")],
            {(*ACL, "update")},
            id="the default ACL does not change when a subnet leaves it",
        ),
        pytest.param(
            [NAT],
            [],
            [
                call("ec2", "DeleteNatGateway", NatGatewayId="nat-1"),
                call("ec2", "ReleaseAddress", AllocationId="eipalloc-1"),
            ],
            {(*NAT, "delete")},
            id="an address is its gateway's",
        ),
        pytest.param(
            [],
            [ALARM],
            [call("cloudwatch", "PutMetricAlarm", AlarmName="x")],
            {(*ALARM, "create")},
            id="a put makes what was not there",
        ),
        pytest.param(
            [ALARM],
            [ALARM],
            [call("cloudwatch", "PutMetricAlarm", AlarmName="x")],
            {(*ALARM, "update")},
            id="a put changes what was there",
        ),
        pytest.param(
            [ALARM, DOWN],
            [],
            [
                call("cloudwatch", "DeleteAlarms", AlarmNames=["x"]),
                call("cloudwatch", "DeleteAlarms", AlarmNames=["down"]),
            ],
            {(*ALARM, "delete"), (*DOWN, "delete")},
            id="alarms of both kinds go by name",
        ),
        pytest.param(
            [DOWN],
            [DOWN],
            [
                call("cloudwatch", "PutCompositeAlarm", AlarmName="down"),
                call("cloudwatch", "TagResource", ResourceARN="arn:aws:cloudwatch:r:1:alarm:down"),
            ],
            {(*DOWN, "update")},
            id="a composite alarm is no alarm",
        ),
        pytest.param(
            [CHECK],
            [CHECK],
            [
                call("route53", "DeleteHealthCheck", HealthCheckId="check-1"),
                call("route53", "CreateHealthCheck"),
                call("route53", "ChangeTagsForResource", ResourceId="check-1"),
            ],
            {(*CHECK, "replace")},
            id="gone and made anew is replaced",
        ),
        pytest.param(
            [],
            [KEY],
            [
                call("kms", "CreateKey"),
                call("kms", "CreateAlias", AliasName="alias/k"),
                call("kms", "EnableKeyRotation", KeyId="arn:aws:kms:r:1:key/key-1"),
            ],
            {(*KEY, "create")},
            id="a key is known by its alias",
        ),
        pytest.param(
            [],
            [KEY],
            [call("kms", "CreateKey"), call("kms", "CreateKey"), call("kms", "CreateAlias", AliasName="alias/k")],
            {(*KEY, "create"), ("AWS::KMS::Key", "(unnamed)", "create")},
            id="a key without an alias shows",
        ),
        pytest.param(
            [VPC],
            [VPC],
            [call("ec2", "CreateVpc", TagSpecifications=[{"Tags": [{"Key": "Name", "Value": "v"}]}])],
            {(*VPC, "create")},
            id="a second one of a name is a creation",
        ),
        pytest.param(
            [],
            [SECRET],
            [call("secretsmanager", "RestoreSecret", SecretId="p/s")],
            {(*SECRET, "create")},
            id="a restored secret is there again",
        ),
        pytest.param(
            [CERTIFICATE],
            [CERTIFICATE],
            [call("acm", "ImportCertificate", CertificateArn="arn:aws:acm:r:1:certificate/c-1")],
            {(*CERTIFICATE, "update")},
            id="an import again",
        ),
        pytest.param(
            [FAMILY],
            [],
            [call("ecs", "DeregisterTaskDefinition", taskDefinition="arn:aws:ecs:r:1:task-definition/f:7")],
            {(*FAMILY, "delete")},
            id="a family goes with its revisions",
        ),
        pytest.param(
            [LOGS],
            [LOGS],
            [call("logs", "TagResource", resourceArn="arn:aws:logs:r:1:log-group:l")],
            {(*LOGS, "update")},
            id="a tag by ARN",
        ),
        pytest.param(
            [RULE],
            [RULE],
            [
                call(
                    "elbv2",
                    "SetRulePriorities",
                    RulePriorities=[{"RuleArn": "arn:aws:elasticloadbalancing:r:1:listener-rule/app/b/1/2/3"}],
                )
            ],
            {(*RULE, "update")},
            id="rules that move",
        ),
        pytest.param(
            [GROUP],
            [GROUP],
            [call("ec2", "DeleteSecurityGroup", 400, GroupId="sg-1"), call("ec2", "DescribeVpcs")],
            set(),
            id="what was refused and what reads does nothing",
        ),
        pytest.param(
            [],
            [],
            [
                call("dynamodb", "PutItem", TableName="uex-payments-locks"),
                call("s3", "PutObject", Bucket="uex-payments-state-1-r"),
                call("iam", "CreateRole", RoleName="uex-payments-deploy"),
            ],
            set(),
            id="bookkeeping is left out",
        ),
    ],
)
def test_what_calls_did(
    before: list[Resource], after: list[Resource], calls: list[dict[str, Any]], expected: set[Any]
) -> None:
    assert changes(calls, account(*before), account(*after)) == expected


def test_an_operation_that_nobody_knows_is_named() -> None:
    with pytest.raises(UnknownOperation, match="sqs:CreateQueue"):
        changes([call("sqs", "CreateQueue")], account(), account())


def test_an_id_that_nobody_knows_is_named() -> None:
    with pytest.raises(KeyError, match="sg-9"):
        changes([call("ec2", "DeleteSecurityGroup", **UNKNOWN_GROUP)], account(), account())


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("arn:aws:ecs:r:1:service/cluster/one", ("AWS::ECS::Service", "one")),
        ("arn:aws:ecs:r:1:cluster/c", ("AWS::ECS::Cluster", "c")),
        ("arn:aws:rds:r:1:subgrp:g", ("AWS::RDS::DBSubnetGroup", "g")),
        ("arn:aws:elasticache:r:1:replicationgroup:g", ("AWS::ElastiCache::ReplicationGroup", "g")),
        ("arn:aws:logs:r:1:log-group:/aws/rds/x:*", ("AWS::Logs::LogGroup", "/aws/rds/x")),
        ("arn:aws:secretsmanager:r:1:secret:p/name-aB3dE6", ("AWS::SecretsManager::Secret", "p/name")),
        (
            "arn:aws:elasticloadbalancing:r:1:loadbalancer/app/b/12ab",
            ("AWS::ElasticLoadBalancingV2::LoadBalancer", "b"),
        ),
    ],
)
def test_whose_an_arn_is(arn: str, expected: Resource) -> None:
    assert owner(arn, {}) == expected


def test_every_operation_of_the_map_changes_something() -> None:
    assert [key for key in OPERATIONS if not is_mutating(*key)] == []


# What is done to an estate, and who says what


def test_a_draw_is_the_same_for_the_same_seed() -> None:
    assert drawn(1, 2, 3) == drawn(1, 2, 3) != drawn(2, 2, 3)
    assert len(set(drawn(1, 2, 3))) == 5
    assert LOSSES.keys().isdisjoint(DRIFTS)


def test_who_says_what_another_does_not() -> None:
    one, two = ("K", "a", "create"), ("K", "b", "update")
    assert disagreements(planned={one}, reported={one}, called={one}) == []
    assert disagreements(planned={one, two}, reported={one, two}, called={one}) == ["reported, not called: K b update"]
    assert disagreements(planned={one}, reported={one, two}, called={one, two}) == ["called, not planned: K b update"]


def test_what_was_brought_about_is_what_changed_of_what_was_there() -> None:
    one, two, three = ((SERVICE, name, "starts a deployment") for name in "abc")
    assert brought_about({one: "1", two: "2"}, {one: "9", two: "2", three: "3"}) == {one}
    assert brought_about({one: False, two: True}, {one: True, two: False}) == {one}


def test_the_marks_of_a_plan_that_can_be_seen() -> None:
    action = {"kind": SERVICE, "name": "a", "effects": ["starts a deployment", "other"]}
    assert planned({"actions": [action]}) == {(SERVICE, "a", "starts a deployment")}


def test_a_process_is_ended_with_all_that_it_started() -> None:
    script = "import subprocess, sys; p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); p.wait()"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        child = int(process.stdout.readline())
        assert children(process.pid) == [child]
        kill_family(process.pid)
        assert process.stdout.read() == "", "the child held the pipe until it ended"
    assert process.returncode == -9
