# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _commands, _progress
from ansible_collections.uex.payments.plugins.modules import container_image
from ansible_collections.uex.payments.tests.support import plugins
from ansible_collections.uex.payments.tests.support.engine import COMMIT, TAG, Engine

Run = Any


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = Engine()
    monkeypatch.setattr(_commands, "executor", lambda module: engine)
    monkeypatch.setattr(container_image.platform, "machine", lambda: "x86_64")
    return engine


@pytest.fixture
def run(tmp_path: Path, engine: Engine) -> Run:
    """The module on two contexts."""
    for name in ("api", "web"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Containerfile").write_text("FROM scratch\nCOPY a b\n")

    def images(**fields: Any) -> list[dict[str, Any]]:
        common = {"architectures": ["X86_64"], **fields}
        return [
            {"name": name, "image": f"localhost/p/{name}", "context": str(tmp_path / name), **common}
            for name in ("api", "web")
        ]

    def run(check_mode: bool = False, fields: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        return plugins.run_module(container_image, {"images": images(**(fields or {})), **options}, check_mode)

    return run


def built(engine: Engine) -> int:
    return sum(command[:2] == ["buildah", "build"] for command in engine.commands)


def test_all_are_built_once_and_what_is_done_is_said(run: Run, engine: Engine) -> None:
    said: list[str] = []
    with _progress.heard(said.append):
        result = run(next_step="push them")
    assert (result["changed"], result["engine"], built(engine)) == (True, "buildah", 2)
    assert result["images"]["api"]["images"] == {"X86_64": f"localhost/p/api:{TAG}-amd64"}
    assert (result["images"]["api"]["tag"], result["images"]["api"]["commit"]) == (TAG, COMMIT)
    assert sorted(line.partition(" ")[0] for line in said) == [f"api:{TAG}", f"web:{TAG}"]
    assert result["table"][-1] == "  next: push them"
    again = run()
    assert (again["changed"], built(engine)) == (False, 2)
    assert [line.split()[3] for line in again["table"][2:4]] == ["unchanged", "unchanged"]


def test_a_check_builds_nothing_and_says_what_would_be(run: Run, engine: Engine) -> None:
    result = run(check_mode=True)
    assert (result["changed"], built(engine)) == (True, 0)
    assert "would be built" in result["table"][2]
    run()
    assert run(check_mode=True)["changed"] is False


def test_a_rebuild_builds_what_is_there_too(run: Run, engine: Engine) -> None:
    run()
    assert run(rebuild=True)["changed"] is True
    assert built(engine) == 4


def test_what_is_not_committed_is_built_each_time_and_marked(run: Run, engine: Engine) -> None:
    engine.dirty = True
    for _time in range(2):
        result = run()
        assert result["images"]["api"]["tag"] == f"{TAG}-dirty"
        assert "never pushed unless said: api, web" in result["table"][4]
    assert built(engine) == 4


def test_a_failed_build_is_told_and_ends_no_other(run: Run, engine: Engine) -> None:
    engine.broken = {"api"}
    result = run(next_step="push them")
    assert result["failed"]
    assert "api (X86_64): the build ended at STEP 2/2: RUN make with exit code 7" in result["msg"]
    assert "no compiler here" in result["msg"]
    assert [line.split()[3] for line in result["table"][2:4]] == ["failed", "built"]
    assert not any("push them" in line for line in result["table"])


@pytest.mark.parametrize(
    ("fields", "options", "said"),
    [
        ({"context": "/nowhere"}, {}, "api: build.context"),
        ({"arguments": {"NPM_TOKEN": "canary"}}, {}, "web: build.arguments.NPM_TOKEN"),
        ({}, {"engine": "podman"}, "apt-get install podman"),
        ({}, {"tag": "a/b"}, "tag: 'a/b'"),
    ],
)
def test_what_is_refused_is_refused_before_a_build(
    run: Run, engine: Engine, fields: dict[str, Any], options: dict[str, Any], said: str
) -> None:
    result = run(fields=fields, **options)
    assert result["failed"]
    assert said in result["msg"]
    assert "canary" not in result["msg"]
    assert built(engine) == 0


def test_a_step_for_another_machine_is_refused_without_an_emulation(
    run: Run, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "api/Containerfile").write_text("FROM x\nRUN make\n")
    monkeypatch.setattr(container_image._image_builds, "emulated", lambda engine: [])
    result = run(fields={"architectures": ["X86_64", "ARM64"]})
    assert "needs a machine or an emulation of ARM64" in result["msg"]
    assert "web" not in result["msg"]
    assert built(engine) == 0
