# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What has been applied, compared with the files; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from .files import Migration


class Applied(NamedTuple):
    """A row of schema_migrations."""

    version: int
    name: str
    checksum: str
    applied_at: str
    milliseconds: int


class Differs(Exception):
    """The database's history is not that of the files; the message says where."""


def pending(migrations: Sequence[Migration], applied: Iterable[Applied], to: int | None = None) -> list[Migration]:
    """What is to be applied, in order, up to a version if one is given. Raises Differs."""
    history = {each.version: each for each in applied}
    wrong = list(_differences(migrations, history))
    if wrong:
        raise Differs("; ".join(wrong))
    if to is not None and to not in {each.version for each in migrations}:
        raise Differs(f"there is no migration {to:04}, the last one is {len(migrations):04}")
    return [each for each in migrations if each.version not in history and (to is None or each.version <= to)]


def _differences(migrations: Sequence[Migration], history: Mapping[int, Applied]) -> Iterator[str]:
    files = {each.version: each for each in migrations}
    for version, row in sorted(history.items()):
        file = files.get(version)
        if file is None:
            yield f"{version:04}_{row.name} was applied and is not here: this is older than what the database has"
        elif file.checksum != row.checksum:
            yield f"{file.file} was changed after it was applied: take the change back, and make it in a new file"
    yield from (
        f"{file.file} comes before the last one that was applied, and was not: give it the next number"
        for version, file in files.items()
        if version not in history and version < max(history, default=0)
    )


def status(migrations: Sequence[Migration], applied: Iterable[Applied]) -> list[str]:
    """Each migration with what became of it, for a person."""
    history = {each.version: each for each in applied}
    return [f"{each.file}: {_said(history.get(each.version))}" for each in migrations]


def _said(row: Applied | None) -> str:
    return f"applied {row.applied_at} in {row.milliseconds} ms" if row else "pending"
