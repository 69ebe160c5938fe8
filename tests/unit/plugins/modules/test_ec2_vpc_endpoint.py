# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules import ec2_vpc_endpoint
from ansible_collections.uex.payments.plugins.modules.ec2_vpc_endpoint import VpcEndpoint
from ansible_collections.uex.payments.tests.support.contract import Connect, Contract

POLICY = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"},
}


def endpoint(name: str, service: str, kind: str, **changed: Any) -> dict[str, Any]:
    """An endpoint as Ansible fills it."""
    options = ("route_table_ids", "subnet_ids", "security_group_ids", "private_dns_enabled", "policy", "tags")
    service_name = f"com.amazonaws.us-east-1.{service}"
    plain = {"name": name, "service_name": service_name, "vpc_endpoint_type": kind}
    return {**plain, **dict.fromkeys(options), **changed}


def sample(connect: Connect) -> dict[str, Any]:
    client = connect("ec2")
    vpc = client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [client.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24")["Subnet"]["SubnetId"] for n in range(2)]
    table = client.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    group = client.create_security_group(VpcId=vpc, GroupName="endpoints", Description="Tests")["GroupId"]
    return {
        "vpc_id": vpc,
        "vpc_endpoints": [
            endpoint("uex-payments-test-s3", "s3", "Gateway", route_table_ids=[table], policy=POLICY),
            endpoint(
                "uex-payments-test-logs",
                "logs",
                "Interface",
                subnet_ids=subnets,
                security_group_ids=[group],
                private_dns_enabled=True,
            ),
        ],
    }


CONTRACT = Contract(
    VpcEndpoint,
    sample,
    change={"route_table_ids": []},
    unset=("route_table_ids", "subnet_ids", "security_group_ids", "private_dns_enabled", "policy"),
)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({"subnet_ids": ["b", "c"]}, {"AddSubnetIds": ["c"], "RemoveSubnetIds": ["a"]}),
        ({"route_table_ids": ["r"]}, {"AddRouteTableIds": ["r"]}),
        ({"security_group_ids": []}, {"RemoveSecurityGroupIds": ["g"]}),
        ({"private_dns_enabled": False}, {"PrivateDnsEnabled": False}),
        ({"policy": "{}"}, {"PolicyDocument": "{}"}),
        ({"policy": ""}, {"ResetPolicy": True}),
        ({"tags": {}}, {}),
    ],
)
def test_only_what_changes_is_sent(after: dict[str, Any], expected: dict[str, Any]) -> None:
    before = {"subnet_ids": ["a", "b"], "route_table_ids": [], "security_group_ids": ["g"], "tags": {}}
    assert ec2_vpc_endpoint.modifications(before, after, after) == expected


@pytest.mark.parametrize(
    ("kind", "option", "problems"),
    [
        ("Gateway", "route_table_ids", 0),
        ("Gateway", "subnet_ids", 1),
        ("Gateway", "security_group_ids", 1),
        ("Interface", "subnet_ids", 0),
        ("Interface", "route_table_ids", 1),
    ],
)
def test_options_fit_the_type(kind: str, option: str, problems: int) -> None:
    item = endpoint("one", "s3", kind, **{option: ["id"]})
    assert len(list(VpcEndpoint(lambda service: None, {}).validate(item))) == problems


@pytest.mark.parametrize(("state", "ready"), [("available", True), ("Available", True), ("pending", False)])
def test_an_endpoint_in_the_making_is_not_ready(state: str, ready: bool) -> None:
    entry = {"VpcEndpointId": "vpce-1", "ServiceName": "s", "VpcEndpointType": "Interface", "State": state}
    assert ec2_vpc_endpoint.observed_endpoint(entry, {})["ready"] is ready
