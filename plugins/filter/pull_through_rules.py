# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter pull_through_rules."""

from __future__ import annotations

DOCUMENTATION = r"""
name: pull_through_rules
short_description: Other registries of an inventory as pull-through cache rules
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - One rule a registry, beneath the environment's name.
positional: stack_name
options:
  _input:
    description: The registries by name, each with C(upstream_registry_url) and, where it wants one, C(credential_arn).
    type: dict
    required: true
  stack_name:
    description: Beginning of all names, such as V(uex-payments-dev).
    type: str
    required: true
"""

EXAMPLES = r"""
- name: The rules
  ansible.builtin.debug:
    msg: "{{ registries | uex.payments.pull_through_rules('uex-payments-dev') }}"
  vars:
    registries: {public: {upstream_registry_url: public.ecr.aws}}
"""

RETURN = r"""
_value:
  description: The rules as items of M(uex.payments.ecr_pull_through_cache_rule).
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _pull_through


def pull_through_rules(registries: Mapping[str, Mapping[str, Any]], stack_name: str) -> list[dict[str, Any]]:
    """The rules; see the documentation above."""
    return _pull_through.rules(registries, stack_name)


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"pull_through_rules": pull_through_rules}
