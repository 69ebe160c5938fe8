# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.filter.chat_channels import FilterModule, chat_channels

CONTEXT = {
    "name": "uex-payments-dev",
    "partition": "aws",
    "role_arn": "arn:role",
    "topics": {"critical": "arn:critical", "warning": "arn:warning"},
}
CHANNEL = {"name": "oncall", "application": "slack", "team_id": "T01", "channel_id": "C01"}


def test_channels_are_those_of_the_application() -> None:
    assert [each["name"] for each in chat_channels([CHANNEL], "slack", CONTEXT)] == ["uex-payments-dev-oncall"]
    assert chat_channels([CHANNEL], "teams", CONTEXT) == []


def test_what_cannot_be_worked_out_names_the_filter() -> None:
    with pytest.raises(AnsibleFilterError, match="chat_channels: 'info'"):
        chat_channels([{**CHANNEL, "severities": ["info"]}], "slack", CONTEXT)
    with pytest.raises(AnsibleFilterError, match="chat_channels: 'irc'"):
        chat_channels([CHANNEL], "irc", CONTEXT)


def test_it_is_registered() -> None:
    assert FilterModule().filters() == {"chat_channels": chat_channels}
