# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A process in locust's place: what it is told, what is heard of it, how it ends."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.plugin_utils import locust

CANARY = "LOAD-CANARY"


def program(folder: Path, text: str) -> str:
    file = folder / "locust"
    file.write_text(f"#!{sys.executable}\nimport json, os, sys\n{text}\n", encoding="utf-8")
    file.chmod(0o755)
    return str(file)


def run(folder: Path, text: str, seconds: float = 5) -> tuple[dict[str, Any], list[Any]]:
    said: list[Any] = []
    asked = {"headers": {"Authorization": CANARY}}
    order = locust.Order(program(folder, text), ["--headless"], folder / "log", seconds)
    return locust.run(order, asked, said.append), said


def test_progress_is_passed_on_and_the_result_returned(tmp_path: Path) -> None:
    text = """
asked = json.load(sys.stdin)
print("noise")
print('LOAD progress {"users": 1}')
found = {"told": asked["headers"]["Authorization"], "argv": sys.argv, "env": dict(os.environ)}
print("LOAD result " + json.dumps(found))
"""
    result, said = run(tmp_path, text)
    assert said == [{"users": 1}]
    assert result["told"] == CANARY
    assert CANARY not in json.dumps([result["argv"], result["env"]])


def test_it_gets_no_credentials_of_aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", CANARY)
    result, _said = run(tmp_path, "print('LOAD result ' + json.dumps({'env': sorted(os.environ)}))")
    assert "AWS_SECRET_ACCESS_KEY" not in result["env"]
    assert "PATH" in result["env"]


@pytest.mark.parametrize("text", ["sys.exit('no such host')", "sys.stdin.read(); sys.exit('no such host')"])
def test_one_that_ends_without_a_result_is_an_error_with_its_last_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(locust.LocustError, match="exit code 1: no such host"):
        run(tmp_path, text)


def test_one_that_does_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locust, "GRACE", 0.3)
    with pytest.raises(locust.LocustError, match="no result"):
        run(tmp_path, "import time; time.sleep(60)", 0.2)


def test_where_it_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = program(tmp_path, "")
    assert locust.find(own) == own
    monkeypatch.setattr(locust, "OWN", Path(own))
    assert locust.find("") == own
    monkeypatch.setattr(locust, "OWN", tmp_path / "nowhere")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert locust.find("") == own
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(locust.LocustError, match="make load-test"):
        locust.find("")
