#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_sets
short_description: Manage sets of several kinds in one task
description:
  - Calls modules of this collection in order, each with its own set, and puts their results together. A task costs its
    time whatever it does, so small sets that belong together share one.
  - The first module that fails ends it; what was done until then is in the result.
  - An action plugin does it on the controller, and runs each module where it would run by itself.
version_added: "0.1.0"
options:
  sets:
    description:
      - The options of each module, by the module's name, such as V(elasticache_subnet_group). What they share, such as
        O(tags) and O(prune), is an option of this module and goes to all of them.
    type: dict
    required: true
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Subnet groups and parameter groups of the cache
  uex.payments.stack_sets:
    sets:
      elasticache_subnet_group:
        cache_subnet_groups:
          - {name: uex-payments-dev-redis, description: Redis, subnet_ids: [subnet-0123456789abcdef0]}
      elasticache_parameter_group:
        cache_parameter_groups:
          - {name: uex-payments-dev-redis-redis7, family: redis7, description: Redis}
    tags: {Project: uex-payments, Environment: dev, Layer: data, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes), of all modules.
  returned: always
  type: list
  elements: dict
identities:
  description: Ids and ARNs of the resources, by name.
  returned: success
  type: dict
"""
