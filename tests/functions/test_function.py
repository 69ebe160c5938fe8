# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The function itself: generated secrets, what it refuses, and what its errors say."""

from __future__ import annotations

import json
import traceback
from typing import Any

import pg8000.native
import pytest

from ansible_collections.uex.payments.functions.rotation import handler, roles, scram, services
from ansible_collections.uex.payments.tests.functions.account import CLUSTER, SECRET, SESSION_SECRET, Account, Context

TOKEN = "11111111-2222-3333-4444-555555555555"


def call(account: Account, step: str, name: str, token: str = TOKEN) -> str:
    """The error of one step, all that Lambda would log of it; empty where there is none."""
    arn = account.secrets.describe_secret(SecretId=name)["ARN"]
    try:
        handler.handler({"Step": step, "SecretId": arn, "ClientRequestToken": token}, Context())
    except handler.RotationFailed:
        return traceback.format_exc()
    return ""


def test_a_generated_secret_gets_new_random_parts_and_keeps_the_rest(account: Account) -> None:
    account.make(SESSION_SECRET, {"key": "old", "use": "sessions"})
    assert account.rotate(SESSION_SECRET) is None
    value = account.value(SESSION_SECRET)
    assert (value["use"], len(value["key"])) == ("sessions", 64)
    assert account.value(SESSION_SECRET, "AWSPREVIOUS")["key"] == "old"
    assert account.readers.replaced == ["presentation"]


def test_steps_may_be_repeated_and_a_done_rotation_changes_no_value(account: Account) -> None:
    account.make(SESSION_SECRET, {"key": "old"})
    account.secrets.put_secret_value(
        SecretId=SESSION_SECRET, SecretString="{}", ClientRequestToken=TOKEN, VersionStages=["AWSPENDING"]
    )
    assert "lacks key: rotate the secret again" in call(account, "testSecret", SESSION_SECRET)
    assert account.rotate(SESSION_SECRET)
    assert account.value(SESSION_SECRET) == {"key": "old"}


def test_a_version_that_is_not_pending_is_refused(account: Account) -> None:
    account.make(SESSION_SECRET, {"key": "old"})
    for step in ("createSecret", "setSecret", "testSecret", "finishSecret"):
        assert f"version {TOKEN} of {SESSION_SECRET} is not AWSPENDING" in call(account, step, SESSION_SECRET)


def test_a_schedule_s_own_test_has_no_value_and_is_no_error(account: Account) -> None:
    account.make(SESSION_SECRET, {"key": "old"})
    pending = {"versions": {TOKEN: ["AWSPENDING"]}}
    describe = account.secrets.describe_secret
    account.secrets.describe_secret = lambda **which: {**describe(**which), "VersionIdsToStages": pending["versions"]}
    assert call(account, "testSecret", SESSION_SECRET) == ""
    assert "has no value" in call(account, "finishSecret", SESSION_SECRET)


@pytest.mark.parametrize("text", ["no JSON: canary-9f", json.dumps(["canary-9f"])])
def test_a_value_that_is_no_json_object_is_refused_and_not_shown(account: Account, text: str) -> None:
    account.make(SESSION_SECRET, {})
    account.secrets.put_secret_value(SecretId=SESSION_SECRET, SecretString=text)
    error = account.rotate(SESSION_SECRET)
    assert "is no JSON object" in str(error)
    assert "canary" not in "".join(traceback.format_exception(error))


def test_a_secret_that_nobody_told_of_is_refused(account: Account) -> None:
    account.make(f"{CLUSTER}/other", {"key": "old"})
    assert "add it to data_rotation_secrets" in str(account.rotate(f"{CLUSTER}/other"))


def test_the_login_in_use_is_never_the_next(account: Account) -> None:
    account.make(SECRET, {"username": "uex_app", "password": "x", "dbname": "uex"})
    account.secrets.put_secret_value(
        SecretId=SECRET,
        SecretString=json.dumps({"username": "uex_app", "password": "y", "dbname": "uex"}),
        VersionStages=["AWSPENDING"],
    )
    assert "take label AWSPENDING off" in str(account.rotate(SECRET))


@pytest.mark.parametrize(
    "current, expected",
    [("uex", "uex_app"), ("uex_app", "uex_app_clone"), ("uex_app_clone", "uex_app"), ("somebody", "uex_app")],
)
def test_whose_turn_is_next(current: str, expected: str) -> None:
    assert roles.following("uex", current) == expected


def test_a_verifier_is_postgresql_s() -> None:
    """The example of RFC 7677."""
    salt = b"\x5b\x6d\x99\x68\x9d\x12\x35\x8e\xec\xa0\x4b\x14\x12\x36\xfa\x81"
    assert scram.verifier("pencil", salt) == (
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
        ":wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
    )


def test_names_are_quoted() -> None:
    said: list[str] = []
    value = {"username": 'o"dd_app', "dbname": "d b"}
    roles.prepare(lambda text, **_: said.append(text) or [], 'o"dd', value, "v'v")
    assert "ALTER ROLE \"o\"\"dd_app\" PASSWORD 'v''v'" in said


@pytest.mark.parametrize(
    "error, told",
    [
        (pg8000.native.DatabaseError({"C": "28P01", "M": "canary"}), "DatabaseError 28P01"),
        (ValueError("canary"), "ValueError"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_an_error_is_told_by_kind_and_code(error: Exception, told: str) -> None:
    assert handler._reason(error) == told


DONE = {"rolloutState": "COMPLETED"}


@pytest.mark.parametrize(
    "deployments, settled",
    [([DONE], True), ([DONE, DONE], False), ([{"rolloutState": "IN_PROGRESS"}], False), ([{}], False)],
)
def test_services_are_settled(deployments: list[dict[str, Any]], settled: bool) -> None:
    assert services._are_settled([{"deployments": [DONE]}, {"deployments": deployments}]) is settled


def test_without_a_cluster_nobody_has_to_read() -> None:
    class Absent(Exception):
        pass

    class Client:
        class exceptions:
            ClusterNotFoundException = Absent

        def get_paginator(self, _operation: str) -> Any:
            raise Absent

    assert services.Services(Client(), "none").replace_tasks() == []
