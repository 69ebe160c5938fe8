# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The alarms of databases; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ._alarm_rules import (
    BELOW,
    CRITICAL,
    SILENT,
    WARNING,
    Alarm,
    Estate,
    Rule,
    expression,
    named,
    over,
    query,
    subject_alarms,
)

GIB = 1024**3
HOUR = 3600  #: seconds
#: Memory of the database classes in GiB, from AWS's table of instance classes; other classes need their own threshold.
CLASS_MEMORY = {
    "db.t3.medium": 4,
    "db.t3.large": 8,
    "db.t4g.medium": 4,
    "db.t4g.large": 8,
    "db.m5.large": 8,
    "db.m6g.large": 8,
    "db.m7g.large": 8,
    "db.r5.large": 16,
    "db.r5.xlarge": 32,
    "db.r6g.large": 16,
    "db.r6g.xlarge": 32,
}
#: PostgreSQL on RDS allows one connection for each so many bytes of memory, and never more than 5,000.
BYTES_PER_CONNECTION = 9531392
MOST_CONNECTIONS = 5000
DOWN, LOAD, SPACE = "database-down", "database-load", "database-space"
#: Seconds until nothing is left as fast as it went in the hour before; a byte a second where it grows, as zero divides
#: nothing.
TO_FULL = "free / IF(0 - change > 1, 0 - change, 1) / 3600"


def database_alarms(estate: Estate) -> Iterable[Alarm]:
    """Every instance; a replica's lag too."""
    for database in estate["databases"]:
        sized = {**database, "allocated_storage": _storage(estate, database)}
        where = {"DBInstanceIdentifier": database["name"]}
        rules = _database_rules(estate["thresholds"], sized)
        yield from subject_alarms(estate, "AWS/RDS", database["name"], where, rules)
        yield _filling(estate, database["name"], where)


def _storage(estate: Estate, database: Mapping[str, Any]) -> int:
    """GiB: declared, or more where AWS has made it grow."""
    live = (estate["live_databases"].get(database["name"]) or {}).get("allocated_storage")
    return max(int(database["allocated_storage"]), live if isinstance(live, int) else 0)


def _database_rules(limits: Mapping[str, Any], database: Mapping[str, Any]) -> Iterable[Rule]:
    yield Rule("silent", CRITICAL, "CPUUtilization", 1, "it says nothing for 5 minutes", SILENT, DOWN, DOWN)
    yield from _space_rules(limits, database)
    yield from _load_rules(limits, database)
    if database["replica"]:
        lag = limits["db_replica_lag_seconds"]
        breaching = {"treat_missing_data": "breaching"}
        yield Rule(
            "lag", CRITICAL, "ReplicaLag", lag, f"more than {lag} s behind for 15 minutes", breaching, DOWN, DOWN
        )


def _space_rules(limits: Mapping[str, Any], database: Mapping[str, Any]) -> Iterable[Rule]:
    percent, logs = limits["db_free_storage_percent"], limits["db_log_storage_percent"]
    storage = database["allocated_storage"] * GIB
    free = f"less than {percent} % of its storage is left"
    yield Rule("storage", CRITICAL, "FreeStorageSpace", storage * percent / 100, free, BELOW, DOWN, SPACE)
    kept = f"transaction logs take {logs} % of its storage: they are not archived, so backups and replicas fall behind"
    yield Rule("logs", WARNING, "TransactionLogsDiskUsage", storage * logs / 100, kept, family="backups")


def _load_rules(limits: Mapping[str, Any], database: Mapping[str, Any]) -> Iterable[Rule]:
    memory, connections = capacity(database["class"], limits)
    latency, cpu = limits["db_latency_seconds"], limits["db_cpu"]
    for what, metric, limit, text, other in (
        ("cpu", "CPUUtilization", cpu, f"CPU above {cpu} % for 15 minutes", {}),
        ("connections", "DatabaseConnections", connections, f"more than {connections:g} connections are taken", {}),
        ("memory", "FreeableMemory", memory, "little memory is left", BELOW),
        ("read-latency", "ReadLatency", latency, f"reads take longer than {latency} s", {}),
        ("write-latency", "WriteLatency", latency, f"writes take longer than {latency} s", {}),
    ):
        yield Rule(what, WARNING, metric, limit, text, other, family=LOAD)


def _filling(estate: Estate, name: str, where: Mapping[str, str]) -> Alarm:
    """Storage will be full before somebody looks, as fast as it goes; six hours of it are no backup or vacuum."""
    hours = estate["thresholds"]["db_hours_to_full"]
    steady = {**BELOW, "evaluation_periods": 6, "datapoints_to_alarm": 6}
    rule = Rule("filling", WARNING, "", hours, f"storage is full in less than {hours} hours", steady, family=SPACE)
    metrics = [
        expression("hours", TO_FULL, "Hours until full"),
        expression("change", "RATE(free)"),
        query("free", "AWS/RDS", "FreeStorageSpace", where, "Average", HOUR),
    ]
    return over(estate, named(estate, name, rule), {"metrics": metrics})


def capacity(instance_class: str, limits: Mapping[str, Any]) -> tuple[float, float]:
    """Bytes of memory that must be free, and connections that may be taken, for an instance class.

    ValueError for a class that the table doesn't know, unless both limits are given by hand.
    """
    given = limits.get("db_free_memory_bytes"), limits.get("db_connections")
    if all(given):
        return float(str(given[0])), float(str(given[1]))
    if instance_class not in CLASS_MEMORY:
        raise ValueError(
            f"data_db_instance_class: memory of {instance_class} is unknown; "
            "give monitoring_thresholds.db_free_memory_bytes and monitoring_thresholds.db_connections"
        )
    memory = CLASS_MEMORY[instance_class] * GIB
    most = min(memory // BYTES_PER_CONNECTION, MOST_CONNECTIONS)
    return memory * limits["db_free_memory_percent"] / 100, float(most * limits["db_connections_percent"] // 100)
