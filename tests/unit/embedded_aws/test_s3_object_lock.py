# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""S3 Object Lock as AWS documents it: a version says until when it is kept."""

from __future__ import annotations

import datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

UNTIL = datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def s3(aws: None) -> Any:
    client = boto3.client("s3")
    client.create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True)
    return client


def test_a_version_says_its_retention(s3: Any) -> None:
    kept = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": UNTIL}
    version = s3.put_object(Bucket="locked", Key="a", Body=b"a", **kept)["VersionId"]
    found = s3.get_object_retention(Bucket="locked", Key="a", VersionId=version)["Retention"]
    assert found == {"Mode": "COMPLIANCE", "RetainUntilDate": UNTIL}
    assert s3.get_object(Bucket="locked", Key="a")["Body"].read() == b"a"


def test_a_version_without_retention_has_none(s3: Any) -> None:
    version = s3.put_object(Bucket="locked", Key="a", Body=b"a")["VersionId"]
    with pytest.raises(ClientError, match="NoSuchObjectLockConfiguration"):
        s3.get_object_retention(Bucket="locked", Key="a", VersionId=version)
