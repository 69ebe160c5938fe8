# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Start, find and stop the emulator's process. Standard library only: an action plugin calls it in-process."""

from __future__ import annotations

import http.client
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
PORT = 5566
DIRECTORY = "build/embedded_aws"
HEALTH_PATH = "/embedded-aws/health"
ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60.0
STOP_SECONDS = 10.0
PAUSE_SECONDS = 0.05
REQUIRED_PACKAGES = ("moto", "flask", "flask_cors")
REQUIREMENT = "moto[all,server]"


class LauncherError(RuntimeError):
    """The emulator cannot be started or stopped; the message says what to do."""


def wait_until(
    predicate: Callable[[], bool],
    seconds: float,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> bool:
    """Ask `predicate` again and again until it holds (True) or `seconds` are over (False)."""
    deadline = clock() + seconds
    while not predicate():
        if clock() >= deadline:
            return False
        pause(PAUSE_SECONDS)
    return True


def status(port: int = PORT) -> dict[str, Any] | None:
    """What the emulator on `port` says of itself (pid, port, version, directory); None if none answers there."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", HEALTH_PATH)
        answer = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return answer if isinstance(answer, dict) and {"pid", "port", "version"} <= answer.keys() else None


def is_taken(port: int) -> bool:
    """Whether any program listens on the loopback port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(5)
        return probe.connect_ex((HOST, port)) == 0


def start(port: int = PORT, directory: str | Path = DIRECTORY) -> bool:
    """Make sure that the emulator answers on `port`: True if this call started it, False if it ran already.

    It runs detached; its output goes to `<directory>/server.log`, its process id to `<directory>/server.pid`.
    Raises LauncherError if moto is missing, another program holds the port, or no answer comes in time.
    """
    if status(port):
        return False
    _demand_packages()
    _demand_free(port)
    folder = Path(directory).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    process = _spawn(port, folder)
    wait_until(lambda: status(port) is not None or process.poll() is not None, START_SECONDS)
    return _outcome(process, port, folder)


def _outcome(process: subprocess.Popen[bytes], port: int, directory: Path) -> bool:
    """What became of a started process: True if it answers, False if another start was faster, else LauncherError."""
    found = status(port)
    if found is None:
        raise LauncherError(f"The embedded AWS did not start on port {port}: {_last_line(directory / 'server.log')}")
    if found["pid"] != process.pid:
        return False
    (directory / "server.pid").write_text(f"{process.pid}\n", encoding="utf-8")
    return True


def stop(port: int = PORT, directory: str | Path = DIRECTORY) -> bool:
    """End the emulator on `port`: True if there was one. Raises LauncherError if it does not end in time."""
    found = status(port)
    if found is None:
        return False
    os.kill(int(found["pid"]), signal.SIGTERM)
    if not wait_until(lambda: not is_taken(port), STOP_SECONDS):
        raise LauncherError(f"The embedded AWS on port {port} did not end: end its process with kill -9 {found['pid']}")
    (Path(found.get("directory", directory)) / "server.pid").unlink(missing_ok=True)
    return True


def _demand_packages() -> None:
    missing = [name for name in REQUIRED_PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise LauncherError(
            f"The embedded AWS needs the Python package {REQUIREMENT} ({', '.join(missing)} not found): "
            f"install it with `{sys.executable} -m pip install '{REQUIREMENT}'` or run `make setup`"
        )


def _demand_free(port: int) -> None:
    if is_taken(port):
        raise LauncherError(
            f"Port {port} on {HOST} is held by another program: end that program, or choose a free port for the "
            f"embedded AWS with the variable embedded_aws_port (for example -e embedded_aws_port={port + 1})"
        )


def _spawn(port: int, directory: Path) -> subprocess.Popen[bytes]:
    """Run the server in a session of its own, tied to nothing of the caller's: terminal, open files or folder."""
    command = [sys.executable, "-m", "embedded_aws", "serve", "--port", str(port), "--directory", str(directory)]
    with (directory / "server.log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - our own interpreter runs our own module
            command,
            cwd=ROOT,
            env=_environment(dict(os.environ)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            close_fds=True,
            start_new_session=True,
        )


def _environment(inherited: dict[str, str]) -> dict[str, str]:
    """The server's environment: this repository importable, and none of the caller's own AWS settings."""
    kept = {name: value for name, value in inherited.items() if not name.startswith(("AWS_", "MOTO_"))}
    path = [str(ROOT), *filter(None, [inherited.get("PYTHONPATH")])]
    return {**kept, "PYTHONPATH": os.pathsep.join(path)}


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else f"no answer within {START_SECONDS:.0f} seconds, see {log}"
