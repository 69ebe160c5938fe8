# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests to servers that really answer, slowly, wrongly or never."""

from __future__ import annotations

import contextlib
import datetime
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _certificates, _probe
from ansible_collections.uex.payments.plugins.module_utils._probe import Target

HOST = "pay.example.com"
FINE = b"HTTP/1.1 200 OK\r\nServer: test\r\nContent-Length: 4\r\n\r\nfine"
PLAIN = Target(HOST, 80, "/x", secure=False)

Conduct = Callable[[socket.socket], None]


@contextlib.contextmanager
def serving(conduct: Conduct) -> Iterator[tuple[str, int]]:
    """A server on loopback that does this with its one connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with contextlib.suppress(OSError):
                connection, _peer = listening.accept()
                with connection:
                    conduct(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[:2]


def answering(text: bytes) -> Conduct:
    def conduct(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(text)

    return conduct


def dripping(connection: socket.socket) -> None:
    for _each in range(200):
        connection.sendall(b"H")
        time.sleep(0.05)


def ask(conduct: Conduct, target: Target = PLAIN, timeout: float = 5) -> _probe.Answer:
    with serving(conduct) as place:
        return _probe.ask(target._replace(address=place), timeout)


def test_an_answer_has_status_time_and_body() -> None:
    answer = ask(answering(FINE))
    assert (answer.status, answer.problem, answer.body, answer.server) == (200, "", "fine", "test")
    assert 0 <= answer.ms < 5000


def test_the_request_bears_the_name_and_asks_for_the_path() -> None:
    seen: list[bytes] = []

    def conduct(connection: socket.socket) -> None:
        seen.append(connection.recv(4096))
        connection.sendall(FINE)

    ask(conduct)
    assert seen[0].startswith(b"GET /x HTTP/1.1\r\n")
    assert b"Host: pay.example.com\r\n" in seen[0]


def test_a_redirection_is_shown_and_not_followed() -> None:
    answer = ask(answering(b"HTTP/1.1 301 Moved\r\nLocation: https://x/y\r\nContent-Length: 0\r\n\r\n"))
    assert (answer.status, answer.location) == (301, "https://x/y")


@pytest.mark.parametrize("conduct", [lambda connection: time.sleep(3), dripping], ids=["silent", "dripping"])
def test_who_is_silent_or_drips_is_left_at_the_deadline(conduct: Conduct) -> None:
    begun = time.monotonic()
    answer = ask(conduct, timeout=0.5)
    assert (answer.status, answer.problem) == (0, "no answer within 0.5 s")
    assert time.monotonic() - begun < 2.5


def test_who_is_not_there_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        place = free.getsockname()[:2]
    assert _probe.ask(PLAIN._replace(address=place), 2).problem == "Connection refused"


def test_what_is_no_http_is_said() -> None:
    answer = ask(answering(b"SSH-2.0-x\r\n"))
    assert (answer.status, bool(answer.problem)) == (0, True)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    folder: Path = tmp_path_factory.mktemp("tls")
    pair = _certificates.self_signed([HOST], datetime.datetime.now(datetime.UTC))
    (folder / "c.pem").write_bytes(pair.certificate + pair.private_key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "c.pem")
    return context


def secured(tls: ssl.SSLContext) -> Conduct:
    def conduct(connection: socket.socket) -> None:
        with tls.wrap_socket(connection, server_side=True) as secure:
            answering(FINE)(secure)

    return conduct


def test_tls_shows_how_long_the_certificate_is_good_for(tls: ssl.SSLContext) -> None:
    answer = ask(secured(tls), Target(HOST, 443, verify="none"))
    assert answer.status == 200
    assert answer.not_after is not None
    assert 360 < (answer.not_after - datetime.datetime.now(datetime.UTC)).days < 366


@pytest.mark.parametrize("verify", ["full", "chain"])
def test_a_certificate_that_nobody_vouches_for_is_refused(tls: ssl.SSLContext, verify: str) -> None:
    answer = ask(secured(tls), Target(HOST, 443, verify=verify))
    assert (answer.status, answer.problem) == (0, "certificate: self-signed certificate")
