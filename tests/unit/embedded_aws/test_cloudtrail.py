# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS's CloudTrail: what a trail needs, what it records, and whose tags are told."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.usefixtures("aws")

SERVICE = {"Service": "cloudtrail.amazonaws.com"}
ARN = "arn:aws:cloudtrail:us-east-1:123456789012:trail/trail"


def refused(code: str) -> Any:
    return pytest.raises(ClientError, match=rf"\({code}\)")


BUCKET = ["arn:aws:s3:::audit", "arn:aws:s3:::audit/*"]


def policy(resource: Any, *actions: str) -> str:
    statement = {"Effect": "Allow", "Principal": SERVICE, "Action": actions, "Resource": resource}
    return json.dumps({"Statement": [statement]})


@pytest.fixture
def client(aws: None) -> Any:
    boto3.client("s3").create_bucket(Bucket="audit")
    boto3.client("s3").put_bucket_policy(Bucket="audit", Policy=policy(BUCKET, "s3:GetBucketAcl", "s3:PutObject"))
    return boto3.client("cloudtrail")


@pytest.fixture
def trail(client: Any) -> Any:
    client.create_trail(Name="trail", S3BucketName="audit", TagsList=[{"Key": "Layer", "Value": "monitoring"}])
    return client


def test_the_bucket_has_to_let_it_in(client: Any) -> None:
    boto3.client("s3").put_bucket_policy(Bucket="audit", Policy=policy(BUCKET, "s3:GetBucketAcl"))
    with refused("InsufficientS3BucketPolicyException"):
        client.create_trail(Name="trail", S3BucketName="audit")
    assert client.describe_trails()["trailList"] == []


def test_so_has_the_key(trail: Any) -> None:
    kms = boto3.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    with refused("InsufficientEncryptionPolicyException"):
        trail.update_trail(Name="trail", KmsKeyId=key)
    assert not trail.describe_trails()["trailList"][0].get("KmsKeyId")
    lets = {"Policy": policy("*", "kms:GenerateDataKey*"), "BypassPolicyLockoutSafetyCheck": True}
    kms.put_key_policy(KeyId=key, PolicyName="default", **lets)
    trail.update_trail(Name=ARN, KmsKeyId=key)
    assert trail.describe_trails()["trailList"][0]["KmsKeyId"] == key


def test_a_log_group_is_there_and_has_a_role_of_cloudtrail_s(trail: Any) -> None:
    boto3.client("logs").create_log_group(logGroupName="g")
    group = "arn:aws:logs:us-east-1:123456789012:log-group:{}:*"
    role = "arn:aws:iam::123456789012:role/none"
    for name, code in (("x", "LogsLogGroupArn"), ("g", "LogsRoleArn")):
        with refused(f"InvalidCloudWatch{code}Exception"):
            trail.update_trail(Name="trail", CloudWatchLogsLogGroupArn=group.format(name), CloudWatchLogsRoleArn=role)


def test_a_name_is_taken_once_and_there_are_five(trail: Any) -> None:
    with refused("TrailAlreadyExistsException"):
        trail.create_trail(Name="trail", S3BucketName="audit")
    for number in range(4):
        trail.create_trail(Name=f"trail{number}", S3BucketName="audit")
    with refused("MaximumNumberOfTrailsExceededException"):
        trail.create_trail(Name="trail5", S3BucketName="audit")


def test_selectors_are_those_of_all_management_events_until_somebody_says_otherwise(trail: Any) -> None:
    def found() -> tuple[Any, bool]:
        selectors = trail.get_event_selectors(TrailName="trail")["EventSelectors"]
        return selectors[0]["ReadWriteType"], trail.describe_trails()["trailList"][0]["HasCustomEventSelectors"]

    assert found() == ("All", False)
    trail.put_event_selectors(TrailName="trail", EventSelectors=[{"ReadWriteType": "WriteOnly"}])
    assert found() == ("WriteOnly", True)


def test_an_organisation_s_trail_tells_its_members_no_tags(trail: Any) -> None:
    assert trail.list_tags(ResourceIdList=[ARN])["ResourceTagList"][0]["TagsList"]
    with refused("CloudTrailARNInvalidException"):
        trail.list_tags(ResourceIdList=[ARN.replace("123456789012", "210987654321")])


def test_what_is_not_there_cannot_be_deleted(trail: Any) -> None:
    trail.delete_trail(Name=ARN)
    with refused("TrailNotFoundException"):
        trail.delete_trail(Name="trail")
