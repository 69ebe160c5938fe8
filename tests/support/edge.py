# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the edge layer's resource kinds refer to, made on an empty account."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from ansible_collections.uex.payments.plugins.module_utils._certificates import self_signed

Connect = Callable[[str], Any]


class Network(NamedTuple):
    """A VPC with subnets in three zones and a security group."""

    vpc_id: str
    subnets: list[str]
    security_groups: list[str]


def network(connect: Connect, number: int = 0) -> Network:
    """A network of its own; C(number) sets its range apart from others."""
    ec2 = connect("ec2")
    vpc = ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.{number}.{third}.0/24", AvailabilityZone=f"us-east-1{zone}")
        for third, zone in enumerate("abc")
    ]
    group = ec2.create_security_group(VpcId=vpc, GroupName="alb", Description="load balancer")["GroupId"]
    return Network(vpc, [each["Subnet"]["SubnetId"] for each in subnets], [group])


def load_balancer(connect: Connect, made: Network) -> str:
    """The ARN of a load balancer."""
    created = connect("elbv2").create_load_balancer(
        Name="uex-payments-test-alb", Subnets=made.subnets, SecurityGroups=made.security_groups, Type="application"
    )
    return str(created["LoadBalancers"][0]["LoadBalancerArn"])


def certificate(connect: Connect, now: Any) -> str:
    """The ARN of an imported certificate."""
    pair = self_signed(["pay.example.com"], now)
    imported = connect("acm").import_certificate(Certificate=pair.certificate, PrivateKey=pair.private_key)
    return str(imported["CertificateArn"])


def log_bucket(connect: Connect, name: str) -> str:
    """A bucket that load balancers may deliver their logs to."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{name}/*",
    }
    connect("s3").create_bucket(Bucket=name)
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    connect("s3").put_bucket_policy(Bucket=name, Policy=policy)
    return name


def without_pauses(
    check: Callable[[], Any], done: Callable[[Any], bool], what: str, deadline: float, pause: float = 0
) -> Any:
    """In place of _wait.until: looks again at once; the check must come to an end by itself."""
    while not done(value := check()):
        continue
    return value
