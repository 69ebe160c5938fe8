# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Outputs are the same from a run and from AWS alone; records of runs are listed and shown."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _record
from ansible_collections.uex.payments.plugins.module_utils._state import Store
from ansible_collections.uex.payments.plugins.plugin_utils import record
from ansible_collections.uex.payments.plugins.plugin_utils.run import Run as Noted
from ansible_collections.uex.payments.tests.site import account
from ansible_collections.uex.payments.tests.site.conftest import SAMPLE, Stage
from ansible_collections.uex.payments.tests.site.playbook import HISTORY, OUTPUTS, Run, Site, side_by_side

#: Nothing changes it after its second run.
ENVIRONMENT = SAMPLE[1]
PREFIX = f"uex-payments/{ENVIRONMENT}"
FILES = ("outputs.json", "outputs.env")
#: The words of the command line, whose account it is, what it offers.
MOST_TASKS = 3


class Kept(NamedTuple):
    """The environment's files as its last run left them and as they were made anew, and what was called for that."""

    run: Run
    before: dict[str, str]
    after: dict[str, str]
    mutations: list[str]


@pytest.fixture(scope="module")
def kept(site: Site, repeats: Stage) -> Kept:
    folder = site.folder / ENVIRONMENT
    before = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}
    for name in FILES:
        (folder / name).unlink()
    begun = len(site.calls())
    run = site.play(OUTPUTS, ENVIRONMENT)
    after = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}
    return Kept(run, before, after, site.mutations(begun))


def test_a_run_leaves_the_files(kept: Kept) -> None:
    assert set(FILES) <= kept.before.keys()
    found = json.loads(kept.before["outputs.json"])
    assert found["environment"] == ENVIRONMENT
    assert all(service["url"].startswith(found["base_url"]) for service in found["services"].values())
    assert f"UEX_DATABASE_HOST={found['databases']['db']['host']}\n" in kept.before["outputs.env"]


def test_the_files_come_from_aws_alone(kept: Kept) -> None:
    kept.run.succeeded()
    assert kept.after == kept.before
    assert f"uex-payments-{ENVIRONMENT}-db" in kept.run.output


def test_outputs_are_short_and_change_nothing(kept: Kept) -> None:
    assert 0 < len(kept.run.results) <= MOST_TASKS
    assert (kept.run.changed, kept.mutations) == ([], [])


def test_the_copy_is_put_once(site: Site, kept: Kept) -> None:
    key = f"{PREFIX}/outputs.json"
    assert account.state(account.connect(site.endpoint))[key] == kept.before["outputs.json"]
    puts = [call for call in site.calls() if call["operation"] == "PutObject" and call["request"]["Key"] == key]
    assert [(call["request"]["Bucket"], call["status"]) for call in puts] == [(account.STATE_BUCKET, 200)]


class History(NamedTuple):
    """The list of runs, and the run that the test itself recorded."""

    run_id: str
    listed: Run
    shown: Run


def recorded(site: Site) -> str:
    """The id of a record, made as the callback makes it."""
    clients = account.connect(site.endpoint)
    recorder, noted = record.Recorder(), Noted()
    noted.environment = ENVIRONMENT
    recorder.begin(SimpleNamespace(_file_name=str(record.ROOT / "site.yml")))
    variables: Any = SimpleNamespace(extra_vars={"data_uex_api_key": "not-shown"})
    recorder.play(SimpleNamespace(get_variable_manager=lambda: variables), noted)
    recorder.end(None)
    said = recorder.keep(clients, Store(clients, account.STATE_BUCKET, PREFIX))
    return _record.id_of(said.rpartition(f"{PREFIX}/")[2])


@pytest.fixture(scope="module")
def history(site: Site, repeats: Stage) -> History:
    run_id = recorded(site)
    runs = side_by_side(lambda wanted: site.play(HISTORY, ENVIRONMENT, history_run=wanted), ("", run_id))
    return History(run_id, runs[""].succeeded(), runs[run_id].succeeded())


def test_runs_are_listed_newest_first(history: History) -> None:
    lines = [line.split() for line in history.listed.output.splitlines()]
    head = next(number for number, line in enumerate(lines) if line[:2] == ["run", "began"])
    assert lines[head + 1][0] == history.run_id
    assert "site.yml" in lines[head + 1]


def test_one_run_is_shown(history: History) -> None:
    assert history.run_id in history.shown.output
    assert "data_uex_api_key" in history.shown.output
    assert "Seconds by layer" in history.shown.output
    assert "not-shown" not in history.shown.output + history.listed.output
