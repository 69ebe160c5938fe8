# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the deploy role may do: within IAM's limits, by the project's names, and enough for what modules call."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _iam
from ansible_collections.uex.payments.plugins.modules.iam_account_password_policy import MEMBERS, AccountPasswordPolicy
from ansible_collections.uex.payments.tests.support import role_vars

ROOT = Path(__file__).resolve().parents[3]
ACCOUNT = "123456789012"
CASE = {
    "stack_project": "uex-payments",
    "bootstrap_caller": {"account_id": ACCOUNT, "partition": "aws"},
    "stack_region": "us-east-1",
    "stack_lock_table": "uex-payments-locks",
    "stack_state_bucket": f"uex-payments-state-{ACCOUNT}-us-east-1",
    "stack_tags": {"Project": "uex-payments", "Environment": "dev", "ManagedBy": "uex.payments"},
}
PIPELINE = f"arn:aws:iam::{ACCOUNT}:role/pipeline"
#: IAM's limits in characters without white space: of all inline policies of a role, of a managed one, of its trust.
MOST_INLINE, MOST_MANAGED, MOST_TRUST = 10_240, 6_144, 2_048
#: IAM's name of a service where it isn't botocore's.
PREFIXES = {
    "elbv2": "elasticloadbalancing",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "service-quotas": "servicequotas",
}
SERVICES = {prefix: service for service, prefix in PREFIXES.items()}
#: Rights that are no operations.
RIGHTS_ALONE = {
    "backup-storage:MountCapsule",
    "budgets:ViewBudget",
    "iam:PassRole",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "s3:GetAccountPublicAccessBlock",
    "s3:ListAllMyBuckets",
    "s3:DeleteObjectVersion",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
}
#: amazon.aws's modules and what they call.
AMAZON = {"ec2", "kms", "rds", "route53"}
#: Anybody may ask who they are.
FREE = {"sts"}
NAMED = re.compile(r"arn:aws:[a-z0-9]+:[^:]*:(123456789012)?:(.*[:/]|aws-waf-logs-)?(uex-payments-|default[.:])")


def found(*names: str, **case: Any) -> dict[str, Any]:
    (values,) = role_vars.evaluate("bootstrap", list(names), {"one": {**CASE, **case}}).values()
    return values


@pytest.fixture(scope="module")
def role() -> dict[str, Any]:
    (only,) = found("__bootstrap_roles")["__bootstrap_roles"]
    return dict(only)


@pytest.fixture(scope="module")
def managed() -> list[dict[str, Any]]:
    """The managed policies that the role has."""
    return list(found("__bootstrap_policies")["__bootstrap_policies"])


@pytest.fixture(scope="module")
def statements(role: dict[str, Any], managed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    documents = [*role["policies"].values(), *(each["policy"] for each in managed)]
    return [each for policy in documents for each in policy["Statement"]]


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def allowed(statements: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str]]:
    for statement in statements:
        if statement["Effect"] == "Allow":
            for action in listed(statement["Action"]):
                yield statement, action


def size(policy: Any) -> int:
    return len("".join(json.dumps(policy).split()))


def test_the_policies_fit_into_a_role(role: dict[str, Any], managed: list[dict[str, Any]]) -> None:
    assert 0 < sum(map(size, role["policies"].values())) <= MOST_INLINE
    assert [each["name"] for each in managed if size(each["policy"]) > MOST_MANAGED] == []
    assert size(role["assume_role_policy"]) <= MOST_TRUST


def test_the_role_has_the_managed_policies(role: dict[str, Any], managed: list[dict[str, Any]]) -> None:
    assert role["managed_policies"] == [f"arn:aws:iam::{ACCOUNT}:policy/{each['name']}" for each in managed]


def test_statements_have_names_of_their_own_and_nothing_that_iam_does_not_know(
    statements: list[dict[str, Any]],
) -> None:
    assert len({each["Sid"] for each in statements}) == len(statements)
    assert all(re.fullmatch(r"[A-Za-z0-9]+", each["Sid"]) for each in statements)
    assert all(set(each) <= {"Sid", "Effect", "Action", "Resource", "Condition"} for each in statements)


def test_every_right_is_one_that_aws_knows(statements: list[dict[str, Any]]) -> None:
    session = botocore.session.get_session()
    unknown = []
    for action in sorted({each for statement in statements for each in listed(statement["Action"])} - RIGHTS_ALONE):
        prefix, _colon, pattern = action.partition(":")
        model = session.get_service_model(SERVICES.get(prefix, prefix))
        if not any(fnmatchcase(name, pattern) for name in model.operation_names):
            unknown.append(action)
    assert unknown == []


@pytest.mark.parametrize(
    "action",
    [
        *("wafv2:ListWebACLs", "wafv2:ListIPSets", "wafv2:ListTagsForResource"),
        *("ecr:GetRegistryScanningConfiguration", "ecr:DescribeRegistry", "ecr:DescribePullThroughCacheRules"),
        *("ecs:ListServiceDeployments", "ecs:DescribeServiceDeployments", "elasticloadbalancing:DescribeTargetHealth"),
    ],
)
def test_what_looks_at_everything_or_at_others_is_allowed_on_everything(
    action: str, statements: list[dict[str, Any]]
) -> None:
    """Lists know no resource, and whose something is only its tags say."""
    given = [each for each, pattern in allowed(statements) if fnmatchcase(action, pattern)]
    assert any(each["Resource"] == "*" and "Condition" not in each for each in given)


def test_every_service_that_modules_call_is_covered(statements: list[dict[str, Any]]) -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "plugins").rglob("*.py"))
    called = set(re.findall(r'service = "([a-z0-9-]+)"|connect\("([a-z0-9-]+)"\)', source))
    services = {name for pair in called for name in pair if name} | AMAZON
    covered = {action.partition(":")[0] for _statement, action in allowed(statements)}
    assert {PREFIXES.get(each, each) for each in services - FREE} - covered == set()


def test_iam_s_rights_end_at_the_project_s_names(statements: list[dict[str, Any]]) -> None:
    writing = [
        (statement, action)
        for statement, action in allowed(statements)
        if action.startswith("iam:") and not action.startswith(("iam:Get", "iam:List"))
    ]
    assert writing
    for statement, action in writing:
        if action == "iam:CreateServiceLinkedRole":
            assert statement["Condition"]["StringEquals"]["iam:AWSServiceName"]
        elif statement["Sid"] == "PassServicesOwn":
            assert action == "iam:PassRole"
        elif statement["Sid"] == "TakeBack":
            assert action.startswith("iam:Detach")
            assert NAMED.match(statement["Condition"]["ArnLike"]["iam:PolicyARN"])
        else:
            assert all(NAMED.match(arn) for arn in listed(statement["Resource"])), action


@pytest.mark.parametrize(
    "action", ["iam:AddUserToGroup", "iam:AttachUserPolicy", "iam:PutUserPolicy", "iam:CreateUser"]
)
def test_nobody_is_let_in(action: str, statements: list[dict[str, Any]]) -> None:
    assert [given for _statement, given in allowed(statements) if fnmatchcase(action, given)] == []


def test_a_group_is_changed_in_the_path_where_groups_are_made(statements: list[dict[str, Any]]) -> None:
    path = _iam.path({"Project": "uex-payments", "Environment": "dev"})
    own, other = (f"arn:aws:iam::{ACCOUNT}:group{place}uex-payments-dev-operators" for place in (path, "/"))
    (changing,) = [statement for statement, action in allowed(statements) if action == "iam:CreateGroup"]
    assert [any(fnmatchcase(arn, each) for each in changing["Resource"]) for arn in (own, other)] == [True, False]


@pytest.mark.parametrize("lowest", [6, 14])
def test_the_password_policy_is_the_account_s_and_what_the_variables_say(lowest: int) -> None:
    values = found("__bootstrap_password_policy", bootstrap_password_minimum_length=lowest)
    policy = values["__bootstrap_password_policy"]
    kind = AccountPasswordPolicy(lambda _service: None, {"tags": {}})
    assert list(kind.validate(policy)) == []
    assert policy.keys() == {"account_id", *MEMBERS}
    assert policy["account_id"] == ACCOUNT
    assert policy["minimum_password_length"] == lowest
    assert all(policy[option] is True for option in MEMBERS if option.startswith("require_"))


def test_a_role_is_passed_to_the_estate_s_services_only(statements: list[dict[str, Any]]) -> None:
    passing = [statement for statement, action in allowed(statements) if fnmatchcase("iam:PassRole", action)]
    ours, aws_s = sorted(passing, key=lambda each: "Condition" not in each)
    assert listed(ours["Action"]) == listed(aws_s["Action"]) == ["iam:PassRole"]
    services = ours["Condition"]["StringLike"]["iam:PassedToService"]
    assert [each for each in services if not each.endswith(".amazonaws.com") or each.startswith("*")] == []
    assert aws_s["Resource"] == f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/config.amazonaws.com/*"


def test_whole_services_are_given_by_name_only(statements: list[dict[str, Any]]) -> None:
    whole = [statement for statement, action in allowed(statements) if action.endswith(":*")]
    assert whole
    assert [arn for each in whole for arn in listed(each["Resource"]) if not NAMED.match(arn)] == []


def test_the_role_cannot_change_itself_or_what_is_made_beside_it(statements: list[dict[str, Any]]) -> None:
    denied = [
        (action, resource)
        for each in statements
        if each["Effect"] == "Deny"
        for action in listed(each["Action"])
        for resource in listed(each["Resource"])
    ]
    for action, arn in (
        ("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/uex-payments-deploy"),
        ("iam:UpdateAssumeRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/uex-payments-deploy"),
        ("iam:AttachRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/uex-payments-deploy"),
        ("iam:CreatePolicyVersion", f"arn:aws:iam::{ACCOUNT}:policy/uex-payments-deploy-read"),
        ("iam:DeletePolicy", f"arn:aws:iam::{ACCOUNT}:policy/uex-payments-deploy-read"),
        ("s3:DeleteBucket", f"arn:aws:s3:::{CASE['stack_state_bucket']}"),
        ("s3:PutBucketVersioning", f"arn:aws:s3:::{CASE['stack_state_bucket']}"),
    ):
        assert any(fnmatchcase(action, pattern) and fnmatchcase(arn, resource) for pattern, resource in denied)
    tables = [action for _statement, action in allowed(statements) if action.startswith("dynamodb:")]
    assert sorted(tables) == ["dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:UpdateItem"]


@pytest.mark.parametrize("arns", [[], [PIPELINE]])
def test_the_role_is_trusted_with_a_second_factor_or_by_given_arns(arns: list[str]) -> None:
    (only,) = found("__bootstrap_roles", bootstrap_trusted_arns=arns)["__bootstrap_roles"]
    (trust,) = only["assume_role_policy"]["Statement"]
    assert listed(trust["Principal"]["AWS"]) == (arns or [f"arn:aws:iam::{ACCOUNT}:root"])
    assert ("aws:MultiFactorAuthPresent" in str(trust.get("Condition"))) is not bool(arns)
    assert trust.get("Condition") != {}


def test_the_bucket_is_the_one_that_runs_write_to_and_speaks_tls_only() -> None:
    (bucket,) = found("__bootstrap_buckets")["__bootstrap_buckets"]
    assert bucket["name"] == CASE["stack_state_bucket"]
    assert bucket["versioning"] == "Enabled"
    assert set(bucket["public_access_block"].values()) == {True}
    assert bucket["policy"]["Statement"][0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_no_environment_owns_what_all_share() -> None:
    tags = found("__bootstrap_tags")["__bootstrap_tags"]
    assert (tags["Environment"], tags["Layer"]) == ("shared", "bootstrap")
