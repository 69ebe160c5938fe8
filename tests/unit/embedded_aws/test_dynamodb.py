# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""DynamoDB of the embedded AWS: what AWS documents and moto lacks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

TABLE = "locks"
WRITERS = 16


@pytest.fixture
def dynamodb(aws: None) -> Any:
    client = boto3.client("dynamodb")
    client.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    return client


def take(client: Any, owner: str) -> bool:
    """Whether the item was free and is this owner's now."""
    try:
        client.update_item(
            TableName=TABLE,
            Key={"id": {"S": "a"}},
            UpdateExpression="SET #o = :o ADD #f :one",
            ConditionExpression="attribute_not_exists(#o)",
            ExpressionAttributeNames={"#o": "owner", "#f": "fence"},
            ExpressionAttributeValues={":o": {"S": owner}, ":one": {"N": "1"}},
        )
    except ClientError as error:
        assert error.response["Error"]["Code"] == "ConditionalCheckFailedException"
        return False
    return True


def test_of_many_that_meet_a_condition_at_once_one_writes(dynamodb: Any) -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        taken = list(pool.map(lambda number: take(dynamodb, str(number)), range(WRITERS)))
    assert sum(taken) == 1
    assert dynamodb.get_item(TableName=TABLE, Key={"id": {"S": "a"}})["Item"]["fence"] == {"N": "1"}


def test_nobody_reads_half_of_a_write(dynamodb: Any) -> None:
    def write(number: int) -> None:
        dynamodb.update_item(
            TableName=TABLE,
            Key={"id": {"S": "b"}},
            UpdateExpression="SET #a = :n, #b = :n",
            ExpressionAttributeNames={"#a": "a", "#b": "b"},
            ExpressionAttributeValues={":n": {"N": str(number)}},
        )

    def read(_number: int) -> bool:
        item = dynamodb.get_item(TableName=TABLE, Key={"id": {"S": "b"}}).get("Item", {})
        return bool(item.get("a") == item.get("b"))

    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(write, number) for number in range(WRITERS * 4)]
        assert all(pool.map(read, range(WRITERS * 4)))
    assert [each.exception() for each in writing if each.exception()] == []


@pytest.mark.parametrize("key", [None, "arn:aws:kms:us-east-1:123456789012:key/1"])
def test_encryption_is_changed(dynamodb: Any, key: str | None) -> None:
    named = {"KMSMasterKeyId": key, "SSEType": "KMS"} if key else {}
    dynamodb.update_table(TableName=TABLE, SSESpecification={"Enabled": True, **named})
    found = dynamodb.describe_table(TableName=TABLE)["Table"]["SSEDescription"]
    assert found["Status"] == "ENABLED"
    assert found["KMSMasterKeyArn"] == key or (key is None and ":key/" in found["KMSMasterKeyArn"])
    dynamodb.update_table(TableName=TABLE, SSESpecification={"Enabled": False})
    assert "SSEDescription" not in dynamodb.describe_table(TableName=TABLE)["Table"]


def test_other_changes_leave_the_encryption(dynamodb: Any) -> None:
    dynamodb.update_table(TableName=TABLE, SSESpecification={"Enabled": True})
    dynamodb.update_table(TableName=TABLE, DeletionProtectionEnabled=True)
    assert dynamodb.describe_table(TableName=TABLE)["Table"]["SSEDescription"]["Status"] == "ENABLED"
