# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import json
import re
from typing import Any

import pytest
from moto.events.models import EventPattern

from ansible_collections.uex.payments.plugins.module_utils import _event_rules
from ansible_collections.uex.payments.tests.support import events
from ansible_collections.uex.payments.tests.support.events import NAME
from embedded_aws import extensions

KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
KEY = events.arn("kms", f"key/{KEY_ID}")
ESTATE = {
    "name": NAME,
    "region": events.REGION,
    "account_id": events.ACCOUNT,
    "partition": "aws",
    "topics": {each: f"arn:{each}" for each in ("critical", "warning", "info")},
    "keys": [KEY],
    "root_login": True,
    "threats": True,
    "findings": True,
}
OTHER = "uex-payments-dev"


def rules(**changed: Any) -> dict[str, dict[str, Any]]:
    return {rule["name"].removeprefix(f"{NAME}-"): rule for rule in _event_rules.rules({**ESTATE, **changed})}


RULES = rules()
ROLLED_BACK = "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/122."
CASES: list[tuple[str, dict[str, Any], set[str]]] = [
    ("failed", events.deployment(), {"deployment-failed"}),
    ("an error", events.deployment("SERVICE_DEPLOYMENT_IN_PROGRESS", kind="ERROR"), {"deployment-failed"}),
    ("rolled back", events.deployment("SERVICE_DEPLOYMENT_IN_PROGRESS", ROLLED_BACK), {"deployment-failed"}),
    ("begun", events.deployment("SERVICE_DEPLOYMENT_IN_PROGRESS", "ECS deployment ecs-svc/123 in progress."), set()),
    ("completed", events.deployment("SERVICE_DEPLOYMENT_COMPLETED"), set()),
    ("failed elsewhere", events.deployment(cluster=OTHER), set()),
    ("paused", events.hook(), {"deployment-paused"}),
    ("paused too long", events.hook("HOOK_TIMED_OUT"), {"deployment-paused"}),
    ("gone on", events.hook("HOOK_SUCCEEDED"), set()),
    ("paused elsewhere", events.hook(cluster=OTHER), set()),
    ("exited", events.task("EssentialContainerExited"), {"task-stopped"}),
    ("not started", events.task("TaskFailedToStart", "CannotPullContainerError"), {"task-stopped"}),
    ("unhealthy", events.task("ServiceSchedulerInitiated", "Task failed container health checks"), {"task-stopped"}),
    ("scaled in", events.task("ServiceSchedulerInitiated", "Scaling activity initiated by (deployment 1)"), set()),
    ("by a user", events.task("UserInitiated", "Task stopped by user"), set()),
    ("spot taken back", events.task("SpotInterruption", "Your Spot Task was interrupted."), set()),
    ("a one-off task", events.task("EssentialContainerExited", group=f"family:{NAME}-migrate"), set()),
    ("stopping", events.task("EssentialContainerExited", status="DEPROVISIONING"), set()),
    ("exited elsewhere", events.task("EssentialContainerExited", cluster=OTHER), set()),
    ("impaired", events.service_action("SERVICE_TASK_START_IMPAIRED"), {"service-impaired"}),
    ("steady", events.service_action("SERVICE_STEADY_STATE"), set()),
    ("impaired elsewhere", events.service_action("SERVICE_TASK_START_IMPAIRED", OTHER), set()),
    ("failover", events.database("failover"), {"database-critical"}),
    ("replica's failure", events.database("failure", f"{NAME}-db-replica-1"), {"database-critical"}),
    ("full", events.database("low storage"), {"database-critical"}),
    ("restart", events.database("availability"), {"database-warning"}),
    ("backup begun", events.database("backup", event_id="RDS-EVENT-0001"), set()),
    ("backup made", events.database("backup", event_id="RDS-EVENT-0002"), set()),
    ("backup otherwise", events.database("backup", event_id="RDS-EVENT-0086"), {"database-backup"}),
    ("backups off", events.database("configuration change", event_id="RDS-EVENT-0028"), {"database-backup"}),
    ("backups on", events.database("configuration change", event_id="RDS-EVENT-0032"), set()),
    ("backups off elsewhere", events.database("configuration change", f"{OTHER}-db", "RDS-EVENT-0028"), set()),
    ("backup failed", events.backup("FAILED"), {"backup-failed"}),
    ("backup aborted", events.backup("ABORTED"), {"backup-failed"}),
    ("backup too late", events.backup("EXPIRED"), {"backup-failed"}),
    ("job done", events.backup("COMPLETED"), set()),
    ("in a vault of others", events.backup("FAILED", vault="company"), {"backup-failed"}),
    (
        "a bucket in a vault of others",
        events.backup("FAILED", "company", f"arn:aws:s3:::{NAME}-backups-1"),
        {"backup-failed"},
    ),
    ("others in a vault of others", events.backup("FAILED", "company", events.arn("rds", f"db:{OTHER}-db")), set()),
    ("copy failed", events.copy("FAILED"), {"backup-failed"}),
    ("copy made", events.copy("COMPLETED"), set()),
    ("copy failed elsewhere", events.copy("FAILED", OTHER), set()),
    ("failover elsewhere", events.database("failover", f"{OTHER}-db"), set()),
    ("a namesake", events.database("failover", f"{NAME}-dbx"), set()),
    ("snapshot failed", events.cache("Snapshot Creation Failed"), {"cache"}),
    ("snapshot made", events.cache("Snapshot Created"), set()),
    ("snapshot failed elsewhere", events.cache("Snapshot Creation Failed", f"{OTHER}-redis"), set()),
    ("not rotated", events.rotation(), {"rotation-failed"}),
    ("rotated", events.rotation("RotationSucceeded"), set()),
    ("not rotated elsewhere", events.rotation(secret=f"{OTHER}/database"), set()),
    ("key goes, by id", events.key("ScheduleKeyDeletion", KEY_ID), {"key-endangered"}),
    ("key goes, by ARN", events.key("ScheduleKeyDeletion", KEY), {"key-endangered"}),
    ("key disabled", events.key("DisableKey", KEY_ID), {"key-endangered"}),
    ("key used", events.key("Decrypt", KEY_ID), set()),
    ("another key", events.key("DisableKey", KEY_ID.replace("1", "2")), set()),
    ("root", events.login(), {"root-login"}),
    ("somebody", events.login("IAMUser"), set()),
    ("a threat", events.threat(7), {"threat-found"}),
    ("a worse one", events.threat(9.5), {"threat-found"}),
    ("a lesser one", events.threat(6.9), set()),
    ("another account's", events.threat(8, account="210987654321"), set()),
    ("a finding", events.finding(), {"security-finding"}),
    ("a critical one", events.finding("CRITICAL"), {"security-finding"}),
    ("a medium one", events.finding("MEDIUM"), set()),
    ("one that somebody has", events.finding(workflow="NOTIFIED"), set()),
    ("one that is over", events.finding(record="ARCHIVED"), set()),
    ("GuardDuty's, told already", events.finding(product="GuardDuty"), set()),
    ("another account's finding", events.finding(account="210987654321"), set()),
]
EVENTS = [pytest.param(event, told, id=label) for label, event, told in CASES]


@pytest.mark.parametrize(("event", "told"), EVENTS)
def test_an_event_reaches_the_rules_it_is_for(event: dict[str, Any], told: set[str]) -> None:
    assert {name for name, rule in RULES.items() if events.matches(rule["event_pattern"], event)} == told


@pytest.mark.parametrize(("event", "told"), EVENTS)
def test_the_embedded_aws_decides_the_same(event: dict[str, Any], told: set[str]) -> None:
    extensions.install()
    patterns = {name: EventPattern.load(json.dumps(rule["event_pattern"])) for name, rule in RULES.items()}
    assert {name for name, pattern in patterns.items() if pattern.matches_event(event)} == told


def test_every_rule_has_an_event_that_it_is_for() -> None:
    assert set().union(*(told for _what, _event, told in CASES)) == RULES.keys()


def test_the_deployment_rule_has_its_fixed_name_and_pages() -> None:
    rule = RULES["deployment-failed"]
    assert rule["name"] == f"{NAME}-deployment-failed"
    assert [target["arn"] for target in rule["targets"]] == ["arn:critical"]


def value(event: Any, path: str) -> Any:
    """What a path of an input transformer finds."""
    for part in re.findall(r"\.([\w-]+)|\[(\d+)\]", path):
        event = event[part[0]] if part[0] else event[int(part[1])]
    return event


@pytest.mark.parametrize(("event", "told"), [each for each in EVENTS if each.values[1]])
def test_all_words_of_a_message_are_in_the_event(event: dict[str, Any], told: set[str]) -> None:
    for name in told:
        (target,) = RULES[name]["targets"]
        text = json.loads(target["input_template"])
        for word, path in target["input_paths"].items():
            text = text.replace(f"<{word}>", str(value(event, path)))
        assert text.startswith(f"[{NAME}] ")
        assert "<" not in text


def test_signing_in_as_root_is_told_where_aws_tells_it_and_can_be_left_out() -> None:
    assert "root-login" not in rules(region="eu-west-1")
    assert "root-login" not in rules(root_login=False)
    assert "key-endangered" not in rules(keys=[])


def test_findings_are_told_only_of_what_is_on() -> None:
    assert {"threat-found", "security-finding"} - rules(threats=False).keys() == {"threat-found"}
    assert {"threat-found", "security-finding"} - rules(findings=False).keys() == {"security-finding"}


def test_all_rules_are_what_eventbridge_takes() -> None:
    for name in ("uex-payments-staging", NAME):
        for rule in _event_rules.rules({**ESTATE, "name": name}):
            assert list(_event_rules.problems(rule)) == []


TARGET = {"id": "a", "arn": "arn:a", "input_paths": {"x": "$.x"}, "input_template": '"<x> of <aws.events.rule-name>"'}


@pytest.mark.parametrize(
    ("changed", "option"),
    [
        ({}, []),
        ({"name": "with blank"}, ["name"]),
        ({"name": "x" * 65}, ["name"]),
        ({"event_pattern": {}}, ["event_pattern"]),
        ({"event_pattern": {"source": ["x" * 2048]}}, ["event_pattern"]),
        ({"targets": None}, []),
        ({"targets": [{**TARGET, "id": str(number)} for number in range(6)]}, ["targets"]),
        ({"targets": [TARGET, TARGET]}, ["targets"]),
        ({"targets": [{**TARGET, "input_paths": None}]}, ["targets"]),
    ],
)
def test_what_eventbridge_refuses(changed: dict[str, Any], option: list[str]) -> None:
    item = {"name": "a.rule_1", "event_pattern": {"source": ["aws.ecs"]}, "targets": [TARGET], **changed}
    assert [problem.partition(":")[0] for problem in _event_rules.problems(item)] == option
