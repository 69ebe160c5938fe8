#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: elasticache_subnet_group
short_description: Manage the subnet groups of ElastiCache as one set
description:
  - Creates, changes and prunes cache subnet groups.
version_added: "0.1.0"
options:
  cache_subnet_groups:
    description: The subnet groups.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, in lower case.
        type: str
        required: true
      description:
        description: What the group is for.
        type: str
        required: true
      subnet_ids:
        description: Ids of the subnets, all of one VPC. A subnet that holds a node cannot be taken out.
        type: list
        elements: str
        required: true
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: The isolated subnets
  uex.payments.elasticache_subnet_group:
    cache_subnet_groups:
      - name: uex-payments-dev-redis
        description: UEX Payments
        subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    tags: {Project: uex-payments, Environment: dev, Layer: data, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
cache_subnet_groups:
  description: The subnet groups by name, with C(arn), C(vpc_id) and their properties.
  returned: success
  type: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _databases, _tags
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item


class CacheSubnetGroup(_databases.GroupResource):
    kind = "AWS::ElastiCache::SubnetGroup"
    service = "elasticache"
    plural = "cache_subnet_groups"
    computed = ("arn", "vpc_id")
    listing = ("describe_cache_subnet_groups", "CacheSubnetGroups")
    name_field = "CacheSubnetGroupName"
    users = _databases.REPLICATION_GROUPS
    in_use_code = "CacheSubnetGroupInUse"
    absent_code = "CacheSubnetGroupNotFoundFault"

    def desired(self, item: Item) -> Item:
        return {"description": item["description"], "subnet_ids": sorted(item["subnet_ids"])}

    def entry(self, entry: Mapping[str, Any]) -> Item:
        return {
            "arn": entry["ARN"],
            "vpc_id": entry["VpcId"],
            "description": entry["CacheSubnetGroupDescription"],
            "subnet_ids": sorted(subnet["SubnetIdentifier"] for subnet in entry["Subnets"]),
        }

    def create(self, name: str, desired: Item) -> None:
        tags = _tags.to_list(desired["tags"])
        self.client.create_cache_subnet_group(CacheSubnetGroupName=name, **self._settings(desired), Tags=tags)

    def update(self, name: str, plan: Plan) -> None:
        self.update_tags((plan.before or {})["arn"], plan)
        if plan.options - {"tags"}:
            self.client.modify_cache_subnet_group(CacheSubnetGroupName=name, **self._settings(plan.after or {}))

    def remove(self, name: str) -> None:
        self.client.delete_cache_subnet_group(CacheSubnetGroupName=name)

    @staticmethod
    def _settings(desired: Mapping[str, Any]) -> dict[str, Any]:
        return {"CacheSubnetGroupDescription": desired["description"], "SubnetIds": desired["subnet_ids"]}


def main() -> None:
    run(CacheSubnetGroup, DOCUMENTATION)


if __name__ == "__main__":
    main()
