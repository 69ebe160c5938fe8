# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The emulator's process: started once, detached, recognised, refused a foreign port, ended."""

from __future__ import annotations

import http.server
import json
import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from ansible_collections.uex.payments.tests.support import emulator
from embedded_aws import __main__, launcher


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """An emulator that this module's tests share: (port, directory)."""
    directory = tmp_path_factory.mktemp("embedded_aws")
    with emulator.running(directory) as port:
        yield port, directory


@pytest.fixture
def foreign() -> Iterator[int]:
    """The port of a web server that is not ours."""
    server = http.server.ThreadingHTTPServer((launcher.HOST, 0), http.server.SimpleHTTPRequestHandler)
    server.RequestHandlerClass.log_message = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def client(port: int, service: str) -> Any:
    return boto3.Session("testing", "testing", region_name="us-east-1").client(
        service, endpoint_url=f"http://{launcher.HOST}:{port}", config=Config(retries={"total_max_attempts": 1})
    )


class Clock:
    """Time that passes only while somebody pauses."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds


def test_waiting_ends_when_the_predicate_holds() -> None:
    clock = Clock()
    assert launcher.wait_until(lambda: clock.now >= 101, 5, clock, clock.pause) is True
    assert 101 <= clock.now < 101 + 2 * launcher.PAUSE_SECONDS


def test_waiting_ends_at_the_deadline() -> None:
    clock = Clock()
    assert launcher.wait_until(lambda: False, 5, clock, clock.pause) is False
    assert 105 <= clock.now < 105 + 2 * launcher.PAUSE_SECONDS


def test_status_says_who_answers(running: tuple[int, Path]) -> None:
    port, directory = running
    found = launcher.status(port)
    assert found is not None
    assert (found["port"], found["directory"]) == (port, str(directory))
    assert found["pid"] == int((directory / "server.pid").read_text())
    assert found["pid"] != os.getpid()


def test_second_start_finds_the_first(running: tuple[int, Path]) -> None:
    port, directory = running
    before = launcher.status(port)
    assert launcher.start(port, directory) is False
    assert launcher.status(port) == before


def test_server_has_a_session_of_its_own(running: tuple[int, Path]) -> None:
    pid = launcher.status(running[0])["pid"]  # type: ignore[index]
    assert os.getsid(pid) == pid != os.getsid(0)


def test_server_listens_on_loopback_only(running: tuple[int, Path]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.2", running[0]))


def test_path_style_buckets_and_reset(running: tuple[int, Path]) -> None:
    port, _directory = running
    s3 = client(port, "s3")
    s3.create_bucket(Bucket="uex-payments-dev-backups")
    s3.put_object(Bucket="uex-payments-dev-backups", Key="a/b", Body=b"content")
    assert s3.get_object(Bucket="uex-payments-dev-backups", Key="a/b")["Body"].read() == b"content"
    reset = http.client.HTTPConnection(launcher.HOST, port, timeout=30)
    reset.request("POST", "/moto-api/reset")
    assert reset.getresponse().status == 200
    reset.close()
    assert s3.list_buckets()["Buckets"] == []


def test_calls_are_recorded_with_secrets_masked(running: tuple[int, Path]) -> None:
    port, directory = running
    client(port, "secretsmanager").create_secret(Name="uex", SecretString="canary-over-http")
    text = (directory / "calls.jsonl").read_text()
    call = json.loads(text.splitlines()[-1])
    facts = [call[name] for name in ("service", "operation", "mutating", "status")]
    assert facts == ["secretsmanager", "CreateSecret", True, 200]
    assert "canary" not in text


def test_settings_are_moto_s_before_it_is_imported(running: tuple[int, Path]) -> None:
    port, _directory = running
    assert client(port, "ec2").describe_images(Owners=["amazon"])["Images"] == []
    assert client(port, "iam").get_policy(PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")["Policy"]["PolicyName"]


def test_stop_ends_it_once(tmp_path: Path) -> None:
    port = emulator.free_port()
    assert launcher.start(port, tmp_path) is True
    assert launcher.stop(port, tmp_path) is True
    assert launcher.status(port) is None
    assert not (tmp_path / "server.pid").exists()
    assert launcher.stop(port, tmp_path) is False


def test_foreign_port_is_named_with_what_to_do(foreign: int, tmp_path: Path) -> None:
    with pytest.raises(launcher.LauncherError, match=rf"Port {foreign} .*embedded_aws_port"):
        launcher.start(foreign, tmp_path)
    assert launcher.status(foreign) is None
    assert launcher.stop(foreign, tmp_path) is False
    assert launcher.is_taken(foreign)


def test_missing_moto_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(launcher, "REQUIRED_PACKAGES", ("json", "no_such_package"))
    with pytest.raises(launcher.LauncherError, match=r"moto\[.*no_such_package not found.*pip install"):
        launcher.start(emulator.free_port(), tmp_path)


def test_server_that_cannot_start_shows_its_last_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(launcher, "ROOT", tmp_path)
    with pytest.raises(launcher.LauncherError, match=r"did not start .*No module named embedded_aws"):
        launcher.start(emulator.free_port(), tmp_path / "logs")


def test_server_does_not_inherit_aws_settings() -> None:
    given = {"AWS_PROFILE": "prod", "MOTO_PORT": "1", "PATH": "/bin", "PYTHONPATH": "/x"}
    expected = {"PATH": "/bin", "PYTHONPATH": os.pathsep.join([str(launcher.ROOT), "/x"])}
    assert launcher._environment(given) == expected


@pytest.mark.parametrize("verb", ["start", "stop", "status"])
def test_command_line_reports(verb: str, running: tuple[int, Path], foreign: int, capsys: Any) -> None:
    expected = {"start": 1, "stop": 0, "status": 1}
    assert __main__.main([verb, "--port", str(foreign)]) == expected[verb]
    assert str(foreign) in "".join(capsys.readouterr())


def test_command_line_status_of_a_running_one(running: tuple[int, Path], capsys: Any) -> None:
    port, directory = running
    assert __main__.main(["status", "--port", str(port)]) == 0
    assert json.loads(capsys.readouterr().out)["directory"] == str(directory)
    assert __main__.main(["start", "--port", str(port), "--directory", str(directory)]) == 0
    assert "already" in capsys.readouterr().out


def test_launcher_needs_only_the_standard_library() -> None:
    source = Path(launcher.__file__).read_text()
    imports = [line for line in source.splitlines() if line.startswith(("import ", "from "))]
    imported = {line.split()[1].partition(".")[0] for line in imports}
    assert imported - {"__future__"} <= set(sys.stdlib_module_names)
