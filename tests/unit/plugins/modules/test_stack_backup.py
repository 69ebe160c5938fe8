# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _barrier
from ansible_collections.uex.payments.plugins.modules.stack_backup import backed_up, problems
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account

NAME = "uex-payments-test"
OPTIONS: dict[str, Any] = {
    "name": NAME,
    "tags": TAGS,
    "what": ["database", "cache"],
    "label": "manual",
    "at": "20261127-101500",
    "keep": 0,
    "copy_regions": {},
    "command": "restore",
}
DB_SNAPSHOT, CACHE_SNAPSHOT = f"{NAME}-db-manual-20261127-101500", f"{NAME}-redis-manual-20261127-101500"


@pytest.fixture
def account(aws: None) -> Account:
    """A database and a cache."""
    account = Account()
    account.connect("rds").create_db_instance(
        DBInstanceIdentifier=f"{NAME}-db",
        DBInstanceClass="db.t3.medium",
        Engine="postgres",
        EngineVersion="16",
        AllocatedStorage=50,
        MasterUsername="uex",
        MasterUserPassword="long-enough",
        BackupRetentionPeriod=7,
        StorageEncrypted=True,
    )
    account.connect("elasticache").create_replication_group(
        ReplicationGroupId=f"{NAME}-redis",
        ReplicationGroupDescription="cache",
        CacheNodeType="cache.t3.micro",
        Engine="redis",
        NumCacheClusters=1,
    )
    account.written()
    return account


def names(account: Account, region: str = "us-east-1") -> list[str]:
    entries = account.connect("rds", region).describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    return sorted(entry["DBSnapshotIdentifier"] for entry in entries)


def test_both_are_taken_with_our_tags_and_found_again(account: Account) -> None:
    result = backed_up(account.connect, OPTIONS, check_mode=False)
    assert account.written() == [("rds", "CreateDBSnapshot"), ("elasticache", "CreateSnapshot")]
    assert {each["state"] for each in result["states"]} == {_barrier.READY}
    assert [each["name"] for each in result["snapshots"]] == [DB_SNAPSHOT, CACHE_SNAPSHOT]
    assert result["restorable"]["days"] == 7
    assert result["restorable"]["behind"] < 60
    (entry,) = account.connect("rds").describe_db_snapshots(DBSnapshotIdentifier=DB_SNAPSHOT)["DBSnapshots"]
    assert {tag["Key"]: tag["Value"] for tag in entry["TagList"]} == TAGS
    account.written()
    again = backed_up(account.connect, OPTIONS, check_mode=False)
    assert account.written() == []
    assert again["snapshots"] == result["snapshots"]


def test_check_mode_takes_and_deletes_nothing(account: Account) -> None:
    for minute in ("10", "11"):
        backed_up(account.connect, {**OPTIONS, "at": f"20261127-10{minute}00"}, check_mode=False)
    account.written()
    result = backed_up(account.connect, {**OPTIONS, "keep": 1}, check_mode=True)
    assert account.written() == []
    assert [name.rpartition("-")[2] for name in result["removed"]] == ["101000", "101100"] * 2
    assert f"would be taken: {DB_SNAPSHOT}" in result["table"]


def test_older_ones_of_the_label_go_and_others_stay(account: Account) -> None:
    account.connect("rds").create_db_snapshot(DBInstanceIdentifier=f"{NAME}-db", DBSnapshotIdentifier="somebody-s")
    for label, minute in (("manual", "10"), ("manual", "11"), ("other", "12")):
        one = {"what": ["database"], "label": label, "at": f"20261127-10{minute}00"}
        backed_up(account.connect, {**OPTIONS, **one}, check_mode=False)
    result = backed_up(account.connect, {**OPTIONS, "what": ["database"], "keep": 2}, check_mode=False)
    assert result["removed"] == [f"{NAME}-db-manual-20261127-101000"]
    assert names(account) == sorted(
        ["somebody-s", f"{NAME}-db-manual-20261127-101100", f"{NAME}-db-other-20261127-101200", DB_SNAPSHOT]
    )


def test_a_database_s_snapshot_is_copied_to_other_regions_and_a_cache_s_is_not(account: Account) -> None:
    result = backed_up(account.connect, {**OPTIONS, "copy_regions": {"eu-west-1": ""}}, check_mode=False)
    assert names(account, "eu-west-1") == [DB_SNAPSHOT]
    assert [each["region"] for each in result["snapshots"]] == ["", "", "eu-west-1"]
    assert f"{DB_SNAPSHOT} in eu-west-1" in [each["name"] for each in result["states"]]
    account.written()
    backed_up(account.connect, {**OPTIONS, "copy_regions": {"eu-west-1": ""}}, check_mode=False)
    assert account.written() == []


def test_a_database_that_is_not_there_is_an_error(account: Account) -> None:
    with pytest.raises(Exception, match="uex-payments-other-db"):
        backed_up(account.connect, {**OPTIONS, "name": "uex-payments-other"}, check_mode=False)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"label": "Before"}, "label: lower-case"),
        ({"label": "a--b"}, "label: lower-case"),
        ({"keep": -1}, "keep: 0 for all"),
        ({"at": "now"}, "at: a moment such as"),
        ({}, None),
    ],
)
def test_what_cannot_be_in_a_name_is_refused(changed: dict[str, Any], problem: str | None) -> None:
    found = list(problems({**OPTIONS, **changed}))
    assert [each.startswith(problem) for each in found] == [True] if problem else found == []
