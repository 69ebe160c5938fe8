# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter image_items."""

from __future__ import annotations

DOCUMENTATION = r"""
name: image_items
short_description: What is built and pushed for an environment
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - Makes the items of M(uex.payments.container_image) and M(uex.payments.ecr_image) of the services and of further
    images, such as the one that migrates the database.
  - The image of a service on ARM is built for both architectures, so that it can move either way.
positional: further, context
options:
  _input:
    description: The services, as the filter P(uex.payments.merge_services#filter) completes them.
    type: list
    elements: dict
    required: true
  further:
    description: Further images by name, with the fields of a service's C(build) and C(repository).
    type: dict
    required: true
  context:
    description: >-
      What the environment says. C(name) and C(project) begin its names, C(directory) has a folder for each service,
      C(default_context) stands for those without one, C(architectures) are built if not the services' own, C(only) has
      the names that were asked for, with commas, or nothing.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: The images of one service
  ansible.builtin.debug:
    msg: "{{ stack_service_list | uex.payments.image_items({}, context) }}"
  vars:
    context:
      name: uex-payments-dev
      project: uex-payments
      directory: ..
      default_context: ""
      architectures: []
      only: presentation
"""

RETURN = r"""
_value:
  description: The items, the services' first.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.module_utils import _image_items


def image_items(
    services: Iterable[Mapping[str, Any]], further: Mapping[str, Any], context: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The items; AnsibleFilterError with what isn't there."""
    try:
        return _image_items.image_items(services, further, context)
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"image_items": image_items}
