# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter nat_gateway_plan."""

from __future__ import annotations

DOCUMENTATION = r"""
name: nat_gateway_plan
short_description: Say which public subnets get a NAT gateway
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - One in each zone, or in the first zone alone.

positional: subnets, number
options:
  _input:
    description: The subnets as returned by P(uex.payments.subnet_plan#filter).
    type: list
    elements: dict
    required: true
  subnets:
    description: The subnets by name, each with its C(subnet_id).
    type: dict
    required: true
  number:
    description: V(per_zone) or V(single).
    type: str
    choices: [per_zone, single]
    default: per_zone
"""

EXAMPLES = r"""
- name: A single NAT gateway
  ansible.builtin.debug:
    msg: "{{ plan | uex.payments.nat_gateway_plan(subnets, 'single') }}"
  vars:
    plan: [{name: uex-payments-dev-public-a, tags: {Tier: public}}]
    subnets: {uex-payments-dev-public-a: {subnet_id: subnet-0123456789abcdef0}}
    # [{name: uex-payments-dev-nat-a, subnet_id: subnet-0123456789abcdef0}]
"""

RETURN = r"""
_value:
  description: Items for M(uex.payments.ec2_nat_gateway).
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _network


def nat_gateway_plan(
    plan: Sequence[dict[str, Any]], subnets: Mapping[str, dict[str, Any]], number: str = "per_zone"
) -> list[dict[str, Any]]:
    """The NAT gateways."""
    return _network.nat_gateway_plan(plan, subnets, number)


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"nat_gateway_plan": nat_gateway_plan}
