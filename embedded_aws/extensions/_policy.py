# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Read policy documents as AWS does: their statements, whom they name, and whether those exist."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterator
from typing import Any

from moto.iam.models import Role, iam_backends

Statement = dict[str, Any]

ROLE = re.compile(r"arn:(?P<partition>[^:]+):iam::(?P<account>\d{12}):role/.+")
PRINCIPAL = re.compile(r"arn:(?P<partition>[^:]+):iam::(?P<account>\d{12}):(?:role|user)/.+")


def values(item: Any) -> list[Any]:
    """A policy's element as a list: AWS takes a single value for a list of one."""
    return item if isinstance(item, list) else [] if item is None else [item]


def statements(document: str | bytes) -> list[Statement]:
    """The statements of a policy. Raises ValueError, with what is wrong, for a document that AWS finds malformed."""
    try:
        policy = json.loads(document)
    except ValueError as error:
        raise ValueError("This policy contains invalid Json") from error
    found = values(policy.get("Statement") if isinstance(policy, dict) else None)
    if not found:
        raise ValueError("Missing required field Statement")
    for statement in found:
        _check(statement)
    return found


def _check(statement: Any) -> None:
    if not isinstance(statement, dict) or statement.get("Effect") not in ("Allow", "Deny"):
        raise ValueError("Missing required field Effect")
    if not ({"Action", "NotAction"} & statement.keys()):
        raise ValueError("Missing required field Action")


def principals(statement: Statement, kind: str = "AWS") -> list[str]:
    """Whom a statement names: accounts and roles (AWS) or services (Service); everybody is `*`."""
    principal = statement.get("Principal")
    return ["*"] if principal == "*" else [str(item) for item in values((principal or {}).get(kind))]


def unknown_principals(found: list[Statement], account: str) -> Iterator[str]:
    """The roles and users of this account that statements name and that do not exist."""
    for arn in [name for statement in found for name in principals(statement)]:
        match = PRINCIPAL.fullmatch(arn)
        if match and match["account"] == account and not _exists(arn, account, match["partition"]):
            yield arn


def _exists(arn: str, account: str, partition: str) -> bool:
    backend = iam_backends[account][partition]
    known = [role.arn for role in backend.roles.values()] + [user.arn for user in backend.users.values()]
    return arn in known


def allows(statement: Statement, action: str) -> bool:
    """Whether a statement allows the action, to whomever and under whatever condition."""
    patterns = [str(item).lower() for item in values(statement.get("Action"))]
    return statement["Effect"] == "Allow" and any(fnmatch.fnmatchcase(action.lower(), item) for item in patterns)


def lets(document: str | bytes | None, service: str, *actions: str) -> bool:
    """Whether a resource's policy lets the AWS service do all of this; conditions are not looked at."""
    found = [each for each in statements(document) if service in principals(each, "Service")] if document else []
    return all(any(allows(each, action) for each in found) for action in actions)


def role(arn: str) -> Role | None:
    """The role of that ARN, or None."""
    match = ROLE.fullmatch(arn)
    roles = iam_backends[match["account"]][match["partition"]].roles.values() if match else ()
    return next((found for found in roles if found.arn == arn), None)


def serves(arn: str, service: str) -> bool:
    """Whether the role exists and its trust policy lets the AWS service assume it; conditions are not looked at."""
    found = role(arn)
    trust = statements(found.assume_role_policy_document) if found else []
    return any(service in principals(each, "Service") and allows(each, "sts:AssumeRole") for each in trust)
