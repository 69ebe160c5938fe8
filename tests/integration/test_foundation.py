# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The foundation layer against its specification: keys, buckets, roles."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import pytest

from ansible_collections.uex.payments.tests.integration.expected import SERVICES

Statement = dict[str, Any]

KEYS = ("data", "logs")
BUCKETS = ("backups", "alb-logs", "app-logs")
#: Who may take each role on.
TRUST = {
    "execution": "ecs-tasks.amazonaws.com",
    "flow-logs": "vpc-flow-logs.amazonaws.com",
    "rds-monitoring": "monitoring.rds.amazonaws.com",
    **{f"task-{service}": "ecs-tasks.amazonaws.com" for service in SERVICES},
}
#: Actions for which AWS knows no narrower resource than all.
UNSCOPED = frozenset(
    {
        "ecr:GetAuthorizationToken",
        "logs:DescribeLogGroups",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
    }
)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements(document: str | dict[str, Any]) -> list[Statement]:
    """The statements of a policy, as text, percent-encoded or not, or already parsed."""
    policy = json.loads(unquote(document)) if isinstance(document, str) else document
    return listed(policy["Statement"])


def allows(statement: Statement) -> bool:
    return bool(statement["Effect"] == "Allow")


# Keys


@pytest.fixture(scope="module", params=KEYS)
def key(request: pytest.FixtureRequest, connect: Callable[[str], Any], stack_name: str) -> dict[str, Any]:
    """A key as its alias finds it, with its policy's statements."""
    kms = connect("kms")
    metadata: dict[str, Any] = kms.describe_key(KeyId=f"alias/{stack_name}-{request.param}")["KeyMetadata"]
    policy = kms.get_key_policy(KeyId=metadata["KeyId"], PolicyName="default")["Policy"]
    return {**metadata, "thing": request.param, "statements": statements(policy)}


def test_a_key_is_ours_enabled_and_rotates(key: dict[str, Any], connect: Callable[[str], Any]) -> None:
    assert (key["KeyState"], key["KeyManager"], key["KeySpec"]) == ("Enabled", "CUSTOMER", "SYMMETRIC_DEFAULT")
    assert connect("kms").get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"] is True


def test_a_key_s_policy_names_who_may_use_it(key: dict[str, Any], account: str) -> None:
    principals = [(each, principal) for each in key["statements"] for principal in principals_of(each)]
    assert [statement for statement, principal in principals if principal == "*"] == []
    root = [each for each, principal in principals if principal.endswith(f"::{account}:root") or principal == account]
    assert root, "without the account's root nobody could administer the key"


def principals_of(statement: Statement) -> Iterator[str]:
    principal = statement.get("Principal", {})
    if isinstance(principal, str):
        yield principal
        return
    for value in principal.values():
        yield from listed(value)


def test_a_service_may_use_a_key_only_on_a_condition(key: dict[str, Any]) -> None:
    services = [each for each in key["statements"] if allows(each) and "Service" in each["Principal"]]
    assert [each for each in services if not each.get("Condition")] == []


def test_logs_may_use_the_key_for_this_environment_s_groups_alone(
    connect: Callable[[str], Any], stack_name: str, region: str
) -> None:
    policy = connect("kms").get_key_policy(KeyId=key_id(connect, f"alias/{stack_name}-logs"), PolicyName="default")
    logs = [each for each in statements(policy["Policy"]) if f"logs.{region}.amazonaws.com" in principals_of(each)]
    contexts = [
        text
        for each in logs
        for condition in each["Condition"].values()
        for name, value in condition.items()
        if name == "kms:EncryptionContext:aws:logs:arn"
        for text in listed(value)
    ]
    assert contexts
    assert [text for text in contexts if stack_name not in text] == []


def key_id(connect: Callable[[str], Any], alias: str) -> str:
    return str(connect("kms").describe_key(KeyId=alias)["KeyMetadata"]["KeyId"])


def test_a_key_carries_the_layer_s_tags(
    key: dict[str, Any], connect: Callable[[str], Any], owner_tags: Callable[[str], dict[str, str]]
) -> None:
    found = connect("kms").list_resource_tags(KeyId=key["KeyId"])["Tags"]
    assert owner_tags("foundation").items() <= {tag["TagKey"]: tag["TagValue"] for tag in found}.items()


# Buckets


class Bucket:
    """A bucket's settings, read one by one."""

    def __init__(self, client: Any, thing: str, name: str) -> None:
        self.client, self.thing, self.name = client, thing, name

    def read(self, operation: str) -> dict[str, Any]:
        answer: dict[str, Any] = getattr(self.client, operation)(Bucket=self.name)
        return answer


@pytest.fixture(scope="module", params=BUCKETS)
def bucket(
    request: pytest.FixtureRequest, connect: Callable[[str], Any], stack_name: str, account: str, region: str
) -> Bucket:
    return Bucket(connect("s3"), request.param, f"{stack_name}-{request.param}-{account}-{region}")


def test_a_bucket_keeps_versions(bucket: Bucket) -> None:
    assert bucket.read("get_bucket_versioning")["Status"] == "Enabled"


def test_a_bucket_is_closed_to_the_public_and_to_acls(bucket: Bucket) -> None:
    blocked = bucket.read("get_public_access_block")["PublicAccessBlockConfiguration"]
    assert set(blocked.values()) == {True}
    assert len(blocked) == 4
    (rule,) = bucket.read("get_bucket_ownership_controls")["OwnershipControls"]["Rules"]
    assert rule["ObjectOwnership"] == "BucketOwnerEnforced"


def test_a_bucket_encrypts_with_our_key_where_aws_can(
    bucket: Bucket, connect: Callable[[str], Any], stack_name: str
) -> None:
    (rule,) = bucket.read("get_bucket_encryption")["ServerSideEncryptionConfiguration"]["Rules"]
    applied = rule["ApplyServerSideEncryptionByDefault"]
    if bucket.thing == "alb-logs":  # load balancers can't write with a customer key
        assert applied["SSEAlgorithm"] == "AES256"
        return
    keys = {key_id(connect, f"alias/{stack_name}-{thing}") for thing in KEYS}
    assert applied["SSEAlgorithm"] == "aws:kms"
    assert applied["KMSMasterKeyID"].rpartition("/")[2] in keys
    assert rule["BucketKeyEnabled"] is True


def test_a_bucket_refuses_what_is_not_tls(bucket: Bucket) -> None:
    refused = [
        each
        for each in statements(bucket.read("get_bucket_policy")["Policy"])
        if each["Effect"] == "Deny" and "false" in str(each.get("Condition", {}).get("Bool")).lower()
    ]
    (statement,) = (each for each in refused if "aws:SecureTransport" in each["Condition"]["Bool"])
    assert list(principals_of(statement)) == ["*"]
    assert listed(statement["Action"]) == ["s3:*"]
    arn = f"arn:aws:s3:::{bucket.name}"
    assert sorted(listed(statement["Resource"])) == [arn, f"{arn}/*"]


def test_a_bucket_lets_no_stranger_in(bucket: Bucket) -> None:
    allowed = [each for each in statements(bucket.read("get_bucket_policy")["Policy"]) if allows(each)]
    assert [each for each in allowed if "*" in principals_of(each)] == []
    assert [each for each in allowed if "Service" in each["Principal"] and not each.get("Condition")] == []


def test_load_balancers_may_deliver_their_logs(
    connect: Callable[[str], Any], stack_name: str, account: str, region: str
) -> None:
    name = f"{stack_name}-alb-logs-{account}-{region}"
    found = statements(connect("s3").get_bucket_policy(Bucket=name)["Policy"])
    delivery = [each for each in found if "logdelivery.elasticloadbalancing.amazonaws.com" in principals_of(each)]
    assert [listed(each["Action"]) for each in delivery] == [["s3:PutObject"]]


def test_a_bucket_forgets_what_nobody_needs(bucket: Bucket) -> None:
    rules = [each for each in bucket.read("get_bucket_lifecycle_configuration")["Rules"] if each["Status"] == "Enabled"]
    assert any("AbortIncompleteMultipartUpload" in each for each in rules)
    assert any("NoncurrentVersionExpiration" in each for each in rules)
    assert any("Transitions" in each or "Expiration" in each for each in rules)


def test_a_bucket_carries_the_layer_s_tags(bucket: Bucket, owner_tags: Callable[[str], dict[str, str]]) -> None:
    found = {tag["Key"]: tag["Value"] for tag in bucket.read("get_bucket_tagging")["TagSet"]}
    assert owner_tags("foundation").items() <= found.items()


# Roles


@pytest.fixture(scope="module", params=sorted(TRUST))
def thing(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def role(thing: str, connect: Callable[[str], Any], stack_name: str) -> dict[str, Any]:
    found: dict[str, Any] = connect("iam").get_role(RoleName=f"{stack_name}-{thing}")["Role"]
    return found


def test_a_role_is_taken_on_by_its_service_alone(role: dict[str, Any], thing: str) -> None:
    trusted = [principal for each in statements(role["AssumeRolePolicyDocument"]) for principal in principals_of(each)]
    assert trusted == [TRUST[thing]]


def inline(iam: Any, name: str) -> list[Statement]:
    """The statements that a role holds itself; AWS's own policies are not ours to judge."""
    found = []
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        found += statements(iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"])
    return found


def test_a_role_may_no_more_than_it_must(role: dict[str, Any], connect: Callable[[str], Any]) -> None:
    held = [each for each in inline(connect("iam"), role["RoleName"]) if allows(each)]
    actions = [action for each in held for action in listed(each["Action"])]
    assert [action for action in actions if action == "*" or action.endswith(":*")] == []
    unscoped = {action for each in held if "*" in listed(each["Resource"]) for action in listed(each["Action"])}
    assert unscoped - UNSCOPED == set()


def test_tasks_start_with_images_logs_and_secrets_of_this_environment(
    connect: Callable[[str], Any], stack_name: str
) -> None:
    held = [each for each in inline(connect("iam"), f"{stack_name}-execution") if allows(each)]
    reach = {action: " ".join(listed(each["Resource"])) for each in held for action in listed(each["Action"])}
    assert {
        "ecr:GetAuthorizationToken",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
        "logs:PutLogEvents",
        "secretsmanager:GetSecretValue",
        "kms:Decrypt",
    } <= reach.keys()
    for action in ("ecr:BatchGetImage", "logs:PutLogEvents", "secretsmanager:GetSecretValue"):
        assert stack_name in reach[action]


def test_a_role_carries_the_layer_s_tags(
    role: dict[str, Any], connect: Callable[[str], Any], owner_tags: Callable[[str], dict[str, str]]
) -> None:
    found = connect("iam").list_role_tags(RoleName=role["RoleName"])["Tags"]
    assert owner_tags("foundation").items() <= {tag["Key"]: tag["Value"] for tag in found}.items()
