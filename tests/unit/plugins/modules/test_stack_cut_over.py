# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _barrier, _restore, _tags
from ansible_collections.uex.payments.plugins.module_utils._restore import Refused
from ansible_collections.uex.payments.plugins.modules.stack_cut_over import CutOver, advanced, foreseen
from ansible_collections.uex.payments.tests.support.contract import Account
from ansible_collections.uex.payments.tests.support.databases import DB, NAME, database, names, restored, shown

R, B = f"{DB}-restored-20261127-100000", f"{DB}-before-20261127-100000"
OPTIONS = {"name": DB, "instance": R, "cluster": NAME, "login": f"{NAME}/database"}


@pytest.fixture
def account(aws: None) -> Account:
    """A database with a replica and logs, and one that was restored of it."""
    account = Account()
    database(account, EnableCloudwatchLogsExports=["postgresql"])
    account.connect("rds").create_db_instance_read_replica(
        DBInstanceIdentifier=f"{DB}-replica-1", SourceDBInstanceIdentifier=DB
    )
    restored(account, R, {_restore.MOMENT: "2026-11-27T10:00:00Z"})
    account.written()
    return account


def cut(account: Account, **changed: str) -> CutOver:
    return CutOver(account.connect, {**OPTIONS, **changed})


def test_the_names_change_places_and_the_replica_goes(account: Account) -> None:
    ids = {name: shown(account, name)["DbiResourceId"] for name in (DB, R)}
    result = advanced(cut(account))
    assert [step["what"] for step in result["steps"]] == ["rename away", "rename", "mark", "end replicas"]
    assert names(account) == [DB, B]
    assert {name: shown(account, name)["DbiResourceId"] for name in (DB, B)} == {DB: ids[R], B: ids[DB]}
    assert result["states"][0]["state"] == _barrier.READY
    assert result["aside"] == B
    assert shown(account, B)["EnabledCloudwatchLogsExports"] == []
    assert _restore.REPLACED_AT in _tags.to_dict(shown(account, B)["TagList"])


def test_a_second_time_does_nothing(account: Account) -> None:
    advanced(cut(account))
    account.written()
    result = advanced(cut(account))
    assert (account.written(), result["steps"], result["changed"]) == ([], [], False)
    assert foreseen(cut(account))["table"] == []


def test_going_back_is_the_same_with_the_other_one(account: Account) -> None:
    before = shown(account, DB)["DbiResourceId"]
    advanced(cut(account))
    advanced(cut(account, instance=B))
    assert names(account) == [DB, R]
    assert shown(account, DB)["DbiResourceId"] == before


@pytest.mark.parametrize("steps", range(1, 5))
def test_it_goes_on_wherever_it_was_interrupted(account: Account, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(Exception):
        """The run ended."""

    done: list[str] = []
    act = CutOver.act

    def first(self: CutOver, step: Any, seen: Any) -> None:
        if len(done) == steps:
            raise Interrupted
        done.append(step.what)
        act(self, step, seen)

    with monkeypatch.context() as patch:
        patch.setattr(CutOver, "act", first)
        with contextlib.suppress(Interrupted):
            advanced(cut(account))
    assert advanced(cut(account))["states"][0]["state"] == _barrier.READY
    assert names(account) == [DB, B]


def test_check_mode_only_says_what_it_would_do(account: Account) -> None:
    result = foreseen(cut(account))
    assert account.written() == []
    assert [line.strip() for line in result["table"][1:]] == [
        f"{DB} becomes {B}, and is kept",
        f"{R} becomes {DB}",
        f"replicas go and are made anew: {DB}-replica-1",
    ]


def test_a_name_that_no_restore_gives_is_refused(account: Account) -> None:
    with pytest.raises(Refused, match="neither a restored"):
        advanced(cut(account, instance="somebody-s"))
