# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Certificates for servers on loopback, made for one run of the tests."""

from __future__ import annotations

from pathlib import Path

from embedded_aws import certificates
from embedded_aws.certificates import Files

HOST = "localhost"
__all__ = ["HOST", "Files", "make"]


def make(directory: Path, address: str = "127.0.0.1") -> Files:
    """An authority, and a certificate of its for C(localhost) and a loopback address."""
    return certificates.make(directory, [address], [HOST])
