# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter subnet_plan."""

from __future__ import annotations

DOCUMENTATION = r"""
name: subnet_plan
short_description: Work out a VPC's subnets from its range
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - Gives each zone a public, an app and a data subnet. Of a /16, app subnets are /20 and the others /22.
  - Room for four zones is kept in each tier, so that a zone added later moves nothing.
  - Refused with a sentence are ranges that don't fit, overlap or are of a size that AWS doesn't take.

positional: zones, stack_name, overrides
options:
  _input:
    description: The VPC's range in CIDR notation, a /16 to /21.
    type: str
    required: true
  zones:
    description: Two to four availability zones that differ in their last letter.
    type: list
    elements: str
    required: true
  stack_name:
    description: Beginning of all names, such as V(uex-payments-dev).
    type: str
    required: true
  overrides:
    description: Other ranges, by tier and zone letter, such as C(public-a).
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: The ranges of six subnets
  ansible.builtin.debug:
    msg: "{{ plan | items2dict(key_name='name', value_name='cidr_block') }}"
  vars:
    plan: "{{ '10.0.0.0/16' | uex.payments.subnet_plan(['us-east-1a', 'us-east-1b'], 'uex-payments-dev') }}"
    # uex-payments-dev-public-a: 10.0.0.0/22, uex-payments-dev-app-a: 10.0.64.0/20, ...
"""

RETURN = r"""
_value:
  description: Items for M(uex.payments.ec2_subnet), with the tier as the tag C(Tier).
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.module_utils import _network


def subnet_plan(
    cidr_block: str, zones: Sequence[str], stack_name: str, overrides: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """The subnets; AnsibleFilterError where they don't fit."""
    try:
        return _network.subnet_plan(cidr_block, zones, stack_name, overrides or {})
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"subnet_plan": subnet_plan}
