# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.uex.payments.plugins.action import stack_lock
from ansible_collections.uex.payments.plugins.module_utils import _lock
from ansible_collections.uex.payments.plugins.plugin_utils import lock
from ansible_collections.uex.payments.tests.support.fake import Refused

PLACE = _lock.Place("locks", "uex-payments/dev")
ACCOUNT = "123456789012"
TAKEN = _lock.Holder("me", "alice@laptop", 1, "x", 100, 220, 4)
OTHER = TAKEN._replace(owner="you", user="bob@desk")
SOURCES = {"ansible_inventory_sources": ["inventories/dev"]}


class Keeper:
    """The controller's keeper; C(session) answers for STS."""

    place, owner = PLACE, _lock.Owner("me", "alice@laptop", 1, "x")
    fence: int | None = None

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.session = SimpleNamespace(client=self._client)

    def _client(self, service: str) -> Any:
        self.asked.append(service)
        identity = {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/alice"}
        return SimpleNamespace(get_caller_identity=lambda: identity)


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> Keeper:
    found = Keeper()
    monkeypatch.setattr(lock, "keeper", lambda: found)
    return found


def run(monkeypatch: pytest.MonkeyPatch, *outcomes: Any, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    """The action's result; each acquisition has the next of the outcomes."""
    left = list(outcomes)

    def acquire(*_: Any) -> Any:
        outcome = left.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(lock, "acquire", acquire)
    monkeypatch.setattr(ActionBase, "run", lambda self, tmp=None, task_vars=None: {})
    args = {"table": PLACE.table, "name": PLACE.name, **options}
    task = SimpleNamespace(args=args, check_mode=check_mode, async_val=0, diff=False)
    action = stack_lock.ActionModule(task, None, None, None, None, None)
    return action.run(task_vars=SOURCES)


def test_a_run_takes_the_lock_and_says_its_fence(monkeypatch: pytest.MonkeyPatch, keeper: Keeper) -> None:
    result = run(monkeypatch, (TAKEN, None), state_bucket="state-{account_id}-us-east-1")
    assert (result["account_id"], result["state_bucket"]) == (ACCOUNT, f"state-{ACCOUNT}-us-east-1")
    assert {name: result[name] for name in ("changed", "fence", "now")} == {"changed": False, "fence": 4, "now": 100}


def test_a_lock_taken_over_is_said(monkeypatch: pytest.MonkeyPatch, keeper: Keeper, capsys: Any) -> None:
    run(monkeypatch, (TAKEN, OTHER))
    assert "taken over from bob@desk (process 1)" in capsys.readouterr().out


def test_a_held_lock_is_a_failure_with_the_way_out(monkeypatch: pytest.MonkeyPatch, keeper: Keeper) -> None:
    result = run(monkeypatch, lock.Locked(OTHER, 130))
    assert result["failed"]
    for words in ("bob@desk", "playbooks/force_unlock.yml -i inventories/dev -e force_unlock=you"):
        assert words in result["msg"]


def test_a_check_asks_for_nothing(monkeypatch: pytest.MonkeyPatch, keeper: Keeper) -> None:
    assert "check" in run(monkeypatch, check_mode=True)["msg"]
    assert keeper.asked == []


def test_a_second_play_of_a_run_asks_for_nothing(monkeypatch: pytest.MonkeyPatch, keeper: Keeper) -> None:
    keeper.fence = 4
    assert "already" in run(monkeypatch)["msg"]
    assert keeper.asked == []


def test_a_run_without_the_callback_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "keeper", lambda: None)
    with pytest.raises(AnsibleActionFail, match=r"callbacks_enabled = uex\.payments\.lifecycle"):
        run(monkeypatch)


def test_another_account_s_credentials_are_refused_first(monkeypatch: pytest.MonkeyPatch, keeper: Keeper) -> None:
    with pytest.raises(AnsibleActionFail, match="credentials are of account 123456789012"):
        run(monkeypatch, account_id="210987654321")
    assert keeper.asked == ["sts"]


def test_too_short_an_expiry_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, keeper: Keeper) -> None:
    with pytest.raises(AnsibleActionFail, match="expiry: at least"):
        run(monkeypatch, expiry=1)
    assert keeper.asked == []


def test_a_missing_table_is_an_error_with_the_command(monkeypatch: pytest.MonkeyPatch, keeper: Keeper) -> None:
    with pytest.raises(AnsibleActionFail, match=r"playbooks/bootstrap\.yml -i inventories/dev"):
        run(monkeypatch, Refused(_lock.NO_TABLE))


def test_a_missing_table_is_made_where_that_is_wanted(monkeypatch: pytest.MonkeyPatch, keeper: Keeper) -> None:
    made: list[Any] = []
    monkeypatch.setattr(stack_lock.nested, "run", lambda command, what, **settings: made.append(command))
    monkeypatch.setattr(stack_lock.context, "CLIARGS", {"inventory": ("i",), "extra_vars": ("a=b",)})
    assert run(monkeypatch, Refused(_lock.NO_TABLE), (TAKEN, None), bootstrap=True)["fence"] == 4
    assert made[0][-6:] == ["-i", "i", "-e", "a=b", "-e", "stack_environment=shared"]


def test_any_other_error_names_lock_and_code(monkeypatch: pytest.MonkeyPatch, keeper: Keeper) -> None:
    with pytest.raises(AnsibleActionFail, match=r"uex-payments/dev: lock failed: AccessDeniedException"):
        run(monkeypatch, Refused("AccessDeniedException"))
