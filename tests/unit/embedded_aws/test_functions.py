# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Functions of the embedded AWS that really run."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from embedded_aws import functions
from embedded_aws.functions import Function, Functions, call

CODE = """
import logging, os
def handler(event, context):
    logging.getLogger().warning("asked for %s", event["what"])
    if event["what"] == "trouble":
        raise ValueError("no such thing")
    return {event["what"]: os.environ["GREETING"], "seconds": context.get_remaining_time_in_millis() // 1000}
"""


def function(timeout: float = 30.0, code: str = CODE) -> Function:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("inner/code.py", code)
    return Function(package.getvalue(), "inner.code.handler", {"GREETING": "hello"}, timeout)


def test_it_gets_event_variables_and_time_and_its_words_are_kept() -> None:
    answer = call(function(), json.dumps({"what": "word"}), 1)
    assert json.loads(answer.returned) == {"word": "hello", "seconds": 29}
    assert answer.logged == ["[WARNING] asked for word"]
    assert not answer.failed


def test_an_error_fails_the_call_and_is_the_last_word() -> None:
    answer = call(function(), json.dumps({"what": "trouble"}), 1)
    assert answer.failed
    assert answer.logged[-1] == "[ERROR] ValueError: no such thing"


def test_one_that_takes_too_long_is_ended() -> None:
    answer = call(
        function(0.5, "import threading\ndef handler(event, context):\n    threading.Event().wait()\n"), "{}", 1
    )
    assert (answer.failed, answer.logged) == (True, ["Task timed out after 0.50 seconds"])


def test_functions_are_named_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(functions, "RUNNING", {})

    def asked(method: str, body: Any = None) -> Any:
        content = json.dumps(body).encode()
        environ = {"PATH_INFO": functions.PATH, "REQUEST_METHOD": method, "CONTENT_LENGTH": str(len(content))}
        layer = Functions(lambda environ, start: [b'"passed"'], Path("."))
        return json.loads(b"".join(layer({**environ, "wsgi.input": io.BytesIO(content)}, lambda status, headers: None)))

    assert asked("POST", {"a": {}, "b": {"X": "y"}}) == ["a", "b"]
    assert asked("POST", {"a": None}) == asked("GET") == ["b"]
    assert asked("DELETE") == []
