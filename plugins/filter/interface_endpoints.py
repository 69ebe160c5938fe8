# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter interface_endpoints."""

from __future__ import annotations

DOCUMENTATION = r"""
name: interface_endpoints
short_description: Make an interface endpoint for each of several services
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - Each answers under the service's public name inside the VPC. Services whose endpoints take no policy get none.

positional: place
options:
  _input:
    description: Short names of the services, such as V(ecr.api).
    type: list
    elements: str
    required: true
  place:
    description: A dict with C(stack_name), C(region), C(subnet_ids), C(security_group_id) and C(policy).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: One endpoint
  ansible.builtin.debug:
    msg: "{{ ['logs'] | uex.payments.interface_endpoints(place) }}"
  vars:
    place:
      stack_name: uex-payments-dev
      region: us-east-1
      subnet_ids: [subnet-0123456789abcdef0]
      security_group_id: sg-0123456789abcdef0
      policy:
"""

RETURN = r"""
_value:
  description: Items for M(uex.payments.ec2_vpc_endpoint).
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _network


def interface_endpoints(services: Iterable[str], place: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The endpoints."""
    return _network.interface_endpoints(services, place)


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"interface_endpoints": interface_endpoints}
