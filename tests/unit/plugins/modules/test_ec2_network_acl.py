# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules import ec2_network_acl
from ansible_collections.uex.payments.plugins.modules.ec2_network_acl import NetworkAcl
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject


def entry(number: int, **changed: Any) -> dict[str, Any]:
    """An entry as Ansible fills it."""
    plain = {"rule_number": number, "protocol": "tcp", "rule_action": "allow", "cidr_block": "10.0.0.0/16"}
    return {**plain, "from_port": 5432, "to_port": 5432, **changed}


def sample(connect: Connect) -> dict[str, Any]:
    client = connect("ec2")
    vpc = client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [client.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24")["Subnet"]["SubnetId"] for n in range(3)]
    return {
        "vpc_id": vpc,
        "network_acls": [
            {
                "name": f"uex-payments-test-{tier}",
                "subnet_ids": own,
                "ingress": [entry(110), entry(100, protocol="udp", from_port=53, to_port=53)],
                "egress": [entry(100, protocol="all", from_port=None, to_port=None, rule_action="deny")],
                "tags": None,
            }
            for tier, own in (("app", subnets[:2]), ("data", subnets[2:]))
        ],
    }


CONTRACT = Contract(
    NetworkAcl,
    sample,
    change={"ingress": [entry(110, to_port=5433), entry(120)], "egress": []},
    unset=("subnet_ids", "ingress", "egress"),
)


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    subject.account.written()
    return subject


def guards(subject: Subject) -> dict[str, str]:
    """The ACL's name by subnet; the default one has none."""
    vpc = [{"Name": "vpc-id", "Values": [subject.options["vpc_id"]]}]
    found = subject.account.connect("ec2").describe_network_acls(Filters=vpc)["NetworkAcls"]
    return {
        each["SubnetId"]: next((tag["Value"] for tag in acl["Tags"] if tag["Key"] == "Name"), "")
        for acl in found
        for each in acl["Associations"]
    }


def test_subnets_move_from_one_acl_to_another_at_once(made: Subject) -> None:
    app, data = made.items
    kept, moved = app["subnet_ids"]
    items = [{**app, "subnet_ids": [kept]}, {**data, "subnet_ids": [*data["subnet_ids"], moved]}]
    assert made.run(**made.with_items(items)).failed == []
    assert guards(made)[moved] == data["name"]
    assert made.account.written() == [("ec2", "ReplaceNetworkAclAssociation")]


def test_a_subnet_that_no_acl_wants_falls_back_to_the_default_one(made: Subject) -> None:
    app, data = made.items
    kept, given_up = app["subnet_ids"]
    assert made.run(**made.with_items([{**app, "subnet_ids": [kept]}, data])).failed == []
    assert guards(made)[given_up] == ""


def test_entries_are_replaced_in_place(made: Subject) -> None:
    app, data = made.items
    ingress = [entry(110, rule_action="deny"), app["ingress"][1]]
    assert made.run(**made.with_items([{**app, "ingress": ingress}, data])).failed == []
    assert made.account.written() == [("ec2", "ReplaceNetworkAclEntry")]


@pytest.mark.parametrize(
    ("entries", "problems"),
    [
        ([entry(1), entry(32766)], []),
        ([entry(1, protocol="all", from_port=None, to_port=None)], []),
        ([entry(1), entry(1)], ["ingress: a rule_number is there twice"]),
        ([entry(0), entry(32767)], [f"ingress: rule_number {n} is not from 1 to 32766" for n in (0, 32767)]),
        ([entry(7, to_port=None)], ["ingress: entry 7 needs from_port and to_port"]),
        ([entry(n) for n in range(1, 22)], ["ingress: 21 entries, AWS allows 20"]),
    ],
)
def test_entries_are_checked_before_any_call(entries: list[dict[str, Any]], problems: list[str]) -> None:
    assert list(ec2_network_acl.entry_problems("ingress", entries)) == problems
