# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _one_off, _one_off_shown
from ansible_collections.uex.payments.plugins.modules import stack_task
from ansible_collections.uex.payments.tests.support import plugins
from ansible_collections.uex.payments.tests.support.one_off import Place, place
from embedded_aws import tasks


@pytest.fixture
def found(aws: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(tasks, "FILE", tmp_path / tasks.NAME)
    tasks.remember(tasks.FILE, "job", {"lines": ["one"], "exit_code": 4})
    return place()


def step(found: Place, step: str = "start", check_mode: bool = False, **more: Any) -> dict[str, Any]:
    given = {name: value for name, value in found.request._asdict().items() if name not in ("deadline", "log_prefix")}
    options = {**given, "environment": {}, "tags": {}, "step": step, **more}
    return plugins.run_module(stack_task, options, check_mode)


def running(found: Place) -> list[str]:
    return [task["taskArn"] for task in _one_off.running(found.estate.ecs, "pay", "job")]


def test_a_task_is_started_looked_at_and_stopped(found: Place) -> None:
    started = step(found)
    arn = started["task_arn"]
    assert started["changed"]
    looks = [step(found, "look", task_arn=arn)]
    looks.append(step(found, "look", task_arn=arn, position=looks[0]["position"]))
    assert [(each["status"], each["lines"], each["exit_code"]) for each in looks] == [
        ("RUNNING", ["one"], None),
        ("STOPPED", [], 4),
    ]
    assert step(found, "stop", task_arn=arn, reason="enough")["changed"]
    assert found.task(arn)["stoppedReason"] == "enough"


@pytest.mark.parametrize(("step_", "check_mode"), [("show", False), ("start", True)])
def test_what_would_run_is_shown_and_nothing_started(found: Place, step_: str, check_mode: bool) -> None:
    shown = step(found, step_, check_mode, command=["down"], environment={"FURTHER": "x"})
    assert not shown["changed"]
    rows = {line[:17].strip(): line[17:].strip() for line in shown["table"]}
    assert rows["command"] == "down"
    assert rows["variables"] == "DATABASE_HOST, FURTHER, MODE"
    assert rows["secrets"] == "DATABASE_PASSWORD from pay/database:password"
    assert running(found) == []


def test_a_second_task_of_the_family_is_refused_with_the_first_and_what_to_do(found: Place) -> None:
    tasks.remember(tasks.FILE, "job", {"seconds": 60})
    arn = step(found, started_by="somebody")["task_arn"]
    refused = step(found)
    assert refused["failed"]
    assert f"{arn}: RUNNING, started by somebody" in refused["msg"]
    assert f"aws ecs stop-task --cluster pay --task {arn}" in refused["msg"]
    assert f"aws logs tail pay-job --follow --log-stream-names ecs/job/{arn.rpartition('/')[2]}" in refused["msg"]
    assert running(found) == [arn]
    assert "task_arn" in step(found, alone=False)


def test_a_task_definition_that_is_not_there_is_a_failure_that_names_it(found: Place) -> None:
    refused = step(found, task_definition="absent")
    assert refused["failed"]
    assert refused["msg"].startswith("absent: start failed: ClientException")


def test_want_of_capacity_is_told_in_words(found: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_one_off, "CAPACITY_SECONDS", 0.0)
    tasks.remember(tasks.FILE, "job", {"unavailable": True})
    refused = step(found)
    assert refused["failed"]
    assert "Fargate has no capacity" in refused["msg"]


@pytest.mark.parametrize(
    ("reference", "shown"),
    [
        ("arn:aws:secretsmanager:r:1:secret:pay/db-AbCdEf:password::", "A from pay/db:password"),
        ("arn:aws:secretsmanager:r:1:secret:pay/db-AbCdEf", "A from pay/db"),
        ("arn:aws:secretsmanager:r:1:secret:pay/my-db-AbCdEf:::", "A from pay/my-db"),
        ("arn:aws:ssm:r:1:parameter/a", "A"),
    ],
)
def test_a_secret_is_shown_by_its_name(reference: str, shown: str) -> None:
    container = {"image": "i", "secrets": [{"name": "A", "value_from": reference}]}
    revision = {"revision": 1, "cpu": 256, "memory": 512, "container_definitions": {"job": container}}
    request = _one_off.OneOff("pay", "job", ["s"], ["g"], "job")
    (row,) = [line for line in _one_off_shown.table(request, "job", revision) if line.strip().startswith("secrets")]
    assert row.split(maxsplit=1)[1] == shown


def test_a_failure_repeats_the_last_lines_and_says_what_to_do() -> None:
    outcome = _one_off.Outcome("arn", 3, "Exited", ["a", "b", "c"])
    said = _one_off_shown.problem(outcome, 2, ["Do this."]).split("\n")
    assert said[1:] == ["The end of its log:", "  b", "  c", "Do this."]
    assert said[0].startswith("arn: the container exited with 3: Exited;")
    assert _one_off_shown.problem(outcome._replace(exit_code=0), 2, []) == ""
    assert "It logged nothing." in _one_off_shown.problem(outcome._replace(lines=[]), 2, [])


def test_a_revision_that_ecs_has_not_yet_is_shown_as_it_is_planned(found: Place) -> None:
    container = {"image": "this", "command": ["up"], "environment": [], "secrets": []}
    planned = {
        "revision": "(known after apply)",
        "cpu": 256,
        "memory": 512,
        "container_definitions": {"job": container},
    }
    shown = step(found, "show", planned={"family": "absent", **planned}, task_definition="(known after apply)")
    rows = [line.split(maxsplit=2)[1:] for line in shown["table"][:1]]
    assert rows == [["definition", "absent:(known after apply)"]]
    assert any(line.split() == ["image", "this"] for line in shown["table"])
