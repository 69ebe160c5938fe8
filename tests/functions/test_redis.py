# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The auth token, on a real Redis: both are accepted until every task has been replaced, then the new one alone."""

from __future__ import annotations

import random
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

from ansible_collections.uex.payments.functions.rotation import redis_token, steps
from ansible_collections.uex.payments.tests.functions import breaking
from ansible_collections.uex.payments.tests.functions.account import REDIS_SECRET, Account
from ansible_collections.uex.payments.tests.functions.servers import Cache

FIRST = "FirstTokenOfSixteenOrMore1"
SAMPLE, SEED = 2, 20260101
REFUSED = 1
CHANGES = 6  #: calls that change something in a rotation: value, SET, ROTATE, label, deployment, SET


class Estate(NamedTuple):
    """An account and a cache as a deployment leaves them."""

    account: Account
    cache: Cache

    def token(self, label: str = "AWSCURRENT") -> str:
        return str(self.account.value(REDIS_SECRET, label)["auth_token"])

    def rotate(self) -> str:
        """A rotation that succeeds: the new current token."""
        assert self.account.rotate(REDIS_SECRET) is None
        return self.token()

    def places(self) -> list[tuple[Any, str]]:
        secrets, readers = self.account.secrets, self.account.readers
        return [
            (secrets, "put_secret_value"),
            (secrets, "update_secret_version_stage"),
            (self.cache, "modify_replication_group"),
            (readers, "update_service"),
        ]


@pytest.fixture
def estate(account: Account, cache: Cache) -> Estate:
    cache.reset(FIRST)
    account.make(REDIS_SECRET, {"auth_token": FIRST})
    return Estate(account, cache)


def test_a_new_token_works_and_the_old_one_ends_once_the_tasks_are_replaced(estate: Estate) -> None:
    accepted: list[list[bool]] = []
    tokens = [FIRST]
    estate.account.readers.read = lambda: accepted.append(
        [estate.cache.accepts(tokens[-1]), estate.cache.accepts(estate.token())]
    )
    for _turn in range(3):
        tokens.append(estate.rotate())
        assert [estate.cache.accepts(token) for token in tokens[-2:]] == [False, True]
    assert accepted == [[True, True]] * 3, "while tasks are replaced both are accepted"
    assert estate.account.readers.replaced == ["presentation"] * 3
    assert len(set(tokens)) == len(tokens)


def test_a_token_is_such_as_elasticache_takes(estate: Estate) -> None:
    token = estate.rotate()
    assert 16 <= len(token) <= 128
    assert token.isalnum()


def test_a_connection_outlives_the_rotation(estate: Estate) -> None:
    with estate.cache.client(FIRST) as client:
        client.set("payment", "1")
        estate.rotate()
        assert client.get("payment") == b"1"


def test_while_tasks_are_not_replaced_both_tokens_stay_and_the_next_rotation_withdraws_the_old_one(
    estate: Estate, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(steps, "SPARE_SECONDS", 900.0)  # no time is left to wait
    estate.account.readers.finished = False
    second = estate.rotate()
    assert [estate.cache.accepts(token) for token in (FIRST, second)] == [True, True]
    assert "stays until the next rotation" in caplog.text
    estate.account.readers.finished = True
    third = estate.rotate()
    assert [estate.cache.accepts(token) for token in (FIRST, second, third)] == [False, False, True]


def test_there_are_never_three_tokens(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """An abandoned rotation's token goes before another is added: the current one would be dropped for it."""
    estate.account.fail = breaking.at_step("testSecret", after=False)
    assert estate.account.rotate(REDIS_SECRET)
    (abandoned,) = set(estate.cache.tokens) - {FIRST}
    version = estate.account.secrets.get_secret_value(SecretId=REDIS_SECRET, VersionStage="AWSPENDING")["VersionId"]
    estate.account.secrets.update_secret_version_stage(
        SecretId=REDIS_SECRET, VersionStage="AWSPENDING", RemoveFromVersionId=version
    )
    estate.account.fail = lambda _step, do: do()
    monkeypatch.setattr(steps, "SPARE_SECONDS", 900.0)
    estate.account.readers.finished = False
    token = estate.rotate()
    assert [estate.cache.accepts(each) for each in (FIRST, abandoned, token)] == [True, False, True]


def test_a_refusal_of_aws_that_is_not_about_set_is_an_error(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(**given: Any) -> None:
        error = {"Error": {"Code": "AccessDenied", "Message": f"not {given['AuthToken']}"}}
        raise ClientError(error, "ModifyReplicationGroup")

    monkeypatch.setattr(estate.cache, "modify_replication_group", denied)
    error = str(estate.account.rotate(REDIS_SECRET))
    assert error.endswith("failed: AccessDenied [ModifyReplicationGroup]")
    assert FIRST not in error


@pytest.mark.parametrize(
    "group, steady",
    [
        ({"Status": "available"}, True),
        ({"Status": "available", "PendingModifiedValues": {"AutomaticFailoverStatus": "enabled"}}, True),
        ({"Status": "available", "PendingModifiedValues": {"AuthTokenStatus": "ROTATING"}}, False),
        ({"Status": "modifying"}, False),
    ],
)
def test_a_group_is_steady(group: dict[str, Any], steady: bool) -> None:
    assert redis_token._is_steady(group) is steady


# Failures


def survives(estate: Estate) -> None:
    """After a failure the current token works; the same rotation, tried again, and the next one succeed."""
    assert estate.cache.accepts(estate.token())
    estate.account.fail = lambda _step, do: do()
    for _turn in range(2):
        assert estate.cache.accepts(estate.rotate())
    assert estate.cache.tokens == [estate.token()]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", breaking.STEPS)
def test_a_failure_at_a_step_leaves_a_token_that_works(estate: Estate, step: str, after: bool) -> None:
    estate.account.fail = breaking.at_step(step, after)
    assert isinstance(estate.account.rotate(REDIS_SECRET), breaking.Broken)
    survives(estate)


def test_as_many_calls_can_fail(estate: Estate) -> None:
    with breaking.counted(breaking.Counter(), *estate.places()) as counter:
        estate.rotate()
    assert counter.calls == CHANGES


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Which call, and whether after its effect. AWS refuses the first SET, so that one has none."""
    if "case" in metafunc.fixturenames:
        every = [
            (call, after) for call in range(CHANGES) for after in (False, True) if (call, after) != (REFUSED, True)
        ]
        cases = every if metafunc.config.getoption("--everything") else random.Random(SEED).sample(every, SAMPLE)
        metafunc.parametrize("case", cases, ids=str)


def test_a_failure_of_any_call_leaves_a_token_that_works(estate: Estate, case: tuple[int, bool]) -> None:
    call, after = case
    with breaking.counted(breaking.Counter(call, after), *estate.places()):
        error = estate.account.rotate(REDIS_SECRET)
    assert error is not None
    assert breaking.CANARY not in str(error)
    survives(estate)


def test_no_token_is_logged_or_told(estate: Estate, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="rotation")
    tokens = [FIRST, estate.rotate(), estate.rotate()]
    text = caplog.text + estate.cache.log.read_text(encoding="utf-8")
    assert "finishSecret" in text
    assert [token for token in tokens if token in text] == []
