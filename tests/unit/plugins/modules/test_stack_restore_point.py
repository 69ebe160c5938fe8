# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _restore
from ansible_collections.uex.payments.plugins.module_utils._restore import Refused
from ansible_collections.uex.payments.plugins.modules import stack_restore_point
from ansible_collections.uex.payments.tests.support.contract import Account
from ansible_collections.uex.payments.tests.support.databases import DB, database, restored

OPTIONS = {"name": DB, "point": "", "source": "", "instance": "", "engine_version": "16"}


@pytest.fixture
def account(aws: None) -> Account:
    account = Account()
    database(account)
    account.connect("rds").create_db_snapshot(DBInstanceIdentifier=DB, DBSnapshotIdentifier="snap")
    account.written()
    return account


def found(account: Account, **changed: Any) -> dict[str, Any]:
    now = datetime.datetime.now(datetime.UTC)
    return stack_restore_point.found(account.connect, {**OPTIONS, **changed}, now)


def test_a_snapshot_is_restored_to_an_instance_that_is_called_after_its_moment(account: Account) -> None:
    result = found(account, point="snap")
    assert result["state"] == "new"
    assert result["restore_from"] == {"snapshot": "snap"}
    assert result["instance"] == _restore.name(DB, _restore.moment(result["moment"]))  # type: ignore[arg-type]
    assert result["allocated_storage"] == 50
    assert result["tags"][_restore.RESTORED_FROM] == "snap"
    assert account.written() == []


def test_the_latest_is_a_point_in_time_and_of_a_database_that_is_gone_a_snapshot(account: Account) -> None:
    assert found(account, point="latest")["restore_from"] == {"db_instance": DB, "time": "latest"}
    last = {"SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": "last"}
    account.connect("rds").delete_db_instance(DBInstanceIdentifier=DB, **last)
    assert found(account, point="latest")["restore_from"] == {"snapshot": "last"}


def test_what_was_restored_before_is_taken_up_and_not_made_again(account: Account) -> None:
    name = found(account, point="snap")["instance"]
    restored(account, name, {_restore.RESTORED_FROM: "snap", _restore.MOMENT: "2026-11-27T10:00:00Z"})
    assert found(account, point="snap")["state"] == "there"
    taken = found(account)
    assert (taken["state"], taken["instance"], taken["restore_from"]) == ("there", name, {})
    assert taken["tags"] == {_restore.RESTORED_FROM: "snap", _restore.MOMENT: "2026-11-27T10:00:00Z"}


def test_another_major_version_is_refused(account: Account) -> None:
    with pytest.raises(Refused, match="data_db_engine_version=16"):
        found(account, point="snap", engine_version="17")


def test_without_a_restored_one_there_is_nothing_to_take_up(account: Account) -> None:
    with pytest.raises(Refused, match="nothing was restored"):
        found(account)
