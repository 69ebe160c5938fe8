# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter route_table_plan."""

from __future__ import annotations

DOCUMENTATION = r"""
name: route_table_plan
short_description: Work out a VPC's route tables from its subnets
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - The public subnets share a table with a route to the Internet gateway, each app subnet has one with a route to the
    NAT gateway of its zone, or to the only one, and the data subnets share one without routes.

positional: subnets, nat_gateways, gateway_id
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
  nat_gateways:
    description: The NAT gateways by name, each with its C(nat_gateway_id). Routes to them stay undeclared when not
      given.
    type: dict
  gateway_id:
    description: Id of the Internet gateway. The route to it stays undeclared when not given.
    type: str
"""

EXAMPLES = r"""
- name: Tables without routes to what isn't known
  ansible.builtin.debug:
    msg: "{{ plan | uex.payments.route_table_plan(subnets) }}"
  vars:
    plan: [{name: uex-payments-dev-public-a, tags: {Tier: public}}]
    subnets: {uex-payments-dev-public-a: {subnet_id: subnet-0123456789abcdef0}}
"""

RETURN = r"""
_value:
  description: Items for M(uex.payments.ec2_route_table).
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _network


def route_table_plan(
    plan: Sequence[dict[str, Any]],
    subnets: Mapping[str, dict[str, Any]],
    nat_gateways: Mapping[str, dict[str, Any]] | None = None,
    gateway_id: str | None = None,
) -> list[dict[str, Any]]:
    """The route tables."""
    return _network.route_table_plan(plan, subnets, nat_gateways, gateway_id)


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"route_table_plan": route_table_plan}
