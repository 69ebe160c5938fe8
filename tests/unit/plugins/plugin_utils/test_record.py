# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a recorder notes, what it never notes, and where it keeps the record."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from ansible import context
from ansible.executor.task_result import _RawTaskResult
from ansible.utils.context_objects import CLIArgs

from ansible_collections.uex.payments.plugins.module_utils import _record
from ansible_collections.uex.payments.plugins.module_utils._state import Store
from ansible_collections.uex.payments.plugins.plugin_utils import record
from ansible_collections.uex.payments.plugins.plugin_utils.run import Run
from ansible_collections.uex.payments.tests.support.contract import Account

BUCKET = "uex-payments-state-123456789012-us-east-1"
PREFIX = "uex-payments/dev"
SECRET = "canary-5d1c0a7e93"
ARGUMENTS = {"tags": ("network",), "skip_tags": (), "subset": None, "inventory": (), "extra_vars": (f"key={SECRET}",)}
STATS = SimpleNamespace(failures={}, dark={})


class Refusing:
    """A client whose every call is refused."""

    def __getattr__(self, operation: str) -> Any:
        def refuse(**_arguments: Any) -> Any:
            raise RuntimeError(f"{operation} is not allowed")

        return refuse


class Noting:
    """Clients that note what is put."""

    def __init__(self) -> None:
        self.put: list[dict[str, Any]] = []

    def __call__(self, service: str) -> Any:
        identity = {"Arn": "arn:aws:iam::123456789012:user/a"}
        return {
            "s3": SimpleNamespace(put_object=lambda **given: self.put.append(given)),
            "sts": SimpleNamespace(get_caller_identity=lambda: identity),
        }[service]

    @property
    def record(self) -> dict[str, Any]:
        (put,) = self.put
        found: dict[str, Any] = json.loads(put["Body"])
        return found


def task(role: str, no_log: bool = False) -> Any:
    named = SimpleNamespace(get_name=lambda include_role_fqcn: role)
    return SimpleNamespace(_role=named, vars={}, no_log=no_log, action="x", get_name=lambda: f"{role} : A task")


def play(**extra_vars: Any) -> Any:
    return SimpleNamespace(get_variable_manager=lambda: SimpleNamespace(extra_vars=extra_vars))


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> record.Recorder:
    """A recorder of a run of site.yml by a clock that goes on by ten seconds each time it is read."""
    monkeypatch.setattr(context, "CLIARGS", CLIArgs(ARGUMENTS))
    seconds = iter(range(0, 1000, 10))
    moment = datetime(2026, 11, 26, 18, 5, 0, tzinfo=UTC)
    made = record.Recorder(now=lambda: moment, clock=lambda: next(seconds))
    made.begin(SimpleNamespace(_file_name=str(record.ROOT / "site.yml")))
    run = Run()
    run.environment = "dev"
    made.play(play(key=SECRET), run)
    run.take(task("network"), {"actions": [{"kind": "k", "name": "n", "verb": "create", "changes": []}]})
    return made


def kept(recorder: record.Recorder, fence: int | None = 7) -> dict[str, Any]:
    connect = Noting()
    assert recorder.keep(connect, Store(connect, BUCKET, PREFIX), fence).startswith("Recorded in s3://")
    return connect.record


def test_a_run_that_comes_to_its_end_is_ok(recorder: record.Recorder) -> None:
    for role in ("stack", "network", "network", "stack"):
        recorder.task(task(role))
    recorder.end(STATS)
    found = kept(recorder)
    assert (found["id"], found["result"], found["failure"]) == ("20261126T180500Z-7", "ok", None)
    assert found["layers"] == {"stack": 20.0, "network": 20.0}
    assert found["what"]["playbook"] == "site.yml"
    assert found["what"]["tags"] == ["network"]
    assert found["who"]["arn"] == "arn:aws:iam::123456789012:user/a"
    assert found["plan"]["summary"]["create"] == 1


def test_of_extra_variables_only_the_names_are_kept(recorder: record.Recorder) -> None:
    found = kept(recorder)
    assert found["what"]["extra_vars"] == ["key"]
    assert SECRET not in json.dumps(found)


def test_what_all_plays_did_is_kept(recorder: record.Recorder) -> None:
    second = Run()
    second.environment = "dev"
    recorder.play(play(), second)
    second.take(task("edge"), {"actions": [{"kind": "k", "name": "m", "verb": "delete", "changes": []}]})
    assert kept(recorder)["plan"]["summary"] == {"create": 1, "update": 0, "replace": 0, "delete": 1}


def test_the_first_failure_counts(recorder: record.Recorder) -> None:
    for said in ("first", "second"):
        recorder.fail(SimpleNamespace(task=task("network"), result={"msg": said}))
    recorder.end(SimpleNamespace(failures={"h": 1}, dark={}))
    found = kept(recorder)
    assert found["result"] == "failed"
    assert found["failure"] == {"task": "network : A task", "message": "first"}


def test_a_run_that_does_not_come_to_its_end_was_interrupted(recorder: record.Recorder) -> None:
    assert kept(recorder)["result"] == "interrupted"


@pytest.mark.parametrize(
    ("no_log", "result"),
    [
        (True, {"msg": SECRET}),
        (False, {"_ansible_no_log": True, "msg": SECRET}),
        (True, {"msg": "items failed", "results": [{"failed": True, "_ansible_no_log": True, "msg": SECRET}]}),
    ],
)
def test_what_ansible_hides_stays_hidden(recorder: record.Recorder, no_log: bool, result: dict[str, Any]) -> None:
    raw = _RawTaskResult(SimpleNamespace(name="h"), task("data", no_log), {"failed": True, **result}, {})
    recorder.fail(raw.as_callback_task_result())
    recorder.end(SimpleNamespace(failures={"h": 1}, dark={}))
    found = kept(recorder)
    assert SECRET not in json.dumps(found)
    assert "no_log" in found["failure"]["message"]


def test_a_record_is_kept_once_on_the_embedded_aws(recorder: record.Recorder, aws: None) -> None:
    account = Account()
    account.connect("s3").create_bucket(Bucket=BUCKET)
    account.written()
    store = Store(account.connect, BUCKET, PREFIX, "123456789012")
    said = [recorder.keep(account.connect, store, fence) for fence in (7, 8)]
    assert said == [f"Recorded in s3://{BUCKET}/{PREFIX}/runs/20261126T180500Z-7.json"] * 2
    assert account.written() == [("s3", "PutObject")]
    assert json.loads(store.read(_record.name("20261126T180500Z-7")) or "")["fence"] == 7


def test_without_a_fence_the_id_ends_in_digits_of_its_own(recorder: record.Recorder) -> None:
    found = kept(recorder, None)
    assert found["fence"] is None
    assert _record.is_id(found["id"])
    assert len(found["id"]) == len("20261126T180500Z-01234567")


def test_a_record_that_cannot_be_kept_ends_no_run(recorder: record.Recorder, aws: None) -> None:
    assert recorder.keep(lambda service: Refusing(), Store(lambda service: Refusing(), BUCKET, PREFIX)) == (
        "Not recorded: get_caller_identity is not allowed"
    )


def test_a_missing_bucket_is_said_with_what_makes_it(recorder: record.Recorder, aws: None) -> None:
    connect = Account().connect
    said = recorder.keep(connect, Store(connect, BUCKET, PREFIX))
    assert said.startswith(f"Not recorded: the state bucket {BUCKET} does not exist")
    assert "playbooks/bootstrap.yml" in said


# Where it comes from


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_the_commit_is_that_of_the_inventory_s_working_tree(tmp_path: Path) -> None:
    inventory = tmp_path / "inventories" / "dev"
    inventory.mkdir(parents=True)
    (inventory / "hosts.yml").touch()
    git(tmp_path, "init", "-q")
    assert record.commit(record.working_tree([str(inventory)])) is None
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "one")
    head = git(tmp_path, "rev-parse", "HEAD")
    assert record.commit(record.working_tree(["localhost,", str(inventory / "hosts.yml")])) == {
        "id": head,
        "dirty": False,
    }
    (inventory / "new.yml").touch()
    assert record.commit(inventory) == {"id": head, "dirty": True}


def test_without_a_working_tree_or_git_there_is_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert record.commit(tmp_path) is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert record.commit(record.ROOT) is None


def test_without_an_inventory_on_disk_the_current_folder_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert record.working_tree(["localhost,", "none"]) == tmp_path


def test_a_playbook_is_named_from_the_collection_s_root(tmp_path: Path) -> None:
    assert record.place(record.ROOT / "playbooks" / "prune.yml") == "playbooks/prune.yml"
    assert record.place(tmp_path / "own.yml") == str(tmp_path / "own.yml")


def test_the_collection_s_version_is_in_its_manifest_or_galaxy_yml(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = yaml.safe_load((record.ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    assert record.collection_version() == said
    monkeypatch.setattr(record, "ROOT", tmp_path)
    (tmp_path / "MANIFEST.json").write_text('{"collection_info": {"version": "9.8.7"}}', encoding="utf-8")
    assert record.collection_version() == "9.8.7"
