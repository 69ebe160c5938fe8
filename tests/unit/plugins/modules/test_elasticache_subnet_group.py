# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.elasticache_subnet_group import CacheSubnetGroup
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject


def subnets(connect: Connect) -> list[str]:
    """Ids of three subnets in three zones."""
    ec2 = connect("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"][
            "SubnetId"
        ]
        for number, zone in enumerate("abc")
    ]


def sample(connect: Connect) -> dict[str, Any]:
    shared = {"description": "UEX Payments", "subnet_ids": subnets(connect), "tags": None}
    return {"cache_subnet_groups": [{"name": f"uex-payments-test-{name}", **shared} for name in ("redis", "other")]}


CONTRACT = Contract(CacheSubnetGroup, sample, change={"description": "other"})


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    return subject


def test_the_order_of_subnets_does_not_matter(made: Subject) -> None:
    turned = [{**item, "subnet_ids": item["subnet_ids"][::-1]} for item in made.items]
    assert made.run(**made.with_items(turned)).done == []


def test_a_subnet_can_be_taken_out(made: Subject) -> None:
    fewer = made.items[0]["subnet_ids"][:2]
    outcome = made.run(**made.with_items([{**made.items[0], "subnet_ids": fewer}]))
    assert outcome.failed == []
    assert outcome.resources["uex-payments-test-redis"]["subnet_ids"] == sorted(fewer)


def test_a_name_that_aws_would_rewrite_is_refused() -> None:
    resource = CacheSubnetGroup(lambda service: None, {})
    assert [problem.partition(":")[0] for problem in resource.validate({"name": "UEX"})] == ["name"]
