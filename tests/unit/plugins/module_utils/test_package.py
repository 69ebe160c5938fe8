# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The package of a function: the same bytes twice, complete, and of the pinned files alone."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _package

ROOT = Path(__file__).resolve().parents[4]
FOLDER = ROOT / "functions" / "rotation"
HANDLER = f"{_package.PREFIX.replace('/', '.')}.functions.rotation.handler"


def pinned() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))[
        "distributions"
    ]
    return found


def names(package: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return archive.namelist()


def test_the_same_files_make_the_same_bytes(tmp_path: Path) -> None:
    copy = tmp_path / "functions" / "rotation"
    shutil.copytree(FOLDER, copy)
    for name in json.loads((FOLDER / "package.json").read_text())["shared"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for path in copy.glob("*.py"):
        os.utime(path, (1, 1))
        path.chmod(0o600)
    assert _package.build(copy) == _package.build(FOLDER)


def test_it_runs_with_nothing_but_what_lambda_has(tmp_path: Path) -> None:
    """Lambda has boto3; everything else is in the package."""
    with zipfile.ZipFile(io.BytesIO(_package.build(FOLDER))) as archive:
        archive.extractall(tmp_path / "task")
    (tmp_path / "botocore").mkdir()
    (tmp_path / "boto3.py").touch()
    (tmp_path / "botocore" / "exceptions.py").write_text("class ClientError(Exception): pass\n")
    if sys.version_info < (3, 11, 3):  # Lambda's is newer, and needs no help with timeouts
        (tmp_path / "async_timeout.py").write_text("timeout = None\n")
    paths = [str(tmp_path / "task"), str(tmp_path)]
    code = f"import sys; sys.path += {paths!r}; import {HANDLER} as h; print(h.__file__)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert str(tmp_path / "task") in done.stdout, done.stderr


def test_only_python_is_in_it() -> None:
    assert [name for name in names(_package.build(FOLDER)) if name.endswith((".so", ".pyc", ".pyd"))] == []


def test_authorities_are_put_in(tmp_path: Path) -> None:
    (tmp_path / "own.pem").write_text("certificate")
    assert _package.AUTHORITIES in names(_package.build(FOLDER, tmp_path / "own.pem"))
    assert _package.AUTHORITIES not in names(_package.build(FOLDER))


def test_another_version_is_refused() -> None:
    with pytest.raises(_package.BadPackage, match=r"six is 1\.\S+, needed is 0.1: make setup"):
        _package.distribution("six", {"version": "0.1", "sha256": ""})


def test_what_is_not_installed_is_refused() -> None:
    with pytest.raises(_package.BadPackage, match="no-such-thing 1 is not installed"):
        _package.distribution("no-such-thing", {"version": "1", "sha256": ""})


def test_changed_files_are_refused() -> None:
    with pytest.raises(_package.BadPackage, match=r"six .* is not as published"):
        _package.distribution("six", {**pinned()["six"], "sha256": "0" * 64})


def test_a_digest_knows_names_and_contents() -> None:
    digests = [_package.digest(files) for files in ({"a": b"1"}, {"b": b"1"}, {"a": b"2"}, {"a": b"1", "b": b""})]
    assert len(set(digests)) == len(digests)


def test_requirements_name_what_is_packaged() -> None:
    required = re.findall(r"^(\S+)==(\S+)$", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert dict(required) == {name: each["version"] for name, each in pinned().items()}
