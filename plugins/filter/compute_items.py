# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter compute_items."""

from __future__ import annotations

DOCUMENTATION = r"""
name: compute_items
short_description: Turn services into items of the compute layer's modules
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - Gives the items of one module for all services that P(uex.payments.merge_services#filter) returned.
  - A secret that a service names and the environment doesn't have is refused by name.
positional: kind, context
options:
  _input:
    description: The complete services.
    type: list
    elements: dict
    required: true
  kind:
    description: Which items.
    type: str
    required: true
    choices:
      - names
      - log_groups
      - task_definitions
      - rollback_alarms
      - services
      - scalable_targets
      - scaling_policies
      - scheduled_actions
      - step_alarms
      - step_alarm_names
  context:
    description:
      - What the environment has, by kind of item.
      - For log groups C(name), C(kms_key_id) and C(retention_in_days) with C(services), C(exec) and C(insights).
      - For task definitions C(name), C(region), C(partition), C(account), C(registry), C(pin_images), C(cached), the
        names of what is pulled through a cache, C(environment), C(database), C(redis) and C(secrets).
      - For services C(task_definitions), C(target_groups), C(rules), C(namespace), C(authority),
        C(infrastructure_role), C(percents) and C(service), the options that all have in common.
      - For scalable targets C(services), for policies and rollback alarms C(load_balancer) and C(target_groups), for
        alarms of step scaling these, C(name) and C(scaling_policies).
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: What the schedules of all services come to
  ansible.builtin.debug:
    msg: "{{ stack_service_list | uex.payments.compute_items('scheduled_actions') }}"
"""

RETURN = r"""
_value:
  description: The items.
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.module_utils import _compute


def compute_items(
    services: list[dict[str, Any]], kind: str, context: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The items of one kind; AnsibleFilterError for an unknown kind or secret."""
    if kind not in _compute.KINDS:
        raise AnsibleFilterError(f"compute_items: there is no kind {kind}; there are {', '.join(_compute.KINDS)}")
    try:
        return _compute.KINDS[kind](services, context or {})
    except ValueError as error:
        raise AnsibleFilterError(f"compute_items: {error}") from error


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"compute_items": compute_items}
