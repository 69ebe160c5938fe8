# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What one-off tasks do in the embedded AWS: end with 0 at once, unless a file in the emulator's folder says otherwise.

For all families or for one it says how long a task runs, what it logs and how it ends; or which command of this machine
really runs in the container's place. It is a file, not a path of the server, as whoever may write it may run commands.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from . import launcher

EVERY = "*"
NAME = "tasks.json"
EXITED = "Essential container in task exited"
#: The file that says what tasks do; the server's is in its folder.
FILE = Path(launcher.DIRECTORY) / NAME
#: Seconds since 1970; tests put their own in its place.
clock = time.time


class Conduct(NamedTuple):
    """What a one-off task does.

    C(unavailable): Fargate has no capacity for it. C(seconds), C(lines), C(exit_code) and C(reason): how long it runs,
    what its first container logs, and how it ends; without an exit code it never ran. C(entry_point): the command that
    runs in C(directory) of this machine in place of the image's entry point, with the container's command as arguments,
    its variables and secrets as environment, and C(environment) besides; its output is the log, its exit code the
    container's.
    """

    unavailable: bool = False
    seconds: float = 0.0
    lines: tuple[str, ...] = ()
    exit_code: int | None = 0
    reason: str = EXITED
    entry_point: tuple[str, ...] = ()
    environment: Mapping[str, str] = {}
    directory: str = "/"


def conduct(family: str) -> Conduct:
    """What tasks of that family do now."""
    steered = _read(FILE)
    seconds = float(os.environ.get("EMBEDDED_AWS_TASK_SECONDS") or 0.0)
    return Conduct(**{"seconds": seconds, **steered.get(EVERY, {}), **steered.get(family, {})})


def remember(file: Path, family: str, settings: Mapping[str, Any]) -> None:
    """Write into a file what tasks of the family, or of every one, do. Raises ValueError for a setting that is none."""
    unknown = settings.keys() - set(Conduct._fields)
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))} is none of {', '.join(Conduct._fields)}")
    steered = _read(file)
    steered[family] = {**steered.get(family, {}), **settings}
    written = file.with_suffix(f".{os.getpid()}")
    written.touch(mode=0o600)
    written.write_text(json.dumps(steered), encoding="utf-8")
    written.replace(file)


def _read(file: Path) -> dict[str, dict[str, Any]]:
    try:
        found: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found


def steer(port: int, family: str = EVERY, **settings: Any) -> None:
    """Let the tasks of the emulator on C(port) do this from now on. Raises ValueError for a setting that is none."""
    remember(_file(port), family, settings)


def reset(port: int) -> None:
    """Let all tasks of the emulator on C(port) end with 0 at once again."""
    _file(port).unlink(missing_ok=True)


def _file(port: int) -> Path:
    """Raises LauncherError where no emulator answers."""
    found = launcher.status(port)
    if found is None:
        raise launcher.LauncherError(
            f"No embedded AWS answers on port {port}: start it with python -m embedded_aws start"
        )
    return Path(str(found["directory"])) / NAME


def begin(directory: Path) -> None:
    """The server's beginning: the file is in its folder, and what an earlier one was told is forgotten."""
    global FILE
    FILE = directory / NAME
    FILE.unlink(missing_ok=True)
