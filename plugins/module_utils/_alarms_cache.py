# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The alarms of the cache's nodes; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ._alarm_rules import CRITICAL, SILENT, WARNING, Alarm, Estate, Rule, subject_alarms

DOWN, LOAD = "cache-down", "cache-load"
#: Connections that a node takes, and one of the smallest sizes.
MOST_CONNECTIONS, MOST_OF_SMALL = 65000, 20000
SMALL = (".micro", ".small")


def cache_alarms(estate: Estate) -> Iterable[Alarm]:
    """Every node of the replication group; the replicas' lag where there are any."""
    nodes = estate["cache_nodes"]
    most = MOST_OF_SMALL if str(estate["cache_node_type"]).endswith(SMALL) else MOST_CONNECTIONS
    rules = list(_cache_rules(estate["thresholds"], most, has_replicas=len(nodes) > 1))
    for node in nodes:
        yield from subject_alarms(estate, "AWS/ElastiCache", node, {"CacheClusterId": node}, rules)


def _cache_rules(limits: Mapping[str, Any], most: int, has_replicas: bool) -> Iterable[Rule]:
    cpu, memory, lag = limits["redis_cpu"], limits["redis_memory"], limits["redis_lag_seconds"]
    taken, evicted = most * limits["redis_connections_percent"] // 100, {"statistic": "Sum"}
    full = f"memory above {memory} % for 15 minutes"
    busy = f"more than {taken} connections are taken"
    yield Rule("silent", CRITICAL, "EngineCPUUtilization", 1, "it says nothing for 5 minutes", SILENT, DOWN, DOWN)
    yield Rule("memory", CRITICAL, "DatabaseMemoryUsagePercentage", memory, full, {}, DOWN, LOAD)
    yield Rule("cpu", WARNING, "EngineCPUUtilization", cpu, f"CPU above {cpu} % for 15 minutes", family=LOAD)
    yield Rule("evictions", WARNING, "Evictions", 0, "keys are being evicted", evicted, family=LOAD)
    yield Rule("connections", WARNING, "CurrConnections", taken, busy, family=LOAD)
    if has_replicas:
        idle = {"treat_missing_data": "notBreaching"}
        yield Rule("lag", WARNING, "ReplicationLag", lag, f"more than {lag} s behind", idle, family=LOAD)
