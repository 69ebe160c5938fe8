# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Errors that name the resource, the AWS code and what to do; pure."""

from __future__ import annotations

from typing import Any, NamedTuple

#: What to do about an AWS error, by the beginning or end of its code.
_HINTS = (
    (("AccessDenied", "UnauthorizedOperation", "NotAuthorized"), "let the calling role do this, or use another role"),
    (("ExpiredToken", "InvalidClientTokenId", "UnrecognizedClient", "AuthFailure"), "renew the credentials"),
    (("Throttling", "RequestLimitExceeded", "TooManyRequests"), "AWS is rate limiting: run again, nothing is lost"),
    (("LimitExceeded", "QuotaExceeded", "Quota"), "ask AWS for a higher quota (Service Quotas), then run again"),
    (("NotEmpty",), "empty it first, or let it go with what it holds (force_delete)"),
    (("DependencyViolation", "ResourceInUse", "InUse"), "something still uses it: remove that first, then run again"),
    (("AlreadyExists", "Duplicate", "EntityAlreadyExists"), "another run or person made it meanwhile: run again"),
    (("NotFound", "NoSuch", "DoesNotExist"), "what it refers to is gone: run the whole site, then this again"),
    (("Invalid", "Malformed", "Validation", "ClientException"), "mend the variable that the value comes from"),
)


class Failure(NamedTuple):
    """Why one resource could not be brought to its plan."""

    name: str
    verb: str
    code: str
    message: str
    hint: str

    def __str__(self) -> str:
        text = f"{self.name}: {self.verb} failed: {self.code}: {self.message}"
        return f"{text} ({self.hint})" if self.hint else text


def code_of(error: BaseException) -> str:
    """AWS's error code, or the exception's own name."""
    response: dict[str, Any] = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code") or type(error).__name__)


def failure(name: str, verb: str, error: BaseException) -> Failure:
    """The failure of C(verb) on the resource C(name)."""
    response: dict[str, Any] = getattr(error, "response", None) or {}
    message = response.get("Error", {}).get("Message") or str(error)
    operation = f" [{error.operation_name}]" if hasattr(error, "operation_name") else ""
    return Failure(name, verb, code_of(error), f"{message}{operation}", hint(code_of(error)))


def hint(code: str) -> str:
    """What to do about an AWS error code; empty where nothing general can be said."""
    return next((text for marks, text in _HINTS if any(mark in code for mark in marks)), "")


def is_absent(error: BaseException, *codes: str) -> bool:
    """Whether AWS says that the resource is not there; denied and throttled reads never are."""
    code = code_of(error)
    return code in codes or (not codes and ("NotFound" in code or "NoSuch" in code))
