# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lambda functions of the embedded AWS that really run: their code, in a process of its own on this machine.

Only those that somebody names: `POST /embedded-aws/functions` with `{"<name>": {"<variable>": "<value>"}}` lets a
function run, with variables that take the place of its own; null ends that, DELETE forgets all. The others answer
something made up.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from typing import Any, NamedTuple

from .steering import Steering, ask, replace

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
    ask(port, PATH, "POST", {name: dict(environment or {})})


def reset(port: int) -> None:
    """Let no function of the emulator on C(port) run any more."""
    ask(port, PATH, "DELETE")


class Functions(Steering):
    """The path at which functions are named."""

    path = PATH

    def forget(self) -> None:
        RUNNING.clear()

    def take(self, given: Any) -> None:
        replace(RUNNING, given)

    def show(self) -> Any:
        return sorted(RUNNING)
