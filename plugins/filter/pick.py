# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: pick
short_description: Some fields of each dictionary of a list
description:
  - Leaves out all other fields, so that a module with fixed suboptions takes the list.
version_added: "0.1.0"
options:
  _input:
    description: The dictionaries.
    type: list
    elements: dict
    required: true
  fields:
    description: Names of the fields that stay; each dictionary must have all of them.
    type: list
    elements: str
    required: true
author:
  - UEX Payments (@uex)
"""

EXAMPLES = r"""
- name: Names and ports
  ansible.builtin.debug:
    msg: "{{ [{'name': 'a', 'port': 1, 'other': 2}] | uex.payments.pick(['name', 'port']) }}"
"""

RETURN = r"""
_value:
  description: The dictionaries with these fields alone.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError


def pick(entries: Iterable[Mapping[str, Any]], fields: Iterable[str]) -> list[dict[str, Any]]:
    """The fields of each entry; AnsibleFilterError where an entry lacks one."""
    names = list(fields)
    try:
        return [{name: entry[name] for name in names} for entry in entries]
    except KeyError as error:
        raise AnsibleFilterError(f"pick: an entry has no {error}") from error


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"pick": pick}
