# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter service_target_groups."""

from __future__ import annotations

DOCUMENTATION = r"""
name: service_target_groups
short_description: The target groups of services
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - Makes the O(uex.payments.elbv2_target_group#module:target_groups) of M(uex.payments.elbv2_target_group) from the
    service list, one a service, two where ECS shifts traffic between them.
positional: settings
options:
  _input:
    description: The complete services, as P(uex.payments.merge_services#filter) gives them.
    type: list
    elements: dict
    required: true
  settings:
    description: Options that all target groups share.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Target groups of all services
  uex.payments.elbv2_target_group:
    vpc_id: "{{ stack_vpc_id }}"
    target_groups: "{{ stack_service_list | uex.payments.service_target_groups({'deregistration_delay': 60}) }}"
"""

RETURN = r"""
_value:
  description: The target groups.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _edge


def service_target_groups(
    services: Iterable[Mapping[str, Any]], settings: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The target groups of all services."""
    return _edge.target_groups(services, settings or {})


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"service_target_groups": service_target_groups}
