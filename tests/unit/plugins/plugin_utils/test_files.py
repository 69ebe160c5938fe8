# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.uex.payments.plugins.plugin_utils import files


def test_a_file_is_put_into_a_folder_that_is_made(tmp_path: Path) -> None:
    written = files.write(tmp_path / "build" / "dev", "a.json", "{}\n")
    assert written == tmp_path / "build" / "dev" / "a.json"
    assert [each.name for each in written.parent.iterdir()] == ["a.json"]
    assert written.read_text(encoding="utf-8") == "{}\n"


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    files.write(tmp_path, "a.json", "old")
    with pytest.raises(UnicodeEncodeError):
        files.write(tmp_path, "a.json", "\ud800")
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == "old"


def test_a_document_replaces_the_one_before(tmp_path: Path) -> None:
    files.write_json(tmp_path, "x.json", {"a": 1})
    file = files.write_json(tmp_path, "x.json", {"a": tmp_path})
    assert json.loads(file.read_text(encoding="utf-8")) == {"a": str(tmp_path)}
    assert [each.name for each in tmp_path.iterdir()] == ["x.json"]
