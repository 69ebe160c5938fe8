# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.s3_bucket import Bucket
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account, Connect, Contract, Subject

BACKUPS, LOGS = (f"uex-payments-test-{what}-123456789012-us-east-1" for what in ("backups", "alb-logs"))
OPTIONS = (
    *("versioning", "encryption", "public_access_block", "object_ownership", "policy", "lifecycle_rules"),
    *("logging", "object_lock_enabled", "object_lock", "tags"),
)
RULE = dict.fromkeys(
    (
        *("transitions", "expiration", "noncurrent_version_transitions"),
        *("noncurrent_version_expiration", "abort_incomplete_multipart_upload"),
    )
)
PLAIN = {"sse_algorithm": "AES256", "kms_master_key_id": None, "bucket_key_enabled": None}
BLOCK = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")


def statement(bucket: str, **given: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/*", **given}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def rule(name: str, **given: Any) -> dict[str, Any]:
    return {**RULE, "id": name, "status": "Enabled", "prefix": "", **given}


def item(name: str, **given: Any) -> dict[str, Any]:
    return {**dict.fromkeys(OPTIONS), "name": name, **given}


def backups() -> dict[str, Any]:
    tls = {"Effect": "Deny", "Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    tiering = [{"days": 90, "storage_class": "GLACIER"}, {"days": 30, "storage_class": "STANDARD_IA"}]
    return item(
        BACKUPS,
        versioning="Enabled",
        encryption={"sse_algorithm": "aws:kms", "kms_master_key_id": "alias/uex", "bucket_key_enabled": True},
        public_access_block=dict.fromkeys(BLOCK, True),
        object_ownership="BucketOwnerEnforced",
        policy=policy(statement(BACKUPS, **tls)),
        lifecycle_rules=[
            rule("tier", transitions=tiering, expiration={"days": 365, "expired_object_delete_marker": None}),
            rule(
                "clean",
                prefix="tmp/",
                noncurrent_version_expiration={"noncurrent_days": 30, "newer_noncurrent_versions": 3},
                abort_incomplete_multipart_upload={"days_after_initiation": 7},
            ),
        ],
        object_lock_enabled=True,
        object_lock={"mode": "GOVERNANCE", "days": 7, "years": None},
    )


def sample(connect: Connect) -> dict[str, Any]:
    delivery = statement(LOGS, Principal={"Service": "logging.s3.amazonaws.com"})
    return {"buckets": [backups(), item(LOGS, policy=policy(delivery))], "force_delete": False}


CONTRACT = Contract(Bucket, sample, change={"lifecycle_rules": [rule("tier", expiration={"days": 30})]}, unset=OPTIONS)


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    subject.account.written()
    return subject


@pytest.mark.parametrize(
    ("change", "call"),
    [
        ({"lifecycle_rules": []}, "DeleteBucketLifecycle"),
        ({"policy": policy(statement(BACKUPS, Principal={"Service": "backup.amazonaws.com"}))}, "PutBucketPolicy"),
        ({"policy": {}}, "DeleteBucketPolicy"),
        ({"logging": {"target_bucket": LOGS, "target_prefix": "access/"}}, "PutBucketLogging"),
        ({"encryption": PLAIN}, "PutBucketEncryption"),
        ({"object_lock": {"mode": "GOVERNANCE", "days": None, "years": 1}}, "PutObjectLockConfiguration"),
        ({"public_access_block": {**dict.fromkeys(BLOCK, True), "ignore_public_acls": False}}, "PutPublicAccessBlock"),
        ({"object_ownership": "BucketOwnerPreferred"}, "PutBucketOwnershipControls"),
        ({"tags": {"Owner": "sre"}}, "PutBucketTagging"),
    ],
)
def test_an_update_makes_one_call(made: Subject, change: dict[str, Any], call: str) -> None:
    first, second = made.items
    items = made.with_items([{**first, **change}, second])
    assert made.run(**items).failed == []
    assert made.account.written() == [("s3", call)]
    assert made.run(**items).done == []


def test_access_logs_may_go_to_a_bucket_of_the_same_run_and_stop_again(aws: None) -> None:
    subject = Subject(CONTRACT, Account())
    first, second = subject.items
    logged = subject.with_items([{**first, "logging": {"target_bucket": LOGS, "target_prefix": "access/"}}, second])
    assert subject.run(**logged).failed == []
    assert subject.run(**logged).done == []
    stopped = subject.with_items([{**first, "logging": {"target_bucket": None, "target_prefix": None}}, second])
    assert subject.run(**stopped).failed == []
    assert subject.resource().observe()[BACKUPS]["logging"] == {}


def test_tags_of_others_stay(made: Subject) -> None:
    client = made.account.connect("s3")
    tags = [{"Key": key, "Value": value} for key, value in {**TAGS, "Team": "payments"}.items()]
    client.put_bucket_tagging(Bucket=LOGS, Tagging={"TagSet": tags})
    first, second = made.items
    assert made.run(**made.with_items([first, {**second, "tags": {"Owner": "sre"}}])).failed == []
    assert made.resource().observe()[LOGS]["tags"] == {**TAGS, "Team": "payments", "Owner": "sre"}


def test_object_lock_cannot_be_turned_on_later(made: Subject) -> None:
    first, second = made.items
    outcome = made.run(**made.with_items([first, {**second, "object_lock_enabled": True}]))
    assert [(error.name, error.code) for error in outcome.failed] == [(LOGS, "Frozen")]


UNTIL = datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC)
LOCK = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": UNTIL}
PAST = {"ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)}


def versions(made: Subject) -> list[str]:
    found = made.account.connect("s3").list_object_versions(Bucket=BACKUPS)
    return sorted(each["Key"] for each in (*found.get("Versions", []), *found.get("DeleteMarkers", [])))


def emptied(made: Subject, check_mode: bool = False, **options: Any) -> dict[str, str]:
    outcome = made.run(check_mode, prune=True, force_delete=True, **options, **made.with_items([]))
    assert outcome.failed == []
    return {plan.name: plan.verb for plan in (outcome.plans if check_mode else outcome.done) if plan.verb != "keep"}


def test_what_object_lock_keeps_stays_with_its_bucket_and_the_rest_goes(made: Subject) -> None:
    client = made.account.connect("s3")
    client.put_object(Bucket=BACKUPS, Key="locked", Body=b"x", **LOCK)
    client.put_object(Bucket=BACKUPS, Key="free", Body=b"x", **PAST)
    client.delete_object(Bucket=BACKUPS, Key="free")
    expected = {BACKUPS: "update", LOGS: "delete"}
    assert emptied(made, check_mode=True) == expected
    assert emptied(made) == expected
    assert versions(made) == ["locked"]
    assert emptied(made) == {}


def test_a_bucket_whose_locks_are_over_goes(made: Subject) -> None:
    made.account.connect("s3").put_object(Bucket=BACKUPS, Key="old", Body=b"x", **PAST)
    assert emptied(made) == {BACKUPS: "delete", LOGS: "delete"}


def test_a_legal_hold_has_no_end(made: Subject) -> None:
    made.account.connect("s3").put_object(Bucket=BACKUPS, Key="held", Body=b"x", ObjectLockLegalHoldStatus="ON", **PAST)
    assert emptied(made) == {LOGS: "delete"}


def test_kept_buckets_stay_as_they_are(made: Subject) -> None:
    made.account.connect("s3").put_object(Bucket=BACKUPS, Key="a", Body=b"x", **PAST)
    assert emptied(made, kept=[BACKUPS]) == {LOGS: "delete"}
    assert versions(made) == ["a"]
