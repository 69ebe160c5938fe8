# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""DynamoDB: calls on items are atomic, as conditions rely on it; UpdateTable changes the encryption."""

from __future__ import annotations

import threading
from typing import Any

from moto.dynamodb.responses import DynamoHandler

from ._patch import around, before

_ITEMS = threading.RLock()
OPERATIONS = (
    "batch_get_item",
    "batch_write_item",
    "delete_item",
    "get_item",
    "put_item",
    "query",
    "scan",
    "transact_get_items",
    "transact_write_items",
    "update_item",
)


def _one_by_one(original: Any, response: DynamoHandler) -> Any:
    """A condition holds until the write that it guards is done, and nobody reads half of a write."""
    with _ITEMS:
        return original(response)


def _encrypt(response: DynamoHandler) -> None:
    """Take the declared encryption over; with KMS and no key it is DynamoDB's own key there."""
    wanted = response.body.get("SSESpecification")
    if wanted is None:
        return
    table = response.dynamodb_backend.get_table(response.body["TableName"])
    key = {} if not wanted.get("Enabled") else {"KMSMasterKeyId": _key(response, table, wanted)}
    table.sse_specification = {**wanted, **key}


def _key(response: DynamoHandler, table: Any, wanted: dict[str, Any]) -> str:
    own: str = table._get_default_encryption_key(response.current_account, response.region)
    return str(wanted.get("KMSMasterKeyId") or own)


def install() -> None:
    """Install into moto's DynamoDB."""
    for name in OPERATIONS:
        around(DynamoHandler, name, _one_by_one)
    before(DynamoHandler, "update_table", _encrypt)
