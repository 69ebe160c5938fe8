# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _plan, _rds_changes

OPTIONS = {
    "replicas": False,
    "spare_promoted": True,
    "allow_major_version_upgrade": False,
    "apply_immediately": False,
}
REPLICAS = {**OPTIONS, "replicas": True}
LIVE: dict[str, Any] = {
    "engine": "postgres",
    "engine_version": "16.4",
    "db_instance_class": "db.t3.medium",
    "allocated_storage": 50,
    "storage_encrypted": True,
    "kms_key_id": "old",
    "master_username": "uex",
    "db_name": "uex",
    "deletion_protection": False,
    "read_replicas": [],
    "ready": True,
    "source_db_instance_identifier": None,
    "tags": {},
}
TAGGED = {"tags": {_rds_changes.REPLICATES: "db"}}


def plan(
    changed: dict[str, Any] | None, live: dict[str, Any] | None = None, replaceable: tuple[str, ...] = ()
) -> _plan.Plan:
    return _plan.plan("db", changed, {**LIVE, **(live or {})}, replaceable=replaceable)


def said(plan: _plan.Plan, **options: Any) -> str:
    """The objection to a plan, or nothing."""
    objection = _rds_changes.objection(plan, {**OPTIONS, **options})
    return " ".join(objection) if objection else ""


@pytest.mark.parametrize(
    ("changed", "live", "effects"),
    [
        ({"db_instance_class": "db.t3.large"}, {}, ["interrupts"]),
        ({"db_parameter_group_name": "new"}, {}, ["needs reboot"]),
        ({"backup_retention_period": 7}, {}, []),
        ({"engine_version": "16.9"}, {}, ["interrupts"]),
        ({"engine_version": "16.9"}, {"read_replicas": ["r"]}, ["interrupts", "upgrades its replicas"]),
        ({"engine_version": "17"}, {"read_replicas": ["r"]}, ["interrupts", "upgrades its replicas"]),
        ({"backup_retention_period": 7}, {"read_replicas": ["r"]}, []),
    ],
)
def test_what_a_change_of_an_instance_brings_about(changed: Any, live: Any, effects: list[str]) -> None:
    assert _rds_changes.effects(plan(changed, live)) == effects


@pytest.mark.parametrize(("snapshot", "effects"), [(None, []), ("s", ["made of the snapshot s"])])
def test_a_creation_says_of_what(snapshot: str | None, effects: list[str]) -> None:
    assert _rds_changes.effects(_plan.plan("db", {"port": 5432}, None), snapshot) == effects


def test_a_replacement_says_that_it_keeps_the_data() -> None:
    replaced = plan({"kms_key_id": "new"}, replaceable=("kms_key_id",))
    assert _rds_changes.effects(replaced) == ["interrupts", "keeps its data"]


@pytest.mark.parametrize(
    ("changed", "waiting", "asked", "expected"),
    [
        ({"backup_retention_period"}, [], False, True),
        ({"db_instance_class"}, [], False, False),
        ({"db_instance_class"}, [], True, True),
        ({"backup_retention_period"}, ["engine_version"], False, False),
        ({"backup_retention_period"}, ["multi_az"], False, True),
    ],
)
def test_only_what_interrupts_waits(changed: set[str], waiting: list[str], asked: bool, expected: bool) -> None:
    assert _rds_changes.at_once(changed, waiting, asked) is expected


@pytest.mark.parametrize(
    ("changed", "live", "options", "words"),
    [
        ({"engine": "mysql"}, {}, {}, "engine from 'postgres' to 'mysql': a snapshot is restored by the engine"),
        ({"master_username": "root"}, {}, {}, "with the first user that it holds"),
        ({"db_name": "other"}, {}, {}, "with the databases that it holds"),
        ({"storage_encrypted": False}, {}, {}, "in the clear"),
        ({"allocated_storage": 40}, {}, {}, "50 GiB can only grow, not to 40"),
        ({"engine_version": "15"}, {}, {}, "cannot go back with engine_version from 16.4 to 15"),
        ({"engine_version": "17"}, {}, {}, "data_db_allow_major_version_upgrade=true"),
        (
            {"engine_version": "17"},
            {"read_replicas": ["r1", "r2"]},
            {"allow_major_version_upgrade": True},
            "AWS upgrades r1, r2 along with it",
        ),
        ({"engine_version": "16.9"}, {"read_replicas": ["r1"]}, {}, "AWS upgrades r1 before it"),
        ({"engine_version": "16.9"}, {"read_replicas": ["r1"]}, {}, "data_db_apply_immediately=true"),
        ({}, {"source_db_instance_identifier": "other"}, {}, "read replica of other, not a database of its own"),
        (
            {"source_db_instance_identifier": "db"},
            {"source_db_instance_identifier": "x"},
            REPLICAS,
            "replicates x, not",
        ),
        ({"source_db_instance_identifier": "db"}, {}, REPLICAS, "it was a read replica of db and is one no more"),
        ({"db_name": "uex"}, TAGGED, {}, "it was a read replica of db and is one no more"),
        (None, TAGGED, {}, "it was a read replica of db and is one no more"),
    ],
)
def test_what_is_refused_says_why_and_what_to_do(changed: Any, live: Any, options: Any, words: str) -> None:
    assert words in said(plan(changed, live), **options)


@pytest.mark.parametrize(
    ("live", "words"),
    [
        ({"deletion_protection": True}, "data_db_deletion_protection=false"),
        ({"read_replicas": ["r1", "r2"]}, "r1, r2 replicate it"),
    ],
)
def test_what_stands_in_the_way_of_a_replacement(live: Any, words: str) -> None:
    assert words in said(plan({"kms_key_id": "new"}, live, ("kms_key_id",)))
    assert said(plan({"db_instance_class": "db.t3.large"}, live)) == ""


@pytest.mark.parametrize(
    ("changed", "live", "options"),
    [
        ({"db_instance_class": "db.t3.large"}, {}, {}),
        ({"allocated_storage": 60}, {}, {}),
        ({"engine_version": "16.9"}, {}, {}),
        ({"engine_version": "17"}, {}, {"allow_major_version_upgrade": True}),
        ({"engine_version": "16.9"}, {"read_replicas": ["r"]}, {"apply_immediately": True}),
        ({"source_db_instance_identifier": "db"}, {**TAGGED, "source_db_instance_identifier": "db"}, REPLICAS),
        ({}, TAGGED, {}),  # nothing but pruning is asked for, and it is declared
        (None, {}, {}),
        (None, TAGGED, {"spare_promoted": False}),
    ],
)
def test_what_can_be_done_is_not_refused(changed: Any, live: Any, options: Any) -> None:
    assert said(plan(changed, live), **options) == ""


@pytest.mark.parametrize("changed", [{"engine": "postgres", "db_name": "uex", "storage_encrypted": False}])
def test_what_is_made_is_not_refused(changed: Any) -> None:
    assert said(_plan.plan("db", changed, None)) == ""


def instance(name: str, zone: str, standby: str = "", source: str = "", status: str = "available") -> dict[str, Any]:
    entry = {"DBInstanceIdentifier": name, "DBInstanceStatus": status, "AvailabilityZone": zone}
    extra = {"SecondaryAvailabilityZone": standby, "ReadReplicaSourceDBInstanceIdentifier": source}
    return {**entry, **{key: value for key, value in extra.items() if value}}


SINGLE = instance("db", "a")
MULTI = instance("db", "a", standby="b")


@pytest.mark.parametrize(
    ("missing", "live", "zones", "dealt"),
    [
        (["r1"], [SINGLE], "abc", {"r1": "b"}),
        (["r1", "r2"], [SINGLE], "abc", {"r1": "b", "r2": "c"}),
        (["r2", "r1"], [SINGLE], "abc", {"r1": "b", "r2": "c"}),
        (["r1", "r2", "r3", "r4"], [SINGLE], "abc", {"r1": "b", "r2": "c", "r3": "b", "r4": "c"}),
        (["r1"], [MULTI], "abc", {"r1": "c"}),
        (["r1", "r2", "r3"], [MULTI], "abc", {"r1": "c", "r2": "b", "r3": "c"}),
        (["r1", "r2"], [instance("db", "b", standby="a")], "abc", {"r1": "c", "r2": "a"}),
        (["r2"], [SINGLE, instance("r1", "b", source="db")], "abc", {"r2": "c"}),
        (["r2"], [SINGLE, instance("x", "b", source="other")], "abc", {"r2": "b"}),
        (["r2"], [SINGLE, instance("r1", "b", source="db", status="deleting")], "abc", {"r2": "b"}),
        (["r1"], [instance("db", "c")], "cba", {"r1": "b"}),
        (["r1"], [], "abc", {"r1": "a"}),
        (["r1"], [SINGLE], "a", {"r1": "a"}),
        (["r1"], [SINGLE], "", {}),
        ([], [SINGLE], "abc", {}),
    ],
)
def test_new_replicas_stand_apart(missing: list[str], live: Any, zones: str, dealt: dict[str, str]) -> None:
    assert _rds_changes.zones(dict.fromkeys(missing, "db"), live, list(zones)) == dealt


def test_each_source_has_its_own_replicas() -> None:
    live = [SINGLE, instance("other", "b")]
    assert _rds_changes.zones({"r": "db", "s": "other"}, live, list("abc")) == {"r": "b", "s": "a"}
