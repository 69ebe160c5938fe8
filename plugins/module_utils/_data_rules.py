# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules across the variables of the data layer; problems begin with the variable's name and show no secret; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Values = Mapping[str, Any]

#: What the operator has to give where payments are real.
CREDENTIALS = ("data_uex_api_key", "data_uex_api_secret", "data_uex_api_referral_code")
_WINDOW = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")


def credentials(values: Values) -> Iterable[str]:
    """On AWS itself, staging and prod cannot do without the UEX API's credentials."""
    if values["stack_environment"] in ("staging", "prod") and not values["stack_endpoint_url"]:
        missing = [name for name in CREDENTIALS if not values[name]]
        yield from (f"{name}: is empty; give it in group_vars/all/local.yml or with ansible-vault" for name in missing)


def database(values: Values) -> Iterable[str]:
    """Replicas, storage and Multi-AZ that RDS takes."""
    if values["data_db_replica_count"] and not values["data_db_backup_retention_period"]:
        yield "data_db_backup_retention_period: replicas need automated backups, 1 day or more"
    size, largest = values["data_db_allocated_storage"], values["data_db_max_allocated_storage"]
    if largest and largest < size * 1.1:
        yield f"data_db_max_allocated_storage: {largest} must be at least a tenth more than {size} GiB, or 0"
    if not re.fullmatch(r"\d+(\.\d+)?", str(values["data_db_engine_version"])):
        yield "data_db_engine_version: must be a major version such as 16, or a full one such as 16.4"


def cache(values: Values) -> Iterable[str]:
    """Failover and cluster mode that ElastiCache takes."""
    nodes, failover = values["data_redis_node_count"], values["data_redis_automatic_failover"]
    if failover and nodes < 2 and not values["data_redis_shard_count"]:
        yield f"data_redis_automatic_failover: needs two nodes or more, data_redis_node_count is {nodes}"
    if values["data_redis_shard_count"] and not failover:
        yield "data_redis_automatic_failover: cluster mode (data_redis_shard_count) needs it"
    if family(values["data_redis_engine"], str(values["data_redis_engine_version"])) is None:
        engine = f"{values['data_redis_engine']} {values['data_redis_engine_version']}"
        yield f"data_redis_engine_version: {engine} is not supported; redis has 7.0 and 7.1, valkey 7.2, 8.0 and 8.1"


def family(engine: str, version: str) -> str | None:
    """The parameter group family of a cache engine's version; None for one that is not supported."""
    supported = {"redis": ("7.0", "7.1"), "valkey": ("7.2", "8.0", "8.1")}
    return f"{engine}{version.partition('.')[0]}" if version in supported.get(engine, ()) else None


def windows(values: Values) -> Iterable[str]:
    """AWS refuses a backup window that overlaps the maintenance window of its day."""
    for kind in ("data_db", "data_redis"):
        backup = values["data_db_backup_window"] if kind == "data_db" else values["data_redis_snapshot_window"]
        maintenance = re.sub(r"[a-z]{3}:", "", values[f"{kind}_maintenance_window"].lower())
        if not (_WINDOW.fullmatch(backup) and _WINDOW.fullmatch(maintenance)):
            yield f"{kind}_maintenance_window: {maintenance} and the backup window {backup} must be hh:mm-hh:mm"
        elif _overlap(_minutes(backup), _minutes(maintenance)):
            yield f"{kind}_maintenance_window: {maintenance} overlaps the backup window {backup}"


def _minutes(window: str) -> list[int]:
    """Beginning and end of C(hh:mm-hh:mm) in minutes; an end after midnight is beyond the day's 1440."""
    begin, end = (int(time[:2]) * 60 + int(time[3:]) for time in window.split("-"))
    return [begin, end if end > begin else end + 1440]


def _overlap(one: list[int], other: list[int]) -> bool:
    return any(one[0] < other[1] + day and other[0] + day < one[1] for day in (-1440, 0, 1440))


RULES: tuple[Callable[[Values], Iterable[str]], ...] = (credentials, database, cache, windows)
