# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: event_rules
short_description: The event rules of an environment
description:
  - Works out which of AWS's events somebody is told of, by which topic and in which words.
version_added: "0.1.0"
options:
  _input:
    description:
      - >-
        The estate: C(name), C(region), C(account_id), C(partition), C(topics) by severity, C(keys) as ARNs, whether
        somebody is told of root's signing in, C(root_login), of what GuardDuty finds, C(threats), and of what Security
        Hub does, C(findings).
    type: dict
    required: true
author:
  - UEX Payments (@uex)
"""

EXAMPLES = r"""
- name: Event rules
  uex.payments.events_rule:
    rules: "{{ estate | uex.payments.event_rules }}"
    tags: "{{ stack_tags }}"
"""

RETURN = r"""
_value:
  description: The rules as M(uex.payments.events_rule) takes them.
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.module_utils._event_rules import rules


def event_rules(estate: Mapping[str, Any]) -> Any:
    """The filter; raises AnsibleFilterError for an estate that lacks something."""
    try:
        return rules(estate)
    except KeyError as error:
        raise AnsibleFilterError(f"event_rules: {error}") from error


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"event_rules": event_rules}
