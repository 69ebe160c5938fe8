# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Checks of the account: whose it is, how its root user is guarded, who watches its bill, and what runs share in it."""

from __future__ import annotations

import datetime
import functools
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import _aws
from ._errors import failure
from ._preflight import FAILED, OK, UNKNOWN, WARNING, Check, Connect, Options, Row, global_region, must
from ._state import ACCOUNT

#: When the credentials expire, as those who export them from a login say it.
EXPIRATION = "AWS_CREDENTIAL_EXPIRATION"
SOON = datetime.timedelta(hours=1)
LINKED_ROLES = (
    "AWSServiceRoleForECS",
    "AWSServiceRoleForRDS",
    "AWSServiceRoleForElastiCache",
    "AWSServiceRoleForElasticLoadBalancing",
    "AWSServiceRoleForApplicationAutoScaling_ECSService",
)
BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
BOOTSTRAP = "ansible-playbook playbooks/bootstrap.yml"


def identity(connect: Connect, options: Options) -> dict[str, Any]:
    """Who calls, or why AWS doesn't say so."""
    try:
        found: dict[str, Any] = connect("sts").get_caller_identity()
        return {**found, "expiration": os.environ.get(EXPIRATION, "")}
    except Exception as error:  # without working credentials there is no other row to hide
        return {"error": failure("credentials", "look", error)}


def judge_identity(found: Mapping[str, Any], options: Options) -> Iterable[Row]:
    if "error" in found:
        error = found["error"]
        advice = error.hint or "set AWS_PROFILE, or sign in: aws sso login"
        yield Row("Credentials", FAILED, f"{error.code}: {error.message}", advice)
        return
    arn = found["Arn"]
    root = arn.endswith(":root")
    advice = "use a role; the root user is for emergencies" if root and not options["emulated"] else ""
    yield Row("Credentials", FAILED if advice else OK, arn, advice)
    yield _account(found["Account"], options)
    if found["expiration"]:
        yield expiry(found["expiration"], datetime.datetime.now(datetime.UTC))


def _account(actual: str, options: Options) -> Row:
    wanted = options["account_id"]
    if wanted not in ("", actual):
        return Row("Account", FAILED, f"{actual}, the inventory means {wanted}", "use that account's credentials")
    if not wanted and not options["emulated"]:
        advice = f'set stack_account_id: "{actual}", so that no other account is ever changed'
        return Row("Account", WARNING, f"{actual}; the inventory means none in particular", advice)
    return Row("Account", OK, actual)


def expiry(text: str, now: datetime.datetime) -> Row:
    """How long the credentials last; C(text) is a time with its zone."""
    name, advice = "Credentials' end", "renew them before a long run: aws sso login"
    end = datetime.datetime.fromisoformat(text)
    left = end - now
    if left <= datetime.timedelta():
        return Row(name, FAILED, f"expired at {text}", advice)
    return Row(name, WARNING if left < SOON else OK, f"expire at {text}", advice if left < SOON else "")


def summary(connect: Connect, options: Options) -> dict[str, int]:
    found: dict[str, int] = connect("iam").get_account_summary()["SummaryMap"]
    return found


def judge_root(found: Mapping[str, int], options: Options) -> Iterable[Row]:
    """A member of an organization may have a root user without a password: nobody can sign in as it."""
    none = found.get("AccountPasswordPresent") == 0 and not options["emulated"]
    advice = "sign in as the root user and assign an MFA device under Security credentials"
    guarded = bool(found.get("AccountMFAEnabled") or none)
    text = "has no password" if none else "is on" if guarded else "is off"
    yield Row("MFA of the root user", OK if guarded else must(options), text, "" if guarded else advice)
    keys = bool(found.get("AccountAccessKeysPresent"))
    text = "there are some" if keys else "none"
    advice = "delete them; whoever has them can do everything" if keys else ""
    yield Row("Access keys of the root user", FAILED if keys else OK, text, advice)


def watches(connect: Connect, options: Options) -> list[str]:
    """What tells somebody about the bill: alarms on the charges, else budgets."""
    place = global_region(options["region"])
    alarms = _aws.pages(connect("cloudwatch", region=place), "describe_alarms", "MetricAlarms")
    found = [f"alarm {each['AlarmName']}" for each in alarms if _is_of_charges(each)]
    if found:
        return found
    account = connect("sts").get_caller_identity()["Account"]
    read = functools.partial(_aws.pages, connect("budgets"), "describe_budgets", "Budgets", AccountId=account)
    budgets: list[Any] = _aws.absent_as([], read)
    return [f"budget {each['BudgetName']}" for each in budgets]


def _is_of_charges(alarm: Mapping[str, Any]) -> bool:
    metrics = [each.get("MetricStat", {}).get("Metric", {}) for each in alarm.get("Metrics") or ()]
    return any(each.get("Namespace") == "AWS/Billing" for each in (alarm, *metrics))


def judge_watches(found: list[str], options: Options) -> Iterable[Row]:
    advice = f"make a budget, or an alarm on AWS/Billing EstimatedCharges in {global_region(options['region'])}"
    yield Row("Billing alarm", OK if found else WARNING, ", ".join(found) or "none", "" if found else advice)


def public_access(connect: Connect, options: Options) -> dict[str, bool] | None:
    """The account's own block. An emulator can't be asked: the request goes to a host named by the account."""
    if options["emulated"]:
        return None
    account = connect("sts").get_caller_identity()["Account"]
    read = functools.partial(connect("s3control").get_public_access_block, AccountId=account)
    return _aws.absent_as({}, lambda: read()["PublicAccessBlockConfiguration"], "NoSuchPublicAccessBlockConfiguration")


def judge_public_access(found: Mapping[str, bool] | None, options: Options) -> Iterable[Row]:
    name = "Block of public access to S3"
    if found is None:
        return [Row(name, UNKNOWN, "the emulator has no such setting of the account", "nothing; AWS itself has it")]
    off = [each for each in BLOCKS if not found.get(each)]
    if not off:
        return [Row(name, OK, "on for all of the account's buckets")]
    advice = "turn it on in the S3 console if no bucket of the account is public on purpose; ours block it themselves"
    return [Row(name, WARNING, f"{', '.join(off)} off for the account", advice)]


def state_bucket(connect: Connect, options: Options) -> tuple[str, bool]:
    """The bucket's name, and whether it is there and ours to read."""
    name = options["state_bucket"].replace(ACCOUNT, connect("sts").get_caller_identity()["Account"])

    def look() -> bool:
        return bool(connect("s3").head_bucket(Bucket=name))

    return name, _aws.absent_as(False, look, "404", "NoSuchBucket")


def lock_table(connect: Connect, options: Options) -> tuple[str, bool]:
    name = options["lock_table"]

    def look() -> bool:
        return bool(connect("dynamodb").describe_table(TableName=name))

    return name, _aws.absent_as(False, look, "ResourceNotFoundException")


def _judge_shared(title: str) -> Callable[[tuple[str, bool], Options], Iterable[Row]]:
    """Of what runs share; on the embedded AWS the first apply makes it."""

    def judge(found: tuple[str, bool], options: Options) -> Iterable[Row]:
        name, there = found
        if there:
            return [Row(title, OK, name)]
        advice = "the first apply makes it" if options["emulated"] else f"{BOOTSTRAP} {options['inventories']}"
        return [Row(title, must(options), f"{name} is not there", advice)]

    return judge


def linked_roles(connect: Connect, options: Options) -> list[str]:
    """Which service-linked roles are not there."""
    client = connect("iam")

    def lacks(name: str) -> bool:
        return _aws.absent_as(True, lambda: not client.get_role(RoleName=name), "NoSuchEntity")

    return [name for name in LINKED_ROLES if lacks(name)]


def judge_linked_roles(missing: list[str], options: Options) -> Iterable[Row]:
    name = "Service-linked roles"
    if not missing:
        return [Row(name, OK, f"all {len(LINKED_ROLES)} are there")]
    advice = "made with the first resource that needs them; the deployer needs iam:CreateServiceLinkedRole"
    return [Row(name, WARNING, f"not there yet: {', '.join(missing)}", advice)]


CHECKS = (
    Check("Credentials", "sts", identity, judge_identity),
    Check("Root user", "iam", summary, judge_root),
    Check("Billing alarm", "cloudwatch", watches, judge_watches),
    Check("Block of public access to S3", "s3control", public_access, judge_public_access),
    Check("State bucket", "s3", state_bucket, _judge_shared("State bucket")),
    Check("Lock table", "dynamodb", lock_table, _judge_shared("Lock table")),
    Check("Service-linked roles", "iam", linked_roles, judge_linked_roles),
)
