# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Servers for the whole run, an empty account for each test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.uex.payments.tests.functions import certificates
from ansible_collections.uex.payments.tests.functions.account import Account
from ansible_collections.uex.payments.tests.functions.servers import Cache, Database
from ansible_collections.uex.payments.tests.unit import conftest as units

#: An embedded AWS in this process.
aws = units.aws


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--everything", action="store_true", help="a failure at every place, not at a sample")


@pytest.fixture(scope="session")
def directory() -> Iterator[Path]:
    """A folder that the servers' own users may enter, as pytest's may not be."""
    path = Path(tempfile.mkdtemp(prefix="uex-functions-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def files(directory: Path) -> certificates.Files:
    return certificates.make(directory / "certificates")


@pytest.fixture(scope="session")
def database(directory: Path, files: certificates.Files) -> Iterator[Database]:
    (directory / "postgresql").mkdir()
    server = Database(directory / "postgresql", files)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def cache(directory: Path, files: certificates.Files) -> Iterator[Cache]:
    (directory / "redis").mkdir()
    server = Cache(directory / "redis", files)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def account(
    aws: None, monkeypatch: pytest.MonkeyPatch, database: Database, cache: Cache, files: certificates.Files
) -> Account:
    return Account(monkeypatch, {"rds": database, "elasticache": cache}, str(files.authority))
