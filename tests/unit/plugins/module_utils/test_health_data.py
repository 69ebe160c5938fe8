# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _health_data as data
from ansible_collections.uex.payments.plugins.module_utils._health import SKIPPED
from ansible_collections.uex.payments.plugins.module_utils._preflight import FAILED, OK, UNKNOWN, WARNING
from ansible_collections.uex.payments.tests.support.health import NAME, ago, options

DB, REDIS = f"{NAME}-db", f"{NAME}-redis"


def instance(status: str = "available", **more: Any) -> dict[str, Any]:
    about = {"DBInstanceIdentifier": DB, "DBInstanceArn": "arn:db", "AvailabilityZone": "us-east-1a"}
    return {**about, "DBInstanceStatus": status, "AllocatedStorage": 100, "BackupRetentionPeriod": 7, **more}


def judged(entry: dict[str, Any] | None, maintenance: tuple[str, ...] = (), **metrics: float) -> list[Any]:
    found = data.Seen(
        {DB: entry} if entry else {}, {(name, DB): each for name, each in metrics.items()}, {DB: maintenance}
    )
    return list(data.judge(found, options()))


PENDING_REBOOT = [{"DBParameterGroupName": "g", "ParameterApplyStatus": "pending-reboot"}]


@pytest.mark.parametrize(
    ("entry", "maintenance", "state", "words"),
    [
        (None, (), FAILED, "is not there"),
        (instance(), (), OK, "available in us-east-1a"),
        (instance("backing-up"), (), OK, "backing-up"),
        (instance("modifying"), (), WARNING, "modifying"),
        (instance("storage-full"), (), FAILED, "storage-full"),
        (instance("stopped"), (), FAILED, "stopped"),
        (instance("incompatible-parameters"), (), FAILED, "incompatible-parameters"),
        (instance(DBParameterGroups=PENDING_REBOOT), (), WARNING, "wait for a reboot (g)"),
        (instance(PendingModifiedValues={"DBInstanceClass": "x"}), (), WARNING, "pending: DBInstanceClass"),
        (instance(), ("system-update",), WARNING, "maintenance is pending: system-update"),
        (instance(MultiAZ=True, SecondaryAvailabilityZone="us-east-1b"), (), OK, "Multi-AZ with us-east-1b"),
    ],
)
def test_a_database(entry: Any, maintenance: tuple[str, ...], state: str, words: str) -> None:
    row = judged(entry, maintenance)[0]
    assert (row.name, row.state) == (f"Database {DB}", state)
    assert words in row.found
    assert bool(row.advice) == (state != OK)


@pytest.mark.parametrize(
    ("free", "state"), [(50.0, OK), (15.0, WARNING), (14.0, WARNING), (5.0, FAILED), (1.0, FAILED), (None, UNKNOWN)]
)
def test_storage_must_have_room(free: float | None, state: str) -> None:
    metrics = {} if free is None else {"FreeStorageSpace": free * data.GIB}
    assert judged(instance(), **metrics)[1].state == state


@pytest.mark.parametrize(
    ("lag", "state"), [(0.0, OK), (59.0, OK), (61.0, WARNING), (300.0, FAILED), (-1.0, FAILED), (None, UNKNOWN)]
)
def test_a_replica_may_not_be_far_behind(lag: float | None, state: str) -> None:
    replica = instance(ReadReplicaSourceDBInstanceIdentifier="x")
    assert judged(replica, **({} if lag is None else {"ReplicaLag": lag}))[2].state == state


def test_the_emulator_has_no_metrics_and_nobody_is_alarmed() -> None:
    rows = list(data.judge(data.Seen({DB: instance()}, {}, {}), options(emulated=True)))
    assert [row.state for row in rows] == [OK, SKIPPED]


def group(status: str = "available", **more: Any) -> dict[str, Any]:
    return {"ReplicationGroupId": REDIS, "Status": status, "MemberClusters": ["a", "b"], **more}


@pytest.mark.parametrize(
    ("found", "state"),
    [
        ({}, FAILED),
        ({REDIS: group()}, OK),
        ({REDIS: group("snapshotting")}, OK),
        ({REDIS: group("modifying")}, WARNING),
        ({REDIS: group("create-failed")}, FAILED),
    ],
)
def test_a_cache(found: dict[str, Any], state: str) -> None:
    (row,) = data.judge_caches(found, options())
    assert (row.name, row.state, bool(row.advice)) == (f"Cache {REDIS}", state, state != OK)


OLD = {"InstanceCreateTime": ago(days=90), "LatestRestorableTime": ago(minutes=4)}


@pytest.mark.parametrize(
    ("entry", "taken", "states"),
    [
        (instance(**OLD), [ago(days=3), ago(hours=20)], [OK, OK]),
        (instance(**OLD), [ago(hours=30)], [OK, FAILED]),
        (instance(**OLD), [], [OK, FAILED]),
        (instance(**{**OLD, "LatestRestorableTime": ago(hours=1)}), [ago(hours=1)], [WARNING, OK]),
        (instance(**{**OLD, "BackupRetentionPeriod": 0}), [ago(hours=1)], [WARNING, OK]),
        (instance(InstanceCreateTime=ago(hours=1)), [], [WARNING, SKIPPED]),
    ],
)
def test_backups_of_the_database(entry: dict[str, Any], taken: list[Any], states: list[str]) -> None:
    found = data.Backups(entry, [{"SnapshotCreateTime": each} for each in taken], {})
    rows = list(data.judge_backups(found, options()))
    assert [row.state for row in rows] == states
    assert all(row.advice for row in rows if row.state in (FAILED, WARNING))


def test_an_old_snapshot_says_how_old_it_is() -> None:
    found = data.Backups(instance(**OLD), [{"SnapshotCreateTime": ago(hours=30)}], {})
    row = list(data.judge_backups(found, options()))[1]
    assert (row.found, row.unit) == ("30 h old, may be 26 h", "h")
    assert row.value == pytest.approx(30, abs=0.2)  # the clock goes on


@pytest.mark.parametrize(("hours", "state"), [(20, OK), (40, FAILED)])
def test_backups_of_a_cache(hours: int, state: str) -> None:
    snapshot = {"NodeSnapshots": [{"SnapshotCreateTime": ago(hours=hours)}]}
    found = data.Backups(instance(**OLD), [{"SnapshotCreateTime": ago(hours=1)}], {REDIS: (group(), [snapshot])})
    row = list(data.judge_backups(found, options()))[-1]
    assert (row.name, row.state) == (f"Snapshot of {REDIS}", state)


def test_without_the_database_its_own_row_is_enough() -> None:
    assert list(data.judge_backups(data.Backups(None, [], {}), options())) == []


def test_points_of_aws_backup_are_told_where_there_are_any() -> None:
    points = [{"CreationDate": ago(hours=3)}, {"CreationDate": ago(hours=1), "Status": "PARTIAL"}]
    (row,) = data.judge_points(points, options())
    assert (row.state, row.found) == (OK, "the newest of 1 recovery points is 3 h old")
    assert list(data.judge_points([], options())) == []


class Metrics:
    """CloudWatch with one series."""

    def can_paginate(self, _operation: str) -> bool:
        return False

    def get_metric_data(self, MetricDataQueries: list[Any], **_about: Any) -> dict[str, Any]:
        first = MetricDataQueries[0]["Id"]
        series = {"Id": first, "Timestamps": [ago(minutes=1), ago(minutes=3)], "Values": [7.0, 5.0]}
        return {"MetricDataResults": [series, {"Id": "m1", "Timestamps": [], "Values": []}]}


def test_the_newest_value_of_each_metric_counts() -> None:
    wanted = [("ReplicaLag", "a"), ("ReplicaLag", "b")]
    assert data.newest(Metrics(), wanted) == {("ReplicaLag", "a"): 7.0}
    assert data.newest(Metrics(), []) == {}
