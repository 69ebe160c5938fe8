# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _iam_decisions as iam
from ansible_collections.uex.payments.plugins.module_utils._iam_decisions import (
    ALLOWED,
    DENIED,
    SILENT,
    Decision,
    Request,
)

ROLE = "arn:aws:iam::123456789012:role/execution"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:dev/db-AbCdEf"
READ = Request(
    ROLE, "secretsmanager:GetSecretValue", SECRET, {"aws:securetransport": "true", "kms:aliases": ["a", "b"]}
)


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Statement": list(statements)}


def allow(action: Any = "secretsmanager:*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(**more: Any) -> dict[str, Any]:
    return {**allow(), "Effect": "Deny", **more}


@pytest.mark.parametrize(
    ("statements", "effect"),
    [
        ([], SILENT),
        ([allow()], ALLOWED),
        ([allow("secretsmanager:getsecretvalue")], ALLOWED),
        ([allow("secretsmanager:Describe*")], SILENT),
        ([allow(["s3:*", "secretsmanager:Get*"])], ALLOWED),
        ([allow(resource="arn:aws:secretsmanager:*:*:secret:dev/*")], ALLOWED),
        ([allow(resource="arn:aws:secretsmanager:*:*:secret:prod/*")], SILENT),
        ([allow(resource="arn:aws:secretsmanager:us-east-1:123456789012:secret:dev/db-??????")], ALLOWED),
        ([allow(), deny()], DENIED),
        ([deny(), allow()], DENIED),
        ([{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}], ALLOWED),
        ([{"Effect": "Allow", "NotAction": "secretsmanager:*", "Resource": "*"}], SILENT),
        ([{"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:secretsmanager:*"}, allow()], ALLOWED),
        ([{"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:s3:::*"}, allow()], DENIED),
    ],
)
def test_policies_of_a_role(statements: list[Any], effect: str) -> None:
    assert iam.decide({"p": policy(*statements)}, READ).effect == effect


def test_a_lone_statement_is_a_list_of_one_and_the_decision_names_it() -> None:
    assert iam.decide({"read": {"Statement": allow(Sid="Read")}}, READ) == Decision(ALLOWED, "read, statement Read")
    assert iam.decide({"read": policy(allow())}, READ).by == "read"


@pytest.mark.parametrize(
    ("principal", "effect"),
    [
        ("*", ALLOWED),
        ({"AWS": "*"}, ALLOWED),
        ({"AWS": ROLE}, ALLOWED),
        ({"AWS": ["arn:aws:iam::123456789012:root"]}, ALLOWED),
        ({"AWS": "123456789012"}, ALLOWED),
        ({"AWS": "arn:aws:iam::210987654321:root"}, SILENT),
        ({"Service": "ecs-tasks.amazonaws.com"}, SILENT),
        (None, SILENT),
    ],
)
def test_policies_of_a_resource_name_whom_they_mean(principal: Any, effect: str) -> None:
    statement = {key: value for key, value in allow(Principal=principal).items() if key != "Resource"}
    assert iam.decide({"p": policy(statement)}, READ, True).effect == effect


def test_whom_a_policy_excepts_it_does_not_mean() -> None:
    assert iam.decide({"p": policy(deny(NotPrincipal={"AWS": ROLE}))}, READ, True).effect == SILENT
    assert iam.decide({"p": policy(deny(NotPrincipal={"AWS": "other"}))}, READ, True).effect == DENIED


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({}, True),
        ({"Bool": {"aws:SecureTransport": True}}, True),
        ({"Bool": {"aws:SecureTransport": "false"}}, False),
        ({"BoolIfExists": {"aws:SecureTransport": "true"}}, True),
        ({"StringEquals": {"kms:Aliases": ["b", "c"]}}, True),
        ({"ForAnyValue:StringEquals": {"kms:aliases": "b"}}, True),
        ({"ForAllValues:StringEquals": {"kms:aliases": ["a"]}}, False),
        ({"ForAllValues:StringLike": {"kms:aliases": ["*"]}}, True),
        ({"StringNotEquals": {"kms:aliases": "c"}}, True),
        ({"StringNotLike": {"kms:aliases": "b*"}}, False),
        ({"ArnNotLike": {"kms:aliases": ["x*"]}}, True),
        ({"StringEqualsIgnoreCase": {"kms:aliases": "B"}}, True),
        ({"StringEquals": {"aws:SourceVpc": "vpc-1"}}, None),
        ({"IpAddress": {"aws:SecureTransport": "10.0.0.0/8"}}, None),
        ({"StringEquals": {"aws:SourceVpc": "vpc-1"}, "Bool": {"aws:SecureTransport": "false"}}, False),
    ],
)
def test_conditions(condition: Any, holds: bool | None) -> None:
    """One that fails settles it; one that can't be told leaves it open."""
    assert iam.conditions(condition, READ.context) is holds


def test_what_depends_on_unknown_conditions_is_said_to() -> None:
    open_ = {"StringEquals": {"aws:SourceVpc": "vpc-1"}}
    assert iam.decide({"p": policy(allow(Condition=open_))}, READ) == Decision(ALLOWED, "p", unknown=True)
    perhaps = {"p": policy(allow(), deny(Condition=open_, Sid="Only"))}
    assert iam.decide(perhaps, READ).effect == ALLOWED
    assert iam.perhaps_denied(perhaps, READ) == ["p, statement Only"]
    assert iam.decide({"p": policy(allow(Condition=open_), allow(Sid="Sure"))}, READ).by == "p, statement Sure"
