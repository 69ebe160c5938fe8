# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.rds_db_parameter_group import DBParameterGroup
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

PARAMETERS = {"rds.force_ssl": 1, "log_min_duration_statement": 1000, "log_connections": True}
NAME = "uex-payments-test-db"


def sample(connect: Connect) -> dict[str, Any]:
    shared = {"family": "postgres16", "description": "UEX Payments", "parameters": PARAMETERS, "tags": None}
    return {"db_parameter_groups": [{"name": name, **shared} for name in (NAME, "uex-payments-test-other")]}


CONTRACT = Contract(
    DBParameterGroup,
    sample,
    change={"parameters": {**PARAMETERS, "log_min_duration_statement": 500}},
    unset=("parameters",),
)


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    return subject


def stored(subject: Subject) -> dict[str, str]:
    """The group's own parameters, each as value and apply method."""
    client = subject.account.connect("rds")
    found = client.describe_db_parameters(DBParameterGroupName=NAME, Source="user")["Parameters"]
    return {entry["ParameterName"]: f"{entry['ParameterValue']} {entry['ApplyMethod']}" for entry in found}


def test_a_static_parameter_waits_for_a_reboot_and_a_dynamic_one_does_not(made: Subject) -> None:
    preload = {**PARAMETERS, "shared_preload_libraries": "pg_stat_statements"}
    assert made.run(**made.with_items([{**made.items[0], "parameters": preload}])).failed == []
    assert stored(made)["shared_preload_libraries"] == "pg_stat_statements pending-reboot"
    assert stored(made)["log_min_duration_statement"] == "1000 immediate"


@pytest.mark.parametrize(
    ("parameter", "effects"),
    [({"shared_preload_libraries": "pg_stat_statements"}, ["needs reboot"]), ({"log_min_duration_statement": 5}, [])],
)
def test_a_plan_says_whether_a_parameter_needs_a_reboot(
    made: Subject, parameter: dict[str, Any], effects: list[str]
) -> None:
    changed = made.with_items([{**made.items[0], "parameters": {**PARAMETERS, **parameter}}])
    (plan,) = made.run(check_mode=True, **changed).plans
    assert plan.verb == "update"
    assert list(made.resource(**changed).effects(plan)) == effects


def test_one_call_changes_twenty_parameters_at_most(made: Subject) -> None:
    names = sorted(each["ParameterName"] for each in _changeable(made))[:25]
    made.account.written()
    items = made.with_items([{**made.items[0], "parameters": {**PARAMETERS, **dict.fromkeys(names, "1")}}])
    assert made.run(**items).failed == []
    calls = [operation for _service, operation in made.account.written()]
    assert calls.count("ModifyDBParameterGroup") == 2


def _changeable(subject: Subject) -> list[dict[str, Any]]:
    client = subject.account.connect("rds")
    pages = client.get_paginator("describe_db_parameters").paginate(DBParameterGroupName=NAME)
    found = [each for page in pages for each in page["Parameters"]]
    return [each for each in found if each["IsModifiable"] and each["ParameterName"] not in PARAMETERS]


def test_a_parameter_that_is_declared_no_more_is_reset(made: Subject) -> None:
    outcome = made.run(**made.with_items([{**made.items[0], "parameters": {"rds.force_ssl": 1}}]))
    assert outcome.failed == []
    assert outcome.plans[0].options == {"undeclared_parameters"}
    assert set(stored(made)) == {"rds.force_ssl"}


def test_another_family_is_refused(made: Subject) -> None:
    outcome = made.run(**made.with_items([{**made.items[0], "family": "postgres17"}]))
    assert {failure.code for failure in outcome.failed} == {"Frozen"}


@pytest.mark.parametrize("name", ["UEX", "uex--payments", "uex-", "1uex"])
def test_a_name_that_aws_would_rewrite_is_refused(name: str) -> None:
    resource = DBParameterGroup(lambda service: None, {})
    assert [problem.partition(":")[0] for problem in resource.validate({"name": name})] == ["name"]
