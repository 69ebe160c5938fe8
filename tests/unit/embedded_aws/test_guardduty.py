# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS's GuardDuty: one detector, its features and tags."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.usefixtures("aws")
REFUSED = r"\(BadRequestException\)"


@pytest.fixture
def client(aws: None) -> Any:
    return boto3.client("guardduty")


def test_a_region_has_one(client: Any) -> None:
    detector = client.create_detector(Enable=True)["DetectorId"]
    with pytest.raises(ClientError, match=f"{REFUSED}.*already exists"):
        client.create_detector(Enable=True)
    boto3.client("guardduty", region_name="eu-west-1").create_detector(Enable=True)
    client.delete_detector(DetectorId=detector)
    for ask in (client.delete_detector, client.get_detector):
        with pytest.raises(ClientError, match=f"{REFUSED}.*not owned by the current account"):
            ask(DetectorId=detector)


def test_features_are_aws_s_own_choice_until_somebody_says_otherwise(client: Any) -> None:
    def found() -> dict[str, str]:
        return {each["Name"]: each["Status"] for each in client.get_detector(DetectorId=detector)["Features"]}

    detector = client.create_detector(Enable=True, Features=[{"Name": "S3_DATA_EVENTS", "Status": "DISABLED"}])[
        "DetectorId"
    ]
    before = found()
    assert (before["S3_DATA_EVENTS"], before["RDS_LOGIN_EVENTS"], before["FLOW_LOGS"]) == (
        "DISABLED",
        "ENABLED",
        "ENABLED",
    )
    client.update_detector(DetectorId=detector, Features=[{"Name": "RUNTIME_MONITORING", "Status": "ENABLED"}])
    assert found() == {**before, "RUNTIME_MONITORING": "ENABLED"}


def test_tags(client: Any) -> None:
    detector = client.create_detector(Enable=True, Tags={"a": "1"})["DetectorId"]
    arn = f"arn:aws:guardduty:us-east-1:123456789012:detector/{detector}"
    client.tag_resource(ResourceArn=arn, Tags={"b": "2"})
    client.untag_resource(ResourceArn=arn, TagKeys=["a"])
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"b": "2"}
    listed = boto3.client("resourcegroupstaggingapi").get_resources(ResourceTypeFilters=["guardduty:detector"])
    assert [each["ResourceARN"] for each in listed["ResourceTagMappingList"]] == [arn]
