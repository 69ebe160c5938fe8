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
from ansible_collections.uex.payments.tests.support import everything
from ansible_collections.uex.payments.tests.support.contract import Account
from ansible_collections.uex.payments.tests.support.databases import NAME, database
from ansible_collections.uex.payments.tests.support.playbooks import ROOT
from ansible_collections.uex.payments.tests.unit import conftest as units
from embedded_aws import databases, launcher, stores

#: An embedded AWS in this process.
aws = units.aws
#: Two checkouts on one machine need ports, and so addresses, of their own.
PORT = int(os.environ.get("SITE_PORT", "5578")) + 3
PASSWORD = "canary-of-the-first-user"


def network(port: int) -> str:
    """Loopback addresses of this checkout and of this port alone."""
    return f"127.{64 + port % 64}.{port // 64 % 256}"


pytest_addoption = everything.pytest_addoption
pytest_collection_modifyitems = everything.pytest_collection_modifyitems


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

    def connect(self, name: str, user: str, password: str) -> Any:
        endpoint = self.rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]["Endpoint"]
        return pg8000.native.Connection(
            user,
            password=password,
            host=endpoint["Address"],
            port=endpoint["Port"],
            database="uex",
            ssl_context=ssl.create_default_context(cafile=self.authority),
        )

    @contextlib.contextmanager
    def session(self, name: str, password: str = "") -> Iterator[Any]:
        with contextlib.closing(self.connect(name, "uex", password or self.password)) as connection:
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
    active = databases.Databases(directory / "databases", network(PORT), outage=1.5)
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


@contextlib.contextmanager
def standing(folder: Path, port: int, directory: Path) -> Iterator[Site]:
    """An embedded AWS of its own whose databases are real servers."""
    site = Site(folder, port)
    site.end()
    shutil.rmtree(site.folder, ignore_errors=True)
    launcher.start(site.port, site.directory)
    databases.begin(site.port, directory / "databases", network(port), outage=1.5)
    yield site
    databases.end(site.port)
    assert site.end(), "the embedded AWS ended before the tests did"


@pytest.fixture
def site(directory: Path) -> Iterator[Site]:
    with standing(ROOT / "build" / "recovery", PORT, directory) as site:
        yield site
