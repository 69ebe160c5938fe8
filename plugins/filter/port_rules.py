# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter port_rules."""

from __future__ import annotations

DOCUMENTATION = r"""
name: port_rules
short_description: Make a security group rule for each of several ports
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - All rules have the same peer and description.

positional: peer
options:
  _input:
    description: The ports.
    type: list
    elements: int
    required: true
  peer:
    description: What else each rule says, such as C(security_group) and C(description).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Two rules
  ansible.builtin.debug:
    msg: "{{ [3900, 3901] | uex.payments.port_rules({'security_group': 'uex-payments-dev-alb', 'description': 'From
      the load balancer'}) }}"
"""

RETURN = r"""
_value:
  description: Rules for M(uex.payments.ec2_security_group).
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _network


def port_rules(ports: Iterable[int], peer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rules."""
    return _network.port_rules(ports, peer)


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"port_rules": port_rules}
