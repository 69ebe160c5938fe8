# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The runner of migrations on a real PostgreSQL: each is applied once and whole, or not at all."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ansible_collections.uex.payments.images.migrations.migrations import __main__ as runner
from ansible_collections.uex.payments.images.migrations.migrations.database import LOCK
from ansible_collections.uex.payments.plugins.module_utils import _wait
from ansible_collections.uex.payments.tests.functions import certificates
from ansible_collections.uex.payments.tests.functions.servers import Database

HOME = Path(__file__).resolve().parents[2] / "images" / "migrations"
NUMBERS = itertools.count()
SAMPLE = sorted(path.name for path in (HOME / "sql").glob("*.sql"))
SCHEMA = (
    "SELECT table_name, column_name, data_type FROM information_schema.columns"
    " WHERE table_schema = 'public' AND table_name <> 'schema_migrations' ORDER BY 1, 2"
)


class Place(NamedTuple):
    """A database of its own, its user, and a folder of migrations that begins with the sample's."""

    server: Database
    value: dict[str, str]
    folder: Path

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "DATABASE_HOST": certificates.HOST,
            "DATABASE_PORT": str(self.server.port),
            "DATABASE_NAME": self.value["dbname"],
            "DATABASE_USERNAME": self.value["username"],
            "DATABASE_PASSWORD": self.value["password"],
            "DATABASE_CA_FILE": str(self.server.files.authority),
            "MIGRATIONS_FOLDER": str(self.folder),
            **more,
        }

    def migrate(self, *arguments: str, **more: str) -> tuple[int, list[str]]:
        """The runner's exit code and what it said, without the line that says where."""
        said: list[str] = []
        code = runner.main(arguments or ("up",), self.environment(**more), said.append)
        assert self.value["password"] not in "\n".join(said)
        return code, [line for line in said if not line.endswith("over TLS")]

    def add(self, name: str, sql: str) -> None:
        (self.folder / name).write_text(sql, encoding="utf-8")

    def run(self, *statements: str) -> Any:
        with self.server.connect(self.value["username"], self.value["password"], self.value["dbname"]) as connection:
            return [connection.run(statement) for statement in statements][-1]

    def versions(self) -> list[int]:
        return [row[0] for row in self.run("SELECT version FROM schema_migrations ORDER BY 1")]


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Place:
    name = f"migrated{next(NUMBERS)}"
    value = {"username": name, "password": f"Canary{name}Password", "dbname": name}
    database.administer(
        f"CREATE ROLE {name} LOGIN PASSWORD '{value['password']}'", f"CREATE DATABASE {name} OWNER {name}"
    )
    shutil.copytree(HOME / "sql", tmp_path / "sql")
    return Place(database, value, tmp_path / "sql")


def anonymous(lines: list[str]) -> list[str]:
    return [re.sub(r"\d+ ms", "N ms", line) for line in lines]


def test_all_are_applied_in_order_and_the_second_time_there_is_nothing_to_do(place: Place) -> None:
    code, said = place.migrate()
    assert (code, anonymous(said)) == (0, [*(f"{name}: applied in N ms" for name in SAMPLE), "3 applied"])
    before = place.run("SELECT * FROM schema_migrations ORDER BY 1")
    assert place.migrate() == (0, ["nothing to do"])
    assert place.run("SELECT * FROM schema_migrations ORDER BY 1") == before
    assert [row[0] for row in place.run("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")] == []


def test_a_release_from_before_goes_on_working(place: Place) -> None:
    """What writes payments after the first migration writes them after all."""
    place.migrate("up", "--to", "1")
    insert = "INSERT INTO payments (merchant_reference, amount, currency) VALUES ('a', 100, 'USD') RETURNING status"
    assert place.run(insert) == [["created"]]
    place.migrate()
    assert place.run(insert, "SELECT count(*) FROM payments") == [[2]]


def test_up_to_a_version_and_status(place: Place) -> None:
    assert place.migrate("status")[1] == [*(f"{name}: pending" for name in SAMPLE), "3 pending"]
    assert place.migrate("up", "--to", "2")[1][-1] == "2 applied"
    code, said = place.migrate("status")
    assert (code, said[-1], said[2]) == (0, "1 pending", f"{SAMPLE[2]}: pending")
    assert re.fullmatch(r"0001_payments\.sql: applied \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC in \d+ ms", said[0])


def test_a_dry_run_and_status_change_nothing(place: Place) -> None:
    assert place.migrate("up", "--dry-run")[1] == [*(f"{name}: would be applied" for name in SAMPLE), "3 to apply"]
    place.migrate("status")
    assert place.run("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'") == [[0]]


def test_a_migration_that_fails_is_rolled_back_whole_and_those_before_it_stay(place: Place) -> None:
    place.migrate("up", "--to", "2")
    place.run("INSERT INTO payments (merchant_reference, amount, currency) VALUES ('4111-canary', 1, 'USD')")
    before = place.run(SCHEMA), place.run("SELECT * FROM payments")
    place.add(
        "0004_more.sql", "CREATE TABLE more (id int);\nUPDATE payments SET amount = 2;\nSELECT nothing FROM more;\n"
    )
    code, said = place.migrate()
    assert code == runner.FAILED
    assert said[0].startswith("0003_open_payments.sql: applied")
    assert said[1] == 'failed: 0004_more.sql: line 3: column "nothing" does not exist [SQLSTATE 42703]'
    assert said[2] == "it was rolled back; what was applied before stays"
    assert (place.run(SCHEMA), place.run("SELECT * FROM payments")) == before
    assert place.versions() == [1, 2, 3]
    place.add("0004_more.sql", "CREATE TABLE more (id int);\n")
    assert place.migrate()[0] == 0


def test_rows_that_an_error_quotes_are_not_shown(place: Place) -> None:
    place.migrate()
    place.add(
        "0004_no.sql", "INSERT INTO payments (merchant_reference, amount, currency) VALUES ('4111-canary', 0, 'USD')"
    )
    code, said = place.migrate()
    assert (code, "4111-canary" in "".join(said)) == (runner.FAILED, False)
    assert "table payments, constraint payments_amount_check" in said[0]


def test_one_without_a_transaction_that_fails_may_be_half_done(place: Place) -> None:
    place.add("0003_open_payments.sql", "-- no transaction\nCREATE INDEX CONCURRENTLY a ON absent (id);\n")
    code, said = place.migrate()
    assert (code, said[-1]) == (runner.HALF, "it may be half done: see the README")
    assert place.versions() == [1, 2]


def test_a_concurrent_index_needs_to_say_that_it_has_no_transaction(place: Place) -> None:
    place.add("0003_open_payments.sql", "CREATE INDEX CONCURRENTLY a ON payments (amount);\n")
    code, said = place.migrate()
    assert (code, "cannot run inside a transaction block" in said[-2]) == (runner.FAILED, True)


def test_one_that_ends_its_own_transaction_is_told(place: Place) -> None:
    place.add("0003_open_payments.sql", "CREATE TABLE a (id int); COMMIT; CREATE TABLE b (id int);")
    code, said = place.migrate()
    assert (code, "it ends its own transaction" in said[-2]) == (runner.HALF, True)
    assert place.versions() == [1, 2]


def test_a_changed_file_and_one_that_is_missing_are_refused(place: Place) -> None:
    place.migrate()
    original = (place.folder / SAMPLE[1]).read_text(encoding="utf-8")
    place.add(SAMPLE[1], f"{original}-- changed\n")
    assert place.migrate()[0] == runner.HISTORY
    place.add(SAMPLE[1], original)
    (place.folder / SAMPLE[2]).unlink()
    code, said = place.migrate()
    assert (code, "older than what the database has" in said[0]) == (runner.HISTORY, True)


def test_while_another_runner_has_the_lock_this_one_refuses_and_says_who(place: Place) -> None:
    with place.server.connect(place.value["username"], place.value["password"], place.value["dbname"]) as other:
        other.run(f"SELECT pg_advisory_lock({LOCK})")
        code, said = place.migrate()
        assert code == runner.HELD
        assert re.match(
            rf"refused: another runner holds the lock: process \d+ of {place.value['username']} from ", said[0]
        )
        assert place.migrate("status")[0] == 0
    assert place.migrate()[0] == 0


def test_two_that_begin_at_once_apply_each_migration_once(place: Place) -> None:
    place.add("0004_slow.sql", "SELECT pg_sleep(0.3); CREATE TABLE slow (id int);")
    codes: list[int] = []
    both = [threading.Thread(target=lambda: codes.append(place.migrate()[0])) for _each in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(codes) in ([0, 0], [0, runner.HELD])
    assert place.versions() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("variable", "sql", "code"),
    [
        ("MIGRATIONS_LOCK_TIMEOUT", "ALTER TABLE payments ADD COLUMN more int", "55P03"),
        ("MIGRATIONS_STATEMENT_TIMEOUT", "SELECT pg_sleep(5)", "57014"),
    ],
)
def test_nothing_waits_or_takes_longer_than_it_may(place: Place, variable: str, sql: str, code: str) -> None:
    place.migrate()
    place.add("0004_slow.sql", sql)
    with place.server.connect(place.value["username"], place.value["password"], place.value["dbname"]) as other:
        other.run("START TRANSACTION")
        other.run("SELECT * FROM payments")
        ended, said = place.migrate(**{variable: "100ms"})
    assert (ended, f"SQLSTATE {code}" in said[0]) == (runner.FAILED, True)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"DATABASE_PASSWORD": "another"}, "28P01"),
        ({"DATABASE_PORT": "1"}, "refused: "),
        ({"DATABASE_HOST": "127.0.0.2"}, "refused: "),
    ],
)
def test_a_database_that_cannot_be_reached_or_refuses_the_login(
    place: Place, more: Mapping[str, str], words: str
) -> None:
    code, said = place.migrate("status", **more)
    assert (code, words in said[0]) == (runner.UNREACHABLE, True)


def test_a_server_whose_certificate_nobody_vouches_for_is_refused(place: Place) -> None:
    environment = place.environment()
    del environment["DATABASE_CA_FILE"]
    said: list[str] = []
    assert runner.main(["status"], environment, said.append) == runner.UNREACHABLE
    assert "certificate" in said[0].lower()


def test_a_runner_that_is_told_to_end_leaves_nothing_behind(place: Place) -> None:
    """As a process, as in a container: its transaction is rolled back, and the lock is free for the next one."""
    place.migrate()
    place.add("0004_slow.sql", "CREATE TABLE slow (id int); SELECT pg_sleep(30);")
    process = subprocess.Popen(
        [sys.executable, "-m", "migrations", "up"],
        cwd=HOME,
        env={"PATH": os.environ["PATH"], **place.environment()},
        stdout=subprocess.PIPE,
    )
    waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(30)%'"
    _wait.until(lambda: place.run(waits)[0][0], lambda found: found > 1, "its statement", 10, pause=0.05)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert process.returncode == -signal.SIGTERM
    place.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    place.add("0004_slow.sql", "SELECT 1")
    assert place.run("SELECT to_regclass('slow')") == [[None]]
    assert place.migrate()[0] == 0
