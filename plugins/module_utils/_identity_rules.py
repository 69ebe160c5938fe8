# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules on identities and what limits them: the boundary of roles, and passwords; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import _iam

Values = Mapping[str, Any]

_POLICY = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}|aws):policy/[\w+=,.@/-]+", re.ASCII)
#: An inventory need not set them: bootstrap has defaults.
_PASSWORDS = {
    "bootstrap_password_minimum_length": "minimum_password_length",
    "bootstrap_password_max_age": "max_password_age",
    "bootstrap_password_reuse_prevention": "password_reuse_prevention",
}


def boundary(values: Values) -> Iterable[str]:
    """A role has one boundary: an existing policy, or the one that is made."""
    arn = values["foundation_permissions_boundary"]
    if arn and not _POLICY.fullmatch(arn):
        yield f"foundation_permissions_boundary: {arn!r} is no managed policy's ARN"
    if arn and values["foundation_permissions_boundary_enabled"]:
        made = "foundation_permissions_boundary_enabled"
        yield f"foundation_permissions_boundary: a role has one boundary; empty it, or set {made} to false"


def boundary_statements(values: Values) -> Iterable[str]:
    """Statements that IAM takes, and that end up somewhere."""
    statements = values["foundation_permissions_boundary_statements"]
    for index, statement in enumerate(statements):
        if not ({"Action", "NotAction"} & set(statement)) or not ({"Resource", "NotResource"} & set(statement)):
            yield f"foundation_permissions_boundary_statements[{index}]: needs Action and Resource"
    if statements and not values["foundation_permissions_boundary_enabled"]:
        made = "foundation_permissions_boundary_enabled"
        yield f"foundation_permissions_boundary_statements: widen the boundary that {made} makes, and it is off"


def passwords(values: Values) -> Iterable[str]:
    """What AWS takes for an account's password policy."""
    for variable, option in _PASSWORDS.items():
        problem = _iam.password_problem(option, values.get(variable))
        if problem:
            yield f"{variable}: {problem}"


RULES: tuple[Callable[[Values], Iterable[str]], ...] = (boundary, boundary_statements, passwords)
