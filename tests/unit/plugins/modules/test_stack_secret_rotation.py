# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _secret_rotation
from ansible_collections.uex.payments.plugins.module_utils._secret_rotation import Begun, seen
from ansible_collections.uex.payments.plugins.modules import stack_secret_rotation
from ansible_collections.uex.payments.plugins.modules.stack_secret_rotation import Refused, actions, looked, rotated
from ansible_collections.uex.payments.tests.support import plugins
from ansible_collections.uex.payments.tests.support.contract import Account

NAME = "uex-payments-test"
CANARY = "CANARY-of-the-tests"
SESSION = {"value": None, "name": f"{NAME}/session", "generate": [{"key": "key", "length": 64}]}
GIVEN = {"generate": [], "name": f"{NAME}/uex-api", "value": {"key": CANARY, "secret": ""}}
DATABASE = {"value": None, "name": f"{NAME}/database", "generate": [{"key": "password", "length": 40}]}
OPTIONS: dict[str, Any] = {"secrets": [SESSION, GIVEN, DATABASE], "served": ["database"], "log_group": "/aws/lambda/f"}


@pytest.fixture
def account(aws: None) -> Account:
    account = Account()
    for secret, value in (
        (SESSION, {"key": "old", "more": "stays"}),
        (GIVEN, {"key": "", "secret": ""}),
        (DATABASE, {}),
    ):
        account.connect("secretsmanager").create_secret(Name=secret["name"], SecretString=json.dumps(value))
    account.written()
    return account


def value(account: Account, secret: dict[str, Any]) -> dict[str, Any]:
    text = account.connect("secretsmanager").get_secret_value(SecretId=secret["name"])["SecretString"]
    found: dict[str, Any] = json.loads(text)
    return found


def run(account: Account, check_mode: bool = False, **settings: Any) -> dict[str, Any]:
    """What was begun and how far it is, by calls that the account notes."""
    options = {**OPTIONS, "named": [], "confirmed": [], "kept": {}, **settings}
    result = rotated(account.connect, options, check_mode)
    states = [] if check_mode else looked(account.connect, options, result["rotations"])
    return {**result, "states": states, "actions": actions(result["rotations"])}


def test_random_parts_are_made_anew_given_ones_put_and_the_rest_stays(account: Account) -> None:
    result = run(account)
    assert [action["name"] for action in result["actions"]] == [SESSION["name"], GIVEN["name"]]
    assert value(account, SESSION)["more"] == "stays"
    assert len(value(account, SESSION)["key"]) == 64
    assert value(account, GIVEN) == {"key": CANARY, "secret": ""}
    assert list(result["left"]) == [DATABASE["name"]]
    assert {state["state"] for state in result["states"]} == {"ready"}


def test_what_is_given_is_put_once(account: Account) -> None:
    run(account, named=["uex-api"])
    account.written()
    again = run(account, named=["uex-api"])
    assert (again["actions"], account.written()) == ([], [])


def test_a_check_writes_nothing_and_knows_what_would_stay(account: Account) -> None:
    run(account, named=["uex-api"])
    account.written()
    result = run(account, check_mode=True)
    assert account.written() == []
    assert [action["name"] for action in result["actions"]] == [SESSION["name"]]


def test_no_value_is_returned(account: Account) -> None:
    results = [plugins.run_module(stack_secret_rotation, OPTIONS, check_mode) for check_mode in (True, False)]
    shown = json.dumps(results)
    assert [result["changed"] for result in results] == [True, True]
    assert CANARY not in shown
    assert value(account, SESSION)["key"] not in shown


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"named": ["sesion"]}, "sesion is none of"),
        ({"named": ["database"]}, "data_rotation_enabled"),
        ({"named": ["session"], "kept": {"session": "people are signed out"}}, "people are signed out"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_begun(
    account: Account, settings: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        run(account, **settings)
    assert account.written() == []
    result = plugins.run_module(stack_secret_rotation, {**OPTIONS, **settings})
    assert result["failed"]
    assert words in result["msg"]


def test_one_that_fails_hides_no_other_and_quotes_no_value(account: Account) -> None:
    account.connect("secretsmanager").put_secret_value(SecretId=SESSION["name"], SecretString=f"no JSON: {CANARY}")
    result = plugins.run_module(stack_secret_rotation, OPTIONS)
    assert list(result["rotations"]) == [GIVEN["name"]]
    (failure,) = result["failures"]
    assert "holds no JSON object" in failure
    assert CANARY not in json.dumps(result)


VERSIONS = {"new": ["AWSCURRENT"], "old": ["AWSPREVIOUS"]}
PENDING = {"new": ["AWSPENDING"], "old": ["AWSCURRENT"]}


@pytest.mark.parametrize(
    ("how", "described", "state", "words"),
    [
        ("generated", {"VersionIdsToStages": VERSIONS}, "ready", "rotated"),
        ("function", {"VersionIdsToStages": VERSIONS, "LastRotatedDate": "now"}, "ready", "rotated"),
        ("function", {"VersionIdsToStages": VERSIONS, "LastRotatedDate": "before"}, "pending", "replaces the tasks"),
        (
            "function",
            {"VersionIdsToStages": PENDING, "LastRotatedDate": "before"},
            "pending",
            "the last try: no way in",
        ),
    ],
)
def test_a_rotation_is_over_when_the_value_is_current_and_aws_is_through(
    how: str, described: dict[str, Any], state: str, words: str
) -> None:
    status, found = seen(described, Begun(how, "new", "old", "before"), "no way in" if state == "pending" else "")
    assert found == state
    assert words in status


def test_why_the_function_failed_is_read_from_its_log(account: Account) -> None:
    arn = account.connect("secretsmanager").describe_secret(SecretId=DATABASE["name"])["ARN"]
    logs = account.connect("logs")
    logs.create_log_group(logGroupName="/aws/lambda/f")
    logs.create_log_stream(logGroupName="/aws/lambda/f", logStreamName="s")
    line = f"[ERROR] RotationFailed: setSecret of {arn} failed: InterfaceError"
    logs.put_log_events(
        logGroupName="/aws/lambda/f",
        logStreamName="s",
        logEvents=[{"timestamp": int(time.time() * 1000), "message": line}],
    )
    found = _secret_rotation.look(account.connect, DATABASE["name"], Begun("function", "x", "y"), "/aws/lambda/f")
    assert line in found["status"]
