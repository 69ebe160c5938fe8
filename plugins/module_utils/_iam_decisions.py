# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What IAM would decide: a small evaluator of policies of identities and of resources; pure.

It knows allow and deny, wildcards, NotAction and NotResource, principals, and the usual operators of conditions on the
keys it is given. What depends on a key that it isn't given is C(unknown), never a guess. Limits that an account's own
policies don't show, such as an organization's, are not seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

Statement = Mapping[str, Any]
Policy = Mapping[str, Any]

ALLOWED, DENIED, SILENT = "allowed", "denied", "silent"


class Request(NamedTuple):
    """Who asks for what on which resource; C(context) are the condition keys that are known, by name in lower case."""

    principal: str
    action: str
    resource: str
    context: Mapping[str, Any]


class Decision(NamedTuple):
    """What is decided, by which statement; C(unknown) where that depends on a condition that nobody knows."""

    effect: str
    by: str = ""
    unknown: bool = False


def decide(policies: Mapping[str, Policy], request: Request, resource_policy: bool = False) -> Decision:
    """The decision of some policies, by name: a deny wins over an allow, a certain word over a possible one."""
    found = [
        Decision(ALLOWED if statement["Effect"] == "Allow" else DENIED, _named(name, statement), fits is None)
        for name, policy in policies.items()
        for statement in _list(policy.get("Statement"))
        if (fits := matches(statement, request, resource_policy)) is not False
    ]
    order = [(DENIED, False), (ALLOWED, False), (ALLOWED, True)]
    return next((each for key in order for each in found if (each.effect, each.unknown) == key), Decision(SILENT))


def perhaps_denied(policies: Mapping[str, Policy], request: Request, resource_policy: bool = False) -> list[str]:
    """The denies that may hold, as they depend on what nobody knows."""
    return [
        _named(name, statement)
        for name, policy in policies.items()
        for statement in _list(policy.get("Statement"))
        if statement["Effect"] == "Deny" and matches(statement, request, resource_policy) is None
    ]


def _named(name: str, statement: Statement) -> str:
    return f"{name}, statement {statement['Sid']}" if statement.get("Sid") else name


def matches(statement: Statement, request: Request, resource_policy: bool = False) -> bool | None:
    """Whether a statement is about the request; None where its conditions leave that open."""
    if not _about(statement, "Action", "NotAction", request.action.lower(), str.lower):
        return False
    if not _about(statement, "Resource", "NotResource", request.resource, str, default=resource_policy):
        return False
    if resource_policy and not _is_principal(statement, request.principal):
        return False
    return conditions(statement.get("Condition") or {}, request.context)


def _about(
    statement: Statement, name: str, opposite: str, value: str, form: Callable[[str], str], default: bool = False
) -> bool:
    """Whether the value is among what a statement names, or not among what it excepts."""
    if opposite in statement:
        return not any(like(form(each), value) for each in _list(statement[opposite]))
    if name not in statement:
        return default
    return any(like(form(each), value) for each in _list(statement[name]))


def _is_principal(statement: Statement, principal: str) -> bool:
    if "NotPrincipal" in statement:
        return not _is_principal({"Principal": statement["NotPrincipal"]}, principal)
    given = statement.get("Principal")
    if given == "*":
        return True
    kinds: Mapping[str, Any] = given or {}
    named = [str(each) for kind in kinds for each in _list(kinds[kind])]
    return any(_names(each, principal) for each in named)


def _names(text: str, principal: str) -> bool:
    """A principal by itself, everybody, or the account that it is of."""
    account = principal.split(":")[4] if principal.count(":") >= 5 else ""
    root = bool(account) and (text == account or text.endswith(f":iam::{account}:root"))
    return text in ("*", principal) or root


def like(pattern: str, value: str) -> bool:
    """AWS's wildcards: * for any text, ? for any character."""
    regular = "".join(".*" if each == "*" else "." if each == "?" else re.escape(each) for each in pattern)
    return re.fullmatch(regular, value, re.DOTALL) is not None


# Conditions

Test = Callable[[str, str], bool]
_TESTS: Mapping[str, Test] = {
    "StringEquals": lambda wanted, value: wanted == value,
    "StringEqualsIgnoreCase": lambda wanted, value: wanted.lower() == value.lower(),
    "StringLike": like,
    "ArnEquals": like,
    "ArnLike": like,
    "Bool": lambda wanted, value: wanted.lower() == value.lower(),
}


def conditions(block: Mapping[str, Mapping[str, Any]], context: Mapping[str, Any]) -> bool | None:
    """Whether all hold; None where none fails and one can't be told."""
    answers = [
        _holds(operator, _texts(wanted), context.get(key.lower()))
        for operator, keys in block.items()
        for key, wanted in keys.items()
    ]
    return False if False in answers else None if None in answers else True


def _holds(operator: str, wanted: Sequence[str], value: Any) -> bool | None:
    """One operator on one key; a key that isn't known leaves it open."""
    plain = operator.removesuffix("IfExists").rpartition(":")[2]
    negative = plain.replace("Not", "", 1) if "Not" in plain else ""
    test = _TESTS.get(negative or plain)
    if test is None or value is None:
        return None
    hits = [any(test(each, one) for each in wanted) for one in _texts(value)]
    if negative:
        return not any(hits)
    return all(hits) if operator.startswith("ForAllValues:") else any(hits)


def _texts(value: Any) -> list[str]:
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in _list(value)]


def _list(value: Any) -> list[Any]:
    """What AWS takes as one value or as a list, as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, Iterable) and not isinstance(value, (str, Mapping)) else [value]
