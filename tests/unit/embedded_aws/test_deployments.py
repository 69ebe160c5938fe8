# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How the passing of ECS deployments is steered: by the environment, and by requests for all services or one."""

from __future__ import annotations

import io
import json
import threading
import urllib.error
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from embedded_aws import deployments
from embedded_aws.deployments import Deployments, Pace, pace, remember


@pytest.fixture(autouse=True)
def nothing_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deployments, "STEERED", {})
    for variable, _default in deployments.SECONDS.values():
        monkeypatch.delenv(variable, raising=False)


def asked(method: str, body: Any = None, path: str = deployments.PATH) -> tuple[str, Any]:
    """Status and answer to a request."""
    seen: list[str] = []
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    environ = {"PATH_INFO": path, "REQUEST_METHOD": method, "CONTENT_LENGTH": str(len(content))}
    layer = Deployments(lambda environ, start: [b'"passed"'], Path("."))
    answer = b"".join(
        layer({**environ, "wsgi.input": io.BytesIO(content)}, lambda status, headers: seen.append(status))
    )
    return (seen or [""])[0], json.loads(answer)


def test_without_a_word_they_pass_at_once_and_pauses_wait() -> None:
    assert pace("api") == Pace(0, 0, 60, (), {})


def test_the_environment_says_how_long_they_take(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, (variable, _default) in enumerate(deployments.SECONDS.values(), start=1):
        monkeypatch.setenv(variable, f"{number}.5")
    assert pace("api")[:3] == (1.5, 2.5, 3.5)


def test_what_is_asked_for_goes_before_the_environment_and_one_service_before_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EMBEDDED_AWS_STAGE_SECONDS", "1")
    remember("*", {"stage_seconds": 2, "hold": ["BAKE_TIME"]})
    remember("api", {"stage_seconds": 3, "hooks": {"check": "FAILED"}})
    assert pace("api") == Pace(3, 0, 60, ("BAKE_TIME",), {"check": "FAILED"})
    assert pace("web") == Pace(2, 0, 60, ("BAKE_TIME",), {})


def test_settings_add_up_and_null_takes_one_back() -> None:
    remember("api", {"stage_seconds": 3, "bake_minute_seconds": 1})
    remember("api", {"stage_seconds": None, "hold": ["PRODUCTION_TRAFFIC_SHIFT@10"]})
    assert deployments.STEERED == {"api": {"bake_minute_seconds": 1, "hold": ["PRODUCTION_TRAFFIC_SHIFT@10"]}}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"speed": 1}, "speed is none of service, stage_seconds"),
        ({"stage_seconds": -1}, "stage_seconds is no number of seconds"),
        ({"hook_minute_seconds": "1"}, "hook_minute_seconds is no number of seconds"),
        ({"exit_code": 256}, "exit_code is no number from 0 to 255"),
        ({"hold": ["NOON"]}, "hold: NOON is none of PENDING, RECONCILE_SERVICE"),
        ({"hooks": {"check": "MAYBE"}}, "hooks: MAYBE is none of SUCCEEDED, FAILED, IN_PROGRESS"),
    ],
)
def test_nonsense_is_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        remember("*", settings)
    status, answer = asked("POST", settings)
    assert (status, words in answer["message"]) == ("400 Bad Request", True)
    assert deployments.STEERED == {}


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"hold": 1}', b'{"hooks": 1}'])
def test_bodies_that_are_none_are_refused(body: bytes) -> None:
    assert asked("POST", body)[0] == "400 Bad Request"


def test_requests_change_show_and_forget() -> None:
    kept = {"*": {"stage_seconds": 1}, "api": {"hold": ["BAKE_TIME"]}}
    assert asked("POST", {"stage_seconds": 1}) == ("200 OK", {"*": kept["*"]})
    assert asked("POST", {"service": "api", "hold": ["BAKE_TIME"]}) == ("200 OK", kept)
    assert asked("GET") == ("200 OK", kept)
    assert asked("DELETE") == ("200 OK", {})


def test_everything_else_passes() -> None:
    assert asked("GET", path="/") == ("", "passed")


def test_a_running_emulator_is_asked_over_http() -> None:
    server = make_server("127.0.0.1", 0, Deployments(lambda environ, start: [], Path(".")), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        deployments.steer(server.port, service="api", hold=["BAKE_TIME"])
        assert pace("api").hold == ("BAKE_TIME",)
        with pytest.raises(urllib.error.HTTPError, match="400"):
            deployments.steer(server.port, hold=["NOON"])
        deployments.reset(server.port)
        assert pace("api") == Pace()
    finally:
        server.shutdown()
        thread.join()
