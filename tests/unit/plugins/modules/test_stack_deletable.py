# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules import stack_deletable
from ansible_collections.uex.payments.tests.support import plugins
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account

PAIRS = [{"Key": key, "Value": value} for key, value in TAGS.items()]
LOGIN = {"MasterUsername": "uex", "MasterUserPassword": "long-enough"}
SIZE = {"Engine": "postgres", "DBInstanceClass": "db.t3.medium", "AllocatedStorage": 20}


def options(*layers: str) -> dict[str, Any]:
    return {"name": "uex-payments-test", "tags": TAGS, "layers": list(layers)}


def database(**settings: Any) -> None:
    made = {"DBInstanceIdentifier": "uex-payments-test-db", "Tags": PAIRS, **SIZE, **LOGIN, **settings}
    Account().connect("rds").create_db_instance(**made)


def network() -> str:
    """A VPC of ours with a subnet, whose id is returned."""
    client = Account().connect("ec2")
    tags = [{"ResourceType": "vpc", "Tags": [*PAIRS, {"Key": "Name", "Value": "uex-payments-test-vpc"}]}]
    vpc = client.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tags)["Vpc"]["VpcId"]
    return str(client.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"])


def test_an_empty_account_stands_in_nobody_s_way(aws: None) -> None:
    result = plugins.run_module(stack_deletable, options("foundation", "network"))
    assert (result.get("failed"), result["changed"], result["protected"]) == (None, False, [])


def test_a_layer_with_users_is_refused_with_them_and_the_tags_of_all(aws: None) -> None:
    database()
    result = plugins.run_module(stack_deletable, options("network"))
    assert result["failed"]
    for words in ("data still stands on network", "DB instance uex-payments-test-db", "--tags data,network"):
        assert words in result["msg"]


def test_users_that_go_with_it_are_no_hindrance(aws: None) -> None:
    database()
    assert not plugins.run_module(stack_deletable, options("network", "data")).get("failed")


def test_another_environment_s_layers_are_no_users(aws: None) -> None:
    database(DBInstanceIdentifier="uex-payments-other-db")
    assert not plugins.run_module(stack_deletable, options("network")).get("failed")


@pytest.mark.parametrize("check_mode", [False, True])
def test_deletion_protection_is_refused_and_in_a_check_a_warning(aws: None, check_mode: bool) -> None:
    database(DeletionProtection=True)
    result = plugins.run_module(stack_deletable, options("data"), check_mode)
    said = str(result["warnings"]) if check_mode else result["msg"]
    assert bool(result.get("failed")) is not check_mode
    assert "deletion protection is on for DB instance uex-payments-test-db" in said
    assert "ansible-playbook site.yml -e deletion_protection=false --tags data" in said


def test_protection_in_a_layer_that_stays_does_not_matter(aws: None) -> None:
    database(DeletionProtection=True)
    assert not plugins.run_module(stack_deletable, options("monitoring")).get("failed")


def test_a_machine_in_the_vpc_is_named(aws: None) -> None:
    subnet, client = network(), Account().connect("ec2")
    started = client.run_instances(ImageId="ami-12345678", MinCount=1, MaxCount=1, SubnetId=subnet)["Instances"][0]
    result = plugins.run_module(stack_deletable, options("network"))
    assert result["failed"]
    assert started["InstanceId"] in result["msg"]
