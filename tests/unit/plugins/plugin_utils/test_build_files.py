# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from pathlib import Path

from ansible_collections.uex.payments.plugins.plugin_utils import build_files


def test_a_document_replaces_the_one_before_and_leaves_nothing_else(tmp_path: Path) -> None:
    build_files.write(str(tmp_path), "dev", "x.json", {"a": 1})
    file = build_files.write(str(tmp_path), "dev", "x.json", {"a": tmp_path})
    assert file == tmp_path / "dev" / "x.json"
    assert json.loads(file.read_text(encoding="utf-8")) == {"a": str(tmp_path)}
    assert [each.name for each in (tmp_path / "dev").iterdir()] == ["x.json"]
