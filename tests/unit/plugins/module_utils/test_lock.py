# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which requests meet which lock, on the embedded AWS's DynamoDB, and what people are told."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from ansible_collections.uex.payments.plugins.module_utils import _lock

PLACE = _lock.Place("locks", "uex-payments/dev")
ME = _lock.Owner("a1", "alice@laptop", 42, "ansible-playbook site.yml")
YOU = _lock.Owner("b2", "bob@desk", 43, "ansible-playbook playbooks/prune.yml")
NOW, EXPIRY = 1_800_000_000, 120
HELD = _lock.Holder("a1", "alice@laptop", 42, ME.what, NOW, NOW + EXPIRY, 1)


@pytest.fixture
def table(aws: None) -> Any:
    client = boto3.client("dynamodb")
    client.create_table(
        TableName=PLACE.table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    return client


@pytest.fixture
def mine(table: Any) -> Any:
    """The lock is this run's, with fence 1."""
    assert done(table, _lock.acquisition(PLACE, ME, NOW, EXPIRY)) == HELD
    return table


def done(client: Any, request: _lock.Request) -> _lock.Holder | None:
    """Who holds the lock after a request that was met; ClientError where it was not."""
    return _lock.holder(client.update_item(**request)["Attributes"])


def refused(client: Any, request: _lock.Request) -> _lock.Holder | None:
    """Who holds the lock by the answer to a request that was not met."""
    with pytest.raises(ClientError) as caught:
        client.update_item(**request)
    assert caught.value.response["Error"]["Code"] == _lock.REFUSED
    return _lock.holder(caught.value.response.get("Item"))


def read(client: Any) -> _lock.Holder | None:
    return _lock.holder(client.get_item(**_lock.reading(PLACE)).get("Item"))


@pytest.mark.parametrize("later", [0, EXPIRY - 1, EXPIRY])
def test_a_lock_that_has_not_expired_is_not_taken(mine: Any, later: int) -> None:
    assert refused(mine, _lock.acquisition(PLACE, YOU, NOW + later, EXPIRY)) == HELD
    assert read(mine) == HELD


def test_a_lock_that_has_expired_is_taken_with_the_next_fence(mine: Any) -> None:
    now = NOW + EXPIRY + 1
    taken = done(mine, _lock.acquisition(PLACE, YOU, now, EXPIRY))
    assert taken == _lock.Holder(YOU.id, YOU.user, YOU.pid, YOU.what, now, now + EXPIRY, 2)


def test_the_fence_grows_over_a_release(mine: Any) -> None:
    assert done(mine, _lock.release(PLACE, ME.id, 1)) is None
    taken = done(mine, _lock.acquisition(PLACE, YOU, NOW, EXPIRY))
    assert taken and taken.fence == 2


def test_a_renewal_changes_the_expiry_alone(mine: Any) -> None:
    assert done(mine, _lock.renewal(PLACE, ME.id, 1, NOW + 30, EXPIRY)) == HELD._replace(expires=NOW + 30 + EXPIRY)


@pytest.mark.parametrize(("owner", "fence"), [("b2", 1), ("a1", 2), ("a1", 0), ("", 1)])
def test_another_s_lock_is_neither_renewed_nor_released(mine: Any, owner: str, fence: int) -> None:
    assert refused(mine, _lock.renewal(PLACE, owner, fence, NOW, EXPIRY)) == HELD
    assert refused(mine, _lock.release(PLACE, owner, fence)) == HELD


def test_a_lock_that_is_free_is_neither_renewed_nor_released(mine: Any) -> None:
    mine.update_item(**_lock.release(PLACE, ME.id, 1))
    assert refused(mine, _lock.renewal(PLACE, ME.id, 1, NOW, EXPIRY)) is None
    assert refused(mine, _lock.release(PLACE, ME.id)) is None


def test_a_lock_is_released_without_its_fence_by_its_owner_only(mine: Any) -> None:
    assert refused(mine, _lock.release(PLACE, YOU.id)) == HELD
    assert done(mine, _lock.release(PLACE, ME.id)) is None


def test_environments_do_not_share_a_lock(mine: Any) -> None:
    other = _lock.Place(PLACE.table, "uex-payments/prod")
    taken = done(mine, _lock.acquisition(other, YOU, NOW, EXPIRY))
    assert taken and taken.fence == 1
    assert read(mine) == HELD


def test_the_time_is_the_answer_s() -> None:
    answer = {"ResponseMetadata": {"HTTPHeaders": {"date": "Fri, 15 Jan 2027 08:00:00 GMT"}}}
    assert _lock.service_time(answer) == NOW


# Texts


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ({"args": ("site.yml",)}, "ansible-playbook site.yml"),
        ({"args": ("site.yml",), "tags": ("all",)}, "ansible-playbook site.yml"),
        (
            {"args": ("site.yml",), "inventory": ("inventories/dev",), "tags": ("data", "edge"), "subset": "x"},
            "ansible-playbook site.yml -i inventories/dev --tags data --tags edge --limit x",
        ),
        ({"args": ("a.yml", "b.yml"), "skip_tags": ("edge",)}, "ansible-playbook a.yml b.yml --skip-tags edge"),
        ({"args": ("a.yml",), "extra_vars": ("password=x",)}, "ansible-playbook a.yml"),
    ],
)
def test_a_command_is_shown_without_its_variables(arguments: dict[str, Any], shown: str) -> None:
    assert _lock.command(arguments) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0 s"), (59, "59 s"), (192, "3 min 12 s"), (7500, "2 h 5 min"), (-3, "0 s")]
)
def test_a_duration_is_said_in_words(seconds: int, shown: str) -> None:
    assert _lock.duration(seconds) == shown


def test_a_refusal_says_all_that_the_next_step_needs() -> None:
    said = _lock.refusal(PLACE, HELD, NOW + 20, "ansible-playbook playbooks/force_unlock.yml -i inventories/dev")
    for words in (
        "uex-payments/dev is locked by alice@laptop (process 42)",
        "runs     ansible-playbook site.yml",
        "since    2027-01-15 08:00:00 UTC, for 20 s",
        "expires  2027-01-15 08:02:00 UTC, in 1 min 40 s",
        "playbooks/force_unlock.yml -i inventories/dev -e force_unlock=a1",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("owner", "found", "words"),
    [
        ("x", HELD, ("force_unlock: 'x' does not hold the lock", "alice@laptop", "a1")),
        ("x", None, ("force_unlock: 'x' does not hold the lock", "uex-payments/dev is not locked")),
        ("", HELD, ("force_unlock: no id is given", "alice@laptop", "a1")),
    ],
)
def test_a_forced_release_that_misses_says_who_holds_the_lock(owner: str, found: Any, words: tuple[str, ...]) -> None:
    said = _lock.not_released(PLACE, owner, found, NOW)
    assert [each for each in words if each not in said] == []


def test_an_expired_lock_is_said_to_be_free_to_take() -> None:
    assert "already; the next run takes it over" in _lock.described(PLACE, HELD, NOW + EXPIRY + 5)


@pytest.mark.parametrize(("found", "words"), [(HELD, "taken over by alice@laptop (process 42)"), (None, "by force")])
def test_a_run_that_lost_its_lock_is_told_how(found: Any, words: str) -> None:
    assert words in _lock.lost(PLACE, found)
    assert "90 s" in _lock.unrenewed(PLACE, 90.2)
