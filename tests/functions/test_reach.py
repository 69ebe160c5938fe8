# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A real PostgreSQL and a real Redis answer to the stored credentials, or not, from here and from a task's program."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _health_reach as reach
from ansible_collections.uex.payments.plugins.module_utils import _reach
from ansible_collections.uex.payments.plugins.module_utils._health import Row
from ansible_collections.uex.payments.plugins.module_utils._preflight import FAILED, OK
from ansible_collections.uex.payments.tests.functions.certificates import Files
from ansible_collections.uex.payments.tests.functions.servers import Cache, Database
from ansible_collections.uex.payments.tests.support.health import NAME, options, service

PASSWORD, TOKEN = "REACH-CANARY-password", "REACH-CANARY-token-of-redis"
LOGIN = {"username": "reacher", "dbname": "postgres"}
ADDRESS = "127.0.0.1"


class Listed:
    """RDS and ElastiCache that list the two servers."""

    def __init__(self, database: Database, cache: Cache) -> None:
        self._ports = database.port, cache.port

    def can_paginate(self, _operation: str) -> bool:
        return False

    def describe_db_instances(self) -> dict[str, Any]:
        endpoint = {"Address": ADDRESS, "Port": self._ports[0]}
        return {"DBInstances": [{"DBInstanceIdentifier": f"{NAME}-db", "Endpoint": endpoint, "DBName": "postgres"}]}

    def describe_replication_groups(self) -> dict[str, Any]:
        nodes = [{"PrimaryEndpoint": {"Address": ADDRESS, "Port": self._ports[1]}}]
        return {"ReplicationGroups": [{"ReplicationGroupId": f"{NAME}-redis", "NodeGroups": nodes}]}


@pytest.fixture
def connect(aws: None, database: Database, cache: Cache) -> Any:
    """The account's clients; the servers take the canaries as credentials."""
    database.administer("DROP ROLE IF EXISTS reacher", f"CREATE ROLE reacher LOGIN PASSWORD '{PASSWORD}'")
    cache.reset(TOKEN)
    listed = Listed(database, cache)
    return lambda name: listed if name in ("rds", "elasticache") else boto3.client(name)


def store(password: str = PASSWORD, token: str = TOKEN) -> None:
    client = boto3.client("secretsmanager")
    values = {"database": {**LOGIN, "password": password}, "redis": {"auth_token": token}}
    for name, value in values.items():
        client.create_secret(Name=f"{NAME}/{name}", SecretString=json.dumps(value))


def rows(connect: Any, files: Files, **changed: Any) -> dict[str, Row]:
    given = options(probe="local", ca_file=str(files.authority), emulated=True, **changed)
    found = [row for _subject, row in reach.results(connect, given, False)]
    assert "CANARY" not in str(found)
    return {row.name: row for row in found}


def test_both_answer_to_the_stored_credentials(connect: Any, files: Files) -> None:
    store()
    found = rows(connect, files)
    assert (found[reach.DATABASE].state, found[reach.CACHE].state) == (OK, OK)
    assert found[reach.DATABASE].found.startswith("TLS, login, SELECT 1")
    assert found[reach.CACHE].found.startswith("TLS, AUTH, PING")


def test_wrong_credentials_are_named(connect: Any, files: Files) -> None:
    store("REACH-CANARY-other", "REACH-CANARY-another")
    found = rows(connect, files)
    assert (found[reach.DATABASE].state, found[reach.CACHE].state) == (FAILED, FAILED)
    assert found[reach.DATABASE].found == "the login is refused, SQLSTATE 28P01"
    assert found[reach.CACHE].found == "the token is refused: WRONGPASS"
    assert all("rotate_secrets" in found[title].advice for title in (reach.DATABASE, reach.CACHE))


def test_a_server_that_nobody_vouches_for_gets_no_credentials(connect: Any, files: Files, database: Database) -> None:
    store()
    before = database.text().count("reacher")
    found = rows(connect, files._replace(authority=""))  # type: ignore[arg-type]
    assert (found[reach.DATABASE].state, "no login" in found[reach.DATABASE].found) == (OK, True)
    assert (found[reach.CACHE].state, found[reach.CACHE].found) == (
        FAILED,
        "TLS: unable to get local issuer certificate",
    )
    assert database.text().count("reacher") == before


def test_a_cache_that_is_gone_is_named(connect: Any, files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    store()
    monkeypatch.setattr(connect("rds"), "_ports", (connect("rds")._ports[0], 1))
    found = rows(connect, files)
    assert (found[reach.DATABASE].state, found[reach.CACHE].state) == (OK, FAILED)
    assert found[reach.CACHE].found == "Connection refused"


def test_a_task_s_program_asks_the_same(connect: Any, files: Files) -> None:
    place = reach.place(connect, options())
    asked = reach.asked_in_task(service(), place, options(task_ca_file=str(files.authority)))
    secrets = {"DATABASE_USERNAME": "reacher", "DATABASE_PASSWORD": PASSWORD, "REDIS_AUTH_TOKEN": TOKEN}
    environment = {reach.PROGRAM: reach.packed(), "REACH_ASKED": json.dumps(asked), **secrets}
    done = subprocess.run(
        [sys.executable, "-c", reach.UNPACK], env=environment, capture_output=True, text=True, check=False
    )
    answers = [json.loads(line.removeprefix(_reach.MARK)) for line in done.stdout.splitlines()]
    assert [(each["name"], each["ok"]) for each in answers] == [(reach.DATABASE, True), (reach.CACHE, True)]
    assert "CANARY" not in done.stdout + done.stderr
