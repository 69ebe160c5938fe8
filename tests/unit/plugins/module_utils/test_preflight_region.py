# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _preflight_region as region
from ansible_collections.uex.payments.plugins.module_utils._preflight import FAILED, OK, UNKNOWN, Row
from ansible_collections.uex.payments.tests.support.contract import Account

DATABASE = {"engine_version": "16", "classes": ["db.t3.medium"], "storage_type": "gp3", "multi_az": True}
OPTIONS: dict[str, Any] = {
    "region": "us-east-1",
    "availability_zones": ["us-east-1a", "us-east-1b"],
    "database": DATABASE,
    "cache": {"engine": "redis", "engine_version": "7.1", "node_type": "cache.t3.micro"},
}


def states(rows: Iterable[Row]) -> dict[str, str]:
    return {row.name: row.state for row in rows}


@pytest.fixture
def connect(aws: None) -> Any:
    fake = Account()
    return lambda service, region=None: fake.connect(service)


def test_zones_must_be_available(connect: Any) -> None:
    assert {*OPTIONS["availability_zones"]} <= {*region.zones(connect, OPTIONS)}
    assert states(region.judge_zones(["us-east-1a", "us-east-1b"], OPTIONS)) == {"Availability zones": OK}
    (row,) = region.judge_zones(["us-east-1a", "us-east-1d"], OPTIONS)
    assert (row.state, row.found) == (FAILED, "us-east-1b not available in us-east-1")
    assert "us-east-1d" in row.advice


@pytest.mark.parametrize("version", ["16", "16.4"])
def test_a_version_that_is_there_can_be_ordered(version: str, connect: Any) -> None:
    options = {**OPTIONS, "database": {**DATABASE, "engine_version": version}}
    rows = list(region.judge_database(region.database(connect, options), options))
    assert states(rows) == {"PostgreSQL version": OK, "Database class db.t3.medium": OK}


def test_a_version_that_is_not_there_fails(connect: Any) -> None:
    options = {**OPTIONS, "database": {**DATABASE, "engine_version": "9.1"}}
    assert states(region.judge_database(region.database(connect, options), options)) == {"PostgreSQL version": FAILED}


def test_a_class_that_is_not_there_fails(connect: Any) -> None:
    options = {**OPTIONS, "database": {**DATABASE, "classes": ["db.t3.medium", "db.x9.huge"]}}
    rows = states(region.judge_database(region.database(connect, options), options))
    assert (rows["Database class db.t3.medium"], rows["Database class db.x9.huge"]) == (OK, FAILED)


def option(storage: str = "gp3", multi_az: bool = True, letters: str = "abc") -> dict[str, Any]:
    zones = [{"Name": f"us-east-1{letter}"} for letter in letters]
    return {"StorageType": storage, "MultiAZCapable": multi_az, "AvailabilityZones": zones}


@pytest.mark.parametrize(
    ("entries", "multi_az", "state"),
    [
        ([option()], True, OK),
        ([option(storage="gp2")], False, FAILED),
        ([option(multi_az=False)], True, FAILED),
        ([option(multi_az=False)], False, OK),
        ([option(letters="ac")], True, FAILED),
        ([option(letters="a")], False, OK),
        ([option(letters="d")], False, FAILED),
        ([], False, FAILED),
    ],
)
def test_a_class_must_be_had_as_it_is_wanted(entries: list[dict[str, Any]], multi_az: bool, state: str) -> None:
    options = {**OPTIONS, "database": {**DATABASE, "multi_az": multi_az}}
    assert region.database_class("db.t3.medium", "16.4", entries, options).state == state


@pytest.mark.parametrize(
    ("cache", "states_wanted"),
    [
        ({}, (OK, OK)),
        ({"engine_version": "7"}, (OK, OK)),
        ({"engine": "valkey", "engine_version": "8.0"}, (OK, OK)),
        ({"engine_version": "7.9"}, (FAILED, OK)),
        ({"node_type": "cache.x9.huge"}, (OK, UNKNOWN)),
    ],
)
def test_cache_versions_and_node_types(cache: dict[str, str], states_wanted: tuple[str, str], connect: Any) -> None:
    options = {**OPTIONS, "cache": {**OPTIONS["cache"], **cache}}
    (version,) = region.judge_cache_versions(region.cache_versions(connect, options), options)
    (node_type,) = region.judge_cache_node_type(region.cache_node_type(connect, options), options)
    assert (version.state, node_type.state) == states_wanted
