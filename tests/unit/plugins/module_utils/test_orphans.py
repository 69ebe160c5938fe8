# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _discovery, _orphans
from ansible_collections.uex.payments.plugins.module_utils._orphans import Deletion

ALL = tuple(_discovery.BUILDS_ON)
EC2 = "arn:aws:ec2:us-east-1:1"
ELB = "arn:aws:elasticloadbalancing:us-east-1:1"
ECS = "arn:aws:ecs:us-east-1:1"


def tagged(*arns: str, **tags: str) -> list[_orphans.Tagged]:
    entries = [{"Key": key, "Value": value} for key, value in {"Layer": "network", **tags}.items() if value]
    return _orphans.resources([{"ResourceARN": arn, "Tags": entries} for arn in arns])


@pytest.mark.parametrize(
    ("arn", "tags", "name"),
    [
        (f"{EC2}:subnet/subnet-1", {"Name": "app-a"}, "app-a"),
        (f"{EC2}:volume/vol-1", {}, "vol-1"),
        (f"{ELB}:loadbalancer/app/alb/0a", {}, "alb"),
        (f"{ELB}:targetgroup/api/0a", {}, "api"),
        (f"{ECS}:service/cluster/api", {}, "api"),
        ("arn:aws:secretsmanager:us-east-1:1:secret:dev/api-AbCdEf", {}, "dev/api"),
        ("arn:aws:logs:us-east-1:1:log-group:/aws/rds/x", {}, "/aws/rds/x"),
        ("arn:aws:ecr:us-east-1:1:repository/dev/api", {}, "dev/api"),
        ("arn:aws:s3:::bucket", {}, "bucket"),
        ("arn:aws:wafv2:us-east-1:1:regional/webacl/dev/0a-1b", {}, "dev"),
    ],
)
def test_the_name(arn: str, tags: dict[str, str], name: str) -> None:
    assert _orphans.name_of(tagged(arn, **tags)[0]) == name


@pytest.mark.parametrize(
    ("arn", "known"),
    [
        (f"{EC2}:subnet/subnet-1", ["subnet-1"]),
        (f"{EC2}:elastic-ip/eipalloc-1", ["nat-1", "eipalloc-1"]),
        (f"{EC2}:network-interface/eni-1", []),
        (f"{EC2}:security-group-rule/sgr-1", []),
        (f"{ECS}:task/cluster/0a", []),
        (f"{ECS}:task-definition/api:3", [f"{ECS}:task-definition/api:4"]),
        (f"{ECS}:task-definition/api:3", [f"{ECS}:task-definition/api"]),
        (f"{ELB}:listener/app/alb/0a/1b", [f"{ELB}:loadbalancer/app/alb/0a"]),
        (f"{ELB}:listener-rule/app/alb/0a/1b/2c", [f"{ELB}:loadbalancer/app/alb/0a"]),
        ("arn:aws:elasticache:us-east-1:1:cluster:redis-001", ["redis-001"]),
        ("arn:aws:rds:us-east-1:1:snapshot:rds:db-2026", []),
        ("arn:aws:kms:us-east-1:1:key/0a-1b", ["0a-1b"]),
        ("arn:aws:s3:::bucket", ["arn:aws:s3:::bucket"]),
    ],
)
def test_what_is_declared_or_a_part_of_it_is_no_orphan(arn: str, known: list[str]) -> None:
    assert _orphans.candidates(tagged(arn), known, [], ALL) == []


def test_what_goes_with_a_deletion_or_another_orphan_is_not_listed_besides() -> None:
    balancer = f"{ELB}:loadbalancer/app/alb/0a"
    found = tagged(balancer, f"{ELB}:listener/app/alb/0a/1b", f"{EC2}:elastic-ip/eipalloc-1", f"{EC2}:natgateway/nat-1")
    deletion = Deletion("AWS::EC2::NatGateway", "nat", ("nat-1", "eipalloc-1"))
    assert [each.arn.text for each in _orphans.candidates(found, [], [deletion], ALL)] == [balancer]


@pytest.mark.parametrize(
    ("layer", "layers", "listed"),
    [
        ("network", ALL, True),
        ("network", ["network"], True),
        ("network", ["data"], False),
        ("elsewhere", ALL, True),
        ("elsewhere", ["network"], False),
        ("", ALL, True),
        ("", ["network"], False),
    ],
)
def test_a_run_of_some_layers_lists_only_theirs(layer: str, layers: list[str], listed: bool) -> None:
    found = tagged(f"{EC2}:volume/vol-1", Layer=layer)
    assert bool(_orphans.candidates(found, [], [], layers)) is listed


@pytest.mark.parametrize(
    ("arn", "layer", "reason"),
    [
        (f"{EC2}:instance/i-1", "network", "no module handles this kind"),
        (f"{EC2}:vpc/vpc-2", "network", "an environment has what its inventory names"),
        (f"{EC2}:subnet/subnet-2", "elsewhere", "its tag Layer=elsewhere is no layer"),
        (f"{EC2}:subnet/subnet-2", "", "it has no tag Layer"),
        (f"{EC2}:subnet/subnet-2", "network", "it is in use, of a layer that has none"),
    ],
)
def test_why_pruning_leaves_it(arn: str, layer: str, reason: str) -> None:
    (orphan,) = _orphans.orphans(tagged(arn, Layer=layer), [], [])
    assert orphan["prune"] is False
    assert orphan["layer"] == (layer or None)
    assert orphan["reason"].startswith(reason)
    assert orphan["reason"].endswith(": delete by hand")


def test_what_modules_delete_is_listed_with_what_aws_shows_of_it() -> None:
    group = f"{EC2}:security-group/sg-1"
    deletions = [
        Deletion("AWS::Logs::QueryDefinition", "errors", ("0a-1b",)),
        Deletion("AWS::EC2::SecurityGroup", "stray", ("sg-1",), "network"),
        Deletion("AWS::IAM::Role", "role", ("arn:aws:iam::1:role/role", "AROA1")),
    ]
    listed: list[dict[str, Any]] = _orphans.orphans([], tagged(group), deletions)
    assert [(each["kind"], each["name"], each["arn"], each["layer"]) for each in listed] == [
        ("AWS::EC2::SecurityGroup", "stray", group, "network"),
        ("AWS::IAM::Role", "role", "arn:aws:iam::1:role/role", None),
        ("AWS::Logs::QueryDefinition", "errors", None, None),
    ]
    assert {(each["prune"], each["reason"]) for each in listed} == {(True, None)}
