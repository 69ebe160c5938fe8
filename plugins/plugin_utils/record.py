# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Collects what a run's record says, and keeps it in the state bucket."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from ansible import context
from ansible.release import __version__ as ansible_core_version

from ansible_collections.uex.payments.plugins.module_utils import _record, _summary
from ansible_collections.uex.payments.plugins.module_utils._discovery import Connect
from ansible_collections.uex.payments.plugins.module_utils._state import Store
from ansible_collections.uex.payments.plugins.plugin_utils.run import Layers, Run, layer, message

ROOT = Path(__file__).resolve().parents[2]
GIT_SECONDS = 10.0


class Recorder:
    """Notes what a callback sees; C(keep) writes the record, once."""

    def __init__(
        self,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now, self._clock = now, clock
        self._started = now()
        self._playbook = ""
        self._commit: dict[str, Any] | None = None
        self._extra_vars: list[str] = []
        self._runs: list[Run] = []
        self._layers = Layers()
        self._failure: _record.Failure | None = None
        self._result = _record.INTERRUPTED
        self._kept = ""

    def begin(self, playbook: Any) -> None:
        """The playbook begins."""
        self._started = self._now()
        self._playbook = place(Path(playbook._file_name))

    def changes(self) -> None:
        """From now on the run may change something: the commit it comes from is noted, as the tree may change too."""
        self._commit = self._commit or commit(working_tree(context.CLIARGS.get("inventory") or ()))

    def play(self, play: Any, run: Run) -> None:
        """A play begins, and C(run) collects what it does. Of extra variables only the names are noted."""
        self._runs.append(run)
        self._extra_vars = sorted(play.get_variable_manager().extra_vars)

    def task(self, task: Any) -> None:
        self._layers.enter(layer(task) or "play", self._clock())

    def fail(self, result: Any) -> None:
        """A task failed; the first one counts. Ansible has taken out what C(no_log) hides."""
        self._failure = self._failure or _record.Failure(result.task.get_name(), message(result.result))

    def end(self, stats: Any) -> None:
        """The playbook has come to its end; without that, it was interrupted."""
        self._layers.leave(self._clock())
        failed = any(getattr(stats, hosts, None) for hosts in ("failures", "dark"))
        self._result = _record.FAILED if failed else _record.OK

    def keep(self, connect: Connect, store: Store, fence: int | None = None) -> str:
        """Write the record: a line that says where, or why it could not be. Later calls say the same and write nothing.

        It raises nothing: what the run did is done, and its lock must still be released.
        """
        if not self._kept:
            self._kept = "Not recorded: interrupted while it was written"
            try:
                self._kept = f"Recorded in {self._write(connect, store, fence)}"
            except Exception as error:
                self._kept = f"Not recorded: {error}"
        return self._kept

    def identity(self, fence: int | None) -> str:
        """The run's id; of one without a lock another one each time."""
        return _record.identity(self._started, str(fence) if fence is not None else uuid.uuid4().hex[:8])

    def _write(self, connect: Connect, store: Store, fence: int | None) -> str:
        self._layers.leave(self._clock())
        run_id = self.identity(fence)
        arn = str(connect("sts").get_caller_identity()["Arn"])
        record = _record.document(run_id, self._facts(arn, fence))
        return store.write(_record.name(run_id), json.dumps(record, indent=2, default=str) + "\n")

    def _facts(self, arn: str, fence: int | None) -> _record.Facts:
        environment = self._runs[-1].environment if self._runs else ""
        pricing = self._runs[-1].pricing if self._runs else None
        actions = [action for run in self._runs if not run.check_mode for action in run.actions]
        return _record.Facts(
            started=self._started,
            ended=self._now(),
            who={"arn": arn, "user": getpass.getuser(), "host": socket.gethostname()},
            what=what(self._playbook, self._extra_vars, context.CLIARGS),
            commit=self._commit,
            versions={"collection": collection_version(), "ansible_core": ansible_core_version},
            result=self._result,
            failure=self._failure,
            layers=self._layers.seconds,
            fence=fence,
            plan=_summary.document(environment, actions, pricing),
        )


def what(playbook: str, extra_vars: list[str], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The command, without any value that it gave a variable."""
    tags = [tag for tag in arguments.get("tags") or () if tag != "all"]
    skipped = list(arguments.get("skip_tags") or ())
    limit = arguments.get("subset") or None
    return {"playbook": playbook, "tags": tags, "skip_tags": skipped, "limit": limit, "extra_vars": extra_vars}


def place(playbook: Path) -> str:
    """The playbook's path from the collection's root; of another's the path as it was given."""
    with contextlib.suppress(ValueError):
        return str(playbook.resolve().relative_to(ROOT))
    return str(playbook)


def working_tree(inventories: Any) -> Path:
    """The folder of the first inventory that is a file or a folder; else the current one."""
    found = [Path(each) for each in inventories if "," not in each and Path(each).exists()]
    first = found[0] if found else Path.cwd()
    return first if first.is_dir() else first.parent


def commit(folder: Path) -> dict[str, Any] | None:
    """The commit of a working tree; None where there is none, or no git."""
    git = shutil.which("git")
    if git is None:
        return None
    command = [git, "-C", str(folder), "status", "--porcelain=v2", "--branch"]
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    settings: Any = {"env": environment, "stdin": subprocess.DEVNULL, "capture_output": True, "text": True}
    try:
        done = subprocess.run(command, check=True, timeout=GIT_SECONDS, **settings)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    return _record.commit(done.stdout)


def collection_version() -> str:
    """The version in the manifest of an installed collection, or in a working tree's galaxy.yml."""
    manifest = ROOT / "MANIFEST.json"
    if manifest.exists():
        return str(json.loads(manifest.read_text(encoding="utf-8"))["collection_info"]["version"])
    return str(yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"])
