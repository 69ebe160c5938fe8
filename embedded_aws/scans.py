# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the scans of the embedded AWS find: nothing, unless somebody says so.

`POST /embedded-aws/scans` takes settings by a repository's full name, null takes them back; DELETE forgets all; GET
shows them. A setting has `findings`, each with `name`, `severity`, `package`, `version` and `fixed_in`; `looks`, after
how many of which a scan is over; and `status` and `description`, where it doesn't end well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .steering import Steering, ask, replace

PATH = "/embedded-aws/scans"
#: Settings by repository.
SETTINGS: dict[str, dict[str, Any]] = {}


def steer(port: int, settings: Mapping[str, Mapping[str, Any] | None]) -> None:
    """Ask the emulator on C(port) to find this in the images of these repositories."""
    ask(port, PATH, "POST", dict(settings))


def reset(port: int) -> None:
    """Let the emulator on C(port) find nothing again."""
    ask(port, PATH, "DELETE")


def remember(settings: Mapping[str, dict[str, Any] | None]) -> None:
    """Take settings; null takes them back."""
    replace(SETTINGS, dict(settings))


class Scans(Steering):
    """The path at which findings are set."""

    path = PATH

    def forget(self) -> None:
        SETTINGS.clear()

    def take(self, given: Any) -> None:
        remember(given)

    def show(self) -> Any:
        return SETTINGS
