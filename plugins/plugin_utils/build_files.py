# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a run leaves in the environment's folder below C(stack_build_directory)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def write(directory: str, environment: str, name: str, document: Any) -> Path:
    """Write a document as JSON; its name appears only when the whole is there."""
    folder = Path(directory) / environment
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{name}.{os.getpid()}"
    fresh.write_text(json.dumps(document, indent=2, default=str) + "\n", encoding="utf-8")
    return fresh.replace(folder / name)
