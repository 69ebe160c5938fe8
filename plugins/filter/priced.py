# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter priced."""

from __future__ import annotations

DOCUMENTATION = r"""
name: priced
short_description: What the cost of declared resources follows from
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - Leaves each resource its name and the properties that its price depends on; others would be worked out in vain.
options:
  _input:
    description:
      - The resources of one kind and layer in each row, with C(layer), C(kind) as CloudFormation calls it, such as
        C(AWS::RDS::DBInstance), and C(resources), bare names or dictionaries with C(name).
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: What alarms cost is by the number of their metrics
  ansible.builtin.debug:
    msg: "{{ [{'kind': 'AWS::CloudWatch::Alarm', 'resources': alarms}] | uex.payments.priced }}"
    # [{"kind": "AWS::CloudWatch::Alarm", "resources": [{"name": "a", "metrics": []}]}]
  vars:
    alarms: [{name: a, metrics: [], threshold: 5}]
"""

RETURN = r"""
_value:
  description: The rows in their order; a property that a resource doesn't have is left out.
  type: list
  elements: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _cost_fields


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"priced": _cost_fields.priced}
