# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime
import ipaddress
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from ansible_collections.uex.payments.plugins.module_utils import _certificates

NOW = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)


@pytest.mark.parametrize(("days", "expiring"), [(-1, True), (29, True), (30, False), (365, False)])
def test_a_certificate_is_renewed_when_less_than_30_days_are_left(days: int, expiring: bool) -> None:
    assert _certificates.is_expiring(NOW + datetime.timedelta(days=days), NOW) is expiring


def test_a_certificate_that_is_not_issued_yet_does_not_expire() -> None:
    assert not _certificates.is_expiring(None, NOW)


def test_the_certificate_is_for_its_names_and_belongs_to_its_key() -> None:
    long = "a" * 60 + ".example.com"
    pair = _certificates.self_signed([long, "*.example.com", "127.0.0.1"], NOW)
    made = x509.load_pem_x509_certificate(pair.certificate)
    key = serialization.load_pem_private_key(pair.private_key, None)
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [long, "*.example.com"]
    assert names.get_values_for_type(x509.IPAddress) == [ipaddress.ip_address("127.0.0.1")]
    assert made.public_key() == key.public_key()
    assert made.subject == made.issuer
    assert made.not_valid_after_utc == NOW + _certificates.VALID_FOR


def test_each_certificate_has_a_key_of_its_own() -> None:
    first, second = (_certificates.self_signed(["a"], NOW).private_key for _time in range(2))
    assert first != second


def test_a_request_is_made_once_however_often_it_is_sent() -> None:
    first = _certificates.token("name", ["a", "b"], "")
    assert first == _certificates.token("name", ["a", "b"], "")
    others = {
        _certificates.token(*each)
        for each in (("other", ["a", "b"], ""), ("name", ["a"], ""), ("name", ["a", "b"], "arn"))
    }
    assert len({first, *others}) == 4
    assert len(first) == 32 and first.isalnum()


@pytest.mark.parametrize(
    ("detail", "records"),
    [
        ({}, []),
        ({"DomainValidationOptions": [{"DomainName": "b"}]}, []),
        (
            {
                "DomainValidationOptions": [
                    {"DomainName": "b", "ResourceRecord": {"Name": "n", "Type": "CNAME", "Value": "v"}}
                ]
            },
            [{"domain_name": "b", "name": "n", "type": "CNAME", "value": "v"}],
        ),
    ],
)
def test_validation_records_are_read_once_aws_shows_them(detail: dict[str, Any], records: list[Any]) -> None:
    assert _certificates.validation_records(detail) == records


@pytest.mark.parametrize(
    ("status", "ready", "failed"),
    [
        ("PENDING_VALIDATION", False, False),
        ("ISSUED", True, False),
        ("FAILED", True, True),
        ("VALIDATION_TIMED_OUT", True, True),
        ("EXPIRED", True, False),
    ],
)
def test_a_certificate_says_whether_it_can_be_used(status: str, ready: bool, failed: bool) -> None:
    detail = {
        "CertificateArn": "arn",
        "DomainName": "a",
        "SubjectAlternativeNames": ["b", "a"],
        "Type": "AMAZON_ISSUED",
    }
    found = _certificates.properties({**detail, "Status": status}, NOW)
    assert (found["ready"], found["failed"]) == (ready, failed)
    assert found["subject_alternative_names"] == ["b"]
    assert (found["not_after"], found["expiring"], found["in_use"]) == (None, False, False)
