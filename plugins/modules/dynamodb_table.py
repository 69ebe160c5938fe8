#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: dynamodb_table
short_description: Manage DynamoDB tables as one set
description:
  - Creates, changes and prunes tables that are paid on demand, with their encryption, their recovery to a point in time
    and their protection against deletion.
  - A table under deletion protection is not pruned; AWS refuses it.
version_added: "0.1.0"
options:
  tables:
    description: The tables.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, 3 to 255 letters, digits and C(_.-). It identifies the table.
        type: str
        required: true
      partition_key:
        description: The attribute that the key is, or begins with. Cannot change.
        type: dict
        required: true
        suboptions:
          name:
            description: Name of the attribute.
            type: str
            required: true
          type:
            description: Text, number or binary.
            type: str
            choices: [S, N, B]
            default: S
      sort_key:
        description: The attribute that the key ends with. None when not given. Cannot change.
        type: dict
        suboptions:
          name:
            description: Name of the attribute.
            type: str
            required: true
          type:
            description: Text, number or binary.
            type: str
            choices: [S, N, B]
            default: S
      sse_enabled:
        description:
          - Whether the table is encrypted with a key of KMS, C(aws/dynamodb) unless O(tables[].kms_master_key_id) is
            given. Otherwise AWS encrypts it with a key of its own.
        type: bool
      kms_master_key_id:
        description: ARN of the customer key, with O(tables[].sse_enabled) only.
        type: str
      point_in_time_recovery_enabled:
        description: Whether the table can be restored to any second of the last 35 days.
        type: bool
      deletion_protection_enabled:
        description: Whether AWS refuses to delete the table.
        type: bool
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: A table of locks
  uex.payments.dynamodb_table:
    tables:
      - name: uex-payments-locks
        partition_key: {name: id}
        point_in_time_recovery_enabled: true
        deletion_protection_enabled: true
    tags: {Project: uex-payments, Environment: shared, Layer: bootstrap, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
tables:
  description: The tables by name, with C(table_arn) and their properties.
  returned: success
  type: dict
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _owned, _tags
from ansible_collections.uex.payments.plugins.module_utils._calls import has_code, patiently
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

NAME = re.compile(r"[\w.-]{3,255}", re.ASCII)
ABSENT = "ResourceNotFoundException"
#: A new table's backups are not there at once.
NO_BACKUPS_YET = has_code("ContinuousBackupsUnavailableException")
BACKUPS_DEADLINE = 120.0
PAUSE = {"Delay": 3, "MaxAttempts": 200}
KEY_TYPES = {"partition_key": "HASH", "sort_key": "RANGE"}
ENCRYPTION = ("sse_enabled", "kms_master_key_id")


def keys(table: Mapping[str, Any]) -> dict[str, Any]:
    """The key of a described table in the words of the options."""
    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    names = {each["KeyType"]: each["AttributeName"] for each in table["KeySchema"]}
    return {
        option: {"name": names[role], "type": types[names[role]]} if role in names else {}
        for option, role in KEY_TYPES.items()
    }


def key_request(desired: Mapping[str, Any]) -> dict[str, Any]:
    """The key in the words of CreateTable."""
    declared = {role: desired[option] for option, role in KEY_TYPES.items() if desired[option]}
    return {
        "KeySchema": [{"AttributeName": each["name"], "KeyType": role} for role, each in declared.items()],
        "AttributeDefinitions": [
            {"AttributeName": each["name"], "AttributeType": each["type"]} for each in declared.values()
        ],
    }


def encryption(desired: Mapping[str, Any]) -> dict[str, Any]:
    """The declared encryption in the words of CreateTable and UpdateTable; empty where nothing is declared."""
    if desired["sse_enabled"] is None:
        return {}
    key = {"SSEType": "KMS", "KMSMasterKeyId": desired["kms_master_key_id"]} if desired["kms_master_key_id"] else {}
    return {"SSESpecification": {"Enabled": desired["sse_enabled"], **key}}


class Table(Resource):
    kind = "AWS::DynamoDB::Table"
    service = "dynamodb"
    plural = "tables"
    frozen = ("partition_key", "sort_key")
    computed = ("table_arn",)
    no_log = {"partition_key": False, "sort_key": False, "kms_master_key_id": False}
    deadline = 300

    def validate(self, item: Item) -> Iterable[str]:
        if not NAME.fullmatch(item["name"]):
            yield f"name: 3 to 255 letters, digits and _.-, not {item['name']!r}"
        if item["kms_master_key_id"] and not item["sse_enabled"]:
            yield "kms_master_key_id: only with sse_enabled"

    def desired(self, item: Item) -> Item:
        return {key: value for key, value in item.items() if key not in ("name", "tags")}

    def observe(self) -> dict[str, Item]:
        ours = {arn.rpartition("/")[2] for arn in _owned.arns(self.connect, self.options["tags"], "dynamodb:table")}
        names = sorted(ours | {item["name"] for item in self.options[self.plural]})
        found = _aws.concurrently(self._observed, names)
        return {name: item for name, item in zip(names, found, strict=True) if item}

    def _observed(self, name: str) -> Item:
        """One table; an empty item where there is none."""
        return _aws.absent_as({}, lambda: self._read(name), ABSENT)

    def _read(self, name: str) -> Item:
        table = self.client.describe_table(TableName=name)["Table"]
        sse = table.get("SSEDescription", {})
        tags = _aws.pages(self.client, "list_tags_of_resource", "Tags", ResourceArn=table["TableArn"])
        return {
            "table_arn": table["TableArn"],
            "ready": table["TableStatus"] == "ACTIVE",
            **keys(table),
            "sse_enabled": sse.get("Status") in ("ENABLED", "ENABLING", "UPDATING"),
            "kms_master_key_id": sse.get("KMSMasterKeyArn", ""),
            "point_in_time_recovery_enabled": self._recoverable(name),
            "deletion_protection_enabled": table.get("DeletionProtectionEnabled", False),
            "tags": _tags.to_dict(tags),
        }

    def _recoverable(self, name: str) -> bool:
        answer = self.client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        status = answer.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
        return bool(status == "ENABLED")

    def create(self, name: str, desired: Item) -> None:
        """Tags go with the creation, so that an interrupted run finds the table as its own."""
        options = _aws.declared({"DeletionProtectionEnabled": desired["deletion_protection_enabled"]})
        request = {**key_request(desired), **encryption(desired), **options, "Tags": _tags.to_list(desired["tags"])}
        self.client.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **request)
        if desired["point_in_time_recovery_enabled"]:
            self._await(name)
            self._make_recoverable(name, True)

    def _await(self, name: str, waiter: str = "table_exists") -> None:
        """A table takes one change at a time."""
        self.client.get_waiter(waiter).wait(TableName=name, WaiterConfig=PAUSE)

    def _make_recoverable(self, name: str, enabled: bool) -> None:
        wanted = {"PointInTimeRecoveryEnabled": enabled}
        patiently(
            lambda: self.client.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=wanted),
            NO_BACKUPS_YET,
            BACKUPS_DEADLINE,
        )

    def update(self, name: str, plan: Plan) -> None:
        before, after = plan.before or {}, plan.after or {}
        if "deletion_protection_enabled" in plan.options:
            self._change(name, {"DeletionProtectionEnabled": after["deletion_protection_enabled"]})
        if plan.options & set(ENCRYPTION):
            self._change(name, encryption(after))
        if "point_in_time_recovery_enabled" in plan.options:
            self._await(name)
            self._make_recoverable(name, after["point_in_time_recovery_enabled"])
        if "tags" in plan.options:
            self.client.tag_resource(ResourceArn=before["table_arn"], Tags=_tags.to_list(after["tags"]))

    def _change(self, name: str, request: Mapping[str, Any]) -> None:
        self._await(name)
        self.client.update_table(TableName=name, **request)

    def delete(self, name: str, observed: Item) -> None:
        _aws.absent_as(None, lambda: self.client.delete_table(TableName=name), ABSENT)
        self._await(name, "table_not_exists")


def main() -> None:
    run(Table, DOCUMENTATION)


if __name__ == "__main__":
    main()
