# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter dns_records."""

from __future__ import annotations

DOCUMENTATION = r"""
name: dns_records
short_description: The DNS records of a load balancer
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - Makes the O(uex.payments.route53_record_set#module:records) of M(uex.payments.route53_record_set).
  - Every name gets an alias to the load balancer, every domain of a requested certificate the record that validates it.
  - The first name must be in the zone. Further names and certificates' domains outside it are left out.
positional: zone, load_balancer, certificates, cnames
options:
  _input:
    description: The names under which the load balancer is reached. Wildcards are left out.
    type: list
    elements: str
    required: true
  zone:
    description: Name of the hosted zone.
    type: str
    required: true
  load_balancer:
    description: The load balancer, as M(uex.payments.elbv2_load_balancer) returns it.
    type: dict
    required: true
  certificates:
    description: Certificates, as M(uex.payments.acm_certificate) returns them.
    type: list
    elements: dict
    default: []
  cnames:
    description: Further names, each with the name that it stands for.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Records of one domain
  uex.payments.route53_record_set:
    zone: example.com
    records: "{{ ['pay.example.com'] | uex.payments.dns_records('example.com', load_balancer) }}"
  vars:
    load_balancer: "{{ stack_load_balancers['uex-payments-dev-alb'] }}"
"""

RETURN = r"""
_value:
  description: The records.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _edge


def dns_records(
    domains: Sequence[str],
    zone: str,
    load_balancer: Mapping[str, Any],
    certificates: Iterable[Mapping[str, Any]] | None = None,
    cnames: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Aliases, validation records and CNAMEs."""
    return _edge.dns_records(zone, domains, load_balancer, certificates or (), cnames)


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"dns_records": dns_records}
