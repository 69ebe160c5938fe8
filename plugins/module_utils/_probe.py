# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One GET request to a load balancer, timed, ended at a deadline, with what TLS shows of the certificate."""

from __future__ import annotations

import contextlib
import datetime
import functools
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from typing import NamedTuple

from . import _certificates

with contextlib.suppress(ImportError):  # the end of a certificate is then not known
    from cryptography import x509

#: How much of an answer's body is read, in bytes.
MOST_BODY = 4096


class Target(NamedTuple):
    """What is asked for: C(host) is in the request and in TLS, C(address) is where the server really is.

    C(verify) is C(full), C(chain) where the certificate need not bear the host's name, or C(none).
    """

    host: str
    port: int
    path: str = "/"
    address: tuple[str, int] | None = None
    secure: bool = True
    verify: str = "full"


class Answer(NamedTuple):
    """How it was answered: status 0 and a C(problem) where it was not."""

    status: int
    ms: int
    problem: str = ""
    location: str = ""
    server: str = ""
    body: str = ""
    not_after: datetime.datetime | None = None


def ask(target: Target, timeout: float) -> Answer:
    """Send a GET, and read its answer; all of it, name and handshake too, within C(timeout) seconds."""
    begun, seen = time.monotonic(), _Seen()
    try:
        with _connected(target, timeout, seen) as connection:
            connection.request("GET", target.path, headers={"Host": target.host, "User-Agent": "uex-payments-health"})
            response = connection.getresponse()
            body = response.read(MOST_BODY).decode(errors="replace")
            names = (response.getheader("Location") or "", response.getheader("Server") or "", body)
            return Answer(response.status, _ms(begun), "", *names, seen.not_after)
    except (OSError, http.client.HTTPException) as error:
        problem = f"no answer within {timeout:g} s" if seen.late or isinstance(error, TimeoutError) else _words(error)
        return Answer(0, _ms(begun), problem, not_after=seen.not_after)


class _Seen:
    """What a request leaves behind even where it fails."""

    late = False
    not_after: datetime.datetime | None = None


def _ms(begun: float) -> int:
    return round(1000 * (time.monotonic() - begun))


def _words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS: {error.reason or error}"
    if isinstance(error, socket.gaierror):
        return f"the name is not known: {error.strerror}"
    return str(error.strerror if isinstance(error, OSError) and error.strerror else error) or type(error).__name__


@contextlib.contextmanager
def _connected(target: Target, timeout: float, seen: _Seen) -> Iterator[http.client.HTTPConnection]:
    """A connection that is torn down at the deadline, however slowly its server goes on talking."""
    place = target.address or (target.host, target.port)
    begun = time.monotonic()
    plain = socket.create_connection(place, timeout)

    def end() -> None:
        seen.late = True
        with contextlib.suppress(OSError):
            plain.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(timeout - (time.monotonic() - begun), 0), end)
    timer.daemon = True
    timer.start()
    try:
        connection = http.client.HTTPConnection(*place, timeout=timeout)
        connection.sock = _secured(plain, target, seen) if target.secure else plain
        with contextlib.closing(connection):
            yield connection
    finally:
        timer.cancel()
        plain.close()


def _secured(plain: socket.socket, target: Target, seen: _Seen) -> ssl.SSLSocket:
    secure = context(target.verify).wrap_socket(plain, server_hostname=target.host)
    seen.not_after = _not_after(secure.getpeercert(binary_form=True))
    return secure


@functools.cache
def context(verify: str) -> ssl.SSLContext:
    """One for all requests, as reading the system's authorities takes longer than a request."""
    made = ssl.create_default_context()
    made.check_hostname = verify == "full"
    made.verify_mode = ssl.CERT_NONE if verify == "none" else ssl.CERT_REQUIRED
    return made


def _not_after(certificate: bytes | None) -> datetime.datetime | None:
    """When a certificate ends; None where that can't be read."""
    if not (certificate and _certificates.HAS_CRYPTOGRAPHY):
        return None
    return x509.load_der_x509_certificate(certificate).not_valid_after_utc
