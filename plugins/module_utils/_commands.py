# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Programs that a module runs: a list of arguments each, never a shell."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

NOT_FOUND = 127


class Done(NamedTuple):
    """How a program ended: its exit code and what it wrote."""

    code: int
    output: str
    errors: str

    @property
    def said(self) -> str:
        """All that it wrote, what it meant for people last."""
        return f"{self.output}\n{self.errors}".strip()


#: Runs a program with a further environment.
Execute = Callable[[Sequence[str], Mapping[str, str]], Done]


class CommandFailed(Exception):
    """A program ended with an error; the message says which, and what it said."""


def executor(module: Any) -> Execute:
    """The programs of an Ansible module. One that isn't there ends with the code that a shell gives."""

    def execute(command: Sequence[str], environment: Mapping[str, str]) -> Done:
        if not shutil.which(command[0]):
            return Done(NOT_FOUND, "", f"{command[0]} is not installed")
        code, output, errors = module.run_command(
            list(command),
            environ_update={"LC_ALL": "C.UTF-8", **environment},
            expand_user_and_vars=False,
            handle_exceptions=False,
        )
        return Done(code, output, errors)

    return execute


def demanded(execute: Execute, command: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    """What a program wrote; CommandFailed with its last line if it failed."""
    done = execute(command, environment or {})
    if done.code:
        raise CommandFailed(f"{' '.join(command[:3])} failed: {last_lines(done.said, 1)}")
    return done.output.strip()


def last_lines(text: str, count: int) -> str:
    """The last lines that hold anything; pure."""
    return "\n".join([line.rstrip() for line in text.splitlines() if line.strip()][-count:])
