# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lambda functions of the embedded AWS that really run: their code, in a process of its own on this machine.

Only those that somebody names: `POST /embedded-aws/functions` with `{"<name>": {"<variable>": "<value>"}}` lets a
function run, with variables that take the place of its own; null ends that, DELETE forgets all. The others answer
something made up.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .recorder import WSGIApplication

PATH = "/embedded-aws/functions"
Environment = Mapping[str, str]
#: By the function's name, the variables that take the place of its own.
RUNNING: dict[str, Environment] = {}
#: What a process of a function inherits of the emulator's environment.
INHERITED = ("PATH", "HOME", "LANG", "SSL_CERT_FILE")
#: Calls the handler as Lambda does: event on standard input, seconds and handler as arguments, answer as the last line.
BOOTSTRAP = """
import importlib, json, logging, sys, time
end = time.monotonic() + float(sys.argv[1])
logging.basicConfig(stream=sys.stderr, format="[%(levelname)s] %(message)s")
class Context:
    def get_remaining_time_in_millis(self):
        return int(1000 * (end - time.monotonic()))
module, _, name = sys.argv[2].rpartition(".")
try:
    answer = getattr(importlib.import_module(module), name)(json.load(sys.stdin), Context())
except Exception as error:
    print(f"[ERROR] {type(error).__name__}: {error}", file=sys.stderr)
    sys.exit(1)
print(json.dumps(answer))
"""


class Function(NamedTuple):
    """What of a function counts when it is called."""

    code: bytes
    handler: str
    environment: Environment
    timeout: float


class Answer(NamedTuple):
    """How a call ended: what it returned as JSON, what it logged, and whether it failed."""

    returned: str
    logged: list[str]
    failed: bool


def call(function: Function, event: str, port: int) -> Answer:
    """Run the function's code with one event, against the emulator on C(port)."""
    with tempfile.TemporaryDirectory(prefix="embedded-aws-function-") as folder:
        zipfile.ZipFile(io.BytesIO(function.code)).extractall(folder)
        command = [sys.executable, "-c", BOOTSTRAP, str(function.timeout), function.handler]
        environment = {**_base(port), **function.environment, "PYTHONPATH": folder}
        settings: Any = {"env": environment, "cwd": folder, "capture_output": True, "text": True}
        try:
            done = subprocess.run(command, input=event, timeout=function.timeout, check=False, **settings)  # noqa: S603
        except subprocess.TimeoutExpired:
            return Answer("", [f"Task timed out after {function.timeout:.2f} seconds"], True)
    lines = done.stdout.splitlines()
    return Answer(lines[-1] if lines else "null", done.stderr.splitlines(), done.returncode != 0)


def _base(port: int) -> dict[str, str]:
    """What every function has, and how it calls this AWS."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    credentials = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    return {**inherited, **credentials, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}


def run(port: int, name: str, environment: Environment | None = None) -> None:
    """Ask the emulator on C(port) to let a function really run."""
    _ask(port, "POST", {name: dict(environment or {})})


def reset(port: int) -> None:
    """Let no function of the emulator on C(port) run any more."""
    _ask(port, "DELETE", {})


def _ask(port: int, method: str, body: Mapping[str, Any]) -> None:
    url = f"http://127.0.0.1:{port}{PATH}"
    request = urllib.request.Request(url, json.dumps(body).encode(), method=method)
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310
        pass


class Functions:
    """The path at which functions are named."""

    def __init__(self, application: WSGIApplication, directory: Path) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH:
            return self.application(environ, start_response)
        if environ["REQUEST_METHOD"] == "DELETE":
            RUNNING.clear()
        if environ["REQUEST_METHOD"] == "POST":
            given = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
            RUNNING.update(given)
            for name in [name for name, variables in RUNNING.items() if variables is None]:
                del RUNNING[name]
        body = json.dumps(sorted(RUNNING)).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]
