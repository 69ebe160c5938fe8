# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.uex.payments.plugins.action.stack_session import ActionModule
from ansible_collections.uex.payments.plugins.plugin_utils import assume_role, assumed_roles
from ansible_collections.uex.payments.tests.support import plugins

ARN = "arn:aws:iam::222222222222:role/uex-payments-deploy"
OPTIONS = {"role_arn": ARN, "region": "eu-west-1", "external_id": "partner", "environment": {"AWS_PROFILE": "tools"}}
ANSWER = {"arn": "arn:aws:sts::222222222222:assumed-role/uex-payments-deploy/me", "expires": "later", "seconds": 3600}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[Any, Any]]:
    """What the program is asked for; temporary folders are below the test's own."""
    calls: list[tuple[Any, Any]] = []

    def run(options: Any, variables: Any) -> dict[str, Any]:
        calls.append((options, variables))
        return {"failed": "AccessDenied"} if options["role_arn"] != ARN else ANSWER

    monkeypatch.setattr(assume_role, "run", run)
    monkeypatch.setattr(assumed_roles, "KEEPERS", [object()])
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return calls


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_session_is_made_and_only_its_place_is_told(asked: list[tuple[Any, Any]], check_mode: bool) -> None:
    action = plugins.action(ActionModule, OPTIONS, check_mode)
    result = action.run(task_vars={})
    ((options, variables),) = asked
    assert (options["external_id"], variables) == ("partner", {"AWS_PROFILE": "tools"})
    assert result["assumed_role"] == {**ANSWER, "file": options["file"]}
    assert result["environment"] == assume_role.environment(Path(options["file"]))
    assert result["changed"] is False
    assert action.shown == [f"       acting as {ANSWER['arn']}"]
    assert "partner" not in str(result)


def test_the_folder_is_the_user_s_own(asked: list[tuple[Any, Any]]) -> None:
    plugins.action(ActionModule, OPTIONS).run(task_vars={})
    assert Path(asked[0][0]["file"]).parent.stat().st_mode & 0o777 == 0o700


def test_a_refusal_leaves_no_folder(asked: list[tuple[Any, Any]], tmp_path: Path) -> None:
    with pytest.raises(AnsibleActionFail, match="AccessDenied"):
        plugins.action(ActionModule, {**OPTIONS, "role_arn": "other"}).run(task_vars={})
    assert len(asked) == 1
    assert list(tmp_path.iterdir()) == []


def test_without_the_callback_nothing_is_assumed(asked: list[tuple[Any, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assumed_roles, "KEEPERS", [])
    with pytest.raises(AnsibleActionFail, match=r"callbacks_enabled = uex\.payments\.lifecycle"):
        plugins.action(ActionModule, OPTIONS).run(task_vars={})
    assert asked == []


@pytest.mark.parametrize("options", [{"role_arn": ARN}, {**OPTIONS, "duration": "long"}, {**OPTIONS, "arn": ARN}])
def test_wrong_options_are_refused_before_anything_is_asked(
    options: dict[str, Any], asked: list[tuple[Any, Any]]
) -> None:
    with pytest.raises(AnsibleActionFail):
        plugins.action(ActionModule, options).run(task_vars={})
    assert asked == []
