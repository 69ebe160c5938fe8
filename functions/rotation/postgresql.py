# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Logins of PostgreSQL that take turns.

C(<master>_app) and C(<master>_app_clone) log in with the same rights. A rotation gives a new password to the one that
is not current, so connections, running tasks and tasks that start meanwhile go on with the other. Both belong to
C(<master>_owner), which can't log in, act as it from their first statement on, and so own everything alike.

The database's first user is nobody's login but the function's. Its value is the version labelled MASTER; a deployment
starts with it as the current one, and the first rotation replaces it. Later ones give it a new password as well.
"""

from __future__ import annotations

import contextlib
import ssl
from typing import Any

import pg8000.native

from ansible_collections.uex.payments.plugins.module_utils import _secrets

from . import roles, scram
from .secret import CURRENT, Secret, Stop, Value
from .settings import Settings

MASTER = "MASTER"
MASTER_PENDING = "MASTERPENDING"
LENGTH = 40  #: RDS takes 8 to 128 characters, none of / " @ and space; letters and digits are always allowed
CONNECT_SECONDS = 10
UNBLOCK = "take label AWSPENDING off that version and rotate the secret again"
REFUSED = ("28P01", "28000")  #: SQLSTATEs of a login that is refused


class PostgreSQL:
    """The logins of one DB instance, whose endpoint is asked for each time."""

    def __init__(self, client: Any, settings: Settings) -> None:
        self.client = client
        self.settings = settings

    def following(self, secret: Secret) -> Value:
        current = secret.current()
        login = roles.following(_master(secret)["username"], current["username"])
        return {**current, "username": login, "password": _secrets.text(LENGTH)}

    def apply(self, secret: Secret, value: Value) -> None:
        """Give the login its password and rights, never touching the current one. Raises Stop."""
        master, current = _master(secret), secret.current()
        if value["username"] not in roles.logins(master["username"]) or value["username"] == current["username"]:
            raise Stop(f"the next value of {secret.name} is for {value['username']}, which is in use: {UNBLOCK}")
        if secret.holder(MASTER) is None:
            secret.move(MASTER, secret.holder(CURRENT))
        with self._as_master(secret) as connection:
            roles.prepare(connection.run, master["username"], value, scram.verifier(value["password"]))
            if current["username"] != master["username"]:
                _renew_master(secret, connection)

    def test(self, value: Value) -> None:
        """Log in, and be able to write as the owner does. Raises Stop."""
        with self._connection(value) as connection:
            if not connection.run(roles.MAY_WORK)[0][0]:
                raise Stop(f"{value['username']} may not work in database {value['dbname']}: rotate the secret again")

    def withdraws(self) -> bool:
        return False

    def withdraw(self, value: Value) -> None:
        """Nothing to do: the other login's password ends with the next rotation."""

    def _as_master(self, secret: Secret) -> contextlib.closing[Any]:
        """A connection of the first user, whose new password may be in force without its label having moved."""
        try:
            return self._connection(_master(secret))
        except pg8000.native.DatabaseError as error:
            pending = secret.labelled(MASTER_PENDING)
            if pending is None or not _is_refused(error):
                raise
            return self._connection(pending)

    def _connection(self, value: Value) -> contextlib.closing[Any]:
        name = self.settings.db_instance
        endpoint = self.client.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0].get("Endpoint")
        if not endpoint:
            raise Stop(f"DB instance {name} has no endpoint yet: rotate the secret once it is available")
        connection = pg8000.native.Connection(
            value["username"],
            password=value["password"],
            host=endpoint["Address"],
            port=endpoint["Port"],
            database=value["dbname"],
            ssl_context=self._tls(),
            timeout=CONNECT_SECONDS,
            application_name="rotation",
        )
        return contextlib.closing(connection)

    def _tls(self) -> ssl.SSLContext:
        """Verifies the server with the runtime's authorities, and with those given besides."""
        context = ssl.create_default_context()
        if self.settings.ca_file:
            context.load_verify_locations(self.settings.ca_file)
        return context


def _master(secret: Secret) -> Value:
    """The first user's login: the current one until a rotation has kept it under a label of its own."""
    return secret.labelled(MASTER) or secret.current()


def _renew_master(secret: Secret, connection: Any) -> None:
    """Give the first user a new password: stored, then in force, then labelled; each may have been done before."""
    if secret.holder(MASTER_PENDING) is None:
        secret.put({**_master(secret), "password": _secrets.text(LENGTH)}, MASTER_PENDING)
    fresh = secret.labelled(MASTER_PENDING) or {}
    roles.set_password(connection.run, fresh["username"], scram.verifier(fresh["password"]))
    secret.move(MASTER, secret.holder(MASTER_PENDING))
    secret.move(MASTER_PENDING, None)


def _is_refused(error: Exception) -> bool:
    fields = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    return fields.get("C") in REFUSED
