# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Certificates as AWS Certificate Manager shows them, and self-signed ones for places without a domain."""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from . import _aws, _tags

try:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
except ImportError:  # said in a sentence by whoever asks for a certificate
    HAS_CRYPTOGRAPHY = False
else:
    HAS_CRYPTOGRAPHY = True

VALID_FOR = datetime.timedelta(days=365)
RENEWED_BEFORE = datetime.timedelta(days=30)
KEY_BITS = 2048  #: the size that every policy of a load balancer takes
COMMON_NAME_LENGTH = 64
#: Without this filter AWS lists RSA keys of 1024 and 2048 bits only.
KEY_TYPES = ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"]
EVERY_KEY = {"Includes": {"keyTypes": KEY_TYPES}}
FAILED = ("FAILED", "VALIDATION_TIMED_OUT")


class Pair(NamedTuple):
    """A certificate and its private key, both PEM. The key goes to AWS and nowhere else."""

    certificate: bytes
    private_key: bytes


def tags_by_arn(client: Any) -> dict[str, dict[str, str]]:
    """The tags of every certificate of the account and region."""
    listed = _aws.pages(client, "list_certificates", "CertificateSummaryList", **EVERY_KEY)
    arns = [entry["CertificateArn"] for entry in listed]
    tags = _aws.concurrently(lambda arn: client.list_tags_for_certificate(CertificateArn=arn)["Tags"], arns)
    return {arn: _tags.to_dict(own) for arn, own in zip(arns, tags, strict=True)}


def is_expiring(not_after: datetime.datetime | None, now: datetime.datetime) -> bool:
    """Whether a certificate ends within C(RENEWED_BEFORE); times have a zone, no end is none; pure."""
    return not_after is not None and not_after - now < RENEWED_BEFORE


def all_names(item: Mapping[str, Any]) -> list[str]:
    """The certificate's domain name and then the others, once each; pure."""
    return list(dict.fromkeys([item["domain_name"], *item["subject_alternative_names"]]))


def token(name: str, names: Iterable[str], replaced: str) -> str:
    """The same request gives the same 32 word characters, unless it replaces a failed certificate; pure."""
    return hashlib.sha256(" ".join([name, *names, replaced]).encode()).hexdigest()[:32]


def validation_records(detail: Mapping[str, Any]) -> list[dict[str, str]]:
    """The DNS records that AWS looks for, by domain name; AWS shows them some seconds after the request; pure."""
    shown = [each for each in detail.get("DomainValidationOptions") or () if each.get("ResourceRecord")]
    return [
        {"domain_name": each["DomainName"], **{key.lower(): text for key, text in each["ResourceRecord"].items()}}
        for each in sorted(shown, key=lambda each: each["DomainName"])
    ]


def awaited_records(detail: Mapping[str, Any]) -> str:
    """The DNS records by which AWS validates a certificate, for people; pure."""
    pending = [each.get("ResourceRecord") for each in detail.get("DomainValidationOptions") or ()]
    return ", ".join(sorted({f"{each['Name']} {each['Type']} {each['Value']}" for each in pending if each}))


def properties(detail: Mapping[str, Any], now: datetime.datetime) -> dict[str, Any]:
    """What AWS shows of a certificate, as options and results; pure."""
    end, names = detail.get("NotAfter"), {*(detail.get("SubjectAlternativeNames") or ())}
    return {
        **_state(detail["Status"]),
        "certificate_arn": detail["CertificateArn"],
        "domain_name": detail["DomainName"],
        "subject_alternative_names": sorted(names - {detail["DomainName"]}),
        "self_signed": detail["Type"] == "IMPORTED",
        "not_after": end and end.isoformat(),
        "expiring": is_expiring(end, now),
        "in_use": bool(detail.get("InUseBy")),
        "validation_records": validation_records(detail),
    }


def _state(status: str) -> dict[str, Any]:
    return {"status": status, "ready": status != "PENDING_VALIDATION", "failed": status in FAILED}


def self_signed(names: Collection[str], now: datetime.datetime) -> Pair:
    """A new key and its certificate for the domain names and IP addresses, of which the first is the subject."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, next(iter(names))[:COMMON_NAME_LENGTH])])
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(minutes=5)).not_valid_after(now + VALID_FOR)
    builder = builder.add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
    certificate = builder.sign(key, hashes.SHA256())
    return Pair(certificate.public_bytes(serialization.Encoding.PEM), _private_pem(key))


def _general_name(name: str) -> Any:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _private_pem(key: Any) -> bytes:
    """ACM takes keys unencrypted."""
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
    pem: bytes = key.private_bytes(encoding, form, serialization.NoEncryption())
    return pem
