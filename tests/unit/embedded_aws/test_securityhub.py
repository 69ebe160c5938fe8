# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS's Security Hub: one hub, its standards, settings and tags."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.usefixtures("aws")
FOUNDATIONAL = "arn:aws:securityhub:us-east-1::standards/aws-foundational-security-best-practices/v/1.0.0"


def refused(code: str) -> Any:
    return pytest.raises(ClientError, match=rf"\({code}\)")


@pytest.fixture
def client(aws: None) -> Any:
    return boto3.client("securityhub")


def enabled(client: Any) -> list[str]:
    return [each["StandardsArn"] for each in client.get_enabled_standards()["StandardsSubscriptions"]]


def test_where_it_is_off_nothing_can_be_asked(client: Any) -> None:
    for ask in (client.describe_hub, client.get_enabled_standards, client.disable_security_hub):
        with pytest.raises(ClientError, match=r"\(InvalidAccessException\).*not subscribed"):
            ask()


def test_a_region_has_one_with_standards_of_aws_s_choice_unless_told_otherwise(client: Any) -> None:
    client.enable_security_hub()
    assert len(enabled(client)) == 2
    with refused("ResourceConflictException"):
        client.enable_security_hub()
    client.disable_security_hub()
    client.enable_security_hub(EnableDefaultStandards=False)
    assert enabled(client) == []


def test_standards_come_and_go(client: Any) -> None:
    client.enable_security_hub(EnableDefaultStandards=False)
    assert FOUNDATIONAL in [each["StandardsArn"] for each in client.describe_standards()["Standards"]]
    with refused("InvalidInputException"):
        client.batch_enable_standards(StandardsSubscriptionRequests=[{"StandardsArn": f"{FOUNDATIONAL}.1"}])
    made = client.batch_enable_standards(StandardsSubscriptionRequests=[{"StandardsArn": FOUNDATIONAL}])
    assert enabled(client) == [FOUNDATIONAL]
    (subscription,) = [each["StandardsSubscriptionArn"] for each in made["StandardsSubscriptions"]]
    client.batch_disable_standards(StandardsSubscriptionArns=[subscription])
    assert enabled(client) == []
    with refused("InvalidInputException"):
        client.batch_disable_standards(StandardsSubscriptionArns=[subscription])


def test_settings_and_tags(client: Any) -> None:
    client.enable_security_hub(Tags={"a": "1"}, ControlFindingGenerator="STANDARD_CONTROL")
    client.update_security_hub_configuration(AutoEnableControls=False)
    hub = client.describe_hub()
    assert (hub["AutoEnableControls"], hub["ControlFindingGenerator"]) == (False, "STANDARD_CONTROL")
    client.tag_resource(ResourceArn=hub["HubArn"], Tags={"b": "2"})
    client.untag_resource(ResourceArn=hub["HubArn"], TagKeys=["a"])
    assert client.list_tags_for_resource(ResourceArn=hub["HubArn"])["Tags"] == {"b": "2"}
