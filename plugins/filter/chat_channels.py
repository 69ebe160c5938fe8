# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: chat_channels
short_description: The channels of a chat application that an environment tells
description:
  - Picks the channels of one application from those of an inventory, and fills in what it leaves out.
version_added: "0.1.0"
options:
  _input:
    description: The channels, as in C(monitoring_chat_channels).
    type: list
    elements: dict
    required: true
  application:
    description: The chat application.
    type: str
    choices: [slack, teams]
    required: true
  context:
    description: The environment's C(name), C(role_arn), C(partition) and C(topics) by severity.
    type: dict
    required: true
author:
  - UEX Payments (@uex)
"""

EXAMPLES = r"""
- name: Channels of Slack
  uex.payments.chatbot_channel_configuration:
    slack_channels: "{{ monitoring_chat_channels | uex.payments.chat_channels('slack', context) }}"
    tags: "{{ stack_tags }}"
"""

RETURN = r"""
_value:
  description: The channels as M(uex.payments.chatbot_channel_configuration) takes them.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.module_utils._chat import CLIENTS, channels


def chat_channels(declared: Iterable[Mapping[str, Any]], application: str, context: Mapping[str, Any]) -> Any:
    """The filter; raises AnsibleFilterError for a channel that lacks something, or an application that is none."""
    try:
        return channels(declared, CLIENTS[application], context)
    except KeyError as error:
        raise AnsibleFilterError(f"chat_channels: {error}") from error


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"chat_channels": chat_channels}
