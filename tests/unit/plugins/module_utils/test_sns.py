# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _sns


@pytest.mark.parametrize(
    ("protocol", "endpoint", "sound"),
    [
        ("email", "a@example.com", True),
        ("email", "a@example", False),
        ("sms", "+15550100123", True),
        ("sms", "15550100123", False),
        ("https", "https://a.example.com", True),
        ("https", "http://a.example.com", False),
        ("lambda", "arn:aws:lambda:us-east-1:123456789012:function:f", True),
        ("lambda", "f", False),
    ],
)
def test_an_endpoint_has_its_protocol_s_form(protocol: str, endpoint: str, sound: bool) -> None:
    assert (_sns.endpoint_problem(protocol, endpoint) == "") is sound
