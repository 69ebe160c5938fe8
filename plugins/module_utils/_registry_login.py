# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECR's short-lived login, handed to an engine in a file in memory alone, which goes with the process that made it.

It is on no disk, in no command line and no environment. An open file without a name would do for root, but an engine of
another user runs itself again in a namespace of its own, and loses it.
"""

from __future__ import annotations

import base64
import contextlib
import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from . import _commands, _engines
from ._commands import Done, Execute

LOOPBACK = ("127.0.0.1", "localhost", "::1")
HIDDEN = "***"
#: Where files are in memory, and the kernel's word on that.
MEMORY, MOUNTS = "/dev/shm", Path("/proc/mounts")  # noqa: S108
#: Waits for the end of its input, which comes with the end of this process at the latest, and removes the folder.
_REMOVE = 'trap "" HUP INT TERM; cat >/dev/null; rm -rf "$1"'


class Login(NamedTuple):
    """A registry that the engine may push to meanwhile."""

    host: str
    insecure: bool
    authentication: str
    run: Callable[[list[str]], Done]


class NoLogin(Exception):
    """The login can't be kept off the disk or the wire; the message says what to do."""


def place(endpoint: str) -> tuple[str, bool]:
    """The registry's host and port, and whether it speaks plain HTTP, which is for loopback alone; pure."""
    parts = urlsplit(endpoint)
    insecure = parts.scheme != "https"
    if insecure and parts.hostname not in LOOPBACK:
        raise NoLogin(f"{endpoint}: a login is sent by HTTPS alone")
    return parts.netloc, insecure


def document(host: str, authorization: str) -> bytes:
    """The login as docker, podman and buildah read it; pure."""
    return json.dumps({"auths": {host: {"auth": authorization}}}).encode()


def hidden(text: str, authorization: str) -> str:
    """A text without the login, should a program ever show it; pure."""
    _user, _colon, word = base64.b64decode(authorization).decode().partition(":")
    return text.replace(authorization, HIDDEN).replace(word, HIDDEN)


@contextlib.contextmanager
def login(connect: Callable[[str], Any], execute: Execute, engine: str) -> Iterator[Login]:
    """Let the engine push to the account's registry. NoLogin where this machine has no files in memory."""
    (granted,) = connect("ecr").get_authorization_token()["authorizationData"]
    host, insecure = place(granted["proxyEndpoint"])
    authorization = granted["authorizationToken"]
    with _folder() as folder:
        file = folder / "config.json"
        file.touch(mode=0o600)
        file.write_bytes(document(host, authorization))
        environment = _environment(engine, execute, folder)

        def run(command: list[str]) -> Done:
            done = execute(command, environment)
            return Done(done.code, hidden(done.output, authorization), hidden(done.errors, authorization))

        yield Login(host, insecure, str(file), run)


def in_memory(mounts: str) -> bool:
    """Whether files in the folder for it are in memory, by the kernel's list of mounts; pure."""
    kinds = [line.split()[2] for line in mounts.splitlines() if line.split()[1] == MEMORY]
    return kinds[-1:] == ["tmpfs"]


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A folder in memory that only this user enters. It goes however this process ends, by SIGKILL too."""
    if not (MOUNTS.exists() and in_memory(MOUNTS.read_text(encoding="utf-8"))):
        raise NoLogin(
            f"ECR's login is kept in memory, in {MEMORY} of Linux, and this machine has none: push from Linux"
        )
    folder = Path(tempfile.mkdtemp(prefix="uex-login-", dir=MEMORY))
    command = ["sh", "-c", _REMOVE, "sh", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True):  # noqa: S603
        yield folder


def _environment(engine: str, execute: Execute, folder: Path) -> Mapping[str, str]:
    """What docker needs to find the file. With another folder it would forget which server its user has chosen."""
    if engine != _engines.DOCKER:
        return {}
    server = _commands.demanded(execute, ["docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"])
    return {"DOCKER_CONFIG": str(folder), "DOCKER_HOST": server}
