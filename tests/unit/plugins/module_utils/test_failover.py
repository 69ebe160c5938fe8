# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _failover
from ansible_collections.uex.payments.plugins.module_utils._failover import Probe

DATABASE = {"MultiAZ": True, "DBInstanceStatus": "available", "AvailabilityZone": "a"}
MEMBERS = [
    {"CacheClusterId": "c-001", "CurrentRole": "primary"},
    {"CacheClusterId": "c-002", "CurrentRole": "replica"},
]
GROUP: dict[str, Any] = {
    "Status": "available",
    "AutomaticFailover": "enabled",
    "NodeGroups": [{"NodeGroupId": "0001", "NodeGroupMembers": MEMBERS}],
}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (DATABASE, ""),
        (None, "is not there"),
        ({**DATABASE, "MultiAZ": False}, "data_db_multi_az=true"),
        ({**DATABASE, "DBInstanceStatus": "modifying"}, "is modifying, not available"),
    ],
)
def test_whether_a_database_can(entry: Any, said: str) -> None:
    found = _failover.database_problem(entry, "db")
    assert said in found if said else found == ""


@pytest.mark.parametrize(
    ("group", "shard", "said"),
    [
        (GROUP, "0001", ""),
        (None, "0001", "is not there"),
        ({**GROUP, "AutomaticFailover": "disabled"}, "0001", "data_redis_node_count"),
        (GROUP, "0002", "has no node group 0002: there is 0001"),
        ({**GROUP, "NodeGroups": [{"NodeGroupId": "0001", "NodeGroupMembers": MEMBERS[:1]}]}, "0001", "no replica"),
        ({**GROUP, "Status": "modifying"}, "0001", "is modifying, not available"),
    ],
)
def test_whether_a_cache_can(group: Any, shard: str, said: str) -> None:
    found = _failover.cache_problem(group, "c", shard)
    assert said in found if said else found == ""


def event(message: str, second: int = 0) -> dict[str, Any]:
    return {"Message": message, "Date": datetime.datetime(2026, 11, 27, 10, 0, second, tzinfo=datetime.UTC)}


BEGUN, OVER = event("Multi-AZ instance failover started."), event("Multi-AZ instance failover completed", 38)


@pytest.mark.parametrize(
    ("entry", "events", "over"),
    [
        (DATABASE, [], False),
        (DATABASE, [BEGUN], False),
        (DATABASE, [BEGUN, OVER], True),
        ({**DATABASE, "AvailabilityZone": "b"}, [], True),
        ({**DATABASE, "AvailabilityZone": "b", "DBInstanceStatus": "rebooting"}, [BEGUN, OVER], False),
    ],
)
def test_when_a_database_is_whole_again(entry: Any, events: Any, over: bool) -> None:
    assert _failover.database_over(entry, "a", events) is over


@pytest.mark.parametrize(
    ("group", "before", "events", "over"),
    [
        (GROUP, "c-001", [], False),
        (GROUP, "c-002", [], True),
        (GROUP, "c-001", [event("Failover to replica node c-002 completed")], True),
        ({**GROUP, "Status": "modifying"}, "c-002", [], False),
        (GROUP, "", [], False),
    ],
)
def test_when_a_cache_is_whole_again(group: Any, before: str, events: Any, over: bool) -> None:
    assert _failover.cache_over(group, "0001", before, events) is over


@pytest.mark.parametrize(
    ("tries", "seconds"),
    [
        ("", None),
        ("ssss", 0.0),
        ("ssffffs", 2.0),
        ("sfsffs", 2.0),
        ("sff", None),
    ],
)
def test_how_long_nobody_was_served(tries: str, seconds: float | None) -> None:
    probes = [Probe(number / 2, each == "s") for number, each in enumerate(tries)]
    assert _failover.outage(probes) == seconds


@pytest.mark.parametrize(("events", "seconds"), [([], None), ([BEGUN], None), ([BEGUN, OVER], 38.0)])
def test_how_long_aws_says_it_took(events: Any, seconds: float | None) -> None:
    assert _failover.told(events) == seconds


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "2.5 s, of 9 tries"),
        ({"reachable": False}, "not measured: it cannot be reached from here"),
        ({"outage_seconds": None}, "not over after 9 tries"),
    ],
)
def test_the_table(changed: dict[str, Any], said: str) -> None:
    seconds = {"total_seconds": 4.8, "aws_seconds": None, "outage_seconds": 2.5}
    result = {"was": "a", "became": "b", "reachable": True, "probes": 9, "events": [], **seconds, **changed}
    text = "\n".join(_failover.table(_failover.DATABASE, "db", result))
    assert "a -> b" in text
    assert "not told" in text
    assert said in text
