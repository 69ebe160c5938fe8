# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reading for a diagnosis: the caller and the account, what runs share, roles and keys."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from . import _aws, _iam_policies, _lock, _preflight_account, _state
from ._diagnose import Fact, Facts
from ._diagnose_role import references
from ._errors import failure

Found = dict[str, Any]


def identity(facts: Facts) -> Found:
    """Who calls, with the difference of the clocks; an error is a finding, so it is returned."""
    now = datetime.datetime.now(datetime.UTC)
    try:
        answer = facts.connect("sts").get_caller_identity()
    except Exception as error:  # without working credentials there is nothing else to hide
        return {"error": failure("credentials", "look", error), "skew": _skew(getattr(error, "response", None), now)}
    expiration = os.environ.get(_preflight_account.EXPIRATION, "")
    about = {"arn": answer["Arn"], "account": answer["Account"], "expiration": expiration, "now": now}
    return {**about, "skew": _skew(answer, now)}


def _skew(answer: Mapping[str, Any] | None, now: datetime.datetime) -> int | None:
    """Seconds that AWS's clock is ahead of this machine's."""
    date = ((answer or {}).get("ResponseMetadata") or {}).get("HTTPHeaders", {}).get("date")
    return round((parsedate_to_datetime(date) - now).total_seconds()) if date else None


def region(facts: Facts) -> str:
    """Whether the account may use the region."""
    name = facts.about["region"]
    found = facts.connect("ec2").describe_regions(RegionNames=[name], AllRegions=True)["Regions"]
    return str(found[0].get("OptInStatus", "opt-in-not-required")) if found else "not-opted-in"


def account_summary(facts: Facts) -> Found:
    return dict(_preflight_account.summary(facts.connect, facts.about))


# What runs share


def _bucket_name(facts: Facts) -> str:
    return str(facts.about["state_bucket"]).replace(_state.ACCOUNT, facts("identity")["account"])


def state_bucket(facts: Facts) -> Found:
    """The bucket, with its encryption and versioning where it is there."""
    client, name = facts.connect("s3"), _bucket_name(facts)
    if not _aws.absent_as(False, lambda: bool(client.head_bucket(Bucket=name)), "404", "NoSuchBucket"):
        return {"name": name, "exists": False}
    none = "ServerSideEncryptionConfigurationNotFoundError"
    rules: list[Any] = _aws.absent_as(
        [], lambda: client.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"], none
    )
    encryption = ", ".join(str(each["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]) for each in rules)
    versioning = client.get_bucket_versioning(Bucket=name).get("Status", "")
    return {"name": name, "exists": True, "encryption": encryption, "versioning": versioning}


def state_objects(facts: Facts) -> int | None:
    """How many objects the environment has there; None where there is no bucket, which another check tells."""
    try:
        return len(_state.Store(facts.connect, _bucket_name(facts), facts.about["state_prefix"]).names(""))
    except _state.NoStateBucket:
        return None


def lock_table(facts: Facts) -> str | None:
    describe, name = facts.connect("dynamodb").describe_table, facts.about["lock_table"]
    return _aws.absent_as(None, lambda: str(describe(TableName=name)["Table"]["TableStatus"]), _lock.NO_TABLE)


def lock(facts: Facts) -> Found | None:
    """The lock's item and what time it is there; None where there is no table, which another check tells."""
    request = _lock.reading(_lock.Place(facts.about["lock_table"], facts.about["state_prefix"]))
    answer: Any = _aws.absent_as(None, lambda: facts.connect("dynamodb").get_item(**request), _lock.NO_TABLE)
    return {"item": answer.get("Item"), "now": _lock.service_time(answer)} if answer else None


# Roles and keys


def roles(facts: Facts) -> dict[str, dict[str, Found | None]]:
    """The roles that task definitions name, by kind and ARN; without definitions the one that would execute."""
    definitions = facts("definitions").values()
    account = facts("identity")["account"]
    usual = f"arn:{facts('identity')['arn'].split(':')[1]}:iam::{account}:role/{facts.about['name']}-execution"
    execution = {each["executionRoleArn"] for each in definitions if each.get("executionRoleArn")} or {usual}
    task = {each["taskRoleArn"] for each in definitions if each.get("taskRoleArn")}
    client = facts.connect("iam")
    return {
        kind: dict(zip(sorted(arns), _aws.concurrently(lambda arn: _role(client, arn), sorted(arns)), strict=True))
        for kind, arns in (("execution", execution), ("task", task))
    }


def _role(client: Any, arn: str) -> Found | None:
    """A role's trust, policies and boundary; None where it is gone."""
    name = arn.rpartition("/")[2]
    role: Any = _aws.absent_as(None, lambda: client.get_role(RoleName=name)["Role"], "NoSuchEntity")
    if role is None:
        return None
    holder = _iam_policies.Holder(client, "role", name)
    policies = {**holder.inline(), **{each.rpartition("/")[2]: _managed(client, each) for each in holder.attached()}}
    boundary = (role.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
    trust = role["AssumeRolePolicyDocument"]
    return {
        "arn": arn,
        "trust": trust,
        "policies": policies,
        "boundary": _managed(client, boundary) if boundary else None,
    }


def _managed(client: Any, arn: str) -> Any:
    version = client.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    return client.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


def keys(facts: Facts) -> dict[str, Found]:
    """The keys of repositories and secrets, by how those name them; one that is gone is left out."""
    repositories, secrets = facts("repositories").values(), facts("secrets").values()
    named = {(each.get("encryptionConfiguration") or {}).get("kmsKey") for each in repositories}
    named |= {each["key"] for each in secrets if each}
    wanted = sorted(each for each in named if each)
    client = facts.connect("kms")
    found = _aws.concurrently(lambda key: _aws.absent_as(None, lambda: _key(client, key), "NotFoundException"), wanted)
    return {key: each for key, each in zip(wanted, found, strict=True) if each}


def _key(client: Any, name: str) -> Found:
    about = client.describe_key(KeyId=name)["KeyMetadata"]
    policy = json.loads(client.get_key_policy(KeyId=about["KeyId"], PolicyName="default")["Policy"])
    aliases = [each["AliasName"] for each in _aws.pages(client, "list_aliases", "Aliases", KeyId=about["KeyId"])]
    return {"arn": about["Arn"], "state": about["KeyState"], "policy": policy, "aliases": aliases}


def secrets(facts: Facts) -> dict[str, Found | None]:
    """The secrets that task definitions name: what is known of each, and who may read it; never a value."""
    client = facts.connect("secretsmanager")
    wanted: Iterable[str] = sorted({each.arn for each in references(facts("definitions"))})
    found = _aws.concurrently(lambda arn: _secret(client, arn), wanted)
    return dict(zip(wanted, found, strict=True))


def _secret(client: Any, arn: str) -> Found | None:
    about: Any = _aws.absent_as(None, lambda: client.describe_secret(SecretId=arn), "ResourceNotFoundException")
    if about is None:
        return None
    stages = about.get("VersionIdsToStages") or {}
    deleted = about.get("DeletedDate")
    text = None if deleted else client.get_resource_policy(SecretId=arn).get("ResourcePolicy")
    return {
        "name": about["Name"],
        "deleted": str(deleted or ""),
        "current": any("AWSCURRENT" in each for each in stages.values()),
        "key": about.get("KmsKeyId") or "",
        "policy": json.loads(text) if text else None,
    }


def linked_roles(facts: Facts) -> list[str]:
    return _preflight_account.linked_roles(facts.connect, facts.about)


READERS: Mapping[str, Fact] = {
    "identity": Fact("who calls", "sts", identity),
    "region": Fact("the region", "ec2", region),
    "account_summary": Fact("the account's root user", "iam", account_summary),
    "state_bucket": Fact("the state bucket", "s3", state_bucket),
    "state_objects": Fact("the records in the state bucket", "s3", state_objects),
    "lock_table": Fact("the lock table", "dynamodb", lock_table),
    "lock": Fact("the lock", "dynamodb", lock),
    "roles": Fact("the roles of the tasks", "iam", roles),
    "keys": Fact("the KMS keys", "kms", keys),
    "secrets": Fact("the secrets", "secretsmanager", secrets),
    "linked_roles": Fact("the service-linked roles", "iam", linked_roles),
}
