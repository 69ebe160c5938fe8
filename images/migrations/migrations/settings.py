# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where the database is and how long things may take, from variables of the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

HOME = Path(__file__).resolve().parents[1]
_NEEDED = ("DATABASE_HOST", "DATABASE_NAME", "DATABASE_USERNAME", "DATABASE_PASSWORD")
_INTERVAL = re.compile(r"\d+(ms|s|min|h)")


class Settings(NamedTuple):
    """Never shown as a whole: it has the password."""

    host: str
    port: int
    database: str
    username: str
    password: str
    ca_files: tuple[Path, ...]
    folder: Path
    lock_timeout: str
    statement_timeout: str

    @property
    def place(self) -> str:
        """The database for a person."""
        return f"{self.database} on {self.host}:{self.port} as {self.username}"


class Missing(Exception):
    """A variable is missing or is none; the message names it."""


def read(environment: Mapping[str, str]) -> Settings:
    """The settings. Raises Missing."""
    missing = [name for name in _NEEDED if not environment.get(name)]
    if missing:
        raise Missing(f"{', '.join(missing)}: not set")
    return Settings(
        host=environment["DATABASE_HOST"],
        port=_port(environment.get("DATABASE_PORT") or "5432"),
        database=environment["DATABASE_NAME"],
        username=environment["DATABASE_USERNAME"],
        password=environment["DATABASE_PASSWORD"],
        ca_files=(*sorted((HOME / "authorities").glob("*.pem")), *_given(environment.get("DATABASE_CA_FILE"))),
        folder=Path(environment.get("MIGRATIONS_FOLDER") or HOME / "sql"),
        lock_timeout=_interval(environment, "MIGRATIONS_LOCK_TIMEOUT", "5s"),
        statement_timeout=_interval(environment, "MIGRATIONS_STATEMENT_TIMEOUT", "15min"),
    )


def _given(path: str | None) -> list[Path]:
    if path and not Path(path).is_file():
        raise Missing(f"DATABASE_CA_FILE: there is no file {path}")
    return [Path(path)] if path else []


def _port(text: str) -> int:
    if not text.isdigit():
        raise Missing(f"DATABASE_PORT: no number but {text}")
    return int(text)


def _interval(environment: Mapping[str, str], name: str, default: str) -> str:
    value = environment.get(name) or default
    if not _INTERVAL.fullmatch(value):
        raise Missing(f"{name}: a number with ms, s, min or h, such as {default}, not {value}")
    return value
