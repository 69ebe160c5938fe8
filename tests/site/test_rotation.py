# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Production's database login is rotated on a real PostgreSQL by the function's own code while a client asks."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ansible_collections.uex.payments.tests.functions import certificates
from ansible_collections.uex.payments.tests.functions.servers import Database
from ansible_collections.uex.payments.tests.site import account
from ansible_collections.uex.payments.tests.site.conftest import PORT
from ansible_collections.uex.payments.tests.site.playbook import CHECK, SITE, Run, Site
from embedded_aws import functions, stores

ENVIRONMENT = "prod"
NAME = f"uex-payments-{ENVIRONMENT}"
SECRET = f"{NAME}/database"
READER = f"{NAME}-uex-backend"
ROTATE = "playbooks/rotate_secrets.yml"
#: A loopback address for each port of the tests, so that two checkouts don't meet.
ADDRESS = f"127.{PORT >> 8}.{PORT & 255}.1"


class Client(threading.Thread):
    """A service's task: it reads the secret when it starts, again with each deployment; it logs in for each query."""

    def __init__(self, connect: account.Connect, database: Database) -> None:
        super().__init__()
        self.connect, self.database = connect, database
        self.over = threading.Event()
        self.users: list[str] = []
        self.queries = 0
        self.failures: list[str] = []

    def run(self) -> None:
        begun = ""
        while not self.over.is_set():
            deployment = self._deployment()
            if deployment != begun:
                begun, value = deployment, read(self.connect)
                self.users.append(value["username"])
            self._ask(value)

    def _deployment(self) -> str:
        found = self.connect("ecs").describe_services(cluster=NAME, services=[READER])["services"][0]
        return str(next(each["id"] for each in found["deployments"] if each["status"] == "PRIMARY"))

    def _ask(self, value: dict[str, Any]) -> None:
        try:
            with self.database.connect(value["username"], value["password"], value["dbname"]) as connection:
                connection.run("INSERT INTO payments (amount) VALUES (1)")
            self.queries += 1
        except Exception as error:
            self.failures.append(f"{value['username']}: {error}")


class Rotated(NamedTuple):
    """Two rotations, the values before, between and after, and what the client met."""

    runs: list[Run]
    values: list[dict[str, Any]]
    client: Client
    rows: int
    later: Run


def read(connect: account.Connect) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(connect("secretsmanager").get_secret_value(SecretId=SECRET)["SecretString"])
    return value


@pytest.fixture(scope="module")
def database(applies: dict[str, Run], site: Site) -> Iterator[Database]:
    """A PostgreSQL that is production's, with its first user and a table."""
    folder = Path(tempfile.mkdtemp(prefix="uex-rotation-"))
    folder.chmod(0o755)
    files = certificates.make(folder / "certificates", ADDRESS)
    (folder / "postgresql").mkdir()
    server = Database(folder / "postgresql", files, ADDRESS, 5432)
    server.start()
    value = read(account.connect(site.endpoint))
    server.welcome(value)
    with server.connect(value["username"], value["password"], value["dbname"]) as connection:
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
    connect = account.connect(site.endpoint)
    client = Client(connect, database)
    values = [read(connect)]
    client.start()
    runs = []
    for arguments in ((), ("-vvvv",)):
        runs.append(site.play(ROTATE, ENVIRONMENT, *arguments, secret="database"))
        values.append(read(connect))
    client.over.set()
    client.join()
    with database.connect(values[-1]["username"], values[-1]["password"], values[-1]["dbname"]) as connection:
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
