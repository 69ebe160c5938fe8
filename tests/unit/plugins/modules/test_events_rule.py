# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils._calls import Refused
from ansible_collections.uex.payments.plugins.modules import events_rule
from ansible_collections.uex.payments.plugins.modules.events_rule import Rule
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject


def item(name: str, topics: list[str]) -> dict[str, Any]:
    targets = [
        {"id": arn.rpartition(":")[2], "arn": arn, "input_paths": {"x": "$.detail.x"}, "input_template": '"<x>"'}
        for arn in topics
    ]
    return {
        "name": f"uex-payments-test-{name}",
        "description": "Something happened",
        "event_pattern": {"source": ["aws.ecs"], "detail": {"eventName": ["A", "B"]}},
        "enabled": True,
        "targets": targets,
        "tags": None,
    }


def sample(connect: Connect) -> dict[str, Any]:
    topics = [connect("sns").create_topic(Name=name)["TopicArn"] for name in ("critical", "warning")]
    return {"rules": [item("failed", topics), item("paused", topics[1:])]}


CONTRACT = Contract(Rule, sample, change={"event_pattern": {"source": ["aws.ecs"]}}, unset=("description", "targets"))


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    subject.account.written()
    return subject


def targets(subject: Subject) -> list[dict[str, Any]]:
    client = subject.account.connect("events")
    found: list[dict[str, Any]] = client.list_targets_by_rule(Rule=subject.items[0]["name"])["Targets"]
    return found


def test_only_targets_that_differ_are_written(made: Subject) -> None:
    first, *others = made.items
    critical, warning = first["targets"]
    changed = {**first, "targets": [critical, {**warning, "input_template": '"Look: <x>"'}]}
    assert made.run(**made.with_items([changed, *others])).failed == []
    assert [call for _service, call in made.account.written()] == ["PutTargets"]
    assert [each["InputTransformer"]["InputTemplate"] for each in targets(made)] == ['"<x>"', '"Look: <x>"']


def test_a_target_that_is_declared_no_more_goes(made: Subject) -> None:
    first, *others = made.items
    assert made.run(**made.with_items([{**first, "targets": first["targets"][:1]}, *others])).failed == []
    assert [call for _service, call in made.account.written()] == ["RemoveTargets"]
    assert [each["Id"] for each in targets(made)] == ["critical"]


def test_a_rule_that_an_interruption_left_without_targets_gets_them(made: Subject) -> None:
    made.account.connect("events").remove_targets(Rule=made.items[0]["name"], Ids=["critical", "warning"])
    assert [plan.verb for plan in made.run().done] == ["update"]
    assert len(targets(made)) == 2


def test_a_rule_is_switched_off_and_keeps_its_description(made: Subject) -> None:
    first, *others = made.items
    assert made.run(**made.with_items([{**first, "enabled": False, "description": None}, *others])).failed == []
    rule = made.account.connect("events").describe_rule(Name=first["name"])
    assert (rule["State"], rule["Description"]) == ("DISABLED", "Something happened")


def test_a_pattern_that_matches_less_is_no_match(made: Subject) -> None:
    first = made.items[0]
    narrower = '{"source": ["aws.ecs"], "region": ["eu-west-1"], "detail": {"eventName": ["A", "B"]}}'
    made.account.connect("events").put_rule(Name=first["name"], EventPattern=narrower, State="ENABLED")
    planned = made.run(check_mode=True).plans
    assert [change.field for change in planned[0].changes] == ["description", "event_pattern"]


def test_a_failure_inside_a_success_is_one() -> None:
    with pytest.raises(Refused, match="too many") as caught:
        events_rule.demand_all(
            {"FailedEntries": [{"TargetId": "a", "ErrorCode": "LimitExceeded", "ErrorMessage": "too many"}]}
        )
    assert caught.value.response["Error"]["Code"] == "LimitExceeded"
