# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""IAM as AWS documents it: refused documents, deletions in the right order, service-linked roles."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.usefixtures("aws")

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


@pytest.fixture
def iam(aws: None) -> Any:
    return boto3.client("iam")


def document(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


TRUST = document(Action="sts:AssumeRole", Principal={"Service": "ecs-tasks.amazonaws.com"})
ALLOW = document(Action="s3:GetObject", Resource="*")


def code(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return str(refused.value.response["Error"]["Code"])


MALFORMED = {
    "no JSON": "{",
    "no statement": json.dumps({"Version": "2012-10-17"}),
    "no effect": json.dumps({"Version": "2012-10-17", "Statement": [{"Action": "sts:AssumeRole", "Principal": "*"}]}),
    "no action": document(Principal="*"),
    "no principal": document(Action="sts:AssumeRole"),
    "a resource": document(Action="sts:AssumeRole", Principal="*", Resource="*"),
    "another action": document(Action="s3:GetObject", Principal="*"),
    "an absent role": document(Action="sts:AssumeRole", Principal={"AWS": "arn:aws:iam::123456789012:role/absent"}),
}


@pytest.mark.parametrize("trust", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_trust_policy(iam: Any, trust: str) -> None:
    assert code(iam.create_role, RoleName="new", AssumeRolePolicyDocument=trust) == "MalformedPolicyDocument"
    assert code(iam.get_role, RoleName="new") == "NoSuchEntity"
    iam.create_role(RoleName="old", AssumeRolePolicyDocument=TRUST)
    change = {"RoleName": "old", "PolicyDocument": trust}
    assert code(iam.update_assume_role_policy, **change) == "MalformedPolicyDocument"


def test_trust_in_a_role_that_exists(iam: Any) -> None:
    role = iam.create_role(RoleName="one", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    trust = document(Action=["sts:AssumeRole", "sts:TagSession"], Principal={"AWS": [role, "123456789012"]})
    made = iam.create_role(RoleName="two", AssumeRolePolicyDocument=trust)["Role"]
    assert made["AssumeRolePolicyDocument"] == json.loads(trust)


@pytest.mark.parametrize("name", ["no JSON", "no statement", "no action"])
def test_malformed_permission_policy(iam: Any, name: str) -> None:
    wrong = {"PolicyName": "p", "PolicyDocument": MALFORMED[name]}
    assert code(iam.create_policy, **wrong) == "MalformedPolicyDocument"
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    assert code(iam.put_role_policy, RoleName="r", **wrong) == "MalformedPolicyDocument"


def test_policy_is_deleted_only_detached_and_with_one_version(iam: Any) -> None:
    policy = iam.create_policy(PolicyName="p", PolicyDocument=ALLOW)["Policy"]["Arn"]
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    iam.attach_role_policy(RoleName="r", PolicyArn=policy)
    assert code(iam.delete_policy, PolicyArn=policy) == "DeleteConflict"
    iam.detach_role_policy(RoleName="r", PolicyArn=policy)
    version = iam.create_policy_version(PolicyArn=policy, PolicyDocument=ALLOW)["PolicyVersion"]["VersionId"]
    assert code(iam.delete_policy, PolicyArn=policy) == "DeleteConflict"
    iam.delete_policy_version(PolicyArn=policy, VersionId=version)
    iam.delete_policy(PolicyArn=policy)
    assert code(iam.get_policy, PolicyArn=policy) == "NoSuchEntity"


def entities(iam: Any, **more: str) -> dict[str, list[str]]:
    """Who has the policy p, by noun."""
    found = iam.list_entities_for_policy(PolicyArn="arn:aws:iam::123456789012:policy/p", **more)
    return {noun: [each[f"{noun}Name"] for each in found[f"Policy{noun}s"]] for noun in ("User", "Group", "Role")}


def test_a_boundary_is_a_use_of_its_policy(iam: Any) -> None:
    policy = iam.create_policy(PolicyName="p", PolicyDocument=ALLOW)["Policy"]["Arn"]
    iam.create_role(RoleName="limited", AssumeRolePolicyDocument=TRUST, PermissionsBoundary=policy)
    iam.create_role(RoleName="allowed", AssumeRolePolicyDocument=TRUST)
    iam.attach_role_policy(RoleName="allowed", PolicyArn=policy)
    iam.create_user(UserName="u")
    iam.attach_user_policy(UserName="u", PolicyArn=policy)
    limited, allowed = {"Role": ["limited"]}, {"User": ["u"], "Role": ["allowed"]}
    nobody: dict[str, list[str]] = {"User": [], "Group": [], "Role": []}
    assert entities(iam, PolicyUsageFilter="PermissionsBoundary") == {**nobody, **limited}
    assert entities(iam, PolicyUsageFilter="PermissionsPolicy") == {**nobody, **allowed}
    assert entities(iam) == {**nobody, **allowed, "Role": ["allowed", "limited"]}
    assert entities(iam, EntityFilter="User") == {**nobody, "User": ["u"]}
    iam.detach_role_policy(RoleName="allowed", PolicyArn=policy)
    iam.detach_user_policy(UserName="u", PolicyArn=policy)
    assert code(iam.delete_policy, PolicyArn=policy) == "DeleteConflict"
    iam.delete_role_permissions_boundary(RoleName="limited")
    iam.delete_policy(PolicyArn=policy)


def test_a_boundary_exists(iam: Any) -> None:
    absent = {"PermissionsBoundary": "arn:aws:iam::123456789012:policy/absent"}
    assert code(iam.create_role, RoleName="r", AssumeRolePolicyDocument=TRUST, **absent) == "NoSuchEntity"
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    assert code(iam.put_role_permissions_boundary, RoleName="r", **absent) == "NoSuchEntity"


def make_full_role(iam: Any) -> None:
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    iam.attach_role_policy(RoleName="r", PolicyArn=READ_ONLY)
    iam.put_role_policy(RoleName="r", PolicyName="inline", PolicyDocument=ALLOW)
    iam.create_instance_profile(InstanceProfileName="i")
    iam.add_role_to_instance_profile(InstanceProfileName="i", RoleName="r")


@pytest.mark.managed_policies
def test_role_is_deleted_only_bare(iam: Any) -> None:
    make_full_role(iam)
    steps: list[tuple[Any, dict[str, str]]] = [
        (iam.detach_role_policy, {"PolicyArn": READ_ONLY}),
        (iam.delete_role_policy, {"PolicyName": "inline"}),
        (iam.remove_role_from_instance_profile, {"InstanceProfileName": "i"}),
    ]
    for step, parameters in steps:
        assert code(iam.delete_role, RoleName="r") == "DeleteConflict"
        step(RoleName="r", **parameters)
    iam.delete_role(RoleName="r")
    assert code(iam.get_role, RoleName="r") == "NoSuchEntity"


def make_full_group(iam: Any) -> None:
    iam.create_group(GroupName="g")
    iam.create_user(UserName="u")
    iam.add_user_to_group(GroupName="g", UserName="u")
    iam.attach_group_policy(GroupName="g", PolicyArn=READ_ONLY)
    iam.put_group_policy(GroupName="g", PolicyName="inline", PolicyDocument=ALLOW)


@pytest.mark.managed_policies
def test_group_is_deleted_only_bare(iam: Any) -> None:
    make_full_group(iam)
    steps: list[tuple[Any, dict[str, str]]] = [
        (iam.remove_user_from_group, {"UserName": "u"}),
        (iam.detach_group_policy, {"PolicyArn": READ_ONLY}),
        (iam.delete_group_policy, {"PolicyName": "inline"}),
    ]
    for step, parameters in steps:
        assert code(iam.delete_group, GroupName="g") == "DeleteConflict"
        step(GroupName="g", **parameters)
    iam.delete_group(GroupName="g")
    assert code(iam.get_group, GroupName="g") == "NoSuchEntity"


def test_a_group_moves(iam: Any) -> None:
    iam.create_group(GroupName="g")
    iam.update_group(GroupName="g", NewPath="/a/")
    moved = iam.get_group(GroupName="g")["Group"]
    assert (moved["Path"], moved["Arn"]) == ("/a/", "arn:aws:iam::123456789012:group/a/g")
    iam.update_group(GroupName="g", NewGroupName="h")
    assert iam.get_group(GroupName="h")["Group"]["Path"] == "/a/"
    assert code(iam.update_group, GroupName="g", NewPath="/b/") == "NoSuchEntity"


def test_tags_on_roles_and_policies(iam: Any) -> None:
    tags = [{"Key": "Project", "Value": "uex-payments"}]
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST, Tags=tags)
    policy = iam.create_policy(PolicyName="p", PolicyDocument=ALLOW, Tags=tags)["Policy"]["Arn"]
    assert iam.list_role_tags(RoleName="r")["Tags"] == tags
    assert iam.get_role(RoleName="r")["Role"]["Tags"] == tags
    assert iam.list_policy_tags(PolicyArn=policy)["Tags"] == tags
    iam.untag_role(RoleName="r", TagKeys=["Project"])
    iam.untag_policy(PolicyArn=policy, TagKeys=["Project"])
    assert iam.list_role_tags(RoleName="r")["Tags"] == []
    assert iam.list_policy_tags(PolicyArn=policy)["Tags"] == []


@pytest.mark.parametrize(
    ("service", "name"),
    [
        ("ecs", "AWSServiceRoleForECS"),
        ("elasticache", "AWSServiceRoleForElastiCache"),
        ("rds", "AWSServiceRoleForRDS"),
        ("elasticloadbalancing", "AWSServiceRoleForElasticLoadBalancing"),
        ("ecs.application-autoscaling", "AWSServiceRoleForApplicationAutoScaling_ECSService"),
    ],
)
def test_service_linked_role(iam: Any, service: str, name: str) -> None:
    domain = f"{service}.amazonaws.com"
    made = iam.create_service_linked_role(AWSServiceName=domain)["Role"]
    assert (made["RoleName"], made["Path"]) == (name, f"/aws-service-role/{domain}/")
    assert made["Arn"] == f"arn:aws:iam::123456789012:role/aws-service-role/{domain}/{name}"
    assert iam.get_role(RoleName=name)["Role"]["Arn"] == made["Arn"]
    assert code(iam.create_service_linked_role, AWSServiceName=domain) == "InvalidInput"
    change = {"RoleName": name, "PolicyName": "p", "PolicyDocument": ALLOW}
    assert code(iam.put_role_policy, **change) == "UnmodifiableEntity"
    iam.delete_service_linked_role(RoleName=name)
    assert code(iam.get_role, RoleName=name) == "NoSuchEntity"


@pytest.mark.managed_policies
def test_managed_policies_are_fresh_for_every_account(iam: Any) -> None:
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    iam.attach_role_policy(RoleName="r", PolicyArn=READ_ONLY)
    assert iam.get_policy(PolicyArn=READ_ONLY)["Policy"]["AttachmentCount"] == 1
    from moto.iam.models import iam_backends

    iam_backends["123456789012"]["aws"].reset()
    assert iam.get_policy(PolicyArn=READ_ONLY)["Policy"]["AttachmentCount"] == 0
