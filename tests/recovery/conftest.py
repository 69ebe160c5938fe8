# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Databases of the embedded AWS that are real PostgreSQL servers: in this process, and behind a deployed site."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import ssl
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pg8000.native
import pytest

from ansible_collections.uex.payments.tests.site.playbook import Site
from ansible_collections.uex.payments.tests.support.contract import Account
from ansible_collections.uex.payments.tests.support.databases import NAME, database
from ansible_collections.uex.payments.tests.support.playbooks import ROOT
from ansible_collections.uex.payments.tests.unit import conftest as units
from embedded_aws import databases, launcher, stores

#: An embedded AWS in this process.
aws = units.aws
#: Two checkouts on one machine need ports, and so addresses, of their own.
PORT = int(os.environ.get("SITE_PORT", "5578")) + 2
PASSWORD = "canary-of-the-first-user"


#: Loopback addresses of this checkout alone.
NETWORK = f"127.{64 + PORT % 64}.{PORT // 64 % 256}"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--everything", action="store_true", help="by playbooks, behind a deployed site, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is marked C(everything) runs with the option alone."""
    if not config.getoption("--everything"):
        spared = [item for item in items if item.get_closest_marker("everything")]
        config.hook.pytest_deselected(items=spared)
        items[:] = [item for item in items if item not in spared]


@pytest.fixture
def directory() -> Iterator[Path]:
    """A folder that the servers' own user may enter, as pytest's may not be."""
    path = Path(tempfile.mkdtemp(prefix="uex-recovery-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


class Servers:
    """Sessions with the servers behind instances."""

    def __init__(self, rds: Any, authority: str, password: str = PASSWORD) -> None:
        self.rds, self.authority, self.password = rds, authority, password

    @contextlib.contextmanager
    def session(self, name: str, password: str = "") -> Iterator[Any]:
        endpoint = self.rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]["Endpoint"]
        connection = pg8000.native.Connection(
            "uex",
            password=password or self.password,
            host=endpoint["Address"],
            port=endpoint["Port"],
            database="uex",
            ssl_context=ssl.create_default_context(cafile=self.authority),
        )
        with contextlib.closing(connection):
            yield connection.run

    def run(self, name: str, statement: str) -> Any:
        with self.session(name) as run:
            return run(statement)

    def rows(self, name: str) -> list[Any]:
        """Every row, in order."""
        found: list[Any] = self.run(name, "SELECT id, amount FROM payments ORDER BY id")
        return found

    def pay(self, name: str, first: int, last: int) -> None:
        """More rows."""
        self.run(name, f"INSERT INTO payments SELECT n, n * 10 FROM generate_series({first}, {last}) n")

    def begin(self, name: str) -> None:
        self.run(name, "CREATE TABLE payments (id int PRIMARY KEY, amount int, created_at timestamptz DEFAULT now())")
        self.pay(name, 1, 100)


@pytest.fixture
def account(aws: None, directory: Path) -> Iterator[Account]:
    """A database on Multi-AZ that is a real server, and the secret with its login."""
    active = databases.Databases(directory / "databases", NETWORK, outage=1.5)
    databases.ACTIVE.append(active)
    account = Account()
    database(account, MultiAZ=True, MasterUserPassword=PASSWORD, DBName="uex")
    login = {"username": "uex", "password": PASSWORD, "dbname": "uex"}
    account.connect("secretsmanager").create_secret(Name=f"{NAME}/database", SecretString=json.dumps(login))
    yield account
    databases.ACTIVE.remove(active)
    active.close()
    stores.PLACES.clear()


@pytest.fixture
def servers(account: Account) -> Servers:
    return Servers(account.connect("rds"), str(databases.ACTIVE[0].files.authority))


@pytest.fixture
def site(directory: Path) -> Iterator[Site]:
    """An embedded AWS of its own whose databases are real servers."""
    site = Site(ROOT / "build" / "recovery", PORT)
    site.end()
    shutil.rmtree(site.folder, ignore_errors=True)
    launcher.start(site.port, site.directory)
    databases.begin(site.port, directory / "databases", NETWORK, outage=1.5)
    yield site
    databases.end(site.port)
    assert site.end(), "the embedded AWS ended before the tests did"
