# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How the snapshots are waited for."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.action import stack_backup, stack_wait
from ansible_collections.uex.payments.plugins.module_utils import _barrier
from ansible_collections.uex.payments.tests.support import plugins


def looks(status: str, state: str) -> dict[str, Any]:
    entry = {"what": "database", "name": "s", "source": "db", "gigabytes": 50, "made": None, "region": ""}
    states = [{"kind": "database", "name": "s", "status": status, "state": state}]
    moments = {"latest": None, "behind": None, "days": None}
    return {"changed": True, "states": states, "snapshots": [entry], "removed": [], "restorable": moments, "table": []}


def played(monkeypatch: pytest.MonkeyPatch, *found: dict[str, Any]) -> dict[str, Any]:
    rest = list(found)
    monkeypatch.setattr(stack_wait, "PAUSE", 0.01)
    monkeypatch.setattr(stack_wait, "run_module", lambda action, task_vars: rest.pop(0) if rest[1:] else rest[0])
    return plugins.action(stack_backup.ActionModule, {"command": "restore"}).run(task_vars={})


def test_it_waits_until_the_snapshot_is_there_and_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, made = looks("creating, 1 %", _barrier.PENDING), looks("available", _barrier.READY)
    result = played(monkeypatch, begun, begun, made)
    assert not result.get("failed")
    assert result["table"][2].split()[:5] == ["s", "db", "50", "GB", "0"]


def test_a_snapshot_that_fails_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    result = played(monkeypatch, looks("failed", _barrier.FAILED))
    assert result["failed"]
    assert result["msg"].startswith("s: failed (see its events")
