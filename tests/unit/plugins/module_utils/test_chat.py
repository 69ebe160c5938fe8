# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _chat
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan

AFTER = {"team_id": "T01", "channel_id": "C01"}
ENABLED: dict[str, dict[str, Any]] = {"T01": {"State": "ENABLED"}}


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("us-east-2", "us-east-2"),
        ("us-east-1", "us-east-2"),
        ("us-west-1", "us-west-2"),
        ("eu-central-1", "eu-west-1"),
        ("ap-south-1", "ap-southeast-1"),
        ("sa-east-1", "us-east-2"),
    ],
)
def test_the_api_is_called_as_near_as_there_is_one(region: str, expected: str) -> None:
    assert _chat.api_region(region) == expected


@pytest.mark.parametrize(
    ("verb", "authorized", "channels", "words"),
    [
        ("create", ENABLED, {}, ""),
        ("create", ENABLED, {("T01", "C01"): "mine"}, ""),
        ("create", ENABLED, {("T01", "C01"): "theirs"}, "told by configuration theirs already"),
        ("create", {}, {}, "workspace T01 has not let this account in"),
        ("replace", {}, {}, "workspace T01 has not let this account in"),
        ("create", {"T01": {"State": "DISABLED", "StateReason": "no Slack here"}}, {}, "is disabled: no Slack here"),
        ("update", {}, {}, ""),
        ("keep", {}, {}, ""),
        ("delete", {}, {}, ""),
    ],
)
def test_what_nobody_let_in_or_is_taken_is_refused(
    verb: str, authorized: dict[str, Any], channels: dict[tuple[str, str], str], words: str
) -> None:
    found = _chat.objection(_chat.SLACK, Plan("mine", verb, None, AFTER), authorized, channels)
    assert (words in found.message) if found else (words == "")
    assert bool(found) is bool(words)


def test_what_a_configuration_is_of_is_not_in_a_change() -> None:
    item = {**dict.fromkeys(_chat.COMMON), "team_id": "t", "tenant_id": "n", "channel_id": "c", "role_arn": "r"}
    assert _chat.change(_chat.TEAMS, item) == {"ChannelId": "c", "IamRoleArn": "r"}
    assert _chat.creation(_chat.TEAMS, "x", item)["TenantId"] == "n"
