# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECR's short-lived login, handed to an engine in a file that is in memory alone and ends with its last user.

It is in no file system, no command line and no environment: the engine inherits the open file and reads it as
/proc/self/fd/<number>. docker wants a folder with a file of a certain name; it gets a link there to the open file.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from . import _commands, _engines
from ._commands import Done, Execute

LOOPBACK = ("127.0.0.1", "localhost", "::1")
HIDDEN = "***"


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
    if not hasattr(os, "memfd_create"):
        raise NoLogin("ECR's login is kept in a file in memory, which only Linux has: push from Linux")
    (granted,) = connect("ecr").get_authorization_token()["authorizationData"]
    host, insecure = place(granted["proxyEndpoint"])
    authorization = granted["authorizationToken"]
    with _file(document(host, authorization)) as number, _environment(engine, execute, number) as environment:

        def run(command: list[str]) -> Done:
            done = execute(command, environment, (number,))
            return Done(done.code, hidden(done.output, authorization), hidden(done.errors, authorization))

        yield Login(host, insecure, f"/proc/self/fd/{number}", run)


@contextlib.contextmanager
def _file(content: bytes) -> Iterator[int]:
    """An open file in memory. Only a program that is given it inherits it."""
    number = os.memfd_create("registry-login")
    try:
        os.write(number, content)
        yield number
    finally:
        os.close(number)


@contextlib.contextmanager
def _environment(engine: str, execute: Execute, number: int) -> Iterator[Mapping[str, str]]:
    """What docker needs to find the file. With another folder it would forget which server its user has chosen."""
    if engine != _engines.DOCKER:
        yield {}
        return
    server = _commands.demanded(execute, ["docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"])
    with tempfile.TemporaryDirectory(prefix="uex-docker-") as folder:
        (Path(folder) / "config.json").symlink_to(f"/proc/self/fd/{number}")
        yield {"DOCKER_CONFIG": folder, "DOCKER_HOST": server}
