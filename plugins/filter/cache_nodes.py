# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter cache_nodes."""

from __future__ import annotations

DOCUMENTATION = r"""
name: cache_nodes
short_description: The ids of a replication group's nodes, before and after they exist
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - Alarms name nodes. A plan has to name them before AWS has made them, and replaced nodes have other numbers.
  - The live ids are taken where there are as many as declared, otherwise those that AWS gives to a new group's nodes.
positional: name, nodes, shards, replicas
options:
  _input:
    description: The live ids, or a text that stands for them.
    type: raw
    required: true
  name:
    description: The replication group's name.
    type: str
    required: true
  nodes:
    description: Declared nodes without cluster mode.
    type: int
    required: true
  shards:
    description: Declared shards in cluster mode; 0 without.
    type: int
    default: 0
  replicas:
    description: Declared replicas of each shard.
    type: int
    default: 0
"""

EXAMPLES = r"""
- name: Nodes of a group that is yet to be made
  ansible.builtin.debug:
    msg: "{{ '(known after apply)' | uex.payments.cache_nodes('uex-payments-dev-redis', 2) }}"
    # ["uex-payments-dev-redis-001", "uex-payments-dev-redis-002"]
"""

RETURN = r"""
_value:
  description: The ids.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _elasticache


def cache_nodes(live: Any, name: str, nodes: int, shards: int = 0, replicas: int = 0) -> list[str]:
    """The live ids if they are as many as declared, else those of a new group."""
    declared = _elasticache.members(name, int(nodes), int(shards), int(replicas))
    return [str(each) for each in live] if isinstance(live, list) and len(live) == len(declared) else declared


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"cache_nodes": cache_nodes}
