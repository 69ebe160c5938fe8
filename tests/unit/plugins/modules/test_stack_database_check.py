# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Without a server; tests/recovery asks real ones."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _queries, _restore, _restore_checks
from ansible_collections.uex.payments.plugins.module_utils._queries import Content, LoginRefused, Unreachable
from ansible_collections.uex.payments.plugins.modules.stack_database_check import Checked, checked, verdict
from ansible_collections.uex.payments.tests.support.contract import Account
from ansible_collections.uex.payments.tests.support.databases import DB, NAME, database, restored

R = f"{DB}-restored-20261127-100000"
NOW = datetime.datetime(2026, 11, 27, 12, 0, tzinfo=datetime.UTC)
LOGIN = f"{NAME}/database"
OPTIONS = {
    "name": DB,
    "instance": R,
    "login": LOGIN,
    "login_stage": "MASTER",
    "ca_file": "",
    "checks": [],
    "incident": "",
    "required": False,
}
CONTENT = Content({"public.a": 5}, NOW, "3", {})


@pytest.fixture
def account(aws: None) -> Account:
    account = Account()
    database(account)
    moments = {_restore.MOMENT: "2026-11-27T11:00:00Z", _restore.BEGAN: "2026-11-27T11:30:00Z"}
    restored(account, R, moments)
    login = {"username": "uex", "password": "canary-word", "dbname": "uex"}
    account.connect("secretsmanager").create_secret(Name=LOGIN, SecretString=json.dumps(login))
    account.written()
    return account


def asked(account: Account, monkeypatch: pytest.MonkeyPatch, *answers: Any, check_mode: bool = False) -> dict[str, Any]:
    """The result, with what each instance answers in turn."""
    rest = list(answers)

    def content(self: Checked, entry: Any) -> Content:
        answer = rest.pop(0) if rest[1:] else rest[0]
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    monkeypatch.setattr(Checked, "content", content)
    return checked(Checked(account.connect, OPTIONS, check_mode), NOW)


def test_what_answers_is_compared(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    result = asked(account, monkeypatch, CONTENT, CONTENT._replace(rows={"public.a": 7}))
    assert (result["reached"], result["changed"], result["verdict"]) == (True, False, "ok")
    assert result["rpo_seconds"] == 3600
    assert result["rto_seconds"] is not None
    assert any("2 fewer" in line for line in result["table"])
    assert account.written() == []


def test_a_login_that_is_refused_gets_the_secret_s_password_and_nothing_shows_it(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = asked(account, monkeypatch, LoginRefused("no"), CONTENT, CONTENT)
    assert account.written() == [("rds", "ModifyDBInstance")]
    assert (result["reached"], result["changed"]) == (True, True)
    assert "canary-word" not in json.dumps(result, default=str)


def test_check_mode_sets_no_password(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not asked(account, monkeypatch, LoginRefused("no"), check_mode=True)["reached"]
    assert account.written() == []


def test_one_that_cannot_be_reached_gets_a_younger_login_unseen_and_is_no_failure_unless_required(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = asked(account, monkeypatch, Unreachable("far away"))
    assert account.written() == [("rds", "ModifyDBInstance")], "the secret is younger than the data"
    assert not result["reached"]
    assert result["table"][0] == "The restored database was not asked: far away"
    assert verdict(result, required=False) == ""
    assert "was not asked" in verdict(result, required=True)


def test_nothing_listens_where_nothing_is() -> None:
    place = _queries.Place("127.0.0.1", 1)
    assert not _queries.listens(place, 0.2)
    with pytest.raises(Unreachable, match="cannot be reached from here"), _queries.connected(place, {}):
        pass


# The comparison

GIVEN = {"name": "sum", "query": "SELECT 1"}


@pytest.mark.parametrize(
    ("restored_one", "live", "given", "name", "state"),
    [
        (CONTENT, CONTENT, [], "tables", "ok"),
        (CONTENT, None, [], "tables", "ok"),
        (CONTENT._replace(rows={}), CONTENT, [], "tables", "failed"),
        (CONTENT, CONTENT._replace(rows={"public.a": 5, "public.b": 1}), [], "tables", "warning"),
        (CONTENT, CONTENT._replace(version="4"), [], "schema version", "warning"),
        (CONTENT._replace(rows={"public.a": 0}), CONTENT, [], "rows of public.a", "warning"),
        (CONTENT, CONTENT._replace(rows={"public.a": -9}), [], "rows of public.a", "ok"),
        (CONTENT._replace(answers={"sum": "0"}), None, [{**GIVEN, "equals": "0"}], "sum", "ok"),
        (CONTENT._replace(answers={"sum": "1"}), None, [{**GIVEN, "equals": "0"}], "sum", "failed"),
        (CONTENT._replace(answers={"sum": "1"}), CONTENT._replace(answers={"sum": "2"}), [GIVEN], "sum", "warning"),
        (CONTENT._replace(answers={"sum": "1"}), None, [GIVEN], "sum", "ok"),
    ],
)
def test_each_check(restored_one: Content, live: Content | None, given: Any, name: str, state: str) -> None:
    found = {each.name: each for each in _restore_checks.checks(restored_one, live, given)}
    assert found[name].state == state


def test_a_failed_check_ends_it() -> None:
    check = _restore_checks.Check("sum", "failed", "1", "-", "must be 0")._asdict()
    assert "sum: must be 0" in verdict({"checks": [check], "reached": True, "table": []}, required=False)


@pytest.mark.parametrize(
    ("incident", "live", "expected"),
    [
        (NOW, CONTENT, (60.0, "the incident")),
        (None, CONTENT._replace(newest=NOW + datetime.timedelta(seconds=5)), (65.0, "the newest row in use")),
        (None, None, (120.0, "now")),
        (NOW - datetime.timedelta(hours=1), None, (0.0, "the incident")),
    ],
)
def test_what_is_lost(incident: Any, live: Content | None, expected: tuple[float, str]) -> None:
    minute = datetime.timedelta(minutes=1)
    assert _restore_checks.lost(NOW - minute, incident, live, NOW + minute) == expected
