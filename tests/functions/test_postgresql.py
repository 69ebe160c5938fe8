# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Logins that take turns, on a real PostgreSQL: nothing breaks in flight, whatever fails."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

import pg8000.native
import pytest

from ansible_collections.uex.payments.functions.rotation import handler
from ansible_collections.uex.payments.tests.functions import breaking
from ansible_collections.uex.payments.tests.functions.account import SECRET, Account
from ansible_collections.uex.payments.tests.functions.servers import Database

FORBIDDEN = set('/"@ ')
NUMBERS = itertools.count()
SAMPLE, SEED = 3, 20260101


class Estate(NamedTuple):
    """An account, a server, and the login of the database's first user as a deployment leaves it."""

    account: Account
    database: Database
    first: dict[str, Any]

    def rotate(self) -> dict[str, Any]:
        """A rotation that succeeds: the new current value."""
        assert self.account.rotate(SECRET) is None
        return self.account.value(SECRET)

    def run(self, value: dict[str, Any], *statements: str) -> Any:
        with self.database.connect(value["username"], value["password"], value["dbname"]) as connection:
            return [connection.run(statement) for statement in statements][-1]


def new_database(server: Database) -> dict[str, Any]:
    """A database and its first user with the rights that RDS gives one: no superuser, may create roles."""
    name = f"uex{next(NUMBERS)}"
    value = {"username": name, "password": f"First{name}Password", "dbname": name, "port": server.port}
    server.welcome(value)
    return value


@pytest.fixture
def estate(account: Account, database: Database) -> Iterator[Estate]:
    first = new_database(database)
    account.make(SECRET, first)
    yield Estate(account, database, first)
    role = first["username"]
    database.administer(f"DROP DATABASE {role} WITH (FORCE)")


def test_a_schedule_rotates_nothing(estate: Estate) -> None:
    assert estate.account.value(SECRET) == estate.first
    assert estate.database.accepts(estate.first)


def test_logins_take_turns_and_each_lasts_until_it_is_its_turn_again(estate: Estate) -> None:
    values = [estate.first]
    for _turn in range(4):
        values.append(estate.rotate())
        assert [estate.database.accepts(value) for value in values[-2:]] == [True, True], "the last one still works"
        assert not any(map(estate.database.accepts, values[:-2])), "those before don't"
    name = estate.first["username"]
    assert [value["username"] for value in values] == [name, *[f"{name}_app", f"{name}_app_clone"] * 2]
    assert len({value["password"] for value in values}) == len(values)


def test_passwords_are_such_as_rds_takes_and_the_rest_of_the_value_stays(estate: Estate) -> None:
    value = estate.rotate()
    assert 8 <= len(value["password"]) <= 128
    assert not FORBIDDEN & set(value["password"])
    assert {key: value[key] for key in ("dbname", "port")} == {key: estate.first[key] for key in ("dbname", "port")}


def test_what_is_under_way_goes_on(estate: Estate) -> None:
    estate.run(estate.first, "CREATE TABLE payment (id int)")
    for turn in range(3):
        value = estate.account.value(SECRET)
        with estate.database.connect(value["username"], value["password"], value["dbname"]) as connection:
            connection.run("SELECT * FROM payment")
            estate.rotate()
            connection.run("INSERT INTO payment VALUES (:turn)", turn=turn)
        estate.run(value, "INSERT INTO payment VALUES (0)")
    assert len(estate.run(estate.account.value(SECRET), "SELECT * FROM payment")) == 6


def test_both_logins_work_on_each_others_tables_and_on_those_of_the_first_user(estate: Estate) -> None:
    estate.run(estate.first, "CREATE TABLE one (id int)", "CREATE SCHEMA ledger", "CREATE TABLE ledger.two (id int)")
    app = estate.rotate()
    estate.run(app, "ALTER TABLE one ADD name text", "INSERT INTO ledger.two VALUES (1)", "CREATE TABLE three (id int)")
    clone = estate.rotate()
    estate.run(clone, "ALTER TABLE three ADD name text", "DROP TABLE one", "CREATE SCHEMA more")
    estate.run(app, "CREATE TABLE more.four (id int)")
    owners = estate.run(
        clone, "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname IN ('public', 'ledger', 'more')"
    )
    assert owners == [[f"{estate.first['username']}_owner"]]


def test_what_the_first_user_makes_meanwhile_is_handed_over_by_the_next_rotation(estate: Estate) -> None:
    estate.rotate()
    estate.run(estate.first, "CREATE TABLE late (id int)")
    estate.run(estate.rotate(), "ALTER TABLE late ADD name text")


@pytest.mark.parametrize("statement", ["CREATE ROLE more", "CREATE DATABASE more", "SET ROLE rds_superuser"])
def test_logins_have_no_rights_of_the_first_user(estate: Estate, statement: str) -> None:
    with pytest.raises(pg8000.native.DatabaseError, match="42501"):
        estate.run(estate.rotate(), statement)


def test_the_first_user_keeps_its_password_until_nobody_uses_it_and_then_gets_another(estate: Estate) -> None:
    estate.rotate()
    assert estate.account.value(SECRET, "MASTER") == estate.first
    estate.rotate()
    master = estate.account.value(SECRET, "MASTER")
    assert master["username"] == estate.first["username"]
    assert (estate.database.accepts(estate.first), estate.database.accepts(master)) == (False, True)
    assert estate.account.labels(SECRET) == {"AWSCURRENT", "AWSPENDING", "AWSPREVIOUS", "MASTER"}


def test_services_with_tasks_are_replaced_once_the_new_value_is_current(estate: Estate) -> None:
    read: list[dict[str, Any]] = []
    estate.account.readers.read = lambda: read.append(estate.account.value(SECRET))
    value = estate.rotate()
    assert (estate.account.readers.replaced, read) == (["presentation"], [value])


def test_a_table_in_use_makes_the_rotation_fail_and_not_its_users(estate: Estate) -> None:
    estate.run(estate.first, "CREATE TABLE payment (id int)")
    with estate.database.connect(*(estate.first[key] for key in ("username", "password", "dbname"))) as connection:
        connection.run("START TRANSACTION")
        connection.run("LOCK TABLE payment")
        assert "55P03" in str(estate.account.rotate(SECRET))
        connection.run("INSERT INTO payment VALUES (1)")
        connection.run("COMMIT")
    assert estate.account.value(SECRET) == estate.first
    assert estate.account.rotate(SECRET) is None


def test_a_server_that_is_not_who_it_says_gets_no_password(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CA_FILE", "")
    assert "SSLCertVerificationError" in str(estate.account.rotate(SECRET)) or "InterfaceError" in str(
        estate.account.error
    )
    assert estate.account.value(SECRET) == estate.first


# Failures


def survives(estate: Estate) -> None:
    """After a failure the current value works; the same rotation, tried again, and the next one succeed."""
    before = estate.account.value(SECRET)
    assert estate.database.accepts(before)
    estate.account.fail = lambda _step, do: do()
    for _turn in range(2):
        value = estate.rotate()
        assert estate.database.accepts(value)
    assert estate.database.accepts(estate.account.value(SECRET, "AWSPREVIOUS"))
    assert estate.database.accepts(estate.account.value(SECRET, "MASTER"))


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", breaking.STEPS)
def test_a_failure_at_a_step_leaves_a_value_that_works(estate: Estate, step: str, after: bool) -> None:
    estate.account.fail = breaking.at_step(step, after)
    assert isinstance(estate.account.rotate(SECRET), breaking.Broken)
    survives(estate)


def places(estate: Estate) -> list[tuple[Any, str]]:
    """All that changes something on the way."""
    secrets, readers = estate.account.secrets, estate.account.readers
    return [
        (secrets, "put_secret_value"),
        (secrets, "update_secret_version_stage"),
        (pg8000.native.Connection, "run"),
        (readers, "update_service"),
    ]


def cases(config: pytest.Config) -> list[tuple[int, int, bool]]:
    """Which rotation, which call of it, and whether after its effect; the test below counts the calls."""
    every = [
        (turn, call, after) for turn, calls in enumerate(CALLS) for call in range(calls) for after in (False, True)
    ]
    return every if config.getoption("--everything") else random.Random(SEED).sample(every, SAMPLE)


CALLS = (21, 20)  #: calls that change something, of the first rotation and of those that follow


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        metafunc.parametrize("case", cases(metafunc.config), ids=str)


def test_as_many_calls_can_fail(estate: Estate) -> None:
    found = []
    for _turn in CALLS:
        with breaking.counted(breaking.Counter(), *places(estate)) as counter:
            estate.rotate()
        found.append(counter.calls)
    assert tuple(found) == CALLS


def test_a_failure_of_any_call_leaves_a_value_that_works(estate: Estate, case: tuple[int, int, bool]) -> None:
    turn, call, after = case
    for _turn in range(turn):
        estate.rotate()
    with breaking.counted(breaking.Counter(call, after), *places(estate)):
        error = estate.account.rotate(SECRET)
    assert isinstance(error, handler.RotationFailed)
    assert breaking.CANARY not in str(error)
    survives(estate)


# Nothing secret is told


def test_no_password_is_logged_or_told(estate: Estate, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="rotation")
    values = [estate.first, estate.rotate(), estate.rotate(), estate.account.value(SECRET, "MASTER")]
    text = caplog.text + estate.database.text()
    assert "finishSecret" in caplog.text
    assert "SCRAM-SHA-256" in estate.database.text(), "statements that set a password are in the log"
    told = [value for value in values if value["password"] in text]
    assert told == [estate.first], "the first one is in this test's own CREATE ROLE"
