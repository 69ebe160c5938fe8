# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _options
from ansible_collections.uex.payments.plugins.modules import rds_option_group
from ansible_collections.uex.payments.plugins.modules.rds_option_group import OptionGroup
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject


def sample(connect: Connect) -> dict[str, Any]:
    shared = {"engine_name": "postgres", "major_engine_version": "16", "description": "UEX Payments", "tags": None}
    return {"option_groups": [{"name": f"uex-payments-test-{name}", **shared} for name in ("db", "other")]}


CONTRACT = Contract(OptionGroup, sample, change={"tags": {"Owner": "payments"}})


@pytest.mark.parametrize("option", ["engine_name", "major_engine_version", "description"])
def test_nothing_but_tags_can_change(aws: None, option: str) -> None:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    outcome = subject.run(**subject.with_items([{**subject.items[0], option: "17"}]))
    assert {failure.code for failure in outcome.failed} == {"Frozen"}


def test_options_are_refused_as_postgresql_has_none() -> None:
    items = _options.argument_spec(rds_option_group.DOCUMENTATION, {})["option_groups"]["options"]
    assert items.keys() == {"name", "engine_name", "major_engine_version", "description", "tags"}
    assert "PostgreSQL has none" in rds_option_group.DOCUMENTATION


def test_a_name_that_aws_would_rewrite_is_refused() -> None:
    resource = OptionGroup(lambda service: None, {})
    assert [problem.partition(":")[0] for problem in resource.validate({"name": "UEX"})] == ["name"]


def instance(subject: Subject) -> Any:
    client = subject.account.connect("rds")
    size = {"Engine": "postgres", "EngineVersion": "16", "DBInstanceClass": "db.t3.medium", "AllocatedStorage": 20}
    login = {"MasterUsername": "uex", "MasterUserPassword": "long-enough"}
    client.create_db_instance(DBInstanceIdentifier="db", OptionGroupName=subject.names()[0], **size, **login)
    return client


def test_a_group_that_a_snapshot_refers_to_is_spared_until_that_is_gone(aws: None) -> None:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    client = instance(subject)
    client.delete_db_instance(DBInstanceIdentifier="db", FinalDBSnapshotIdentifier="last")
    first, second = subject.names()
    assert [plan.name for plan in subject.run(prune=True, **subject.with_items([])).done] == [second]
    client.delete_db_snapshot(DBSnapshotIdentifier="last")
    assert [plan.name for plan in subject.run(prune=True, **subject.with_items([])).done] == [first]


def test_a_group_whose_instance_will_leave_a_snapshot_is_spared_when_asked(aws: None) -> None:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    instance(subject)
    planned = subject.run(check_mode=True, prune=True, spare_used=True, **subject.with_items([]))
    assert [plan.name for plan in planned.plans] == subject.names()[1:]
