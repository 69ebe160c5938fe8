# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The checks before a deployment: what each looks at, what it says, and the table of all."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from . import _aws
from ._errors import code_of, hint

Connect = Callable[..., Any]
Options = Mapping[str, Any]

OK = "ok"
WARNING = "warning"
FAILED = "failed"
UNKNOWN = "unknown"
STATES = (OK, WARNING, FAILED, UNKNOWN)
#: Where payments are real.
STRICT = ("staging", "prod")
#: The region of what is the same in all of them, by how a region's name begins.
_GLOBAL = {"us-gov-": "us-gov-west-1", "cn-": "cn-north-1"}
_NAME_WIDTH, _WIDTH = 37, 120
#: The IAM actions that are not called as the operation is.
_ACTIONS = {
    "DescribeBudgets": "budgets:ViewBudget",
    "GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock",
    "HeadBucket": "s3:ListBucket",
    "ListBuckets": "s3:ListAllMyBuckets",
}
#: How IAM calls a service where botocore calls it otherwise.
_PREFIXES = {"elbv2": "elasticloadbalancing", "service-quotas": "servicequotas"}
_DENIED = ("AccessDenied", "UnauthorizedOperation", "NotAuthorized", "403")


class Row(NamedTuple):
    """What one check found, and what to do about it."""

    name: str
    state: str
    found: str
    advice: str = ""


class Check(NamedTuple):
    """One check: C(look) reads from AWS, mostly from C(service); C(judge) says what that means and is pure."""

    name: str
    service: str
    look: Callable[[Connect, Options], Any]
    judge: Callable[[Any, Options], Iterable[Row]]


def rows(checks: Iterable[Check], connect: Connect, options: Options) -> list[Row]:
    """The rows of all checks, in their order; a check that can't look has a row that says why."""

    def carry_out(check: Check) -> list[Row]:
        try:
            return list(check.judge(check.look(connect, options), options))
        except Exception as error:  # one check's failure hides no other's row
            return [unknown(check.name, check.service, error)]

    return [row for found in _aws.concurrently(carry_out, checks) for row in found]


def unknown(name: str, service: str, error: Exception) -> Row:
    """The row of a check that could not look; a denied read names the IAM action that is missing; pure."""
    code = code_of(error)
    if is_denied(code):
        action = missing_action(service, error)
        return Row(name, UNKNOWN, f"{action} is denied", f"allow {action} to the calling role, or look by hand")
    advice = hint(code) or "mend the cause and run again"
    return Row(name, UNKNOWN, f"{code}: {first_line(str(error))}", advice)


def is_denied(code: str) -> bool:
    """Whether an error's code means that a right is missing; pure."""
    return any(mark in code for mark in _DENIED)


def missing_action(service: str, error: Exception) -> str:
    """The IAM action that AWS says is missing, else the one that belongs to the operation; pure."""
    said = re.search(r"not authorized to perform:? ([\w-]+:\w+)", str(error))
    operation = str(getattr(error, "operation_name", ""))
    return said[1] if said else _ACTIONS.get(operation, f"{_PREFIXES.get(service, service)}:{operation or '*'}")


def first_line(text: str) -> str:
    return text.strip().partition("\n")[0]


def must(options: Options) -> str:
    """The state of what an account must have: a warning on the embedded AWS, which hasn't it; pure."""
    return WARNING if options["emulated"] else FAILED


def must_in_production(options: Options) -> str:
    """The state of what staging and prod must have on AWS itself; pure."""
    return FAILED if options["environment"] in STRICT and not options["emulated"] else WARNING


def global_region(region: str) -> str:
    """Where a partition keeps what belongs to no region: billing, and the quotas of global services; pure."""
    return next((place for beginning, place in _GLOBAL.items() if region.startswith(beginning)), "us-east-1")


def document(environment: str, rows: Iterable[Row]) -> dict[str, Any]:
    """The file's content; pure."""
    checks = [row._asdict() for row in rows]
    counted = Counter(each["state"] for each in checks)
    return {"environment": environment, "checks": checks, "summary": {state: counted[state] for state in STATES}}


def lines(rows: Iterable[Row]) -> list[str]:
    """The table: state, check, what was found, and below it what to do; pure."""
    return [line for row in rows for line in _lines(row)]


def _lines(row: Row) -> list[str]:
    state = row.state if row.state in (OK, WARNING) else row.state.upper()
    lead = f"{state:<9}{row.name:<{_NAME_WIDTH}}"
    below = " " * len(f"{'':<9}{'':<{_NAME_WIDTH}}")
    found = textwrap.wrap(row.found, _WIDTH, initial_indent=lead, subsequent_indent=below, break_on_hyphens=False)
    advice = textwrap.wrap(
        row.advice,
        _WIDTH,
        initial_indent=f"{below}-> ",
        subsequent_indent=f"{below}   ",
        break_on_hyphens=False,
        break_long_words=False,
    )
    return (found or [lead.rstrip()]) + advice


def total(summary: Mapping[str, int]) -> str:
    """The last line, such as C(Preflight: 30 ok, 2 warning, 0 failed, 1 unknown); pure."""
    return f"Preflight: {', '.join(f'{summary[state]} {state}' for state in STATES)}"
