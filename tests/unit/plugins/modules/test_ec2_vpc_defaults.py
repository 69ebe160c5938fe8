# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _plan
from ansible_collections.uex.payments.plugins.module_utils._resource import reconcile
from ansible_collections.uex.payments.plugins.modules.ec2_vpc_defaults import VpcDefaults
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject


def sample(connect: Connect) -> dict[str, Any]:
    vpcs = [connect("ec2").create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"] for number in range(2)]
    return {
        "vpcs": [
            {"name": f"uex-payments-test-{number}", "vpc_id": vpc, "empty_network_acl": bool(number)}
            for number, vpc in enumerate(vpcs)
        ]
    }


CONTRACT = Contract(VpcDefaults, sample, change={"empty_network_acl": True}, prunable=False, first="update")


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    return subject


def test_nothing_is_let_through_by_default(made: Subject) -> None:
    client = made.account.connect("ec2")
    vpc = [{"Name": "vpc-id", "Values": [made.items[1]["vpc_id"]]}]
    (group,) = client.describe_security_groups(Filters=vpc)["SecurityGroups"]
    assert (group["GroupName"], group["IpPermissions"], group["IpPermissionsEgress"]) == ("default", [], [])
    (acl,) = client.describe_network_acls(Filters=vpc)["NetworkAcls"]
    assert {entry["RuleAction"] for entry in acl["Entries"]} <= {"deny"}


def test_an_acl_that_is_to_stay_stays(made: Subject) -> None:
    client = made.account.connect("ec2")
    vpc = [{"Name": "vpc-id", "Values": [made.items[0]["vpc_id"]]}]
    (acl,) = client.describe_network_acls(Filters=vpc)["NetworkAcls"]
    assert "allow" in {entry["RuleAction"] for entry in acl["Entries"]}


def test_a_rule_added_later_is_drift_and_goes(made: Subject) -> None:
    client = made.account.connect("ec2")
    first = made.items[0]
    vpc = [{"Name": "vpc-id", "Values": [first["vpc_id"]]}]
    group = client.describe_security_groups(Filters=vpc)["SecurityGroups"][0]["GroupId"]
    client.authorize_security_group_ingress(GroupId=group, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0")
    outcome = made.run()
    assert [(plan.name, plan.verb) for plan in outcome.done] == [(first["name"], _plan.UPDATE)]
    assert [change.field for plan in outcome.done for change in plan.changes] == ["security_group_rules"]
    assert client.describe_security_groups(Filters=vpc)["SecurityGroups"][0]["IpPermissions"] == []


def test_a_vpc_that_is_not_made_yet_is_planned_as_aws_will_make_it_without_a_call(made: Subject) -> None:
    items = [{"name": "one", "vpc_id": _plan.UNKNOWN, "empty_network_acl": True}]
    account = Account()
    planned = reconcile(VpcDefaults(account.connect, {"vpcs": items}), check_mode=True).plans
    assert account.calls == []
    vpc_id = account.connect("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    done = made.run(**made.with_items([{**items[0], "vpc_id": vpc_id}])).done
    assert [(plan.verb, plan.changes) for plan in planned] == [(plan.verb, plan.changes) for plan in done]
    assert [plan.verb for plan in planned] == [_plan.UPDATE]
