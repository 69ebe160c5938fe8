# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What ElastiCache offers of Redis OSS and Valkey: engine versions, parameter families, parameters. Pure."""

from __future__ import annotations

from typing import Any, NamedTuple


class Version(NamedTuple):
    """An engine version as it is asked for, as nodes answer it, and the parameter family that it takes."""

    engine: str
    version: str
    patch: str
    family: str


# Oldest first; the last of an engine is its default.
VERSIONS = (
    Version("redis", "6.2", "6.2.6", "redis6.x"),
    Version("redis", "7.0", "7.0.7", "redis7"),
    Version("redis", "7.1", "7.1.0", "redis7"),
    Version("valkey", "7.2", "7.2.6", "valkey7"),
    Version("valkey", "8.0", "8.0.1", "valkey8"),
    Version("valkey", "8.1", "8.1.0", "valkey8"),
)
FAMILIES = sorted({each.family for each in VERSIONS})
DESCRIPTIONS = {"redis": "Redis", "valkey": "Valkey"}

_POLICIES = "volatile-lru,allkeys-lru,volatile-lfu,allkeys-lfu,volatile-random,allkeys-random,volatile-ttl,noeviction"

# name type(string|integer) change(immediate|requires-reboot) modifiable(yes|no) value(- for empty) allowed(- for any)
_PARAMETERS = f"""
acllog-max-len integer immediate yes 128 1-10000
active-defrag-cycle-max integer immediate yes 75 1-75
active-defrag-cycle-min integer immediate yes 5 1-75
active-defrag-ignore-bytes integer immediate yes 104857600 1048576-
active-defrag-max-scan-fields integer immediate yes 1000 1-1000000
active-defrag-threshold-lower integer immediate yes 10 1-100
active-defrag-threshold-upper integer immediate yes 100 1-100
activedefrag string immediate yes no yes,no
activerehashing string requires-reboot yes yes yes,no
appendfsync string immediate no everysec always,everysec,no
appendonly string immediate no no yes,no
client-output-buffer-limit-normal-hard-limit integer immediate yes 0 0-
client-output-buffer-limit-normal-soft-limit integer immediate yes 0 0-
client-output-buffer-limit-normal-soft-seconds integer immediate yes 0 0-
client-output-buffer-limit-pubsub-hard-limit integer immediate yes 33554432 0-
client-output-buffer-limit-pubsub-soft-limit integer immediate yes 8388608 0-
client-output-buffer-limit-pubsub-soft-seconds integer immediate yes 60 0-
close-on-replica-write string immediate yes yes yes,no
cluster-allow-pubsubshard-when-down string immediate yes yes yes,no
cluster-allow-reads-when-down string immediate yes no yes,no
cluster-enabled string requires-reboot yes no yes,no
cluster-require-full-coverage string immediate yes no yes,no
databases integer requires-reboot yes 16 1-1200000
hash-max-listpack-entries integer immediate yes 512 0-
hash-max-listpack-value integer immediate yes 64 0-
hll-sparse-max-bytes integer immediate yes 3000 1-16000
latency-tracking string immediate yes no yes,no
lazyfree-lazy-eviction string immediate yes no yes,no
lazyfree-lazy-expire string immediate yes no yes,no
lazyfree-lazy-server-del string immediate yes no yes,no
lazyfree-lazy-user-del string immediate yes no yes,no
lazyfree-lazy-user-flush string immediate yes no yes,no
lfu-decay-time integer immediate yes 1 0-
lfu-log-factor integer immediate yes 10 1-
list-compress-depth integer immediate yes 0 0-
list-max-listpack-size integer immediate yes -2 -
lua-time-limit integer immediate no 5000 5000
maxclients integer requires-reboot no 65000 1-65000
maxmemory-policy string immediate yes volatile-lru {_POLICIES}
maxmemory-samples integer immediate yes 3 1-
min-replicas-max-lag integer immediate yes 10 0-
min-replicas-to-write integer immediate yes 0 0-
notify-keyspace-events string immediate yes - -
proto-max-bulk-len integer immediate yes 536870912 1048576-536870912
rename-commands string immediate yes - -
repl-backlog-size integer immediate yes 1048576 16384-
repl-backlog-ttl integer immediate yes 3600 0-
repl-timeout integer immediate yes 60 11-60
replica-allow-chaining string immediate no no yes,no
reserved-memory-percent integer immediate yes 25 0-100
set-max-intset-entries integer immediate yes 512 0-
slowlog-log-slower-than integer immediate yes 10000 -1-
slowlog-max-len integer immediate yes 128 0-
stream-node-max-bytes integer immediate yes 4096 0-
stream-node-max-entries integer immediate yes 100 0-
tcp-keepalive integer immediate yes 300 0-
timeout integer immediate yes 0 0,20-
tracking-table-max-keys integer immediate yes 1000000 1-100000000
zset-max-listpack-entries integer immediate yes 128 0-
zset-max-listpack-value integer immediate yes 64 0-
"""


def find(engine: str, wanted: str | None) -> Version | None:
    """The version of an engine that is meant: its default for none, `7.1` or `7.1.0` by name; None if unknown."""
    ours = [each for each in VERSIONS if each.engine == engine]
    if wanted is None:
        return ours[-1] if ours else None
    return next((each for each in ours if wanted in (each.version, each.patch)), None)


def parameters(family: str) -> dict[str, dict[str, Any]]:
    """The parameters of a family by name, as DescribeCacheParameters has them in a fresh group; none of Memcached's."""
    if family not in FAMILIES:
        return {}
    rows = (line.split() for line in _PARAMETERS.strip().splitlines())
    return {row[0]: _parameter(family, *row) for row in rows}


def _parameter(
    family: str, name: str, kind: str, change: str, modifiable: str, value: str, allowed: str
) -> dict[str, Any]:
    start = next(each.version for each in VERSIONS if each.family == family)
    return {
        "ParameterName": name,
        "ParameterValue": "" if value == "-" else value,
        "Source": "system",
        "DataType": kind,
        "AllowedValues": "" if allowed == "-" else allowed,
        "IsModifiable": modifiable == "yes",
        "MinimumEngineVersion": f"{start}.0",
        "ChangeType": change,
    }
