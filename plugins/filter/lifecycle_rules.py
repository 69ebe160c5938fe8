# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter lifecycle_rules."""

from __future__ import annotations

DOCUMENTATION = r"""
name: lifecycle_rules
short_description: The rules of an ECR life cycle
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - How many images stay by the beginning of their tags, how many of the others, and how long untagged ones.
  - Of two beginnings that a tag has, the longer one decides. The rule for any image comes last, as AWS wants it; it
    counts all images, and takes none that a beginning fits.
positional: untagged_days, keep
options:
  _input:
    description: How many images stay, by the beginning of a tag.
    type: dict
    required: true
  untagged_days:
    description: Days after which untagged images go.
    type: int
    required: true
  keep:
    description: Beyond how many images those go that no beginning fits.
    type: int
    required: true
"""

EXAMPLES = r"""
- name: Fifty releases, thirty others
  ansible.builtin.debug:
    msg: "{{ {'release-': 50} | uex.payments.lifecycle_rules(7, 30) }}"
"""

RETURN = r"""
_value:
  description: The rules by priority.
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _ecr


def lifecycle_rules(by_prefix: Mapping[str, int], untagged_days: int, keep: int) -> list[dict[str, Any]]:
    """The rules; see the documentation above."""
    return _ecr.lifecycle_rules(int(untagged_days), int(keep), by_prefix)


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"lifecycle_rules": lifecycle_rules}
