# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from ansible_collections.uex.payments.plugins.module_utils._state import BOOTSTRAP, NoStateBucket, Store
from ansible_collections.uex.payments.tests.support.contract import Account

BUCKET = "uex-payments-state-123456789012-us-east-1"
PREFIX = "uex-payments/test"


@pytest.fixture
def account(aws: None) -> Account:
    account = Account()
    account.connect("s3").create_bucket(Bucket=BUCKET)
    account.written()
    return account


def test_what_was_put_is_read(account: Account) -> None:
    store = Store(account.connect, BUCKET, PREFIX, "123456789012")
    assert store.read("outputs.json") is None
    assert store.write("outputs.json", "{}\n") == f"s3://{BUCKET}/{PREFIX}/outputs.json"
    assert store.read("outputs.json") == "{}\n"


def test_the_same_text_is_put_once(account: Account) -> None:
    store = Store(account.connect, BUCKET, PREFIX)
    assert [store.keep("a.json", text) for text in ("1", "1", "2", "2")] == [True, False, True, False]
    assert account.written() == [("s3", "PutObject")] * 2


def test_a_put_says_what_it_is_and_whose_the_bucket_must_be(account: Account) -> None:
    sent: list[dict[str, str]] = []
    events = account.connect("s3").meta.events
    events.register("provide-client-params.s3.PutObject", lambda params, **_rest: sent.append(params))
    Store(account.connect, BUCKET, PREFIX, "123456789012").write("a.json", "1")
    assert (sent[0]["ContentType"], sent[0]["ExpectedBucketOwner"]) == ("application/json", "123456789012")


def test_names_are_those_of_the_folder_of_the_environment(account: Account) -> None:
    store = Store(account.connect, BUCKET, PREFIX)
    for place in (store, Store(account.connect, BUCKET, f"{PREFIX}2")):
        for name in ("runs/b.json", "runs/a.json", "outputs.json"):
            place.write(name, "{}")
    assert store.names("runs/") == ["runs/a.json", "runs/b.json"]


def test_a_missing_bucket_is_named_with_what_makes_it(aws: None) -> None:
    store = Store(Account().connect, BUCKET, PREFIX)
    for call in (lambda: store.read("a"), lambda: store.write("a", ""), lambda: store.names("runs/")):
        with pytest.raises(NoStateBucket, match=f"{BUCKET} does not exist.*{BOOTSTRAP}"):
            call()


def test_a_denied_read_is_no_absence(account: Account) -> None:
    account.deny_reads = True
    with pytest.raises(ClientError, match="AccessDenied"):
        Store(account.connect, BUCKET, PREFIX).keep("a.json", "1")
    assert account.written() == []
