# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _image_builds
from ansible_collections.uex.payments.plugins.module_utils._commands import Done
from ansible_collections.uex.payments.plugins.module_utils._engines import Local
from ansible_collections.uex.payments.plugins.module_utils._image_builds import Builder, Wish
from ansible_collections.uex.payments.plugins.module_utils._image_source import Source

ITEM: dict[str, Any] = {
    "name": "api",
    "image": "localhost/p/api",
    "context": "/code",
    "arguments": {},
    "target": "",
    "architectures": ["X86_64", "ARM64"],
}
WISH = Wish(ITEM, Source("/code/Containerfile", "c0ffee", 1700000000, False, "https://x"), "c0ffee", "1234")
LABELS = _image_builds.labels(WISH)


def test_labels_say_what_an_image_was_made_of() -> None:
    assert LABELS == {
        "org.opencontainers.image.created": "2023-11-14T22:13:20+00:00",
        "org.opencontainers.image.revision": "c0ffee",
        "org.opencontainers.image.source": "https://x",
        "org.opencontainers.image.title": "api",
        "org.opencontainers.image.version": "c0ffee",
        "uex.payments.inputs": "1234",
    }


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"arguments": {"A": "1"}}, False),
        ({"target": "x"}, False),
        ({"name": "b"}, True),
        ({"context": "/b"}, True),
    ],
)
def test_a_build_is_told_apart_by_what_it_is_told(change: dict[str, Any], same: bool) -> None:
    before = _image_builds.inputs(ITEM, "Containerfile", [])
    assert (_image_builds.inputs({**ITEM, **change}, "Containerfile", []) == before) is same
    assert _image_builds.inputs(ITEM, "Containerfile", ["--squash"]) != before


DIRTY = WISH._replace(source=WISH.source._replace(dirty=True))


@pytest.mark.parametrize(
    ("wish", "local", "current"),
    [
        (WISH, Local("1", "X86_64", LABELS), True),
        (WISH, None, False),
        (WISH, Local("1", "ARM64", LABELS), False),
        (WISH, Local("1", "X86_64", {**LABELS, "uex.payments.inputs": "other"}), False),
        (WISH, Local("1", "X86_64", {**LABELS, "org.opencontainers.image.revision": "other"}), False),
        (DIRTY, Local("1", "X86_64", LABELS), False),
    ],
)
def test_an_image_stays_if_a_build_would_make_it_again(wish: Wish, local: Local | None, current: bool) -> None:
    assert _image_builds.is_current(wish, local, "X86_64") is current


@pytest.mark.parametrize(
    ("machine", "emulated", "text", "refused"),
    [
        ("X86_64", [], "FROM x\nRUN make\n", True),
        ("X86_64", ["ARM64"], "FROM x\nRUN make\n", False),
        ("X86_64", [], "FROM scratch\nCOPY a b\n", False),
        ("ARM64", [], "FROM x\nRUN make\n", True),
    ],
)
def test_another_machine_s_programs_need_an_emulation(
    machine: str, emulated: list[str], text: str, refused: bool
) -> None:
    found = _image_builds.emulation(WISH, text, machine, emulated)
    assert bool(found) is refused
    assert not refused or "apt-get install qemu-user-static" in found


def test_what_the_kernel_emulates_is_read_from_it(tmp_path: Path) -> None:
    (tmp_path / "binfmt_misc").mkdir()
    (tmp_path / "binfmt_misc/qemu-aarch64").touch()
    assert _image_builds.emulated("buildah", tmp_path / "binfmt_misc") == ["ARM64"]
    assert _image_builds.emulated("docker", tmp_path / "binfmt_misc") == ["X86_64", "ARM64"]
    assert _image_builds.emulated("podman", tmp_path / "no/linux") == ["X86_64", "ARM64"]


class Engine:
    """buildah that makes images in memory. C(stale) architectures come from its cache with the wrong one."""

    def __init__(self, stale: Sequence[str] = (), fails: bool = False) -> None:
        self.images: dict[str, dict[str, Any]] = {}
        self.builds: list[Sequence[str]] = []
        self.stale, self.fails = stale, fails

    def __call__(self, command: Sequence[str], environment: Mapping[str, str]) -> Done:
        if command[1] == "inspect":
            found = self.images.get(command[-1])
            return Done(0, json.dumps(found), "") if found else Done(125, "", "image not known")
        if self.fails:
            return Done(1, "STEP 1/2: FROM x\nSTEP 2/2: RUN false\n", "exec format error")
        self.builds.append(command)
        wanted = command[command.index("--platform") + 1].removeprefix("linux/")
        made = "amd64" if wanted in self.stale and "--no-cache" not in command else wanted
        words = {"architecture": made, "config": {"Labels": dict(LABELS)}}
        for place, word in enumerate(command):
            if word == "--tag":
                self.images[command[place + 1]] = {"FromImageID": f"id-{made}", "OCIv1": words}
        return Done(0, "", "")


def test_each_architecture_is_built_and_this_machine_s_has_the_bare_tag() -> None:
    engine = Engine()
    builder = Builder(engine, "buildah", [], "X86_64")
    assert builder.missing(WISH, rebuild=False) == ["X86_64", "ARM64"]
    built = builder.build(WISH, ["X86_64", "ARM64"])
    assert (built.changed, built.problem) == (True, "")
    assert dict(built.identities) == {"X86_64": "id-amd64", "ARM64": "id-arm64"}
    assert engine.images["localhost/p/api:c0ffee"]["FromImageID"] == "id-amd64"
    assert builder.missing(WISH, rebuild=False) == []
    assert builder.missing(WISH, rebuild=True) == ["X86_64", "ARM64"]
    assert builder.built(WISH).identities == built.identities


def test_an_architecture_that_the_cache_has_wrong_is_built_without_it() -> None:
    engine = Engine(stale=["arm64"])
    built = Builder(engine, "buildah", [], "X86_64").build(WISH, ["X86_64", "ARM64"])
    assert dict(built.identities) == {"X86_64": "id-amd64", "ARM64": "id-arm64"}
    assert ["--no-cache" in command for command in engine.builds] == [False, False, True]


def test_a_failed_build_names_its_step_and_says_what_the_machine_lacks() -> None:
    built = Builder(Engine(fails=True), "buildah", [], "X86_64").build(WISH, ["ARM64"])
    assert "api (ARM64): the build ended at STEP 2/2: RUN false with exit code 1" in built.problem
    assert "qemu-user-static" in built.problem
    assert not built.changed


def test_what_goes_on_for_long_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_image_builds, "SHOW_EVERY", 0.01)
    said, over = [], threading.Event()

    def say(line: str) -> None:
        said.append(line)
        over.set()

    work: Callable[[str], bool] = lambda name: over.wait(10)  # noqa: E731
    assert _image_builds.each_in_turn(["a", "b"], work, 1, say, "still building") == {"a": True, "b": True}
    assert said[0] == "still building for 0 s: a, b"
