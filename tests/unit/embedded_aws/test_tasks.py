# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One-off tasks of the embedded AWS: those that only say what they are told to, and those that really run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _one_off, _wait
from ansible_collections.uex.payments.tests.support import emulator
from ansible_collections.uex.payments.tests.support.one_off import GROUP, Place, place
from embedded_aws import launcher, tasks


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tasks, "FILE", tmp_path / tasks.NAME)
    return tasks.FILE


def runs(file: Path, code: str, **more: Any) -> None:
    """Let tasks of the family really run some Python."""
    tasks.remember(file, "job", {"entry_point": [sys.executable, "-uc", code], **more})


def started(found: Place, **more: Any) -> str:
    return _one_off.start(found.estate.ecs, found.request._replace(**more))


def ended(found: Place, arn: str) -> Any:
    return _wait.until(lambda: found.task(arn), lambda task: task["lastStatus"] == "STOPPED", "end", 10, pause=0.02)


def logged(arn: str) -> list[str]:
    name = f"ecs/job/{arn.rpartition('/')[2]}"
    events = boto3.client("logs").get_log_events(logGroupName=GROUP, logStreamName=name, startFromHead=True)["events"]
    return [event["message"] for event in events]


def exit_code(task: Any) -> int | None:
    return task["containers"][0].get("exitCode")  # type: ignore[no-any-return]


def test_a_task_ends_with_what_it_is_told_to(aws: None, file: Path) -> None:
    found = place()
    tasks.remember(file, tasks.EVERY, {"lines": ["one", "two"], "exit_code": 3, "reason": "It failed"})
    task = ended(found, started(found))
    assert (exit_code(task), task["stoppedReason"], task["stopCode"]) == (3, "It failed", "EssentialContainerExited")
    assert logged(task["taskArn"]) == ["one", "two"]


def test_a_task_goes_through_its_states_and_takes_its_time(
    aws: None, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(tasks, "clock", lambda: now[0])
    tasks.remember(file, "job", {"seconds": 10})
    found = place()
    arn = started(found)
    assert [found.task(arn)["lastStatus"] for _look in range(3)] == ["RUNNING"] * 3
    now[0] = 10.0
    assert found.task(arn)["lastStatus"] == "STOPPED"


def test_a_task_without_an_exit_code_never_ran(aws: None, file: Path) -> None:
    tasks.remember(file, "job", {"exit_code": None, "reason": "Timeout waiting for network interface provisioning"})
    found = place()
    task = ended(found, started(found))
    assert (exit_code(task), task["stopCode"]) == (None, "TaskFailedToStart")


def test_without_capacity_nothing_starts(aws: None, file: Path) -> None:
    tasks.remember(file, "job", {"unavailable": True})
    found = place()
    answer = found.estate.ecs.run_task(**_one_off.arguments(found.request, "a"))
    assert (answer["tasks"], len(answer["failures"])) == ([], 1)
    assert answer["failures"][0]["reason"].startswith("Capacity is unavailable")


def test_the_same_token_starts_one_task(aws: None) -> None:
    found = place()
    arns = {
        found.estate.ecs.run_task(**_one_off.arguments(found.request, token))["tasks"][0]["taskArn"]
        for token in ("a", "a", "b")
    }
    assert len(arns) == 2


@pytest.mark.parametrize(
    ("container", "words"),
    [
        ({"secrets": [{"name": "A", "valueFrom": "{arn}:absent::"}]}, "did not contain json key absent"),
        ({"secrets": [{"name": "A", "valueFrom": "{arn}x"}]}, "unable to retrieve secret from asm"),
        (
            {"logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "no"}}},
            "log group does not exist",
        ),
    ],
)
def test_what_fargate_cannot_prepare_never_runs(aws: None, container: dict[str, Any], words: str) -> None:
    found = place()
    definition = found.estate.ecs.describe_task_definition(taskDefinition="job")["taskDefinition"]
    (given,) = definition["containerDefinitions"]
    for each in container.get("secrets", []):
        each["valueFrom"] = each["valueFrom"].format(arn=found.secret_arn)
    if "logConfiguration" in container:
        container["logConfiguration"]["options"]["awslogs-region"] = "us-east-1"
    found.estate.definition(family="job", containerDefinitions=[{**given, **container}])
    task = found.task(started(found, task_definition="job"))
    assert (task["lastStatus"], task["stopCode"], exit_code(task)) == ("STOPPED", "TaskFailedToStart", None)
    assert task["stoppedReason"].startswith("ResourceInitializationError")
    assert words in task["stoppedReason"]


def test_a_command_of_this_machine_runs_with_the_container_s_environment_and_secrets(aws: None, file: Path) -> None:
    runs(
        file,
        "import os, sys; e = os.environ; print(sys.argv[1:], e['DATABASE_HOST'], e['MODE'], e['DATABASE_PASSWORD'],"
        " e['FURTHER'], 'HOME' in e); sys.exit(5)",
        environment={"FURTHER": "yes"},
    )
    found = place("from-secrets-manager")
    task = ended(found, started(found, command=["down", "-v"], environment={"MODE": "other"}))
    assert exit_code(task) == 5
    assert logged(task["taskArn"]) == ["['down', '-v'] 127.0.0.1 other from-secrets-manager yes False"]


def test_the_container_s_own_command_holds_unless_another_is_given(aws: None, file: Path) -> None:
    runs(file, "import sys; print(sys.argv[1:])")
    found = place()
    assert logged(ended(found, started(found))["taskArn"]) == ["['up']"]


def test_a_stopped_command_is_told_to_end(aws: None, file: Path) -> None:
    runs(file, "import time; print('begun'); time.sleep(60)")
    found = place()
    arn = started(found)
    _wait.until(lambda: found.task(arn)["lastStatus"], lambda status: status == "RUNNING", "begin", 10, pause=0.02)
    found.estate.ecs.stop_task(cluster="pay", task=arn, reason="enough")
    task = ended(found, arn)
    assert (exit_code(task), task["stoppedReason"], task["stopCode"]) == (143, "enough", "UserInitiated")


def test_a_command_that_does_not_end_is_killed(aws: None, file: Path) -> None:
    runs(file, "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf'); time.sleep(60)")
    found = place(stopTimeout=2)
    arn = started(found)
    _wait.until(lambda: found.task(arn) and _lines(arn), bool, "its first line", 10, pause=0.02)
    found.estate.ecs.stop_task(cluster="pay", task=arn)
    assert exit_code(ended(found, arn)) == 137


def _lines(arn: str) -> list[str]:
    logs = boto3.client("logs")
    names = [stream["logStreamName"] for stream in logs.describe_log_streams(logGroupName=GROUP)["logStreams"]]
    return logged(arn) if f"ecs/job/{arn.rpartition('/')[2]}" in names else []


def test_a_setting_that_is_none_is_refused(file: Path) -> None:
    with pytest.raises(ValueError, match="exitcode is none of unavailable"):
        tasks.remember(file, "job", {"exitcode": 1})


def test_a_family_s_own_settings_come_before_those_of_all(file: Path) -> None:
    tasks.remember(file, tasks.EVERY, {"exit_code": 1, "seconds": 5})
    tasks.remember(file, "job", {"exit_code": 2})
    assert [tasks.conduct(each)[1:4:2] for each in ("job", "other")] == [(5, 2), (5, 1)]
    assert file.stat().st_mode & 0o077 == 0


def test_a_server_is_steered_by_the_file_in_its_folder_and_begins_without_one(tmp_path: Path) -> None:
    (tmp_path / tasks.NAME).write_text("{}", encoding="utf-8")
    with emulator.running(tmp_path) as port:
        assert not (tmp_path / tasks.NAME).exists()
        tasks.steer(port, exit_code=7)
        assert "7" in (tmp_path / tasks.NAME).read_text(encoding="utf-8")
        tasks.reset(port)
        assert not (tmp_path / tasks.NAME).exists()
    with pytest.raises(launcher.LauncherError, match="No embedded AWS answers"):
        tasks.steer(port, exit_code=7)
