# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.callback import lifecycle
from ansible_collections.uex.payments.plugins.callback.lifecycle import CallbackModule
from ansible_collections.uex.payments.tests.support import costs as assumed

ACTION = {"kind": "AWS::EC2::Subnet", "name": "a", "verb": "create", "changes": []}


def a_play(check_mode: bool) -> Any:
    return SimpleNamespace(
        check_mode=check_mode, get_variable_manager=lambda: SimpleNamespace(extra_vars={"confirm": "dev"})
    )


def played(folder: Path, check_mode: bool, *outcomes: dict[str, Any], failed: bool = False) -> CallbackModule:
    """A callback that has seen a play with these results, the last of them failed or not."""
    callback = CallbackModule()
    role = SimpleNamespace(get_name=lambda include_role_fqcn: "network")
    callback.v2_playbook_on_play_start(a_play(check_mode))
    about = {"run": {"environment": "dev", "directory": str(folder)}}
    for outcome in (about, *outcomes):
        task = SimpleNamespace(_role=role, vars={}, get_name=lambda: "network : Subnets")
        result = SimpleNamespace(task=task, result=outcome)
        last = failed and outcome is outcomes[-1]
        (callback.v2_runner_on_failed if last else callback.v2_runner_on_ok)(result)
    return callback


def written(folder: Path) -> Any:
    return json.loads((folder / "dev" / "plan.json").read_text(encoding="utf-8"))


def test_the_plan_is_written_and_shown(tmp_path: Path, capsys: Any) -> None:
    played(tmp_path, True, {"actions": [ACTION]}).v2_playbook_on_stats(None)
    assert written(tmp_path)["summary"]["create"] == 1
    assert [file.name for file in (tmp_path / "dev").iterdir()] == ["plan.json"]
    shown = capsys.readouterr().out
    assert "+ AWS::EC2::Subnet  a" in shown
    assert "Plan: 1 to create" in shown


def test_the_plan_says_what_it_costs(tmp_path: Path, capsys: Any) -> None:
    about = {"environment": "dev", "directory": str(tmp_path)}
    costs = {"region": "us-east-1", "prices": {}, "usage": assumed.usage(), "services": {}}
    gateway = {"kind": "AWS::EC2::NatGateway", "name": "nat", "verb": "create", "changes": []}
    outcomes = ({"run": {**about, "costs": costs}}, {"actions": [ACTION, gateway]})
    played(tmp_path, True, *outcomes).v2_playbook_on_stats(None)
    assert [each["monthly_cost_change"] for each in written(tmp_path)["actions"]] == [36.5, 0.0]
    assert "Monthly cost change: +36.50 USD." in capsys.readouterr().out


def test_an_apply_writes_what_it_did(tmp_path: Path, capsys: Any) -> None:
    played(tmp_path, False, {"actions": [ACTION]}).v2_playbook_on_stats(None)
    assert written(tmp_path)["actions"][0]["name"] == "a"
    assert "Done: 1 created" in capsys.readouterr().out


@pytest.mark.parametrize("check_mode", [True, False])
def test_what_is_let_be_is_told_once(check_mode: bool, tmp_path: Path, capsys: Any) -> None:
    outcomes = ({"actions": [], "notes": ["a is theirs", "b is theirs"]}, {"actions": [], "notes": ["a is theirs"]})
    played(tmp_path, check_mode, *outcomes).v2_playbook_on_stats(None)
    shown = capsys.readouterr().out
    assert shown.count("Note: a is theirs") == shown.count("Note: b is theirs") == 1
    assert "No changes" in shown
    assert written(tmp_path)["actions"] == []


def test_what_a_failed_task_did_counts(tmp_path: Path) -> None:
    played(tmp_path, False, {"actions": [ACTION]}, failed=True).v2_playbook_on_stats(None)
    assert written(tmp_path)["summary"]["create"] == 1


@pytest.mark.parametrize("refusal", [{"moved": ["new: + a"]}, {"holder": {"user": "bob@desk"}}])
def test_a_refused_run_leaves_the_file_alone(tmp_path: Path, refusal: dict[str, Any]) -> None:
    played(tmp_path, False, refusal, failed=True).v2_playbook_on_stats(None)
    assert not (tmp_path / "dev").exists()


def test_a_run_that_looked_at_no_resource_has_no_plan(tmp_path: Path, capsys: Any) -> None:
    played(tmp_path, False, {"changed": False}).v2_playbook_on_stats(None)
    assert not (tmp_path / "dev").exists()
    assert capsys.readouterr().out == ""


def test_a_later_play_has_a_plan_of_its_own(tmp_path: Path) -> None:
    callback = played(tmp_path, True, {"actions": [ACTION]})
    callback.v2_playbook_on_play_start(a_play(check_mode=False))
    callback.v2_playbook_on_stats(None)
    assert not (tmp_path / "dev").exists()


DRIFT = {"run": {"environment": "dev", "document": "drift"}}
ORPHAN = {
    "kind": "AWS::EC2::Volume",
    "name": "vol-1",
    "arn": "arn:aws:ec2:us-east-1:1:volume/vol-1",
    "layer": None,
    "prune": False,
    "reason": "delete by hand",
}


def drifted(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "dev" / "drift.json").read_text(encoding="utf-8"))
    return found


def test_a_drift_is_a_document_of_its_own(tmp_path: Path, capsys: Any) -> None:
    played(tmp_path, True, DRIFT, {"actions": [ACTION]}, {"orphans": [ORPHAN]}).v2_playbook_on_stats(None)
    assert [file.name for file in (tmp_path / "dev").iterdir()] == ["drift.json"]
    assert drifted(tmp_path)["summary"]["orphans"] == 1
    assert "In no inventory: 0 that -e prune=true deletes, 1 to delete by hand" in capsys.readouterr().out


def test_a_drift_is_told_before_the_next_play_begins(tmp_path: Path, capsys: Any) -> None:
    callback = played(tmp_path, True, DRIFT, {"orphans": [ORPHAN]})
    callback.v2_playbook_on_play_start(a_play(False))
    assert "1 to delete by hand" in capsys.readouterr().out
    callback.v2_playbook_on_stats(None)
    assert [file.name for file in (tmp_path / "dev").iterdir()] == ["drift.json"]


def test_a_drift_that_ended_early_is_not_written(tmp_path: Path) -> None:
    played(tmp_path, True, DRIFT, {"actions": [ACTION]}, failed=True).v2_playbook_on_stats(None)
    assert not (tmp_path / "dev").exists()


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the callback tells the lock's keeper."""
    told: list[Any] = []
    for name in ("prepare", "took", "release"):
        monkeypatch.setattr(lifecycle.lock, name, lambda *given, name=name: told.append((name, *given)))
    monkeypatch.setattr(lifecycle.session, "of_task", lambda play, host, task: ("session", "arguments"))
    return told


def started(check_mode: bool, action: str = "uex.payments.stack_lock") -> CallbackModule:
    callback = CallbackModule()
    callback.v2_playbook_on_play_start(a_play(check_mode))
    callback.v2_runner_on_start(None, SimpleNamespace(resolved_action=action))
    return callback


def test_the_lock_s_keeper_is_there_before_its_task(kept: list[Any]) -> None:
    started(check_mode=False)
    assert [each[:3] for each in kept] == [("prepare", "session", "arguments")]


def test_a_skipped_lock_is_forgotten(kept: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle.lock, "forget", lambda: kept.append(("forget",)))
    callback = CallbackModule()
    for action in ("uex.payments.stack_info", "uex.payments.stack_lock"):
        callback.v2_runner_on_skipped(SimpleNamespace(task=SimpleNamespace(resolved_action=action)))
    assert kept == [("forget",)]


@pytest.mark.parametrize(
    ("check_mode", "action"), [(True, "uex.payments.stack_lock"), (False, "uex.payments.stack_info")]
)
def test_a_check_and_other_tasks_prepare_nothing(kept: list[Any], check_mode: bool, action: str) -> None:
    started(check_mode, action)
    assert kept == []


def test_a_lock_is_kept_from_its_task_to_the_end_of_the_run(kept: list[Any], tmp_path: Path) -> None:
    callback = played(tmp_path, False, {"fence": 3})
    assert kept == [("took", {"fence": 3})]
    callback.v2_playbook_on_stats(None)
    assert kept[1:] == [("release",)]


def test_a_run_that_shows_no_plan_releases_its_lock_too(kept: list[Any]) -> None:
    CallbackModule().v2_playbook_on_stats(None)
    assert kept == [("release",)]


def test_a_failed_run_does_not_say_that_all_is_well(tmp_path: Path, capsys: Any) -> None:
    played(tmp_path, False, {"actions": []}, {"msg": "denied"}, failed=True).v2_playbook_on_stats(None)
    said = capsys.readouterr().out
    assert "Nothing was changed, and the run failed before all was looked at." in said
    assert "as the inventory says" not in said
