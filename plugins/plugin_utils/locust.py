# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""locust as a process of its own: found, told what to do through its standard input, followed line by line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

FILES = Path(__file__).resolve().parents[2] / "roles/operations/files/load_test"
#: Where make load-test puts it, from the folder of the controller's own Python.
OWN = Path(sys.prefix) / "load/bin/locust"
MARK = "LOAD "
#: Seconds that it may take beyond its run time, to begin and to end.
GRACE = 60.0
#: What of this process's environment it needs; credentials of AWS are none of it.
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
ADVICE = f"make load-test installs it; or pip install -r {FILES.name}/requirements.txt into an environment of its own"


class LocustError(Exception):
    """It is not there, or ended without a result; the message says what to do."""


def find(given: str) -> str:
    """The program: the one that is given, else the project's own, else the one on the path. Raises LocustError."""
    found = shutil.which(given) if given else (str(OWN) if OWN.exists() else shutil.which("locust"))
    if not found:
        raise LocustError(f"{given or 'locust'} is not there: {ADVICE}, and set operations_load_test_locust")
    return found


class Order(NamedTuple):
    """The program and its arguments, the file for what it complains of, and the seconds that it runs."""

    program: str
    arguments: Sequence[str]
    log: Path
    seconds: float


def run(order: Order, asked: Mapping[str, Any], say: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Its result; C(say) gets the numbers as it goes. It ends with this process.

    Raises LocustError where it gives no result within its seconds and some grace.
    """
    result: dict[str, Any] = {}
    with order.log.open("w", encoding="utf-8") as errors, _started(order, errors) as process:
        timer = threading.Timer(order.seconds + GRACE, process.kill)
        timer.start()
        try:
            _tell(process, asked)
            for kind, content in map(_parsed, process.stdout or ()):
                if kind == "progress":
                    say(content)
                result = content if kind == "result" else result
        finally:
            timer.cancel()
            process.terminate()
    if not result:
        last = _last(order.log)
        raise LocustError(f"locust gave no result, exit code {process.returncode}: {last} (all of it: {order.log})")
    return result


def _started(order: Order, errors: Any) -> subprocess.Popen[str]:
    command = [order.program, "-f", str(FILES / "locustfile.py"), *order.arguments]
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": errors}
    return subprocess.Popen(command, env=environment, text=True, **pipes)  # noqa: S603


def _tell(process: subprocess.Popen[str], asked: Mapping[str, Any]) -> None:
    """What to do, and nothing more. One that has ended by now says in its log why."""
    try:
        if process.stdin:
            process.stdin.write(json.dumps(asked))
            process.stdin.close()
    except BrokenPipeError:
        return


def _parsed(line: str) -> tuple[str, dict[str, Any]]:
    """Kind and content of one of the locustfile's own lines; empty for another."""
    if not line.startswith(MARK):
        return "", {}
    kind, _space, content = line.removeprefix(MARK).partition(" ")
    found: dict[str, Any] = json.loads(content)
    return kind, found


def _last(log: Path) -> str:
    lines = [line for line in log.read_text(encoding="utf-8").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
