# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What needs no real database: the API, texts that are filled in, words without secrets."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _reach

CANARY = "REACH-CANARY"


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    """An API that takes one key, and sends others elsewhere or away."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.headers.get("X-API-Key") == CANARY
            status = 302 if self.path == "/moved" else 500 if self.path == "/broken" else 200 if known else 401
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing is logged."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def ask(url: str, key: str = CANARY) -> dict[str, Any]:
    what = {"name": "UEX", "kind": "api", "url": url, "headers": {"X-API-Key": key}, "timeout": 2}
    answer = _reach.asked(what)
    assert CANARY not in json.dumps(answer)
    return answer


@pytest.mark.parametrize(
    ("path", "key", "ok", "refused", "words"),
    [
        ("/", CANARY, True, False, "answers 200"),
        ("/", "another", False, True, "refuses the credentials: 401"),
        ("/broken", CANARY, False, False, "answers 500"),
        ("/moved", CANARY, True, False, "answers 302"),
    ],
)
def test_an_api(api: str, path: str, key: str, ok: bool, refused: bool, words: str) -> None:
    answer = ask(api + path, key)
    assert (answer["ok"], answer["refused"], answer["words"]) == (ok, refused, words)


def test_who_is_not_there() -> None:
    answer = ask("http://127.0.0.1:1/")
    assert (answer["ok"], answer["words"]) == (False, "Connection refused")


def test_texts_with_a_dollar_are_variables() -> None:
    what = {"a": "$ONE", "b": {"c": "$TWO", "d": "plain"}, "e": 5}
    assert _reach.filled(what, {"ONE": "1"}) == {"a": "1", "b": {"c": "", "d": "plain"}, "e": 5}


def test_an_error_that_nobody_knows_is_its_kind_alone() -> None:
    assert _reach._words(ValueError(CANARY)) == "ValueError"
