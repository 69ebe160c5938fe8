# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import time
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _failover, _outage, _queries
from ansible_collections.uex.payments.plugins.module_utils._failover import Refused
from ansible_collections.uex.payments.plugins.modules.stack_failover import TARGETS, drilled
from ansible_collections.uex.payments.tests.support.contract import Account
from ansible_collections.uex.payments.tests.support.databases import CACHE, DB, cache, database, shown

OPTIONS = {"node_group": "0001", "login": "", "ca_file": "", "deadline": 10}


def drill(account: Account, what: str, check_mode: bool = False, **changed: Any) -> dict[str, Any]:
    name = DB if what == _failover.DATABASE else CACHE
    target = TARGETS[what](account.connect, {**OPTIONS, "what": what, "name": name, **changed})
    return drilled(target, check_mode)


@pytest.fixture
def account(aws: None, monkeypatch: pytest.MonkeyPatch) -> Account:
    monkeypatch.setattr(_queries, "listens", lambda place, seconds: False)
    account = Account()
    database(account, MultiAZ=True)
    cache(account)
    account.written()
    return account


def test_the_standby_takes_over_and_aws_s_events_tell_how_long(account: Account) -> None:
    zone = shown(account, DB)["AvailabilityZone"]
    result = drill(account, _failover.DATABASE)
    assert ("rds", "RebootDBInstance") in account.written()
    assert result["was"] == zone != result["became"] == shown(account, DB)["AvailabilityZone"]
    assert result["aws_seconds"] is not None
    assert (result["reachable"], result["outage_seconds"]) == (False, None)
    assert result["measured"]["name"] == DB


def test_a_replica_of_the_cache_takes_over(account: Account) -> None:
    result = drill(account, _failover.CACHE)
    assert account.written() == [("elasticache", "TestFailover")]
    assert (result["was"], result["became"]) == (f"{CACHE}-001", f"{CACHE}-002")


@pytest.mark.parametrize("what", TARGETS)
def test_check_mode_says_whether_it_can_and_reboots_nothing(account: Account, what: str) -> None:
    result = drill(account, what, check_mode=True)
    assert account.written() == []
    assert "would fail over from" in result["table"][0]


def test_what_has_nothing_to_fail_over_to_is_refused(aws: None) -> None:
    account = Account()
    database(account)
    cache(account, nodes=1)
    account.written()
    with pytest.raises(Refused, match="has no standby"):
        drill(account, _failover.DATABASE)
    with pytest.raises(Refused, match="has no automatic failover"):
        drill(account, _failover.CACHE)
    with pytest.raises(Refused, match="is not there"):
        drill(account, _failover.DATABASE, name="other")
    assert account.written() == []


def test_a_watch_keeps_what_came_of_each_try() -> None:
    answers = [True, False, False, True]
    with _outage.Watch(lambda: answers.pop(0) if answers else True, pause=0.01) as watch:
        while answers or not watch.is_back():
            time.sleep(0.01)
    assert [probe.served for probe in watch.probes][:4] == [True, False, False, True]
    assert (_failover.outage(watch.probes) or 0) >= 0
