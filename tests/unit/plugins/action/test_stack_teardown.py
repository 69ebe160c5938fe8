# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which modules a teardown calls, with what, and how it ends."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.action import stack_teardown, stack_wait
from ansible_collections.uex.payments.plugins.module_utils import _going, _wait
from ansible_collections.uex.payments.tests.support import plugins
from ansible_collections.uex.payments.tests.support.contract import TAGS

SESSION = {"region": "us-east-1", "endpoint_url": "http://127.0.0.1:1"}
OWNER = {key: value for key, value in TAGS.items() if key != "Layer"}
TASK: dict[str, Any] = {"name": "uex-payments-test", "tags": OWNER, **SESSION}
SELF = "uex.payments.stack_teardown"
DRAINING = {"kind": "services", "name": "uex-payments-test", "status": "1 services drain", "state": _going.PENDING}

Teardown = Callable[..., "Ended"]


def deletion(kind: str, name: str) -> dict[str, Any]:
    return {"kind": kind, "name": name, "verb": "delete", "changes": [], "effects": []}


class Ended(SimpleNamespace):
    """A run's result, the modules that it called with their options, and what it showed."""

    result: dict[str, Any]
    called: list[tuple[str, dict[str, Any]]]
    shown: list[str]

    @property
    def modules(self) -> list[str]:
        return [name.rpartition(".")[2] for name, _options in self.called]


@pytest.fixture
def teardown(monkeypatch: pytest.MonkeyPatch) -> Teardown:
    """Run the action on a layer with these facts; C(states) are what is awaited, look by look."""
    now = [0.0]
    until = functools.partial(_wait.until, clock=lambda: now[0], sleep=lambda pause: now.__setitem__(0, now[0] + pause))
    monkeypatch.setattr(stack_wait, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(stack_wait, "_wait", SimpleNamespace(until=until))

    def run(
        layer: str,
        facts: dict[str, Any],
        answers: dict[str, dict[str, Any]] | None = None,
        states: list[list[dict[str, str]]] | None = None,
        check_mode: bool = False,
        **options: Any,
    ) -> Ended:
        called: list[tuple[str, dict[str, Any]]] = []
        looks = list(states or [[]])

        def answer(action: Any, task_vars: Any, name: str, given: dict[str, Any]) -> dict[str, Any]:
            if name != SELF:
                called.append((name, given))
                return (answers or {}).get(name.rpartition(".")[2], {"changed": False, "actions": []})
            return {"states": looks.pop(0) if looks[1:] else looks[0]} if given["kinds"] else {"facts": facts}

        monkeypatch.setattr(stack_teardown, "run_module", answer)
        made = plugins.action(stack_teardown.ActionModule, {**TASK, "layer": layer, **options}, check_mode)
        made._task.resolved_action = SELF
        return Ended(result=made.run(task_vars={}), called=called, shown=made.shown)

    return run


def test_a_layer_goes_by_its_own_modules_with_empty_sets_and_its_tags(teardown: Teardown) -> None:
    ended = teardown(
        "registry", {}, {"ecr_repository": {"changed": True, "actions": [deletion("AWS::ECR::Repository", "r")]}}
    )
    own = {"repositories": [], "force_delete": True, "tags": {**OWNER, "Layer": "registry"}, "prune": True}
    assert ended.called == [("uex.payments.ecr_repository", {**SESSION, **own})]
    assert ended.result["changed"]
    assert ended.result["actions"] == [deletion("AWS::ECR::Repository", "r")]


def test_nothing_left_changes_nothing(teardown: Teardown) -> None:
    ended = teardown("network", {"vpc_id": None})
    assert ended.result == {"changed": False, "actions": []}
    assert ended.modules == ["logs_log_group"]


def test_what_amazon_aws_deletes_is_told_as_our_modules_tell_it(teardown: Teardown) -> None:
    facts = {"AWS::KMS::Key": {"alias/a": {"id": "k"}, "alias/b": {"id": "l"}}}
    ended = teardown("foundation", facts, {"kms_key": {"changed": True}})
    assert ended.result["actions"] == [deletion("AWS::KMS::Key", name) for name in ("alias/a", "alias/b")]
    assert ("amazon.aws.kms_key", {**SESSION, "state": "absent", "key_id": "l"}) in ended.called


def test_what_amazon_aws_left_alone_is_no_action(teardown: Teardown) -> None:
    ended = teardown("foundation", {"AWS::KMS::Key": {"alias/a": {"id": "k"}}}, {"kms_key": {"changed": False}})
    assert ended.result["actions"] == []


def test_kept_modules_are_not_called_and_options_reach_theirs(teardown: Teardown) -> None:
    facts = {"AWS::KMS::Key": {"alias/a": {"id": "k"}}}
    ended = teardown("foundation", facts, kept=["kms_key"], options={"s3_bucket": {"kept": ["b"]}})
    assert ended.modules == ["s3_bucket", "iam_group", "iam_role", "iam_policy"]
    assert dict(ended.called)["uex.payments.s3_bucket"]["kept"] == ["b"]


def test_it_waits_between_and_shows_what_for(teardown: Teardown) -> None:
    ended = teardown("compute", {"name": "n", "prefix": "n-", "services": []}, states=[[DRAINING], [DRAINING], []])
    assert ended.modules.index("ecs_service") < ended.modules.index("ecs_cluster")
    assert ended.shown == ["       waiting    0 s  tasks of uex-payments-test: 1 services drain (usually 1-5 min)"]


def test_what_is_overdue_ends_it_and_nothing_after_it_is_called(teardown: Teardown) -> None:
    ended = teardown("compute", {"name": "n", "prefix": "n-", "services": []}, states=[[DRAINING]])
    assert ended.result["failed"]
    assert ended.result["msg"].startswith("tasks of uex-payments-test is 1 services drain after 1210 s")
    assert "ecs_cluster" not in ended.modules


def test_a_check_waits_for_nothing_and_calls_all(teardown: Teardown) -> None:
    ended = teardown("compute", {"name": "n", "prefix": "n-", "services": []}, states=[[DRAINING]], check_mode=True)
    assert not ended.result.get("failed")
    assert ended.modules[-1] == "logs_log_group"


def test_a_failure_ends_it_with_what_was_done_before_and_by_the_module_itself(teardown: Teardown) -> None:
    answers = {
        "cloudwatch_alarm": {"changed": True, "actions": [deletion("AWS::CloudWatch::Alarm", "a")]},
        "cloudwatch_dashboard": {"failed": True, "msg": "AccessDenied", "actions": [deletion("AWS::X", "half")]},
    }
    ended = teardown("monitoring", {}, answers)
    assert (ended.result["failed"], ended.result["msg"]) == (True, "AccessDenied")
    assert [each["name"] for each in ended.result["actions"]] == ["a", "half"]
    assert ended.modules == ["cloudwatch_alarm", "cloudwatch_dashboard"]
