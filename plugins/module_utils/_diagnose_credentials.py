# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Diagnosis of the credentials: whose they are, of which account, how long they last, whether the clock is right."""

from __future__ import annotations

from collections.abc import Iterable

from . import _preflight_account
from ._diagnose import About, Check, Subject, Values, aws
from ._findings import BROKEN, UNKNOWN, Finding, broken, ok, warning

LOGIN = "aws sso login, or set AWS_PROFILE; then: aws sts get-caller-identity"
#: Seconds that clocks may differ: AWS refuses signatures that are older than 300.
SKEW_WARNING, SKEW_MOST = 60, 300
#: Without these nothing else can be told from what is really wrong.
VITAL = ("caller", "account")


def caller(values: Values, about: About) -> Iterable[Finding]:
    """Who calls; the root user is for emergencies."""
    found = values["identity"]
    error = found.get("error")
    if error:
        remedy = error.hint or "sign in, or name a profile that works"
        yield broken("caller", "the credentials don't work", f"{error.code}: {error.message}", remedy, LOGIN)
        return
    arn = found["arn"]
    yield ok("caller", "the credentials work", arn)
    if arn.endswith(":root"):
        remedy = "use a role; whoever is the root user is stopped by no policy"
        yield warning("root-user", "the caller is the account's root user", arn, remedy, LOGIN)
    else:
        yield ok("root-user", "the caller is not the root user", arn)


def account(values: Values, about: About) -> Iterable[Finding]:
    """Whether it is the account that the inventory means."""
    found, wanted = values["identity"], about["account_id"]
    if "error" in found:
        return
    if wanted not in ("", found["account"]):
        seen = f"the credentials are of account {found['account']}, the inventory means {wanted}"
        remedy = f"take credentials of account {wanted}, or mend stack_account_id"
        yield broken("account", seen, found["arn"], remedy, LOGIN)
    else:
        yield ok("account", f"account {found['account']}", found["arn"] if wanted else "the inventory names none")


def assumed_role(values: Values, about: About) -> Iterable[Finding]:
    """Whether the role that runs assume could be assumed."""
    role, problem = about["assume_role_arn"], about["session_problem"]
    if problem:
        remedy = "mend the role's trust policy or the caller's rights; until then all is read with the caller's own"
        command = aws(about, f"sts assume-role --role-arn {role} --role-session-name diagnose")
        yield broken("assumed-role", f"{role} can't be assumed", problem, remedy, command)
    elif role:
        yield ok("assumed-role", f"{role} is assumed", values["identity"].get("arn", ""))


def end(values: Values, about: About) -> Iterable[Finding]:
    """How long they last."""
    text = values["identity"].get("expiration")
    if not text:
        return
    row = _preflight_account.expiry(text, values["identity"]["now"])
    if not row.advice:
        yield ok("credentials-end", row.found)
    elif "expired" in row.found:
        yield broken(
            "credentials-end", f"the credentials {row.found}", _preflight_account.EXPIRATION, row.advice, LOGIN
        )
    else:
        yield warning("credentials-end", f"the credentials {row.found}", row.found, row.advice, LOGIN)


def clock(values: Values, about: About) -> Iterable[Finding]:
    """AWS refuses what is signed with a wrong clock."""
    skew = values["identity"].get("skew")
    if skew is None:
        return
    seen = f"this machine's clock is {abs(skew)} s {'behind' if skew > 0 else 'ahead of'} AWS's"
    remedy, command = "set the clock; time synchronization is off or can't reach its servers", "timedatectl status"
    if abs(skew) >= SKEW_MOST:
        yield broken("clock", seen, f"AWS refuses signatures that are {SKEW_MOST} s off", remedy, command)
    elif abs(skew) >= SKEW_WARNING:
        yield warning("clock", seen, f"AWS refuses signatures that are {SKEW_MOST} s off", remedy, command)
    else:
        yield ok("clock", "this machine's clock is AWS's", f"within {SKEW_WARNING} s")


def region(values: Values, about: About) -> Iterable[Finding]:
    """Whether the account may use the region."""
    status = values["region"]
    if status == "not-opted-in":
        command = f"aws account enable-region --region-name {about['region']}"
        yield broken("region", f"region {about['region']} is not enabled for the account", status, "enable it", command)
    else:
        yield ok("region", f"region {about['region']} may be used", status)


def root(values: Values, about: About) -> Iterable[Finding]:
    """How the root user is guarded; an emulator hasn't one."""
    if about["emulated"]:
        return
    for row in _preflight_account.judge_root(values["account_summary"], about):
        check = "root-mfa" if "MFA" in row.name else "root-keys"
        if row.advice:
            yield warning(
                check, f"{row.name}: {row.found}", "iam:GetAccountSummary", row.advice, "aws iam get-account-summary"
            )
        else:
            yield ok(check, f"{row.name}: {row.found}")


def blind(findings: Iterable[Finding]) -> Finding | None:
    """Why nothing else is examined; None where it can be."""
    lost = [each.seen for each in findings if each.severity == BROKEN and each.check in VITAL]
    if not lost:
        return None
    return Finding("not-examined", UNKNOWN, "nothing else was examined", lost[0], "mend this first, then run again")


SUBJECT = Subject(
    "credentials",
    "caller, account, assumed role, end, clock, region, root user",
    (
        *(Check(("identity",), judge) for judge in (caller, account, assumed_role, end, clock)),
        Check(("region",), region),
        Check(("account_summary",), root),
    ),
)
