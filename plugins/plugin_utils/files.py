# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Files that runs leave on the controller."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def write(folder: Path, name: str, text: str) -> Path:
    """Put a file into a folder, which is made if need be; the name appears only when the whole is there."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{name}.{os.getpid()}"
    fresh.write_text(text, encoding="utf-8")
    return fresh.replace(folder / name)


def write_json(folder: Path, name: str, document: Any) -> Path:
    """The same of a document; values that JSON doesn't know are written as texts."""
    return write(folder, name, json.dumps(document, indent=2, default=str) + "\n")
