# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What ElastiCache refuses of a replication group, in its words. Pure: each check raises or returns nothing."""

from __future__ import annotations

import re
import string
from itertools import pairwise
from typing import Any

from moto.elasticache.exceptions import (
    ElastiCacheException,
    InvalidParameterCombinationException,
    InvalidParameterValueException,
)

from ._elasticache_data import DESCRIPTIONS, Version, find

MOST_REPLICAS = 5
MOST_SHARDS = 500
LONGEST_ID = 40
TOKEN_CHARACTERS = set(string.ascii_letters + string.digits + "!&#$^<>-")
LOG_TYPES = ("slow-log", "engine-log")


def check_id(name: str) -> None:
    """Raises InvalidParameterValue for what cannot name a replication group."""
    if len(name) > LONGEST_ID or not re.fullmatch(r"[A-Za-z](-?[A-Za-z0-9])*", name):
        message = (
            "The parameter ReplicationGroupIdentifier is not a valid identifier. Identifiers must begin with a letter; "
            "must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two "
            f"consecutive hyphens. They have at most {LONGEST_ID} characters."
        )
        raise InvalidParameterValueException(message)


def check_node_type(name: str | None) -> None:
    """Raises InvalidParameterValue for a node type that is missing or malformed."""
    if not name:
        raise InvalidParameterValueException("The parameter CacheNodeType must be provided and must not be null.")
    if not re.fullmatch(r"cache\.[a-z]\w*\.(micro|small|medium|\d*x?large)", name):
        raise InvalidParameterValueException(f"Invalid Cache Node Type: {name}.")


def version(engine: str, wanted: str | None) -> Version:
    """The version that is meant. Raises InvalidParameterValue for another engine, InvalidParameterCombination else."""
    if engine not in DESCRIPTIONS:
        raise InvalidParameterValueException(f"Invalid engine: {engine}. It must be one of {', '.join(DESCRIPTIONS)}.")
    found = find(engine, wanted)
    if found is None:
        raise InvalidParameterCombinationException(f"Cannot find version {wanted} for {engine}")
    return found


def check_token(token: str | None, tls: bool, user_groups: list[str] | None) -> None:
    """Raises InvalidParameterCombination without encryption in transit, InvalidParameterValue for a malformed token."""
    if token is None:
        return
    if not tls:
        message = "The AUTH token can only be set when encryption in transit is enabled."
        raise InvalidParameterCombinationException(message)
    if user_groups:
        raise InvalidParameterCombinationException("Specify either an AUTH token or user groups.")
    if not 16 <= len(token) <= 128 or not set(token) <= TOKEN_CHARACTERS:
        raise InvalidParameterValueException("Invalid AuthToken provided.")


def check_failover(failover: bool, multi_az: bool, replicas: int, cluster: bool) -> None:
    """`replicas` per shard. Raises InvalidParameterCombination for what needs more nodes than there are."""
    if cluster and not failover:
        raise InvalidParameterCombinationException("Automatic failover must be enabled when cluster mode is enabled.")
    if failover and not cluster and not replicas:
        message = "Automatic failover is not supported for a replication group without replicas: it needs two nodes."
        raise InvalidParameterCombinationException(message)
    if multi_az and not (failover and replicas):
        message = "Multi-AZ requires automatic failover and at least one replica in each node group."
        raise InvalidParameterCombinationException(message)


def check_encryption(at_rest: bool, key: str | None) -> None:
    """Raises InvalidParameterCombination for a key without encryption."""
    if key and not at_rest:
        raise InvalidParameterCombinationException("KmsKeyId requires AtRestEncryptionEnabled to be true.")


def check_logs(requests: list[dict[str, Any]]) -> None:
    """Raises InvalidParameterCombination for two of a type, InvalidParameterValue for an unknown type."""
    types = [each["LogType"] for each in requests]
    if len(set(types)) != len(types):
        raise InvalidParameterCombinationException("A log type can be specified once only.")
    if not set(types) <= set(LOG_TYPES):
        raise InvalidParameterValueException(f"Invalid log type. Valid types are {', '.join(LOG_TYPES)}.")


def check_replicas(count: int) -> None:
    """Raises InvalidParameterValue for a number of replicas per shard other than 0 to 5."""
    if not 0 <= count <= MOST_REPLICAS:
        raise InvalidParameterValueException(f"The number of replicas must be between 0 and {MOST_REPLICAS}.")


def check_count(new: int, old: int, growing: bool) -> None:
    """Raises NoOperationFault if nothing would change, InvalidParameterValue if it would go the other way."""
    check_replicas(new)
    if new == old:
        raise ElastiCacheException(
            "NoOperationFault", "The operation was not performed because no changes were required."
        )
    if (new > old) != growing:
        raise InvalidParameterValueException(f"There are {old} replicas now; NewReplicaCount cannot be {new}.")


def check_at_once(apply: bool | None) -> None:
    """Raises InvalidParameterValue: these changes cannot be put off."""
    if not apply:
        raise InvalidParameterValueException("ApplyImmediately must be true; other values are not supported.")


def check_tls_change(given: dict[str, Any], tls: bool, mode: str | None) -> None:
    """Encryption in transit goes on and off through the mode `preferred`. Raises InvalidParameterCombination."""
    wanted = given.get("TransitEncryptionEnabled")
    message = "Encryption in transit can only be {} through TransitEncryptionMode preferred."
    if wanted and not tls and given.get("TransitEncryptionMode") != "preferred":
        raise InvalidParameterCombinationException(message.format("enabled"))
    if wanted is False and tls and mode != "preferred":
        raise InvalidParameterCombinationException(message.format("disabled"))


def slots(shards: int) -> list[str]:
    """The key slots of each shard, 16384 of them shared evenly."""
    edges = [round(16384 * n / shards) for n in range(shards + 1)]
    return [f"{start}-{end - 1}" for start, end in pairwise(edges)]
