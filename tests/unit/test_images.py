# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the images' own programs decide; tests/images runs them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {"SERVICE_NAME": "api", "SERVICE_PATH": "/api/uex"}


def load(path: str) -> Any:
    spec = importlib.util.spec_from_file_location("image_program", ROOT / path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SERVICE = load("images/service/server.py")


@pytest.mark.parametrize(
    ("path", "environment", "status"),
    [
        ("/health", ENVIRONMENT, 200),
        ("/api/uex", ENVIRONMENT, 200),
        ("/api/uex/pay", ENVIRONMENT, 200),
        ("/", ENVIRONMENT, 200),
        ("/api/uexx", ENVIRONMENT, 404),
        ("/api", ENVIRONMENT, 404),
        ("/anything", {}, 200),
    ],
)
def test_the_reference_service_answers_its_own_path_and_health(
    path: str, environment: dict[str, str], status: int
) -> None:
    assert SERVICE.answer(path, environment)[0] == status


def test_the_reference_contexts_name_their_base_by_name_and_version() -> None:
    files = sorted((ROOT / "images").glob("*/Containerfile"))
    assert files
    for file in files:
        (base,) = [line for line in file.read_text().splitlines() if line.startswith("ARG BASE_IMAGE=")]
        assert ":latest" not in base
        assert base.count(":") == 1
