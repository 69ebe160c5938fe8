# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter acl_entries."""

from __future__ import annotations

DOCUMENTATION = r"""
name: acl_entries
short_description: Number a network ACL's entries
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - Makes one entry for each range of ports and each range of addresses that a rule means; neighbouring ranges become
    one.
  - AWS allows 20 entries in a direction. If there would be more, the services' ports are taken in fewer, wider ranges.

positional: networks, service_ports
options:
  _input:
    description:
      - Rules in the order in which they count, each with a C(peer), which is a key of O(networks), and C(ports).
      - C(ports) are a list of numbers, V(services) or V(ephemeral), the ports 1024-65535 from which clients ask.
    type: list
    elements: dict
    required: true
  networks:
    description: Lists of ranges in CIDR notation, by name.
    type: dict
    required: true
  service_ports:
    description: The ports that V(services) means.
    type: list
    elements: int
    required: true
"""

EXAMPLES = r"""
- name: What reaches the databases
  ansible.builtin.debug:
    msg: "{{ [{'peer': 'app', 'ports': [5432]}] | uex.payments.acl_entries({'app': ['10.0.64.0/20', '10.0.80.0/20']},
      [3900]) }}"
    # [{rule_number: 100, cidr_block: 10.0.64.0/19, from_port: 5432, to_port: 5432}]
"""

RETURN = r"""
_value:
  description: Entries for M(uex.payments.ec2_network_acl).
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.module_utils import _network


def acl_entries(
    rules: Sequence[dict[str, Any]], networks: Mapping[str, Sequence[str]], service_ports: Sequence[int]
) -> list[dict[str, Any]]:
    """The entries; AnsibleFilterError where they are too many."""
    try:
        return _network.acl_entries(rules, networks, service_ports)
    except ValueError as error:
        raise AnsibleFilterError(f"acl_entries: {error}") from error


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"acl_entries": acl_entries}
