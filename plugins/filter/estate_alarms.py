# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: estate_alarms
short_description: The alarms of an environment
description:
  - Works out the alarms of an environment from what it consists of.
version_added: "0.1.0"
options:
  _input:
    description:
      - >-
        The estate: C(name), C(region), C(services), C(load_balancer) and C(target_groups) as their metrics' dimensions
        name them, C(certificate), an ARN, C(health_checks), ids by name, C(databases), C(live_databases),
        C(cache_nodes), C(cache_node_type), C(rotation_function), C(nat_gateways), C(topics) by severity,
        C(thresholds), C(slo), C(anomaly_detection), C(maintenance) and C(runbook).
    type: dict
    required: true
author:
  - UEX Payments (@uex)
"""

EXAMPLES = r"""
- name: Alarms of an environment
  uex.payments.cloudwatch_alarm:
    alarms: "{{ estate | uex.payments.estate_alarms }}"
    tags: "{{ stack_tags }}"
"""

RETURN = r"""
_value:
  description: The alarms as M(uex.payments.cloudwatch_alarm) takes them, by name.
  type: list
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.module_utils._alarm_set import alarms


def estate_alarms(estate: Mapping[str, Any]) -> Any:
    """The filter; raises AnsibleFilterError for what can't be worked out."""
    try:
        return alarms(estate)
    except (KeyError, ValueError) as error:
        raise AnsibleFilterError(f"estate_alarms: {error}") from error


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"estate_alarms": estate_alarms}
