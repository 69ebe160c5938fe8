# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _barrier, _cache_restore
from ansible_collections.uex.payments.plugins.module_utils._cache_restore import Seen
from ansible_collections.uex.payments.plugins.module_utils._restore import Refused
from ansible_collections.uex.payments.plugins.module_utils._snapshots import CACHE as WHAT
from ansible_collections.uex.payments.plugins.module_utils._snapshots import Snapshot
from ansible_collections.uex.payments.plugins.modules.stack_cache_restore import CacheRestore, advanced, foreseen
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account
from ansible_collections.uex.payments.tests.support.databases import CACHE, cache


@pytest.fixture
def account(aws: None) -> Account:
    account = Account()
    cache(account)
    account.connect("elasticache").create_snapshot(ReplicationGroupId=CACHE, SnapshotName="snap")
    account.written()
    return account


def restore(account: Account, point: str = "latest") -> CacheRestore:
    return CacheRestore(account.connect, {"name": CACHE, "point": point, "tags": TAGS})


def snapshots(account: Account) -> list[str]:
    return sorted(each["SnapshotName"] for each in account.connect("elasticache").describe_snapshots()["Snapshots"])


def test_the_group_goes_with_a_last_snapshot_and_one_carries_what_the_new_one_is_made_of(account: Account) -> None:
    result = advanced(restore(account))
    assert [each[1] for each in account.written()] == ["CopySnapshot", "DeleteReplicationGroup"]
    assert result["states"][0]["state"] == _barrier.READY
    chosen, last, carrier = snapshots(account)
    assert last.startswith(f"{CACHE}-before-")
    assert (carrier, chosen) == (f"{CACHE}-replacement", "snap")


def test_interrupted_it_goes_on_and_once_the_group_is_made_again_only_the_carrier_goes(account: Account) -> None:
    advanced(restore(account))
    assert advanced(restore(account))["steps"] == []
    cache(account)
    account.written()
    assert advanced(restore(account))["states"][0]["state"] == _barrier.READY
    assert account.written() == [("elasticache", "DeleteSnapshot")]


def test_check_mode_copies_and_deletes_nothing(account: Account) -> None:
    assert "would go, with a last snapshot" in foreseen(restore(account))["table"][0]
    assert account.written() == []


def test_a_snapshot_that_is_not_there_is_refused_with_those_that_are(account: Account) -> None:
    with pytest.raises(Refused, match="there is snap"):
        restore(account, "other")


NOW = datetime.datetime(2026, 11, 27, 10, 0, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(minutes=1)
CARRIER = Snapshot(WHAT, "g-replacement", "g", "available", NOW, None, None, "arn")


@pytest.mark.parametrize(
    ("seen", "what"),
    [
        (Seen("available", NOW, None, "", None), _cache_restore.COPY),
        (Seen("modifying", NOW, None, "", None), _cache_restore.WAIT),
        (Seen(None, None, None, "", None), _cache_restore.COPY),
        (Seen("available", NOW, CARRIER._replace(status="creating"), "s", LATER), _cache_restore.WAIT),
        (Seen("available", NOW, CARRIER, "s", LATER), _cache_restore.RETIRE),
        (Seen("snapshotting", NOW, CARRIER, "s", LATER), _cache_restore.WAIT),
        (Seen("deleting", NOW, CARRIER, "s", LATER), _cache_restore.DONE),
        (Seen(None, None, CARRIER, "s", LATER), _cache_restore.DONE),
        (Seen("creating", LATER, CARRIER, "s", NOW), _cache_restore.DISCARD),
        (Seen("available", LATER, CARRIER, "s", NOW), _cache_restore.DISCARD),
    ],
)
def test_every_state_has_its_next_step(seen: Seen, what: str) -> None:
    assert _cache_restore.step("g", "s", seen).what == what


def test_a_carrier_of_another_snapshot_is_in_the_way() -> None:
    with pytest.raises(Refused, match="a copy of other: restore that one, or delete it"):
        _cache_restore.step("g", "s", Seen("available", NOW, CARRIER, "other", NOW))
