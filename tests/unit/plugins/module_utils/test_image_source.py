# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _commands, _image_source
from ansible_collections.uex.payments.plugins.module_utils._commands import Done
from ansible_collections.uex.payments.plugins.module_utils._image_source import Source

COMMIT = "6012b0d891750a1b"
SOURCE = Source("Containerfile", COMMIT, 1700000000, False, "")


def item(context: Path, **fields: Any) -> dict[str, Any]:
    return {"name": "api", "context": str(context), "containerfile": "", "arguments": {}, **fields}


def git(log: Done, changed: str = "", origin: str = "") -> _commands.Execute:
    def execute(command: Sequence[str], environment: Mapping[str, str]) -> Done:
        return {"log": log, "status": Done(0, changed, ""), "config": Done(0, origin, "")}[command[3]]

    return execute


def test_a_containerfile_goes_before_a_dockerfile_and_another_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").touch()
    assert _image_source.containerfile(item(tmp_path)).name == "Dockerfile"
    (tmp_path / "Containerfile").touch()
    assert _image_source.containerfile(item(tmp_path)).name == "Containerfile"
    assert _image_source.containerfile(item(tmp_path, containerfile="x/y")) == tmp_path / "x/y"
    assert list(_image_source.problems(item(tmp_path))) == []


def test_what_is_missing_is_told_with_its_field(tmp_path: Path) -> None:
    (gone,) = _image_source.problems(item(tmp_path / "gone"))
    (empty,) = _image_source.problems(item(tmp_path))
    assert "build.context" in gone
    assert "build.containerfile: there is no Containerfile and no Dockerfile" in empty


@pytest.mark.parametrize(("argument", "refused"), [("NPM_TOKEN", True), ("db_password", True), ("BASE_IMAGE", False)])
def test_an_argument_that_is_secret_by_its_name_is_refused(tmp_path: Path, argument: str, refused: bool) -> None:
    (tmp_path / "Containerfile").touch()
    found = list(_image_source.problems(item(tmp_path, arguments={argument: "canary"})))
    assert bool(found) is refused
    assert "canary" not in str(found)


@pytest.mark.parametrize(
    ("changed", "given", "tag"),
    [
        ("", "", "6012b0d89175"),
        (" M server.py", "", "6012b0d89175-dirty"),
        ("", "1.4.2", "1.4.2"),
        ("?? new", "1.4.2", "1.4.2-dirty"),
    ],
)
def test_the_tag_is_the_commit_or_the_one_given_and_says_what_is_not_committed(
    tmp_path: Path, changed: str, given: str, tag: str
) -> None:
    source = _image_source.read(git(Done(0, f"{COMMIT} 1700000000\n", ""), changed), item(tmp_path))
    assert (source.commit, source.created) == (COMMIT, 1700000000)
    assert _image_source.tag_of(item(tmp_path), source, given) == tag


def test_outside_of_git_a_tag_has_to_be_given(tmp_path: Path) -> None:
    source = _image_source.read(git(Done(128, "", "fatal: not a git repository")), item(tmp_path))
    assert _image_source.tag_of(item(tmp_path), source, "1") == "1"
    with pytest.raises(ValueError, match="-e tag="):
        _image_source.tag_of(item(tmp_path), source, "")


def test_what_git_says_is_told(tmp_path: Path) -> None:
    with pytest.raises(_commands.CommandFailed, match="dubious ownership"):
        _image_source.read(git(Done(128, "", "fatal: detected dubious ownership")), item(tmp_path))


@pytest.mark.parametrize("tag", ["-x", "a b", "x" * 129, "a/b"])
def test_a_tag_that_no_registry_takes_is_refused(tmp_path: Path, tag: str) -> None:
    with pytest.raises(ValueError, match="tag: "):
        _image_source.tag_of(item(tmp_path), SOURCE, tag)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:word@git.example.com/x.git", "https://git.example.com/x.git"),
        ("https://git.example.com:8443/x.git?token=1", "https://git.example.com:8443/x.git"),
        ("git@git.example.com:x.git", "git@git.example.com:x.git"),
        ("", ""),
    ],
)
def test_an_origin_is_shown_without_its_login(url: str, shown: str) -> None:
    assert _image_source.without_login(url) == shown


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("FROM x\nCOPY a b\n", []),
        ("FROM x\nRUN make \\\n  all\nrun b\n", ["RUN make all", "RUN b"]),
        ("FROM --platform=$BUILDPLATFORM go\nRUN build\nFROM scratch\nCOPY --from=0 a b\n", []),
        ("FROM --platform=${BUILDPLATFORM} go\nRUN build\nFROM x\nRUN c\n", ["RUN c"]),
    ],
)
def test_only_steps_that_run_the_image_s_own_programs_need_its_machine(text: str, found: list[str]) -> None:
    assert _image_source.runs(text) == found
