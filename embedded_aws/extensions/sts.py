# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""STS: a role is assumed only by whom its trust policy lets in, and for no longer than it allows."""

from __future__ import annotations

import re

from moto.iam.models import Role
from moto.sts.exceptions import STSClientError, STSValidationError
from moto.sts.responses import TokenResponse

from . import _policy
from ._patch import before

SESSION = re.compile(r"arn:(?P<partition>[^:]+):sts::(?P<account>\d{12}):assumed-role/(?P<name>[^/]+)/.+")
#: Seconds that a session of a role may give another role.
CHAINED = 3600


def names_of(caller: str) -> set[str]:
    """Every way in which a trust policy may name a caller: itself, its role, its account, everybody."""
    account = caller.split(":")[4]
    partition = caller.split(":")[1]
    session = SESSION.fullmatch(caller)
    own = {f"arn:{partition}:iam::{account}:role/{session['name']}"} if session else set()
    return {"*", account, f"arn:{partition}:iam::{account}:root", caller, *own}


def trusts(statement: _policy.Statement, caller: str, external_id: str | None) -> bool:
    """Whether a statement lets the caller in; of its conditions only that on the external id is looked at."""
    wanted = (statement.get("Condition") or {}).get("StringEquals", {}).get("sts:ExternalId")
    known = wanted is None or external_id in _policy.values(wanted)
    named = bool(set(_policy.principals(statement)) & names_of(caller))
    return named and known and _policy.allows(statement, "sts:AssumeRole")


def _demand_trust(response: TokenResponse) -> None:
    arn, external_id = response._get_param("RoleArn"), response._get_param("ExternalId")
    _user_id, caller, _account = response.backend.get_caller_identity(response.get_access_key(), response.region)
    role = _policy.role(arn)
    found = _policy.statements(role.assume_role_policy_document) if role else []
    if not role or not any(trusts(statement, caller, external_id) for statement in found):
        message = f"User: {caller} is not authorized to perform: sts:AssumeRole on resource: {arn}"
        raise STSClientError("AccessDenied", message)
    _demand_duration(int(response._get_param("DurationSeconds", 3600)), role, caller)


def _demand_duration(seconds: int, role: Role, caller: str) -> None:
    if seconds > int(role.max_session_duration or CHAINED):
        raise STSValidationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    if seconds > CHAINED and SESSION.fullmatch(caller):
        limit = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
        raise STSValidationError(limit)


def install() -> None:
    """Extend moto's STS; once is enough, twice is harmless."""
    before(TokenResponse, "assume_role", _demand_trust)
