# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.ec2_subnet import Subnet
from ansible_collections.uex.payments.tests.support.contract import Connect, Contract


def sample(connect: Connect) -> dict[str, Any]:
    vpc = connect("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return {
        "vpc_id": vpc,
        "subnets": [
            {
                "name": f"uex-payments-test-app-{zone}",
                "cidr_block": f"10.0.{number}.0/24",
                "availability_zone": f"us-east-1{zone}",
                "map_public_ip_on_launch": False,
                "tags": None,
            }
            for number, zone in enumerate("ab")
        ],
    }


CONTRACT = Contract(Subnet, sample, change={"map_public_ip_on_launch": True}, unset=("map_public_ip_on_launch",))


@pytest.mark.parametrize("cidr_block", ["10.0.0.0/33", "10.0.0.1/24", "ten"])
def test_a_range_that_is_none_is_refused_by_name(cidr_block: str) -> None:
    resource = Subnet(lambda service: None, {})
    assert [problem.partition(":")[0] for problem in resource.validate({"cidr_block": cidr_block})] == ["cidr_block"]
