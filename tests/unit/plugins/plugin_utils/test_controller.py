# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from ansible_collections.uex.payments.plugins.module_utils._preflight import FAILED, OK, UNKNOWN, WARNING
from ansible_collections.uex.payments.plugins.plugin_utils import controller


def test_what_is_supported_is_read_from_the_collection_s_own_files() -> None:
    assert controller.supported(controller.ROOT).keys() >= {"Python", "ansible-core", "amazon.aws", "boto3", "botocore"}
    assert controller.supported(controller.ROOT)["ansible-core"].startswith(">=2.")


def test_an_installed_collection_has_a_manifest_in_galaxy_yml_s_place(tmp_path: Path) -> None:
    for name in ("meta/runtime.yml", "requirements.txt", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(controller.ROOT / name, tmp_path / name)
    manifest = {"collection_info": {"dependencies": {"amazon.aws": ">=77.0.0"}}}
    (tmp_path / "MANIFEST.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert controller.supported(tmp_path)["amazon.aws"] == ">=77.0.0"


@pytest.mark.parametrize(
    ("wanted", "version", "state"),
    [
        (">=2.19.0", "2.19.14", OK),
        (">=2.19.0", "2.21.0rc1", OK),
        (">=2.19.0", "2.18.9", FAILED),
        (">=2.19.0", "", FAILED),
        ("", "1.0", UNKNOWN),
    ],
)
def test_a_version_is_compared_with_what_is_supported(wanted: str, version: str, state: str) -> None:
    (row,) = controller.versions({"x": wanted} if wanted else {}, {"x": version})
    assert row.state == state
    assert bool(row.advice) is (state == FAILED)


def test_what_is_installed_here_is_supported() -> None:
    rows = list(controller.versions(controller.supported(controller.ROOT), controller.installed()))
    assert {row.state for row in rows} == {OK}
    assert len(rows) == 5


@pytest.mark.parametrize(
    ("enabled", "state"), [([controller.CALLBACK, "x"], OK), (["ansible.posix.timer"], FAILED), ([], FAILED)]
)
def test_the_callback_must_be_enabled(enabled: list[str], state: str) -> None:
    assert controller.callback(enabled).state == state


@pytest.mark.parametrize(("path", "state"), [(sys.executable, OK), ("/usr/bin/python3", WARNING), ("", WARNING)])
def test_modules_should_run_in_the_controller_s_python(path: str, state: str) -> None:
    assert controller.interpreter(path, sys.executable).state == state


@pytest.mark.parametrize(
    ("value", "missing"),
    [
        ("", True),
        (None, True),
        ("  ", True),
        ("<your key>", True),
        ("changeme", True),
        ("CHANGE-ME please", True),
        ("replace_this", True),
        ("xxxxxx", True),
        ("...", True),
        ("TODO", True),
        ("your-api-key", True),
        ("placeholder", True),
        ("embedded-key", False),
        ("k-3f8a9c", False),
        ("xyz", False),
        (12345, False),
    ],
)
def test_placeholders_are_told_from_credentials(value: object, missing: bool) -> None:
    assert controller.missing({"data_uex_api_key": value}) == (["data_uex_api_key"] if missing else [])
