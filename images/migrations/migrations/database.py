# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The database: one connection that verifies its server, one lock, and the table of what was applied."""

from __future__ import annotations

import ssl
import time
from typing import Any

import pg8000.native

from .files import Migration
from .history import Applied
from .settings import Settings

CONNECT_SECONDS = 10
NAME = "migrations"
#: The advisory lock of this runner, any number that nobody else takes.
LOCK = 5_483_920_117
_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    milliseconds bigint NOT NULL
)
"""
_APPLIED = """
SELECT version, name, checksum, to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"'), milliseconds
FROM schema_migrations ORDER BY version
"""
_RECORD = (
    "INSERT INTO schema_migrations (version, name, checksum, milliseconds) VALUES (:version, :name, :checksum, :ms)"
)
_HOLDER = """
SELECT a.pid, a.usename, coalesce(host(a.client_addr), 'local'), a.backend_start
FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND (l.classid::bigint << 32) | l.objid::bigint = :lock
"""


class Unreachable(Exception):
    """The database doesn't answer, is not who it should be, or lets nobody in; the message has no secret."""


class Held(Exception):
    """Another runner has the lock; the message says which."""


class Failed(Exception):
    """A migration failed; C(half) says whether what it did may have stayed."""

    def __init__(self, message: str, half: bool) -> None:
        super().__init__(message)
        self.half = half


class Database:
    """A session. Close it with C(with)."""

    def __init__(self, settings: Settings) -> None:
        """Raises Unreachable."""
        try:
            self._connection = pg8000.native.Connection(
                settings.username,
                password=settings.password,
                host=settings.host,
                port=settings.port,
                database=settings.database,
                ssl_context=_tls(settings),
                timeout=CONNECT_SECONDS,
                application_name=NAME,
            )
        except pg8000.native.DatabaseError as error:
            raise Unreachable(f"{settings.place}: {words(error)}") from None
        except (pg8000.native.InterfaceError, OSError) as error:
            raise Unreachable(f"{settings.place}: {error}") from None
        self._unlimited()
        self._connection.run(f"SET lock_timeout = '{settings.lock_timeout}'")
        self._connection.run(f"SET statement_timeout = '{settings.statement_timeout}'")

    def _unlimited(self) -> None:
        """The time to connect is no limit for what comes after."""
        self._connection._usock.settimeout(None)

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def version(self) -> str:
        return str(self._connection.run("SHOW server_version")[0][0])

    def lock(self) -> None:
        """Take the lock for the rest of the session. Raises Held."""
        if self._connection.run("SELECT pg_try_advisory_lock(:lock)", lock=LOCK)[0][0]:
            return
        rows = self._connection.run(_HOLDER, lock=LOCK)
        holders = "; ".join(
            f"process {pid} of {user} from {host}, since {since:%Y-%m-%d %H:%M:%S %Z}"
            for pid, user, host, since in rows
        )
        raise Held(f"another runner holds the lock: {holders or 'it has just let go'}")

    def applied(self) -> list[Applied]:
        """What was applied, in order; nothing where there is no table yet."""
        if self._connection.run("SELECT to_regclass('schema_migrations')")[0][0] is None:
            return []
        return [Applied(*row) for row in self._connection.run(_APPLIED)]

    def prepare(self) -> None:
        """Make the table if it isn't there."""
        self._connection.run("SET client_min_messages = warning")
        self._connection.run(_TABLE)

    def apply(self, migration: Migration) -> int:
        """Apply a migration and record it: how many milliseconds it took. Raises Failed."""
        begun = time.monotonic()
        try:
            return self._together(migration, begun) if migration.transaction else self._alone(migration, begun)
        except pg8000.native.DatabaseError as error:
            raise Failed(f"{migration.file}: {words(error, migration.sql)}", half=not migration.transaction) from None
        except (pg8000.native.InterfaceError, OSError) as error:
            raise Failed(f"{migration.file}: the connection broke: {error}", half=True) from None

    def _together(self, migration: Migration, begun: float) -> int:
        """In one transaction with its record: both or neither."""
        self._connection.run("START TRANSACTION")
        try:
            before = self._transaction()
            self._connection.run(migration.sql)
            if self._transaction() != before:
                raise Failed(
                    f"{migration.file}: it ends its own transaction: leave BEGIN, COMMIT and ROLLBACK out", half=True
                )
            spent = self._record(migration, begun)
            self._connection.run("COMMIT")
        except pg8000.native.DatabaseError:
            self._connection.run("ROLLBACK")
            raise
        return spent

    def _transaction(self) -> Any:
        return self._connection.run("SELECT pg_current_xact_id()")[0][0]

    def _alone(self, migration: Migration, begun: float) -> int:
        self._connection.run(migration.sql)
        return self._record(migration, begun)

    def _record(self, migration: Migration, begun: float) -> int:
        spent = round((time.monotonic() - begun) * 1000)
        self._connection.run(
            _RECORD, version=migration.version, name=migration.name, checksum=migration.checksum, ms=spent
        )
        return spent


def _tls(settings: Settings) -> ssl.SSLContext:
    """Verifies certificate and host name, with the system's authorities and those given besides."""
    context = ssl.create_default_context()
    for file in settings.ca_files:
        context.load_verify_locations(file)
    return context


def words(error: Exception, sql: str = "") -> str:
    """PostgreSQL's message with its code and line. Its DETAIL is left out, as it may quote rows; pure."""
    fields = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    if not fields:
        return str(error)
    position = str(fields.get("P", ""))
    line = f"line {sql.count(chr(10), 0, int(position)) + 1}: " if sql and position.isdigit() else ""
    where = "".join(f", {noun} {fields[key]}" for key, noun in (("t", "table"), ("n", "constraint")) if key in fields)
    hint = f" ({fields['H']})" if "H" in fields else ""
    return f"{line}{fields.get('M', 'no message')}{where}{hint} [SQLSTATE {fields.get('C', '?')}]"
