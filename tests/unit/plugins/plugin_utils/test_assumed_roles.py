# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play import Play
from ansible.playbook.task import Task
from ansible.template import trust_as_template
from ansible.vars.manager import VariableManager

from ansible_collections.uex.payments.plugins.plugin_utils import assume_role, assumed_roles
from ansible_collections.uex.payments.plugins.plugin_utils.assumed_roles import Keeper, Order
from ansible_collections.uex.payments.tests.support.playbooks import ROOT

ARGUMENTS = {"role_arn": "arn:aws:iam::222222222222:role/deploy", "region": "eu-west-1"}
#: Longer than any renewal of these tests takes.
PATIENCE = 10.0


class Renewals:
    """What the program would answer, in order; the last repeats."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.answers = list(answers)
        self.orders: list[tuple[Any, Any]] = []
        self.enough = threading.Event()

    def __call__(self, options: Any, variables: Any) -> dict[str, Any]:
        self.orders.append((options, variables))
        if len(self.orders) >= len(self.answers):
            self.enough.set()
        return self.answers[min(len(self.orders), len(self.answers)) - 1]


@pytest.fixture
def keeper() -> Iterator[tuple[Keeper, list[str]]]:
    said: list[str] = []
    made = Keeper(said.append)
    yield made, said
    made.end()


def order(tmp_path: Path, **more: Any) -> Order:
    folder = tmp_path / "session"
    folder.mkdir(exist_ok=True)
    made = Order.of({**ARGUMENTS, **more}, folder)
    made.file.touch()
    return made


def test_an_order_has_what_the_task_says_and_defaults(tmp_path: Path) -> None:
    made = Order.of({**ARGUMENTS, "duration": "7200", "environment": {"AWS_PROFILE": "tools"}}, tmp_path)
    assert (made.options["duration"], made.options["external_id"], made.options["endpoint_url"]) == (7200, "", "")
    assert made.options["session_name"].startswith("uex-payments-")
    assert made.variables == {"AWS_PROFILE": "tools"}
    assert made.file == tmp_path / "credentials"


def test_a_session_is_renewed_by_the_same_order_until_the_end(
    tmp_path: Path, keeper: tuple[Keeper, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    renewals = Renewals({"seconds": 0.01}, {"seconds": 0.01}, {"seconds": 900})
    monkeypatch.setattr(assume_role, "run", renewals)
    asked = order(tmp_path)
    keeper[0].keep(asked, 0.01)
    assert renewals.enough.wait(PATIENCE)
    assert renewals.orders == [(asked.options, asked.variables)] * 3
    assert keeper[1] == []


def test_a_failed_renewal_is_said_and_tried_again(
    tmp_path: Path, keeper: tuple[Keeper, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    renewals = Renewals({"failed": "AccessDenied: no"}, {"seconds": 900})
    monkeypatch.setattr(assume_role, "run", renewals)
    monkeypatch.setattr(assumed_roles, "AGAIN", 0.01)
    keeper[0].keep(order(tmp_path), 0.01)
    assert renewals.enough.wait(PATIENCE)
    assert [("could not be renewed" in line, "AccessDenied: no" in line) for line in keeper[1]] == [(True, True)]


def test_a_task_s_session_is_kept_by_the_task_s_own_arguments(
    tmp_path: Path, keeper: tuple[Keeper, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    loader = DataLoader()
    inventory = InventoryManager(loader, sources="localhost,")
    arguments = {**ARGUMENTS, "region": "{{ place }}", "environment": {"AWS_PROFILE": "{{ profile }}"}}
    about = {"hosts": "localhost", "vars": {"place": "eu-west-1", "profile": "tools"}}
    manager = VariableManager(loader, inventory)
    play = Play.load(about, variable_manager=manager, loader=loader)
    task = Task()
    task.args = trusted(arguments)
    kept: list[tuple[Order, float]] = []
    monkeypatch.setattr(keeper[0], "keep", lambda order, seconds: kept.append((order, seconds)))
    session = {"file": str(tmp_path / "credentials"), "seconds": 3600}
    host = inventory.get_host("localhost")
    for outcome in ({"assumed_role": session}, {"changed": True}):
        keeper[0].take(play, SimpleNamespace(result=outcome, task=task, host=host))
    assert kept == [(order_of(tmp_path, {"AWS_PROFILE": "tools"}), 3600)]


def trusted(value: Any) -> Any:
    """Data as a playbook's file gives it: its texts may be templates."""
    if isinstance(value, dict):
        return {key: trusted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [trusted(item) for item in value]
    return trust_as_template(value)


def order_of(folder: Path, environment: dict[str, str]) -> Order:
    return Order.of({**ARGUMENTS, "environment": environment}, folder)


def test_the_end_leaves_no_credentials(tmp_path: Path, keeper: tuple[Keeper, list[str]]) -> None:
    asked = order(tmp_path)
    keeper[0].keep(asked, 900)
    keeper[0].end()
    assert not asked.file.parent.exists()


def test_a_worker_s_copy_ends_nothing(
    tmp_path: Path, keeper: tuple[Keeper, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = order(tmp_path)
    keeper[0].keep(asked, 900)
    with monkeypatch.context() as worker:
        worker.setattr(os, "getpid", lambda: -1)
        keeper[0].end()
    assert asked.file.exists()


@pytest.mark.parametrize(("how", "code"), [("pass", 0), ("SIGINT", -signal.SIGINT), ("SIGTERM", -signal.SIGINT)])
def test_whichever_end_a_process_has_no_credentials_are_left(tmp_path: Path, how: str, code: int) -> None:
    asked = order(tmp_path)
    end = how if how == "pass" else f"os.kill(os.getpid(), signal.{how}); time.sleep(1)"
    program = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # where tests run in the background it is ignored\n"
        "from ansible_collections.uex.payments.plugins.plugin_utils import interrupts\n"
        "from ansible_collections.uex.payments.plugins.plugin_utils.assumed_roles import Keeper, Order\n"
        "from pathlib import Path\n"
        "keeper = Keeper(print)\n"
        "interrupts.heed()\n"
        "keeper.watch()\n"
        f"keeper.keep(Order.of({ARGUMENTS!r}, Path({str(asked.file.parent)!r})), 900)\n"
        f"{end}\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert not asked.file.parent.exists()
