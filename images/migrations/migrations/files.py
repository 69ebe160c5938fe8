# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The migrations of a folder: plain SQL in files named by number."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

_NAME = re.compile(r"(?P<version>\d{4})_(?P<name>[a-z0-9]+(?:_[a-z0-9]+)*)\.sql")
#: The first line of a file whose one statement can't be in a transaction.
NO_TRANSACTION = "-- no transaction"


class Migration(NamedTuple):
    """One file. C(checksum) is of its text, whatever its line ends."""

    version: int
    name: str
    checksum: str
    sql: str
    transaction: bool

    @property
    def file(self) -> str:
        return f"{self.version:04}_{self.name}.sql"


class Unusable(Exception):
    """The folder's files are no sequence of migrations; the message says what is wrong with each."""


def read(folder: Path) -> list[Migration]:
    """The migrations of a folder, in order. Raises Unusable."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.sql"))}
    wrong = list(problems(texts))
    if wrong:
        raise Unusable(f"{folder}: {'; '.join(wrong)}")
    return [_parsed(name, text) for name, text in texts.items()]


def problems(names: Iterable[str]) -> Iterator[str]:
    """What is wrong with the files' names; pure."""
    listed = list(names)
    matches = {name: _NAME.fullmatch(name) for name in listed}
    yield from (f"{name} is not named like 0001_what_it_does.sql" for name, match in matches.items() if not match)
    versions = [int(match["version"]) for match in matches.values() if match]
    yield from (f"two files are number {each:04}" for each, number in Counter(versions).items() if number > 1)
    yield from (f"there is no number {each:04}" for each in _gaps(versions))
    if not listed:
        yield "there is no file"


def _gaps(versions: Sequence[int]) -> list[int]:
    return sorted(set(range(1, max(versions, default=0) + 1)) - set(versions))


def _parsed(name: str, text: str) -> Migration:
    match = _NAME.fullmatch(name)
    lines = text.splitlines()
    checksum = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    version, words = (int(match["version"]), match["name"]) if match else (0, name)
    return Migration(version, words, checksum, text, lines[:1] != [NO_TRANSACTION])
