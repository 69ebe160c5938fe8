# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where the databases of the embedded AWS really are: an instance that is placed shows the address of a real server.

`POST /embedded-aws/stores` with `{"<identifier>": "127.0.0.9"}` places instances, null takes a place back; DELETE
forgets all; GET shows them. The port stays the instance's own: a server listens there on a loopback address of its own.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .recorder import WSGIApplication

PATH = "/embedded-aws/stores"
#: Address by the instance's identifier.
PLACES: dict[str, str] = {}


def place(port: int, places: Mapping[str, str | None]) -> None:
    """Ask the emulator on C(port) to show real servers' addresses for instances, by identifier."""
    _ask(port, "POST", places)


def reset(port: int) -> None:
    """Let every instance of the emulator on C(port) have its made-up address again."""
    _ask(port, "DELETE", {})


def _ask(port: int, method: str, body: Mapping[str, Any]) -> None:
    url = f"http://127.0.0.1:{port}{PATH}"
    request = urllib.request.Request(url, json.dumps(body).encode(), method=method)
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310
        pass


def remember(places: Mapping[str, str | None]) -> None:
    """Place instances; null takes a place back."""
    for identifier, address in places.items():
        if address is None:
            PLACES.pop(identifier, None)
        else:
            PLACES[identifier] = address


class Stores:
    """The path at which instances are placed."""

    def __init__(self, application: WSGIApplication, directory: Path) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH:
            return self.application(environ, start_response)
        if environ["REQUEST_METHOD"] == "DELETE":
            PLACES.clear()
        if environ["REQUEST_METHOD"] == "POST":
            remember(json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))))
        body = json.dumps(PLACES).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]
