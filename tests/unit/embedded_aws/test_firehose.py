# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS's delivery streams: encryption, the role, and the way of what is logged into a bucket."""

from __future__ import annotations

import gzip
import json
import time
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.usefixtures("aws")

KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def role(name: str, service: str) -> str:
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    return str(boto3.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"])


@pytest.fixture
def client(aws: None) -> Any:
    """With a stream to a bucket."""
    boto3.client("s3").create_bucket(Bucket="bucket")
    made = boto3.client("firehose")
    place = {"RoleARN": role("archive", "firehose.amazonaws.com"), "BucketARN": "arn:aws:s3:::bucket", "Prefix": "g/"}
    made.create_delivery_stream(DeliveryStreamName="a", ExtendedS3DestinationConfiguration=place)
    return made


def shown(client: Any) -> dict[str, Any]:
    found: dict[str, Any] = client.describe_delivery_stream(DeliveryStreamName="a")["DeliveryStreamDescription"]
    return found


def test_a_stream_says_how_it_is_encrypted(client: Any) -> None:
    assert shown(client)["DeliveryStreamEncryptionConfiguration"] == {"Status": "DISABLED"}
    key = {"KeyType": "CUSTOMER_MANAGED_CMK", "KeyARN": KEY}
    client.start_delivery_stream_encryption(DeliveryStreamName="a", DeliveryStreamEncryptionConfigurationInput=key)
    assert shown(client)["DeliveryStreamEncryptionConfiguration"] == {**key, "Status": "ENABLED"}
    client.stop_delivery_stream_encryption(DeliveryStreamName="a")
    assert shown(client)["DeliveryStreamEncryptionConfiguration"] == {"Status": "DISABLED"}
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.start_delivery_stream_encryption(DeliveryStreamName="x")


def test_a_role_that_cannot_be_assumed_is_refused(client: Any) -> None:
    wrong = {"RoleARN": role("wrong", "ec2.amazonaws.com"), "BucketARN": "arn:aws:s3:::bucket"}
    with pytest.raises(ClientError, match="unable to assume role"):
        client.create_delivery_stream(DeliveryStreamName="c", ExtendedS3DestinationConfiguration=wrong)


def test_what_is_logged_gets_into_the_bucket(client: Any) -> None:
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="g")
    logs.create_log_stream(logGroupName="g", logStreamName="s")
    subscription = {"logGroupName": "g", "filterPattern": "", "destinationArn": shown(client)["DeliveryStreamARN"]}
    with pytest.raises(ClientError, match="test message"):
        logs.put_subscription_filter(filterName="f", roleArn="arn:aws:iam::123456789012:role/archive", **subscription)
    sender = role("sender", "logs.us-east-1.amazonaws.com")
    for name in ("f", "h", "f"):
        logs.put_subscription_filter(filterName=name, roleArn=sender, **subscription)
    with pytest.raises(ClientError, match="LimitExceededException"):
        logs.put_subscription_filter(filterName="third", roleArn=sender, **subscription)
    found = logs.describe_subscription_filters(logGroupName="g", filterNamePrefix="f")["subscriptionFilters"]
    assert [each["filterName"] for each in found] == ["f"]
    logs.put_log_events(
        logGroupName="g", logStreamName="s", logEvents=[{"timestamp": int(time.time() * 1000), "message": "m"}]
    )
    s3 = boto3.client("s3")
    key = s3.list_objects_v2(Bucket="bucket")["Contents"][0]["Key"]
    assert key.startswith("g/")
    body = json.loads(gzip.decompress(s3.get_object(Bucket="bucket", Key=key)["Body"].read()))
    assert (body["logGroup"], body["logEvents"][0]["message"]) == ("g", "m")
