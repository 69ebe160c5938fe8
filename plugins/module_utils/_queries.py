# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is in a PostgreSQL database: rows by table, the newest moment, the schema's version, answers to queries."""

from __future__ import annotations

import contextlib
import datetime
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

with contextlib.suppress(ImportError):  # needed_library says so
    import pg8000.native

Run = Callable[..., Any]

CONNECT_SECONDS = 5.0
#: Longest query; a table that takes longer to count is estimated.
STATEMENT_MS = 60000
#: SQLSTATEs: a login that is refused, a query that was ended for its time.
REFUSED, TIMED_OUT = ("28P01", "28000"), "57014"
#: Tables in which tools for migrations keep what they have applied, and where the newest stands.
VERSIONS = {
    "schema_migrations": "version",
    "flyway_schema_history": "version",
    "alembic_version": "version_num",
}
_TABLES = """
SELECT n.nspname, c.relname, c.reltuples::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^pg_|^information_schema$'
ORDER BY 1, 2
"""
_MOMENTS = """
SELECT table_schema, table_name, min(column_name) FROM information_schema.columns
WHERE data_type LIKE 'timestamp%' AND column_name IN ('created_at', 'updated_at', 'inserted_at', 'created', 'updated')
GROUP BY 1, 2
"""


class Unreachable(Exception):
    """Nothing listens there for this machine, or what does is not known; the message says which."""


class LoginRefused(Exception):
    """The server takes the name and the password not."""


class Place(NamedTuple):
    """A server: where it is, and the authorities that its certificate may be of besides the machine's."""

    host: str
    port: int
    ca_file: str = ""


class Content(NamedTuple):
    """What a database holds: rows by table (an estimate is negative), newest moment, version, answers by name."""

    rows: dict[str, int]
    newest: datetime.datetime | None
    version: str
    answers: dict[str, Any]


def has_library() -> bool:
    """Whether the driver for PostgreSQL is installed."""
    return "pg8000" in globals()


@contextlib.contextmanager
def connected(
    place: Place, login: Mapping[str, Any], seconds: float = STATEMENT_MS / 1000 + CONNECT_SECONDS
) -> Iterator[Run]:
    """A read-only session over TLS: how to run a statement in it. Raises Unreachable, LoginRefused."""
    if not listens(place, CONNECT_SECONDS):
        raise Unreachable(f"{place.host}:{place.port} cannot be reached from here")
    try:
        connection = pg8000.native.Connection(
            login["username"],
            password=login["password"],
            host=place.host,
            port=place.port,
            database=login["dbname"],
            ssl_context=_tls(place.ca_file),
            timeout=seconds,
            application_name="uex.payments",
        )
    except Exception as error:
        raise _reason(place, error) from None  # the driver's own error may quote what was sent
    with contextlib.closing(connection):
        connection.run("SET default_transaction_read_only = on")
        connection.run(f"SET statement_timeout = {STATEMENT_MS}")
        yield connection.run


def _tls(ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


def _reason(place: Place, error: Exception) -> Exception:
    """Our own words for why there is no session."""
    where = f"{place.host}:{place.port}"
    if isinstance(error, ssl.SSLError) or "SSL" in str(error):
        return Unreachable(f"the certificate of {where} is of no authority known here: data_rotation_ca_file names one")
    if code(error) in REFUSED:
        return LoginRefused(f"{where} refuses the login")
    if code(error):
        return Unreachable(f"{where} answers with SQLSTATE {code(error)}")
    return Unreachable(f"{where} cannot be reached from here ({type(error).__name__})")


def code(error: Exception) -> str:
    """PostgreSQL's SQLSTATE; empty where the error is not the server's."""
    fields = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    return str(fields.get("C") or "")


def listens(place: Place, seconds: float) -> bool:
    """Whether something takes a connection there."""
    try:
        with socket.create_connection((place.host, place.port), timeout=seconds):
            return True
    except OSError:
        return False


def answers(place: Place, login: Mapping[str, Any]) -> bool:
    """Whether a new session gets an answer."""
    try:
        with connected(place, login, CONNECT_SECONDS) as run:
            return bool(run("SELECT 1"))
    except Exception:  # whatever goes wrong, nobody was served
        return False


# Content


def content(run: Run, checks: Sequence[Mapping[str, Any]]) -> Content:
    """What the database holds."""
    tables = run(_TABLES)
    rows = {f"{schema}.{table}": _count(run, schema, table, estimate) for schema, table, estimate in tables}
    moments = [_newest(run, *each) for each in run(_MOMENTS) if f"{each[0]}.{each[1]}" in rows]
    newest = max((each for each in moments if each), default=None)
    answers = {each["name"]: _answer(run, each["query"]) for each in checks}
    return Content(rows, newest, _version(run, [table for _schema, table, _estimate in tables]), answers)


def _count(run: Run, schema: str, table: str, estimate: int) -> int:
    """The rows of a table, or the negative of the planner's estimate where counting takes too long."""
    found = _in_time(run, f"SELECT count(*) FROM {_name(schema, table)}")  # noqa: S608 - a quoted name
    return int(found[0][0]) if found else -max(estimate, 1)


def _newest(run: Run, schema: str, table: str, column: str) -> datetime.datetime | None:
    """The newest moment in a column; None where there is none, or looking takes too long."""
    quoted = pg8000.native.identifier(column)
    found = _in_time(run, f"SELECT max({quoted}) FROM {_name(schema, table)}")  # noqa: S608 - quoted names
    newest: datetime.datetime | None = found[0][0] if found else None
    return newest.replace(tzinfo=newest.tzinfo or datetime.UTC) if newest else None


def _in_time(run: Run, statement: str) -> Any:
    """The rows of a statement; None where it takes too long."""
    try:
        return run(statement)
    except pg8000.native.DatabaseError as error:
        if code(error) != TIMED_OUT:
            raise
        return None


def _version(run: Run, tables: Sequence[str]) -> str:
    """What the newest migration is, where a tool that is known keeps it."""
    known = [(table, column) for table, column in VERSIONS.items() if table in tables]
    for table, column in known[:1]:
        return str(run(f"SELECT max({column})::text FROM {table}")[0][0] or "")  # noqa: S608 - names of ours
    return ""


def _answer(run: Run, query: str) -> Any:
    rows = run(query)
    return str(rows[0][0]) if rows and rows[0] else ""


def _name(schema: str, table: str) -> str:
    return f"{pg8000.native.identifier(schema)}.{pg8000.native.identifier(table)}"
