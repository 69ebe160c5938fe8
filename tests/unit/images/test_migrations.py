# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The runner of migrations, as far as it needs no database."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.images.migrations.migrations import __main__ as runner
from ansible_collections.uex.payments.images.migrations.migrations import database, files, history, settings
from ansible_collections.uex.payments.images.migrations.migrations.history import Applied

HOME = Path(__file__).resolve().parents[3] / "images" / "migrations"
ENVIRONMENT = {
    "DATABASE_HOST": "db.example",
    "DATABASE_NAME": "uex",
    "DATABASE_USERNAME": "uex_app",
    "DATABASE_PASSWORD": "canary-of-a-password",
}


@pytest.mark.parametrize(
    ("names", "wrong"),
    [
        (["0001_a.sql", "0002_b_c.sql"], []),
        ([], ["there is no file"]),
        (["0001_a.sql", "0003_b.sql"], ["there is no number 0002"]),
        (["0002_a.sql"], ["there is no number 0001"]),
        (["0001_a.sql", "0001_b.sql"], ["two files are number 0001"]),
        (["0001_a.sql", "2_b.sql"], ["2_b.sql is not named like 0001_what_it_does.sql"]),
        (["0001_A.sql"], ["0001_A.sql is not named like 0001_what_it_does.sql"]),
    ],
)
def test_names(names: list[str], wrong: list[str]) -> None:
    assert list(files.problems(names)) == wrong


def test_a_checksum_is_of_the_text_whatever_its_line_ends(tmp_path: Path) -> None:
    sums = set()
    for text in ("SELECT 1;\nSELECT 2;\n", "SELECT 1;\r\nSELECT 2;\r\n"):
        (tmp_path / "0001_a.sql").write_bytes(text.encode())
        (migration,) = files.read(tmp_path)
        sums.add(migration.checksum)
    assert len(sums) == 1
    assert migration.transaction


@pytest.mark.parametrize(
    ("text", "transaction"),
    [("-- no transaction\nVACUUM;", False), ("SELECT 1;\n-- no transaction", True), ("-- No transaction", True)],
)
def test_the_first_line_says_that_there_is_no_transaction(tmp_path: Path, text: str, transaction: bool) -> None:
    (tmp_path / "0001_a.sql").write_text(text, encoding="utf-8")
    assert files.read(tmp_path)[0].transaction is transaction


MIGRATIONS = [files.Migration(number, f"m{number}", f"sum{number}", "SELECT 1", True) for number in (1, 2, 3)]


def applied(*versions: int, **more: Any) -> list[Applied]:
    return [Applied(each, f"m{each}", more.get("checksum", f"sum{each}"), "then", 5) for each in versions]


@pytest.mark.parametrize(
    ("done", "to", "versions"),
    [([], None, [1, 2, 3]), ([1], None, [2, 3]), ([1, 2, 3], None, []), ([1], 2, [2]), ([1, 2], 1, [])],
)
def test_pending(done: list[int], to: int | None, versions: list[int]) -> None:
    assert [each.version for each in history.pending(MIGRATIONS, applied(*done), to)] == versions


@pytest.mark.parametrize(
    ("rows", "to", "message"),
    [
        (applied(1, checksum="other"), None, "0001_m1.sql was changed after it was applied"),
        (applied(1, 2, 3, 4), None, "0004_m4 was applied and is not here"),
        (applied(1, 3), None, "0002_m2.sql comes before the last one that was applied"),
        ([], 9, "there is no migration 0009, the last one is 0003"),
    ],
)
def test_another_history_is_refused(rows: list[Applied], to: int | None, message: str) -> None:
    with pytest.raises(history.Differs, match=re.escape(message)):
        history.pending(MIGRATIONS, rows, to)


def test_status() -> None:
    assert history.status(MIGRATIONS[:2], applied(1)) == ["0001_m1.sql: applied then in 5 ms", "0002_m2.sql: pending"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"DATABASE_HOST": "", "DATABASE_PASSWORD": ""}, "DATABASE_HOST, DATABASE_PASSWORD: not set"),
        ({"DATABASE_PORT": "five"}, "DATABASE_PORT: no number"),
        ({"MIGRATIONS_LOCK_TIMEOUT": "1; DROP TABLE x"}, "MIGRATIONS_LOCK_TIMEOUT: a number with"),
        ({"MIGRATIONS_STATEMENT_TIMEOUT": "5"}, "MIGRATIONS_STATEMENT_TIMEOUT: a number with"),
        ({"DATABASE_CA_FILE": "/absent.pem"}, "DATABASE_CA_FILE: there is no file /absent.pem"),
    ],
)
def test_a_wrong_variable_is_named(more: dict[str, str], message: str) -> None:
    said: list[str] = []
    assert runner.main(["status"], {**ENVIRONMENT, **more}, said.append) == runner.USAGE
    assert said[0].startswith(f"refused: {message}")
    assert "canary" not in said[0]


def test_settings() -> None:
    found = settings.read(ENVIRONMENT)
    assert found.place == "uex on db.example:5432 as uex_app"
    assert (found.folder, found.lock_timeout, found.statement_timeout) == (HOME / "sql", "5s", "15min")


def test_a_folder_with_a_gap_is_refused_before_the_database_is_asked(tmp_path: Path) -> None:
    (tmp_path / "0002_b.sql").touch()
    said: list[str] = []
    assert runner.main(["up"], {**ENVIRONMENT, "MIGRATIONS_FOLDER": str(tmp_path)}, said.append) == runner.FOLDER
    assert said == [f"refused: {tmp_path}: there is no number 0001"]


def test_a_wrong_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        runner.main(["down"], ENVIRONMENT, print)
    assert ended.value.code == runner.USAGE


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"M": "syntax error", "C": "42601", "P": "12"}, "line 2: syntax error [SQLSTATE 42601]"),
        (
            {"M": "duplicate key", "C": "23505", "D": "Key (pan)=(4111) exists", "t": "payments", "n": "payments_pkey"},
            "duplicate key, table payments, constraint payments_pkey [SQLSTATE 23505]",
        ),
        ({"M": "no", "C": "1", "H": "try this"}, "no (try this) [SQLSTATE 1]"),
    ],
)
def test_an_error_is_told_without_the_rows_that_it_quotes(fields: dict[str, str], said: str) -> None:
    assert database.words(Exception(fields), "SELECT 1;\nSELEC 2;\n") == said


def test_every_reason_to_stop_has_a_code_of_its_own_that_the_readme_explains() -> None:
    codes = {runner.DONE, 1, runner.FAILED, runner.HALF, *runner.CODES.values()}
    assert len(codes) == 4 + len(runner.CODES)
    rows = re.findall(r"^\| (\d) \|", (HOME / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {int(each) for each in rows} == codes


def test_the_readme_names_every_variable() -> None:
    source = (HOME / "migrations" / "settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'"((?:DATABASE|MIGRATIONS)_\w+)"', source))
    text = (HOME / "README.md").read_text(encoding="utf-8")
    assert {name for name in names if f"`{name}`" not in text} == set()


def test_the_sample_is_a_sequence_that_begins_with_payments() -> None:
    names = [each.file for each in files.read(HOME / "sql")]
    assert names == ["0001_payments.sql", "0002_idempotency_keys.sql", "0003_open_payments.sql"]
