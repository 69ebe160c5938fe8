# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs that take a lock and hold it, in processes that a test can signal."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _lock, _wait
from ansible_collections.uex.payments.tests.site import account
from ansible_collections.uex.payments.tests.site.playbook import SETTINGS, Site
from ansible_collections.uex.payments.tests.support.playbooks import ROOT

HOLD = "tests/site/hold.yml"
TABLE = "uex-payments-locks"
DEADLINE = 300.0


def lock_of(site: Site, environment: str) -> _lock.Holder | None:
    """Who holds the environment's lock, read through boto3."""
    place = _lock.Place(TABLE, f"uex-payments/{environment}")
    return _lock.holder(account.connect(site.endpoint)("dynamodb").get_item(**_lock.reading(place)).get("Item"))


def fence_of(site: Site, environment: str) -> int:
    """The number of locks that the environment has had."""
    place = _lock.Place(TABLE, f"uex-payments/{environment}")
    item = account.connect(site.endpoint)("dynamodb").get_item(**_lock.reading(place)).get("Item") or {}
    return int(item.get("fence", {"N": 0})["N"])


class Holding:
    """One run of the playbook that holds the lock of an environment."""

    def __init__(self, site: Site, environment: str, *arguments: str, callbacks: str = "", **variables: Any) -> None:
        self.site, self.environment = site, environment
        site.folder.mkdir(parents=True, exist_ok=True)
        self.until = site.folder / f"until-{time.monotonic_ns()}"
        self.log = self.until.with_suffix(".log")
        self.ended = 0.0
        self.process = self._start(arguments, variables, callbacks or "uex.payments.lifecycle")

    def _start(self, arguments: tuple[str, ...], variables: dict[str, Any], callbacks: str) -> subprocess.Popen[bytes]:
        given = {
            "embedded_aws_port": self.site.port,
            "stack_build_directory": str(self.site.folder),
            "stack_environment": self.environment,
            "hold_until": str(self.until),
            **variables,
        }
        command = [str(Path(sys.executable).with_name("ansible-playbook")), HOLD, "-i", "inventories/dev"]
        command += ["-i", "inventories/embedded", "-e", json.dumps(given), *arguments]
        settings = {**SETTINGS, "ANSIBLE_CALLBACKS_ENABLED": callbacks, "NO_COLOR": "1"}
        with self.log.open("wb") as log:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **settings},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def locked(self) -> _lock.Holder:
        """Who holds the lock once this run does."""
        found = _wait.until(
            functools.partial(lock_of, self.site, self.environment),
            lambda held: bool(held and held.pid == self.process.pid),
            "lock",
            DEADLINE,
            0.1,
        )
        if found is None:
            raise RuntimeError(self.output)
        return found

    def done(self) -> Holding:
        """Let it end."""
        self.until.touch()
        return self

    def status(self) -> int:
        """Its exit status, once it has ended."""
        status = self.process.wait(DEADLINE)
        self.ended = self.log.stat().st_mtime
        return status

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8")

    @property
    def said(self) -> str:
        """Its output as running text."""
        return " ".join(self.output.split())

    def end(self) -> None:
        """Leave nothing behind; what a killed run has started ends with the file."""
        self.until.touch()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
