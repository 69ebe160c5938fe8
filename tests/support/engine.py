# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""An engine without a machine: buildah's commands on images in memory, and git at one commit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils._commands import NOT_FOUND, Done

COMMIT = "6012b0d891750a1b"
TAG = COMMIT[:12]

Pushed = Callable[[str, dict[str, Any]], None]


class Engine:
    """Runs what modules run. C(broken) contexts fail; C(pushed) gets each repository with tag and the image."""

    def __init__(self, pushed: Pushed | None = None) -> None:
        self.images: dict[str, dict[str, Any]] = {}
        self.commands: list[Sequence[str]] = []
        self.dirty = False
        self.broken: set[str] = set()
        self.pushed = pushed

    def __call__(self, command: Sequence[str], environment: Mapping[str, str]) -> Done:
        self.commands.append(command)
        if command[0] == "git":
            return Done(
                0, {"log": f"{COMMIT} 1700000000", "status": " M x" if self.dirty else ""}.get(command[3], ""), ""
            )
        if command[0] != "buildah":
            return Done(NOT_FOUND, "", f"{command[0]} is not installed")
        run: Callable[[Sequence[str]], Done] = getattr(self, f"_{command[1].strip('-')}")
        return run(command)

    def _version(self, command: Sequence[str]) -> Done:
        return Done(0, "buildah version 1.28.2", "")

    def _inspect(self, command: Sequence[str]) -> Done:
        found = self.images.get(command[-1])
        return Done(0, json.dumps(found), "") if found else Done(125, "", "image not known")

    def _build(self, command: Sequence[str]) -> Done:
        if any(command[-1].endswith(context) for context in self.broken):
            return Done(7, "STEP 1/2: FROM x\nSTEP 2/2: RUN make\n", "no compiler here")
        labels = dict(word.split("=", 1) for word in _after(command, "--label"))
        identity = hashlib.sha256(str((len(self.commands), command)).encode()).hexdigest()
        (platform,) = _after(command, "--platform")
        about = {"architecture": platform.removeprefix("linux/"), "config": {"Labels": labels}}
        self.images |= {tag: {"FromImageID": identity, "OCIv1": about} for tag in _after(command, "--tag")}
        return Done(0, "", "")

    def _push(self, command: Sequence[str]) -> Done:
        if not self.pushed:
            return Done(125, "", "403 Forbidden")
        self.pushed(command[-1].removeprefix("docker://").partition("/")[2], self.images[command[-2]])
        return Done(0, "", "")


def _after(command: Sequence[str], option: str) -> list[str]:
    """The values of an option."""
    return [command[place + 1] for place, word in enumerate(command) if word == option]
