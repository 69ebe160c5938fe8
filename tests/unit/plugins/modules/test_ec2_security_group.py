# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import botocore.exceptions
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _ec2_rules
from ansible_collections.uex.payments.plugins.modules.ec2_security_group import SecurityGroup
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

ECS, RDS = "uex-payments-test-ecs", "uex-payments-test-rds"


def rule(**changed: Any) -> dict[str, Any]:
    """A rule as Ansible fills it."""
    plain = {"protocol": "tcp", "from_port": 5432, "to_port": 5432, "description": None}
    return {**plain, **dict.fromkeys(("cidr_blocks", "security_group", "prefix_list_id")), **changed}


def group(name: str, **changed: Any) -> dict[str, Any]:
    return {"name": name, "description": "Tests", "ingress": [], "egress": [], "tags": None, **changed}


def sample(connect: Connect) -> dict[str, Any]:
    """Two groups that name each other."""
    return {
        "vpc_id": connect("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"],
        "security_groups": [
            group(
                ECS,
                ingress=[rule(security_group=ECS, from_port=3900, to_port=3900, description="Each other")],
                egress=[rule(security_group=RDS), rule(cidr_blocks=["0.0.0.0/0"], from_port=443, to_port=443)],
            ),
            group(RDS, ingress=[rule(security_group=ECS, description="From tasks")]),
        ],
    }


CHANGE = {"ingress": [rule(protocol="all", from_port=None, to_port=None, cidr_blocks=["10.0.0.0/8", "::/0"])]}
CONTRACT = Contract(SecurityGroup, sample, change=CHANGE, unset=("ingress", "egress"))


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    subject.account.written()
    return subject


def groups(subject: Subject) -> dict[str, Any]:
    vpc = [{"Name": "vpc-id", "Values": [subject.options["vpc_id"]]}]
    found = subject.account.connect("ec2").describe_security_groups(Filters=vpc)["SecurityGroups"]
    return {entry["GroupName"]: entry for entry in found}


def test_rules_name_each_other_and_nothing_else_is_allowed(made: Subject) -> None:
    found = groups(made)
    (permission,) = found[RDS]["IpPermissions"]
    (pair,) = permission["UserIdGroupPairs"]
    assert (pair["GroupId"], pair["Description"]) == (found[ECS]["GroupId"], "From tasks")
    assert (permission["FromPort"], permission["ToPort"], permission["IpRanges"]) == (5432, 5432, [])
    assert found[RDS]["IpPermissionsEgress"] == []


def test_the_default_group_is_not_of_the_set(made: Subject) -> None:
    assert "default" not in made.resource().observe()
    assert made.run(prune=True, **made.with_items([])).failed == []
    assert list(groups(made)) == ["default"]


def test_a_new_description_is_written_without_taking_the_access_away(made: Subject) -> None:
    ecs, rds = made.items
    outcome = made.run(**made.with_items([ecs, {**rds, "ingress": [rule(security_group=ECS, description="Other")]}]))
    assert outcome.failed == []
    assert made.account.written() == [("ec2", "UpdateSecurityGroupRuleDescriptionsIngress")]


def test_access_is_granted_before_it_is_taken(made: Subject) -> None:
    ecs, rds = made.items
    assert made.run(**made.with_items([ecs, {**rds, "ingress": [rule(cidr_blocks=["10.0.0.0/8"])]}])).failed == []
    names = [operation for _service, operation in made.account.written()]
    assert names == ["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"]


def test_a_group_named_by_another_that_stays_is_deleted_with_its_rules(made: Subject) -> None:
    ecs = {**made.items[0], "egress": None}
    outcome = made.run(prune=True, **made.with_items([ecs]))
    assert outcome.failed == []
    assert RDS not in groups(made)
    assert all(not permission["UserIdGroupPairs"] for permission in groups(made)[ECS]["IpPermissionsEgress"])


def test_a_group_outside_the_set_is_named_by_id(made: Subject) -> None:
    client = made.account.connect("ec2")
    other = client.create_security_group(VpcId=made.options["vpc_id"], GroupName="other", Description="o")["GroupId"]
    ecs, rds = made.items
    items = made.with_items([ecs, {**rds, "ingress": [rule(security_group=other)]}])
    assert made.run(**items).failed == []
    assert made.run(**items).done == []


def test_a_group_that_an_interface_holds_is_not_deleted(made: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SecurityGroup, "release_deadline", 0.0)
    client = made.account.connect("ec2")
    observed = made.resource().observe()
    subnet = client.create_subnet(VpcId=made.options["vpc_id"], CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    client.create_network_interface(SubnetId=subnet, Groups=[observed[RDS]["group_id"]])
    with pytest.raises(botocore.exceptions.ClientError, match="DependencyViolation"):
        made.resource().delete(RDS, observed[RDS])


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"security_group": ECS}, None),
        ({"security_group": "sg-0123"}, None),
        ({"security_group": "(known after apply)"}, None),
        ({"cidr_blocks": ["10.0.0.0/8"], "protocol": "all", "from_port": None}, None),
        ({}, "exactly one of"),
        ({"security_group": ECS, "cidr_blocks": ["10.0.0.0/8"]}, "exactly one of"),
        ({"security_group": "someone"}, "neither of the set nor an id"),
        ({"cidr_blocks": ["10.0.0.0/8"], "to_port": None}, "from_port and to_port are needed"),
        ({"cidr_blocks": ["10.0.0.0/8"], "description": "100 %"}, "does not take this description"),
    ],
)
def test_a_rule_is_checked_before_any_call(changed: dict[str, Any], problem: str | None) -> None:
    problems = list(_ec2_rules.problems("ingress[0]", rule(**changed), [ECS]))
    assert len(problems) == (problem is not None)
    assert all(str(problem) in text for text in problems)
