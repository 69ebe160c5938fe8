# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Apply what is pending, or say what it is. README.md has the commands, variables and exit codes."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence

from . import files, history, settings
from .database import Database, Failed, Held, Unreachable

DONE, USAGE, FOLDER, HISTORY, HELD, FAILED, HALF, UNREACHABLE = 0, 2, 3, 4, 5, 6, 7, 8
#: Exit code of each reason to stop but Failed, which has two.
CODES: Mapping[type[Exception], int] = {
    settings.Missing: USAGE,
    files.Unusable: FOLDER,
    history.Differs: HISTORY,
    Held: HELD,
    Unreachable: UNREACHABLE,
}
REFUSALS = (settings.Missing, files.Unusable, history.Differs, Held, Unreachable)


def main(arguments: Sequence[str], environment: Mapping[str, str], say: Callable[[str], None]) -> int:
    """Do what the command line says; the exit code."""
    given = _parser().parse_args(arguments)
    try:
        where = settings.read(environment)
        migrations = files.read(where.folder)
        with Database(where) as database:
            say(f"{where.place}, PostgreSQL {database.version()}, over TLS")
            if given.command == "up":
                _up(database, migrations, given.to, given.dry_run, say)
            else:
                _status(database, migrations, say)
    except Failed as error:
        say(f"failed: {error}")
        say(
            "it may be half done: see the README" if error.half else "it was rolled back; what was applied before stays"
        )
        return HALF if error.half else FAILED
    except REFUSALS as error:
        say(f"refused: {error}")
        return CODES[type(error)]
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="migrations", description="Migrations of a PostgreSQL database.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("status", help="what was applied and what is pending; changes nothing")
    up = commands.add_parser("up", help="apply what is pending, in order")
    up.add_argument("--to", type=int, help="the last version to apply")
    up.add_argument("--dry-run", action="store_true", help="say what would be applied; change nothing")
    return parser


def _status(database: Database, migrations: Sequence[files.Migration], say: Callable[[str], None]) -> None:
    applied = database.applied()
    for line in history.status(migrations, applied):
        say(line)
    say(f"{len(history.pending(migrations, applied))} pending")


def _up(
    database: Database, migrations: Sequence[files.Migration], to: int | None, dry: bool, say: Callable[[str], None]
) -> None:
    if not dry:
        database.lock()
        database.prepare()
    pending = history.pending(migrations, database.applied(), to)
    for migration in pending:
        if dry:
            say(f"{migration.file}: would be applied")
        else:
            say(f"{migration.file}: applied in {database.apply(migration)} ms")
    say(f"{len(pending)} to apply" if dry else f"{len(pending)} applied" if pending else "nothing to do")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ, lambda line: print(line, flush=True)))
