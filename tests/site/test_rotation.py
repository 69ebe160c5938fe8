# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Production's database login is rotated on a real PostgreSQL by the function's own code while a client asks."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ansible_collections.uex.payments.tests.functions import certificates
from ansible_collections.uex.payments.tests.functions.servers import Database
from ansible_collections.uex.payments.tests.site import account
from ansible_collections.uex.payments.tests.site.conftest import PORT
from ansible_collections.uex.payments.tests.site.playbook import CHECK, SITE, Run, Site
from ansible_collections.uex.payments.tests.support.querying import Client, Login
from embedded_aws import functions, stores

ENVIRONMENT = "prod"
NAME = f"uex-payments-{ENVIRONMENT}"
SECRET = f"{NAME}/database"
ROTATE = "playbooks/rotate_secrets.yml"
#: A loopback address for each port of the tests, so that two checkouts don't meet.
ADDRESS = f"127.{PORT >> 8}.{PORT & 255}.1"


class Rotated(NamedTuple):
    """Two rotations, the values before, between and after, and what the client met."""

    runs: list[Run]
    values: list[dict[str, Any]]
    client: Client
    rows: int
    later: Run


def log_in(database: Database, login: Login) -> Any:
    return database.connect(login["username"], login["password"], login["dbname"])


def client_of(site: Site, database: Database) -> Client:
    connect = account.connect(site.endpoint)
    return Client(connect, NAME, partial(log_in, database), "INSERT INTO payments (amount) VALUES (1)")


@pytest.fixture(scope="module")
def database(applies: dict[str, Run], site: Site) -> Iterator[Database]:
    """A PostgreSQL that is production's, with its first user and a table."""
    folder = Path(tempfile.mkdtemp(prefix="uex-rotation-"))
    folder.chmod(0o755)
    files = certificates.make(folder / "certificates", ADDRESS)
    (folder / "postgresql").mkdir()
    server = Database(folder / "postgresql", files, ADDRESS, 5432)
    server.start()
    value = client_of(site, server).login()
    server.welcome(value)
    with log_in(server, value) as connection:
        connection.run("CREATE TABLE payments (id serial PRIMARY KEY, amount integer)")
    stores.place(site.port, {f"{NAME}-db": ADDRESS})
    functions.run(site.port, f"{NAME}-rotation", {"CA_FILE": str(files.authority)})
    yield server
    functions.reset(site.port)
    stores.reset(site.port)
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def rotated(site: Site, database: Database) -> Rotated:
    client = client_of(site, database)
    values = [client.login()]
    client.start()
    runs = []
    for arguments in ((), ("-vvvv",)):
        runs.append(site.play(ROTATE, ENVIRONMENT, *arguments, secret="database"))
        values.append(client.login())
    client.end()
    with log_in(database, values[-1]) as connection:
        ((rows,),) = connection.run("SELECT count(*) FROM payments")
    functions.reset(site.port)
    stores.reset(site.port)
    return Rotated(runs, values, client, rows, site.play(SITE, ENVIRONMENT, CHECK))


def test_no_query_fails_and_none_is_lost(rotated: Rotated) -> None:
    assert rotated.client.failures == []
    assert rotated.client.queries > 20
    assert rotated.rows == rotated.client.queries


def test_the_client_s_tasks_are_replaced_and_log_in_by_turns(rotated: Rotated) -> None:
    first, *others = [value["username"] for value in rotated.values]
    assert others == ["uex_app", "uex_app_clone"]
    assert list(dict.fromkeys(rotated.client.users)) == [first, *others]


def test_both_runs_say_what_they_did_and_end_well(rotated: Rotated) -> None:
    for run in rotated.runs:
        run.succeeded()
        assert ("AWS::SecretsManager::Secret", SECRET, "update") in run.actions
        assert f"{SECRET}  function" in run.output


def test_no_value_is_shown_however_much_is_asked_for(rotated: Rotated) -> None:
    assert not any(value["password"] in run.output for value in rotated.values for run in rotated.runs)


def test_the_site_has_nothing_to_change_afterwards(rotated: Rotated) -> None:
    assert rotated.later.succeeded().planned == set()
