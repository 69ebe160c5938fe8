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
    list. Each service has one, which forwards its path and all below it.
  - A service that ECS moves between two target groups has another one for its tests, and both leave the weights to ECS.
positional: target_groups
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
  test_header_name:
    description: Header by which a test request is told apart.
    type: str
    default: X-Uex-Test
  test_header_value:
    description: Value of that header.
    type: str
    default: "true"
  test_port:
    description: Port of a listener for test requests, which then need no header. 0 for none.
    type: int
    default: 0
  allowed:
    description: Ranges from which alone services are reached. Not given, everybody reaches them.
    type: list
    elements: str
"""

EXAMPLES = r"""
- name: Rules of all services
  uex.payments.elbv2_listener_rule:
    load_balancer_arn: arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/uex-payments-dev-alb/0123
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
    services: Sequence[Mapping[str, Any]], target_groups: Mapping[str, Mapping[str, Any]], **settings: Any
) -> list[dict[str, Any]]:
    """The rules; AnsibleFilterError where C(stripped) names no service."""
    try:
        return _edge.listener_rules(services, target_groups, _edge.Routing(**settings))
    except ValueError as error:
        raise AnsibleFilterError(f"service_listener_rules: {error}") from error


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"service_listener_rules": service_listener_rules}
