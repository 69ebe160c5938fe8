#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: logs_log_group
short_description: Manage CloudWatch log groups as one set
description:
  - Creates, changes and prunes log groups with their retention time and their key.
version_added: "0.1.0"
options:
  log_groups:
    description: The log groups.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, at most 512 letters, digits and C(_-/.#). It identifies the log group.
        type: str
        required: true
      retention_in_days:
        description: Days until events expire. V(0) means never. Left as it is when not given.
        type: int
        choices:
          [0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]
      kms_key_id:
        description:
          - ARN of the customer key that new events are encrypted with. Empty means CloudWatch Logs' own key.
          - The key's policy must let CloudWatch Logs use it for this log group, or AWS refuses it.
        type: str
      log_group_class:
        description: The class, which decides on price and features. AWS's default is V(STANDARD). Cannot change.
        type: str
        choices: [STANDARD, INFREQUENT_ACCESS]
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Two log groups
  uex.payments.logs_log_group:
    log_groups:
      - {name: uex-payments-dev-presentation, retention_in_days: 30}
      - {name: uex-payments-dev-flow-logs, retention_in_days: 7, log_group_class: INFREQUENT_ACCESS}
    tags: {Project: uex-payments, Environment: dev, Layer: compute, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
log_groups:
  description: The log groups by name, with C(arn) (without the C(:*) that some policies want) and their properties.
  returned: success
  type: dict
"""

import re
from collections.abc import Iterable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _owned, _tags
from ansible_collections.uex.payments.plugins.module_utils._calls import patiently
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

NAME = re.compile(r"[\w./#-]{1,512}", re.ASCII)
KEY_DEADLINE = 60.0  #: seconds until CloudWatch Logs sees a new key's policy


def key_not_seen_yet(error: Exception) -> bool:
    """Whether CloudWatch Logs doesn't accept the key, as happens in the first seconds of a key; pure."""
    return "KMS key does not exist or is not allowed" in str(error)


class LogGroup(Resource):
    kind = "AWS::Logs::LogGroup"
    service = "logs"
    plural = "log_groups"
    frozen = ("log_group_class",)
    computed = ("arn",)
    no_log = {"kms_key_id": False}

    def validate(self, item: Item) -> Iterable[str]:
        if not NAME.fullmatch(item["name"]):
            yield f"name: at most 512 letters, digits and _-/.#, not {item['name']!r}"

    def desired(self, item: Item) -> Item:
        return {key: item[key] for key in ("retention_in_days", "kms_key_id", "log_group_class")}

    def observe(self) -> dict[str, Item]:
        ours = _owned.arns(self.connect, self.options["tags"], "logs:log-group")
        names = {arn.partition(":log-group:")[2] for arn in ours} | {item["name"] for item in self.options[self.plural]}
        found = _aws.concurrently(self._observed, sorted(names))
        return {name: item for name, item in found if item}

    def _observed(self, name: str) -> tuple[str, Item]:
        """One log group: AWS finds by the beginning of the name only; an empty item where there is none."""
        entries = _aws.pages(self.client, "describe_log_groups", "logGroups", logGroupNamePrefix=name)
        entry = next((each for each in entries if each["logGroupName"] == name), None)
        if entry is None:
            return name, {}
        arn = entry["arn"].removesuffix(":*")
        return name, {
            "arn": arn,
            "retention_in_days": entry.get("retentionInDays", 0),
            "kms_key_id": entry.get("kmsKeyId", ""),
            "log_group_class": entry.get("logGroupClass", "STANDARD"),
            "tags": _tags.to_dict(_tags.to_list(self.client.list_tags_for_resource(resourceArn=arn)["tags"])),
        }

    def create(self, name: str, desired: Item) -> None:
        options = {"logGroupClass": desired["log_group_class"], "kmsKeyId": desired["kms_key_id"] or None}
        self._patiently("create_log_group", logGroupName=name, tags=desired["tags"], **_aws.declared(options))
        if desired["retention_in_days"]:
            self._retain(name, desired["retention_in_days"])

    def _patiently(self, operation: str, **arguments: Any) -> None:
        patiently(lambda: getattr(self.client, operation)(**arguments), key_not_seen_yet, KEY_DEADLINE)

    def _retain(self, name: str, days: int) -> None:
        if days:
            self.client.put_retention_policy(logGroupName=name, retentionInDays=days)
        else:
            self.client.delete_retention_policy(logGroupName=name)

    def update(self, name: str, plan: Plan) -> None:
        before, after = plan.before or {}, plan.after or {}
        if "retention_in_days" in plan.options:
            self._retain(name, after["retention_in_days"])
        if "kms_key_id" in plan.options:
            self._encrypt(name, after["kms_key_id"])
        if "tags" in plan.options:
            self.client.tag_resource(resourceArn=before["arn"], tags=after["tags"])

    def _encrypt(self, name: str, key: str) -> None:
        if key:
            self._patiently("associate_kms_key", logGroupName=name, kmsKeyId=key)
        else:
            self.client.disassociate_kms_key(logGroupName=name)

    def delete(self, name: str, observed: Item) -> None:
        _aws.absent_as(None, lambda: self.client.delete_log_group(logGroupName=name), "ResourceNotFoundException")


def main() -> None:
    run(LogGroup, DOCUMENTATION)


if __name__ == "__main__":
    main()
