# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter short_name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.module_utils import _names

DOCUMENTATION = r"""
name: short_name
short_description: Shorten a name to what AWS allows
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - Load balancers and target groups take names of at most 32 characters.
  - A name that fits stays as it is. A longer one is cut, and gets a hyphen and six hex digits of its SHA-1, so that two
    names with the same beginning stay apart and the same name always becomes the same.
positional: limit
options:
  _input:
    description: The full name.
    type: str
    required: true
  limit:
    description: The most characters the result may have, at least 8 where the name has to be cut.
    type: int
    default: 32
"""

EXAMPLES = r"""
- name: A name for a target group
  ansible.builtin.debug:
    msg: "{{ 'uex-payments-staging-management-backend' | uex.payments.short_name(32) }}"
    # uex-payments-staging-mana-e0e69c
"""

RETURN = r"""
_value:
  description: The name, of at most O(limit) characters.
  type: str
"""


def short_name(name: str, limit: int = 32) -> str:
    """The name in at most C(limit) characters; AnsibleFilterError where that is not possible."""
    try:
        return _names.short(str(name), int(limit))
    except ValueError as error:
        raise AnsibleFilterError(f"short_name: {error}") from error


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"short_name": short_name}
