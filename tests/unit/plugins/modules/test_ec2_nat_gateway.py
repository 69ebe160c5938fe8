# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _plan
from ansible_collections.uex.payments.plugins.modules import ec2_nat_gateway
from ansible_collections.uex.payments.plugins.modules.ec2_nat_gateway import NatGateway
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account, Connect, Contract, Subject


def sample(connect: Connect) -> dict[str, Any]:
    client = connect("ec2")
    vpc = client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [client.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24")["Subnet"]["SubnetId"] for n in range(2)]
    return {
        "vpc_id": vpc,
        "nat_gateways": [
            {"name": f"uex-payments-test-nat-{zone}", "subnet_id": subnet, "tags": None}
            for zone, subnet in zip("ab", subnets, strict=True)
        ],
    }


CONTRACT = Contract(NatGateway, sample, change={"tags": {"Purpose": "other"}})


@pytest.fixture
def subject(aws: None) -> Subject:
    return Subject(CONTRACT, Account())


def addresses(subject: Subject) -> list[dict[str, Any]]:
    return list(subject.account.connect("ec2").describe_addresses()["Addresses"])


def allocate(subject: Subject, name: str, **tags: str) -> str:
    pairs = [{"Key": key, "Value": value} for key, value in {**TAGS, **tags, "Name": name}.items()]
    specification = [{"ResourceType": "elastic-ip", "Tags": pairs}]
    client = subject.account.connect("ec2")
    return str(client.allocate_address(Domain="vpc", TagSpecifications=specification)["AllocationId"])


def test_an_address_that_an_interrupted_run_left_is_used(subject: Subject) -> None:
    allocation = allocate(subject, subject.names()[0])
    outcome = subject.run()
    assert outcome.resources[subject.names()[0]]["allocation_id"] == allocation
    assert len(addresses(subject)) == 2


def test_an_address_of_another_environment_is_not_used(subject: Subject) -> None:
    allocation = allocate(subject, subject.names()[0], Environment="other")
    assert subject.run().resources[subject.names()[0]]["allocation_id"] != allocation


def test_pruning_deletes_gateways_and_releases_their_addresses(subject: Subject) -> None:
    assert subject.run().failed == []
    assert subject.run(prune=True, **subject.with_items([])).failed == []
    assert addresses(subject) == []


def test_pruning_releases_addresses_without_a_gateway_but_spares_others(subject: Subject) -> None:
    allocate(subject, "uex-payments-test-nat-z")
    other = allocate(subject, "uex-payments-test-nat-z", Layer="other")
    outcome = subject.run(prune=True, **subject.with_items([]))
    assert [(plan.name, plan.verb) for plan in outcome.done] == [("uex-payments-test-nat-z", _plan.DELETE)]
    assert [address["AllocationId"] for address in addresses(subject)] == [other]


def test_a_gateway_in_the_making_is_not_waited_for_and_not_made_again(subject: Subject) -> None:
    assert subject.run().failed == []
    gateway = {"NatGatewayId": "nat-1", "SubnetId": "subnet-1", "State": "pending"}
    observed = ec2_nat_gateway.observed_gateway(gateway, {"Name": "a"})
    assert observed["ready"] is False
    assert observed["allocation_id"] is None
    assert subject.resource().observe()[subject.names()[0]]["ready"] is True


def test_a_gateway_cannot_move(subject: Subject) -> None:
    assert subject.run().failed == []
    subject.account.written()
    first, second = subject.items
    outcome = subject.run(**subject.with_items([{**first, "subnet_id": second["subnet_id"]}, second]))
    assert [error.code for error in outcome.failed] == ["Frozen"]
    assert subject.account.written() == []


def test_without_waiting_a_gateway_goes_first_and_its_address_with_the_next_run(subject: Subject) -> None:
    assert subject.run().failed == []
    started = subject.run(prune=True, wait=False, **subject.with_items([]))
    assert started.failed == []
    assert len(addresses(subject)) == 2
    assert subject.run(prune=True, wait=False, **subject.with_items([])).failed == []
    assert addresses(subject) == []
    assert subject.run(prune=True, **subject.with_items([])).done == []
