# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import base64
import json
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _registry_login, _wait
from ansible_collections.uex.payments.plugins.module_utils._commands import Done

WORD = "canary"
GRANTED = base64.b64encode(f"AWS:{WORD}".encode()).decode()


def connect(endpoint: str) -> Any:
    answer = {"authorizationData": [{"authorizationToken": GRANTED, "proxyEndpoint": endpoint}]}
    return lambda service: SimpleNamespace(get_authorization_token=lambda: answer)


def folders() -> set[Path]:
    return set(Path(_registry_login.MEMORY).glob("uex-login-*"))


class Engine:
    """Reads its login as engines do, and repeats it."""

    def __init__(self) -> None:
        self.given: list[Any] = []

    def __call__(self, command: Sequence[str], environment: Mapping[str, str]) -> Done:
        if command[:3] == ["docker", "context", "inspect"]:
            return Done(0, "unix:///run/user/1000/docker.sock\n", "")
        folder = environment.get("DOCKER_CONFIG")
        path = Path(folder) / "config.json" if folder else Path(command[-1])
        self.given.append(
            (json.loads(path.read_text()), path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777)
        )
        assert WORD not in str([*command, *environment.items()])
        return Done(1, f"no login {GRANTED}", f"of {WORD}")


@pytest.mark.parametrize("engine", ["buildah", "podman", "docker"])
def test_an_engine_reads_the_login_from_memory_and_what_it_repeats_is_hidden(engine: str) -> None:
    execute, before = Engine(), folders()
    with _registry_login.login(connect("https://1.dkr.ecr.us-east-1.amazonaws.com"), execute, engine) as login:
        done = login.run([engine, "push", login.authentication])
        assert (login.host, login.insecure) == ("1.dkr.ecr.us-east-1.amazonaws.com", False)
    assert execute.given == [({"auths": {login.host: {"auth": GRANTED}}}, 0o600, 0o700)]
    assert done == Done(1, "no login ***", "of ***")
    assert folders() == before


def test_the_file_goes_when_a_push_fails() -> None:
    before = folders()
    with (
        pytest.raises(KeyError),
        _registry_login.login(connect("http://127.0.0.1:5000"), Engine(), "docker"),
    ):
        raise KeyError
    assert folders() == before


def test_the_file_goes_when_the_process_is_killed() -> None:
    before, process = folders(), os.fork()
    if not process:
        with _registry_login.login(connect("http://127.0.0.1:5000"), Engine(), "buildah"):
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(process, 0)
    assert _wait.until(folders, lambda found: found == before, "the end of the folder", 10, pause=0.05) == before


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


SHM = "tmpfs /dev/shm tmpfs rw 0 0\n"
DISK = "/dev/sda1 / ext4 rw 0 0\n"


@pytest.mark.parametrize(
    ("mounts", "found"),
    [(DISK + SHM, True), (DISK, False), (SHM + "/dev/sda2 /dev/shm ext4 rw 0 0\n", False), ("", False)],
)
def test_memory_is_what_the_kernel_says_is(mounts: str, found: bool) -> None:
    assert _registry_login.in_memory(mounts) is found


def test_a_machine_without_files_in_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_registry_login, "MOUNTS", tmp_path / "none")
    with (
        pytest.raises(_registry_login.NoLogin, match="push from Linux"),
        _registry_login.login(connect("https://x"), Engine(), "podman"),
    ):
        raise AssertionError("it is refused before")
