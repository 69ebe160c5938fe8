# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The exit status of make plan, drift and health, as their files decide it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
COUNTS = {"ok": 30, "failed": 0}


@pytest.mark.parametrize(
    ("document", "status"),
    [
        ({"summary": {"create": 0}}, 0),
        ({"summary": {"create": 0, "update": 1}}, 2),
        ({"summary": COUNTS, "verdict": "healthy"}, 0),
        ({"summary": COUNTS, "verdict": "unhealthy"}, 2),
        ({"summary": COUNTS, "verdict": "unknown"}, 1),
        ({}, 1),
        (None, 1),
    ],
)
def test_a_file_s_exit_status(document: Any, status: int, tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    if document is not None:
        file.write_text(json.dumps(document), encoding="utf-8")
    done = subprocess.run([ROOT / ".ci/verdict", file], capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
