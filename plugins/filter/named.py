# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter named."""

from __future__ import annotations

DOCUMENTATION = r"""
name: named
short_description: Turn definitions by short name into the items of a module
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - An inventory declares things as a dictionary, so that one of them can be overridden; modules take lists.
positional: prefix
options:
  _input:
    description: Definitions by short name. A null definition leaves the item out.
    type: dict
    required: true
  prefix:
    description: Beginning of every full name.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Secrets by short name
  ansible.builtin.debug:
    msg: "{{ {'redis': {'description': 'auth token'}} | uex.payments.named('uex-payments-dev/') }}"
    # [{"name": "uex-payments-dev/redis", "description": "auth token"}]
"""

RETURN = r"""
_value:
  description: The definitions sorted by short name, each with its full name as C(name).
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError


def named(definitions: Mapping[str, Any], prefix: str = "") -> list[dict[str, Any]]:
    """The definitions as items with full names; AnsibleFilterError, without values, where one is no dictionary."""
    declared = {name: each for name, each in sorted(definitions.items()) if each is not None}
    wrong = [name for name, each in declared.items() if not isinstance(each, Mapping)]
    if wrong:
        raise AnsibleFilterError(f"named: {', '.join(wrong)}: must be a dictionary")
    return [{"name": f"{prefix}{name}", **each} for name, each in declared.items()]


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"named": named}
