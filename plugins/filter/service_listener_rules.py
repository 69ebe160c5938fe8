# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter service_listener_rules."""

from __future__ import annotations

DOCUMENTATION = r"""
name: service_listener_rules
short_description: The listener rules of services
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - Makes the O(uex.payments.elbv2_listener_rule#module:rules) of M(uex.payments.elbv2_listener_rule) from the service
    list, one a service, which forwards the service's path and all below it.
positional: target_groups, stripped
options:
  _input:
    description: The complete services, as P(uex.payments.merge_services#filter) gives them.
    type: list
    elements: dict
    required: true
  target_groups:
    description: The target groups by name, as M(uex.payments.elbv2_target_group) returns them.
    type: dict
    required: true
  stripped:
    description: Names of services that see paths without their own prefix. A name that is none is refused.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Rules of all services
  uex.payments.elbv2_listener_rule:
    listener_arn: arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/uex-payments-dev-alb/0123/4567
    rules: "{{ stack_service_list | uex.payments.service_listener_rules(stack_target_groups) }}"
"""

RETURN = r"""
_value:
  description: The rules.
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.module_utils import _edge


def service_listener_rules(
    services: Sequence[Mapping[str, Any]],
    target_groups: Mapping[str, Mapping[str, Any]],
    stripped: Sequence[str] | None = None,
) -> list[dict[str, Any]]:
    """One rule a service; AnsibleFilterError where C(stripped) names none."""
    try:
        return _edge.listener_rules(services, target_groups, stripped or ())
    except ValueError as error:
        raise AnsibleFilterError(f"service_listener_rules: {error}") from error


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"service_listener_rules": service_listener_rules}
