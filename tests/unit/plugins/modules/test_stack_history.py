# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _record
from ansible_collections.uex.payments.plugins.module_utils._state import Store
from ansible_collections.uex.payments.plugins.modules import stack_history
from ansible_collections.uex.payments.tests.support import plugins
from ansible_collections.uex.payments.tests.support.contract import Account
from ansible_collections.uex.payments.tests.support.history import RECORD

BUCKET = "uex-payments-state-123456789012-us-east-1"
OPTIONS: dict[str, Any] = {"state_bucket": BUCKET, "state_prefix": "uex-payments/dev", "account_id": "123456789012"}
IDS = [f"2026112{day}T180500Z-{day}" for day in (1, 2, 3)]


@pytest.fixture
def store(aws: None) -> Store:
    connect = Account().connect
    connect("s3").create_bucket(Bucket=BUCKET)
    return Store(connect, BUCKET, OPTIONS["state_prefix"])


@pytest.fixture
def records(store: Store) -> Store:
    for each in IDS:
        store.write(_record.name(each), json.dumps({**RECORD, "id": each}))
    store.write("runs/notes.txt", "not one of ours")
    return store


@pytest.mark.parametrize(("count", "ids"), [(20, IDS[::-1]), (2, IDS[:0:-1])])
def test_runs_are_listed_newest_first(records: Store, count: int, ids: list[str]) -> None:
    result = plugins.run_module(stack_history, {**OPTIONS, "count": count})
    assert result["changed"] is False
    assert [run["id"] for run in result["runs"]] == ids
    assert [line.split()[0] for line in result["table"]] == ["run", *ids]


def test_one_run_is_shown_whole(records: Store) -> None:
    result = plugins.run_module(stack_history, {**OPTIONS, "run": IDS[1]}, check_mode=True)
    assert result["record"] == {**RECORD, "id": IDS[1]}
    assert "Seconds by layer" in result["table"]


def test_an_unknown_run_is_refused_with_where_it_was_looked_for(records: Store) -> None:
    result = plugins.run_module(stack_history, {**OPTIONS, "run": "20200101T000000Z-1"})
    assert result["failed"]
    assert f"s3://{BUCKET}/uex-payments/dev/runs/20200101T000000Z-1.json is not there" in result["msg"]


def test_what_is_no_record_is_named(store: Store) -> None:
    store.write(_record.name(IDS[0]), "{")
    result = plugins.run_module(stack_history, OPTIONS)
    assert f"{IDS[0]}.json is no record" in result["msg"]


def test_an_empty_bucket_is_said_in_a_sentence(store: Store) -> None:
    result = plugins.run_module(stack_history, OPTIONS)
    assert (result["runs"], result["table"]) == (
        [],
        [f"No run is recorded in s3://{BUCKET}/uex-payments/dev/runs/ yet."],
    )


def test_a_missing_bucket_is_said_in_a_sentence_with_what_makes_it(aws: None) -> None:
    result = plugins.run_module(stack_history, OPTIONS)
    (line,) = result["table"]
    assert result["runs"] == []
    assert f"the state bucket {BUCKET} does not exist" in line
    assert "playbooks/bootstrap.yml" in line


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"count": 0}, "count: from 1"),
        ({"count": 1001}, "count: from 1"),
        ({"run": "../outputs"}, "run: an id such as"),
    ],
)
def test_bad_input_is_refused_with_the_option_s_name(aws: None, changed: dict[str, Any], words: str) -> None:
    result = plugins.run_module(stack_history, {**OPTIONS, **changed})
    assert result["failed"]
    assert words in result["msg"]
