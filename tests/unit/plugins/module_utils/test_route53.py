# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _route53


@pytest.mark.parametrize(
    ("name", "plain"),
    [("Pay.Example.com.", "pay.example.com"), ("\\052.example.com.", "*.example.com"), ("example.com", "example.com")],
)
def test_names_have_one_spelling(name: str, plain: str) -> None:
    assert _route53.plain(name) == plain


@pytest.mark.parametrize(
    "record",
    [
        {"Name": "a.example.com", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "b.example.com"}]},
        {
            "Name": "a.example.com",
            "Type": "A",
            "TTL": 5,
            "ResourceRecords": [{"Value": "192.0.2.1"}, {"Value": "192.0.2.2"}],
        },
        {
            "Name": "a.example.com",
            "Type": "A",
            "AliasTarget": {"DNSName": "x.elb.amazonaws.com", "HostedZoneId": "Z", "EvaluateTargetHealth": True},
        },
    ],
)
def test_a_record_reads_as_it_was_written(record: dict[str, object]) -> None:
    assert _route53.record_set(_route53.observed(record)) == record
