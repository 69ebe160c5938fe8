# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules across the variables of the data layer; problems begin with the variable's name and show no secret; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import _data_limits, _elasticache, _rds

Values = Mapping[str, Any]

#: What the operator has to give where payments are real.
CREDENTIALS = ("data_uex_api_key", "data_uex_api_secret", "data_uex_api_referral_code")


def credentials(values: Values) -> Iterable[str]:
    """On AWS itself, staging and prod cannot do without the UEX API's credentials."""
    if values["stack_environment"] in ("staging", "prod") and not values["stack_endpoint_url"]:
        missing = [name for name in CREDENTIALS if not values[name]]
        yield from (f"{name}: is empty; give it in group_vars/all/local.yml or with ansible-vault" for name in missing)


def database(values: Values) -> Iterable[str]:
    """Names, replicas and storage that RDS takes."""
    if values["data_db_replica_count"] and not values["data_db_backup_retention_period"]:
        yield "data_db_backup_retention_period: replicas need automated backups, 1 day or more"
    if not re.fullmatch(r"\d+(\.\d+)?", str(values["data_db_engine_version"])):
        yield "data_db_engine_version: must be a major version such as 16, or a full one such as 16.4"
    names = {
        "data_db_name": _data_limits.database_name_problem(values["data_db_name"]),
        "data_db_master_username": _data_limits.user_name_problem(values["data_db_master_username"]),
    }
    yield from (f"{variable}: {problem}" for variable, problem in names.items() if problem)
    sizes = ("allocated_storage", "max_allocated_storage", "iops", "storage_throughput")
    size, *others = (values[f"data_db_{option}"] for option in sizes)
    found = _data_limits.storage_problems(values["data_db_storage_type"], size, *others)
    yield from (f"data_db_{option}: {problem}" for option, problem in found)


def cache(values: Values) -> Iterable[str]:
    """Nodes, failover and cluster mode that ElastiCache takes."""
    nodes, shards = values["data_redis_node_count"], values["data_redis_shard_count"]
    replicas, failover = values["data_redis_replicas_per_shard"], values["data_redis_automatic_failover"]
    if failover and nodes < 2 and not shards:
        yield f"data_redis_automatic_failover: needs two nodes or more, data_redis_node_count is {nodes}"
    if shards and not failover:
        yield "data_redis_automatic_failover: cluster mode (data_redis_shard_count) needs it"
    for variable, limits in _NODES.items():
        problem = _data_limits.range_problem(values[variable], limits)
        if problem:
            yield f"{variable}: {problem}"
    if shards and not replicas:
        yield "data_redis_replicas_per_shard: nodes in more than one zone need 1 or more"
    if shards * (1 + replicas) > _elasticache.MOST_NODES:
        yield f"data_redis_shard_count: {shards * (1 + replicas)} nodes are more than {_elasticache.MOST_NODES}"


def cache_engine(values: Values) -> Iterable[str]:
    """Versions and node types of the cache."""
    if family(values["data_redis_engine"], str(values["data_redis_engine_version"])) is None:
        engine = f"{values['data_redis_engine']} {values['data_redis_engine_version']}"
        yield f"data_redis_engine_version: {engine} is not supported; redis has 7.0 and 7.1, valkey 7.2, 8.0 and 8.1"
    node = values["data_redis_node_type"]
    if not re.fullmatch(r"cache\.[a-z]\w*\.(micro|small|medium|\d*x?large)", node):
        yield f"data_redis_node_type: {node!r} is no node type; they are called such as cache.t4g.micro"
    elif node.startswith("cache.t1.") or "gd." in node:
        why = "has neither failover nor snapshots" if node.startswith("cache.t1.") else "keeps data on disks"
        yield f"data_redis_node_type: {node} {why}, and is not supported"


def parameters(values: Values) -> Iterable[str]:
    """Parameters as AWS names them, with one value each, and none that is declared elsewhere."""
    for variable, form in _PARAMETERS.items():
        for name, value in values[variable].items():
            if not re.fullmatch(form, str(name)):
                yield f"{variable}.{name}: is no parameter's name, which is in lower case"
            elif not _data_limits.is_value(value):
                yield f"{variable}.{name}: must be one text, number or switch, is {value!r}"
    if "cluster-enabled" in values["data_redis_parameters"]:
        yield "data_redis_parameters.cluster-enabled: follows from data_redis_shard_count"


def confirmations(values: Values) -> Iterable[str]:
    """A replacement is confirmed by the name of what there is."""
    for kind in ("db", "redis"):
        variable, name = f"data_{kind}_replacement_confirmed", f"{values['stack_name']}-{kind}"
        if values[variable] not in ("", name):
            yield f"{variable}: {values[variable]!r} is not {name}, which is all that can be replaced"


def family(engine: str, version: str) -> str | None:
    """The parameter group family of a cache engine's version; None for one that is not supported."""
    supported = {"redis": ("7.0", "7.1"), "valkey": ("7.2", "8.0", "8.1")}
    return f"{engine}{version.partition('.')[0]}" if version in supported.get(engine, ()) else None


def windows(values: Values) -> Iterable[str]:
    """Windows of a form and length that AWS takes, and none that begins within another."""
    for kind, daily, least in _WINDOWS:
        weekly = f"{kind}_maintenance_window"
        spans = _data_limits.daily(values[daily]), _data_limits.weekly(values[weekly])
        problems = {
            daily: _data_limits.window_problem(spans[0], "hh:mm-hh:mm", least),
            weekly: _data_limits.window_problem(spans[1], "ddd:hh:mm-ddd:hh:mm", least),
        }
        yield from (f"{variable}: {values[variable]!r} {problem}" for variable, problem in problems.items() if problem)
        if spans[0] and spans[1] and not any(problems.values()) and _data_limits.overlap(spans[0], spans[1]):
            yield f"{weekly}: {values[weekly]} overlaps {daily}, {values[daily]}"


_NODES = {
    "data_redis_node_count": _elasticache.RANGES["num_cache_clusters"],
    "data_redis_shard_count": (0, _elasticache.MOST_NODES),
    "data_redis_replicas_per_shard": _elasticache.RANGES["replicas_per_node_group"],
}
_PARAMETERS = {"data_db_parameters": r"[a-z][a-z0-9_.]*", "data_redis_parameters": r"[a-z][a-z0-9-]*"}
_WINDOWS = (
    ("data_db", "data_db_backup_window", _rds.WINDOW_MINUTES),
    ("data_redis", "data_redis_snapshot_window", _elasticache.WINDOW_MINUTES),
)
RULES: tuple[Callable[[Values], Iterable[str]], ...] = (
    credentials,
    database,
    cache,
    cache_engine,
    parameters,
    confirmations,
    windows,
)
