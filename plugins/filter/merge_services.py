# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter merge_services."""

from __future__ import annotations

DOCUMENTATION = r"""
name: merge_services
short_description: Complete the definitions of the services
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - Lays the defaults of an environment and the definitions of its inventory over the built-in services, fills in every
    field, and derives the names of what belongs to each service.
  - Nested dicts are merged key by key, lists are replaced. A field that no service has is refused by name.
  - A new service must say its port, its path and its listener priority, so that adding one never moves another.
  - A service with C(enabled) false is left out.
positional: overrides, defaults, stack_name, image_tag, released
options:
  _input:
    description: The built-in services by name.
    type: dict
    required: true
  overrides:
    description: What the inventory says, by name of the service.
    type: dict
    default: {}
  defaults:
    description: What holds for every service of the environment, over the built-in definitions.
    type: dict
    default: {}
  stack_name:
    description: Beginning of all names, such as V(uex-payments-dev).
    type: str
    required: true
  image_tag:
    description: Image tag of the services that don't name their own and have no release.
    type: str
    default: latest
  released:
    description: The releases in force by service, of which C(image_tag) counts for those that don't name their own.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: One service with the size of its environment
  ansible.builtin.debug:
    msg: "{{ builtin | uex.payments.merge_services({}, {'cpu': 1024}, 'uex-payments-dev', '1.0') }}"
  vars:
    builtin:
      api: {port: 8080, path: /api, priority: 10}
"""

RETURN = r"""
_value:
  description:
    - The services by listener priority.
    - C(cpu) is in CPU units, C(memory) in MiB, times are in seconds, thresholds in percent, requests a minute
      and task.
    - C(image_tag_from) says where the tag is from, C(inventory) (the service's own), C(release) or C(stack).
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.module_utils import _services


def merge_services(
    builtin: Mapping[str, Any],
    overrides: Mapping[str, Any] | None = None,
    defaults: Mapping[str, Any] | None = None,
    stack_name: str = "",
    image_tag: str = "latest",
    released: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    """The complete services by priority; AnsibleFilterError with everything that is wrong."""
    try:
        return _services.service_list(builtin, overrides, defaults, stack_name, image_tag, released)
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"merge_services": merge_services}
