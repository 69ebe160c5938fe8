# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _registry_login
from ansible_collections.uex.payments.plugins.module_utils._commands import Done

WORD = "canary"
GRANTED = base64.b64encode(f"AWS:{WORD}".encode()).decode()


def connect(endpoint: str) -> Any:
    answer = {"authorizationData": [{"authorizationToken": GRANTED, "proxyEndpoint": endpoint}]}
    return lambda service: SimpleNamespace(get_authorization_token=lambda: answer)


class Engine:
    """Reads its login as engines do, and repeats it."""

    def __init__(self) -> None:
        self.given: list[dict[str, Any]] = []
        self.folders: list[Path] = []

    def __call__(self, command: Sequence[str], environment: Mapping[str, str], files: Sequence[int]) -> Done:
        if command[:3] == ["docker", "context", "inspect"]:
            return Done(0, "unix:///run/user/1000/docker.sock\n", "")
        folder = environment.get("DOCKER_CONFIG")
        path = Path(folder) / "config.json" if folder else Path(f"/proc/self/fd/{files[0]}")
        self.folders += [Path(folder)] if folder else []
        self.given.append(json.loads(path.read_text()))
        assert WORD not in str([*command, *environment.items()])
        return Done(1, f"no login {GRANTED}", f"of {WORD}")


@pytest.mark.parametrize("engine", ["buildah", "podman", "docker"])
def test_an_engine_reads_the_login_from_memory_and_what_it_repeats_is_hidden(engine: str) -> None:
    execute, before = Engine(), set(os.listdir("/proc/self/fd"))
    with _registry_login.login(connect("https://1.dkr.ecr.us-east-1.amazonaws.com"), execute, engine) as login:
        done = login.run([engine, "push"])
        assert (login.host, login.insecure) == ("1.dkr.ecr.us-east-1.amazonaws.com", False)
    assert execute.given == [{"auths": {login.host: {"auth": GRANTED}}}]
    assert done == Done(1, "no login ***", "of ***")
    assert set(os.listdir("/proc/self/fd")) == before
    assert not any(folder.exists() for folder in execute.folders)


def test_the_file_goes_when_a_push_fails() -> None:
    before = set(os.listdir("/proc/self/fd"))
    with (
        pytest.raises(KeyError),
        _registry_login.login(connect("http://127.0.0.1:5000"), Engine(), "docker"),
    ):
        raise KeyError
    assert set(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize(
    ("endpoint", "found"),
    [
        ("https://1.dkr.ecr.us-east-1.amazonaws.com", ("1.dkr.ecr.us-east-1.amazonaws.com", False)),
        ("http://127.0.0.1:5000", ("127.0.0.1:5000", True)),
    ],
)
def test_plain_http_is_for_loopback(endpoint: str, found: tuple[str, bool]) -> None:
    assert _registry_login.place(endpoint) == found
    with pytest.raises(_registry_login.NoLogin):
        _registry_login.place("http://registry.example.com")


def test_a_machine_without_files_in_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "memfd_create")
    with (
        pytest.raises(_registry_login.NoLogin, match="push from Linux"),
        _registry_login.login(connect("https://x"), Engine(), "podman"),
    ):
        raise AssertionError("it is refused before")
