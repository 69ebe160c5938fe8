# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules import s3_object_restore
from ansible_collections.uex.payments.plugins.modules.s3_object_restore import (
    ARCHIVED,
    NotVersioned,
    problems,
    restored,
)
from ansible_collections.uex.payments.tests.support.contract import Account
from ansible_collections.uex.payments.tests.support.fake import Refused

BUCKET = "uex-payments-test-backups"


@pytest.fixture
def account(aws: None) -> Account:
    """A bucket whose objects were changed, deleted and added since; moto's moments are those of its versions."""
    account = Account()
    s3 = account.connect("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    for key in ("changed", "deleted", "same"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"old")
    account.written()
    return account


def spoil(account: Account) -> str:
    """The moment before objects were spoiled."""
    s3 = account.connect("s3")
    moments = [e["LastModified"] for e in s3.list_object_versions(Bucket=BUCKET)["Versions"]]
    _until_later(max(moments))
    as_of = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    _until_later(as_of)
    s3.put_object(Bucket=BUCKET, Key="changed", Body=b"new")
    s3.delete_object(Bucket=BUCKET, Key="deleted")
    s3.put_object(Bucket=BUCKET, Key="added", Body=b"new")
    account.written()
    return as_of.isoformat()


def _until_later(moment: datetime.datetime) -> None:
    """S3 keeps whole seconds."""
    import time

    while datetime.datetime.now(datetime.UTC) < moment + datetime.timedelta(seconds=1.05):
        time.sleep(0.05)


def options(as_of: str, **changed: Any) -> dict[str, Any]:
    return {
        **{"bucket": BUCKET, "prefix": "", "as_of": as_of, "remove_markers": True, "delete_newer": False},
        **changed,
    }


def contents(account: Account) -> dict[str, bytes]:
    s3 = account.connect("s3")
    entries = s3.list_objects_v2(Bucket=BUCKET).get("Contents") or ()
    return {e["Key"]: s3.get_object(Bucket=BUCKET, Key=e["Key"])["Body"].read() for e in entries}


def test_objects_are_as_they_were_and_a_check_only_says_so(account: Account) -> None:
    as_of = spoil(account)
    planned = restored(account.connect("s3"), options(as_of, delete_newer=True), check_mode=True)
    assert account.written() == []
    done = restored(account.connect("s3"), options(as_of, delete_newer=True), check_mode=False)
    assert planned["counts"] == done["counts"] == {"copy": 1, "undelete": 1, "delete": 1}
    assert done["size_bytes"] == 6
    assert contents(account) == {"changed": b"old", "deleted": b"old", "same": b"old"}


def test_what_came_later_stays_unless_told_and_a_prefix_spares_the_rest(account: Account) -> None:
    as_of = spoil(account)
    result = restored(account.connect("s3"), options(as_of, prefix="a"), check_mode=False)
    assert (result["changed"], result["counts"]) == (False, {"newer": 1})
    assert contents(account)["changed"] == b"new"


def test_one_object_that_cannot_be_copied_hides_no_other(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    as_of = spoil(account)
    carry_out = s3_object_restore._carry_out

    def archived(client: Any, bucket: str, action: Any) -> None:
        if action.key == "changed":
            raise Refused("InvalidObjectState")
        carry_out(client, bucket, action)

    monkeypatch.setattr(s3_object_restore, "_carry_out", archived)
    result = restored(account.connect("s3"), options(as_of), check_mode=False)
    assert result["objects"] == {"changed": ARCHIVED}
    assert contents(account)["deleted"] == b"old"


def test_a_bucket_without_versions_is_refused(account: Account) -> None:
    account.connect("s3").create_bucket(Bucket="plain")
    with pytest.raises(NotVersioned, match="plain keeps no versions"):
        restored(account.connect("s3"), options("2026-11-27", bucket="plain"), check_mode=True)


NOW = datetime.datetime(2026, 11, 27, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("as_of", "problem"),
    [("2026-11-26", None), ("2026-11-28", "as_of: 2026-11-28T00:00:00Z is yet to come"), ("noon", "as_of: a moment")],
)
def test_moments(as_of: str, problem: str | None) -> None:
    found = list(problems(options(as_of), NOW))
    assert [each.startswith(problem) for each in found] == [True] if problem else found == []
