#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: kms_alias
short_description: Names of KMS keys
description:
  - Creates, changes and prunes aliases of customer managed keys.
  - AWS cannot tag an alias. One is ours if its name begins C(alias/Project-Environment-) and its key carries the
    ownership tags, those of O(tags); O(prune) looks at C(Layer) too.
  - An alias keeps working while the deletion of its key is pending, and goes with the key. M(amazon.aws.kms_key) makes
    aliases and never deletes one.
version_added: "0.1.0"
options:
  aliases:
    description: The aliases.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, such as V(alias/uex-payments-dev-data).
        type: str
        required: true
      target_key_id:
        description: Id of the key.
        type: str
        required: true
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: A key's second name
  uex.payments.kms_alias:
    aliases:
      - name: alias/uex-payments-dev-archive
        target_key_id: 1d1903b5-3a82-46c5-bf28-aaec8bc8b50a
    tags: {Project: uex-payments, Environment: dev, Layer: foundation, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
aliases:
  description: The aliases by name, with C(alias_arn) and C(target_key_id).
  returned: success
  type: dict
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _tags
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

NAME = re.compile(r"alias/(?!aws/)[\w/-]{1,250}", re.ASCII)


class Alias(Resource):
    kind = "AWS::KMS::Alias"
    service = "kms"
    plural = "aliases"
    computed = ("alias_arn",)
    taggable = False
    no_log = {"target_key_id": False}

    def validate(self, item: Item) -> Iterable[str]:
        if not NAME.fullmatch(item["name"]):
            yield f"name: alias/ and up to 250 letters, digits and _-/, not of alias/aws/, not {item['name']!r}"

    def desired(self, item: Item) -> Item:
        return {"target_key_id": item["target_key_id"]}

    def observe(self) -> dict[str, Item]:
        declared = {item["name"] for item in self.options["aliases"]}
        own = f"alias/{_tags.beginning(self.options['tags'])}-"
        found = [entry for entry in _aws.pages(self.client, "list_aliases", "Aliases") if "TargetKeyId" in entry]
        meant = [e for e in found if e["AliasName"] in declared or e["AliasName"].startswith(own)]
        return dict(_aws.concurrently(self._observed, meant))

    def _observed(self, entry: Mapping[str, Any]) -> tuple[str, Item]:
        key = entry["TargetKeyId"]
        tags = self.client.list_resource_tags(KeyId=key)["Tags"]
        return entry["AliasName"], {
            "alias_arn": entry["AliasArn"],
            "target_key_id": key,
            "key_tags": _tags.to_dict(tags, "TagKey", "TagValue"),
        }

    def owned(self, name: str, observed: Item) -> bool:
        own = _tags.owns(self.options["tags"], observed["key_tags"], (*_tags.OWNER_TAGS, "Layer"))
        return own and _tags.names(self.options["tags"], name.removeprefix("alias/"))

    def create(self, name: str, desired: Item) -> None:
        self.client.create_alias(AliasName=name, TargetKeyId=desired["target_key_id"])

    def update(self, name: str, plan: Plan) -> None:
        self.client.update_alias(AliasName=name, TargetKeyId=(plan.after or {})["target_key_id"])

    def delete(self, name: str, observed: Item) -> None:
        _aws.absent_as(None, lambda: self.client.delete_alias(AliasName=name), "NotFoundException")


def main() -> None:
    run(Alias, DOCUMENTATION)


if __name__ == "__main__":
    main()
