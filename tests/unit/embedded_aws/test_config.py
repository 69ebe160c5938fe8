# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS's Config: recorders with tags, what they need, and where they deliver."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.usefixtures("aws")

ROLE = "arn:aws:iam::123456789012:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
RECORDER = {"name": "r", "roleARN": ROLE}
STATEMENT = {
    "Effect": "Allow",
    "Principal": {"Service": "config.amazonaws.com"},
    "Action": ["s3:GetBucketAcl", "s3:ListBucket", "s3:PutObject"],
    "Resource": ["arn:aws:s3:::audit", "arn:aws:s3:::audit/*"],
}


def refused(code: str) -> Any:
    return pytest.raises(ClientError, match=rf"\({code}\)")


@pytest.fixture
def client(aws: None) -> Any:
    boto3.client("iam").create_service_linked_role(AWSServiceName="config.amazonaws.com")
    return boto3.client("config")


def recorder(client: Any) -> dict[str, Any]:
    (found,) = client.describe_configuration_recorders()["ConfigurationRecorders"]
    return dict(found)


def test_the_role_has_to_be_there(aws: None) -> None:
    with refused("InvalidRoleException"):
        boto3.client("config").put_configuration_recorder(ConfigurationRecorder=RECORDER)


def test_tags_count_for_a_new_recorder_and_its_arn_stays(client: Any) -> None:
    client.put_configuration_recorder(ConfigurationRecorder=RECORDER, Tags=[{"Key": "a", "Value": "1"}])
    before = recorder(client)
    assert before["recordingMode"] == {"recordingFrequency": "CONTINUOUS"}
    daily = {**RECORDER, "recordingMode": {"recordingFrequency": "DAILY"}}
    client.put_configuration_recorder(ConfigurationRecorder=daily, Tags=[{"Key": "b", "Value": "2"}])
    assert recorder(client) == {**before, "recordingMode": {"recordingFrequency": "DAILY"}}
    client.tag_resource(ResourceArn=before["arn"], Tags=[{"Key": "c", "Value": "3"}])
    client.untag_resource(ResourceArn=before["arn"], TagKeys=["a"])
    assert client.list_tags_for_resource(ResourceArn=before["arn"])["Tags"] == [{"Key": "c", "Value": "3"}]


def test_the_bucket_has_to_let_it_in(client: Any) -> None:
    client.put_configuration_recorder(ConfigurationRecorder=RECORDER)
    channel = {"name": "r", "s3BucketName": "audit"}
    with refused("NoSuchBucketException"):
        client.put_delivery_channel(DeliveryChannel=channel)
    boto3.client("s3").create_bucket(Bucket="audit")
    with refused("InsufficientDeliveryPolicyException"):
        client.put_delivery_channel(DeliveryChannel=channel)
    boto3.client("s3").put_bucket_policy(Bucket="audit", Policy=json.dumps({"Statement": [STATEMENT]}))
    client.put_delivery_channel(DeliveryChannel=channel)
    assert [each["name"] for each in client.describe_delivery_channels()["DeliveryChannels"]] == ["r"]
