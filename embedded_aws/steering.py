# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Paths of the emulator's own, at which it is told how to behave, and requests to them."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, ClassVar

from .recorder import WSGIApplication

OK = "200 OK"


def ask(port: int, path: str, method: str, body: Any = None, timeout: float = 10) -> Any:
    """The answer of the emulator on C(port), None where it is empty. Raises urllib.error.HTTPError for a refusal."""
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", content, method=method)
    with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
        text = answer.read()
    return json.loads(text) if text else None


class Steering:
    """One such path: GET shows what holds, POST takes more, DELETE forgets all."""

    path: ClassVar[str]

    def __init__(self, application: WSGIApplication, directory: Path) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != self.path:
            return self.application(environ, start_response)
        status, shown = self.answer(environ.get("REQUEST_METHOD", "GET"), lambda: _given(environ))
        body = b"" if shown is None else json.dumps(shown).encode()
        kind = [("Content-Type", "application/json")] if body else []
        start_response(status, [*kind, ("Content-Length", str(len(body)))])
        return [body] if body else []

    def answer(self, method: str, given: Callable[[], Any]) -> tuple[str, Any]:
        """Do what is asked, C(given) with the request's body; status and what holds afterwards."""
        if method == "DELETE":
            self.forget()
        if method == "POST":
            self.take(given())
        return OK, self.show()

    def forget(self) -> None:
        """Take back all that was asked for."""

    def take(self, given: Any) -> None:
        """Do what is asked for."""

    def show(self) -> Any:
        """What holds, as JSON takes it."""


def _given(environ: dict[str, Any]) -> Any:
    return json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))


def replace(kept: dict[str, Any], given: dict[str, Any]) -> None:
    """Keep what is given by name; null takes what was kept back."""
    for name, value in given.items():
        if value is None:
            kept.pop(name, None)
        else:
            kept[name] = value
