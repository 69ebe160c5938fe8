# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An authority of the embedded AWS's own, and a certificate for the servers that stand for its databases."""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LIFE = datetime.timedelta(days=365)


class Files(NamedTuple):
    """Where the authority's and the servers' certificate and the servers' key are."""

    authority: Path
    certificate: Path
    key: Path


def make(directory: Path, addresses: Iterable[str], hosts: Iterable[str] = ()) -> Files:
    """An authority, and a certificate of its for addresses and hosts; those of an earlier time are taken up again."""
    files = Files(*(directory / name for name in ("authority.pem", "server.pem", "server.key")))
    if all(file.exists() for file in files):
        return files
    directory.mkdir(parents=True, exist_ok=True)
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _each in range(2))
    authority = _certificate("Embedded AWS databases", authority_key, authority_key, None)
    known = [*map(x509.DNSName, hosts), *(x509.IPAddress(ipaddress.ip_address(each)) for each in addresses)]
    certificate = _certificate("database", key, authority_key, x509.SubjectAlternativeName(known))
    files.authority.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    files.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    files.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    files.key.chmod(0o600)
    return files


def _certificate(subject: str, key: Any, signer: Any, names: Any) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name("Embedded AWS databases"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + LIFE)
        .add_extension(x509.BasicConstraints(ca=names is None, path_length=None), critical=True)
    )
    return (builder.add_extension(names, critical=False) if names else builder).sign(signer, hashes.SHA256())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
