# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter secret_keys."""

from __future__ import annotations

DOCUMENTATION = r"""
name: secret_keys
short_description: Say which JSON keys secrets are declared with
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - Takes the keys of what is fixed, given and generated, and no value.
positional: prefix
options:
  _input:
    description: Definitions of secrets by short name.
    type: dict
    required: true
  prefix:
    description: Beginning of every full name.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Keys by the secret's full name
  ansible.builtin.debug:
    msg: "{{ {'redis': {'generate': [{'key': 'auth_token', 'length': 64}]}} | uex.payments.secret_keys('dev/') }}"
    # {"dev/redis": ["auth_token"]}
"""

RETURN = r"""
_value:
  description: Sorted keys by full name. A secret whose value is a text, or that has no content, is left out.
  type: dict
"""

from collections.abc import Callable, Mapping
from typing import Any


def secret_keys(definitions: Mapping[str, Any], prefix: str = "") -> dict[str, list[str]]:
    """The keys by full name."""
    found = {f"{prefix}{name}": _keys(each) for name, each in definitions.items() if isinstance(each, Mapping)}
    return {name: keys for name, keys in found.items() if keys}


def _keys(definition: Mapping[str, Any]) -> list[str]:
    value = definition.get("value")
    given = value if isinstance(value, Mapping) else {}
    generated = [rule["key"] for rule in definition.get("generate") or []]
    return [] if isinstance(value, str) else sorted({*(definition.get("fixed") or {}), *given, *generated})


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"secret_keys": secret_keys}
