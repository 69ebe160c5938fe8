# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""RDS of the embedded AWS: what can be ordered."""

from __future__ import annotations

from typing import Any

import boto3
import pytest


@pytest.fixture
def rds(aws: None) -> Any:
    return boto3.client("rds")


def versions(rds: Any, **options: Any) -> list[str]:
    pages = rds.get_paginator("describe_db_engine_versions").paginate(**options)
    return [each["EngineVersion"] for page in pages for each in page["DBEngineVersions"]]


@pytest.mark.parametrize("major", ["14", "15", "16", "17"])
def test_a_major_version_has_minors_and_a_default(rds: Any, major: str) -> None:
    found = versions(rds, Engine="postgres", EngineVersion=major)
    assert len(found) > 1
    assert all(each.startswith(f"{major}.") for each in found)
    assert versions(rds, Engine="postgres", EngineVersion=major, DefaultOnly=True) == [found[-1]]
    assert versions(rds, DBParameterGroupFamily=f"postgres{major}") == found


def test_one_default_for_the_engine(rds: Any) -> None:
    assert len(versions(rds, Engine="postgres", DefaultOnly=True)) == 1
    assert versions(rds, Engine="postgres", EngineVersion="16.99") == []
    assert versions(rds, Engine="mysql") == []


def test_a_version_says_what_it_upgrades_to(rds: Any) -> None:
    found = rds.describe_db_engine_versions(Engine="postgres", EngineVersion="16.4")["DBEngineVersions"][0]
    targets = {each["EngineVersion"]: each["IsMajorVersionUpgrade"] for each in found["ValidUpgradeTarget"]}
    assert "16.3" not in targets
    assert (targets["16.10"], targets["17.6"]) == (False, True)
    assert (found["DBParameterGroupFamily"], found["Status"]) == ("postgres16", "available")
    assert "postgresql" in found["ExportableLogTypes"]


@pytest.mark.parametrize("name", ["db.t3.medium", "db.t3.large", "db.r5.xlarge", "db.t4g.medium", "db.r6g.large"])
def test_classes_can_be_ordered(rds: Any, name: str) -> None:
    wanted = {"Engine": "postgres", "EngineVersion": "16.4", "DBInstanceClass": name}
    found = rds.describe_orderable_db_instance_options(**wanted)["OrderableDBInstanceOptions"]
    assert {each["StorageType"] for each in found} == {"gp2", "gp3", "io1"}
    assert all(each["MultiAZCapable"] and len(each["AvailabilityZones"]) == 3 for each in found)


def test_orders_come_in_pages(rds: Any) -> None:
    pages = rds.get_paginator("describe_orderable_db_instance_options").paginate(
        Engine="postgres", EngineVersion="16.4"
    )
    found = [
        (each["DBInstanceClass"], each["StorageType"]) for page in pages for each in page["OrderableDBInstanceOptions"]
    ]
    assert len(found) == len(set(found)) == 33
    none = rds.describe_orderable_db_instance_options(Engine="postgres", DBInstanceClass="db.none")
    assert none["OrderableDBInstanceOptions"] == []


def test_no_maintenance_is_pending(rds: Any) -> None:
    assert rds.describe_pending_maintenance_actions()["PendingMaintenanceActions"] == []
