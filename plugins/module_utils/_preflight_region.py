# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Checks of the region: its zones, and whether the inventory's versions and classes can be had there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import _aws, _databases, _discovery
from ._preflight import FAILED, OK, UNKNOWN, Check, Connect, Options, Row

Orderable = Mapping[str, Any]


def zones(connect: Connect, options: Options) -> list[str]:
    return _discovery.zones(connect)


def judge_zones(available: list[str], options: Options) -> Iterable[Row]:
    absent = sorted(set(options["availability_zones"]) - set(available))
    found = f"{options['region']}: {', '.join(options['availability_zones'])}"
    if not absent:
        return [Row("Availability zones", OK, found)]
    advice = f"set network_availability_zones to some of {', '.join(sorted(available))}"
    return [Row("Availability zones", FAILED, f"{', '.join(absent)} not available in {options['region']}", advice)]


def database(connect: Connect, options: Options) -> tuple[str, dict[str, list[Orderable]]]:
    """The version that is meant, and what can be ordered of it by class; without a version nothing can."""
    client, wanted = connect("rds"), options["database"]
    versions = _aws.pages(client, "describe_db_engine_versions", "DBEngineVersions", Engine="postgres")
    known = [each["EngineVersion"] for each in versions]
    version = _databases.newest_version(wanted["engine_version"], known)
    if version not in known:
        return "", {}
    asked = {"Engine": "postgres", "EngineVersion": version, "Vpc": True}
    key = "OrderableDBInstanceOptions"
    return version, {
        name: _aws.pages(client, "describe_orderable_db_instance_options", key, **asked, DBInstanceClass=name)
        for name in dict.fromkeys(wanted["classes"])
    }


def judge_database(found: tuple[str, Mapping[str, list[Orderable]]], options: Options) -> Iterable[Row]:
    version, orderable = found
    declared = options["database"]["engine_version"]
    if not version:
        advice = "set data_db_engine_version to one of: aws rds describe-db-engine-versions --engine postgres"
        yield Row("PostgreSQL version", FAILED, f"RDS has no PostgreSQL {declared} here", advice)
        return
    yield Row("PostgreSQL version", OK, version if version == declared else f"{declared}, at present {version}")
    for name, entries in orderable.items():
        yield database_class(name, version, entries, options)


def database_class(name: str, version: str, entries: Iterable[Orderable], options: Options) -> Row:
    """Whether a class can be ordered with the inventory's storage, and enough of its zones have it."""
    title, wanted = f"Database class {name}", options["database"]
    of_storage = [each for each in entries if each.get("StorageType") == wanted["storage_type"]]
    capable = [each for each in of_storage if each.get("MultiAZCapable") or not wanted["multi_az"]]
    having = {zone["Name"] for each in capable for zone in each["AvailabilityZones"]}
    common = sorted(having & set(options["availability_zones"]))
    needed = 2 if wanted["multi_az"] else 1
    if len(common) >= needed:
        return Row(title, OK, f"can be ordered in {', '.join(common)}")
    kind = f"{wanted['storage_type']}{' and Multi-AZ' if wanted['multi_az'] else ''}"
    advice = "choose another class, storage type or region"
    return Row(title, FAILED, f"not to be had here with PostgreSQL {version}, {kind}", advice)


def cache_versions(connect: Connect, options: Options) -> list[str]:
    """Versions of the engine that begin as the inventory's does."""
    engine, wanted = options["cache"]["engine"], options["cache"]["engine_version"]
    entries = _aws.pages(connect("elasticache"), "describe_cache_engine_versions", "CacheEngineVersions", Engine=engine)
    return [each["EngineVersion"] for each in entries if f"{each['EngineVersion']}.".startswith(f"{wanted}.")]


def judge_cache_versions(found: list[str], options: Options) -> Iterable[Row]:
    wanted = f"{options['cache']['engine']} {options['cache']['engine_version']}"
    if found:
        return [Row("Cache version", OK, wanted)]
    advice = "set data_redis_engine_version to one of: aws elasticache describe-cache-engine-versions"
    return [Row("Cache version", FAILED, f"ElastiCache has no {wanted} here", advice)]


def cache_node_type(connect: Connect, options: Options) -> bool:
    """Whether the region sells reservations of the node type: the only list of types that ElastiCache has."""
    wanted, key = options["cache"]["node_type"], "ReservedCacheNodesOfferings"
    operation = "describe_reserved_cache_nodes_offerings"
    return bool(_aws.pages(connect("elasticache"), operation, key, CacheNodeType=wanted))


def judge_cache_node_type(offered: bool, options: Options) -> Iterable[Row]:
    title = f"Cache node type {options['cache']['node_type']}"
    if offered:
        return [Row(title, OK, "is offered in the region")]
    advice = "see AWS's list of supported node types of the region before the first apply"
    return [Row(title, UNKNOWN, "AWS lists no offering of it in the region", advice)]


CHECKS = (
    Check("Availability zones", "ec2", zones, judge_zones),
    Check("PostgreSQL version", "rds", database, judge_database),
    Check("Cache version", "elasticache", cache_versions, judge_cache_versions),
    Check("Cache node type", "elasticache", cache_node_type, judge_cache_node_type),
)
