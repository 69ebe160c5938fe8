# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sessions of a run: their credentials are renewed while it lasts, and none is left when it ends.

C(stack_session) makes a session in a worker, which ends at once; a keeper lives in the controller's own process.
"""

from __future__ import annotations

import atexit
import getpass
import os
import shutil
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ansible.template import Templar

from . import assume_role

#: Seconds after which a renewal that failed is tried again.
AGAIN = 60.0


class Order(NamedTuple):
    """A session as C(stack_session) is asked for it: the program's options, and the caller's environment variables."""

    options: dict[str, Any]
    variables: dict[str, str]

    @classmethod
    def of(cls, arguments: Mapping[str, Any], folder: Path) -> Order:
        """That of the task's arguments, with its credentials in this folder."""
        options = {
            "role_arn": arguments["role_arn"],
            "external_id": arguments.get("external_id") or "",
            "duration": int(arguments.get("duration") or assume_role.HOUR),
            "session_name": assume_role.session_name(arguments.get("project") or "uex-payments", getpass.getuser()),
            "region": arguments["region"],
            "endpoint_url": arguments.get("endpoint_url") or "",
            "file": str(folder / "credentials"),
        }
        variables = {name: str(value) for name, value in (arguments.get("environment") or {}).items()}
        return cls(options, variables)

    @property
    def file(self) -> Path:
        return Path(self.options["file"])

    def carry_out(self) -> dict[str, Any]:
        """Have the role assumed and its credentials written."""
        return assume_role.run(self.options, self.variables)


class Keeper:
    """Renews each session when half of its time is over, so that every task begins with the other half at least."""

    def __init__(self, warn: Callable[[str], None]) -> None:
        self._warn = warn
        self._process = os.getpid()
        self._folders: list[Path] = []
        self._over = threading.Event()

    def watch(self) -> None:
        """From now on the end of this process ends the sessions."""
        KEEPERS.append(self)
        atexit.register(self.end)

    def take(self, play: Any, result: Any) -> None:
        """Keep the session that a task has made."""
        session = result.result.get("assumed_role")
        if session:
            arguments = task_arguments(play, result.host, result.task)
            self.keep(Order.of(arguments, Path(session["file"]).parent), session["seconds"])

    def keep(self, order: Order, seconds: float) -> None:
        """Renew a session that has so many seconds left, for as long as the run lasts."""
        self._folders.append(order.file.parent)
        threading.Thread(target=self._renew, args=(order, seconds / 2), daemon=True).start()

    def _renew(self, order: Order, pause: float) -> None:
        while not self._over.wait(pause):
            answer = order.carry_out()
            failed = answer.get("failed")
            if failed and not self._over.is_set():
                again = f"trying again in {AGAIN:.0f} s"
                self._warn(f"The credentials of the role could not be renewed, {again}. {failed}")
            pause = AGAIN if failed else answer["seconds"] / 2

    def end(self) -> None:
        """Leave no credentials. A worker has but a copy of the keeper, and ends nothing."""
        if os.getpid() != self._process:
            return
        self._over.set()
        for folder in self._folders:
            shutil.rmtree(folder, ignore_errors=True)


def task_arguments(play: Any, host: Any, task: Any) -> dict[str, Any]:
    """A task's arguments worked out anew: what the caller's credentials are in travels in no result."""
    variables = play.get_variable_manager().get_vars(play=play, host=host, task=task)
    arguments: dict[str, Any] = Templar(loader=play.get_loader(), variables=variables).template(task.args)
    return arguments


#: The keepers of this process. Workers inherit the list, and so know whether their sessions will be kept.
KEEPERS: list[Keeper] = []
