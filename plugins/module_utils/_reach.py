# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether a database, a cache and an API answer to their credentials: asked from here, or, as a program, from a task.

Nothing but Python's own library is needed, as a task has the service's image and its Python. A database is asked a
question by whichever driver there is; without one it is known that it speaks TLS. Words hold no credential.

As a program it reads C(REACH_ASKED), a list of what to ask; texts in it that begin with a dollar are variables of the
environment, as ECS gives secrets. It prints one line for each, C(REACH {"name": ..., "ok": ..., ...}).
"""

from __future__ import annotations

import json
import os
import socket
import ssl
import struct
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

What = Mapping[str, Any]
Answer = dict[str, Any]

MARK = "REACH "
#: What PostgreSQL is asked before TLS begins: a message of 8 bytes with this code.
SSL_REQUEST = struct.pack("!II", 8, 80877103)
#: Of an HTTP answer; credentials are refused with these.
REFUSED = (401, 403)


def asked(what: What) -> Answer:
    """What came of asking C(what): its name, whether it answers, in how many milliseconds, and in which words."""
    begun = time.monotonic()
    ask = ASK[what["kind"]]
    try:
        answer = ask(what, float(what["timeout"]))
    except Exception as error:  # whatever it is, it is the answer
        answer = {"ok": False, "words": _words(error)}
    return {"name": what["name"], "ms": round(1000 * (time.monotonic() - begun)), "refused": False, **answer}


def _words(error: BaseException) -> str:
    """An error in words that hold nothing which was sent."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLError):
        return f"TLS: {getattr(error, 'verify_message', '') or error.reason or type(error).__name__}"
    if isinstance(error, OSError) and error.strerror:
        return str(error.strerror)
    return type(error).__name__


def _context(what: What) -> ssl.SSLContext:
    """Verifies the server by its name, by the authorities given or else the system's; C(unverified) does without."""
    context = ssl.create_default_context(cafile=what.get("authority") or None)
    if what.get("unverified"):
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


# PostgreSQL


def database(what: What, timeout: float) -> Answer:
    """TLS first; a login only where the server is verified, as one that is not could ask for the password in clear."""
    with socket.create_connection((what["host"], int(what["port"])), timeout) as plain:
        plain.sendall(SSL_REQUEST)
        if plain.recv(1) != b"S":
            return {"ok": False, "words": "answers without TLS"}
        with _context(what).wrap_socket(plain, server_hostname=what["host"]):
            pass
    if what.get("unverified"):
        return {"ok": True, "words": "TLS; no login, as its certificate is not verified"}
    for driver in (_pg8000, _psycopg):
        try:
            return driver(what, timeout)
        except ImportError:
            continue
    return {"ok": True, "words": "TLS; no login, as there is no driver"}


def _login(what: What) -> dict[str, Any]:
    return {key: what[key] for key in ("user", "password", "host", "port", "database")}


def _pg8000(what: What, timeout: float) -> Answer:
    import pg8000.native

    try:
        connection = pg8000.native.Connection(**_login(what), ssl_context=_context(what), timeout=timeout)
    except pg8000.exceptions.DatabaseError as error:
        fields = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
        return _refusal(str(fields.get("C") or ""))
    connection.run("SELECT 1")
    connection.close()
    return {"ok": True, "words": "TLS, login, SELECT 1"}


def _psycopg(what: What, timeout: float) -> Answer:
    import psycopg

    login = {"dbname" if key == "database" else key: value for key, value in _login(what).items()}
    trusted = {"sslmode": "verify-full", "sslrootcert": what.get("authority") or "system"}
    try:
        connection = psycopg.connect(**login, **trusted, connect_timeout=int(timeout))
    except psycopg.Error as error:
        refused = "28P01" if "authentication failed" in str(error) else ""
        return _refusal(getattr(error, "sqlstate", None) or refused)
    connection.execute("SELECT 1")
    connection.close()
    return {"ok": True, "words": "TLS, login, SELECT 1"}


def _refusal(state: str) -> Answer:
    return {"ok": False, "refused": state[:2] == "28", "words": f"the login is refused, SQLSTATE {state or 'unknown'}"}


# Redis


def cache(what: What, timeout: float) -> Answer:
    """TLS, the token, a PING; the token goes to a verified server alone."""
    with (
        socket.create_connection((what["host"], int(what["port"])), timeout) as plain,
        _context(what).wrap_socket(plain, server_hostname=what["host"]) as secure,
    ):
        if what.get("unverified"):
            return {"ok": True, "words": "TLS; no PING, as its certificate is not verified"}
        told = _redis(secure, "AUTH", what["token"]) if what.get("token") else "+OK"
        if not told.startswith("+"):
            return {"ok": False, "refused": True, "words": f"the token is refused: {_code(told)}"}
        pong = _redis(secure, "PING")
        words = "TLS, AUTH, PING" if pong == "+PONG" else f"PING: {_code(pong)}"
        return {"ok": pong == "+PONG", "words": words}


def _code(line: str) -> str:
    """The first word of an answer: Redis puts its code there."""
    return line[1:].split(" ", 1)[0] or "no answer"


def _redis(connection: ssl.SSLSocket, *words: str) -> str:
    """The first line of the answer to a command."""
    lengths = [f"${len(word.encode())}\r\n{word}\r\n" for word in words]
    connection.sendall(f"*{len(words)}\r\n{''.join(lengths)}".encode())
    answer = b""
    while not answer.endswith(b"\r\n"):
        more = connection.recv(1)
        if not more:
            break
        answer += more
    return answer.decode(errors="replace").strip()


# HTTP


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Credentials go to the address that was given, and to no other."""

    def redirect_request(self, *_about: Any) -> None:
        """No other request follows."""


def api(what: What, timeout: float) -> Answer:
    """A GET with the headers; whoever answers with a status below 400 takes them."""
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.HTTPSHandler(context=_context(what)))
    request = urllib.request.Request(what["url"], headers=dict(what["headers"]))  # noqa: S310
    try:
        status = opener.open(request, timeout=timeout).status
    except urllib.error.HTTPError as error:
        status = error.code
    except urllib.error.URLError as error:
        return {"ok": False, "words": _words(error.reason) if isinstance(error.reason, Exception) else "no answer"}
    if status in REFUSED:
        return {"ok": False, "refused": True, "status": status, "words": f"refuses the credentials: {status}"}
    return {"ok": status < 400, "status": status, "words": f"answers {status}"}


#: How each kind is asked.
ASK: dict[str, Callable[[What, float], Answer]] = {"database": database, "cache": cache, "api": api}

# As a program


def filled(value: Any, variables: Mapping[str, str]) -> Any:
    """A value in which texts that begin with a dollar are what the variable holds; one that isn't there is empty."""
    if isinstance(value, dict):
        return {key: filled(each, variables) for key, each in value.items()}
    if isinstance(value, str) and value.startswith("$"):
        return variables.get(value[1:], "")
    return value


def main() -> None:
    for what in json.loads(os.environ["REACH_ASKED"]):
        sys.stdout.write(f"{MARK}{json.dumps(asked(filled(what, os.environ)))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
