# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The roles in PostgreSQL: two logins, and the owner of all data that both act as."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pg8000.native import identifier, literal

from .secret import Value

Run = Callable[..., Any]

LOCK_TIMEOUT = "3s"  #: how long a table's users may make its hand-over wait; the step fails then and is tried again
#: May create in the schema where tables are, as the owner may.
MAY_WORK = "SELECT has_database_privilege(current_database(), 'CREATE') AND current_user <> session_user"
_EXISTS = "SELECT 1 FROM pg_roles WHERE rolname = :name"
#: Whether a role owns something in this database, or it.
_OWNS = (
    "SELECT 1 FROM pg_shdepend JOIN pg_database ON datname = current_database()"
    " WHERE refclassid = 'pg_authid'::regclass"
    " AND refobjid = (SELECT oid FROM pg_roles WHERE rolname = :name) AND deptype = 'o'"
    " AND (dbid = pg_database.oid OR (classid = 'pg_database'::regclass AND objid = pg_database.oid)) LIMIT 1"
)
_SCHEMAS = "SELECT nspname FROM pg_namespace WHERE pg_get_userbyid(nspowner) = :name"


def logins(master: str) -> tuple[str, str]:
    """The two that take turns."""
    return f"{master}_app", f"{master}_app_clone"


def following(master: str, current: str) -> str:
    """The login whose turn is next."""
    first, second = logins(master)
    return second if current == first else first


def prepare(run: Run, master: str, value: Value, verifier: str) -> None:
    """Make missing roles, hand over what the first user owns, set the login's password; all or nothing."""
    owner, login = f"{master}_owner", value["username"]
    run("START TRANSACTION")
    run(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    _make(run, owner, "NOLOGIN")
    _make(run, login, "LOGIN")
    for member in (master, login):
        run(f"GRANT {identifier(owner)} TO {identifier(member)}")
    _hand_over(run, master, owner, value["dbname"])
    run(f"ALTER ROLE {identifier(login)} SET role TO {literal(owner)}")
    set_password(run, login, verifier)
    run("COMMIT")


def set_password(run: Run, login: str, verifier: str) -> None:
    run(f"ALTER ROLE {identifier(login)} PASSWORD {literal(verifier)}")


def _make(run: Run, name: str, attribute: str) -> None:
    if not run(_EXISTS, name=name):
        run(f"CREATE ROLE {identifier(name)} {attribute}")


def _hand_over(run: Run, master: str, owner: str, database: str) -> None:
    """Let the owner have what the first user has: the database first, as it gives rights in its schemas."""
    if not run(_OWNS, name=master):
        return
    run(f"ALTER DATABASE {identifier(database)} OWNER TO {identifier(owner)}")
    for (schema,) in run(_SCHEMAS, name=master):
        run(f"ALTER SCHEMA {identifier(schema)} OWNER TO {identifier(owner)}")
    run(f"REASSIGN OWNED BY {identifier(master)} TO {identifier(owner)}")
