# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""S3 as AWS documents it: a fresh bucket's defaults, life cycles that read back whole, refused policies."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.usefixtures("aws")

BUCKET = "uex-payments-dev-backups"
ARN = f"arn:aws:s3:::{BUCKET}"


@pytest.fixture
def s3(aws: None) -> Any:
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    return client


def code(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(Bucket=BUCKET, **parameters)
    return str(refused.value.response["Error"]["Code"])


def policy(**statement: Any) -> str:
    full = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{ARN}/*", **statement}
    return json.dumps({"Version": "2012-10-17", "Statement": [full]})


TLS_ONLY = policy(Effect="Deny", Principal="*", Action="s3:*", Condition={"Bool": {"aws:SecureTransport": "false"}})


def default_encryption(s3: Any) -> dict[str, Any]:
    rules = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    return dict(rules[0])


def test_fresh_bucket_is_encrypted_private_and_owned(s3: Any) -> None:
    expected = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}
    assert default_encryption(s3) == expected
    block = s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    assert list(block.values()) == [True] * 4
    rules = s3.get_bucket_ownership_controls(Bucket=BUCKET)["OwnershipControls"]["Rules"]
    assert rules == [{"ObjectOwnership": "BucketOwnerEnforced"}]


def test_encryption_with_a_key_and_back(s3: Any) -> None:
    by_key = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/data"}
    rule = {"ApplyServerSideEncryptionByDefault": by_key, "BucketKeyEnabled": True}
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [rule]})
    assert default_encryption(s3) == rule
    s3.delete_bucket_encryption(Bucket=BUCKET)
    assert default_encryption(s3)["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_defaults_can_be_removed(s3: Any) -> None:
    s3.delete_public_access_block(Bucket=BUCKET)
    assert code(s3.get_public_access_block) == "NoSuchPublicAccessBlockConfiguration"
    s3.delete_bucket_ownership_controls(Bucket=BUCKET)
    assert code(s3.get_bucket_ownership_controls) == "OwnershipControlsNotFoundError"


def test_acls_only_without_enforced_ownership(s3: Any) -> None:
    assert code(s3.put_bucket_acl, ACL="public-read") == "AccessControlListNotSupported"
    s3.put_bucket_ownership_controls(Bucket=BUCKET, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]})
    s3.put_bucket_acl(Bucket=BUCKET, ACL="public-read")
    assert len(s3.get_bucket_acl(Bucket=BUCKET)["Grants"]) == 2


@pytest.mark.parametrize(
    ("operation", "error"),
    [
        ("get_bucket_policy", "NoSuchBucketPolicy"),
        ("get_bucket_tagging", "NoSuchTagSet"),
        ("get_bucket_cors", "NoSuchCORSConfiguration"),
        ("get_bucket_website", "NoSuchWebsiteConfiguration"),
        ("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration"),
        ("get_object_lock_configuration", "ObjectLockConfigurationNotFoundError"),
        ("get_bucket_replication", "ReplicationConfigurationNotFoundError"),
    ],
)
def test_what_was_never_put(s3: Any, operation: str, error: str) -> None:
    assert code(getattr(s3, operation)) == error


RULES: list[dict[str, Any]] = [
    {"ID": "tiers", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 400},
     "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": 90, "StorageClass": "GLACIER"}]},
    {"ID": "intelligent", "Status": "Enabled", "Filter": {"Prefix": "logs/"},
     "Transitions": [{"Days": 0, "StorageClass": "INTELLIGENT_TIERING"}]},
    {"ID": "noncurrent", "Status": "Enabled", "Filter": {"Tag": {"Key": "a", "Value": "b"}},
     "NoncurrentVersionExpiration": {"NoncurrentDays": 90, "NewerNoncurrentVersions": 3},
     "NoncurrentVersionTransitions":
         [{"NoncurrentDays": 30, "StorageClass": "STANDARD_IA", "NewerNoncurrentVersions": 1}]},
    {"ID": "uploads", "Status": "Disabled", "Filter": {"ObjectSizeGreaterThan": 500},
     "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}},
    {"ID": "markers", "Status": "Enabled", "Expiration": {"ExpiredObjectDeleteMarker": True},
     "Filter": {"And": {"Prefix": "x/", "Tags": [{"Key": "a", "Value": "b"}], "ObjectSizeLessThan": 9}}},
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["ID"]))
def test_lifecycle_rule_round_trip(s3: Any, rule: dict[str, Any]) -> None:
    s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": [rule]})
    assert s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"] == [rule]


def test_lifecycle_rules_together_named_and_deleted(s3: Any) -> None:
    unnamed = {name: value for name, value in RULES[0].items() if name != "ID"}
    s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": [unnamed, *RULES[1:]]})
    found = s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    assert found[0].pop("ID")
    assert found == [unnamed, *RULES[1:]]
    s3.delete_bucket_lifecycle(Bucket=BUCKET)
    assert code(s3.get_bucket_lifecycle_configuration) == "NoSuchLifecycleConfiguration"


@pytest.mark.parametrize(
    "change",
    [
        {"Transitions": [{"Days": 10, "StorageClass": "STANDARD_IA"}]},
        {"Transitions": [{"Days": 60, "StorageClass": "GLACIER"}], "Expiration": {"Days": 60}},
    ],
)
def test_lifecycle_days_that_aws_refuses(s3: Any, change: dict[str, Any]) -> None:
    rule = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": ""}, **change}
    put = s3.put_bucket_lifecycle_configuration
    assert code(put, LifecycleConfiguration={"Rules": [rule]}) == "InvalidArgument"
    assert code(s3.get_bucket_lifecycle_configuration) == "NoSuchLifecycleConfiguration"


def test_policy_round_trip_and_deletion(s3: Any) -> None:
    s3.put_bucket_policy(Bucket=BUCKET, Policy=TLS_ONLY)
    assert json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"]) == json.loads(TLS_ONLY)
    s3.delete_bucket_policy(Bucket=BUCKET)
    assert code(s3.get_bucket_policy) == "NoSuchBucketPolicy"


def test_tls_only_policy_does_not_lock_out(s3: Any) -> None:
    s3.put_bucket_policy(Bucket=BUCKET, Policy=TLS_ONLY)
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x")
    assert s3.get_object(Bucket=BUCKET, Key="k")["Body"].read() == b"x"


def test_unconditional_deny_holds(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x")
    s3.put_bucket_policy(Bucket=BUCKET, Policy=policy(Effect="Deny", Principal="*"))
    with pytest.raises(ClientError) as refused:
        s3.get_object(Bucket=BUCKET, Key="k")
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


@pytest.mark.parametrize(
    "document",
    [
        "{",
        "{}",
        policy(),
        policy(Principal={"AWS": "arn:aws:iam::123456789012:role/absent"}),
        policy(Principal={"Service": "x.amazonaws.com"}, Resource="arn:aws:s3:::other/*"),
    ],
    ids=["no JSON", "no statement", "no principal", "absent role", "another bucket"],
)
def test_malformed_policies(s3: Any, document: str) -> None:
    assert code(s3.put_bucket_policy, Policy=document) == "MalformedPolicy"


def test_public_policy_only_without_the_block(s3: Any) -> None:
    public = policy(Principal="*")
    assert code(s3.put_bucket_policy, Policy=public) == "AccessDenied"
    narrowed = policy(Principal="*", Condition={"StringEquals": {"aws:SourceAccount": "123456789012"}})
    s3.put_bucket_policy(Bucket=BUCKET, Policy=narrowed)
    s3.delete_public_access_block(Bucket=BUCKET)
    s3.put_bucket_policy(Bucket=BUCKET, Policy=public)
    assert json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"]) == json.loads(public)


def test_versioning_round_trip(s3: Any) -> None:
    assert "Status" not in s3.get_bucket_versioning(Bucket=BUCKET)
    for status in ("Enabled", "Suspended"):
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": status})
        assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == status


def test_logging_needs_a_target_that_lets_the_service_write(s3: Any) -> None:
    target, prefix = "uex-payments-dev-logs", "s3/"
    enabled = {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": prefix}}
    assert code(s3.put_bucket_logging, BucketLoggingStatus=enabled) == "InvalidTargetBucketForLogging"
    s3.create_bucket(Bucket=target)
    assert code(s3.put_bucket_logging, BucketLoggingStatus=enabled) == "InvalidTargetBucketForLogging"
    writer = {"Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject"}
    s3.put_bucket_policy(Bucket=target, Policy=policy(**writer, Resource=f"arn:aws:s3:::{target}/{prefix}*"))
    s3.put_bucket_logging(Bucket=BUCKET, BucketLoggingStatus=enabled)
    assert s3.get_bucket_logging(Bucket=BUCKET)["LoggingEnabled"] == enabled["LoggingEnabled"]


@pytest.mark.parametrize("period", [{"Days": 7}, {"Years": 7}])
def test_object_lock_reads_back_as_put(s3: Any, period: dict[str, int]) -> None:
    name = "uex-payments-dev-locked"
    s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", **period}}}
    s3.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration=lock)
    assert s3.get_object_lock_configuration(Bucket=name)["ObjectLockConfiguration"] == lock


def test_bucket_with_objects_cannot_be_deleted(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x")
    assert code(s3.delete_bucket) == "BucketNotEmpty"
    s3.delete_object(Bucket=BUCKET, Key="k")
    s3.delete_bucket(Bucket=BUCKET)
    assert code(s3.head_bucket) == "404"


def test_a_bucket_may_be_created_with_tags(s3: Any) -> None:
    tags = [{"Key": "Project", "Value": "uex-payments"}, {"Key": "Environment", "Value": "dev"}]
    s3.create_bucket(Bucket=f"{BUCKET}-2", CreateBucketConfiguration={"Tags": tags})
    assert s3.get_bucket_tagging(Bucket=f"{BUCKET}-2")["TagSet"] == tags
    assert code(s3.get_bucket_tagging) == "NoSuchTagSet"


@pytest.mark.parametrize(
    ("resource", "taken"),
    [(f"{ARN}/*", True), ([f"{ARN}/access/*"], True), (f"{ARN}/other/*", False), (None, False)],
)
def test_access_logs_need_a_policy_of_their_target(s3: Any, resource: Any, taken: bool) -> None:
    everybody = json.loads(TLS_ONLY)["Statement"]
    delivery = {"Effect": "Allow", "Principal": {"Service": ["logging.s3.amazonaws.com"]}, "Action": ["s3:PutObject"]}
    statements = [*everybody, *([{**delivery, "Resource": resource}] if resource else [])]
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))
    status = {"LoggingEnabled": {"TargetBucket": BUCKET, "TargetPrefix": "access/"}}
    if taken:
        s3.put_bucket_logging(Bucket=BUCKET, BucketLoggingStatus=status)
        assert s3.get_bucket_logging(Bucket=BUCKET)["LoggingEnabled"] == status["LoggingEnabled"]
    else:
        assert code(s3.put_bucket_logging, BucketLoggingStatus=status) == "InvalidTargetBucketForLogging"
