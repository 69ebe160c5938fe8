#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: elasticache_parameter_group
short_description: Manage the parameter groups of ElastiCache as one set
description:
  - Creates, changes and prunes cache parameter groups with their parameters.
  - A parameter that the group has and that is declared no more goes back to the engine's default.
version_added: "0.1.0"
options:
  cache_parameter_groups:
    description: The parameter groups.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, in lower case.
        type: str
        required: true
      family:
        description: Engine and major version, such as V(redis7) or V(valkey8). Cannot change.
        type: str
        required: true
      description:
        description: What the group is for. Cannot change.
        type: str
        required: true
      parameters:
        description: Values by parameter, in the parameter's own unit. Left as they are when not given.
        type: dict
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Redis that evicts the keys used least recently
  uex.payments.elasticache_parameter_group:
    cache_parameter_groups:
      - name: uex-payments-dev-redis
        family: redis7
        description: UEX Payments
        parameters: {maxmemory-policy: volatile-lru, slowlog-log-slower-than: 10000}
    tags: {Project: uex-payments, Environment: dev, Layer: data, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
cache_parameter_groups:
  description: The parameter groups by name, with C(arn) and their properties.
  returned: success
  type: dict
"""

from ansible_collections.uex.payments.plugins.module_utils import _databases
from ansible_collections.uex.payments.plugins.module_utils._module import run


class CacheParameterGroup(_databases.ParameterGroup):
    kind = "AWS::ElastiCache::ParameterGroup"
    service = "elasticache"
    plural = "cache_parameter_groups"
    computed = ("arn",)
    listing = ("describe_cache_parameter_groups", "CacheParameterGroups")
    name_field = "CacheParameterGroupName"
    prefix = "Cache"
    users = _databases.REPLICATION_GROUPS
    in_use_code = "InvalidCacheParameterGroupState"
    absent_code = "CacheParameterGroupNotFound"
    request_member = "ParameterNameValues"


def main() -> None:
    run(CacheParameterGroup, DOCUMENTATION)


if __name__ == "__main__":
    main()
