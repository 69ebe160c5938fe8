# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.ec2_route_table import RouteTable
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

ANYWHERE = "0.0.0.0/0"


def route(target: str, value: str, destination: str = ANYWHERE) -> dict[str, Any]:
    """A route as Ansible fills it."""
    return {"destination_cidr_block": destination, "gateway_id": None, "nat_gateway_id": None, target: value}


def sample(connect: Connect) -> dict[str, Any]:
    client = connect("ec2")
    vpc = client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [client.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24")["Subnet"]["SubnetId"] for n in range(3)]
    gateway = client.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    client.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    address = client.allocate_address(Domain="vpc")["AllocationId"]
    nat = client.create_nat_gateway(SubnetId=subnets[0], AllocationId=address)["NatGateway"]["NatGatewayId"]
    routes = {"public": route("gateway_id", gateway), "app": route("nat_gateway_id", nat)}
    return {
        "vpc_id": vpc,
        "route_tables": [
            {"name": f"uex-payments-test-{tier}", "routes": [routes[tier]], "subnet_ids": own, "tags": None}
            for tier, own in (("public", subnets[:2]), ("app", subnets[2:]))
        ],
    }


CONTRACT = Contract(RouteTable, sample, change={"routes": []}, unset=("routes", "subnet_ids"))


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    subject.account.written()
    return subject


def test_subnets_move_from_one_table_to_another_at_once(made: Subject) -> None:
    public, app = made.items
    kept, moved = public["subnet_ids"]
    items = [{**public, "subnet_ids": [kept]}, {**app, "subnet_ids": [*app["subnet_ids"], moved]}]
    assert made.run(**made.with_items(items)).failed == []
    assert made.account.written() == [("ec2", "ReplaceRouteTableAssociation")]


def test_a_route_gets_its_new_target_in_place(made: Subject) -> None:
    public, app = made.items
    items = [public, {**app, "routes": public["routes"]}]
    assert made.run(**made.with_items(items)).failed == []
    assert made.account.written() == [("ec2", "ReplaceRoute")]


def test_a_subnet_that_no_table_wants_falls_back_to_the_main_one(made: Subject) -> None:
    public, app = made.items
    assert made.run(**made.with_items([{**public, "subnet_ids": public["subnet_ids"][:1]}, app])).failed == []
    assert made.account.written() == [("ec2", "DisassociateRouteTable")]


def test_the_main_table_is_never_of_the_set(made: Subject) -> None:
    assert made.run(prune=True, **made.with_items([])).failed == []
    vpc = [{"Name": "vpc-id", "Values": [made.options["vpc_id"]]}]
    (main,) = made.account.connect("ec2").describe_route_tables(Filters=vpc)["RouteTables"]
    assert [association["Main"] for association in main["Associations"]] == [True]


@pytest.mark.parametrize(
    ("changed", "problems"),
    [
        ({}, 0),
        ({"gateway_id": None}, 1),
        ({"nat_gateway_id": "nat-1"}, 1),
    ],
)
def test_a_route_has_exactly_one_target(changed: dict[str, Any], problems: int) -> None:
    item = {"routes": [{**route("gateway_id", "igw-1"), **changed}]}
    assert len(list(RouteTable(lambda service: None, {}).validate(item))) == problems
